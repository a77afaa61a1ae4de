//! The README's map of the house shows every member of the workspace, and nothing that is not one.

use qc_tidy::{assert_none, members, read, root, table_rows};
use std::collections::BTreeSet;

const HEADING: &str = "## A map of the house";

/// The target of a Markdown link: `[text](target)`.
fn link_target(cell: &str) -> Option<&str> {
    cell.split_once("](")?.1.split_once(')').map(|(target, _)| target)
}

fn complaints(shown: &BTreeSet<String>, members: &BTreeSet<String>) -> Vec<String> {
    let missing = members
        .difference(shown)
        .map(|member| format!("{member} is a member, but not on the map"));
    let invented = shown
        .difference(members)
        .map(|member| format!("{member} is on the map, but no member"));
    missing.chain(invented).collect()
}

#[test]
fn the_map_is_the_workspace() {
    let readme = read("README.md");
    let shown = table_rows(&readme, HEADING)
        .iter()
        .filter_map(|cells| link_target(cells.first()?).map(str::to_string))
        .collect();
    let members = members().into_iter().map(|(folder, _)| folder).collect();
    assert_none(
        "The README's map does not tell the truth:",
        &complaints(&shown, &members),
    );
}

#[test]
fn the_rule_sees_what_it_should() {
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    assert_eq!(complaints(&set(&["node", "attic"]), &set(&["node", "cli"])).len(), 2);
    assert_eq!(link_target("[`cli`](cli)"), Some("cli"));
}

/// Links between documents lead to something.
#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for file in qc_tidy::files(&["md"]) {
        let folder = root()
            .join(&file.path)
            .parent()
            .map(ToOwned::to_owned)
            .unwrap_or_default();
        for target in file
            .text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(target, _)| target)
        {
            let path = target.split('#').next().unwrap_or_default();
            let outside = ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| target.starts_with(scheme));
            if !outside && !path.is_empty() && !path.contains(' ') && !folder.join(path).exists() {
                broken.push(format!("{}: {target}", file.path));
            }
        }
    }
    assert_none("Links that lead nowhere:", &broken);
}

#[test]
fn the_readme_has_exactly_two_commands() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|block| block.split_once("```"))
        .flat_map(|(block, _)| block.lines())
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        let script = command.split_whitespace().next().unwrap_or_default();
        assert!(root().join(script).is_file(), "{script} is no file");
    }
}
