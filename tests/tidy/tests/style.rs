//! Style that a machine can see: sizes, loose ends, and what runtime code must not do.

use qc_tidy::{
    assert_none, files,
    runtime_code::{code_lines, is_runtime_code},
    File,
};

/// Lines that a file of Rust may have: a file is about one thing.
const LINES_MAX: usize = 700;

/// What a crate whose code the chain executes writes at the top of its `lib.rs`, beside the rules in its `clippy.toml`.
const RUNTIME_LINTS: [&str; 6] = [
    "clippy::disallowed_methods",
    "clippy::disallowed_types",
    "clippy::expect_used",
    "clippy::float_arithmetic",
    "clippy::panic",
    "clippy::unwrap_used",
];

fn too_long(file: &File) -> Vec<String> {
    let generated = file.path.contains("/weights/") || file.path.ends_with("weights.rs");
    let lines = file.text.lines().count();
    if generated || lines <= LINES_MAX {
        return Vec::new();
    }
    vec![format!("{} has {lines} lines (at most {LINES_MAX})", file.path)]
}

fn loose_ends(file: &File) -> Vec<String> {
    // Written so that this file does not name them itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("HA", "CK"),
    ];
    let ignored = concat!("#[", "ignore");
    let is_word = |line: &str, word: &str| {
        line.split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|one| one == word)
    };
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| marks.iter().any(|mark| is_word(line, mark)) || line.contains(ignored))
        .map(|(at, line)| format!("{}:{}: {}", file.path, at + 1, line.trim()))
        .collect()
}

/// Lines of runtime code that may panic or hide an overflow, unless the line or the comment above it argues why not.
fn panics(file: &File) -> Vec<String> {
    if !is_runtime_code(&file.path) {
        return Vec::new();
    }
    let all: Vec<&str> = file.text.lines().collect();
    let argued = |number: usize| {
        let comment_above = all[..number - 1]
            .iter()
            .rev()
            .take_while(|line| line.trim_start().starts_with("//"));
        all[number - 1].contains("// argued:") || comment_above.clone().any(|line| line.contains("// argued:"))
    };
    let words = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "unreachable!(",
        "saturating_",
        ".unwrap_unchecked(",
    ];
    code_lines(file)
        .filter(|(number, line)| words.iter().any(|word| line.contains(word)) && !argued(*number))
        .map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim()))
        .collect()
}

/// The lints that a crate root lacks.
fn lints_missing(file: &File) -> Vec<String> {
    let root = is_runtime_code(&file.path) && file.path.ends_with("/src/lib.rs");
    if !root {
        return Vec::new();
    }
    let denied: String = file
        .text
        .split("#![")
        .skip(1)
        .filter_map(|attribute| attribute.split_once(")]").map(|(inside, _)| inside))
        .filter(|inside| {
            // A crate may lift them in its own unit tests.
            let outside_tests = inside.starts_with("cfg_attr(") && inside.contains("not(test)");
            let denies = outside_tests && (inside.contains("deny(") || inside.contains("forbid("));
            denies || inside.starts_with("deny(") || inside.starts_with("forbid(")
        })
        .collect();
    RUNTIME_LINTS
        .iter()
        .filter(|lint| !denied.contains(*lint))
        .map(|lint| format!("{} does not deny {lint}", file.path))
        .collect()
}

fn every(extensions: &[&str], rule: fn(&File) -> Vec<String>) -> Vec<String> {
    files(extensions).iter().flat_map(rule).collect()
}

#[test]
fn files_are_about_one_thing() {
    assert_none("Files that are too long:", &every(&["rs"], too_long));
}

#[test]
fn there_are_no_loose_ends() {
    assert_none(
        "Loose ends, or tests that are never run:",
        &every(&["rs", "ts", "js", "mjs", "py", "sh"], loose_ends),
    );
}

#[test]
fn runtime_code_neither_panics_nor_saturates() {
    assert_none(
        "To be argued (`// argued: …` on the line or above it) or mended:",
        &every(&["rs"], panics),
    );
}

#[test]
fn runtime_crates_deny_what_consensus_cannot_have() {
    assert_none(
        "Crate roots without the lints of runtime code:",
        &every(&["rs"], lints_missing),
    );
    // clippy looks for its rules from a crate's folder upwards; the three are one set of rules.
    let rules = qc_tidy::read("runtime/clippy.toml");
    for folder in ["pallets", "primitives"] {
        assert_eq!(
            rules,
            qc_tidy::read(&format!("{folder}/clippy.toml")),
            "{folder}/clippy.toml differs from the runtime's"
        );
    }
}

#[test]
fn the_rules_see_what_they_should() {
    let pallet = |text: &str| File::example("pallets/economy/src/calls.rs", text);
    assert_eq!(panics(&pallet("let a = b.unwrap();")).len(), 1);
    assert_eq!(panics(&pallet("let a = b.saturating_add(c);")).len(), 1);
    assert!(panics(&pallet("let a = b.unwrap_or(c);\n// never .unwrap()")).is_empty());
    assert!(panics(&pallet(
        "// argued: b is Some, see above,\n// and so on\nlet a = b.unwrap();"
    ))
    .is_empty());
    assert!(panics(&pallet("let a = b.unwrap(); // argued: as above")).is_empty());
    assert_eq!(
        panics(&pallet("// argued: x\nlet a = 1;\nlet a = b.unwrap();")).len(),
        1
    );
    assert!(panics(&pallet("#[cfg(test)]\nmod tests {\n    fn f() { b.unwrap(); }\n}")).is_empty());
    assert_eq!(
        panics(&pallet("#[cfg(test)]\nmod tests;\nfn f() { b.unwrap(); }")).len(),
        1
    );
    assert!(panics(&File::example("pallets/economy/src/tests/transfers.rs", "b.unwrap();")).is_empty());
    assert!(panics(&File::example("node/src/main.rs", "b.unwrap();")).is_empty());

    assert_eq!(too_long(&pallet(&"\n".repeat(LINES_MAX + 1))).len(), 1);
    assert!(too_long(&File::example(
        "runtime/src/weights/economy.rs",
        &"\n".repeat(LINES_MAX + 1)
    ))
    .is_empty());
    assert_eq!(loose_ends(&pallet(concat!("// TO", "DO: this"))).len(), 1);
    assert!(loose_ends(&pallet("const TODOS: u8 = 0;")).is_empty());

    let crate_root = |text: &str| File::example("pallets/economy/src/lib.rs", text);
    assert_eq!(
        lints_missing(&crate_root("#![deny(missing_docs)]")).len(),
        RUNTIME_LINTS.len()
    );
    assert!(lints_missing(&crate_root(&format!("#![deny({})]", RUNTIME_LINTS.join(", ")))).is_empty());
    assert_eq!(
        lints_missing(&crate_root(&format!("#![allow({})]", RUNTIME_LINTS.join(", ")))).len(),
        RUNTIME_LINTS.len()
    );
}
