//! What NOTICE, deny.toml and .cargo/audit.toml claim about crates from outside.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use qc_tidy::root;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

/// The crates that a member and what it leans on need to be built for use.
fn needed<'a>(metadata: &'a Metadata, member: &str) -> BTreeSet<&'a PackageId> {
    let nodes: BTreeMap<_, _> = metadata
        .resolve
        .iter()
        .flat_map(|resolve| &resolve.nodes)
        .map(|node| (&node.id, node))
        .collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| package.name == member)
        .map(|one| &one.id)
        .collect();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let normal =
                |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            open.extend(
                nodes[id]
                    .deps
                    .iter()
                    .filter(|dep| normal(&dep.dep_kinds))
                    .map(|dep| &dep.pkg),
            );
        }
    }
    found
}

fn metadata() -> Metadata {
    let linux = ["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"]
        .map(String::from)
        .to_vec();
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(linux)
        .exec()
        .expect("cargo metadata")
}

#[test]
fn the_runtime_contains_nothing_under_the_gpl() {
    let metadata = metadata();
    let needed = needed(&metadata, "qc-runtime");
    assert!(needed.len() > 100, "the runtime's crates were not read");
    for package in metadata.packages.iter().filter(|package| needed.contains(&package.id)) {
        let licence = package.license.clone().unwrap_or_default();
        let by_choice = licence.contains(" OR ") || licence.contains('/');
        assert!(
            !package.name.starts_with("sc-"),
            "the runtime contains {}, a crate of the client",
            package.name
        );
        if licence.contains("GPL") && !by_choice {
            assert_eq!(
                package.name.as_str(),
                "pallet-migrations",
                "the runtime contains {} ({licence})",
                package.name
            );
            // Its manifest says GPL; its files say otherwise, each of them.
            let source = package
                .manifest_path
                .parent()
                .map(|folder| folder.join("src"))
                .unwrap_or_default();
            let mut folders = vec![source.into_std_path_buf()];
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).expect("the crate's source is there").flatten() {
                    let path = entry.path();
                    if path.is_dir() {
                        folders.push(path);
                    } else if path.extension().is_some_and(|extension| extension == "rs") {
                        let text = fs::read_to_string(&path).expect("source is text");
                        assert!(
                            text.contains("SPDX-License-Identifier: Apache-2.0"),
                            "{}",
                            path.display()
                        );
                    }
                }
            }
        }
    }
}

/// Advisories that .cargo/audit.toml excepts since nothing of the crate is compiled.
#[test]
fn what_is_said_not_to_be_compiled_is_not() {
    let exceptions = qc_tidy::read(".cargo/audit.toml");
    let section = exceptions
        .split("# --- ")
        .find(|part| part.starts_with("in Cargo.lock, but compiled"))
        .expect("the section");
    let claimed: BTreeSet<&str> = section
        .lines()
        .filter_map(|line| line.split_once("# ")?.1.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.contains(' '))
        .collect();
    assert!(
        claimed.contains("h2 0.3.27"),
        "the exceptions were not read: {claimed:?}"
    );
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--workspace",
            "--all-features",
            "--locked",
            "--target",
            "x86_64-unknown-linux-gnu",
        ])
        .args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let compiled: BTreeSet<String> = String::from_utf8_lossy(&tree.stdout)
        .lines()
        .map(|line| line.split(" (").next().unwrap_or(line).replacen(" v", " ", 1))
        .collect();
    assert!(compiled.len() > 500, "the tree was not read");
    for one in claimed {
        assert!(!compiled.contains(one), "{one} is compiled after all");
    }
}
