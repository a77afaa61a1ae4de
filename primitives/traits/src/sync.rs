//! ΨSync: what it needs to judge reports, and what it found.

use alloc::vec::Vec;
use qc_types::{EpochIndex, ShardId};

/// Asked by the sync: who reports now, and what the chain itself holds true of the last closed epoch.
///
/// `()` has no validator and no closed epoch.
pub trait ReportedEpochInspect<AccountId> {
    /// The active validators, in the order of the session.
    fn validators() -> Vec<AccountId>;

    /// The home shard of a validator.
    fn shard_of(validator: &AccountId) -> Option<ShardId>;

    /// Ĉ of an epoch as the runtime computed it, units of 10⁻¹⁸; `None` of one that is not the last or could not be closed.
    fn coherence(epoch: EpochIndex) -> Option<u128>;

    /// blake2-256 of the code in the state of now.
    fn code_hash() -> [u8; 32];
}

impl<AccountId> ReportedEpochInspect<AccountId> for () {
    fn validators() -> Vec<AccountId> {
        Vec::new()
    }

    fn shard_of(_: &AccountId) -> Option<ShardId> {
        None
    }

    fn coherence(_: EpochIndex) -> Option<u128> {
        None
    }

    fn code_hash() -> [u8; 32] {
        [0; 32]
    }
}

/// What the sync found when it closed last.
///
/// `()` never closes: nothing is due of anybody, and no edge has observers.
pub trait SyncInspect<AccountId> {
    /// f2 of each validator of whom a report was due: how well it agreed with Ψ*, units of 10⁻¹⁸, range [0, 1]; 0 if it sent
    /// none although Ψ* exists. Empty without a Ψ*.
    fn conformities() -> Vec<(AccountId, u128)>;

    /// The observed gradients ĝ of the epoch reported on, units of 10⁻¹⁸, aligned with
    /// [`TopologyInspect::edges`](crate::TopologyInspect::edges); `None` where too few observed. Empty if no sync closed.
    fn observed_gradients() -> Vec<Option<i128>>;

    /// Whether more than ⅓ of the whole set deviated in the sync that closed last (PSI-2 asks).
    fn is_breached() -> bool;
}

impl<AccountId> SyncInspect<AccountId> for () {
    fn conformities() -> Vec<(AccountId, u128)> {
        Vec::new()
    }

    fn observed_gradients() -> Vec<Option<i128>> {
        Vec::new()
    }

    fn is_breached() -> bool {
        false
    }
}
