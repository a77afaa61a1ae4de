//! Rule-breaking that is remembered.

use qc_types::ShardId;

/// Accumulated, decaying dissonance d ≥ 0, units of 10⁻¹⁸.
///
/// `()` is 0 everywhere.
pub trait Dissonance<AccountId> {
    /// Of an account.
    fn of_account(who: &AccountId) -> u128;

    /// Of a shard, from committed state only.
    fn of_shard(shard: ShardId) -> u128;
}

impl<AccountId> Dissonance<AccountId> for () {
    fn of_account(_: &AccountId) -> u128 {
        0
    }

    fn of_shard(_: ShardId) -> u128 {
        0
    }
}
