//! Which lines of which files end up in the runtime's blob.

use crate::File;

/// Whether a file holds code that the chain executes: sources of pallets, primitives and the runtime, without their tests,
/// mocks, benchmarks and generated weights.
pub fn is_runtime_code(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let in_source = matches!(
        parts[..],
        ["pallets" | "primitives", _, "src", ..] | ["runtime", "src", ..]
    );
    let beside = |part: &str| {
        let stem = part.strip_suffix(".rs").unwrap_or(part);
        matches!(
            stem,
            "tests" | "test" | "mock" | "benchmarking" | "benchmarks" | "weights"
        )
    };
    in_source && path.ends_with(".rs") && !parts.into_iter().any(beside)
}

/// The lines of a file that are code, numbered from 1: comments left out, and whatever follows the `#[cfg(test)]` of a
/// module written in the file itself (in this house such a module is the last thing in its file).
pub fn code_lines(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = file.text.lines().collect();
    let end = (0..lines.len())
        .find(|&at| {
            lines[at].trim() == "#[cfg(test)]"
                && lines
                    .get(at + 1)
                    .is_some_and(|next| next.trim_start().starts_with("mod ") && next.ends_with('{'))
        })
        .unwrap_or(lines.len());
    lines
        .into_iter()
        .take(end)
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| {
            let line = line.trim_start();
            !line.starts_with("//")
        })
}
