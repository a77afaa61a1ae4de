//! Weights of ΨSync. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What ΨSync's call and steps cost.
pub trait WeightInfo {
    /// Weight of `report` once it was let through.
    fn report() -> Weight;
    /// Weight of letting a report through, or refusing it: one verification, charged as if the host's cache were empty.
    fn authorize_report() -> Weight;
    /// Weight of the block after a boundary block, in which the code is hashed.
    fn see_boundary() -> Weight;
    /// Weight of the end of an epoch with the reports of `v` validators, what follows from them included.
    fn on_epoch_end(v: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn report() -> Weight {
        Weight::zero()
    }
    fn authorize_report() -> Weight {
        Weight::zero()
    }
    fn see_boundary() -> Weight {
        Weight::zero()
    }
    fn on_epoch_end(_: u32) -> Weight {
        Weight::zero()
    }
}

/// An upper estimate by counting reads, writes and verifications, for a runtime whose benchmarks have not been run yet.
pub struct Estimate<T>(PhantomData<T>);

/// One verification that the host has not cached, picoseconds: more than twice what the slowest implementation that was
/// measured on a reference machine took, natively (libcrux portable: 189 µs, fips204: 258 µs).
const VERIFICATION: u64 = 600_000_000;

/// What a call takes beside its reads, writes and verifications, picoseconds.
const BASE: u64 = 100_000_000;

/// Reading and hashing a runtime's code of some megabytes, picoseconds.
const CODE: u64 = 10_000_000_000;

/// What one validator's report takes at the end of an epoch beside its reads and writes, picoseconds.
const JUDGED: u64 = 100_000_000;

impl<T: frame_system::Config> Estimate<T> {
    fn of(time: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(time, 0).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// Reads: the key, what was handed in; writes: what is.
    fn report() -> Weight {
        Self::of(BASE, 2, 1)
    }
    /// Reads: the boundary, its hash, key and public key, the set, what was handed in, home, graph, genesis hash.
    fn authorize_report() -> Weight {
        Self::of(BASE.saturating_add(VERIFICATION), 10, 0)
    }
    /// Reads: the boundary, its hash, the code; writes: the boundary.
    fn see_boundary() -> Weight {
        Self::of(BASE.saturating_add(CODE), 3, 1)
    }
    /// Reads a validator: its report, its home, and what it takes to punish a third of them; writes likewise.
    fn on_epoch_end(v: u32) -> Weight {
        let v = u64::from(v);
        let time = JUDGED.saturating_mul(v).saturating_add(BASE);
        Self::of(
            time,
            v.saturating_mul(6).saturating_add(20),
            v.saturating_mul(5).saturating_add(10),
        )
    }
}
