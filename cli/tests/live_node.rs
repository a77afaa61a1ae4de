//! `qc` against a running node, as a user drives it: the node binary beside ours is started on a free port, and `qc` is run
//! as a process. One node serves all tests of this file; each test pays from another dev account.
//!
//! These tests need `qc-node` in the same target directory (`cargo build --workspace`), and fail without it.
//! `QC_TEST_NODE_URL` lets them run against a development chain that is there already.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use serde_json::Value;
use std::time::Duration;
use support::{node_url, Qc, Wire};

/// The planck amounts of `qc balance` for one token.
fn balance(qc: &Qc, account: &str, token: &str, field: &str) -> u128 {
    let sheet = qc.json(&["balance", account]);
    let balances = sheet["accounts"][0]["balances"].as_array().cloned().unwrap_or_default();
    let entry = balances
        .iter()
        .find(|entry| entry["token"] == token)
        .cloned()
        .unwrap_or_default();
    entry[field]["plancks"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .unwrap_or_else(|_| panic!("{field} of {token} in {sheet}"))
}

fn planck(value: &Value) -> u128 {
    value["plancks"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .unwrap_or_else(|_| panic!("no amount: {value}"))
}

#[test]
fn the_chain_and_its_five_tokens_are_shown() {
    let qc = Qc::on(node_url());
    let chain = qc.json(&["chain"]);
    assert_eq!(chain["ss58Prefix"], 1618);
    assert!(chain["genesis"].as_str().is_some_and(|hash| hash.len() == 66));
    assert!(chain["best"]["number"].as_u64() >= chain["finalised"]["number"].as_u64());
    let symbols: Vec<_> = chain["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["symbol"].clone())
        .collect();
    assert_eq!(symbols, ["FLX", "CHR", "PSY", "ATR", "RES"]);
    // FLX-1 and CHR-1, as the client sees them.
    let total = |symbol: &str| {
        let tokens = chain["tokens"].as_array().unwrap();
        planck(&tokens.iter().find(|token| token["symbol"] == symbol).unwrap()["total"])
    };
    assert_eq!(total("FLX"), 6_180_339_887 * 1_000_000_000_000);
    assert_eq!(total("CHR"), 10_000_000_000 * 1_000_000_000_000);
    let shards: u128 = chain["shards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shard| planck(&shard["chr"]))
        .sum();
    assert_eq!(shards, total("CHR"));

    let human = qc.ok(&["chain"]);
    assert!(
        human.contains("SS58 prefix 1618") && human.contains("shard 0"),
        "{human}"
    );
    let sheet = qc.ok(&["balance", "alice"]);
    assert!(
        ["FLX", "CHR", "PSY", "ATR", "RES", "home: shard"]
            .iter()
            .all(|part| sheet.contains(part)),
        "{sheet}"
    );
    assert!(
        sheet.contains("eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB"),
        "{sheet}"
    );
}

/// The code of the development chain, as the node that stands beside `qc` puts it into the genesis.
fn code_of_the_node() -> Vec<u8> {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_qc")).with_file_name("qc-node");
    let exported = std::process::Command::new(binary)
        .args(["export-chain-spec", "--chain", "dev", "--raw"])
        .output()
        .unwrap();
    let spec: Value = serde_json::from_slice(&exported.stdout).unwrap();
    let code = spec["genesis"]["raw"]["top"]["0x3a636f6465"].as_str().unwrap();
    hex::decode(code.trim_start_matches("0x")).unwrap()
}

#[test]
fn the_code_of_the_chain_is_shown_and_compared() {
    let qc = Qc::on(node_url());
    let code = code_of_the_node();
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (same, other) = (write("same.wasm", &code), write("other.wasm", b"\0asm\x01\0\0\0"));

    let shown = qc.json(&["chain", "code"]);
    assert_eq!(shown["specName"], "quantum-currency");
    assert_eq!(shown["bytes"], code.len());
    let at_genesis = qc.json(&["chain", "code", "--at", "0", "--compare", &same]);
    assert_eq!(at_genesis["match"], "identical");
    assert_eq!(at_genesis["block"]["number"], 0);
    assert_eq!(at_genesis["blake2_256"], shown["blake2_256"], "no upgrade since");
    assert_eq!(at_genesis["file"]["blake2_256"], shown["blake2_256"]);
    let by_hash = shown["block"]["hash"].as_str().unwrap();
    assert_eq!(qc.json(&["chain", "code", "--at", by_hash])["block"]["hash"], by_hash);

    let error = qc.refused(&["chain", "code", "--compare", &other], 1);
    assert_eq!(error["code"], "code_differs");
    assert_eq!(error["chain"]["blake2_256"], shown["blake2_256"]);
    assert_eq!(error["file"]["bytes"], 8);
    assert_eq!(
        qc.refused(&["chain", "code", "--at", "4000000000"], 2)["code"],
        "block_unknown"
    );
    let human = qc.ok(&["chain", "code", "--compare", &same]);
    assert!(
        human.contains("BLAKE2b-256") && human.contains("byte by byte"),
        "{human}"
    );
}

#[test]
fn flx_moves_and_is_final() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("flx");
    let before = balance(&qc, "//Alice", "FLX", "free");
    let what = [
        "--from", "alice", "--to", &receiver, "--amount", "12.5", "--tip", "0.001",
    ];
    let estimate = planck(&qc.json(&[&["fee"], &what[..]].concat())["fee"]);
    let done = qc.json(&[&["transfer", "--yes"], &what[..]].concat());
    assert_eq!(done["status"], "finalised");
    assert_eq!(done["amount"]["plancks"], "12500000000000");
    let fee = planck(&done["fee"]);
    // The fee follows how full blocks are, so it may have moved a little meanwhile.
    assert!(
        fee.abs_diff(estimate) <= estimate / 100,
        "estimated {estimate}, paid {fee}"
    );
    assert_eq!(balance(&qc, &receiver, "FLX", "free"), 12_500_000_000_000);
    assert_eq!(
        balance(&qc, "alice", "FLX", "free"),
        before - 12_500_000_000_000 - fee - 1_000_000_000
    );

    // The transaction is found again, with the same outcome.
    let found = qc.json(&["tx", done["transaction"].as_str().unwrap()]);
    assert_eq!(
        (&found["status"], &found["succeeded"]),
        (&Value::from("finalised"), &Value::from(true))
    );
    assert_eq!(found["block"], done["block"]);
}

#[test]
fn progress_is_told_and_an_interruption_too() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("progress");
    let (out, err) = qc
        .run(&[
            "transfer", "--from", "dave", "--to", &receiver, "--amount", "1", "--yes",
        ])
        .expect(0);
    for step in ["sent", "validated", "in block", "finalised"] {
        assert!(err.lines().any(|line| line.starts_with(step)), "{step} in {err}");
    }
    assert!(out.contains("1 FLX sent, finalised"), "{out}");

    let sent = qc.json(&[
        "transfer", "--from", "dave", "--to", &receiver, "--amount", "1", "--yes", "--wait", "none",
    ]);
    assert_eq!(sent["status"], "sent");
    // A nonce that leaves a gap keeps the transaction waiting; Ctrl-C then tells what is known, and loses nothing.
    let args = [
        "--json", "transfer", "--from", "dave", "--to", &receiver, "--amount", "1", "--yes", "--nonce", "1000",
    ];
    let (out, err) = qc.start(&args).interrupt_after(Duration::from_secs(6)).expect(5);
    assert_eq!(out, "");
    let error: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&error["code"], &error["exit"]),
        (&Value::from("outcome_unknown"), &Value::from(5))
    );
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("interrupted") && message.contains("was sent and may still be included"),
        "{message}"
    );
    assert!(
        error["transaction"].as_str().is_some_and(|hash| hash.len() == 66),
        "{error}"
    );
}

#[test]
fn assets_move_too() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("atr");
    let before = balance(&qc, "bob", "ATR", "free");
    let args = [
        "transfer", "--from", "bob", "--to", &receiver, "--token", "atr", "--amount", "0.25", "--yes",
    ];
    assert_eq!(qc.json(&args)["status"], "finalised");
    assert_eq!(balance(&qc, &receiver, "ATR", "transferable"), 250_000_000_000);
    assert_eq!(balance(&qc, "bob", "ATR", "free"), before - 250_000_000_000);
}

#[test]
fn chr_stays_where_it_is_and_the_reason_is_named() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("chr");
    assert!(
        balance(&qc, "charlie", "CHR", "free") > 0,
        "the dev chain gives its accounts CHR"
    );
    assert_eq!(balance(&qc, "charlie", "CHR", "transferable"), 0);
    let args = [
        "transfer", "--from", "charlie", "--to", &receiver, "--token", "CHR", "--amount", "1", "--yes",
    ];
    let error = qc.refused(&args, 1);
    assert_eq!(error["code"], "dispatch_failed", "{error}");
    let name = error["name"].as_str().unwrap_or_default();
    assert!(
        name.starts_with("Assets::") || name.starts_with("Token: "),
        "a name of the chain's own: {error}"
    );
    assert!(
        error["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("CHR cannot be moved by anybody")),
        "{error}"
    );
    assert!(
        error["transaction"].is_string() && error["block"].is_string(),
        "{error}"
    );
    assert_eq!(balance(&qc, &receiver, "CHR", "free"), 0);
}

#[test]
fn an_account_file_signs_with_its_password_only() {
    let qc = Qc::on(node_url());
    let address = qc.fresh_account("payer");
    qc.json(&[
        "transfer", "--from", "eve", "--to", &address, "--amount", "5", "--yes", "--wait", "in-block",
    ]);
    let wrong = qc.secret_file("wrong", "not the password");
    let right = qc.password_file();
    let args = |file| {
        [
            "transfer",
            "--from",
            "payer",
            "--to",
            "bob",
            "--amount",
            "1",
            "--yes",
            "--password-file",
            file,
        ]
    };
    assert_eq!(qc.refused(&args(&wrong), 4)["code"], "wrong_password");
    assert_eq!(qc.json(&args(&right))["status"], "finalised");

    // Everything that is left, and the account ends.
    let all = [
        "transfer",
        "--from",
        "payer",
        "--to",
        "bob",
        "--all",
        "--allow-death",
        "--yes",
        "--password-file",
        &right,
    ];
    assert_eq!(qc.json(&all)["status"], "finalised");
    assert_eq!(balance(&qc, &address, "FLX", "free"), 0);
    assert_eq!(qc.refused(&args(&right), 1)["code"], "cannot_pay_fees");
}

#[test]
fn stale_account_files_are_named() {
    let qc = Qc::on(node_url());
    qc.fresh_account("stale");
    let file = qc.keystore().join("stale.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let right = qc.password_file();
    let args = [
        "transfer",
        "--from",
        "stale",
        "--to",
        "bob",
        "--amount",
        "1",
        "--yes",
        "--password-file",
        &right,
    ];
    std::fs::write(&file, text.replace("\"version\": 1", "\"version\": 0")).unwrap();
    assert_eq!(qc.refused(&args, 4)["code"], "account_file_version");
    // The key of one account in the file of another.
    let other = qc.json(&[
        "account",
        "import",
        "other",
        "--dev",
        "//Other",
        "--password-file",
        &right,
    ]);
    let stale: Value = serde_json::from_str(&text).unwrap();
    let swapped = text
        .replace(stale["address"].as_str().unwrap(), other["address"].as_str().unwrap())
        .replace(
            stale["publicKey"].as_str().unwrap(),
            other["accountId"].as_str().unwrap(),
        );
    std::fs::write(&file, swapped).unwrap();
    assert_eq!(qc.refused(&args, 4)["code"], "key_mismatch");
}

#[test]
fn the_pool_says_what_is_wrong() {
    let qc = Qc::on(node_url());
    let receiver = qc.fresh_account("pool");
    let with_nonce = |nonce| {
        [
            "transfer", "--from", "ferdie", "--to", &receiver, "--amount", "1", "--yes", "--nonce", nonce,
        ]
        .to_vec()
    };
    assert_eq!(qc.json(&with_nonce("0"))["status"], "finalised");
    assert_eq!(qc.refused(&with_nonce("0"), 1)["code"], "stale_nonce");
    let nobody = [
        "transfer", "--from", "//Nobody", "--to", &receiver, "--amount", "1", "--yes",
    ];
    assert_eq!(qc.refused(&nobody, 1)["code"], "cannot_pay_fees");
    // A transaction that has to wait for another is not lost: its hash is told, and that it may still come.
    let mut waiting = with_nonce("9");
    waiting.extend(["--patience", "3"]);
    let error = qc.refused(&waiting, 5);
    assert_eq!(error["code"], "outcome_unknown");
    assert!(
        error["transaction"].is_string() && error["validUntilBlock"].is_u64(),
        "{error}"
    );
    // Nodes do not list what waits for a smaller nonce; qc says so rather than guess.
    let missing = qc.refused(&["tx", error["transaction"].as_str().unwrap(), "--blocks", "20"], 2);
    assert_eq!(missing["code"], "transaction_not_found");
    assert!(
        missing["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("smaller nonce")),
        "{missing}"
    );
}

#[test]
fn signed_transactions_are_of_version_4_with_the_extensions_of_version_0() {
    let qc = Qc::on(node_url());
    let args = [
        "transfer",
        "--from",
        "alice",
        "--to",
        "bob",
        "--amount",
        "1",
        "--dry-run",
        "--lifetime",
        "0",
    ];
    let signed = qc.json(&args)["signed"].as_str().unwrap_or_default().to_owned();
    // 0x, the length (two bytes), then 0x84: version 4, signed. Version 5 would say 0x45 and then name its extensions.
    assert_eq!(&signed[6..8], "84", "{signed}");
}

#[test]
fn blocks_are_watched() {
    let qc = Qc::on(node_url());
    let lines = qc.run(&["--json", "watch", "--finalised", "--count", "3"]).expect(0).0;
    let blocks: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    let numbers: Vec<_> = blocks.iter().map(|block| block["number"].as_u64().unwrap()).collect();
    assert_eq!(
        numbers,
        [numbers[0], numbers[0] + 1, numbers[0] + 2],
        "no gap, nothing twice"
    );
    assert!(blocks.iter().all(|block| block["state"] == "finalised"));
}

#[test]
fn a_lost_connection_loses_no_block_and_no_transaction() {
    let wire = Wire::to(&node_url());
    let qc = Qc::on(wire.url());
    let watching = qc.start(&["--json", "watch", "--finalised", "--count", "6"]);
    let lines = watching.cut_after(Duration::from_secs(6), &wire).expect(0).0;
    let numbers: Vec<u64> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["number"].as_u64().unwrap())
        .collect();
    let expected: Vec<u64> = (numbers[0]..numbers[0] + 6).collect();
    assert_eq!(numbers, expected, "no gap, nothing twice");

    // A transaction that waits (its nonce leaves a gap) when the wire is cut was sent, and qc says so.
    let args = [
        "--json",
        "transfer",
        "--from",
        "//Bob//stash",
        "--to",
        "bob",
        "--amount",
        "1",
        "--yes",
        "--nonce",
        "1000",
    ];
    let (_, err) = qc.start(&args).cut_after(Duration::from_secs(8), &wire).expect(5);
    let error: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
    assert_eq!(error["code"], "outcome_unknown", "{error}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains("connection")),
        "{error}"
    );
}

#[test]
fn a_dead_address_is_told_apart_from_a_slow_one() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let qc = Qc::on(format!("ws://127.0.0.1:{port}"));
    let error = qc.refused(&["chain"], 3);
    assert_eq!(error["code"], "connection_refused");
    assert!(error["hint"]
        .as_str()
        .is_some_and(|hint| hint.contains("qc-node --dev")));
    let (_, human) = qc.run(&["balance", "alice"]).expect(3);
    assert!(human.contains("what to do: start a node"), "{human}");

    // Somebody listens and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let qc = Qc::on(format!("ws://{}", silent.local_addr().unwrap()));
    assert_eq!(qc.refused(&["chain", "--timeout", "1"], 3)["code"], "timeout");
}
