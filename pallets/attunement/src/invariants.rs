//! One function per law. They serve `try_state` and the tests.

use crate::{
    staking::unbonding_total,
    types::{CandidateStatus, CANDIDATES_MAX, OUTCOMES_MAX, PARTICIPANTS_MAX},
    Acting, Anchors, Blacklist, BlacklistEnds, Candidates, Config, GenesisAtr, HoldReason, Inputs, LastOutcome,
    Outcomes, Pallet, Participants, PlannedSet, SlashedTotal, Slots, Symbols, UnbondingQueues, ValidatorOutcomes,
};
use frame_support::traits::{fungibles::Inspect, Get};
use qc_harmonics::{
    attunement::{cal_1_holds, cal_2_holds, close, psi, Phase, PARTICIPANT_WEIGHTS, VALIDATOR_WEIGHTS},
    symbols::Symbols as SymbolTable,
};
use qc_math::ONE;
use sp_runtime::traits::Convert;

/// A law of this pallet that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LawBreach(&'static str);

impl LawBreach {
    /// Which law, and what about it.
    pub const fn law(&self) -> &'static str {
        self.0
    }
}

fn ensure(holds: bool, law: &'static str) -> Result<(), LawBreach> {
    if holds {
        Ok(())
    } else {
        Err(LawBreach(law))
    }
}

/// Ψ is what the phases come to, and all of it is in its range.
fn phases_hold(symbols: &SymbolTable, weights: &[u128], phases: &[Phase], stored: u128) -> bool {
    let integral_max = ONE.checked_mul(symbols.tau_epochs.into());
    let within = |phase: &Phase| phase.omega <= ONE && integral_max.is_some_and(|max| phase.integral <= max);
    phases.iter().all(within) && stored <= ONE && psi(weights, phases) == Ok(stored)
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet, between two transactions. Iterates over everything.
    pub fn check_laws() -> Result<(), LawBreach> {
        Self::check_cal()?;
        Self::check_last_epoch()?;
        Self::check_atr()?;
        Self::check_holds()?;
        Self::check_candidates()?;
        Self::check_participants()?;
        Self::check_blacklist()?;
        Self::check_bounds()
    }

    /// CAL-1 and CAL-3 as far as they show in state: Ψ is the weighted mean of ω, and every ω and I is in its range.
    fn check_cal() -> Result<(), LawBreach> {
        let symbols = Symbols::<T>::get();
        ensure(symbols.check().is_ok(), "the symbols are within their bounds")?;
        ensure(
            cal_2_holds(&symbols) == Ok(true),
            "CAL-2: 50 perfect epochs bring any Ψ to 0.97",
        )?;
        for record in Candidates::<T>::iter_values() {
            ensure(
                phases_hold(&symbols, &VALIDATOR_WEIGHTS, &record.phases, record.psi),
                "CAL-3: Ψ of a candidate is what its phases come to",
            )?;
        }
        for record in Participants::<T>::iter_values() {
            ensure(
                phases_hold(&symbols, &PARTICIPANT_WEIGHTS, &record.phases, record.psi),
                "CAL-3: Ψ of a participant is what its phases come to",
            )?;
        }
        Ok(())
    }

    /// CAL-1: the last closed epoch moved no Ψ by more than κ, and is what its saved inputs give.
    fn check_last_epoch() -> Result<(), LawBreach> {
        let Some(outcome) = LastOutcome::<T>::get() else {
            return Ok(());
        };
        let symbols = Symbols::<T>::get();
        let ((epoch, inputs), validators) = (Inputs::<T>::get(), ValidatorOutcomes::<T>::get());
        ensure(epoch == outcome.epoch, "the inputs are those of the last closed epoch")?;
        let same_set = inputs.len() == validators.len()
            && inputs
                .iter()
                .zip(&validators)
                .all(|((input, _), (closed, _))| input == closed);
        ensure(same_set, "an outcome for every input of the last closed epoch")?;
        for ((_, input), (_, closed)) in inputs.iter().zip(&validators) {
            let before = psi(&VALIDATOR_WEIGHTS, &input.phases);
            ensure(
                before.is_ok_and(|before| cal_1_holds(&symbols, before, closed.psi)),
                "CAL-1: an epoch moves Ψ by at most κ",
            )?;
        }
        let plain: alloc::vec::Vec<_> = inputs.into_iter().map(|(_, input)| input).collect();
        ensure(
            close(&symbols, &plain, 0).is_ok_and(|closing| closing.coherence == outcome.coherence),
            "Ĉ is what the saved inputs give",
        )?;
        ensure(
            Outcomes::<T>::get(outcome.epoch % OUTCOMES_MAX) == Some(outcome),
            "the last outcome is the end of the history",
        )
    }

    /// ATR-1: what is missing of the ATR of the genesis was burnt by recorded slashes.
    fn check_atr() -> Result<(), LawBreach> {
        let issuance = T::Assets::total_issuance(Self::ATR_ID);
        ensure(
            issuance.checked_add(SlashedTotal::<T>::get()) == Some(GenesisAtr::<T>::get()),
            "ATR-1: total ATR falls by recorded slashes only",
        )
    }

    /// What is held is what the records say.
    fn check_holds() -> Result<(), LawBreach> {
        for (who, record) in Candidates::<T>::iter() {
            let unbonding = unbonding_total(&UnbondingQueues::<T>::get(&who));
            let recorded = unbonding.and_then(|unbonding| record.stake.checked_add(unbonding));
            ensure(
                recorded == Some(Self::held(HoldReason::Stake, &who)),
                "what is held of a candidate is its stake and what unbonds",
            )?;
        }
        for (who, queue) in UnbondingQueues::<T>::iter() {
            if !Candidates::<T>::contains_key(&who) {
                ensure(
                    unbonding_total(&queue) == Some(Self::held(HoldReason::Stake, &who)),
                    "what is held of who left is what unbonds",
                )?;
            }
        }
        for (who, record) in Participants::<T>::iter() {
            ensure(
                record.bond == Self::held(HoldReason::Participation, &who),
                "what is held of a participant is its bond",
            )?;
        }
        for (shard, amount) in Anchors::<T>::iter() {
            ensure(
                amount == Self::held(HoldReason::Anchor, &T::Pots::convert(shard)),
                "what is held of a pot is its anchor",
            )?;
        }
        Ok(())
    }

    /// Candidates are where their places say; queues are in order and hold something; the blacklisted are barred; the seated have a record.
    fn check_candidates() -> Result<(), LawBreach> {
        ensure(Candidates::<T>::is_sound(), "every candidate is in its place")?;
        for queue in UnbondingQueues::<T>::iter_values() {
            let ordered = queue.windows(2).all(|pair| match pair {
                [before, after] => before.due < after.due,
                _ => true,
            });
            ensure(
                !queue.is_empty() && ordered && queue.iter().all(|unbonding| unbonding.amount > 0),
                "what unbonds is in order, and something",
            )?;
        }
        for (who, record) in Candidates::<T>::iter() {
            ensure(
                !Blacklist::<T>::contains_key(&who) || record.status == CandidateStatus::Barred,
                "who is blacklisted is barred",
            )?;
        }
        for who in PlannedSet::<T>::get() {
            ensure(
                Candidates::<T>::contains_key(&who),
                "who is to have a seat has a record",
            )?;
        }
        Ok(())
    }

    /// Participants are where their places say; a place that is marked is a participant's.
    fn check_participants() -> Result<(), LawBreach> {
        ensure(Participants::<T>::is_sound(), "every participant is in its place")?;
        let acting = Acting::<T>::get();
        let marked = (0..Participants::<T>::count()).filter(|place| acting.has(*place));
        ensure(
            u32::try_from(marked.count()) == Ok(acting.count()),
            "who acts is a participant",
        )
    }

    /// Every blacklisting has its end.
    fn check_blacklist() -> Result<(), LawBreach> {
        for (who, record) in Blacklist::<T>::iter() {
            ensure(
                BlacklistEnds::<T>::get(record.until).contains(&who),
                "every blacklisting ends",
            )?;
        }
        Ok(())
    }

    /// No more of anything than there may be.
    fn check_bounds() -> Result<(), LawBreach> {
        ensure(Candidates::<T>::count() <= CANDIDATES_MAX, "not too many candidates")?;
        ensure(
            Participants::<T>::count() <= PARTICIPANTS_MAX,
            "not too many participants",
        )?;
        ensure(
            u32::try_from(Outcomes::<T>::iter_keys().count()).is_ok_and(|count| count <= OUTCOMES_MAX),
            "not too many outcomes",
        )?;
        let slots = Slots::<T>::get();
        ensure(
            slots.is_empty() || slots.len() == T::Validators::get().len(),
            "slots are counted for the running set",
        )?;
        ensure(
            slots.iter().all(|record| record.authored <= record.assigned),
            "nobody authors more slots than it has",
        )
    }
}
