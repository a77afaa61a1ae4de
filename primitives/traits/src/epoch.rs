//! The protocol's tick.

use qc_types::EpochIndex;
use sp_runtime::Weight;

/// The epoch that is running.
///
/// `()` never leaves epoch 0.
pub trait EpochInspect {
    /// Number of the running epoch.
    fn current_epoch() -> EpochIndex;
}

impl EpochInspect for () {
    fn current_epoch() -> EpochIndex {
        0
    }
}

/// A pallet's step at the end of an epoch. The order of the steps is written once, in `runtime/src/epoch.rs`.
pub trait OnEpochEnd {
    /// Called once, in the block that ends epoch `ended`, before the next one begins. Returns the weight it used. It must not
    /// panic and must leave its laws whole whatever happens.
    fn on_epoch_end(ended: EpochIndex) -> Weight;
}

impl OnEpochEnd for () {
    fn on_epoch_end(_: EpochIndex) -> Weight {
        Weight::zero()
    }
}
