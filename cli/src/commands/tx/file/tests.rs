use super::*;
use crate::testing::{forged_metadata_bytes, metadata, metadata_bytes, transfer, utility, InnerCall, RuntimeCall};
use codec::Encode;
use proptest::prelude::*;
use qc_pqc::SecretKey;

const OWNER: &str = "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB";

fn key() -> SecretKey {
    SecretKey::from_seed(&[42; 32])
}

/// What `qc tx prepare` writes for a call.
fn prepared(call: &RuntimeCall, metadata: Option<&[u8]>) -> Prepared {
    let unsigned = Unsigned {
        call: call.encode(),
        terms: Terms {
            nonce: 5,
            tip: 1_000_000_000_000,
            mortality: Some(Mortality {
                blocks: 2_048,
                from_number: 77,
                from_hash: H256([7; 32]),
            }),
        },
        target: Target {
            genesis: H256([9; 32]),
            spec_version: 1,
            transaction_version: 1,
        },
    };
    let described = describe(&unsigned.call, Some(&crate::testing::metadata())).unwrap();
    Prepared::new(
        KeyId::of(key().public()),
        OWNER.into(),
        &unsigned,
        &described,
        12,
        metadata,
    )
}

fn to_bob(plancks: u128) -> RuntimeCall {
    RuntimeCall::Balances(transfer([0xbb; 32], plancks))
}

fn batch() -> RuntimeCall {
    RuntimeCall::Utility(utility::Call::batch {
        calls: vec![InnerCall::Balances(transfer([0xbb; 32], 7))],
    })
}

fn text(prepared: &Prepared) -> String {
    serde_json::to_string(prepared).unwrap()
}

/// As `qc tx sign` does.
fn sign(text: &str) -> Result<String> {
    let prepared = Prepared::read(text)?;
    let metadata = prepared.metadata()?;
    let (unsigned, _) = prepared.shown(metadata.as_ref())?;
    let signed = unsigned.sign(&key())?;
    Ok(serde_json::to_string(&SignedFile::new(prepared, &signed)).unwrap())
}

#[test]
fn what_is_prepared_is_signed_and_read_again() {
    let original = prepared(&to_bob(1_500_000_000_000), None);
    assert!(
        original.does.iter().any(|line| line == "moves     1.5 FLX"),
        "{:?}",
        original.does
    );
    assert!(
        original.does.iter().any(|line| line == "tip       1 FLX"),
        "{:?}",
        original.does
    );
    let (file, signed, parts) = SignedFile::read(&sign(&text(&original)).unwrap()).unwrap();
    assert_eq!(file.prepared, original);
    let unsigned = original.unsigned().unwrap();
    assert!(unsigned.is_signed_by(key().public(), &parts.signature));
    assert_eq!((signed.hash, parts.call), (file.transaction, unsigned.call));
}

/// Somebody between the two machines changes one thing; nothing of it is signed.
#[test]
fn a_changed_file_is_not_signed() {
    let good = text(&prepared(&to_bob(1_500_000_000_000), None));
    let mallory = format!("0x0a0300{}", "66".repeat(32));
    for (from, to, code) in [
        // The words alone, and the bytes alone.
        ("moves     1.5 FLX", "moves     0.1 FLX", "file_contradicts_itself"),
        (
            &*format!("0x0a0300{}", "bb".repeat(32)),
            &*mallory,
            "file_contradicts_itself",
        ),
        ("\"nonce\":5", "\"nonce\":6", "file_contradicts_itself"),
        (
            "\"tip\":\"1000000000000\"",
            "\"tip\":\"9000000000000\"",
            "file_contradicts_itself",
        ),
        ("\"blocks\":2048", "\"blocks\":4096", "file_contradicts_itself"),
        ("\"fromNumber\":77", "\"fromNumber\":17", "file_contradicts_itself"),
        ("\"specVersion\":1", "\"specVersion\":2", "file_contradicts_itself"),
        (&*"09".repeat(32), &*"08".repeat(32), "bytes"),
        // What cannot be read.
        ("\"call\":\"0x", "\"call\":\"", "bad_transaction_file"),
        ("qc-unsigned", "qc-signed", "bad_transaction_file"),
        ("\"blocks\":2048", "\"blocks\":2047", "bad_transaction_file"),
        ("\"nonce\":5", "\"nonce\":5,\"more\":1", "bad_transaction_file"),
        ("\"tip\":\"1000000000000\"", "\"tip\":\"-1\"", "bad_transaction_file"),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        match sign(&changed) {
            Err(error) if code != "bytes" => assert_eq!(error.code(), code, "{from} → {to}"),
            Err(error) => assert_eq!(error.code(), "file_contradicts_itself"),
            Ok(_) => panic!("{from} → {to} was signed"),
        }
    }
}

/// Both at once: then the words tell what is signed, and no metadata can make them tell anything else.
#[test]
fn forged_metadata_cannot_dress_a_call_up() {
    let unsigned = prepared(&to_bob(1_500_000_000_000), None).unsigned().unwrap();
    let forged = read_metadata_15(&forged_metadata_bytes()).unwrap();
    assert_eq!(
        describe(&unsigned.call, Some(&forged)).unwrap_err().code(),
        "call_unclear"
    );
    let honest = text(&prepared(&to_bob(1), Some(&metadata_bytes())));
    assert!(sign(&honest).is_ok());
    let dressed = honest.replace(&hex::encode(metadata_bytes()), &hex::encode(forged_metadata_bytes()));
    assert_ne!(dressed, honest);
    assert_eq!(sign(&dressed).unwrap_err().code(), "call_unclear");
}

#[test]
fn a_call_that_qc_does_not_know_needs_metadata() {
    let with = prepared(&batch(), Some(&metadata_bytes()));
    assert!(with.does[1].contains("Balances.transfer_keep_alive"), "{:?}", with.does);
    let signed = sign(&text(&with)).unwrap();
    assert!(!signed.contains("metadata"), "the signed file needs none");
    let without = prepared(&batch(), None);
    assert_eq!(sign(&text(&without)).unwrap_err().code(), "call_unclear");
    let described = describe(&batch().encode(), Some(&metadata())).unwrap();
    assert_eq!(described.needs, None);
    let cut = text(&with).replacen(
        &hex::encode(metadata_bytes()),
        &hex::encode(&metadata_bytes()[..500]),
        1,
    );
    assert_eq!(sign(&cut).unwrap_err().code(), "bad_transaction_file");
}

/// After signing nothing can be exchanged either.
#[test]
fn a_changed_signed_file_is_refused() {
    let good = sign(&text(&prepared(&to_bob(1_500_000_000_000), None))).unwrap();
    let (file, _, _) = SignedFile::read(&good).unwrap();
    for (from, to) in [
        ("\"nonce\":5", "\"nonce\":6"),
        ("qc-signed", "qc-unsigned"),
        (&*format!("{:?}", file.transaction), &*format!("{:?}", H256([1; 32]))),
        (
            &*format!("0x0a0300{}", "bb".repeat(32)),
            &*format!("0x0a0300{}", "66".repeat(32)),
        ),
        ("\"signed\":\"0x", "\"signed\":\"0x00"),
        (&*KeyId::of(key().public()).to_string(), &*KeyId([1; 32]).to_string()),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        assert_eq!(
            SignedFile::read(&changed).unwrap_err().code(),
            "bad_transaction_file",
            "{from}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever single character is changed: the file is refused, or the change touched what is neither signed nor shown.
    #[test]
    fn no_character_can_be_changed_unseen(place in any::<prop::sample::Index>(), letter in "[0-9a-f]") {
        let good = text(&prepared(&to_bob(1_500_000_000_000), None));
        let (from, to) = (good.find("\"genesis\"").unwrap(), good.find("\"feeEstimate\"").unwrap());
        let at = from + place.index(to - from);
        let mut changed = good.clone().into_bytes();
        changed[at] = letter.as_bytes()[0];
        let changed = String::from_utf8_lossy(&changed).into_owned();
        if let Ok(signed) = sign(&changed) {
            let original = Prepared::read(&good).unwrap().unsigned().unwrap();
            let (_, _, parts) = SignedFile::read(&signed).unwrap();
            prop_assert!(original.is_signed_by(key().public(), &parts.signature), "{}", changed);
        }
    }
}
