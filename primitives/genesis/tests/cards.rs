//! Cards: written, read, mutated, refused.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qc_genesis::cards::{hex_text, Card, CardFault, SessionKeyFile, CARD_BYTES_MAX};
use qc_genesis::{is_owned, Account};
use std::sync::LazyLock;
use support::{founder_card, session, validator_card};

static FOUNDER: LazyLock<String> = LazyLock::new(|| founder_card(0).to_json().to_pretty());
static VALIDATOR: LazyLock<String> = LazyLock::new(|| validator_card(0).to_json().to_pretty());

fn message(text: &str) -> String {
    Card::parse(text.as_bytes()).expect_err("it is refused").to_string()
}

fn session_file(keys: &SessionKeyFile) -> String {
    format!(
        "{{\"owner\":\"{}\",\"aura\":\"{}\",\"grandpa\":\"{}\",\"proof\":\"{}\"}}",
        hex_text(&keys.owner.0),
        hex_text(&keys.aura),
        hex_text(&keys.grandpa),
        hex_text(&keys.proof)
    )
}

#[test]
fn what_is_written_is_read_back() {
    assert_eq!(Card::parse(FOUNDER.as_bytes()), Ok(Card::Founder(founder_card(0))));
    let read = Card::parse(VALIDATOR.as_bytes()).expect("it is a card");
    let Card::Validator(read) = read else {
        panic!("a validator's")
    };
    assert_eq!(
        (read.name.as_str(), &read.seal_key),
        ("One", &validator_card(0).seal_key)
    );
    assert_eq!(
        (read.session.owner, read.session.aura),
        (Account([1; 32]), session(0, [1; 32]).aura)
    );
    let keys = session(1, [9; 32]);
    assert_eq!(SessionKeyFile::parse(session_file(&keys).as_bytes()), Ok(keys));
}

#[test]
fn what_is_no_card_is_named() {
    for (from, to, expected) in [
        ("qc-founder-card/1", "qc-founder-card/2", "no card's that this qc reads"),
        ("\"format\"", "\"from\"", "format is missing"),
        ("\"name\": \"Ada\"", "\"name\": \"A\\u0007\"", "the name must be"),
        ("\"name\": \"Ada\"", "\"name\": \"\"", "the name must be"),
        (
            "\"name\": \"Ada\"",
            "\"name\": 7",
            "name must be a string, but is a number",
        ),
        (
            "\"name\": \"Ada\"",
            "\"name\": \"Ada\", \"age\": 7",
            "\"age\", which is not on a card",
        ),
        (
            "\"name\": \"Ada\"",
            "\"name\": \"Ada\", \"name\": \"Ben\"",
            "the key \"name\" stands in this object twice",
        ),
        ("\"keyId\": \"0x", "\"keyId\": \"0x00", "keyId is not that of publicKey"),
        (
            "\"publicKey\": \"0x00",
            "\"publicKey\": \"0x01",
            "publicKey is no public key",
        ),
        (
            "\"publicKey\": \"0x00",
            "\"publicKey\": \"0x",
            "hexadecimal digits instead of",
        ),
    ] {
        assert!(FOUNDER.contains(from), "{from}");
        let found = message(&FOUNDER.replacen(from, to, 1));
        assert!(found.contains(expected), "{to}: {found}");
    }
    for (from, to, expected) in [
        ("\"account\": \"eE", "\"account\": \"eF", "account: "),
        ("\"aura\": \"0x", "\"aura\": \"", "aura must be 0x and 64"),
        (
            "\"ownershipProof\": \"0x",
            "\"ownershipProof\": \"0x00",
            "ownershipProof must be 0x and 256",
        ),
        ("\"sessionKeys\": {", "\"sessionKeys\": [],\"x\": {", "\"x\""),
        ("\"sealKey\"", "\"key\"", "\"key\""),
    ] {
        assert!(VALIDATOR.contains(from), "{from}");
        let found = message(&VALIDATOR.replacen(from, to, 1));
        assert!(found.contains(expected), "{to}: {found}");
    }
    assert!(matches!(
        Card::parse(&vec![b' '; CARD_BYTES_MAX + 1]),
        Err(CardFault::TooLarge(_))
    ));
    assert!(matches!(
        SessionKeyFile::parse(FOUNDER.as_bytes()),
        Err(CardFault::Unknown(_))
    ));
    assert_eq!(Card::parse(b"7"), Err(CardFault::Missing("format".into())));
}

#[test]
fn an_ownership_proof_is_of_these_keys_for_this_owner() {
    let keys = session(0, [1; 32]);
    let proven =
        |owner: [u8; 32], keys: &SessionKeyFile| is_owned(&Account(owner), &keys.aura, &keys.grandpa, &keys.proof);
    assert!(proven([1; 32], &keys));
    assert!(!proven([2; 32], &keys));
    for change in [
        |keys: &mut SessionKeyFile| keys.aura = session(1, [1; 32]).aura,
        |keys: &mut SessionKeyFile| keys.grandpa = session(1, [1; 32]).grandpa,
        |keys: &mut SessionKeyFile| keys.proof[0] ^= 1,
        |keys: &mut SessionKeyFile| keys.proof[127] ^= 1,
        |keys: &mut SessionKeyFile| keys.proof.rotate_left(64),
        |keys: &mut SessionKeyFile| keys.owner = Account([2; 32]),
    ] {
        let mut changed = keys.clone();
        change(&mut changed);
        let refused = SessionKeyFile::parse(session_file(&changed).as_bytes());
        assert_eq!(refused, Err(CardFault::NotOwned(changed.owner)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A card that was changed on its way is refused, or says another name: which the coordinator sees in the plan.
    #[test]
    fn a_mutated_card_is_another_one_or_none(at: prop::sample::Index, byte: u8, founder: bool) {
        let text: &str = if founder { &FOUNDER } else { &VALIDATOR };
        let mut bytes = text.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Card::parse(&bytes) {
            let name = read.name().to_owned();
            match read {
                Card::Founder(card) => prop_assert!(card == founder_card(0) || name != "Ada"),
                Card::Validator(card) => {
                    let same = card.session.aura == session(0, [1; 32]).aura && card.session.owner == Account([1; 32]);
                    // The SEAL key is not signed on the card: who has it signs the genesis.
                    prop_assert!(same);
                }
            }
        }
    }
}
