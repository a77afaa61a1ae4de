//! The attunement at genesis: symbols, the founding validators and the shards' anchors.

use crate::{
    types::{CandidateRecord, CandidateStatus, CANDIDATES_MAX},
    Anchors, Candidates, Config, GenesisAtr, GenesisConfig, HoldReason, Pallet, PlannedSet, Symbols,
};
use frame_support::traits::fungibles::Inspect;
use qc_harmonics::attunement::{self, Boost, Forgiveness, History, Standing};
use sp_runtime::{traits::Convert, BoundedVec, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Needs ATR to be handed out.
    pub(crate) fn build_genesis(genesis: &GenesisConfig<T>) -> DispatchResult {
        genesis
            .symbols
            .check()
            .map_err(|_| DispatchError::Other("a symbol is out of bounds"))?;
        Symbols::<T>::put(genesis.symbols);
        GenesisAtr::<T>::put(T::Assets::total_issuance(Self::ATR_ID));
        for (shard, amount) in &genesis.anchors {
            if Anchors::<T>::contains_key(shard) {
                return Err(DispatchError::Other("a shard has two anchors"));
            }
            if *amount > 0 {
                Self::hold(HoldReason::Anchor, &T::Pots::convert(*shard), *amount)?;
            }
            Anchors::<T>::insert(shard, amount);
        }
        for (who, stake) in &genesis.validators {
            if Candidates::<T>::contains_key(who) {
                return Err(DispatchError::Other("a founding validator is named twice"));
            }
            if *stake < genesis.symbols.stake_min {
                return Err(DispatchError::Other("a founding validator stakes too little"));
            }
            Self::hold(HoldReason::Stake, who, *stake)?;
            let record = CandidateRecord {
                status: CandidateStatus::Seeking,
                stake: *stake,
                grace_epochs: genesis.symbols.grace_epochs,
                forgiveness: Forgiveness::default(),
                standing: Standing::default(),
                boost: Boost::default(),
                phases: attunement::start(genesis.psi_start),
                psi: genesis.psi_start,
                history: History::founded_on(&genesis.symbols, 0, genesis.psi_start)
                    .map_err(|_| DispatchError::Other("the founders' start is above one"))?,
            };
            Candidates::<T>::insert(who, record);
        }
        if Candidates::<T>::count() > genesis.symbols.validators_max.min(CANDIDATES_MAX) {
            return Err(DispatchError::Other("there are too many founding validators"));
        }
        let mut founders: alloc::vec::Vec<_> = genesis.validators.iter().map(|(who, _)| who.clone()).collect();
        founders.sort_unstable();
        PlannedSet::<T>::put(BoundedVec::truncate_from(founders));
        Ok(())
    }
}
