//! Participants: who they are, and what an epoch makes of those of whom something was due.

use crate::{
    paged::Vacated,
    types::{ParticipantRecord, PARTICIPANTS_MAX},
    Acting, Config, Error, Event, HoldReason, Pallet, Participants,
};
use frame_support::{ensure, traits::Get};
use qc_harmonics::{
    attunement::{self, advance_all, Boost, History, PARTICIPANT_WEIGHTS},
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_pqc::KeyId;
use qc_traits::{DutyInspect, IncidentCause, KeyInspect, RaiseIncident};
use qc_types::{CirCode, Scope};
use sp_runtime::DispatchResult;

/// Of whom something was due in an epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acted {
    /// How many participants.
    pub participants: u32,
    /// How many pages their records are on.
    pub pages: u32,
}

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
        };
        Participants::<T>::insert(&who, record);
        Self::deposit_event(Event::ParticipantEnrolled { who, key });
        Ok(())
    }

    pub(crate) fn do_leave_participant(who: T::AccountId) -> DispatchResult {
        let (record, Vacated { place, last }) = Participants::<T>::take(&who).ok_or(Error::<T>::NotParticipant)?;
        // The mark goes with the record that moved.
        Acting::<T>::mutate(|acting| {
            acting.set(place, acting.has(last));
            acting.set(last, false);
        });
        Self::release(HoldReason::Participation, &who, record.bond)?;
        Self::deposit_event(Event::ParticipantLeft { who });
        Ok(())
    }

    /// Closes the epoch for those of whom something was due, and says how many they were and on how many pages. What cannot be
    /// computed of one of them leaves that one as it was.
    pub(crate) fn close_participants(symbols: &SymbolTable, is_halted: bool) -> Acted {
        let acting = Acting::<T>::take();
        let today = Self::today();
        let mut pages = 0;
        for (count, (page, marks)) in (1u32..).zip(acting.pages()) {
            Participants::<T>::mutate_page(page, |entries| {
                let marked = (0u32..).zip(entries).filter(|(index, _)| (marks >> *index) & 1 == 1);
                marked.for_each(|(_, (who, record))| Self::close_participant(symbols, who, record, today, is_halted));
            });
            pages = count;
        }
        Acted {
            participants: acting.count(),
            pages,
        }
    }

    fn close_participant(
        symbols: &SymbolTable,
        who: &T::AccountId,
        record: &mut ParticipantRecord,
        today: u32,
        is_halted: bool,
    ) {
        match Self::closed_participant(symbols, who, record.clone(), today, is_halted) {
            Ok(closed) => *record = closed,
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
            record.history.record(today, psi)?;
        }
        record.phases = phases;
        record.psi = psi;
        Ok(record)
    }
}
