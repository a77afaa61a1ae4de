//! The end of an epoch: what was reported on the one before is judged, and reports on this one become due.

use crate::{
    types::{Boundary, BoundaryFacts, Filing, Outcome, PerShard, Strike, EDGES_MAX, HISTORY_EPOCHS},
    Config, Conformities, Event, Filings, History, LastBoundary, LastOutcome, ObservedGradients, Pallet, Strikes,
    WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
    traits::{ConstU32, Get},
    weights::Weight,
    BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use qc_harmonics::{
    symbols::Symbols,
    sync::{is_in_window, judge, observed_gradients, Breach, Reporter, Submission, Truth, Verdict},
};
use qc_math::MathError;
use qc_traits::{
    Conduct, FieldInspect, IncidentCause, Misconduct, OnEpochEnd, RaiseIncident, ReportedEpochInspect, TopologyInspect,
};
use qc_types::{CirCode, EpochIndex, Scope, ShardId};

impl<T: Config> OnEpochEnd for Pallet<T> {
    fn on_epoch_end(ended: EpochIndex) -> Weight {
        Conformities::<T>::kill();
        ObservedGradients::<T>::kill();
        LastOutcome::<T>::kill();
        let validators = match LastBoundary::<T>::get().filter(|boundary| boundary.epoch < ended) {
            Some(boundary) => Self::close(&boundary),
            None => 0,
        };
        LastBoundary::<T>::put(Boundary {
            epoch: ended,
            number: frame_system::Pallet::<T>::block_number(),
            seen: None,
        });
        T::WeightInfo::on_epoch_end(validators)
    }
}

/// A count for the record. No set has more members than the type counts.
fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl<T: Config> Pallet<T> {
    /// In the block after a boundary block: keeps the boundary's hash and the code's in its state. Nothing changed the state
    /// since, so what is there now is what the boundary block left.
    pub(crate) fn see_boundary(now: BlockNumberFor<T>) -> Weight {
        let Some(mut boundary) = LastBoundary::<T>::get() else {
            return T::DbWeight::get().reads(1);
        };
        if boundary.seen.is_some() || boundary.number >= now {
            return T::DbWeight::get().reads(1);
        }
        boundary.seen = Self::hash_of_block(boundary.number).map(|hash| BoundaryFacts {
            hash,
            code_hash: T::Reported::code_hash(),
        });
        LastBoundary::<T>::put(boundary);
        T::WeightInfo::see_boundary()
    }

    /// Hash of a boundary block; `None` until a later block begins.
    pub(crate) fn boundary_hash(boundary: &Boundary<BlockNumberFor<T>>) -> Option<[u8; 32]> {
        match &boundary.seen {
            Some(seen) => Some(seen.hash),
            // The pool looks at a transaction as if it were in the next block, before that block's hooks have run.
            None if boundary.number < frame_system::Pallet::<T>::block_number() => Self::hash_of_block(boundary.number),
            None => None,
        }
    }

    /// Hash of a block before the running one; `None` if the chain does not know it (any more).
    pub(crate) fn hash_of_block(number: BlockNumberFor<T>) -> Option<[u8; 32]> {
        let hash = <[u8; 32]>::try_from(frame_system::Pallet::<T>::block_hash(number).as_ref()).ok()?;
        (hash != [0; 32]).then_some(hash)
    }

    /// Judges what was reported on an epoch. Returns how many validators there are.
    fn close(boundary: &Boundary<BlockNumberFor<T>>) -> u32 {
        let symbols = T::Symbols::get();
        let validators = T::Reported::validators();
        let filings: Vec<Option<Filing>> = validators.iter().map(Filings::<T>::take).collect();
        // The set stands for a whole epoch, so nothing is left; if it were, it would not count.
        let _ = Filings::<T>::clear(T::MaxValidators::get(), None);
        let reporters: Vec<Reporter<'_>> = validators
            .iter()
            .zip(&filings)
            .map(|(validator, filing)| Reporter {
                shard: T::Reported::shard_of(validator).map(|shard| shard.0),
                submission: match filing {
                    None => Submission::Missing,
                    Some(Filing::Void) => Submission::Void,
                    Some(Filing::Reported(report)) => Submission::Report(report),
                },
            })
            .collect();
        // What could not be closed is nothing that a report could contradict.
        let densities = T::Field::densities(boundary.epoch).unwrap_or_default();
        let truth = Truth {
            coherence: T::Reported::coherence(boundary.epoch),
            densities: &densities,
            code_hash: boundary.seen.as_ref().map(|seen| seen.code_hash),
        };
        let gradients = observed_gradients(&symbols, &Self::edges(), &reporters);
        match BoundedVec::<_, ConstU32<EDGES_MAX>>::try_from(gradients) {
            Ok(gradients) => ObservedGradients::<T>::put(gradients),
            Err(_) => log::error!(target: "runtime::sync", "the field graph has more edges than it may have"),
        }
        match judge(&symbols, T::Topology::shard_count(), &reporters, &truth) {
            Ok(verdict) => Self::apply(boundary.epoch, &symbols, &validators, &verdict, truth.coherence),
            Err(fault) => Self::give_up(boundary.epoch, fault),
        }
        count(validators.len())
    }

    /// The reports could not be judged: no f2, no strikes, and an incident.
    fn give_up(epoch: EpochIndex, fault: MathError) {
        log::error!(target: "runtime::sync", "the reports on epoch {epoch} cannot be judged: {fault}");
        T::Incidents::raise(CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics);
        Self::deposit_event(Event::JudgementFailed { epoch });
    }

    /// Keeps what the reports came to, and does what follows from it.
    fn apply(epoch: EpochIndex, symbols: &Symbols, validators: &[T::AccountId], verdict: &Verdict, own: Option<u128>) {
        Self::keep_conformities(validators, verdict);
        let who = |is: fn(&qc_harmonics::sync::Judgement) -> bool| -> Vec<&T::AccountId> {
            let judged = validators.iter().zip(&verdict.judgements);
            judged
                .filter(|(_, one)| is(one))
                .map(|(validator, _)| validator)
                .collect()
        };
        let (struck, tampered) = (who(|one| one.struck), who(|one| one.tampered));
        let outcome = Outcome {
            epoch,
            validators: count(validators.len()),
            came: count(verdict.came),
            void: count(verdict.void),
            consensus: verdict.consensus,
            trimmed: verdict.trimmed,
            own,
            deviating: count(verdict.deviating),
            struck: count(struck.len()),
            tampered: count(tampered.len()),
            breach: verdict.breach,
            // Never more shards than there may be.
            spread_shards: PerShard::truncate_from(verdict.spread_shards.iter().copied().map(ShardId).collect()),
            shard_medians: PerShard::truncate_from(verdict.shard_medians.clone()),
        };
        Self::deposit_event(Event::SyncClosed {
            epoch,
            came: outcome.came,
            consensus: outcome.consensus,
        });
        Self::strike(epoch, symbols, &struck);
        tampered
            .into_iter()
            .for_each(|validator| Self::hold_tampering(epoch, validator));
        Self::raise_incidents(epoch, &outcome);
        History::<T>::insert(epoch % HISTORY_EPOCHS, &outcome);
        LastOutcome::<T>::put(outcome);
    }

    fn keep_conformities(validators: &[T::AccountId], verdict: &Verdict) {
        let of_each = validators
            .iter()
            .zip(&verdict.judgements)
            .filter_map(|(validator, one)| one.conformity.map(|f2| (validator.clone(), f2)))
            .collect();
        // Never more validators than there may be.
        Conformities::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(of_each));
    }

    /// Adds strikes, drops those that count no more, and hands over who has too many.
    fn strike(epoch: EpochIndex, symbols: &Symbols, struck: &[&T::AccountId]) {
        let mut strikes = Strikes::<T>::get();
        strikes.retain(|one| is_in_window(symbols, one.epoch, epoch));
        for validator in struck.iter().copied() {
            let added = strikes.try_push(Strike {
                validator: validator.clone(),
                epoch,
            });
            if added.is_err() {
                // One a validator and epoch, so there is always room.
                log::error!(target: "runtime::sync", "more strikes than there can be");
            }
            let of_validator = count(strikes.iter().filter(|one| one.validator == *validator).count());
            Self::deposit_event(Event::ValidatorStruck {
                validator: validator.clone(),
                epoch,
                strikes: of_validator,
            });
            if of_validator >= symbols.strikes_max {
                // They have done their work.
                strikes.retain(|one| one.validator != *validator);
                T::Conduct::punish(validator, Misconduct::SyncStrikes);
            }
        }
        Strikes::<T>::put(strikes);
    }

    fn hold_tampering(epoch: EpochIndex, validator: &T::AccountId) {
        T::Conduct::punish(validator, Misconduct::Tampering);
        let scope = Scope::Account(validator.clone());
        T::Incidents::raise(CirCode::FieldAnomaly, scope, IncidentCause::Tampering);
        Self::deposit_event(Event::TamperingFound {
            validator: validator.clone(),
            epoch,
        });
    }

    fn raise_incidents(epoch: EpochIndex, outcome: &Outcome) {
        for shard in &outcome.spread_shards {
            T::Incidents::raise(CirCode::FieldAnomaly, Scope::Shard(*shard), IncidentCause::Spread);
        }
        let Some(breach) = outcome.breach else {
            return;
        };
        if breach == Breach::ChainInDoubt {
            T::Incidents::raise(CirCode::ChainHalt, Scope::Chain, IncidentCause::ChainInDoubt);
        }
        Self::deposit_event(Event::BreachFound { epoch, breach });
    }
}
