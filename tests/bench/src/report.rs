//! The figures of a run, as JSON and for people.

use std::collections::BTreeMap;
use std::fmt;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::capacity::{bound, Capacity, Fill};
use crate::observe::Block;
use crate::send::Sent;
use crate::{Error, Result};

/// The figures of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// What was sent.
    pub kind: String,
    /// The runtime's name and version.
    pub runtime: String,
    /// The node's name and version.
    pub node: String,
    /// Load accounts.
    pub accounts: u32,
    /// WebSocket connections.
    pub connections: usize,
    /// Keys of the key ledger that were registered before the run; 0 for classical transactions.
    #[serde(default)]
    pub keys_registered: usize,
    /// Transactions signed.
    pub signed: usize,
    /// Bytes of one transaction, its length prefix included; the mean.
    #[serde(default)]
    pub transaction_bytes: Option<f64>,
    /// What ordinary transactions may take of a block.
    #[serde(default)]
    pub capacity: Option<Capacity>,
    /// Seconds that signing took.
    pub signing_seconds: f64,
    /// Accepted by the pool.
    pub accepted: usize,
    /// Seconds from the first request to the last acceptance.
    pub sending_seconds: f64,
    /// Refusals by kind, those included that succeeded on a later try.
    pub refusals: BTreeMap<String, u64>,
    /// Never accepted.
    pub given_up: u64,
    /// In a finalised block.
    pub finalised: usize,
    /// Of these, with `System.ExtrinsicSuccess`.
    pub succeeded: usize,
    /// Transactions a second: those of all loaded blocks but the first, over the time from the first to the last of them.
    pub throughput: Option<f64>,
    /// The same without the last block, which is seldom full. Wants four loaded blocks.
    pub sustained: Option<f64>,
    /// From submission to knowledge of finality, in milliseconds.
    pub latency_ms: Option<Latency>,
    /// Blocks from the first loaded one to the last.
    pub blocks: Vec<BlockRow>,
}

/// Quantiles of the latency, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Latency {
    /// Half are faster.
    pub p50: u64,
    /// 95 % are faster.
    pub p95: u64,
    /// 99 % are faster.
    pub p99: u64,
    /// The slowest.
    pub max: u64,
}

/// A block's line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BlockRow {
    /// Its height.
    pub height: u64,
    /// Milliseconds since the first loaded block, by the blocks' own time.
    pub at_ms: u64,
    /// Milliseconds since its parent (since the block before in this table); 0 for the first.
    pub interval_ms: u64,
    /// All its transactions.
    pub transactions: usize,
    /// Ours.
    pub ours: usize,
    /// The bytes of all its transactions.
    #[serde(default)]
    pub bytes: usize,
    /// What its ordinary transactions weigh, picoseconds.
    #[serde(default)]
    pub weight_ps: u64,
}

/// The block rows from the first loaded block to the last.
pub fn rows(blocks: &[Block]) -> Vec<BlockRow> {
    let loaded = |block: &Block| !block.ours.is_empty();
    let Some(first) = blocks.iter().position(loaded) else {
        return Vec::new();
    };
    let last = blocks.iter().rposition(loaded).unwrap_or(first);
    let start_ms = blocks[first].time_ms;
    let mut before_ms = start_ms;
    blocks[first..=last]
        .iter()
        .map(|block| {
            let interval_ms = block.time_ms.saturating_sub(before_ms);
            before_ms = block.time_ms;
            BlockRow {
                height: block.height,
                at_ms: block.time_ms.saturating_sub(start_ms),
                interval_ms,
                transactions: block.transactions,
                ours: block.ours.len(),
                bytes: block.bytes,
                weight_ps: block.weight_ps,
            }
        })
        .collect()
}

/// Transactions a second in these rows: the first row only starts the clock.
pub fn rate(rows: &[BlockRow]) -> Option<f64> {
    let (first, rest) = rows.split_first()?;
    let span_ms = rest.last()?.at_ms.saturating_sub(first.at_ms);
    let ours: usize = rest.iter().map(|row| row.ours).sum();
    (span_ms > 0).then(|| ours as f64 * 1_000.0 / span_ms as f64)
}

/// [`rate`] without the last row, if four rows are there.
pub fn sustained(rows: &[BlockRow]) -> Option<f64> {
    if rows.len() < 4 {
        return None;
    }
    rate(&rows[..rows.len() - 1])
}

/// Quantiles of the time from submission to the knowledge of finality.
pub fn latency(sent: &Sent, blocks: &[Block]) -> Result<Option<Latency>> {
    let mut histogram = Histogram::<u64>::new(3).map_err(|error| Error::Plot(error.to_string()))?;
    for block in blocks {
        for (index, _) in &block.ours {
            let Some(submitted) = sent.submitted.get(*index).copied().flatten() else {
                continue;
            };
            let waited = block.seen.saturating_duration_since(submitted).as_millis();
            let waited = u64::try_from(waited).unwrap_or(u64::MAX);
            histogram
                .record(waited)
                .map_err(|error| Error::Plot(error.to_string()))?;
        }
    }
    let at = |quantile| histogram.value_at_quantile(quantile);
    let found = !histogram.is_empty();
    Ok(found.then(|| Latency {
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        max: histogram.max(),
    }))
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = |rate: Option<f64>| rate.map_or("too few blocks to tell".into(), |r| format!("{r:.0}/s"));
        writeln!(out, "{} on {} ({})", self.kind, self.runtime, self.node)?;
        writeln!(
            out,
            "  signed      {} from {} accounts in {:.1} s",
            self.signed, self.accounts, self.signing_seconds
        )?;
        writeln!(
            out,
            "  accepted    {} over {} connections in {:.1} s; {} given up",
            self.accepted, self.connections, self.sending_seconds, self.given_up
        )?;
        for (kind, count) in &self.refusals {
            writeln!(out, "    refused   {count} × {kind}")?;
        }
        writeln!(
            out,
            "  finalised   {}, of which {} succeeded",
            self.finalised, self.succeeded
        )?;
        writeln!(out, "  throughput  {}", per_second(self.throughput))?;
        writeln!(
            out,
            "  sustained   {} (without the last block)",
            per_second(self.sustained)
        )?;
        if let Some(Latency { p50, p95, p99, max }) = self.latency_ms {
            writeln!(
                out,
                "  latency     p50 {p50} ms, p95 {p95} ms, p99 {p99} ms, max {max} ms (submission to finality)"
            )?;
        }
        if let (Some(fill), Some(each)) = (Fill::of(self), self.transaction_bytes) {
            let percent = |share: f64| share * 100.0;
            writeln!(
                out,
                "  blocks      {:.0} of {each:.0} bytes each; bytes {:.0} % full, weight {:.0} % (medians)",
                fill.transactions,
                percent(fill.bytes),
                percent(fill.weight)
            )?;
            writeln!(out, "  byte limit  {:.0}/s", fill.byte_limit)?;
        }
        writeln!(out, "  bound by    {}", bound(self))?;
        writeln!(
            out,
            "  {:>8} {:>9} {:>11} {:>6} {:>6} {:>9} {:>9}",
            "block", "at ms", "interval ms", "all", "ours", "bytes", "weight ms"
        )?;
        for row in &self.blocks {
            let BlockRow {
                height,
                at_ms,
                interval_ms,
                transactions,
                ours,
                bytes,
                weight_ps,
            } = row;
            let weight_ms = weight_ps / 1_000_000_000;
            writeln!(
                out,
                "  {height:>8} {at_ms:>9} {interval_ms:>11} {transactions:>6} {ours:>6} {bytes:>9} {weight_ms:>9}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at_ms: u64, ours: usize) -> BlockRow {
        BlockRow {
            height: 0,
            at_ms,
            interval_ms: 2_000,
            transactions: ours,
            ours,
            bytes: 0,
            weight_ps: 0,
        }
    }

    #[test]
    fn the_first_block_only_starts_the_clock() {
        assert_eq!(rate(&[]), None);
        assert_eq!(rate(&[row(0, 500)]), None);
        assert_eq!(rate(&[row(0, 500), row(2_000, 100), row(4_000, 300)]), Some(100.0));
    }

    #[test]
    fn the_last_block_is_left_out_of_the_sustained_rate() {
        let rows = [row(0, 500), row(2_000, 100), row(4_000, 300), row(6_000, 1)];
        assert_eq!(sustained(&rows), Some(100.0));
        assert_eq!(sustained(&rows[..3]), None);
    }
}
