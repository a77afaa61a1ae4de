//! `qc field`, `qc coherence` and `qc validator` against a running node, as `live_node.rs`. What is read here is only read; what
//! a validator does is tried by one test from its first step to its last, for the set has one validator, and a second one whose
//! node votes for the first alone would stop finality.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use serde_json::{json, Value};
use std::time::{Duration, Instant};
use support::keys::{done, new_key, plancks, refused};
use support::{node_url, Qc};

/// How long an epoch of the development chain may take, twice.
const TWO_EPOCHS: Duration = Duration::from_secs(90);

/// Asks until the answer is right.
fn wait_for(qc: &Qc, args: &[&str], what: &str, is_right: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + TWO_EPOCHS;
    loop {
        let ran = qc.run(&[&["--json"], args].concat());
        let found: Value = serde_json::from_str(&ran.out).unwrap_or_default();
        if ran.code == Some(0) && is_right(&found) {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: {found} {}", ran.err);
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// A number between 0 and 1, written out, as a count of millionths: no floating point here either.
fn millionths(value: &Value) -> u64 {
    let text = value.as_str().unwrap_or_else(|| panic!("no number: {value}"));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = format!("{fraction:0<6}").chars().take(6).collect();
    whole.parse::<u64>().unwrap() * 1_000_000 + fraction.parse::<u64>().unwrap()
}

#[test]
fn the_field_is_shown() {
    let qc = Qc::on(node_url());
    let field = wait_for(&qc, &["field"], "an epoch closes", |field| field["epoch"].is_u64());
    assert_eq!(field["shards"].as_array().map(Vec::len), Some(5));
    assert_eq!(field["edges"].as_array().map(Vec::len), Some(5), "the ring of five");
    assert_eq!(field["cycles"].as_array().map(Vec::len), Some(1));
    // The gradients are those of the densities that are shown.
    let psi = |shard: &Value| millionths(&field["shards"][shard.as_u64().unwrap() as usize]["psi"]);
    for edge in field["edges"].as_array().unwrap() {
        let gradient = edge["gradient"].as_str().unwrap();
        let (low, high) = (psi(&edge["from"]), psi(&edge["to"]));
        let size = millionths(&json!(gradient.trim_start_matches('-')));
        assert!(size.abs_diff(high.abs_diff(low)) <= 1, "{edge}");
        assert_eq!(gradient.starts_with('-'), high < low, "{edge}");
    }
    assert!(field["shards"]
        .as_array()
        .unwrap()
        .iter()
        .all(|shard| shard["flowFromGround"]["plancks"].is_string()));
    let text = qc.ok(&["field"]);
    for part in ["shard 0", "0-1", "alignment", "staked ATR"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let past = qc.json(&["field", "--history", "3"]);
    let last = past["epochs"].as_array().unwrap().last().unwrap().clone();
    assert!(last["epoch"].as_u64() >= field["epoch"].as_u64());
    assert_eq!(last["psi"].as_array().map(Vec::len), Some(5));
}

#[test]
fn coherence_is_shown_and_followed() {
    let qc = Qc::on(node_url());
    // Watching waits for the first epoch, prints each once, and ends when it has enough.
    let lines = qc.run(&["--json", "coherence", "--watch", "--count", "2"]).expect(0).0;
    let epochs: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(epochs.len(), 2);
    let number = |epoch: &Value| epoch["epoch"].as_u64().unwrap();
    assert_eq!(number(&epochs[1]), number(&epochs[0]) + 1, "no gap, nothing twice");

    let now = qc.json(&["coherence"]);
    assert!(number(&now) >= number(&epochs[1]));
    for name in ["coherence", "resonance", "core", "entropy"] {
        assert!(millionths(&now[name]) <= 1_000_000, "{name} in {now}");
    }
    assert_eq!(
        (&now["caf"], &now["resonance"]),
        (&json!("1"), &json!("1")),
        "one validator, no memory"
    );
    assert_eq!(now["incidents"], json!([]));
    let text = qc.ok(&["coherence"]);
    for part in ["Ĉ", "entropy rate", "target 0.97", "ΨSync", "no open incidents"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // The epoch before the last has its own line in history, with what was watched.
    let history = qc.json(&["coherence", "--history", "10"]);
    let found = history["epochs"].as_array().unwrap().iter();
    let same = found.clone().find(|epoch| number(epoch) == number(&epochs[0])).unwrap();
    assert_eq!(same["coherence"], epochs[0]["coherence"]);
    assert!(found
        .clone()
        .all(|epoch| epoch["sync"].is_null() || number(&epoch["sync"]) + 1 == number(epoch)));

    // Ctrl-C ends it without an error.
    let (out, _) = qc
        .start(&["coherence", "--watch"])
        .interrupt_after(Duration::from_secs(3))
        .expect(0);
    assert!(
        out.lines().next().is_some_and(|line| line.contains("Ψ* before")),
        "{out}"
    );
}

/// The whole way of a validator, on one chain: what is missing is said first, each step is shown afterwards.
#[test]
fn a_validator_comes_and_goes() {
    let qc = Qc::on(node_url());
    let status = |who: &str| qc.json(&["validator", "status", who, "--best"]);

    // The set of the development chain is Alice; her node has her session keys, so there is nothing to make.
    let set = qc.json(&["validator", "status"]);
    assert_eq!(set["validators"].as_array().map(Vec::len), Some(1));
    let alice = status("alice");
    assert_eq!(
        (&alice["inSet"], &alice["candidate"]["status"]),
        (&json!(true), &json!("seeking"))
    );
    assert_eq!(alice["sealKeys"].as_array().map(Vec::len), Some(1));
    let keys = qc.json(&["validator", "keys", "--account", "alice"]);
    assert_eq!(
        (&keys["status"], &keys["remains"]["sessionKeys"]),
        (&json!("unchanged"), &json!(true))
    );
    assert!(qc.ok(&["validator", "status", "alice"]).contains("in the set"));
    let stranger = qc.fresh_account("stranger");
    assert_eq!(
        qc.refused(&["validator", "status", &stranger], 2)["code"],
        "no_validator"
    );

    // Alice stakes more, then less of it, and boosts.
    let stake = plancks(&alice["candidate"]["stake"]);
    done(&qc, &["validator", "bond-extra", "100", "--account", "alice"]);
    assert_eq!(
        plancks(&status("alice")["candidate"]["stake"]),
        stake + 100_000_000_000_000
    );
    done(&qc, &["validator", "unbond", "40", "--account", "alice"]);
    let now = status("alice");
    assert_eq!(plancks(&now["candidate"]["stake"]), stake + 60_000_000_000_000);
    assert_eq!(plancks(&now["unbonding"][0]["amount"]), 40_000_000_000_000);
    assert_eq!(
        refused(&qc, &["validator", "withdraw", "--account", "alice"]),
        "Attunement::NothingUnbonded"
    );
    done(&qc, &["validator", "boost", "100", "--account", "alice"]);
    assert_eq!(status("alice")["boost"]["level"], "0.1");

    // A key that may not VALIDATE may not stake; one that may, may.
    new_key(&qc, "poor");
    done(
        &qc,
        &[
            "key",
            "register",
            "--account",
            "eve",
            "--key",
            "poor",
            "--can",
            "TRANSFER",
        ],
    );
    let leave = ["validator", "leave", "--by-key", "poor"];
    assert_eq!(refused(&qc, &leave), "capability_missing");
    new_key(&qc, "rich");
    done(
        &qc,
        &[
            "key",
            "register",
            "--account",
            "eve",
            "--key",
            "rich",
            "--can",
            "VALIDATE",
        ],
    );
    let leave = ["validator", "leave", "--by-key", "rich"];
    assert_eq!(refused(&qc, &leave), "Attunement::NotCandidate");

    // Bob has no session keys, then gets some from the node.
    let enrol = ["validator", "enrol", "1500", "--account", "bob"];
    assert_eq!(refused(&qc, &enrol), "Attunement::SessionKeysMissing");
    let made = done(&qc, &["validator", "keys", "--account", "bob"]);
    assert_eq!(made["sessionKeys"].as_str().map(str::len), Some(2 + 2 * 64));
    assert_eq!(status("bob")["sessionKeys"], made["sessionKeys"]);
    let again = qc.json(&["validator", "keys", "--account", "bob"]);
    assert_eq!(again["status"], "unchanged");
    assert_eq!(
        (
            &again["remains"]["sessionKeys"],
            &again["remains"]["sealKey"],
            &again["remains"]["stake"]
        ),
        (&json!(true), &json!(false), &json!(false))
    );
    let few = ["validator", "enrol", "1", "--account", "bob"];
    assert_eq!(refused(&qc, &few), "Attunement::StakeBelowMinimum");

    // He comes and goes within one epoch, so that he is never chosen; at its end his stake unbonds.
    let epoch = |set: &Value| set["epoch"].as_u64();
    let set = ["validator", "status", "--best"];
    let before = epoch(&qc.json(&set));
    wait_for(&qc, &set, "an epoch begins", |now| epoch(now) > before);
    done(&qc, &enrol);
    done(&qc, &["validator", "leave", "--account", "bob"]);
    let gone = wait_for(&qc, &["validator", "status", "bob", "--best"], "bob is gone", |bob| {
        bob["candidate"].is_null()
    });
    assert_eq!(plancks(&gone["unbonding"][0]["amount"]), 1_500_000_000_000_000);
    assert_eq!((&gone["inSet"], &gone["inNextSet"]), (&json!(false), &json!(false)));
}

/// Every call of validators that `qc` knows by its bytes alone is what the node's metadata call it (`tx prepare` compares).
#[test]
fn the_calls_of_validators_are_those_of_the_chain() {
    let qc = Qc::on(node_url());
    let id = new_key(&qc, "prepared");
    done(
        &qc,
        &[
            "key",
            "register",
            "--account",
            "//Dave//stash",
            "--key",
            "prepared",
            "--can",
            "all",
        ],
    );
    let amount = "01".to_owned() + &"00".repeat(15);
    for (bytes, name) in [
        (format!("0x0e00{amount}"), "Attunement.enrol_validator"),
        (format!("0x0e01{amount}"), "Attunement.bond_extra"),
        (format!("0x0e02{amount}"), "Attunement.unbond"),
        ("0x0e03".into(), "Attunement.withdraw"),
        ("0x0e04".into(), "Attunement.leave"),
        (format!("0x0e07{amount}"), "Attunement.boost"),
        (format!("0x1600{}08abcd", "07".repeat(64)), "Session.set_keys"),
    ] {
        let prepared = qc.json(&["tx", "prepare", "call", &bytes, "--by-key", &id]);
        assert_eq!(prepared["does"][0], format!("call      {name}"));
    }
}
