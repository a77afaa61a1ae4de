//! Post-quantum keys against a running node, as a user drives `qc`: the whole life of an account that becomes quantum-safe,
//! signing on a machine without a network, and what `qc` says before and after the chain refuses something. As `live_node.rs`.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use serde_json::{json, Value};
use support::keys::{call, compact, done, free, new_key, plancks, refused, signing};
use support::{node_url, Qc};

/// Bytes in hexadecimal with 0x.
fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}")
}

#[test]
fn an_account_becomes_quantum_safe_and_keeps_its_address() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("receiver");
    let address = qc.ok(&["account", "export-address", "charlie"]).trim().to_owned();
    let (vault, spare) = (new_key(&qc, "vault"), new_key(&qc, "spare"));
    let pay = |key| ["transfer", "--by-key", key, "--to", &receiver, "--amount", "1"];
    assert_eq!(refused(&qc, &pay("vault")), "key_unknown");

    // The first key is registered by the account's classical signature; the deposits are told and held.
    let register = [
        "key",
        "register",
        "--account",
        "charlie",
        "--key",
        "vault",
        "--can",
        "TRANSFER,MANAGE",
    ];
    let registered = done(&qc, &register);
    assert_eq!(
        (&registered["key"], &registered["signer"]),
        (&json!(vault), &json!(address))
    );
    assert!(plancks(&registered["deposit"]["untilTheKeyEnds"]) > 0 && plancks(&registered["deposit"]["forEver"]) > 0);
    let again = qc.refused(&signing(&register, &qc.password_file()), 2);
    assert_eq!(again["code"], "key_registered");

    // The key signs; its age and use are shown; the fee is the one that was estimated.
    let what = ["--to", &*receiver, "--amount", "1"];
    let estimate = plancks(&qc.json(&[&["fee", "--by-key", "vault"], &what[..]].concat())["fee"]);
    let dry = qc.json(
        &[
            &pay("vault")[..],
            &["--dry-run", "--password-file", &qc.password_file()],
        ]
        .concat(),
    );
    assert_eq!(
        &dry["signed"].as_str().unwrap()[6..10],
        "4501",
        "format 5, version 1 of the extensions"
    );
    let paid = done(&qc, &pay("vault"));
    assert_eq!((&paid["from"], &paid["byKey"]), (&json!(address), &json!(vault)));
    assert!(plancks(&paid["fee"]).abs_diff(estimate) <= estimate / 100, "{paid}");
    assert_eq!(free(&qc, &receiver), 1_000_000_000_000);
    let shown = qc.json(&["key", "show", "vault"])["ledger"].clone();
    assert_eq!(
        (&shown["uses"], &shown["status"], &shown["owner"]),
        (&json!(1), &json!("active"), &json!(address))
    );
    assert_eq!(shown["capabilities"], json!(["TRANSFER", "MANAGE"]));
    assert!(
        shown["ageSeconds"].is_u64() && shown["lastUsed"].as_u64() > shown["since"].as_u64(),
        "{shown}"
    );

    // Protection takes a second key; what it would end is shown first.
    assert_eq!(
        refused(&qc, &["key", "require", "charlie"]),
        "KeyLedger::TooFewManageKeys"
    );
    done(
        &qc,
        &[
            "key", "register", "--by-key", "vault", "--key", "spare", "--can", "MANAGE",
        ],
    );
    let (_, told) = qc
        .run(&signing(
            &["key", "require", "charlie", "--dry-run"],
            &qc.password_file(),
        ))
        .expect(0);
    for part in [
        "proxies: none",
        "sign classically",
        "was never used",
        "there is no recovery",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    done(&qc, &["key", "require", "charlie", "--by-key", "vault"]);
    let account = qc.json(&["account", "show", "charlie"]);
    assert_eq!(
        (&account["ledger"]["requiresPqc"], &account["address"]),
        (&json!(true), &json!(address))
    );
    assert_eq!(account["ledger"]["keys"].as_array().map(Vec::len), Some(2));

    // Nothing classical acts for it, and a key only as far as it may.
    assert_eq!(
        refused(
            &qc,
            &["transfer", "--from", "charlie", "--to", &receiver, "--amount", "1"]
        ),
        "pqc_required"
    );
    let classically = [
        "key",
        "register",
        "--account",
        "charlie",
        "--key",
        "receiver2",
        "--can",
        "all",
    ];
    new_key(&qc, "receiver2");
    assert_eq!(refused(&qc, &classically), "pqc_required");
    assert_eq!(refused(&qc, &pay("spare")), "capability_missing");
    done(&qc, &pay("vault"));

    // Keys rotate; the old one authorises nothing from then on, and the address stays.
    let next = new_key(&qc, "vault2");
    done(&qc, &["key", "rotate", "--from", "vault", "--to", "vault2"]);
    assert_eq!(refused(&qc, &pay("vault")), "key_ended");
    assert_eq!(done(&qc, &pay("vault2"))["from"], json!(address));
    let old = qc.json(&["key", "show", "vault"])["ledger"].clone();
    assert_eq!(
        (&old["status"], &old["rotatedTo"]),
        (&json!("rotated-out"), &json!(next))
    );

    // Capabilities change; the last key that may MANAGE stays.
    done(
        &qc,
        &[
            "key",
            "capabilities",
            "spare",
            "--can",
            "TRANSFER",
            "--by-key",
            "vault2",
        ],
    );
    done(&qc, &pay("spare"));
    assert_eq!(
        refused(&qc, &["key", "revoke", "vault2", "--by-key", "vault2"]),
        "KeyLedger::LastManageKey"
    );
    done(&qc, &["key", "revoke", &spare, "--by-key", "vault2"]);
    assert_eq!(refused(&qc, &pay("spare")), "key_ended");

    // Leaving takes seven days, and can be called off.
    done(&qc, &["key", "leave", "charlie"]);
    let leaving = qc.json(&["account", "show", "charlie"])["ledger"].clone();
    assert_eq!(
        (&leaving["protection"], &leaving["leaveAskedBy"]),
        (&json!("leaving"), &json!(next))
    );
    assert_eq!(leaving["requiresPqc"], true, "it is protected until then");
    assert_eq!(refused(&qc, &["key", "leave", "charlie"]), "KeyLedger::LeavePending");
    done(&qc, &["key", "keep", "charlie"]);
    assert_eq!(
        qc.json(&["account", "show", "charlie"])["ledger"]["protection"],
        "pqc-required"
    );
    assert_eq!(refused(&qc, &["key", "keep", "charlie"]), "KeyLedger::NoLeavePending");
}

/// The key never sees a network, and the machine with the network never sees the key.
#[test]
fn a_cold_key_signs_on_another_machine() {
    let hot = Qc::on(node_url());
    let cold = Qc::on("ws://127.0.0.1:1".into());
    let (id, next) = (new_key(&cold, "cold"), new_key(&cold, "cold2"));
    let receiver = hot.fresh_account("receiver");
    let genesis = hot.json(&["chain"])["genesis"].as_str().unwrap().to_owned();
    let dave = hot.ok(&["account", "export-address", "dave"]).trim().to_owned();
    let nonce = hot.json(&["account", "show", "dave"])["ledger"]["nonce"].to_string();
    let password = cold.password_file();
    let prove = |nonce: &str, key: &str, more: &[&str]| {
        let mut args = vec!["key", "prove", key, "--owner", &dave, "--can", "TRANSFER,MANAGE"];
        args.extend(["--nonce", nonce, "--genesis", &genesis, "--password-file", &password]);
        args.extend(more);
        hot.secret_file("proof.json", &cold.json(&args).to_string())
    };
    let proof = prove(&nonce, "cold", &[]);
    // A proof that was meant for somebody else is found out before it costs a fee.
    let stolen = ["key", "register", "--account", "eve", "--proof", &proof];
    assert_eq!(
        hot.refused(&signing(&stolen, &hot.password_file()), 2)["code"],
        "proof_does_not_fit"
    );
    assert_eq!(
        done(&hot, &["key", "register", "--account", "dave", "--proof", &proof])["key"],
        json!(id)
    );

    let sign = |unsigned: &Value| {
        let path = cold.secret_file("unsigned.json", &unsigned.to_string());
        cold.json(&[
            "tx",
            "sign",
            &path,
            "--by-key",
            "cold",
            "--yes",
            "--password-file",
            &password,
        ])
    };
    let submit = |signed: &Value| {
        let path = hot.secret_file("signed.json", &signed.to_string());
        ["tx", "submit", &path, "--yes", "--wait", "in-block"].map(str::to_owned)
    };
    let unsigned = hot.json(&[
        "tx", "prepare", "transfer", "--by-key", &id, "--to", &receiver, "--amount", "2.5",
    ]);
    assert_eq!((&unsigned["owner"], &unsigned["key"]), (&json!(dave), &json!(id)));
    let signed = sign(&unsigned);
    let args = submit(&signed);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let sent = hot.json(&args);
    assert_eq!(
        (&sent["status"], &sent["transaction"]),
        (&json!("in-block"), &signed["transaction"])
    );
    assert_eq!(free(&hot, &receiver), 2_500_000_000_000);
    // The same file again: its nonce is used up, or the pool has not let go of it yet.
    let again = hot.refused(&args, 1);
    assert!(
        ["stale_nonce", "already_sent", "temporarily_banned"].contains(&again["code"].as_str().unwrap_or_default()),
        "{again}"
    );

    // Signatures exchanged between two files, and an account that is not the key's, are found out before anything is sent.
    let other = sign(&hot.json(&[
        "tx", "prepare", "transfer", "--by-key", &id, "--to", &receiver, "--amount", "3",
    ]));
    let (from, to) = (10 + 2 * 32, 10 + 2 * (32 + 1 + 4_627));
    let mut bytes = other["signed"].as_str().unwrap().to_owned();
    bytes.replace_range(from..to, &signed["signed"].as_str().unwrap()[from..to]);
    let mut forged = other.clone();
    forged["signed"] = json!(bytes);
    let refused = |file: &Value| {
        let args = submit(file);
        hot.refused(&args.iter().map(String::as_str).collect::<Vec<_>>(), 2)["code"].clone()
    };
    assert_eq!(refused(&forged), "bad_transaction_file");
    let raw: Vec<u8> = (2..bytes.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).unwrap())
        .collect();
    forged["transaction"] = json!(hex(&Blake2b::<U32>::digest(raw)));
    assert_eq!(
        refused(&forged),
        "signature_wrong",
        "even where the file agrees with itself"
    );
    let mut claimed = other.clone();
    claimed["prepared"]["owner"] = json!(receiver);
    assert_eq!(refused(&claimed), "key_of_another_account");

    // A rotation, proven and signed cold.
    let nonce = hot.json(&["account", "show", "dave"])["ledger"]["nonce"].to_string();
    let proof = prove(&nonce, "cold2", &["--replaces", "cold"]);
    let rotation = sign(&hot.json(&["tx", "prepare", "proof", &proof, "--by-key", &id]));
    let args = submit(&rotation);
    hot.json(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let keys = hot.json(&["account", "show", "dave"])["ledger"]["keys"].clone();
    assert_eq!((&keys[0]["id"], keys.as_array().map(Vec::len)), (&json!(next), Some(1)));
    // What the old key signed meanwhile is worth nothing.
    let args = submit(&other);
    assert_eq!(
        hot.refused(&args.iter().map(String::as_str).collect::<Vec<_>>(), 1)["code"],
        "key_ended"
    );
}

#[test]
fn who_else_acts_for_an_account_is_shown_before_it_is_protected() {
    let qc = Qc::on(node_url());
    let id = |account: &str| -> Vec<u8> {
        let hex = qc.ok(&["account", "export-address", "--hex", account]);
        (2..66)
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    let (ferdie, bob) = (id("ferdie"), id("bob"));
    let (key, backup) = (new_key(&qc, "key"), new_key(&qc, "backup"));
    done(
        &qc,
        &["key", "register", "--account", "ferdie", "--key", "key", "--can", "all"],
    );
    done(
        &qc,
        &[
            "key",
            "register",
            "--account",
            "ferdie",
            "--key",
            "backup",
            "--can",
            "MANAGE",
        ],
    );
    let to_bob = [&[0u8][..], &bob].concat();
    // Proxy.add_proxy(bob, Any, no delay); Assets.approve_transfer(ATR, bob, 5 plancks); Multisig.approve_as_multi of two.
    call(&qc, "key", &[&[41, 1][..], &to_bob, &[0], &[0; 4]].concat());
    call(&qc, "key", &[&[6, 22, compact(3)][..], &to_bob, &[compact(5)]].concat());
    let others = [&[compact(1)][..], &bob].concat();
    call(
        &qc,
        "key",
        &[&[42, 2][..], &[2, 0], &others, &[0], &[7; 32], &[0, 0]].concat(),
    );
    let derivative = Blake2b::<U32>::new()
        .chain_update(b"modlpy/utilisuba")
        .chain_update(&ferdie)
        .chain_update([0, 0])
        .finalize();
    let derivative = hex(&derivative);
    done(
        &qc,
        &["transfer", "--by-key", "key", "--to", &derivative, "--amount", "1"],
    );

    let password = qc.password_file();
    let shown = qc.json(&signing(
        &["key", "require", "ferdie", "--by-key", "key", "--dry-run"],
        &password,
    ));
    let standing = &shown["standing"];
    let bob = qc.ok(&["account", "export-address", "bob"]).trim().to_owned();
    assert_eq!(standing["proxies"], json!([{ "delegate": bob, "type": "Any" }]));
    assert_eq!(standing["approvals"][0]["delegate"], json!(bob));
    assert_eq!(
        (
            &standing["approvals"][0]["token"],
            plancks(&standing["approvals"][0]["amount"])
        ),
        (&json!("ATR"), 5)
    );
    assert_eq!(standing["multisigApproved"].as_array().map(Vec::len), Some(1));
    assert_eq!(standing["derivatives"][0]["index"], 0);
    assert_eq!(
        (&standing["blocks"], &standing["complete"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(shown["before"]["keys"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        refused(&qc, &["key", "require", "ferdie", "--by-key", "key"]),
        "KeyLedger::DelegationsLive"
    );
    // Proxy.remove_proxies and Assets.cancel_approval; then nothing is in the way.
    call(&qc, "key", &[41, 3]);
    call(&qc, "key", &[&[6, 23, compact(3)][..], &to_bob].concat());
    done(&qc, &["key", "require", "ferdie", "--by-key", "key"]);
    let keys = qc.json(&["account", "show", "ferdie"])["ledger"]["keys"].clone();
    assert_eq!((&keys[0]["id"], &keys[1]["id"]), (&json!(key), &json!(backup)));
}

/// Every call that `qc` knows by its bytes alone is what the node's metadata call it (`tx prepare` compares), also those that
/// no other test sends.
#[test]
fn the_calls_that_qc_knows_are_those_of_the_chain() {
    let qc = Qc::on(node_url());
    let id = new_key(&qc, "prepared");
    done(
        &qc,
        &[
            "key",
            "register",
            "--account",
            "//Eve//stash",
            "--key",
            "prepared",
            "--can",
            "all",
        ],
    );
    let prepare = |args: &[&str]| {
        let all = [&["tx", "prepare"], args, &["--by-key", &id]].concat();
        qc.json(&all)["does"][0].as_str().unwrap().replace("call      ", "")
    };
    let transfer = |args: &[&str]| prepare(&[&["transfer", "--to", "bob"], args].concat());
    assert_eq!(transfer(&["--amount", "1"]), "Balances.transfer_keep_alive");
    assert_eq!(
        transfer(&["--amount", "1", "--allow-death"]),
        "Balances.transfer_allow_death"
    );
    assert_eq!(transfer(&["--all"]), "Balances.transfer_all");
    assert_eq!(transfer(&["--amount", "1", "--token", "ATR"]), "Assets.transfer");
    assert_eq!(
        transfer(&["--amount", "1", "--token", "RES", "--keep-alive"]),
        "Assets.transfer_keep_alive"
    );
    assert_eq!(transfer(&["--all", "--token", "ATR"]), "Assets.transfer_all");
    assert_eq!(
        prepare(&["capabilities", "prepared", "--can", "none"]),
        "KeyLedger.set_capabilities"
    );
    assert_eq!(prepare(&["revoke", "prepared"]), "KeyLedger.revoke");
    assert_eq!(prepare(&["require"]), "KeyLedger.require_pqc");
    assert_eq!(prepare(&["leave"]), "KeyLedger.leave_pqc");
    assert_eq!(prepare(&["keep"]), "KeyLedger.keep_pqc");
    let with = qc.json(&[
        "tx",
        "prepare",
        "keep",
        "--by-key",
        &id,
        "--with-metadata",
        "--lifetime",
        "0",
    ]);
    assert_eq!((&with["mortality"], with["metadata"].is_string()), (&Value::Null, true));
    let path = qc.secret_file("unsigned.json", &with.to_string());
    let password = qc.password_file();
    let sign = [
        "tx",
        "sign",
        &path,
        "--by-key",
        "prepared",
        "--yes",
        "--password-file",
        &password,
    ];
    assert!(
        qc.json(&sign)["signed"].is_string(),
        "the whole chain's metadata agree with what qc knows"
    );
}

/// KEY-1, as an auditor checks it: exported, replayed here and by the independent program, both to the chain's head.
#[test]
fn the_ledger_is_exported_and_replayed() {
    let qc = Qc::on(node_url());
    new_key(&qc, "audited");
    let password = qc.password_file();
    let register = [
        "key",
        "register",
        "--account",
        "//Ferdie//stash",
        "--key",
        "audited",
        "--can",
        "none",
        "--yes",
    ];
    qc.json(&[&register[..], &["--password-file", &password]].concat());
    let entries = qc.ok(&["--json", "key", "entries"]);
    let file = qc.secret_file("entries.json", entries.trim());
    let state = qc.json(&["key", "replay", &file]);
    assert!(state["head"]["count"].as_u64() > Some(0));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/replay-key-ledger.py");
    let python = std::process::Command::new("python3")
        .args([script, &file])
        .output()
        .unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let other: Value = serde_json::from_slice(&python.stdout).unwrap();
    assert_eq!(other, state, "two implementations, one state");
    let owner = qc.json(&["key", "entries", "--account", "//Ferdie//stash"]);
    assert_eq!(owner.as_array().map(Vec::len), Some(1));
    assert!(qc.ok(&["key", "entries"]).contains("registered audited"));
}
