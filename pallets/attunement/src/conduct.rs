//! What follows from misconduct and from falls of Ψ: slashes, removals, the blacklist.

use crate::{
    types::{BlacklistRecord, CandidateRecord, CandidateStatus, SlashCause, LEAVERS_MAX},
    Blacklist, BlacklistEnds, Candidates, Config, Event, Offences, Pallet, Symbols, UnbondingQueues, WeightInfo,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use frame_support::{traits::Get, weights::Weight};
use qc_harmonics::{
    attunement::{close_conduct, Boost, Observation, Standing, Verdict},
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_traits::{Conduct, DisableValidator, EpochInspect, Misconduct};
use qc_types::EpochIndex;
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

/// In how many epochs a place is looked for in which a blacklisting ends: with [`CANDIDATES_MAX`](crate::types::CANDIDATES_MAX) places each, far more than
/// there are accounts with something at stake that could be punished in one epoch.
const BLACKLIST_EPOCHS_TRIED: usize = 64;

/// Candidates by account, as they are worked on while an epoch ends.
pub(crate) type CandidatesById<T> = BTreeMap<<T as frame_system::Config>::AccountId, CandidateRecord>;

impl<T: Config> Conduct<T::AccountId> for Pallet<T> {
    fn punish(who: &T::AccountId, misconduct: Misconduct) {
        // Whoever left has something at stake until it has unbonded.
        if !Candidates::<T>::contains_key(who) && !UnbondingQueues::<T>::contains_key(who) {
            return;
        }
        let symbols = Symbols::<T>::get();
        match misconduct {
            Misconduct::SyncStrikes => {}
            Misconduct::Tampering => Self::slash(who, symbols.slash_tampering, SlashCause::Tampering),
            Misconduct::Equivocation => Self::slash(who, symbols.slash_equivocation, SlashCause::Equivocation),
        }
        Self::blacklist(who, misconduct, symbols.blacklist_epochs);
    }
}

/// Equivocations, the only offence that this chain's consensus reports: GRANDPA votes. Each offender is punished once a
/// session, whatever else of it is reported; the fraction is ours.
impl<T: Config, Full> OnOffenceHandler<T::AccountId, (T::AccountId, Full), Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<T::AccountId, (T::AccountId, Full)>],
        _: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for details in offenders {
            let (who, _) = &details.offender;
            if Offences::<T>::get(session).contains(who) {
                continue;
            }
            match Offences::<T>::try_append(session, who.clone()) {
                Ok(()) => Self::punish(who, Misconduct::Equivocation),
                // argued: out of reach, no session has more validators; who is not noted would be punished again for the same
                Err(()) => log::error!(target: "runtime::attunement", "no room for the offence of {who:?}"),
            }
        }
        // argued: one report names at most the 100 validators of a session; times a weight below a second's 10^12 that is far
        // from 2^64, and no state depends on it
        T::WeightInfo::punish().saturating_mul(u64::try_from(offenders.len()).unwrap_or(u64::MAX))
    }
}

impl<T: Config> Pallet<T> {
    fn blacklist(who: &T::AccountId, misconduct: Misconduct, epochs: u32) {
        // None of one who left and has something unbonding.
        let _ = Candidates::<T>::change(who, |record| record.status = CandidateStatus::Barred);
        T::Disable::disable(who);
        let Some(until) = T::Epochs::current_epoch().checked_add(epochs) else {
            log::error!(target: "runtime::attunement", "no epoch is left for a blacklisting of {who:?}");
            return;
        };
        if Blacklist::<T>::get(who).is_some_and(|record| record.until >= until) {
            return;
        }
        // Where as many end as one epoch may, this one ends later.
        let has_room = |end: &EpochIndex| BlacklistEnds::<T>::try_append(*end, who.clone()).is_ok();
        let Some(until) = (until..=EpochIndex::MAX).take(BLACKLIST_EPOCHS_TRIED).find(has_room) else {
            log::error!(target: "runtime::attunement", "no room for the end of the blacklisting of {who:?}");
            return;
        };
        Blacklist::<T>::insert(who, BlacklistRecord { misconduct, until });
        Self::deposit_event(Event::Blacklisted {
            who: who.clone(),
            misconduct,
            until,
        });
    }

    /// Ends a blacklisting before its time: for governance.
    pub fn pardon(who: &T::AccountId) {
        if let Some(record) = Blacklist::<T>::take(who) {
            BlacklistEnds::<T>::mutate_exists(record.until, |queue| {
                if let Some(ends) = queue {
                    ends.retain(|queued| queued != who);
                    if ends.is_empty() {
                        *queue = None;
                    }
                }
            });
            Self::deposit_event(Event::BlacklistingEnded { who: who.clone() });
        }
    }

    /// Ends the blacklistings that are over, and forgets equivocations that nobody can prove any more.
    pub(crate) fn forget_misconduct(ended: EpochIndex) {
        for who in BlacklistEnds::<T>::take(ended) {
            // A longer one may have taken its place.
            if Blacklist::<T>::get(&who).is_some_and(|record| record.until <= ended) {
                Blacklist::<T>::remove(&who);
                Self::deposit_event(Event::BlacklistingEnded { who });
            }
        }
        if let Some(forgotten) = ended.checked_sub(T::OffenceSessions::get()) {
            Offences::<T>::remove(forgotten);
        }
    }

    /// What the epoch's end makes of the falls of all candidates: their standings are written into `candidates`; who is to be
    /// slashed is returned, and who is removed or excused is shown.
    pub(crate) fn judge_falls(
        symbols: &SymbolTable,
        set_size: usize,
        observed: &BTreeMap<T::AccountId, Observation>,
        candidates: &mut CandidatesById<T>,
    ) -> Result<Vec<(T::AccountId, Verdict)>, MathError> {
        let concerned: Vec<T::AccountId> = candidates
            .iter()
            .filter(|(who, record)| observed.contains_key(*who) || record.standing != Standing::default())
            .map(|(who, _)| who.clone())
            .collect();
        let entry = |who: &T::AccountId| {
            let standing = candidates.get(who).map(|record| record.standing).unwrap_or_default();
            (standing, observed.get(who).copied().unwrap_or(Observation::Absent))
        };
        let entries: Vec<_> = concerned.iter().map(entry).collect();
        let set_size = u32::try_from(set_size).map_err(|_| MathError::Overflow)?;
        let judged = close_conduct(symbols, set_size, &entries)?;

        let mut verdicts = Vec::new();
        for (who, (standing, verdict)) in concerned.into_iter().zip(judged) {
            if let Some(record) = candidates.get_mut(&who) {
                record.standing = standing;
                if verdict.slash {
                    record.boost = Boost::default();
                }
                if verdict.remove && record.status != CandidateStatus::Barred {
                    record.status = CandidateStatus::Removed;
                }
            }
            if verdict != Verdict::default() {
                verdicts.push((who, verdict));
            }
        }
        Ok(verdicts)
    }

    /// Carries verdicts out.
    pub(crate) fn execute(symbols: &SymbolTable, verdicts: Vec<(T::AccountId, Verdict)>) {
        for (who, verdict) in verdicts {
            if verdict.slash {
                Self::slash(&who, symbols.slash_fraction, SlashCause::Fall);
            }
            if verdict.dropped {
                Self::deposit_event(Event::FallExcused { who: who.clone() });
            }
            if verdict.remove {
                Self::deposit_event(Event::ValidatorRemoved { who });
            }
        }
    }

    /// Takes away the records of those who are done: no seat in the set that begins, nothing due for a fall, and no wish to
    /// stay. At most [`LEAVERS_MAX`] at a time; the others go at one of the next ends.
    pub(crate) fn drop_those_who_left(candidates: &CandidatesById<T>, begins: &BTreeSet<T::AccountId>) {
        let done = |who: &T::AccountId, record: &CandidateRecord| {
            record.status != CandidateStatus::Seeking && record.standing == Standing::default() && !begins.contains(who)
        };
        let leaving = candidates.iter().filter(|(who, record)| done(who, record));
        for who in leaving.map(|(who, _)| who).take(LEAVERS_MAX) {
            // Its stake may have been slashed since.
            if let Some(record) = Candidates::<T>::get(who) {
                Self::drop_candidate(who, &record);
            }
        }
    }
}
