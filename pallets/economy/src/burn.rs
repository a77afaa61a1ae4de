//! What the protocol burns: PSY that its holder gives up for a boost, RES for the bridge's toll.

use crate::{guard::with_guard_open, meter::may_debit, Config, Error, Pallet};
use frame_support::{
    ensure,
    traits::{
        fungibles::Mutate,
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Expendable},
    },
};
use qc_traits::{ProtocolGuard, TokenBurn};
use qc_types::{Balance, TokenId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> TokenBurn<T::AccountId> for Pallet<T> {
    /// CHR-1 and FLX-1 forbid burning these two, ATR-1 burning ATR but by a slash.
    fn burn(token: TokenId, who: &T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(may_debit::<T>(who), Error::<T>::PqcRequired);
        let id = match token {
            TokenId::Psy | TokenId::Res => token.asset_id().ok_or(DispatchError::Unavailable)?,
            TokenId::Flx | TokenId::Chr | TokenId::Atr => return Err(DispatchError::Unavailable),
        };
        with_guard_open(|| T::Assets::burn_from(id, who, amount, Expendable, Exact, Polite)).map(|_| ())
    }
}

impl<T: Config> ProtocolGuard for Pallet<T> {
    fn open<R>(protocol_move: impl FnOnce() -> R) -> R {
        with_guard_open(protocol_move)
    }
}
