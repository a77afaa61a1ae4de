//! Weights of the attunement. The runtime's are generated: `runtime/src/weights/`.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the attunement's calls and steps cost.
pub trait WeightInfo {
    /// Weight of `enrol_validator` where every place is taken.
    fn enrol_validator() -> Weight;
    /// Weight of `bond_extra`.
    fn bond_extra() -> Weight;
    /// Weight of `unbond`.
    fn unbond() -> Weight;
    /// Weight of `withdraw` of a full queue.
    fn withdraw() -> Weight;
    /// Weight of `leave`.
    fn leave() -> Weight;
    /// Weight of `enrol_participant`.
    fn enrol_participant() -> Weight;
    /// Weight of `leave_participant`.
    fn leave_participant() -> Weight;
    /// Weight of `boost`.
    fn boost() -> Weight;
    /// Weight of a punishment: slash and blacklisting.
    fn punish() -> Weight;
    /// Weight of counting the slots of a block, and of noting its author.
    fn count_slots() -> Weight;
    /// Weight of the end of an epoch with `v` validators, all places of candidates taken, and participants who acted on `g`
    /// pages, all of each; the choice of the next set included.
    fn on_epoch_end(v: u32, g: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn enrol_validator() -> Weight {
        Weight::zero()
    }
    fn bond_extra() -> Weight {
        Weight::zero()
    }
    fn unbond() -> Weight {
        Weight::zero()
    }
    fn withdraw() -> Weight {
        Weight::zero()
    }
    fn leave() -> Weight {
        Weight::zero()
    }
    fn enrol_participant() -> Weight {
        Weight::zero()
    }
    fn leave_participant() -> Weight {
        Weight::zero()
    }
    fn boost() -> Weight {
        Weight::zero()
    }
    fn punish() -> Weight {
        Weight::zero()
    }
    fn count_slots() -> Weight {
        Weight::zero()
    }
    fn on_epoch_end(_: u32, _: u32) -> Weight {
        Weight::zero()
    }
}

/// An upper estimate by counting reads and writes, for a runtime whose benchmarks have not been run yet.
pub struct Estimate<T>(PhantomData<T>);

/// What a call takes beside its reads and writes, picoseconds.
const BASE: u64 = 100_000_000;

/// What the mathematics of one validator takes, picoseconds: a root, a logarithm, an exponential and its share of the sorts.
const VALIDATOR: u64 = 50_000_000;

/// What the mathematics of a page of participants takes, picoseconds.
const PAGE: u64 = 200_000_000;

/// The reads of a full list of candidates, with their session keys: twice [`CANDIDATES_MAX`](crate::types::CANDIDATES_MAX).
const CANDIDATES: u64 = 400;

impl<T: frame_system::Config> Estimate<T> {
    fn of(picoseconds: u64, reads: u64, writes: u64) -> Weight {
        // argued: sums and products of small constants, and of numbers below 2³².
        Weight::from_parts(picoseconds.saturating_add(BASE), 0)
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: frame_system::Config> WeightInfo for Estimate<T> {
    /// All candidates are read to find the one that goes. Writes: both records, the count, a queue, balance, hold, its total
    /// and the asset.
    fn enrol_validator() -> Weight {
        Self::of(BASE, CANDIDATES + 20, 12)
    }
    fn bond_extra() -> Weight {
        Self::of(0, 12, 6)
    }
    fn unbond() -> Weight {
        Self::of(0, 6, 3)
    }
    fn withdraw() -> Weight {
        Self::of(0, 12, 6)
    }
    fn leave() -> Weight {
        Self::of(0, 3, 2)
    }
    fn enrol_participant() -> Weight {
        Self::of(0, 16, 8)
    }
    fn leave_participant() -> Weight {
        Self::of(0, 14, 8)
    }
    fn boost() -> Weight {
        Self::of(0, 14, 6)
    }
    fn punish() -> Weight {
        Self::of(BASE, 24, 16)
    }
    fn count_slots() -> Weight {
        Self::of(0, 6, 1)
    }
    /// Reads: all candidates with their session keys; of each validator its dissonance, report and seals, and of a third of them
    /// what a slash reads, a blacklisting and an offence; and the leavers'. Writes: of each validator its record, and of a third of
    /// them what a slash writes, a blacklisting and an offence; two items of each leaver. Each page once.
    fn on_epoch_end(v: u32, g: u32) -> Weight {
        let (v, g) = (u64::from(v), u64::from(g));
        // argued: numbers below 2³² times constants below 2³⁰
        let mathematics = VALIDATOR.saturating_mul(v).saturating_add(PAGE.saturating_mul(g));
        let reads = v.saturating_mul(5).saturating_add(g).saturating_add(CANDIDATES + 60);
        let writes = v.saturating_mul(3).saturating_add(g).saturating_add(60);
        Self::of(mathematics, reads, writes)
    }
}
