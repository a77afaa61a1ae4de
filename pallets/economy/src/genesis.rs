//! The economy at genesis: the shards, the protocol's accounts, and CHR.

use crate::{homes::add, ChrTotals, Config, Error, Pallet, ShardCount};
use frame_support::{pallet_prelude::DispatchResult, traits::fungibles::Mutate};
use qc_types::{Balance, Home};

impl<T: Config> Pallet<T> {
    /// Needs the assets to exist, and must come before FLX is handed out: the meter asks for the shards.
    pub(crate) fn build_genesis(shards: u8, chr: &[(T::AccountId, Balance)]) -> DispatchResult {
        ShardCount::<T>::put(shards);
        // A provider reference of their own: protocol accounts live on whatever they hold.
        frame_system::Pallet::<T>::inc_providers(&Self::treasury_account());
        for shard in Self::shards() {
            frame_system::Pallet::<T>::inc_providers(&Self::commons_account(shard));
        }
        for (who, amount) in chr {
            let Home::Shard(shard) = Self::home(who) else {
                return Err(Error::<T>::ProtocolAccount.into());
            };
            T::Assets::mint_into(Self::CHR_ID, who, *amount)?;
            ChrTotals::<T>::try_mutate(shard, |total| add(total, *amount)).map_err(|()| Error::<T>::TotalOutOfRange)?;
        }
        Ok(())
    }
}
