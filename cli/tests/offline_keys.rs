//! `qc key` and the steps of `qc tx` without a node.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use serde_json::{json, Value};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use support::Qc;

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const OWNER: &str = "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB";

fn qc() -> Qc {
    Qc::on("ws://127.0.0.1:1".into())
}

/// A key of known words.
fn import(qc: &Qc, name: &str, index: &str) -> Value {
    let (words, password) = (qc.secret_file("words", WORDS), qc.password_file());
    qc.json(&[
        "key",
        "import",
        name,
        "--index",
        index,
        "--mnemonic-file",
        &words,
        "--password-file",
        &password,
    ])
}

#[test]
fn a_key_lives_and_ends() {
    let qc = qc();
    assert_eq!(qc.json(&["key", "list"])["keys"], json!([]));
    let password = qc.password_file();
    let new = ["key", "new", "vault", "--no-backup-check", "--password-file", &password];
    let made = qc.json(&new);
    assert_eq!(
        made["mnemonic"].as_str().map(|words| words.split(' ').count()),
        Some(24)
    );
    let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(made["file"].as_str().unwrap()), 0o600);
    assert_eq!(qc.refused(&new, 4)["code"], "key_exists");
    assert!(qc.ok(&["key", "list"]).contains(made["id"].as_str().unwrap()));
    assert_eq!(
        qc.json(&["account", "list"])["accounts"],
        json!([]),
        "a key is no account"
    );

    // The mnemonic brings the key back; each index is another key.
    let words = qc.secret_file("words", made["mnemonic"].as_str().unwrap());
    let back = |name, index| {
        let args = [
            "key",
            "import",
            name,
            "--index",
            index,
            "--mnemonic-file",
            &words,
            "--password-file",
            &password,
        ];
        qc.json(&args)["id"].clone()
    };
    assert_eq!(back("back", "0"), made["id"]);
    assert_ne!(back("next", "1"), made["id"]);

    // Without a node, the file is all that there is to show, and that is said.
    let (out, err) = qc.run(&["key", "show", "vault"]).expect(0);
    assert!(out.contains("vault.key (encrypted), index 0"), "{out}");
    assert!(err.contains("the key ledger was not asked"), "{err}");
    assert_eq!(qc.json(&["key", "show", "vault", "--offline"])["ledger"], Value::Null);
    let by_id = qc.json(&["key", "show", made["id"].as_str().unwrap(), "--offline"]);
    assert!(["vault", "back"].contains(&by_id["name"].as_str().unwrap()), "{by_id}");

    assert_eq!(qc.refused(&["key", "remove", "vault"], 2)["code"], "not_confirmed");
    qc.json(&["key", "remove", "vault", "--yes"]);
    assert_eq!(qc.refused(&["key", "show", "vault"], 4)["code"], "key_not_found");
    assert_eq!(qc.refused(&["key", "show", "0x12"], 2)["code"], "bad_key_id");
}

#[test]
fn nonsense_is_told_before_anything_is_connected_to() {
    let qc = qc();
    import(&qc, "vault", "0");
    let unknown = format!("0x{}", "11".repeat(32));
    assert_eq!(qc.refused(&["key", "new", "spare"], 2)["code"], "no_backup_check");
    let register = |key, can| ["key", "register", "--account", "alice", "--key", key, "--can", can];
    assert_eq!(qc.refused(&register("nobody", "MANAGE"), 4)["code"], "key_not_found");
    assert_eq!(qc.refused(&register("vault", "SUDO"), 2)["code"], "usage");
    assert_eq!(
        qc.refused(&["key", "register", "--key", "vault", "--can", "all"], 2)["code"],
        "usage"
    );
    let by_unknown = ["transfer", "--by-key", &unknown, "--to", "bob", "--amount", "1"];
    assert_eq!(qc.refused(&by_unknown, 4)["code"], "no_key");
    assert_eq!(
        qc.refused(&["transfer", "--to", "bob", "--amount", "1"], 2)["code"],
        "usage"
    );
    assert_eq!(qc.refused(&["key", "rotate", "--from", "vault"], 2)["code"], "usage");
    assert_eq!(
        qc.refused(&["tx", "prepare", "call", "--by-key", "vault", "12"], 2)["code"],
        "bad_call"
    );
    // Options that every command has stand anywhere, and a hash beside a step is no step.
    let anywhere = ["tx", "--json", "sign", "/nonexistent", "--by-key", "vault"];
    assert_eq!(qc.refused(&anywhere, 2)["code"], "file_unreadable");
    let both = ["tx", "0x12", "sign", "/nonexistent", "--by-key", "vault"];
    assert_eq!(qc.refused(&both, 2)["code"], "usage");
    assert_eq!(
        qc.refused(&["tx", "sign", "/nonexistent", "--by-key", "vault"], 2)["code"],
        "file_unreadable"
    );
    // And where a node is needed, it is missed.
    assert_eq!(
        qc.refused(&register("vault", "MANAGE"), 3)["code"],
        "connection_refused"
    );
    assert_eq!(
        qc.refused(&["transfer", "--by-key", "vault", "--to", "bob", "--amount", "1"], 3)["code"],
        "connection_refused"
    );
}

/// A proof is made where the key is, without a network, and carries no secret.
#[test]
fn a_key_proves_itself_offline() {
    let qc = qc();
    let made = import(&qc, "vault", "0");
    import(&qc, "next", "1");
    let password = qc.password_file();
    let genesis = format!("0x{}", "1c".repeat(32));
    let mut args = vec!["key", "prove", "vault", "--owner", "alice", "--can", "TRANSFER,MANAGE"];
    args.extend(["--nonce", "3", "--genesis", &genesis, "--password-file", &password]);
    let proof = qc.json(&args);
    assert_eq!((&proof["key"], &proof["owner"]), (&made["id"], &json!(OWNER)));
    assert_eq!((&proof["nonce"], &proof["genesis"]), (&json!(3), &json!(genesis)));
    assert!(proof["proven"]["possession"]["signature"]
        .as_str()
        .is_some_and(|hex| hex.len() == 2 + 2 * 4_628));
    assert!(!proof.to_string().contains("legal"));
    args[2] = "next";
    args.extend(["--replaces", "vault"]);
    let rotation = qc.json(&args);
    assert_eq!(rotation["proven"]["rotation"]["from"], made["id"]);
    // Half of what a node would be asked for is not enough.
    let half = [
        "key", "prove", "vault", "--owner", "alice", "--can", "all", "--nonce", "3",
    ];
    assert_eq!(qc.refused(&half, 2)["code"], "usage");
}

/// A file as `qc tx prepare` writes it, for a transfer of 1.5 FLX from Alice to Bob's id (0xbb…).
fn prepared(key: &Value) -> Value {
    let bob = "eE7SCorMCLjiRy7HEYTRZSoE9WqVTtQ8Dw2L6zX9fY76R7eaK";
    json!({
        "format": "qc-unsigned", "version": 1, "key": key, "owner": OWNER,
        "genesis": format!("0x{}", "09".repeat(32)), "specVersion": 1, "transactionVersion": 1, "nonce": 5, "tip": "0",
        "mortality": { "blocks": 64, "fromNumber": 7, "fromHash": format!("0x{}", "07".repeat(32)) },
        "call": format!("0x0a0300{}0b0098f73e5d01", "bb".repeat(32)),
        "does": [
            "call      Balances.transfer_keep_alive",
            "moves     1.5 FLX",
            format!("to        {bob}"),
            "the account that pays may not end: the transfer fails instead",
            "nonce     5",
            format!("valid     for 64 blocks from block 7 on, 0x{}", "07".repeat(32)),
            format!("chain     genesis 0x{}", "09".repeat(32)),
            "runtime   version 1, transactions 1",
        ],
        "feeEstimate": { "plancks": "1", "amount": "0.000000000001" },
    })
}

#[test]
fn a_prepared_file_is_shown_and_signed_without_a_node() {
    let qc = qc();
    let id = import(&qc, "vault", "0")["id"].clone();
    import(&qc, "other", "1");
    let password = qc.password_file();
    let write = |file: &Value| qc.secret_file("unsigned.json", &file.to_string());
    let sign = |path: &str, name: &str| -> Vec<String> {
        [
            "tx",
            "sign",
            path,
            "--by-key",
            name,
            "--yes",
            "--password-file",
            &password,
        ]
        .map(String::from)
        .to_vec()
    };
    let words = |args: &[String]| args.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
    let run = |args: Vec<String>| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        qc.json(&args)
    };
    let refused = |args: Vec<String>| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        qc.refused(&args, 2)["code"].clone()
    };
    let good = prepared(&id);
    let path = write(&good);
    let signed = run(words(&sign(&path, "vault")));
    assert_eq!((&signed["format"], &signed["prepared"]), (&json!("qc-signed"), &good));
    let bytes = signed["signed"].as_str().unwrap();
    assert_eq!(&bytes[6..10], "4501", "format 5, version 1: {}", &bytes[..20]);
    assert!(bytes.contains(&id.as_str().unwrap()[2..]) && bytes.ends_with("0b0098f73e5d01"));

    // People see what the bytes do, and whose word the account is.
    let human: Vec<String> = sign(&path, "vault");
    let args: Vec<&str> = human.iter().map(String::as_str).collect();
    let (_, err) = qc.run(&args).expect(0);
    assert!(
        err.contains("moves     1.5 FLX") && err.contains("by the word of who prepared it"),
        "{err}"
    );

    assert_eq!(refused(sign(&path, "other")), "prepared_for_another_key");
    let mut forged = good.clone();
    forged["call"] = json!(format!("0x0a0300{}0b0098f73e5d01", "66".repeat(32)));
    assert_eq!(refused(sign(&write(&forged), "vault")), "file_contradicts_itself");
    let mut unknown = good.clone();
    unknown["call"] = json!("0x280000");
    assert_eq!(refused(sign(&write(&unknown), "vault")), "call_unclear");
    assert_eq!(
        refused(sign(&write(&json!({ "format": "qc-unsigned" })), "vault")),
        "bad_transaction_file"
    );
    // Nobody is asked in a script.
    let path = write(&good);
    let unasked = ["tx", "sign", &path, "--by-key", "vault", "--password-file", &password];
    assert_eq!(qc.refused(&unasked, 2)["code"], "not_confirmed");

    // What was signed is looked into before anything is connected to.
    let signed_path = qc.secret_file("signed.json", &signed.to_string());
    assert_eq!(
        qc.refused(&["tx", "submit", &signed_path, "--yes"], 3)["code"],
        "connection_refused"
    );
    let mut changed = signed.clone();
    changed["prepared"]["nonce"] = json!(6);
    let changed_path = qc.secret_file("changed.json", &changed.to_string());
    assert_eq!(
        qc.refused(&["tx", "submit", &changed_path, "--yes"], 2)["code"],
        "bad_transaction_file"
    );
}

#[test]
fn an_exported_ledger_is_replayed_offline() {
    let qc = qc();
    // The first entry of an account of 0xa1…, whose hash `scripts/replay-key-ledger.py` computes too.
    let entry = json!({
        "index": 0, "previous": format!("0x{}", "00".repeat(32)), "block": 5, "owner": format!("0x{}", "a1".repeat(32)),
        "changes": [{ "registered": { "key": format!("0x{}", "01".repeat(32)), "scheme": "MlDsa87", "capabilities": 65 } }],
        "hash": "0x96abf2a84e40c69a2c3a5a6f8aa9d539fe6aa86df28244b008be5e1d3a7d04c1",
    });
    let good = qc.secret_file("entries.json", &json!([entry]).to_string());
    let state = qc.json(&["key", "replay", &good]);
    assert_eq!(
        (&state["head"]["count"], &state["head"]["hash"]),
        (&json!(1), &entry["hash"])
    );
    assert!(qc
        .ok(&["key", "replay", &good])
        .contains("1 entries, 1 keys (1 active) of 1 accounts"));
    let zeros = "00".repeat(32);
    assert_eq!(
        qc.refused(&["key", "replay", &good, "--head", &zeros], 2)["code"],
        "ledger_broken"
    );
    let mut changed = entry.clone();
    changed["block"] = json!(6);
    let changed = qc.secret_file("changed.json", &json!([changed]).to_string());
    let error = qc.refused(&["key", "replay", &changed], 2);
    assert_eq!(error["code"], "ledger_broken");
    assert!(
        error["message"].as_str().is_some_and(|text| text.contains("entry 0")),
        "{error}"
    );
    let nonsense = qc.secret_file("nonsense.json", "{}");
    assert_eq!(qc.refused(&["key", "replay", &nonsense], 2)["code"], "not_entries");
}

/// The golden ledger that the pallet and the Python program replay too: the same head, keys and accounts.
#[test]
fn the_golden_ledger_comes_to_the_golden_state() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../pallets/key-ledger/src/tests/golden");
    let state = fs::read_to_string(format!("{golden}/state.json")).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    assert_eq!(qc().json(&["key", "replay", &format!("{golden}/entries.json")]), state);
}

#[test]
fn help_teaches() {
    let qc = qc();
    for command in [
        "key new",
        "key register",
        "key rotate",
        "key require",
        "key entries",
        "key prove",
        "tx",
        "tx sign",
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(qc.ok(&words).contains("Example") || command == "tx", "{command}");
    }
    assert!(qc.ok(&["tx", "--help"]).contains("qc tx prepare transfer"));
}
