//! The plan: every entry's errors, and what a plan and cards come to.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qc_genesis::cards::{key_text, Card};
use qc_genesis::json::Json;
use qc_genesis::plan::{AssemblyFault, Plan, PlanFault, PLAN_BYTES_MAX, TEMPLATE};
use qc_genesis::{amount, Account, Document, Summary};
use qc_harmonics::economy::{check_genesis, GenesisTotals, ShardAllocation};
use qc_harmonics::symbols::Symbols;
use qc_pqc::{derive::development_seed, KeyId, PublicKey, SecretKey};
use qc_types::{protocol_account, protocol_account_of_shard, ShardId, COMMONS_ID, PLANCKS_PER_WHOLE, TREASURY_ID};
use std::collections::BTreeSet;
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
        (
            "name = \"Quantum Currency Test\"",
            "name = \"Quantum \u{202e}Currency\"",
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
            "name = \"Two\"",
            "name = \"T\u{200b}wo\"",
            "[[validators]] \"T\\u{200b}wo\", name: must be",
        ),
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
    let treasury = Account(protocol_account(TREASURY_ID));
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

/// Every number, account, key and name of a config, each with where it stands.
fn leaves(json: &Json, at: &str, found: &mut Vec<(String, Json)>) {
    match json {
        Json::Object(members) => members
            .iter()
            .for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found)),
        Json::Array(items) => items.iter().for_each(|value| leaves(value, at, found)),
        Json::Number(_) | Json::String(_) => found.push((at.to_owned(), json.clone())),
        Json::Null | Json::Bool(_) => {}
    }
}

/// As which words a summary may show it.
fn shown_as(leaf: &Json) -> Vec<String> {
    let protocols = |account: &Account| {
        let pots = (0..5).map(|shard| protocol_account_of_shard(COMMONS_ID, ShardId(shard)));
        pots.chain([protocol_account(TREASURY_ID)]).any(|own| own == account.0)
    };
    match leaf {
        Json::Number(digits) => vec![
            amount::grouped(digits),
            amount::format(digits.parse().expect("a number")),
        ],
        Json::String(text) => match (Account::parse_in_genesis(text), text.parse::<PublicKey>()) {
            // What these have is in the rows of their shard and of the treasury.
            (Ok(account), _) if protocols(&account) => vec!["treasury".into()],
            (Ok(account), _) => vec![account.to_string(), account.hex()],
            (_, Ok(key)) => vec![KeyId::of(&key).to_string()],
            _ => vec![text.clone()],
        },
        other => panic!("no leaf: {other:?}"),
    }
}

/// Whoever signs sees everything that is signed.
#[test]
fn the_summary_shows_everything_of_the_config() {
    let document = document();
    let summary = Summary::of(&document, Some(CODE));
    let text = summary.to_text();
    let (fixed, mut found) = (summary.fixed.to_canonical(), Vec::new());
    leaves(&document.config_json(), "", &mut found);
    assert!(text.contains(&fixed) && found.len() > 200, "{}", found.len());
    let words: BTreeSet<_> = text
        .split([' ', '\n', '–'])
        .map(|word| word.trim_matches([',', ':', ';', '(', ')']))
        .collect();
    for (at, leaf) in found {
        let table = at.split('/').nth(1).expect("a table");
        // Those stand there as they are.
        let verbatim = ["/assets/assets", "/assets/metadata"].contains(&at.as_str());
        if verbatim || fixed.contains(&format!("\"{table}\":")) {
            continue;
        }
        // The asset of an amount, a stake's shard, what a key may do, a name of several words.
        let is_there = |shown: &String| words.contains(shown.as_str()) || text.contains(&format!("  {shown}\n"));
        assert!(
            shown_as(&leaf).iter().any(is_there),
            "{at}: {leaf:?} is missing in\n{text}"
        );
    }
}

#[test]
fn the_summary_is_for_people() {
    let document = document();
    let summary = Summary::of(&document, Some(CODE));
    let text = summary.to_text();
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
    assert!(text.contains("tauEpochs = 50") && !text.contains("known to everybody"));
    // Another blob is not shown as this genesis' code.
    assert_eq!(Summary::of(&document, Some(b"other")).code_blake2, None);
    let json = summary.to_json();
    let stake = json
        .get("validators")
        .map(|json| json.to_canonical())
        .unwrap_or_default();
    assert!(stake.contains("\"stake\":\"2000500000000000\""), "{stake}");
}

/// Of a network for trying out: the document of a real one has none.
#[test]
fn the_summary_marks_what_everybody_knows() {
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let key = |name: &str| key_text(SecretKey::from_seed(&development_seed(name)).public());
    let text = document().to_canonical().replacen("\"Live\"", "\"Local\"", 1);
    let text = text.replace(&Account([3; 32]).in_genesis(), alice);
    let text = text.replace(&key_text(support::seal_key(1).public()), &key("Bob"));
    let text = text.replace(&key_text(support::founder_key(0).public()), &key("Founder 1"));
    let summary = Summary::of(&Document::parse(text.as_bytes()).expect("it is a document"), None);
    let known = ["//Alice (sr25519)", "Bob (ML-DSA-87)", "Founder 1 (ML-DSA-87)"];
    assert_eq!(summary.known, known.map(String::from).into());
    let shown = summary.to_text();
    let marked: Vec<_> = shown
        .lines()
        .filter(|line| line.contains("known to everybody"))
        .collect();
    assert_eq!(marked.len(), 3, "{shown}");
    for (line, (place, name)) in marked
        .iter()
        .zip([("Ada", known[2]), ("SEAL key", known[1]), ("12 PSY", known[0])])
    {
        assert!(line.contains(place) && line.ends_with(name), "{line}");
    }
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
