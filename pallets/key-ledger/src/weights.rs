//! Weights of the key ledger. The runtime's are generated: `runtime/src/weights/`.

use frame_support::weights::Weight;

/// What the key ledger's calls and the transaction extension's steps cost. Every verification is charged as if the host's
/// cache were empty: one for `register`, two for `rotate` and for each operation of a `commit`, one for `authorise`.
pub trait WeightInfo {
    /// Weight of `register`.
    fn register() -> Weight;
    /// Weight of `rotate`.
    fn rotate() -> Weight;
    /// Weight of `set_capabilities`.
    fn set_capabilities() -> Weight;
    /// Weight of `revoke`.
    fn revoke() -> Weight;
    /// Weight of a `commit` of `n` operations, each of them the dearest there is.
    fn commit(n: u32) -> Weight;
    /// Weight of `require_pqc`.
    fn require_pqc() -> Weight;
    /// Weight of `leave_pqc`.
    fn leave_pqc() -> Weight;
    /// Weight of `keep_pqc`.
    fn keep_pqc() -> Weight;
    /// Weight of `authorise`, `begin` and `end` together, with a payload of `l` bytes.
    fn authorise(l: u32) -> Weight;
}

/// No weight, for tests.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::zero()
    }
    fn rotate() -> Weight {
        Weight::zero()
    }
    fn set_capabilities() -> Weight {
        Weight::zero()
    }
    fn revoke() -> Weight {
        Weight::zero()
    }
    fn commit(_: u32) -> Weight {
        Weight::zero()
    }
    fn require_pqc() -> Weight {
        Weight::zero()
    }
    fn leave_pqc() -> Weight {
        Weight::zero()
    }
    fn keep_pqc() -> Weight {
        Weight::zero()
    }
    fn authorise(_: u32) -> Weight {
        Weight::zero()
    }
}
