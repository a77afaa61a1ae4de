//! The rules of the house, as tests (`tests/tidy/tests/*.rs`); here is what they share: reading the house.
//!
//! Each rule is a plain function from what was read to a list of complaints, so that it is tested twice: on the house, and
//! on a small example that breaks it.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub mod floats;
pub mod runtime_code;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// The members of the workspace, each by its folder relative to the root (`"pallets/economy"`), sorted.
pub fn members() -> Vec<(String, cargo_metadata::Package)> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata reads this workspace");
    let mut members: Vec<_> = metadata
        .packages
        .into_iter()
        .map(|package| {
            (
                relative(
                    package
                        .manifest_path
                        .parent()
                        .expect("a manifest is in a folder")
                        .as_std_path(),
                ),
                package,
            )
        })
        .collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    members
}

/// A path relative to the root, with `/` between its parts.
pub fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// A text file of the house.
pub struct File {
    /// Where it is, relative to the root, with `/` between its parts.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// A file made up for a test of a rule.
    pub fn example(path: &str, text: &str) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}

/// Every file below the root that has one of these extensions, sorted by path; what others wrote or tools made
/// (`target`, `node_modules`, `.git`, `tmp`) left out.
pub fn files(extensions: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .expect("folders of the house can be read")
            .flatten()
        {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(
                    name.as_str(),
                    "target" | "node_modules" | ".git" | "tmp" | "__pycache__"
                ) {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|extension| extensions.iter().any(|one| extension == *one))
            {
                let text = fs::read_to_string(&path).expect("source files are UTF-8");
                found.push(File {
                    path: relative(&path),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Reads one file of the house.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Fails with one complaint a line.
pub fn assert_none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}\n  {}\n", complaints.join("\n  "));
}

/// The cells of the rows of a Markdown table's lines, header and ruler left out. A line that is no row ends the table.
pub fn table_rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    text.lines()
        .skip_while(|line| !line.starts_with(heading))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_string())
                .collect()
        })
        .collect()
}
