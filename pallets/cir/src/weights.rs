//! Weights of the incidents. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What incidents cost.
pub trait WeightInfo {
    /// Weight of the end of an epoch at which `c` incidents close.
    fn on_epoch_end(c: u32) -> Weight;
    /// Weight of one raise, which is part of the weight of the step that raises: the open ones are full, and one gives way.
    fn raise() -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn on_epoch_end(_: u32) -> Weight {
        Weight::zero()
    }
    fn raise() -> Weight {
        Weight::zero()
    }
}

/// An upper estimate by counting reads and writes, for a runtime whose benchmarks have not been run yet.
pub struct Estimate<T>(PhantomData<T>);

/// What a step takes beside its reads and writes, picoseconds.
const BASE: u64 = 50_000_000;

/// What one closed incident takes beside its reads and writes, picoseconds.
const CLOSED: u64 = 10_000_000;

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// Reads: the open ones and the counts; writes: the same, and each closed one.
    fn on_epoch_end(c: u32) -> Weight {
        let c = u64::from(c);
        Weight::from_parts(CLOSED.saturating_mul(c).saturating_add(BASE), 0)
            .saturating_add(T::DbWeight::get().reads_writes(2, c.saturating_add(2)))
    }
    /// Reads: the open ones, the counts, the epoch; writes: the open ones, the counts, the closed one.
    fn raise() -> Weight {
        Weight::from_parts(BASE, 0).saturating_add(T::DbWeight::get().reads_writes(4, 4))
    }
}
