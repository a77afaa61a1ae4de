//! `qc` without a node: accounts, and command lines that cannot be right.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use support::Qc;

fn qc() -> Qc {
    Qc::on("ws://127.0.0.1:1".into())
}

#[test]
fn an_account_lives_and_ends() {
    let qc = qc();
    assert_eq!(qc.json(&["account", "list"])["accounts"], serde_json::json!([]));
    let password = qc.password_file();
    let new = [
        "account",
        "new",
        "savings",
        "--words",
        "24",
        "--no-backup-check",
        "--password-file",
        &password,
    ];
    let made = qc.json(&new);
    assert_eq!(
        made["mnemonic"].as_str().map(|words| words.split(' ').count()),
        Some(24)
    );
    let file = fs::metadata(made["file"].as_str().unwrap()).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(qc.keystore()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(qc.refused(&new, 4)["code"], "account_exists");

    let address = made["address"].as_str().unwrap();
    assert_eq!(qc.ok(&["account", "export-address", "savings"]).trim(), address);
    assert_eq!(
        qc.ok(&["account", "export-address", "--hex", address]).trim(),
        made["accountId"].as_str().unwrap()
    );
    assert!(qc.ok(&["account", "show", "savings"]).contains(address));
    assert!(qc.ok(&["account", "list", "--dev"]).contains("PUBLIC dev key"));

    // The mnemonic brings the account back, under another name too.
    let words = qc.secret_file("words", made["mnemonic"].as_str().unwrap());
    let back = [
        "account",
        "import",
        "back",
        "--mnemonic-file",
        &words,
        "--password-file",
        &password,
    ];
    assert_eq!(qc.json(&back)["address"], made["address"]);

    assert_eq!(
        qc.refused(&["account", "remove", "savings"], 2)["code"],
        "not_confirmed"
    );
    qc.json(&["account", "remove", "savings", "--yes"]);
    assert_eq!(
        qc.refused(&["account", "show", "savings"], 4)["code"],
        "account_not_found"
    );
    assert_eq!(
        qc.json(&["account", "list"])["accounts"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn dev_accounts_are_marked_as_public() {
    let qc = qc();
    let password = qc.password_file();
    let (out, err) = qc
        .run(&[
            "account",
            "import",
            "play",
            "--dev",
            "alice",
            "--password-file",
            &password,
        ])
        .expect(0);
    assert!(
        out.contains("eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB"),
        "{out}"
    );
    assert!(err.contains("everybody has its key"), "{err}");
    assert_eq!(qc.json(&["account", "show", "play"])["keyIsPublic"], true);
    assert!(qc.ok(&["account", "show", "alice"]).contains("everybody has"));
}

#[test]
fn secrets_are_guarded() {
    let qc = qc();
    let open = qc.secret_file("open", "correct horse battery");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    let short = qc.secret_file("short", "1234567");
    let new = |file| ["account", "new", "till", "--no-backup-check", "--password-file", file];
    assert_eq!(qc.refused(&new(&open), 4)["code"], "file_too_open");
    assert_eq!(qc.refused(&new(&short), 4)["code"], "password_too_short");
    assert_eq!(qc.refused(&new("/nonexistent"), 4)["code"], "file");
    // Nobody sits at a terminal here: no backup can be checked, and no password asked for.
    assert_eq!(qc.refused(&["account", "new", "till"], 2)["code"], "no_backup_check");
    let words = qc.secret_file(
        "words",
        "bottom drive obey lake curtain smoke basket hold race lonely fit wall",
    );
    let import = [
        "account",
        "import",
        "till",
        "--mnemonic-file",
        &words,
        "--password-file",
        &words,
    ];
    assert_eq!(qc.refused(&import, 4)["code"], "bad_mnemonic");
    assert_eq!(
        qc.refused(&["account", "import", "alice", "--dev", "bob"], 4)["code"],
        "account_name"
    );
    assert!(!qc.keystore().exists(), "nothing was made");
}

#[test]
fn nonsense_on_the_command_line_is_told_before_anything_is_connected_to() {
    let qc = qc();
    let transfer = |amount, to| ["transfer", "--from", "alice", "--to", to, "--amount", amount, "--yes"];
    let bob = "eE6R8sks8sSQKpkRgtq5QqpzPQASJ3n74YiUghwLy5bdXxopU";
    for (amount, code) in [
        ("0", "amount_zero"),
        ("-1", "amount_negative"),
        ("1,5", "amount_malformed"),
        ("1.0000000000001", "amount_too_many_decimals"),
        ("999999999999999999999999999999", "amount_too_large"),
    ] {
        assert_eq!(qc.refused(&transfer(amount, bob), 2)["code"], code, "{amount}");
    }
    let error = qc.refused(&transfer("1", "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"), 2);
    assert_eq!(error["code"], "address_other_chain");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(bob)), "{error}");
    assert_eq!(
        qc.refused(&["transfer", "--from", bob, "--to", "bob", "--amount", "1"], 4)["code"],
        "no_key"
    );
    assert_eq!(
        qc.refused(&["transfer", "--from", "alice", "--to", "bob"], 2)["code"],
        "usage"
    );
    assert_eq!(
        qc.refused(
            &["transfer", "--from", "alice", "--to", "bob", "--amount", "1", "--token", "DOT"],
            2
        )["code"],
        "usage"
    );
    assert_eq!(qc.refused(&["tx", "0x12"], 2)["code"], "bad_hash");
    assert_eq!(qc.refused(&["balance"], 2)["code"], "no_account");
    assert_eq!(
        qc.refused(&["chain", "--url", "http://127.0.0.1:9944"], 3)["code"],
        "bad_url"
    );
    assert_eq!(qc.refused(&["chain"], 3)["code"], "connection_refused");
}

#[test]
fn help_teaches() {
    let qc = qc();
    let help = qc.ok(&["--help"]);
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in [
        "account new",
        "account import",
        "balance",
        "transfer",
        "fee",
        "watch",
        "tx",
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(qc.ok(&words).contains("Example"), "{command}");
    }
    assert!(qc.ok(&["completions", "bash"]).contains("_qc"));
}
