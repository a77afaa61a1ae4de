//! How CHR is earned and lost.

use qc_types::Balance;
use sp_runtime::{DispatchError, DispatchResult};

/// The only two ways that CHR moves (law CHR-1): between an account and the commons pot of its home shard. For protocol
/// code only; no call of a user may reach it.
///
/// `()` refuses both.
pub trait CommonsMutate<AccountId> {
    /// Moves `amount` plancks of CHR from the commons pot of `who`'s home shard to `who`. All or nothing.
    fn award_chr(who: &AccountId, amount: Balance) -> DispatchResult;

    /// Moves `amount` plancks of CHR from `who` back to the commons pot of its home shard. All or nothing.
    fn forfeit_chr(who: &AccountId, amount: Balance) -> DispatchResult;
}

impl<AccountId> CommonsMutate<AccountId> for () {
    fn award_chr(_: &AccountId, _: Balance) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }

    fn forfeit_chr(_: &AccountId, _: Balance) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}
