//! `qc field`, `qc coherence` and `qc validator` without a node: what is refused before anything is asked.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use support::Qc;

fn qc() -> Qc {
    Qc::on("ws://127.0.0.1:1".into())
}

#[test]
fn what_cannot_be_is_refused_before_a_node_is_asked() {
    let qc = qc();
    for (args, code) in [
        (&["field", "--history", "0"][..], "usage"),
        (&["field", "--history", "101"], "usage"),
        (&["coherence", "--history", "2017"], "usage"),
        (&["coherence", "--count", "3"], "usage"),
        (&["coherence", "--watch", "--best"], "usage"),
        (&["validator", "enrol", "1000"], "usage"),
        (
            &["validator", "enrol", "1,000", "--account", "alice"],
            "amount_malformed",
        ),
        (&["validator", "bond-extra", "0", "--account", "alice"], "amount_zero"),
        (&["validator", "unbond", "-1", "--account", "alice"], "amount_negative"),
        (&["validator", "boost", "0", "--account", "alice"], "amount_zero"),
    ] {
        assert_eq!(qc.refused(args, 2)["code"], code, "{args:?}");
    }
    for args in [
        &["validator", "status", "nobody"][..],
        &["validator", "leave", "--account", "nobody"],
    ] {
        assert_eq!(qc.refused(args, 4)["code"], "account_not_found", "{args:?}");
    }
    // An address alone signs nothing.
    let address = qc.ok(&["account", "export-address", "alice"]).trim().to_owned();
    let leave = ["validator", "leave", "--account", &address];
    assert_eq!(qc.refused(&leave, 4)["code"], "no_key");
}

/// Session keys are made by a node; one elsewhere is not asked by mistake.
#[test]
fn a_node_elsewhere_is_not_asked_for_session_keys() {
    let qc = Qc::on("ws://validator.example.org:9944".into());
    let error = qc.refused(&["validator", "keys", "--account", "alice"], 2);
    assert_eq!(error["code"], "node_not_local");
    assert!(
        error["hint"].as_str().is_some_and(|hint| hint.contains("--yes")),
        "{error}"
    );
    let here = self::qc().refused(&["validator", "keys", "--account", "alice"], 3);
    assert_eq!(here["code"], "connection_refused");
}

#[test]
fn help_teaches() {
    let qc = qc();
    for (args, parts) in [
        (&["field", "--help"][..], &["gradient", "qc field --history"][..]),
        (&["coherence", "--help"], &["Ψ*", "0.97", "--watch"]),
        (&["validator", "--help"], &["--can SEAL", "qc validator enrol"]),
        (
            &["validator", "keys", "--help"],
            &["author_rotateKeysWithOwner", "--rotate"],
        ),
        (&["validator", "status", "--help"], &["conformity", "grace"]),
    ] {
        let help = qc.ok(args);
        for part in parts {
            assert!(help.contains(part), "{part} in {help}");
        }
    }
}
