//! What a block has room for, how full blocks were, and so what bounds a rate.

use codec::{Compact, Decode};
use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::compare::median;
use crate::report::{BlockRow, Report};
use crate::{Error, Result};

/// A block that is as full as this holds no other transaction, or hardly.
const FULL: f64 = 0.97;
/// Sending that takes this share of the time in which the blocks came keeps the node busy until the end.
const WHILE_SENDING: f64 = 0.8;

/// What ordinary transactions may take of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Bytes.
    pub bytes: u64,
    /// Picoseconds of weight.
    pub weight_ps: u64,
}

/// A weight in SCALE: picoseconds and bytes of proof.
type Weight = (Compact<u64>, Compact<u64>);

impl Capacity {
    /// From the constants of `System`. Errors: the chain bounds no weight, or has other constants than we know.
    pub fn of(chain: &Chain) -> Result<Self> {
        let constant = |name: &str| {
            let system = chain.metadata().pallet_by_name("System");
            let constant = system.and_then(|pallet| pallet.constant_by_name(name));
            constant.ok_or_else(|| Error::Metadata(format!("no constant System.{name}")))
        };
        let odd = |name: &str| Error::Metadata(format!("System.{name} is not as we know it"));
        Ok(Self {
            bytes: normal_bytes(constant("BlockLength")?.value()).ok_or_else(|| odd("BlockLength"))?,
            weight_ps: normal_weight(constant("BlockWeights")?.value()).ok_or_else(|| odd("BlockWeights"))?,
        })
    }
}

/// `BlockLength` {max: {normal: u32, …}, …}.
fn normal_bytes(mut value: &[u8]) -> Option<u64> {
    u32::decode(&mut value).ok().map(u64::from)
}

/// `BlockWeights` {base_block, max_block, normal: {base_extrinsic, max_extrinsic: Option, max_total: Option, …}, …}.
fn normal_weight(mut value: &[u8]) -> Option<u64> {
    let (_, _, _, _, total) = <(Weight, Weight, Weight, Option<Weight>, Option<Weight>)>::decode(&mut value).ok()?;
    total.map(|(time, _)| time.0)
}

/// Picoseconds of ordinary transactions in the raw value of `System::BlockWeight` {normal: Weight, …}.
pub fn weight_of_normal(mut value: &[u8]) -> Option<u64> {
    Weight::decode(&mut value).ok().map(|(time, _)| time.0)
}

/// How full blocks were.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Median of our transactions in a block.
    pub transactions: f64,
    /// Median share of the bytes, 1 for full.
    pub bytes: f64,
    /// Median share of the weight.
    pub weight: f64,
    /// Transactions a second of this length if every block were full of them by its bytes.
    pub byte_limit: f64,
}

impl Fill {
    /// Of the blocks between the first and the last, those left out that carry nothing of ours (an epoch's last block takes
    /// no ordinary transaction). `None` if there are none, or the report is of an older program.
    pub fn of(report: &Report) -> Option<Self> {
        let capacity = report.capacity?;
        let inner = report.blocks.get(1..report.blocks.len().checked_sub(1)?)?;
        let loaded = || inner.iter().filter(|row| row.ours > 0);
        let middle = |of: fn(&BlockRow) -> f64| median(&loaded().map(of).collect::<Vec<_>>());
        let interval = middle(|row| row.interval_ms as f64)?;
        let each = report.transaction_bytes?;
        Some(Self {
            transactions: middle(|row| row.ours as f64)?,
            bytes: middle(|row| row.bytes as f64)? / capacity.bytes as f64,
            weight: middle(|row| row.weight_ps as f64)? / capacity.weight_ps as f64,
            byte_limit: (capacity.bytes as f64 / each).floor() * 1_000.0 / interval,
        })
    }
}

/// What bounds the rate, in words.
pub fn bound(report: &Report) -> &'static str {
    let Some(fill) = Fill::of(report) else {
        return "too few blocks to tell";
    };
    let span_ms = report.blocks.last().map_or(0, |row| row.at_ms);
    if fill.bytes >= FULL {
        "the bytes of a block"
    } else if fill.weight >= FULL {
        "the weight of a block"
    } else if report.sending_seconds * 1_000.0 >= WHILE_SENDING * span_ms as f64 {
        "time: the machine's, which takes transactions in and builds blocks at once"
    } else {
        "time: the author's, who stops building after half a slot"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    /// Catches limits of another class, and weights read without their second part.
    #[test]
    fn limits_are_read_as_they_are_encoded() {
        let weight = |time: u64| (Compact(time), Compact(u64::MAX));
        let weights = (
            weight(1),
            weight(9),
            weight(2),
            Some(weight(3)),
            Some(weight(1_600)),
            7u8,
        );
        assert_eq!(normal_weight(&weights.encode()), Some(1_600));
        let unbounded = (weight(1), weight(9), weight(2), Some(weight(3)), None::<Weight>);
        assert_eq!(normal_weight(&unbounded.encode()), None);
        assert_eq!(normal_bytes(&(6_710_886u32, 8_388_608u32).encode()), Some(6_710_886));
        assert_eq!(normal_bytes(&[1]), None);
        assert_eq!(weight_of_normal(&(weight(5), weight(6)).encode()), Some(5));
    }
}
