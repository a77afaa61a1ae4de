//! Documents and chain specs: read, written, mutated, refused.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use proptest::prelude::*;
use qc_genesis::canonical::sha256;
use qc_genesis::document::{Document, DocumentFault, Source, Spec, DOCUMENT_BYTES_MAX, SPEC_BYTES_MAX};
use qc_genesis::json::{parse, Json};
use std::sync::LazyLock;
use support::{document, CODE};

static DOCUMENT: LazyLock<Document> = LazyLock::new(document);
static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_canonical());

/// The document with a part of its text replaced.
fn changed(from: &str, to: &str) -> Result<Document, DocumentFault> {
    assert!(TEXT.contains(from), "{from} is in it");
    Document::parse(TEXT.replacen(from, to, 1).as_bytes())
}

fn spec_changed(from: &str, to: &str) -> Result<Spec, DocumentFault> {
    let spec = DOCUMENT.to_spec(CODE, &[]).expect("it is its code");
    assert!(spec.contains(from), "{from} is in it");
    Spec::parse(spec.replacen(from, to, 1).as_bytes())
}

#[test]
fn a_file_is_the_canonical_form_and_its_sha_256_the_hash() {
    assert_eq!(Document::parse(TEXT.as_bytes()).as_ref(), Ok(&*DOCUMENT));
    assert_eq!(DOCUMENT.hash().0, sha256(TEXT.as_bytes()));
    assert_eq!(DOCUMENT.to_json().to_canonical(), *TEXT);
    let pretty = DOCUMENT.to_json().to_pretty();
    assert_eq!(
        Document::parse(pretty.as_bytes()).map(|read| read.hash()),
        Ok(DOCUMENT.hash())
    );
}

#[test]
fn a_spec_is_the_same_document_and_has_numbers() {
    let nodes = ["/dns/boot.example.org/tcp/30333/p2p/12D3KooW".to_owned()];
    let text = DOCUMENT.to_spec(CODE, &nodes).expect("it is its code");
    let spec = Spec::parse(text.as_bytes()).unwrap();
    assert_eq!(
        (&spec.document, spec.code.as_slice(), spec.is_patch),
        (&*DOCUMENT, CODE, false)
    );
    let json = parse(text.as_bytes()).unwrap();
    let at = |path: &[&str]| path.iter().try_fold(&json, |json, key| json.get(key)).cloned();
    assert_eq!(at(&["properties", "ss58Format"]), Some(Json::number(1618u16)));
    assert_eq!(at(&["bootNodes"]), Some(Json::Array(vec![Json::text(&nodes[0])])));
    let config = at(&["genesis", "runtimeGenesis", "config"]).unwrap();
    assert_eq!(config, DOCUMENT.config_json());
    assert_eq!(
        config.get("clock").and_then(|clock| clock.get("epochBlocks")),
        Some(&Json::number(150u8))
    );
    // The name of a founder is a name, also if it has digits alone, and the SDK writes its multiplier as a string.
    let text = config.to_canonical();
    assert!(text.contains("[\"007\",\"0x00") && text.contains("\"multiplier\":\"1000000000000000000\""));
    assert!(matches!(Source::parse(text.as_bytes()), Err(DocumentFault::Neither)));
    // Other code, no spec.
    assert_eq!(DOCUMENT.to_spec(b"other", &[]), None);
    // Names of nodes are no part of it.
    let bare = DOCUMENT.to_spec(CODE, &[]).unwrap();
    assert_eq!(
        Source::parse(bare.as_bytes()).unwrap().document().hash(),
        DOCUMENT.hash()
    );
}

#[test]
fn a_patch_is_read_as_a_config() {
    let spec = spec_changed("\"config\":", "\"patch\":").unwrap();
    assert!(spec.is_patch);
    assert_eq!(spec.document.hash(), DOCUMENT.hash());
}

#[test]
fn what_is_no_document_is_named() {
    let message = |result: Result<Document, DocumentFault>| result.expect_err("it is refused").to_string();
    for (from, to, expected) in [
        ("qc-harmonic-genesis/1", "qc-harmonic-genesis/2", "its format is"),
        ("\"format\"", "\"form\"", "format is missing"),
        ("\"chain\":{", "\"chain\":[],\"chaim\":{", "\"chaim\""),
        (
            "\"chainType\":\"Live\"",
            "\"chainType\":\"Real\"",
            "must be Live, Local or Development",
        ),
        ("\"id\":\"qc-test\"", "\"id\":\"QC\"", "chain.id must be"),
        (
            "\"id\":\"qc-test\"",
            "\"id\":7",
            "\"chain.id\" must be a string, but is a number",
        ),
        (
            "\"protocolId\":\"qc-test\"",
            "\"protocolId\":\"7qc\"",
            "chain.protocolId must be",
        ),
        ("Quantum Currency Test", "Quantum\\nCurrency", "the chain's name"),
        ("Quantum Currency Test", "Quantum \u{202e}Currency", "the chain's name"),
        ("Quantum Currency Test", "Quantum\u{200b}Currency", "the chain's name"),
        (
            "\"ss58Format\":\"1618\"",
            "\"ss58Format\":\"42\"",
            "chain.properties must be",
        ),
        (
            "\"codeSha256\":\"0x",
            "\"codeSha256\":\"",
            "codeSha256 must be 0x and 64",
        ),
        (
            "\"codeSha256\":\"0x",
            "\"codeSha256\":\"0xA",
            "codeSha256 must be 0x and 64",
        ),
        ("\"clock\":{", "\"treasure\":{},\"clock\":{", "config.treasure"),
        ("\"clock\":{", "\"clocks\":{", "config.clocks"),
        (
            "\"epochBlocks\":\"150\"",
            "\"epochBlocks\":\"150\",\"more\":1",
            "config.clock: unknown field `more`",
        ),
        (
            "\"epochBlocks\":\"150\"",
            "\"epochBlocks\":\"4294967296\"",
            "config.clock: invalid value",
        ),
        (
            "\"epochBlocks\":\"150\"",
            "\"epochBlocks\":\"0150\"",
            "config.clock: invalid type: string",
        ),
        (
            "\"threshold\":\"3\"",
            "\"threshold\":\"2\"",
            "config.incidents: the threshold",
        ),
        ("[\"Ada\",", "[\"Cleo\",", "config.incidents: two founders are named"),
        ("[\"SEAL\"]", "[\"SEAL\",\"MANAGE\"]", "with SEAL and nothing else"),
        ("[\"SEAL\"]", "[\"SELL\"]", "config.keyLedger"),
        ("\"devAccounts\":null", "\"devAccounts\":[1,2,null]", "config.balances"),
    ] {
        let found = message(changed(from, to));
        assert!(found.contains(expected), "{to}: {found}");
    }
    let large = vec![b' '; DOCUMENT_BYTES_MAX + 1];
    assert!(message(Document::parse(&large)).contains("at most"));
    assert!(message(Document::parse(b"[]")).contains("format is missing"));
}

/// A hostile file does not keep its reader busy.
#[test]
fn more_than_a_chain_can_have_is_refused() {
    let message = |result: Result<Document, DocumentFault>| result.expect_err("it is refused").to_string();
    for shards in ["0", "2", "51", "255"] {
        let found = message(changed(
            "\"shards\":\"5\"},\"field\"",
            &format!("\"shards\":\"{shards}\"}},\"field\""),
        ));
        assert_eq!(found, format!("config.economy.shards must be 3 to 50, but is {shards}"));
    }
    let config = DOCUMENT.to_json().get("config").cloned().expect("it has one");
    for (table, member) in [("attunement", "validators"), ("session", "keys")] {
        let mut config = config.clone();
        let Json::Object(tables) = &mut config else {
            panic!("no object")
        };
        let Some(Json::Object(members)) = tables.get_mut(table) else {
            panic!("no {table}")
        };
        let Some(Json::Array(items)) = members.get_mut(member) else {
            panic!("no {member}")
        };
        *items = vec![items[0].clone(); 101];
        let refused = Document::new(DOCUMENT.chain().clone(), [0; 32], config);
        let expected = format!("config.{table}.{member} must name at most 100 validators, but names 101");
        assert_eq!(message(refused), expected);
    }
}

#[test]
fn what_is_no_spec_is_named() {
    for (from, to, expected) in [
        (
            "\"codeSubstitutes\": {}",
            "\"codeSubstitutes\": {\"5\":\"0x00\"}",
            "codeSubstitutes must be empty",
        ),
        ("\"codeSubstitutes\": {}", "\"forkId\": \"x\"", "\"forkId\""),
        ("\"code\": \"0x", "\"code\": \"0xg", "must be 0x and hexadecimal"),
        ("\"code\": \"0x", "\"code\": \"", "must be 0x and hexadecimal"),
        ("\"config\":", "\"confg\":", "neither \"config\" nor \"patch\""),
        (
            "\"config\":",
            "\"patch\": {}, \"config\":",
            "neither \"config\" nor \"patch\"",
        ),
        (
            "\"runtimeGenesis\":",
            "\"raw\": {}, \"runtimeGenesis\":",
            "raw chain spec",
        ),
        (
            "\"tokenSymbol\": \"FLX\"",
            "\"tokenSymbol\": \"FLY\"",
            "properties must be",
        ),
        (
            "\"chainType\": \"Live\"",
            "\"chainType\": {\"Custom\":\"x\"}",
            "must be a string, but is an object",
        ),
    ] {
        let found = spec_changed(from, to).expect_err("it is refused").to_string();
        assert!(found.contains(expected), "{to}: {found}");
    }
    let large = vec![b' '; SPEC_BYTES_MAX + 1];
    assert!(Spec::parse(&large).is_err() && Source::parse(&large).is_err());
    let long = format!("{{\"format\":\"x\",\"a\":\"{}\"}}", "x".repeat(DOCUMENT_BYTES_MAX));
    assert!(matches!(
        Source::parse(long.as_bytes()),
        Err(DocumentFault::TooLarge { .. })
    ));
}

#[test]
fn keys_that_everybody_knows_are_no_keys_of_a_real_network() {
    // Alice's account in the place of somebody's.
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let third = qc_genesis::Account([3; 32]).in_genesis();
    let fault = changed(&third, alice).expect_err("it is refused");
    assert!(matches!(fault, DocumentFault::DevelopmentKey { .. }), "{fault}");
    assert!(fault.to_string().contains("//Alice"), "{fault}");
    for chain_type in ["Local", "Development"] {
        let text = TEXT
            .replace(&third, alice)
            .replace("\"Live\"", &format!("\"{chain_type}\""));
        assert!(Document::parse(text.as_bytes()).is_ok());
    }
    // Session keys, and keys of founders and validators, are looked at too.
    let aura = qc_genesis::Account(support::session(0, [1; 32]).aura).in_genesis();
    let fault = changed(&aura, alice).expect_err("it is refused").to_string();
    assert!(fault.contains("config.session.keys[0].aura"), "{fault}");
    let seed = qc_pqc::derive::development_seed("Alice");
    let known = qc_genesis::cards::key_text(qc_pqc::SecretKey::from_seed(&seed).public());
    for (own, place) in [
        (support::seal_key(0), "config.keyLedger.keys[0]"),
        (support::founder_key(4), "config.incidents.founders[4]"),
    ] {
        let fault = changed(&qc_genesis::cards::key_text(own.public()), &known).expect_err("it is refused");
        assert!(fault.to_string().contains(place), "{fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every byte of the canonical form counts.
    #[test]
    fn a_mutated_document_is_another_one_or_none(at: prop::sample::Index, byte: u8) {
        let mut bytes = TEXT.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        if let Ok(read) = Document::parse(&bytes) {
            prop_assert_ne!(read.hash(), DOCUMENT.hash());
        }
    }

    #[test]
    fn a_torn_document_is_none(at: prop::sample::Index, length in 1usize..200) {
        let bytes = TEXT.as_bytes();
        let at = at.index(bytes.len() - length);
        let torn = [&bytes[..at], &bytes[at + length..]].concat();
        prop_assert!(Document::parse(&bytes[..at]).is_err());
        if let Ok(read) = Source::parse(&torn) {
            prop_assert_ne!(read.document().hash(), DOCUMENT.hash());
        }
    }
}
