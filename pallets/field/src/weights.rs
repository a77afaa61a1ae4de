//! Weights of the field. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the field costs.
pub trait WeightInfo {
    /// Weight of the end of an epoch with `n` shards of the highest degree there can be, all of them named by PSI-2; what it takes
    /// to ask others is in it.
    fn on_epoch_end(n: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn on_epoch_end(_: u32) -> Weight {
        Weight::zero()
    }
}

/// An upper estimate by counting reads and writes, for a runtime whose benchmarks have not been run yet.
pub struct Estimate<T>(PhantomData<T>);

/// What the step takes beside its shards, reads and writes, picoseconds.
const BASE: u64 = 100_000_000;

/// What one shard of degree ten takes beside its reads and writes, picoseconds: a fiftieth of the whole at fifty shards.
const SHARD: u64 = 300_000_000;

/// The reads of stake and home of a full list of candidates.
const CANDIDATES: u64 = 400;

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// Reads: graph, inputs, symbols, of each shard its CHR, FLX and anchor, of all candidates stake and home, what was observed,
    /// and the open incidents; writes: inputs, fields, curls, history, the open incidents, and for each shard one that closed.
    fn on_epoch_end(n: u32) -> Weight {
        // argued: a weight for at most fifty shards
        let n = u64::from(n);
        let reads = n.saturating_mul(3).saturating_add(CANDIDATES + 12);
        let writes = n.saturating_add(8);
        Weight::from_parts(SHARD.saturating_mul(n).saturating_add(BASE), 0)
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}
