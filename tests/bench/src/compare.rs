//! Several runs of several nodes beside each other: medians, ratios, a table and a plot.

use std::fmt::Write;

use crate::capacity::{bound, Fill};
use crate::plot;
use crate::report::Report;
use crate::{Error, Result};

/// What one core was found to allow (docs/decisions/0005: 220 µs for a transfer, signature included).
const ONE_CORE_PER_SECOND: f64 = 4_500.0;

/// Runs of one node.
pub struct Group {
    name: String,
    reports: Vec<Report>,
}

impl Group {
    /// From `NAME=FILE,FILE,…`, the files as `--json` wrote them.
    pub fn read(text: &str) -> Result<Self> {
        let odd = |detail: String| Error::Answer {
            method: "--compare".into(),
            detail,
        };
        let (name, files) = text
            .split_once('=')
            .ok_or_else(|| odd(format!("{text}: not NAME=FILE,…")))?;
        let read = |path: &str| -> Result<Report> {
            let text = std::fs::read_to_string(path).map_err(|source| Error::File {
                path: path.into(),
                source,
            })?;
            serde_json::from_str(&text).map_err(|error| odd(format!("{path}: {error}")))
        };
        Ok(Self {
            name: name.to_owned(),
            reports: files.split(',').map(read).collect::<Result<_>>()?,
        })
    }

    /// What the blocks' bytes allow, and what bounds the most of the runs, as list items; nothing for older reports.
    fn bounds(&self) -> String {
        let limits: Vec<f64> = self
            .reports
            .iter()
            .filter_map(Fill::of)
            .map(|fill| fill.byte_limit)
            .collect();
        let Some(limit) = median(&limits) else {
            return String::new();
        };
        let mut bounds: Vec<&str> = self.reports.iter().map(bound).collect();
        bounds.sort_unstable();
        let often = bounds.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
        let (by, runs) = often.map_or(("–", 0), |same| (same[0], same.len()));
        let name = &self.name;
        format!(
            "* {name}: the bytes of a block allow {limit:.0}/s. Bound by {by} (in {runs} of {} runs).\n",
            bounds.len()
        )
    }

    fn rates(&self) -> Vec<f64> {
        self.reports
            .iter()
            .filter_map(|report| report.sustained.or(report.throughput))
            .collect()
    }
}

/// The last four cells of a run's row, where the report has them.
fn fill_cells(report: &Report) -> String {
    let each = report
        .transaction_bytes
        .map_or("–".into(), |bytes| format!("{bytes:.0}"));
    match Fill::of(report) {
        Some(Fill {
            transactions,
            bytes,
            weight,
            ..
        }) => {
            let (bytes, weight) = (100.0 * bytes, 100.0 * weight);
            format!("| {transactions:.0} | {each} | {bytes:.0} % | {weight:.0} % |\n")
        }
        None => format!("| – | {each} | – | – |\n"),
    }
}

/// The middle of the rates (the mean of the two in the middle of an even number).
pub fn median(rates: &[f64]) -> Option<f64> {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some((upper + lower) / 2.0)
}

/// The runs as a Markdown table, with medians and the ratio of the first group to each other one; and, if asked for, a plot.
pub fn markdown(groups: &[Group], svg: Option<&str>) -> Result<String> {
    let mut text = String::from(
        "| runs of | run | sustained /s | throughput /s | finalised | succeeded | refusals | latency p50, p95, p99 ms \
         | in a block | bytes each | bytes full | weight full |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for group in groups {
        for (run, report) in group.reports.iter().enumerate() {
            let rate = |rate: Option<f64>| rate.map_or("–".into(), |rate| format!("{rate:.0}"));
            let latency = report
                .latency_ms
                .map_or("–".into(), |l| format!("{}, {}, {}", l.p50, l.p95, l.p99));
            let refusals: u64 = report.refusals.values().sum();
            let (sustained, throughput) = (rate(report.sustained), rate(report.throughput));
            let Report {
                finalised, succeeded, ..
            } = report;
            let name = &group.name;
            let run = run + 1;
            let line = format!(
                "| {name} | {run} | {sustained} | {throughput} | {finalised} | {succeeded} | {refusals} | {latency} "
            );
            text.push_str(&line);
            text.push_str(&fill_cells(report));
        }
    }
    text.push('\n');
    let medians: Vec<_> = groups
        .iter()
        .map(|group| (&group.name, median(&group.rates())))
        .collect();
    for (name, rate) in &medians {
        let Some(rate) = rate else { continue };
        let share = 100.0 * rate / ONE_CORE_PER_SECOND;
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "* Median of {name}: **{rate:.0}/s**, {share:.0} % of the {ONE_CORE_PER_SECOND:.0}/s of classical transfers that one \
             core allows."
        );
    }
    groups.iter().for_each(|group| text.push_str(&group.bounds()));
    if let Some(((first, Some(base)), others)) = medians.split_first() {
        for (name, rate) in others {
            let Some(rate) = rate.filter(|rate| *rate > 0.0) else {
                continue;
            };
            let _ = writeln!(text, "* Ratio {first} to {name}: **{:.3}**.", base / rate);
        }
    }
    if let Some(path) = svg {
        let rates: Vec<_> = groups.iter().map(|group| (group.name.clone(), group.rates())).collect();
        plot::compare_svg(&rates, path)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
