//! The law of leaning: which part of the house may lean on which, read off `cargo metadata`.

use qc_tidy::{assert_none, members};

/// A member and what it names in any of its dependency tables (normal, build and dev: a test is no excuse).
struct Part {
    folder: String,
    /// Folders of the members it leans on.
    local: Vec<String>,
    /// Names of the crates from outside that its normal and build tables have.
    outside: Vec<String>,
}

/// Whether the law lets the first folder lean on the second.
fn may_lean(from: &str, on: &str) -> bool {
    let on_primitive = on.starts_with("primitives/");
    // Secrets are the business of those who sign, never of what the chain executes.
    // And a ceremony is over before there is a chain.
    let on_public = on_primitive && !matches!(on, "primitives/keyfile" | "primitives/genesis");
    match from {
        "primitives/math" | "primitives/types" => false,
        "primitives/harmonics" => on == "primitives/math",
        "primitives/pqc" => on == "primitives/types",
        "primitives/keyfile" => on == "primitives/pqc",
        "primitives/traits" => matches!(on, "primitives/types" | "primitives/pqc"),
        "primitives/genesis" => matches!(
            on,
            "primitives/harmonics" | "primitives/math" | "primitives/pqc" | "primitives/types"
        ),
        "runtime" => on_public || on.starts_with("pallets/"),
        "node" => on_primitive || on == "runtime",
        "cli" => on_primitive,
        _ if from.starts_with("pallets/") => on_public,
        _ => from.starts_with("tests/"),
    }
}

/// Whether the law lets a folder know a crate from outside, by the families of the SDK.
fn may_know(from: &str, name: &str) -> bool {
    let client = name.starts_with("sc-");
    let frame = name.starts_with("frame-") || name.starts_with("pallet-");
    match from {
        "primitives/math" => !client && !frame && !name.starts_with("sp-"),
        "primitives/harmonics" | "primitives/genesis" => !client && !frame,
        // It builds block 0 with the very code that will run it.
        "cli" => (!client || name == "sc-executor") && !frame,
        "primitives/keyfile" => !client && !frame && !name.starts_with("sp-"),
        "node" => true,
        _ if from.starts_with("tests/") => true,
        _ => !client,
    }
}

fn complaints(parts: &[Part]) -> Vec<String> {
    let mut found = Vec::new();
    for part in parts {
        for on in part.local.iter().filter(|on| !may_lean(&part.folder, on)) {
            found.push(format!("{} leans on {on}", part.folder));
        }
        for name in part.outside.iter().filter(|name| !may_know(&part.folder, name)) {
            found.push(format!("{} knows {name}", part.folder));
        }
    }
    found
}

fn parts() -> Vec<Part> {
    let members = members();
    members
        .iter()
        .map(|(folder, package)| {
            let is_local = |name: &str| members.iter().find(|(_, other)| other.name == name);
            let mut part = Part {
                folder: folder.clone(),
                local: Vec::new(),
                outside: Vec::new(),
            };
            for dependency in &package.dependencies {
                match is_local(&dependency.name) {
                    Some((on, _)) => part.local.push(on.clone()),
                    None if dependency.kind != cargo_metadata::DependencyKind::Development => {
                        part.outside.push(dependency.name.clone())
                    }
                    None => {}
                }
            }
            part
        })
        .collect()
}

#[test]
fn nothing_leans_where_it_may_not() {
    let parts = parts();
    assert!(parts
        .iter()
        .any(|part| part.folder == "runtime" && part.local.iter().any(|on| on.starts_with("pallets/"))));
    assert_none(
        "The law of leaning (docs/developers/house.md) is broken:",
        &complaints(&parts),
    );
}

#[test]
fn the_rule_sees_what_it_should() {
    let part = |folder: &str, local: &[&str], outside: &[&str]| Part {
        folder: folder.into(),
        local: local.iter().map(ToString::to_string).collect(),
        outside: outside.iter().map(ToString::to_string).collect(),
    };
    for broken in [
        part("pallets/economy", &["pallets/clock"], &[]),
        part("pallets/economy", &["runtime"], &[]),
        part("primitives/math", &["primitives/types"], &[]),
        part("primitives/math", &[], &["sp-runtime"]),
        part("primitives/types", &["primitives/traits"], &[]),
        part("primitives/pqc", &["primitives/traits"], &[]),
        part("primitives/harmonics", &[], &["frame-support"]),
        part("primitives/genesis", &["primitives/traits"], &[]),
        part("primitives/genesis", &[], &["frame-support"]),
        part("primitives/genesis", &[], &["sc-executor"]),
        part("primitives/keyfile", &["primitives/harmonics"], &[]),
        part("primitives/keyfile", &[], &["sp-core"]),
        part("pallets/sync", &["primitives/keyfile"], &[]),
        part("runtime", &["primitives/keyfile"], &[]),
        part("runtime", &["primitives/genesis"], &[]),
        part("pallets/cir", &["primitives/genesis"], &[]),
        part("runtime", &["node"], &[]),
        part("runtime", &[], &["sc-service"]),
        part("node", &["pallets/economy"], &[]),
        part("node", &["tests/bench"], &[]),
        part("cli", &["runtime"], &[]),
        part("cli", &[], &["pallet-balances"]),
        part("cli", &[], &["sc-service"]),
        part("a-new-room", &["primitives/types"], &[]),
    ] {
        assert_eq!(complaints(&[broken]).len(), 1);
    }
    assert!(complaints(&[part("cli", &["primitives/genesis"], &["sc-executor"])]).is_empty());
    assert!(complaints(&[part("tests/stateful", &["runtime", "pallets/economy"], &["sc-service"])]).is_empty());
}
