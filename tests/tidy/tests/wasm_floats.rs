//! Floating point in the runtime's blob stands only where the genesis builder's JSON needs it, function by function, and no
//! call leads from the execution of blocks to what makes it. What that proves and what it does not: docs/protocol/numbers.md.

use qc_tidy::{assert_none, floats::Blob};
use std::{collections::BTreeSet, env, fs, path::PathBuf};

/// Functions that may have floating point, those whose name contains one of these: they *make* a number with a point, by
/// reading it from JSON, if only to refuse it. Which of serde's functions that happens in depends on what the compiler
/// inlines; rustup's 1.95 and Debian's 1.96 have been looked at.
const READERS: &[&str] = &[
    "serde_json::de::Deserializer<R>::f64_from_parts",
    "serde_json::de::Deserializer<R>::parse_exponent_overflow",
    "serde_json::de::Deserializer<R>::parse_integer",
    "serde_json::de::ParserNumber",
    "<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::deserialize_",
    "<core::marker::PhantomData<T> as serde_core::de::DeserializeSeed>::deserialize",
];

/// And those that *write* one that they are given: serde's messages that a number was met where something else should be,
/// how core writes a number for them, and how serde_json does.
const WRITERS: &[&str] = &[
    "<serde_core::de::Unexpected as core::fmt::Display>::fmt",
    "<serde_json::error::JsonUnexpected as core::fmt::Display>::fmt",
    "<f64 as core::fmt::Display>::fmt",
    "core::fmt::float::float_to_decimal_common_",
    "core::num::imp::flt2dec::to_exact_fixed_str::<f64",
    "core::num::imp::flt2dec::to_shortest_str::<f64",
    "<f64 as zmij::private::Sealed>::write_to_zmij_buffer",
];

fn is_one_of(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| name.contains(one))
}

/// The only exports that are no part of consensus and may reach the readers, by their prefix: a genesis is built before there is
/// a chain. All else counts as consensus, also what only a client asks, and any API that is yet to come.
const NOT_CONSENSUS: &str = "GenesisBuilder_";

/// The blob that was built with this test, as the compiler left it: not yet compacted, so with its name section. Another
/// one (of a release build, say) can be named by `QC_WASM_BLOB`.
fn blob_path() -> PathBuf {
    if let Some(path) = env::var_os("QC_WASM_BLOB") {
        return path.into();
    }
    let test = env::current_exe().expect("a test knows where it is"); // TARGET/debug/deps/wasm_floats-…
    let profile = test
        .ancestors()
        .nth(2)
        .expect("it is in deps/, in the folder of its profile");
    profile.join("wbuild/qc-runtime/target/wasm32v1-none/release/qc_runtime.wasm")
}

fn blob() -> (Vec<u8>, Blob) {
    let path = blob_path();
    let bytes = fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo build --workspace --all-targets` makes it (without SKIP_WASM_BUILD)",
            path.display()
        )
    });
    let blob = Blob::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (bytes, blob)
}

#[test]
fn floating_point_is_in_the_named_functions_only() {
    let (_, blob) = blob();
    assert!(blob.functions.len() > 500, "this is no runtime");
    for (_, function) in blob.with_floats() {
        println!("{:>4}  {}", function.floats, function.name);
    }
    let elsewhere: Vec<String> = blob
        .with_floats()
        .filter(|(_, function)| !is_one_of(READERS, &function.name) && !is_one_of(WRITERS, &function.name))
        .map(|(_, function)| format!("{} ({} instructions)", function.name, function.floats))
        .collect();
    assert_none("Floating point in the runtime:", &elsewhere);
}

/// The exports that count as consensus, or the others.
fn entries(blob: &Blob, consensus: bool) -> Vec<u32> {
    blob.exports
        .iter()
        .filter(|(name, _)| name.starts_with(NOT_CONSENSUS) != consensus)
        .map(|(_, index)| *index)
        .collect()
}

#[test]
fn consensus_cannot_reach_what_makes_floating_point() {
    let (_, blob) = blob();
    assert!(blob.exports.contains_key("Core_execute_block"), "this is no runtime");
    let among = |reached: &BTreeSet<u32>| -> Vec<String> {
        let found = blob.with_floats().filter(|(index, _)| reached.contains(index));
        found.map(|(_, function)| function.name.clone()).collect()
    };
    let consensus = entries(&blob, true);
    assert_none(
        "Reached from consensus by direct calls:",
        &among(&blob.reached(consensus.clone())),
    );
    let mut may = among(&blob.may_reach(consensus));
    may.retain(|name| !is_one_of(WRITERS, name));
    assert_none(
        "Perhaps reached from consensus through the table, and no mere writer:",
        &may,
    );
    // The other side of the same measure: it does find them where they are used.
    let elsewhere = among(&blob.may_reach(entries(&blob, false)));
    assert!(
        blob.with_floats().count() == 0 || elsewhere.iter().any(|name| is_one_of(READERS, name)),
        "nobody reaches floating point: the measure sees nothing"
    );
}

#[test]
fn the_blob_without_its_floating_point_is_a_module_too() {
    let (bytes, blob) = blob();
    let trapping = blob.with_floats_trapping(&bytes);
    assert_eq!(trapping.len(), bytes.len());
    wasmparser::validate(&trapping).expect("still valid");
    assert_eq!(Blob::read(&trapping).expect("still readable").with_floats().count(), 0);
}

#[test]
fn the_measure_sees_floating_point() {
    // (module (func $a (export "a") call $b) (func $b f64.const 0 drop) with a name section
    let module: &[u8] = &[
        0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic and version
        0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // one type: () -> ()
        0x03, 0x03, 0x02, 0x00, 0x00, // two functions of it
        0x07, 0x05, 0x01, 0x01, b'a', 0x00, 0x00, // export "a", function 0
        0x0a, 0x13, 0x02, // code
        0x04, 0x00, 0x10, 0x01, 0x0b, // call 1
        0x0c, 0x00, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 0x0b, // f64.const 0, drop
        0x00, 0x0e, 0x04, b'n', b'a', b'm', b'e', // custom section "name"
        0x01, 0x07, 0x02, 0x00, 0x01, b'a', 0x01, 0x01, b'b', // functions: 0 a, 1 b
    ];
    let blob = Blob::read(module).expect("a module");
    let found: Vec<_> = blob
        .with_floats()
        .map(|(index, function)| (index, function.name.as_str(), function.floats))
        .collect();
    assert_eq!(found, [(1, "b", 1)]);
    assert!(blob.reached([blob.exports["a"]]).contains(&1));
    let trapping = blob.with_floats_trapping(module);
    wasmparser::validate(&trapping).expect("still valid");
    assert_eq!(Blob::read(&trapping).expect("readable").with_floats().count(), 0);
    assert!(Blob::read(&module[..module.len() - 16]).is_err(), "no names");
}
