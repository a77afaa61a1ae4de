//! Driving `qc key` and what signs by a key.

use super::Qc;
use serde_json::Value;

/// Makes a key that nobody had before; its id.
pub fn new_key(qc: &Qc, name: &str) -> String {
    let password = qc.password_file();
    let args = ["key", "new", name, "--no-backup-check", "--password-file", &password];
    qc.json(&args)["id"].as_str().unwrap().to_owned()
}

/// A command with what every command that signs needs in a script.
pub fn signing<'a>(args: &[&'a str], password: &'a str) -> Vec<&'a str> {
    let mut all = args.to_vec();
    all.extend(["--yes", "--wait", "in-block", "--password-file", password]);
    all
}

/// Signs, sends, and expects success.
pub fn done(qc: &Qc, args: &[&str]) -> Value {
    let password = qc.password_file();
    let done = qc.json(&signing(args, &password));
    assert_eq!(done["status"], "in-block", "{done}");
    done
}

/// Signs, sends, and expects to be told no; the name that the chain has for it, or the code.
pub fn refused(qc: &Qc, args: &[&str]) -> String {
    let password = qc.password_file();
    let error = qc.refused(&signing(args, &password), 1);
    assert!(
        error["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
        "it says what to do: {error}"
    );
    let which = if error["code"] == "dispatch_failed" {
        "name"
    } else {
        "code"
    };
    error[which].as_str().unwrap().to_owned()
}

pub fn plancks(value: &Value) -> u128 {
    value["plancks"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .unwrap_or_else(|_| panic!("no amount: {value}"))
}

/// The free FLX of an account at the best block.
pub fn free(qc: &Qc, account: &str) -> u128 {
    let sheet = qc.json(&["balance", account, "--best"]);
    plancks(&sheet["accounts"][0]["balances"][0]["free"])
}

/// `Compact` of a small number.
pub fn compact(number: u8) -> u8 {
    assert!(number < 64);
    number << 2
}

/// Prepares any call, signs and submits it.
pub fn call(qc: &Qc, key: &str, bytes: &[u8]) -> Value {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let unsigned = qc.json(&["tx", "prepare", "call", &format!("0x{digits}"), "--by-key", key]);
    assert!(
        unsigned["metadata"].is_string(),
        "a call that qc does not know comes with metadata"
    );
    let (path, password) = (
        qc.secret_file("unsigned.json", &unsigned.to_string()),
        qc.password_file(),
    );
    let (out, err) = qc
        .run(&[
            "--json",
            "tx",
            "sign",
            &path,
            "--by-key",
            key,
            "--yes",
            "--password-file",
            &password,
        ])
        .expect(0);
    assert!(err.contains("metadata that came with the file"), "{err}");
    let signed = qc.secret_file("signed.json", &out);
    qc.json(&["tx", "submit", &signed, "--yes", "--wait", "in-block"])
}
