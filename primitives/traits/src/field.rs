//! The field: what it is computed from, and what others ask of it.

use alloc::vec::Vec;
use qc_types::{Balance, EpochIndex, ShardId};

/// What a shard is to the field at the end of an epoch.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ShardFacts {
    /// CHR of all accounts at home in it, its commons pot included, plancks.
    pub chr: Balance,
    /// FLX of the same, plancks.
    pub flx: Balance,
    /// ATR that is staked in it, plancks.
    pub staked_atr: Balance,
    /// Its dissonance d ≥ 0, units of 10⁻¹⁸.
    pub dissonance: u128,
}

/// Asked by the field at the end of an epoch.
///
/// `()` knows no shard.
pub trait ShardFactsInspect {
    /// Every shard, by ascending number.
    fn shards() -> Vec<ShardFacts>;

    /// FLX of the ground, the accounts that are in no shard, plancks.
    fn ground_flx() -> Balance;
}

impl ShardFactsInspect for () {
    fn shards() -> Vec<ShardFacts> {
        Vec::new()
    }

    fn ground_flx() -> Balance {
        0
    }
}

/// The field graph.
///
/// `()` has no shard.
pub trait TopologyInspect {
    /// How many shards there are; they are numbered from 0.
    fn shard_count() -> u8;

    /// The edges in their canonical order: ascending, the lower shard first.
    fn edges() -> Vec<(ShardId, ShardId)>;
}

impl TopologyInspect for () {
    fn shard_count() -> u8 {
        0
    }

    fn edges() -> Vec<(ShardId, ShardId)> {
        Vec::new()
    }
}

/// ψ, units of 10⁻¹⁸.
///
/// `()` has none.
pub trait FieldInspect {
    /// ψ of every shard by ascending number in an epoch; `None` of one that is not the last or could not be closed.
    fn densities(epoch: EpochIndex) -> Option<Vec<u128>>;
}

impl FieldInspect for () {
    fn densities(_: EpochIndex) -> Option<Vec<u128>> {
        None
    }
}
