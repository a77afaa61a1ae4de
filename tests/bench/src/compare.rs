//! Several runs of several nodes beside each other: medians, ratios, a table and a plot.

use std::fmt::Write;

use crate::plot;
use crate::report::Report;
use crate::{Error, Result};

/// What one core was found to allow (`docs/developers`: 220 µs for a transfer, signature included).
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

    fn rates(&self) -> Vec<f64> {
        self.reports
            .iter()
            .filter_map(|report| report.sustained.or(report.throughput))
            .collect()
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
        "| node | run | sustained /s | throughput /s | finalised | succeeded | refusals | latency p50, p95, p99 ms |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
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
                "| {name} | {run} | {sustained} | {throughput} | {finalised} | {succeeded} | {refusals} | {latency} |\n"
            );
            text.push_str(&line);
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
            "* Median of {name}: **{rate:.0}/s**, {share:.0} % of the {ONE_CORE_PER_SECOND:.0}/s that one core allows."
        );
    }
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
