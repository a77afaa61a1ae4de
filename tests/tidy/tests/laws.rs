//! Laws: `docs/protocol/laws.md` says the truth about what is enforced, and knows every id that the code names.

use qc_tidy::{assert_none, files, read, runtime_code::is_runtime_code, table_rows, File};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = "docs/protocol/laws.md";

/// The laws of the table: id and whether it is enforced.
fn laws(table: &str) -> BTreeMap<String, bool> {
    table_rows(table, "# The laws")
        .into_iter()
        .map(|cells| (cells[0].clone(), cells[2] == "enforced"))
        .collect()
}

/// The ids that a text names: a prefix that the table uses, a hyphen, digits.
fn ids<'a>(text: &'a str, prefixes: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| {
            word.split_once('-').is_some_and(|(prefix, number)| {
                prefixes.contains(prefix) && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
            })
        })
        .collect()
}

/// What a file is to a law.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Code,
    Test,
    Docs,
}

/// A page is docs (the table itself is not), a file of tests is a test, and what remains is code.
fn role(path: &str) -> Option<Role> {
    let test = path.split('/').any(|part| part == "tests" || part == "tests.rs");
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("md") => (path != TABLE).then_some(Role::Docs),
        Some("rs") if test => Some(Role::Test),
        Some("rs") if is_runtime_code(path) => Some(Role::Code),
        _ => None,
    }
}

fn complaints(laws: &BTreeMap<String, bool>, files: &[File]) -> Vec<String> {
    let prefixes: BTreeSet<&str> = laws
        .keys()
        .filter_map(|id| id.split_once('-'))
        .map(|(prefix, _)| prefix)
        .collect();
    let mut found = Vec::new();
    let mut carried: BTreeMap<&str, Vec<Role>> = BTreeMap::new();
    for file in files {
        for id in ids(&file.text, &prefixes) {
            if !laws.contains_key(id) {
                found.push(format!("{} names {id}, which {TABLE} does not know", file.path));
            }
            carried.entry(id).or_default().extend(role(&file.path));
        }
    }
    for (id, _) in laws.iter().filter(|(_, enforced)| **enforced) {
        let carried = carried.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        for (role, what) in [(Role::Code, "code"), (Role::Test, "test"), (Role::Docs, "page of docs")] {
            if !carried.contains(&role) {
                found.push(format!("{id} is said to be enforced, but no {what} carries it"));
            }
        }
    }
    found
}

#[test]
fn what_is_enforced_has_code_test_and_docs() {
    let laws = laws(&read(TABLE));
    assert!(
        laws.len() > 30 && laws.values().any(|enforced| *enforced),
        "the table was not read"
    );
    // What this folder says of laws is no proof of any.
    let files: Vec<File> = files(&["rs", "md", "py", "js", "mjs", "ts"])
        .into_iter()
        .filter(|file| !file.path.starts_with("tests/tidy/"))
        .collect();
    assert_none("Laws:", &complaints(&laws, &files));
}

#[test]
fn the_rule_sees_what_it_should() {
    let laws = laws("# The laws\n| id | law | status | where |\n| - | - | - | - |\n| CHR-1 | x | enforced | y |\n| KEY-1 | x | later | y |");
    let code = || File::example("pallets/economy/src/lib.rs", "//! CHR-1, not SHA-256");
    let test = || File::example("pallets/economy/src/tests/laws.rs", "// CHR-1");
    let docs = || File::example("docs/protocol/tokens.md", "**CHR-1**.");
    assert!(complaints(&laws, &[code(), test(), docs()]).is_empty());
    for two in [[code(), test()], [test(), docs()], [docs(), code()]] {
        assert_eq!(complaints(&laws, &two).len(), 1);
    }
    let unknown = File::example("primitives/types/src/lib.rs", "/// KEY-9");
    assert_eq!(complaints(&laws, &[code(), test(), docs(), unknown]).len(), 1);
}
