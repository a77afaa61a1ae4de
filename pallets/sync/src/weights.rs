//! Weights of ΨSync. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

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
