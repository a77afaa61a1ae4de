//! Weights of the field. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

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
