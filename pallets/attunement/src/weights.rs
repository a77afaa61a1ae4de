//! Weights of the attunement. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

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
