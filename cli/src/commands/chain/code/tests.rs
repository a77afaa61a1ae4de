use super::*;
use crate::client::{CODE_KEY, FETCHED_BYTES_MAX};
use crate::testing::field::{node, run};
use std::path::PathBuf;

const AT: H256 = H256([0x22; 32]);

/// A module that does nothing, as a compiler makes it: its magic, version 1, and an empty custom section with a name.
const WASM: &[u8] = b"\0asm\x01\0\0\0\0\x05\x04name";

/// The same, compressed as the chain holds code: a mark, and a zstd frame with one raw block, put together by hand.
fn compressed(wasm: &[u8]) -> Vec<u8> {
    let size = u8::try_from(wasm.len()).expect("a short module");
    // Magic; frame header: one segment, its size in a byte; block header: last, raw, its size in 21 bits.
    let block = (u32::from(size) << 3) | 1;
    [
        &[82, 188, 83, 118, 70, 219, 142, 5][..],
        &0xfd2f_b528_u32.to_le_bytes(),
        &[0x20, size],
        &block.to_le_bytes()[..3],
        wasm,
    ]
    .concat()
}

fn look_at() -> Look {
    Look {
        at: AT,
        number: 7,
        state: "finalised",
    }
}

/// What a node says of a chain with this code.
fn said(code: &[u8]) -> Vec<(String, String)> {
    let of_code = |method: &str| format!("{method} [\"{CODE_KEY}\",\"{AT:?}\"]");
    let version = r#"{"specName":"quantum-currency","specVersion":3,"implVersion":1,"transactionVersion":2,"apis":[]}"#;
    vec![
        ("system_chain ".into(), "\"Small\"".into()),
        (format!("state_getRuntimeVersion [\"{AT:?}\"]"), version.into()),
        (
            of_code("state_getStorageHash"),
            format!("\"{:?}\"", H256(blake2_256(code))),
        ),
        (of_code("state_getStorageSize"), code.len().to_string()),
        (of_code("state_getStorage"), format!("\"0x{}\"", hex::encode(code))),
    ]
}

fn on_chain(code: &[u8]) -> OnChain {
    run(ask(&node(said(code)), look_at())).unwrap()
}

fn compared(chain: &OnChain, file: &[u8]) -> Result<Match> {
    compare(chain, Path::new("some.wasm"), file)
}

#[test]
fn the_code_of_a_chain_is_shown() {
    // Known answers, from b2sum -l 256 and sha256sum.
    let chain = on_chain(WASM);
    let machine = chain.machine();
    assert_eq!(machine["blake2_256"], BLAKE2_256);
    assert_eq!(machine["sha256"], SHA256);
    assert_eq!((&machine["bytes"], &machine["unpackedBytes"]), (&json!(15), &json!(15)));
    assert_eq!(
        (&machine["specName"], &machine["specVersion"]),
        (&json!("quantum-currency"), &json!(3))
    );
    assert_eq!(
        machine["block"],
        json!({ "number": 7, "hash": format!("{AT:?}"), "state": "finalised" })
    );
    let human = chain.human();
    for part in [
        "Small",
        "quantum-currency 3",
        "15 bytes of Wasm, not compressed",
        BLAKE2_256,
        SHA256,
    ] {
        assert!(human.contains(part), "{part} in {human}");
    }
    let packed = on_chain(&compressed(WASM));
    assert_eq!(
        (&packed.machine()["bytes"], &packed.machine()["unpackedBytes"]),
        (&json!(32), &json!(15))
    );
    assert!(
        packed.human().contains("32 bytes, compressed; 15 bytes of Wasm"),
        "{}",
        packed.human()
    );
}

const BLAKE2_256: &str = "0x487afd83e69d5943c46cec674b781db577a9fa211fb725c9d71344d110f44671";
const SHA256: &str = "0xce9e2dd465e2b0374a8dfdd8dc965db4c1e146a347587a8a20875718a4febdd9";

#[test]
fn the_same_code_is_recognised_also_in_another_packing() {
    let (plain, packed) = (on_chain(WASM), on_chain(&compressed(WASM)));
    assert_eq!(compared(&plain, WASM).unwrap(), Match::Identical);
    assert_eq!(compared(&packed, &compressed(WASM)).unwrap(), Match::Identical);
    assert_eq!(compared(&packed, WASM).unwrap(), Match::Packing);
    assert_eq!(compared(&plain, &compressed(WASM)).unwrap(), Match::Packing);
    let path = Path::new("some.wasm");
    assert!(Match::Packing
        .human(path, &packed)
        .contains("what the chain holds is compressed"));
    assert!(Match::Packing.human(path, &plain).contains("is not compressed"));
}

#[test]
fn another_code_is_refused_with_both_hashes() {
    let chain = on_chain(&compressed(WASM));
    let mut other = WASM.to_vec();
    *other.last_mut().unwrap() ^= 1;
    for file in [other.clone(), compressed(&other)] {
        let error = compared(&chain, &file).unwrap_err();
        assert_eq!((error.code(), error.exit_number()), ("code_differs", 1));
        let there = format!("{:?}", chain.stored.blake2_256);
        let here = format!("{:?}", H256(blake2_256(&file)));
        let text = error.to_string();
        assert!(
            text.contains(&here) && text.contains(&there) && text.contains("Small at block 7"),
            "{text}"
        );
        assert!(error.hint().unwrap().contains("quantum-currency version 3"));
        let uncompressed = error.hint().unwrap().contains("qc_runtime.compact.wasm");
        assert_eq!(uncompressed, !is_compressed(&file));
        let machine = error.to_json();
        assert_eq!(
            (&machine["chain"]["blake2_256"], &machine["file"]["blake2_256"]),
            (&json!(there), &json!(here))
        );
    }
}

#[test]
fn a_code_that_is_too_long_is_compared_by_its_hash() {
    let long = |code: &[u8]| {
        let mut said = said(code);
        let size = said.iter_mut().find(|(asked, _)| asked.contains("Size")).unwrap();
        size.1 = (FETCHED_BYTES_MAX + 1).to_string();
        said.retain(|(asked, _)| !asked.starts_with("state_getStorage ["));
        run(ask(&node(said), look_at())).unwrap()
    };
    let chain = long(WASM);
    assert_eq!(chain.machine()["sha256"], Value::Null);
    assert!(chain.human().contains("too long to be fetched"));
    assert_eq!(compared(&chain, WASM).unwrap(), Match::Identical);
    assert_eq!(compared(&chain, &compressed(WASM)).unwrap_err().code(), "code_differs");
}

#[test]
fn a_node_that_contradicts_itself_is_not_believed() {
    for (method, lie) in [
        ("state_getStorageHash", format!("\"{:?}\"", H256([9; 32]))),
        ("state_getStorageSize", "16".into()),
        ("state_getStorageHash", "null".into()),
        ("state_getStorageSize", "null".into()),
        ("state_getStorage ", "\"0x00\"".into()),
    ] {
        let mut said = said(WASM);
        said.iter_mut().find(|(asked, _)| asked.starts_with(method)).unwrap().1 = lie;
        let error = run(ask(&node(said), look_at())).err().unwrap();
        assert_eq!(error.code(), "node_nonsense", "{method}");
    }
}

#[test]
fn only_a_runtime_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let write = |bytes: &[u8]| -> PathBuf {
        let path = folder.path().join("blob");
        std::fs::write(&path, bytes).unwrap();
        path
    };
    assert_eq!(read_file(&write(WASM)).unwrap(), WASM);
    assert_eq!(read_file(&write(&compressed(WASM))).unwrap(), compressed(WASM));
    let cut = &compressed(WASM)[..20];
    for bytes in [&b""[..], b"#!/bin/sh", cut, &compressed(b"#!/bin/sh")] {
        assert_eq!(read_file(&write(bytes)).unwrap_err().code(), "no_runtime_blob");
    }
    for path in [folder.path().join("nothing"), folder.path().into()] {
        let error = read_file(&path).unwrap_err();
        assert_eq!((error.code(), error.exit_number()), ("blob_unreadable", 2));
    }
}
