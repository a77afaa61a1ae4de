//! Who validates next.

use crate::{
    types::{CandidateRecord, VALIDATORS_MAX},
    Blacklist, Candidates, Config, Event, Pallet, PlannedSet, Symbols,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::traits::{Contains, Get};
use qc_harmonics::{
    attunement::{choose_set, effective_psi, Candidate, Claim},
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_traits::{DisableValidator, IncidentCause, RaiseIncident};
use qc_types::{CirCode, EpochIndex, Scope};
use sp_runtime::BoundedVec;

impl<T: Config> Pallet<T> {
    /// Chooses the set of epoch `next`, to follow the set of `Config::Validators`; `None`: it stays as it is. To be called
    /// once when a session is planned (`SessionManager::new_session`), after the epoch before was closed.
    ///
    /// The set is in the order of accounts. At genesis, when no set runs yet, it is all candidates.
    pub fn choose_set(next: EpochIndex) -> Option<Vec<T::AccountId>> {
        let running = T::Validators::get();
        let chosen = match Self::plan_set(&running, next) {
            Ok(chosen) if !chosen.is_empty() => Some(chosen),
            Ok(_) => None,
            Err(fault) => {
                log::error!(target: "runtime::attunement", "no set can be chosen for epoch {next}: {fault:?}");
                T::Incidents::raise(CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics);
                None
            }
        };
        let planned = chosen.clone().unwrap_or(running);
        let validators = u32::try_from(planned.len()).unwrap_or(u32::MAX);
        // argued: the pure rule chooses at most `validators_max`.
        PlannedSet::<T>::put(BoundedVec::truncate_from(planned));
        if chosen.is_some() {
            Self::deposit_event(Event::SetChosen {
                epoch: next,
                validators,
            });
        }
        chosen
    }

    fn plan_set(running: &[T::AccountId], next: EpochIndex) -> Result<Vec<T::AccountId>, MathError> {
        let symbols = Symbols::<T>::get();
        let mut candidates: BTreeMap<T::AccountId, Candidate> = BTreeMap::new();
        let mut graces: BTreeMap<T::AccountId, u32> = BTreeMap::new();
        for (who, record) in Candidates::<T>::iter() {
            let candidate = Self::candidate(&symbols, &who, &record, next)?;
            graces.insert(who.clone(), record.grace_epochs);
            candidates.insert(who, candidate);
        }
        if running.is_empty() {
            return Ok(candidates.into_keys().collect());
        }
        let least_grace = running.iter().filter_map(|who| graces.get(who)).min();
        for who in running {
            // Nobody sits without a record; if one did, it would have to go like others do.
            let candidate = candidates.entry(who.clone()).or_insert_with(|| Candidate {
                claim: Claim::Leave,
                ..Candidate::default()
            });
            candidate.active = true;
            // While all who sit are in grace, the founders at genesis, those who have sat longest are the established ones: were
            // it everyone in the set, the newcomers of one session would vouch for more of them in the next.
            candidate.newcomer &= graces.get(who) != least_grace;
        }
        let (accounts, candidates): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
        let indices = choose_set(&symbols, &candidates)?;
        Ok(indices
            .into_iter()
            .filter_map(|index| accounts.get(index).cloned())
            .collect())
    }

    fn candidate(
        symbols: &SymbolTable,
        who: &T::AccountId,
        record: &CandidateRecord,
        next: EpochIndex,
    ) -> Result<Candidate, MathError> {
        Ok(Candidate {
            stake: record.stake,
            psi_eff: effective_psi(symbols, record.psi, record.boost.level_at(next))?,
            newcomer: record.grace_epochs > 0,
            active: false,
            claim: record.status.claim(T::SessionKeys::contains(who)),
        })
    }

    /// Disables those of the running set who are blacklisted: a new session has forgotten it. To be called when a session
    /// starts (`SessionManager::start_session`).
    pub fn disable_blacklisted() {
        for who in T::Validators::get() {
            if Blacklist::<T>::contains_key(&who) {
                T::Disable::disable(&who);
            }
        }
    }
}

const _: () = assert!(VALIDATORS_MAX >= 100, "the symbol `validators_max` is at most 100");
