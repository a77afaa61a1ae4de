//! A ledger and what it comes to, as files: for the replay in Rust, the one in Python, and whoever writes another (KEY-1).

use super::replay::{faulty, full_life};
use crate::{
    export::{replay_json, ExportError, ExportedEntry, ExportedState},
    mock::AccountId,
    types::Entry,
};
use serde_json::{json, Value};
use std::{
    io::Write,
    process::{Command, Stdio},
};

const ENTRIES: &str = include_str!("golden/entries.json");
const STATE: &str = include_str!("golden/state.json");
const BOOK: &str = include_str!("../../../../docs/protocol/keys.md");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/golden/");
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/replay-key-ledger.py");

/// How to write the files anew, once it is clear why they differ.
const REWRITE: &str = "QC_REWRITE=1 cargo test --workspace --lib tests::golden (twice: the second run reads them)";

fn exported(entries: &[Entry<AccountId>]) -> Vec<ExportedEntry> {
    entries.iter().map(ExportedEntry::from).collect()
}

fn text(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("it is JSON");
    text.push('\n');
    text
}

/// What the Python program answers: what it prints if it ends well, else what it complains of.
fn python(entries: &str) -> Result<String, String> {
    let mut child = Command::new("python3")
        .args(["-B", PROGRAM, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tests need python3 (scripts/setup.sh --tests sees to it)");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(entries.as_bytes()).expect("it reads all of it");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    if output.status.success() {
        Ok(said(output.stdout))
    } else {
        assert_ne!(output.status.code(), None, "it ends with a code");
        Err(said(output.stderr))
    }
}

#[test]
fn the_files_are_what_the_pallet_makes() {
    let entries = text(&exported(&full_life()));
    let state = text(&replay_json(&entries).expect("it holds"));
    if std::env::var_os("QC_REWRITE").is_some() {
        std::fs::write(format!("{FOLDER}entries.json"), entries).expect("it can be written");
        std::fs::write(format!("{FOLDER}state.json"), state).expect("it can be written");
        return;
    }
    assert!(entries == ENTRIES && state == STATE, "the ledger differs: {REWRITE}");
}

#[test]
fn both_programs_come_to_the_same_state() {
    let golden: ExportedState = serde_json::from_str(STATE).expect("the file is a state");
    assert_eq!(replay_json(ENTRIES).expect("it holds"), golden);
    let found: ExportedState = serde_json::from_str(&python(ENTRIES).expect("it holds")).expect("it prints a state");
    assert_eq!(found, golden);
    let empty: ExportedState = serde_json::from_str(&python("[]").expect("it holds")).expect("it prints a state");
    assert_eq!(empty, replay_json("[]").expect("it holds"));
}

#[test]
fn both_programs_name_the_same_entry_for_the_same_reason() {
    for (entries, expected) in faulty() {
        let json = text(&exported(&entries));
        let error = replay_json(&json).expect_err("it does not hold");
        assert_eq!(error.to_string(), expected.to_string());
        assert_eq!(python(&json), Err(format!("{expected}\n")));
    }
}

/// The worked example in docs/protocol/keys.md is the first entry.
#[test]
fn the_book_shows_the_first_entry() {
    let entry = &full_life()[0];
    let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let shown: String = BOOK
        .lines()
        .skip_while(|line| !line.starts_with("domain "))
        .take_while(|line| !line.starts_with("SHA-256 "))
        .map(|line| line[10..].replace(' ', ""))
        .collect();
    assert_eq!(shown, digits(&entry.canonical()));
    assert!(BOOK.contains(&format!("SHA-256   {}", digits(&entry.hash))));
}

/// What is no ledger at all, or has in it what there is not: both say so, and neither falls over.
#[test]
fn both_programs_refuse_what_is_no_ledger() {
    let touched = |pointer: &str, value: Value| {
        let mut entries: Value = serde_json::from_str(ENTRIES).expect("it is JSON");
        *entries.pointer_mut(pointer).expect("it is there") = value;
        entries.to_string()
    };
    let ten = json!(vec![json!({"pqcKept": null}); 10]);
    for (text, entry) in [
        (touched("/0/changes/0/registered/capabilities", json!(128)), Some(0)),
        (touched("/4/changes", ten), Some(4)),
        (touched("/4/changes/0/registered/scheme", json!("MlDsa44")), None),
        (touched("/4/changes/0/registered/key", json!("0x00")), None),
        (touched("/4/changes/0", json!({"forgotten": null})), None),
        (touched("/4/changes/0", json!({"pqcKept": {}})), None),
        (touched("/2/index", json!(-1)), None),
        (touched("/2/index", json!(2.5)), None),
        (touched("/2/block", json!(4_294_967_296u64)), None),
        (touched("/2/hash", json!(null)), None),
        (touched("/2", json!({})), None),
        (touched("", json!({})), None),
        (ENTRIES[..ENTRIES.len() / 2].to_string(), None),
        (String::new(), None),
    ] {
        let error = replay_json(&text).expect_err("it is no ledger");
        assert_eq!(matches!(error, ExportError::NoSuchEntry(_)), entry.is_some(), "{error}");
        let complaint = python(&text).expect_err("it is no ledger");
        assert!(!complaint.contains("Traceback"), "{complaint}");
        if let Some(entry) = entry {
            let names = format!("entry {entry} does not hold");
            assert!(
                error.to_string().starts_with(&names) && complaint.starts_with(&names),
                "{error}: {complaint}"
            );
        }
    }
}
