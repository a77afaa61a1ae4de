//! Weights of the incidents. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

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
