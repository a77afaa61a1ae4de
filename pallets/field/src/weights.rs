//! Weights of the field. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the field costs.
pub trait WeightInfo {
    /// Weight of the end of an epoch with `n` shards of the highest degree there can be, all of them named by PSI-2;
    /// without what it takes to ask others.
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

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// Reads: graph, inputs, symbols, and for each shard what an incident reads; writes: inputs, fields, curls, history,
    /// and for each shard what an incident writes.
    fn on_epoch_end(n: u32) -> Weight {
        // argued: a weight for at most fifty shards
        let n = u64::from(n);
        let of_incidents = n.saturating_mul(4);
        Weight::from_parts(SHARD.saturating_mul(n).saturating_add(BASE), 0).saturating_add(
            T::DbWeight::get().reads_writes(of_incidents.saturating_add(3), of_incidents.saturating_add(4)),
        )
    }
}
