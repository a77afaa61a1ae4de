//! Weights of the economy. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

/// What the economy's calls and steps cost.
pub trait WeightInfo {
    /// Weight of `request_home_move`.
    fn request_home_move() -> Weight;
    /// Weight of `cancel_home_move`, with the queue full.
    fn cancel_home_move() -> Weight;
    /// Weight of the end of an epoch at which `m` moves are due.
    fn on_epoch_end(m: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn request_home_move() -> Weight {
        Weight::zero()
    }
    fn cancel_home_move() -> Weight {
        Weight::zero()
    }
    fn on_epoch_end(_: u32) -> Weight {
        Weight::zero()
    }
}
