//! The two ways that CHR moves (law CHR-1).

use crate::{guard::with_guard_open, Config, Error, Event, Pallet};
use frame_support::{
    ensure,
    traits::{fungibles::Mutate, tokens::Preservation::Expendable},
};
use qc_traits::CommonsMutate;
use qc_types::{Balance, Home};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// The pot that `who`'s CHR comes from and goes back to.
    fn pot_of(who: &T::AccountId) -> Result<T::AccountId, Error<T>> {
        let Home::Shard(shard) = Self::home(who) else {
            return Err(Error::<T>::ProtocolAccount);
        };
        let pot = Self::commons_account(shard);
        ensure!(pot != *who, Error::<T>::ProtocolAccount);
        Ok(pot)
    }
}

impl<T: Config> CommonsMutate<T::AccountId> for Pallet<T> {
    fn award_chr(who: &T::AccountId, amount: Balance) -> DispatchResult {
        let pot = Self::pot_of(who)?;
        with_guard_open(|| T::Assets::transfer(Self::CHR_ID, &pot, who, amount, Expendable))?;
        Self::deposit_event(Event::ChrAwarded {
            who: who.clone(),
            amount,
        });
        Ok(())
    }

    fn forfeit_chr(who: &T::AccountId, amount: Balance) -> DispatchResult {
        let pot = Self::pot_of(who)?;
        with_guard_open(|| T::Assets::transfer(Self::CHR_ID, who, &pot, amount, Expendable))?;
        Self::deposit_event(Event::ChrForfeited {
            who: who.clone(),
            amount,
        });
        Ok(())
    }
}
