//! How the protocol takes what an account gives up.

use qc_types::{Balance, TokenId};
use sp_runtime::{DispatchError, DispatchResult};

/// Burns tokens that their owner gives up, in a call that the owner signed. For protocol code only.
///
/// `()` refuses.
pub trait TokenBurn<AccountId> {
    /// Burns `amount` plancks of what `who` has free of a token, also where `who` could not send it away (PSY below the gate).
    /// Where debits of `who` are barred (`DebitGate`), so is this. All or nothing.
    fn burn(token: TokenId, who: &AccountId, amount: Balance) -> DispatchResult;
}

impl<AccountId> TokenBurn<AccountId> for () {
    fn burn(_: TokenId, _: &AccountId, _: Balance) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}
