//! The calls of candidates.

use crate::{
    types::{CandidateRecord, CandidateStatus, CANDIDATES_MAX},
    Blacklist, Candidates, Config, Error, Event, HoldReason, Pallet, PlannedSet, Symbols,
};
use alloc::collections::BTreeSet;
use frame_support::{
    ensure,
    traits::{Contains, Get},
};
use qc_harmonics::attunement::{self, Boost, Forgiveness, History, Standing};
use qc_types::Balance;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Who is in the running set or in the one after it.
    pub(crate) fn seated() -> BTreeSet<T::AccountId> {
        T::Validators::get().into_iter().chain(PlannedSet::<T>::get()).collect()
    }

    pub(crate) fn do_enrol_validator(who: T::AccountId, stake: Balance) -> DispatchResult {
        ensure!(!Blacklist::<T>::contains_key(&who), Error::<T>::OnBlacklist);
        ensure!(T::SessionKeys::contains(&who), Error::<T>::SessionKeysMissing);
        let record = match Candidates::<T>::get(&who) {
            Some(record) => Self::returning(&who, record, stake)?,
            None => Self::newcomer(stake)?,
        };
        ensure!(
            record.stake >= Symbols::<T>::get().stake_min,
            Error::<T>::StakeBelowMinimum
        );
        if !Candidates::<T>::contains_key(&who) {
            Self::make_room_for(record.stake)?;
        }

        if stake > 0 {
            Self::hold(HoldReason::Stake, &who, stake)?;
        }
        let stake = record.stake;
        Candidates::<T>::insert(&who, record);
        Self::deposit_event(Event::ValidatorEnrolled { who, stake });
        Ok(())
    }

    fn returning(
        who: &T::AccountId,
        mut record: CandidateRecord,
        more: Balance,
    ) -> Result<CandidateRecord, DispatchError> {
        match record.status {
            CandidateStatus::Seeking => return Err(Error::<T>::AlreadyCandidate.into()),
            CandidateStatus::Barred => return Err(Error::<T>::RemovalPending.into()),
            // One who could not be spared may have recovered meanwhile.
            CandidateStatus::Removed => ensure!(
                record.psi >= Symbols::<T>::get().psi_slash || !Self::seated().contains(who),
                Error::<T>::RemovalPending
            ),
            CandidateStatus::Leaving => {}
        }
        record.status = CandidateStatus::Seeking;
        record.stake = record.stake.checked_add(more).ok_or(ArithmeticError::Overflow)?;
        Ok(record)
    }

    fn newcomer(stake: Balance) -> Result<CandidateRecord, DispatchError> {
        let today = Self::today();
        Ok(CandidateRecord {
            status: CandidateStatus::Seeking,
            stake,
            grace_epochs: Symbols::<T>::get().grace_epochs,
            forgiveness: Forgiveness::default(),
            standing: Standing::default(),
            boost: Boost::default(),
            phases: attunement::start(0),
            psi: 0,
            history: History::enrolled_on(today),
        })
    }

    /// Makes sure that there is a place for one more candidate with this stake.
    fn make_room_for(stake: Balance) -> DispatchResult {
        if Candidates::<T>::count() < CANDIDATES_MAX {
            return Ok(());
        }
        let seated = Self::seated();
        let waiting = Candidates::<T>::iter()
            .filter(|(who, record)| record.standing == Standing::default() && !seated.contains(who));
        let least = waiting.min_by(|(a, of_a), (b, of_b)| (of_a.stake, a).cmp(&(of_b.stake, b)));
        let (who, record) = least.ok_or(Error::<T>::CandidatesFull)?;
        ensure!(record.stake < stake, Error::<T>::CandidatesFull);
        Self::drop_candidate(&who, &record);
        Ok(())
    }

    pub(crate) fn do_bond_extra(who: T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let mut record = Candidates::<T>::get(&who).ok_or(Error::<T>::NotCandidate)?;
        ensure!(record.status == CandidateStatus::Seeking, Error::<T>::AlreadyLeaving);
        record.stake = record.stake.checked_add(amount).ok_or(ArithmeticError::Overflow)?;

        Self::hold(HoldReason::Stake, &who, amount)?;
        Candidates::<T>::insert(&who, record);
        Self::deposit_event(Event::StakeAdded { who, amount });
        Ok(())
    }

    pub(crate) fn do_unbond(who: T::AccountId, amount: Balance) -> DispatchResult {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let mut record = Candidates::<T>::get(&who).ok_or(Error::<T>::NotCandidate)?;
        ensure!(record.status == CandidateStatus::Seeking, Error::<T>::AlreadyLeaving);
        let symbols = Symbols::<T>::get();
        record.stake = record.stake.checked_sub(amount).ok_or(Error::<T>::AmountAboveStake)?;
        ensure!(record.stake >= symbols.stake_min, Error::<T>::StakeBelowMinimum);

        Candidates::<T>::insert(&who, record);
        Self::start_unbonding(&who, amount, symbols.unbonding_epochs, false)
    }

    pub(crate) fn do_leave(who: T::AccountId) -> DispatchResult {
        let mut record = Candidates::<T>::get(&who).ok_or(Error::<T>::NotCandidate)?;
        ensure!(record.status == CandidateStatus::Seeking, Error::<T>::AlreadyLeaving);
        record.status = CandidateStatus::Leaving;
        Candidates::<T>::insert(&who, record);
        Self::deposit_event(Event::LeaveRequested { who });
        Ok(())
    }
}
