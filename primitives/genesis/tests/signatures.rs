//! Signatures: exactly one of everybody, each refusal with its reason.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qc_genesis::canonical::GenesisHash;
use qc_genesis::signatures::{signers, verify, GenesisSignature, Role, SignatureFault, SIGNATURE_BYTES_MAX};
use qc_genesis::{Document, GenesisError};
use qc_pqc::{KeyId, Purpose, SecretKey};
use std::sync::LazyLock;
use support::{document, founder_key, seal_key, CODE, PLAN};

type Filed = Vec<(String, GenesisSignature)>;

static DOCUMENT: LazyLock<Document> = LazyLock::new(document);
static SIGNED: LazyLock<Filed> = LazyLock::new(|| all(&DOCUMENT));

fn all(document: &Document) -> Filed {
    let keys = (0..5).map(founder_key).chain((0..2).map(seal_key));
    let signed = keys.enumerate().map(|(at, key)| {
        let signature = GenesisSignature::make(document, &key).expect("everybody may sign");
        (format!("file {at}"), signature)
    });
    signed.collect()
}

fn fault(change: impl FnOnce(&mut Filed)) -> SignatureFault {
    let mut signed = SIGNED.clone();
    change(&mut signed);
    verify(&DOCUMENT, &signed).expect_err("it is refused")
}

#[test]
fn everybody_signs_once_in_any_order() {
    let signers = verify(&DOCUMENT, &SIGNED).expect("all have signed");
    assert_eq!(signers.iter().filter(|signer| signer.role == Role::Founder).count(), 5);
    assert_eq!(
        signers.iter().filter(|signer| signer.role == Role::Validator).count(),
        2
    );
    let mut reversed = SIGNED.clone();
    reversed.reverse();
    assert!(verify(&DOCUMENT, &reversed).is_ok());
}

#[test]
fn a_missing_one_is_named() {
    let missing = fault(|signed| drop(signed.drain(3..6)));
    assert_eq!(missing.code(), "signature_missing");
    let message = missing.to_string();
    let address = qc_genesis::Account([1; 32]).to_string();
    assert!(
        message.contains("the founder Dora") && message.contains("the founder 007"),
        "{message}"
    );
    assert!(message.contains(&format!("the validator {address}")), "{message}");
    assert_eq!(fault(Vec::clear).code(), "signature_missing");
}

#[test]
fn a_duplicate_is_named() {
    let duplicate = fault(|signed| signed.push(("again".into(), signed[1].1.clone())));
    assert_eq!(
        duplicate.to_string(),
        "the founder Ben é signed twice: file 1 and again"
    );
    // ML-DSA signatures are not unique: another one of the same key is a duplicate too.
    let other = GenesisSignature::make(&DOCUMENT, &founder_key(1)).expect("it may sign");
    assert_eq!(
        fault(|signed| signed.push(("other".into(), other))).code(),
        "signature_duplicate"
    );
}

#[test]
fn a_foreign_one_is_named() {
    let stranger = SecretKey::from_seed(&[7; 32]);
    assert!(matches!(
        GenesisSignature::make(&DOCUMENT, &stranger),
        Err(SignatureFault::NotASigner(id)) if id == KeyId::of(stranger.public())
    ));
    let mut forged = SIGNED[0].1.clone();
    forged.key_id = KeyId::of(stranger.public());
    forged.signature = stranger
        .sign(Purpose::Genesis, &DOCUMENT.hash().0, b"founder")
        .expect("it signs");
    let foreign = fault(|signed| signed.push(("forged".into(), forged)));
    assert_eq!(foreign.code(), "signature_foreign");
    assert!(foreign.to_string().contains("forged") && foreign.to_string().contains("Ada"));
}

#[test]
fn a_wrong_one_is_named() {
    let hash = DOCUMENT.hash().0;
    let by =
        |purpose: Purpose, hash: &[u8; 32], role: &[u8]| founder_key(0).sign(purpose, hash, role).expect("it signs");
    for signature in [
        by(Purpose::Report, &hash, b"founder"),
        by(Purpose::Possession, &hash, b"founder"),
        by(Purpose::Genesis, &hash, b"validator"),
        by(Purpose::Genesis, &hash, b""),
        by(Purpose::Genesis, &[0; 32], b"founder"),
        SIGNED[1].1.signature.clone(),
    ] {
        let wrong = fault(|signed| signed[0].1.signature = signature);
        assert_eq!(
            (wrong.code(), wrong.to_string().as_str()),
            (
                "signature_wrong",
                "file 0: the signature of the founder Ada does not verify"
            )
        );
    }
    let renamed = fault(|signed| signed[0].1.name = "Ben é".into());
    assert_eq!(renamed.code(), "signature_wrong");
    let other_role = fault(|signed| signed[0].1.role = Role::Validator);
    assert!(
        other_role.to_string().contains("it states the validator Ada"),
        "{other_role}"
    );
}

/// One digit changed, one founder replaced, another blob: other documents, for which nobody has signed.
#[test]
fn signatures_are_for_one_genesis() {
    let code = qc_genesis::canonical::sha256(CODE);
    let digit = PLAN.replacen("stake = \"3000\"", "stake = \"2999.999999999999\"", 1);
    let digit = qc_genesis::Plan::parse(digit.as_bytes()).expect("a plan");
    let digit = digit.assemble(&support::cards(), code).expect("a document");
    let blob = support::plan()
        .assemble(&support::cards(), [9; 32])
        .expect("a document");
    for other in [digit, blob] {
        let refused = verify(&other, &SIGNED).expect_err("nobody signed it");
        assert_eq!(refused.code(), "signature_other_genesis");
        assert!(refused.to_string().contains(&other.hash().to_string()));
        assert!(verify(&other, &all(&other)).is_ok());
    }
    let reordered = DOCUMENT.to_json().to_pretty().replace("\n", "\r\n \t");
    let reordered = Document::parse(reordered.as_bytes()).expect("the same document");
    assert!(verify(&reordered, &SIGNED).is_ok());
}

#[test]
fn every_error_says_what_to_do() {
    for fault in [
        fault(Vec::clear),
        fault(|signed| signed[0].1.genesis_hash = GenesisHash([0; 32])),
        SignatureFault::Malformed("x".into()),
        SignatureFault::CannotSign("x".into()),
    ] {
        let error = GenesisError::from(fault);
        assert!(error.hint().len() > 8 && error.code().contains('_') && !error.to_string().is_empty());
    }
}

#[test]
fn a_file_is_read_back_and_anything_else_refused() {
    let signature = &SIGNED[2].1;
    let text = signature.to_json().to_pretty();
    assert_eq!(GenesisSignature::parse(text.as_bytes()).as_ref(), Ok(signature));
    assert_eq!(signers(&DOCUMENT)[2].id, signature.key_id);
    for (from, to, expected) in [
        ("qc-genesis-signature/1", "qc-genesis-signature/2", "format"),
        ("\"founder\"", "\"foundress\"", "role"),
        ("\"role\"", "\"rule\"", "rule"),
        ("\"keyId\": \"0x", "\"keyId\": \"", "keyId"),
        ("\"genesisHash\": \"0x", "\"genesisHash\": \"0x0", "genesisHash"),
        ("\"signature\": \"0x00", "\"signature\": \"0x", "signature"),
        ("\"signature\": \"0x00", "\"signature\": \"0x01", "signature"),
        ("\"name\": \"Cleo\"", "\"name\": null", "name is null"),
        ("{", "[", "line"),
    ] {
        assert!(text.contains(from), "{from}");
        let refused = GenesisSignature::parse(text.replacen(from, to, 1).as_bytes()).expect_err("it is refused");
        assert!(refused.to_string().contains(expected), "{to}: {refused}");
    }
    assert!(GenesisSignature::parse(b"[]").is_err());
    assert!(GenesisSignature::parse(&vec![b' '; SIGNATURE_BYTES_MAX + 1]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// No byte of a signature's file can be changed without the change being noticed, but those that say nothing.
    #[test]
    fn a_mutated_signature_does_not_verify(at: prop::sample::Index, byte: u8) {
        let mut bytes = SIGNED[0].1.to_json().to_canonical().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte && !bytes[at].eq_ignore_ascii_case(&byte));
        bytes[at] = byte;
        if let Ok(read) = GenesisSignature::parse(&bytes) {
            let mut signed = SIGNED.clone();
            signed[0].1 = read;
            prop_assert!(verify(&DOCUMENT, &signed).is_err());
        }
    }
}
