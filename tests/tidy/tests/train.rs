//! One release train: `Cargo.lock` holds one version of every crate of the SDK.

use qc_tidy::{assert_none, read};
use std::collections::BTreeMap;

fn complaints(lock: &str) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in lock.lines() {
        if let Some(rest) = line.strip_prefix("name = ") {
            name = rest.trim_matches('"');
        } else if let Some(rest) = line.strip_prefix("version = ") {
            versions.entry(name).or_default().push(rest.trim_matches('"'));
        }
    }
    let families = ["sp-", "frame-", "sc-", "pallet-", "substrate-"];
    versions
        .into_iter()
        .filter(|(name, versions)| versions.len() > 1 && families.iter().any(|family| name.starts_with(family)))
        .map(|(name, versions)| format!("{name}: {}", versions.join(", ")))
        .collect()
}

#[test]
fn no_crate_of_the_sdk_is_there_twice() {
    let lock = read("Cargo.lock");
    assert!(lock.contains("name = \"sp-runtime\""), "the lock file was not read");
    assert_none("Two release trains are mixed:", &complaints(&lock));
}

#[test]
fn the_rule_sees_what_it_should() {
    let package = |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
    assert_eq!(
        complaints(&(package("sp-core", "43.0.0") + &package("sp-core", "42.0.0"))).len(),
        1
    );
    assert!(complaints(&(package("syn", "1.0.0") + &package("syn", "2.0.0") + &package("sp-io", "1.0.0"))).is_empty());
}
