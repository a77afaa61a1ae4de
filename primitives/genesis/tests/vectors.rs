//! The vectors that the independent programs compute too, and the worked example of the chapter.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use qc_genesis::canonical::{canonical, harmonic_hash, sha256};
use qc_genesis::json::parse;
use qc_genesis::Source;
use std::fs;
use std::path::{Path, PathBuf};
use support::{document, CODE};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The hash of a file as the chapter says it, or why there is none.
fn hash_of(bytes: &[u8]) -> Result<String, String> {
    let json = parse(bytes).map_err(|error| error.to_string())?;
    if json.get("format").is_some() {
        return Ok(harmonic_hash(&json).to_string());
    }
    let source = Source::parse(bytes).map_err(|fault| fault.to_string())?;
    Ok(source.document().hash().to_string())
}

#[test]
fn every_vector_has_its_hash() {
    let expected = fs::read_to_string(vectors().join("EXPECTED")).expect("there is a list");
    let mut seen = 0;
    for line in expected.lines() {
        let (expected, file) = line.split_once(' ').expect("a hash and a file");
        let bytes = fs::read(vectors().join(file)).expect("it is there");
        let found = hash_of(&bytes);
        match expected {
            "refused" => assert!(found.is_err(), "{file}: {found:?}"),
            hash => assert_eq!(found.as_deref(), Ok(hash), "{file}"),
        }
        seen += 1;
    }
    let files = fs::read_dir(vectors()).expect("there are vectors");
    assert_eq!(files.count(), seen + 1, "EXPECTED names every file");
}

/// Catches a change of the document's shape: hashes that people signed would no longer be computed.
#[test]
fn the_document_and_its_spec_are_as_they_were() {
    let read = |file: &str| fs::read_to_string(vectors().join(file)).unwrap_or_default();
    let document = document();
    let pairs = [
        ("document.json", document.to_canonical()),
        ("spec.json", document.to_spec(CODE, &[]).expect("it is its code")),
    ];
    let mut changed = Vec::new();
    for (file, made) in pairs {
        if read(file) != made {
            let at = std::env::temp_dir().join(file);
            fs::write(&at, made).expect("it can be written");
            changed.push(at);
        }
    }
    assert!(
        changed.is_empty(),
        "they are others; what is made now is in {changed:?}"
    );
}

#[test]
fn the_worked_example_is_in_the_chapter() {
    let chapter = include_str!("../../../docs/protocol/genesis.md");
    let example = fs::read_to_string(vectors().join("example.json")).expect("it is there");
    let json = parse(example.as_bytes()).expect("it is JSON");
    let form = canonical(&json);
    assert!(
        chapter.contains(example.trim_end()),
        "the chapter does not have example.json"
    );
    assert!(chapter.contains(&form), "the chapter does not have {form}");
    let hash = format!("0x{}", hex::encode(sha256(form.as_bytes())));
    assert_eq!(hash, harmonic_hash(&json).to_string());
    assert!(chapter.contains(&hash), "the chapter does not have {hash}");
}
