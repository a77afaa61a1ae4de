//! Participants: who they are, and what an epoch makes of those of whom something was due.

use crate::{
    types::{ParticipantRecord, PARTICIPANTS_MAX},
    Acting, Config, Error, Event, HoldReason, Pallet, Participants,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use qc_harmonics::{
    attunement::{self, advance_all, Boost, History, HISTORY_DAYS, PARTICIPANT_WEIGHTS},
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_pqc::KeyId;
use qc_traits::{DutyInspect, IncidentCause, KeyInspect, RaiseIncident};
use qc_types::{CirCode, Scope};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_enrol_participant(who: T::AccountId, key: KeyId) -> DispatchResult {
        let info = T::Keys::key(&key).ok_or(Error::<T>::KeyUnknown)?;
        ensure!(info.owner == who, Error::<T>::KeyForeign);
        ensure!(info.active, Error::<T>::KeyEnded);
        if let Some(mut record) = Participants::<T>::get(&who) {
            ensure!(record.key != key, Error::<T>::KeyUnchanged);
            record.key = key;
            Participants::<T>::insert(&who, record);
            Self::deposit_event(Event::ParticipantKeyReplaced { who, key });
            return Ok(());
        }
        ensure!(
            Participants::<T>::count() < PARTICIPANTS_MAX,
            Error::<T>::ParticipantsFull
        );

        let bond = T::ParticipantBond::get();
        Self::hold(HoldReason::Participation, &who, bond)?;
        let today = Self::today();
        let record = ParticipantRecord {
            key,
            bond,
            boost: Boost::default(),
            phases: attunement::start(0),
            psi: 0,
            history: History::enrolled_on(today),
            recorded_day: today,
        };
        Participants::<T>::insert(&who, record);
        Self::deposit_event(Event::ParticipantEnrolled { who, key });
        Ok(())
    }

    pub(crate) fn do_leave_participant(who: T::AccountId) -> DispatchResult {
        let record = Participants::<T>::take(&who).ok_or(Error::<T>::NotParticipant)?;
        Acting::<T>::remove(&who);
        Self::release(HoldReason::Participation, &who, record.bond)?;
        Self::deposit_event(Event::ParticipantLeft { who });
        Ok(())
    }

    /// Closes the epoch for those of whom something was due, and says how many they were. What cannot be computed of one of
    /// them leaves that one as it was.
    pub(crate) fn close_participants(symbols: &SymbolTable, is_halted: bool) -> usize {
        let acting: Vec<_> = Acting::<T>::drain().map(|(who, ())| who).collect();
        let today = Self::today();
        for who in &acting {
            let Some(record) = Participants::<T>::get(who) else {
                continue;
            };
            match Self::closed_participant(symbols, who, record, today, is_halted) {
                Ok(record) => Participants::<T>::insert(who, record),
                Err(fault) => {
                    log::error!(target: "runtime::attunement", "{who:?} cannot be computed: {fault:?}");
                    T::Incidents::raise(
                        CirCode::LocalDissonance,
                        Scope::Account(who.clone()),
                        IncidentCause::Mathematics,
                    );
                }
            }
        }
        acting.len()
    }

    fn closed_participant(
        symbols: &SymbolTable,
        who: &T::AccountId,
        mut record: ParticipantRecord,
        today: u32,
        is_halted: bool,
    ) -> Result<ParticipantRecord, MathError> {
        let features = [T::Duties::packets(who), T::Duties::votes(who)];
        let (phases, psi) = advance_all(symbols, &PARTICIPANT_WEIGHTS, &record.phases, &features)?;
        if !is_halted {
            Self::hold_psi(&mut record.history, record.recorded_day, today, record.psi)?;
            record.history.record(today, psi)?;
            record.recorded_day = today;
        }
        record.phases = phases;
        record.psi = psi;
        Ok(record)
    }

    /// Writes the days that passed since `recorded`, on which Ψ stood still, up to the day before `today`. At most 90 days,
    /// for no more are looked at.
    pub(crate) fn hold_psi(history: &mut History, recorded: u32, today: u32, psi: u128) -> Result<(), MathError> {
        let first = recorded.checked_add(1).ok_or(MathError::Overflow)?;
        // argued: days are counted from 0; until day 90 all of them are looked at, so the first one is day 0
        let first = first.max(today.saturating_sub(HISTORY_DAYS));
        (first..today).try_for_each(|day| history.record(day, psi))
    }
}
