//! The transfer rules of CHR and PSY, and the gate before debits, as a freeze over everything that an account holds; and what
//! is left to move.

use crate::{guard, Config, Pallet};
use frame_support::traits::{
    fungible::Inspect,
    fungibles::{self, Inspect as _},
    tokens::{Fortitude::Polite, Preservation::Expendable},
};
use pallet_assets::FrozenBalance;
use qc_traits::{AttunementInspect, DebitGate};
use qc_types::{AssetId, Balance, TokenId};

impl<T: Config> Pallet<T> {
    /// The `pallet-assets` id of CHR.
    pub(crate) const CHR_ID: AssetId = match TokenId::Chr.asset_id() {
        Some(id) => id,
        None => 0,
    };

    /// Whether no part of the account's balance of `token` may leave it, but by a protocol move.
    fn is_bound(token: TokenId, who: &T::AccountId) -> bool {
        match token {
            TokenId::Chr => true,
            TokenId::Psy => !T::Attunement::may_move_psy(who),
            TokenId::Flx | TokenId::Atr | TokenId::Res => false,
        }
    }

    /// How much of a token the account could send away now, in plancks; one that requires post-quantum keys, with one of them.
    pub fn transferable(who: &T::AccountId, token: TokenId) -> Balance {
        match token.asset_id() {
            None => T::Native::reducible_balance(who, Expendable, Polite),
            Some(_) if Self::is_bound(token, who) => 0,
            Some(id) => guard::with_guard_open(|| T::Assets::reducible_balance(id, who, Expendable, Polite)),
        }
    }

    /// Total issuance of a token, plancks.
    pub fn total_issuance(token: TokenId) -> Balance {
        match token.asset_id() {
            None => T::Native::total_issuance(),
            Some(id) => <T::Assets as fungibles::Inspect<T::AccountId>>::total_issuance(id),
        }
    }
}

/// What is bound, and everything of an account whose debits are barred (`DebitGate`). Free *and held*: `pallet-assets` takes what is held off the frozen part and ignores `Fortitude`, so anything less would
/// leave a way out for whoever has something held.
impl<T: Config> FrozenBalance<AssetId, T::AccountId, Balance> for Pallet<T> {
    fn frozen_balance(asset: AssetId, who: &T::AccountId) -> Option<Balance> {
        let token = TokenId::from_asset_id(asset)?;
        if guard::is_open() || (!Self::is_bound(token, who) && T::Debits::may_debit(who)) {
            return None;
        }
        Some(T::Assets::total_balance(asset, who)).filter(|total| *total > 0)
    }

    fn died(_: AssetId, _: &T::AccountId) {}

    fn contains_freezes(asset: AssetId) -> bool {
        matches!(TokenId::from_asset_id(asset), Some(TokenId::Chr | TokenId::Psy))
    }
}
