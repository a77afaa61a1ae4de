//! The plan: every entry's errors, and what a plan and cards come to.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qc_genesis::cards::Card;
use qc_genesis::plan::{AssemblyFault, Plan, PlanFault, PLAN_BYTES_MAX, TEMPLATE};
use qc_genesis::{Account, Summary};
use qc_harmonics::economy::{check_genesis, GenesisTotals, ShardAllocation};
use qc_harmonics::symbols::Symbols;
use qc_types::PLANCKS_PER_WHOLE;
use support::{cards, document, founder_card, plan, session, validator_card, CODE, PLAN};

fn changed(from: &str, to: &str) -> Result<Plan, PlanFault> {
    assert!(PLAN.contains(from), "{from} is in it");
    Plan::parse(PLAN.replacen(from, to, 1).as_bytes())
}

#[test]
fn the_template_is_a_plan() {
    let plan = Plan::parse(TEMPLATE.as_bytes()).expect("it is a plan");
    assert_eq!(
        (plan.founders.len(), plan.threshold, plan.symbols),
        (5, 3, Symbols::default())
    );
    assert_eq!(plan.validators, [("Validator 1".into(), 2_000 * PLANCKS_PER_WHOLE)]);
    assert_eq!(plan.accounts[0].res, 10_000 * PLANCKS_PER_WHOLE);
}

#[test]
fn an_error_names_table_and_entry_or_the_line() {
    for (from, to, expected) in [
        ("id = \"qc-test\"", "id = \"QC\"", "[chain], id: must be 1 to 32"),
        (
            "name = \"Quantum Currency Test\"",
            "name = \" x\"",
            "[chain], name: must be 1 to 64",
        ),
        ("epoch_blocks = 150", "epoch_blocks = -1", "line 5: "),
        (
            "epoch_blocks = 150",
            "epoch_blocks = 150\ntype = \"Real\"",
            "[chain], type: must be Live",
        ),
        (
            "epoch_blocks = 150",
            "epoch_block = 150",
            "line 5: unknown field `epoch_block`",
        ),
        ("[treasury]", "[treasure]", "treasure"),
        ("[founders]", "[founders", "line 7: "),
        ("threshold = 3", "threshold = 2", "[founders]: the threshold"),
        ("\"Cleo\", ", "\"Ada\", ", "[founders]: two founders are named \"Ada\""),
        (
            "name = \"Two\"",
            "name = \"One\"",
            "[[validators]] \"One\", name: two validators",
        ),
        ("name = \"Two\"", "name = \"\"", "[[validators]] \"\", name: must be"),
        (
            "stake = \"3000\"",
            "stake = \"-1\"",
            "[[validators]] \"Two\", stake: \"-1\" is no amount",
        ),
        ("stake = \"3000\"", "stake = 3000", "invalid type: integer"),
        ("account = \"0x01", "account = \"0x", "[[accounts]] number 1 (\"0x01"),
        ("account = \"0x01", "account = \"5G01", "account: \"5G01"),
        ("flx = \"5\"", "flx = \"5,0\"", "flx: \"5,0\" is no amount"),
        ("flx = \"618033988\"", "flx = \"1e9\"", "[treasury], flx:"),
        (
            "validatorsMin = 2",
            "validatorsMax = 101",
            "[symbols]: the symbol validatorsMax must be 1 to 100",
        ),
        (
            "validatorsMin = 2",
            "validatorMin = 2",
            "[symbols] validatorMin: there is no such symbol",
        ),
        (
            "validatorsMin = 2",
            "validatorsMin = -2",
            "[symbols] validatorsMin: must be an integer",
        ),
        (
            "validatorsMin = 2",
            "validatorsMin = \"02\"",
            "[symbols] validatorsMin: must be an integer",
        ),
        (
            "validatorsMin = 2",
            "validatorsMin = \"4294967296\"",
            "[symbols]: invalid value",
        ),
        ("[symbols]", "[field]\nedges = [[0, 1]]\n[symbols]", "[field], edges:"),
        ("[symbols]", "[field]\nedges = [[0, 256]]\n[symbols]", "line "),
    ] {
        let found = changed(from, to).expect_err("it is refused").to_string();
        let found = found.replace(&"01".repeat(32), "01…");
        assert!(found.contains(expected), "{to}: {found}");
    }
    assert_eq!(
        changed(
            "[[validators]]\nname = \"One\"\nstake = \"2000.5\"\n\n[[validators]]\nname = \"Two\"\nstake = \"3000\"\n",
            ""
        ),
        Err(PlanFault::NoValidators)
    );
    let twice = PLAN.replace(&"02".repeat(32), &"01".repeat(32));
    let twice = Plan::parse(twice.as_bytes()).expect_err("it is refused").to_string();
    assert!(
        twice.contains("[[accounts]] number 2") && twice.ends_with("account: it is there twice"),
        "{twice}"
    );
    assert!(matches!(Plan::parse(b"\xff"), Err(PlanFault::NotUtf8)));
    assert!(matches!(
        Plan::parse(&vec![b'#'; PLAN_BYTES_MAX + 1]),
        Err(PlanFault::TooLarge(_))
    ));
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(matches!(Plan::parse(deep.as_bytes()), Err(PlanFault::Toml { .. })));
}

fn assembled(change: impl FnOnce(&mut Plan, &mut Vec<(String, Card)>)) -> AssemblyFault {
    let (mut plan, mut cards) = (plan(), cards());
    change(&mut plan, &mut cards);
    plan.assemble(&cards, [0; 32]).expect_err("it is refused")
}

#[test]
fn cards_are_of_those_whom_the_plan_names() {
    let message = |fault: AssemblyFault| fault.to_string();
    assert_eq!(
        message(assembled(|_, cards| drop(cards.pop()))),
        "there is no card of the founder \"007\""
    );
    assert_eq!(
        message(assembled(|_, cards| drop(cards.remove(0)))),
        "there is no card of the validator \"One\""
    );
    assert_eq!(
        message(assembled(
            |_, cards| cards.push(("again".into(), Card::Founder(founder_card(0))))
        )),
        "founder 0 and again are both cards of the founder \"Ada\""
    );
    assert_eq!(
        message(assembled(|plan, _| plan.founders.truncate(4))),
        "founder 4 is the card of the founder \"007\", whom the plan does not name"
    );
    assert_eq!(
        message(assembled(|plan, _| plan.validators.truncate(1))),
        "validator 1 is the card of the validator \"Two\", whom the plan does not name"
    );
}

#[test]
fn what_does_not_add_up_is_named() {
    let too_little = assembled(|plan, _| plan.accounts[1].atr -= 1).to_string();
    assert!(
        too_little.contains("stakes 3,000 ATR") && too_little.contains("but gives 3,000"),
        "{too_little}"
    );
    assert!(matches!(
        assembled(|plan, _| plan.accounts[0].chr = u128::MAX),
        AssemblyFault::Allocation(_)
    ));
    assert!(matches!(
        assembled(|plan, _| plan.treasury_flx = u128::MAX),
        AssemblyFault::Allocation(_)
    ));
    let stake = |plan: &mut Plan| {
        plan.validators[0].1 = 60_000 * PLANCKS_PER_WHOLE;
    };
    let fault = assembled(|plan, _| stake(plan)).to_string();
    assert!(fault.contains("ATR: the accounts of shard"), "{fault}");
    let treasury = Account(qc_types::protocol_account(qc_types::TREASURY_ID));
    assert_eq!(
        assembled(|plan, _| plan.accounts[2].account = treasury),
        AssemblyFault::ProtocolAccount(treasury)
    );
    // One key with two owners, or a founder's as a validator's: whoever signs could not be told from the other.
    let same = assembled(|_, cards| {
        let mut card = validator_card(1);
        card.seal_key = validator_card(0).seal_key;
        cards.retain(|(file, _)| file != "validator 1");
        cards.push(("validator 1".into(), Card::Validator(Box::new(card))));
    });
    assert!(same.to_string().contains("has the key"), "{same}");
    let founders = assembled(|_, cards| {
        let mut card = validator_card(1);
        card.seal_key = founder_card(2).public_key;
        cards.retain(|(file, _)| file != "validator 1");
        cards.push(("validator 1".into(), Card::Validator(Box::new(card))));
    });
    assert!(founders.to_string().contains("the founder \"Cleo\"'s"), "{founders}");
    let twice = assembled(|plan, cards| {
        let mut card = validator_card(1);
        card.session = session(0, [1; 32]);
        plan.accounts[0].atr *= 2;
        cards.retain(|(file, _)| file != "validator 1");
        cards.push(("validator 1".into(), Card::Validator(Box::new(card))));
    });
    assert!(twice.to_string().contains("twice"), "{twice}");
}

/// The constraints of section 12, by the checker that the runtime has too.
#[test]
fn a_genesis_adds_up_to_the_planck() {
    let summary = Summary::of(&document(), Some(CODE));
    let totals = GenesisTotals {
        shards: summary
            .shards
            .iter()
            .map(|shard| ShardAllocation {
                flx: shard.total[0],
                chr: shard.total[1],
                staked_atr: shard.staked + shard.anchor,
            })
            .collect(),
        treasury_flx: summary.treasury[0],
        existential_deposit: 10_000_000_000,
        epoch_blocks: summary.epoch_blocks,
    };
    assert_eq!(check_genesis(&totals), Ok(()));
    let changed: Vec<_> = summary.symbols.iter().filter(|one| one.value != one.default).collect();
    let names: Vec<_> = changed
        .iter()
        .map(|one| (one.name.as_str(), one.value.as_str()))
        .collect();
    assert_eq!(names, [("kappa", "90000000000000000"), ("validatorsMin", "2")]);
}

/// Every number of the plan, and every key, is in the summary for people.
#[test]
fn the_summary_shows_every_number() {
    let document = document();
    let summary = Summary::of(&document, Some(CODE));
    let text = summary.to_text(false);
    let shown = [
        document.hash().to_string(),
        "Quantum Currency Test".into(),
        "qc-test, qc-test".into(),
        "Live".into(),
        format!("0x{}", hex::encode(document.code_sha256())),
        format!("0x{}", hex::encode(summary.code_blake2.expect("it is its code"))),
        "150 blocks".into(),
        "3 of 5".into(),
        "Ben é".into(),
        "stakes 2,000.5 ATR".into(),
        "stakes 3,000 ATR".into(),
        Account([3; 32]).to_string(),
        "1,000,000.000000000001 FLX, 100,000 CHR, 200,000 ATR, 7 RES".into(),
        "12 PSY".into(),
        "618,033,988".into(),
        "10,000,000,000".into(),
        "6,180,339,887".into(),
        "0–1, 0–4, 1–2, 2–3, 3–4".into(),
        "kappa = 90,000,000,000,000,000    (the protocol's table has 80,000,000,000,000,000)".into(),
        "validatorsMin = 2".into(),
    ];
    for expected in shown {
        assert!(text.contains(&expected), "{expected} is missing in\n{text}");
    }
    for place in 0..2 {
        let session = session(place, [place + 1; 32]);
        assert!(text.contains(&Account(session.aura).hex()) && text.contains(&Account(session.grandpa).hex()));
    }
    assert!(!text.contains("tauEpochs") && summary.to_text(true).contains("tauEpochs = 50"));
    assert!(summary.to_text(true).contains("1000000000000000000"));
    // Another blob is not shown as this genesis' code.
    assert_eq!(Summary::of(&document, Some(b"other")).code_blake2, None);
    let json = summary.to_json();
    let stake = json
        .get("validators")
        .map(|json| json.to_canonical())
        .unwrap_or_default();
    assert!(stake.contains("\"stake\":\"2000500000000000\""), "{stake}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_mutated_plan_is_read_or_refused(at: prop::sample::Index, byte: u8) {
        let mut bytes = PLAN.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(plan) = Plan::parse(&bytes) {
            let _ = plan.assemble(&cards(), [0; 32]);
        }
    }
}
