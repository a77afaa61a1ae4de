//! Boosts: PSY burnt for a while of more rewards.

use crate::{staking::out_of_range, Candidates, Config, Error, Event, Pallet, Participants, Symbols};
use frame_support::ensure;
use qc_harmonics::attunement::{add_boost, Boost};
use qc_traits::{EpochInspect, TokenBurn};
use qc_types::{Balance, TokenId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_boost(who: T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let symbols = Symbols::<T>::get();
        ensure!(amount <= symbols.boost_psy, Error::<T>::AboveFullBoost);
        let epoch = T::Epochs::current_epoch();
        let raised = |boost| add_boost(&symbols, boost, epoch, amount).map_err(out_of_range);

        let boost: Boost;
        if let Some(mut record) = Candidates::<T>::get(&who) {
            boost = raised(record.boost)?;
            record.boost = boost;
            Candidates::<T>::insert(&who, record);
        } else {
            let mut record = Participants::<T>::get(&who).ok_or(Error::<T>::NotEnrolled)?;
            boost = raised(record.boost)?;
            record.boost = boost;
            Participants::<T>::insert(&who, record);
        }
        T::Burns::burn(TokenId::Psy, &who, amount)?;
        Self::deposit_event(Event::BoostBought {
            who,
            burnt: amount,
            level: boost.level,
            ends: boost.ends,
        });
        Ok(())
    }
}
