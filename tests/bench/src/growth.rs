//! What a transfer costs as the number of accounts grows: a table and a plot of measured blocks.

use std::fmt::Write;

use crate::compare::median;
use crate::{plot, Error, Result};

/// One measured block: how many accounts the state held, how many transactions it carried, how long executing it took.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sample {
    accounts: f64,
    transactions: f64,
    nanoseconds: f64,
}

impl Sample {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split(',').map(|field| field.trim().parse::<f64>().ok());
        let sample = Self {
            accounts: fields.next()??,
            transactions: fields.next()??,
            nanoseconds: fields.next()??,
        };
        let positive = [sample.accounts, sample.transactions, sample.nanoseconds];
        (fields.next().is_none() && positive.iter().all(|value| *value > 0.0)).then_some(sample)
    }

    fn microseconds_each(&self) -> f64 {
        self.nanoseconds / self.transactions / 1_000.0
    }
}

/// The samples of a file of lines `accounts,transactions,nanoseconds` as a Markdown table: the median of each number of
/// accounts, and its ratio to the smallest; and, if asked for, a plot over the logarithm of the number.
pub fn markdown(path: &str, svg: Option<&str>) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        path: path.into(),
        source,
    })?;
    let rows = medians(&text).map_err(|line| Error::Answer {
        method: "--growth".into(),
        detail: format!("{path}: {line:?} is not accounts,transactions,nanoseconds"),
    })?;
    let mut table = String::from(
        "| accounts | blocks measured | median µs a transfer | ratio to the smallest |\n| --- | --- | --- | --- |\n",
    );
    let base = rows.first().map_or(1.0, |row| row.2);
    for (accounts, blocks, cost) in &rows {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {accounts} | {blocks} | {cost:.1} | {:.2} |", cost / base);
    }
    if let Some(svg) = svg {
        let points: Vec<_> = rows
            .iter()
            .map(|(accounts, _, cost)| (accounts.log10(), *cost))
            .collect();
        plot::growth_svg(&points, svg)?;
    }
    Ok(table)
}

/// (accounts, blocks, median µs), by ascending number of accounts; or the line that is not a sample.
fn medians(text: &str) -> std::result::Result<Vec<(f64, usize, f64)>, String> {
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        samples.push(Sample::read(line).ok_or_else(|| line.to_owned())?);
    }
    samples.sort_by(|a, b| a.accounts.total_cmp(&b.accounts));
    let groups = samples.chunk_by(|a, b| a.accounts == b.accounts);
    let row = |group: &[Sample]| {
        let costs: Vec<f64> = group.iter().map(Sample::microseconds_each).collect();
        Some((group.first()?.accounts, group.len(), median(&costs)?))
    };
    Ok(groups.filter_map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_grouped_and_what_is_none_is_named() {
        let text = "1000,100,5000000\n10,10,100000\n1000,100,7000000\n1000,100,6000000\n";
        assert_eq!(medians(text), Ok(vec![(10.0, 1, 10.0), (1000.0, 3, 60.0)]));
        for bad in ["1000,100", "1,2,3,4", "a,2,3", "0,1,1"] {
            assert_eq!(medians(&format!("10,10,10\n{bad}")), Err(bad.to_owned()));
        }
    }
}
