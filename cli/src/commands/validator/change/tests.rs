use super::*;
use crate::ss58::Account;
use crate::testing::field::{chain, run, AT, VALIDATOR};

const ATR: u128 = 1_000_000_000_000;

/// One against whom nothing speaks: a candidate with 1500 ATR of at least 1000, with keys.
fn sheet() -> Sheet {
    let dir = tempfile::tempdir().unwrap();
    let keystore = Keystore::new(Some(dir.path().join("accounts"))).unwrap();
    let party = Party::resolve(&Account(VALIDATOR).hex(), &keystore).unwrap();
    let mut sheet = run(Sheet::ask(&chain(), &party, AT)).unwrap();
    sheet.blacklisting = None;
    sheet
}

fn holding(token: TokenId, transferable: u128) -> Holding {
    Holding {
        token,
        free: transferable,
        held: 0,
        transferable,
    }
}

fn said(staking: &Staking, sheet: &Sheet, there: u128) -> Vec<String> {
    warnings(staking, sheet, &holding(staking.token(), there))
}

/// Each thing that the chain would refuse is said before a fee is paid for it, and nothing else is.
#[test]
fn what_the_chain_would_refuse_is_said_first() {
    let candidate = sheet();
    let mut newcomer = sheet();
    newcomer.view = None;
    for (staking, sheet) in [
        (Staking::Enrol(1_000 * ATR), &newcomer),
        (Staking::BondExtra(ATR), &candidate),
        (Staking::Unbond(500 * ATR), &candidate),
        (Staking::Withdraw, &candidate),
        (Staking::Leave, &candidate),
        (Staking::Boost(1_000 * ATR), &candidate),
    ] {
        assert_eq!(said(&staking, sheet, 1_000 * ATR), Vec::<String>::new(), "{staking:?}");
    }
    for (staking, sheet, there, part) in [
        (
            Staking::Enrol(1_000 * ATR - 1),
            &newcomer,
            1_000 * ATR,
            "the least stake is 1000 ATR",
        ),
        (Staking::Enrol(1_000 * ATR), &newcomer, 999 * ATR, "has 999 ATR"),
        (Staking::Enrol(ATR), &candidate, ATR, "candidate already"),
        (Staking::BondExtra(2 * ATR), &candidate, ATR, "has 1 ATR"),
        (Staking::BondExtra(ATR), &newcomer, ATR, "no candidate"),
        (Staking::Unbond(ATR), &newcomer, 0, "no candidate"),
        (
            Staking::Unbond(500 * ATR + 1),
            &candidate,
            0,
            "less than 1000 ATR would be left",
        ),
        (Staking::Unbond(1_501 * ATR), &candidate, 0, "only 1500 ATR is staked"),
        (Staking::Leave, &newcomer, 0, "no candidate"),
        (
            Staking::Boost(1_000 * ATR + 1),
            &candidate,
            2_000 * ATR,
            "a full boost takes 1000 PSY",
        ),
        (Staking::Boost(ATR), &candidate, 0, "has 0 PSY"),
    ] {
        let warnings = said(&staking, sheet, there);
        assert_eq!(warnings.len(), 1, "{staking:?}: {warnings:?}");
        assert!(warnings[0].contains(part), "{part:?} in {warnings:?}");
        assert!(warnings[0].contains("keep the fee"));
    }
}

#[test]
fn who_is_on_the_way_out_is_told() {
    let with = |status| {
        let mut sheet = sheet();
        sheet.view.as_mut().unwrap().status = status;
        sheet
    };
    let leaving = with(CandidateStatus::Leaving);
    assert!(said(&Staking::Leave, &leaving, 0)[0].contains("leaving already"));
    assert!(said(&Staking::BondExtra(ATR), &leaving, ATR)[0].contains("leaving already"));
    // Who comes back after leaving need not stake more.
    assert_eq!(said(&Staking::Enrol(0), &leaving, 0), Vec::<String>::new());
    assert!(said(&Staking::Enrol(0), &with(CandidateStatus::Barred), 0)[0].contains("way out"));
    let mut removed = with(CandidateStatus::Removed);
    assert!(said(&Staking::Enrol(0), &removed, 0)[0].contains("way out"));
    (removed.in_set, removed.in_next_set) = (false, false);
    assert_eq!(said(&Staking::Enrol(0), &removed, 0), Vec::<String>::new());
    removed.blacklisting = run(chain().blacklisting(Account(VALIDATOR), AT)).unwrap();
    assert!(said(&Staking::Enrol(0), &removed, 0)[0].contains("blacklisted"));
}

#[test]
fn what_is_missing_to_validate_is_told() {
    let mut newcomer = sheet();
    newcomer.view = None;
    newcomer.session_keys = None;
    newcomer.seal_keys.clear();
    let warnings = said(&Staking::Enrol(1_000 * ATR), &newcomer, 1_000 * ATR);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("qc validator keys") && warnings[0].contains("refuse"));
    assert!(
        warnings[1].contains("SEAL") && !warnings[1].contains("refuse"),
        "the chain takes it nevertheless"
    );
}

#[test]
fn a_full_queue_and_an_empty_one_are_told() {
    let mut sheet = sheet();
    let one = sheet.unbondings[1];
    sheet.unbondings = vec![one; UNBONDINGS_MAX];
    assert!(said(&Staking::Unbond(ATR), &sheet, 0)[0].contains("8 parts"));
    assert!(said(&Staking::Withdraw, &sheet, 0)[0].contains("nothing has unbonded yet"));
    sheet.tick = one.due;
    assert_eq!(said(&Staking::Withdraw, &sheet, 0), Vec::<String>::new(), "due is due");
}

#[test]
fn what_it_comes_to_is_told_before_and_after() {
    let sheet = sheet();
    let before = |staking: &Staking| told(staking, &sheet).join("\n");
    assert!(before(&Staking::BondExtra(ATR)).contains("in all  1501 ATR"));
    let unbond = before(&Staking::Unbond(ATR));
    assert!(
        unbond.contains("after 288 epochs") && unbond.contains("leaves  1499 ATR"),
        "{unbond}"
    );
    assert!(before(&Staking::Withdraw).contains("200 ATR"));
    assert!(before(&Staking::Leave).contains("1500 ATR"));
    assert!(before(&Staking::Boost(ATR)).contains("1 PSY, for ever"));
    let left = remains(&Staking::Leave, &sheet).unwrap_or_default();
    assert!(
        left.contains("running until qc validator status") && left.contains("288 epochs later qc validator withdraw"),
        "{left}"
    );
    assert_eq!(remains(&Staking::Unbond(ATR), &sheet), None);
    assert_eq!(deed(&Staking::Unbond(ATR), &sheet), "1 ATR began to unbond");
    let json = machine(&Staking::Withdraw, &sheet);
    assert_eq!(
        (&json["call"], &json["amount"]["amount"]),
        (&json!("Attunement.withdraw"), &json!("200"))
    );
    assert_eq!(machine(&Staking::Leave, &sheet)["amount"], Value::Null);
}
