//! One function per law. They serve `try_state` and the tests.

use crate::{
    types::{Filing, Outcome, HISTORY_EPOCHS},
    Config, Conformities, Filings, History, LastBoundary, LastOutcome, Pallet, Strikes,
};
use frame_support::traits::Get;
use qc_math::ONE;
use qc_traits::ReportedEpochInspect;

fn ensure(holds: bool, law: &'static str) -> Result<(), &'static str> {
    holds.then_some(()).ok_or(law)
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet; the first one that does not hold is the error.
    pub fn check_laws() -> Result<(), &'static str> {
        Self::check_sync_1()?;
        Self::check_history()?;
        Self::check_filings()?;
        Self::check_conformities()?;
        Self::check_strikes()
    }

    /// SYNC-1 as far as state shows it: Ψ* is there exactly if more than ⅔ reported, and within what is left of the reports once
    /// ⌊n/3⌋ are taken off each end. With fewer than n/3 lying, both ends of that are in the range of the honest reports.
    fn check_sync_1() -> Result<(), &'static str> {
        LastOutcome::<T>::get()
            .into_iter()
            .chain(History::<T>::iter_values())
            .try_for_each(|outcome| Self::check_outcome(&outcome))
    }

    fn check_outcome(outcome: &Outcome) -> Result<(), &'static str> {
        let is_quorum = u64::from(outcome.came) * 3 > u64::from(outcome.validators) * 2;
        ensure(
            outcome.consensus.is_some() == is_quorum && outcome.trimmed.is_some() == is_quorum,
            "SYNC-1: Ψ* is there exactly if more than ⅔ reported",
        )?;
        let within = outcome
            .consensus
            .zip(outcome.trimmed)
            .is_none_or(|(star, (low, high))| (low..=high).contains(&star));
        ensure(within, "SYNC-1: Ψ* is in the trimmed range of the reports")?;
        let is_breach = u64::from(outcome.deviating) * 3 > u64::from(outcome.validators);
        ensure(
            outcome.breach.is_some() == is_breach,
            "a breach is more than ⅓ of the set deviating",
        )?;
        ensure(
            !is_breach || (outcome.struck == 0 && outcome.tampered == 0),
            "in a breach nobody is punished",
        )
    }

    /// Every outcome is at its place, so there are never more than are kept; the last one is among them.
    fn check_history() -> Result<(), &'static str> {
        ensure(
            History::<T>::iter().all(|(slot, outcome)| slot == outcome.epoch % HISTORY_EPOCHS && slot < HISTORY_EPOCHS),
            "an outcome is where its epoch belongs",
        )?;
        let last = LastOutcome::<T>::get();
        ensure(
            last.is_none_or(|last| History::<T>::get(last.epoch % HISTORY_EPOCHS) == Some(last)),
            "the last outcome is in the history",
        )
    }

    /// Only validators of the running set have handed in something, on the epoch that closed last.
    fn check_filings() -> Result<(), &'static str> {
        let due = LastBoundary::<T>::get().map(|boundary| boundary.epoch);
        let validators = T::Reported::validators();
        let are_due = Filings::<T>::iter().all(|(validator, filing)| {
            let on_due_epoch = match filing {
                Filing::Reported(report) => Some(report.epoch) == due,
                Filing::Void => due.is_some(),
            };
            on_due_epoch && validators.contains(&validator)
        });
        ensure(are_due, "what was handed in is due")
    }

    /// f2 is in [0, 1], once for each validator, and only where there is a Ψ*.
    fn check_conformities() -> Result<(), &'static str> {
        let conformities = Conformities::<T>::get();
        ensure(conformities.iter().all(|(_, f2)| *f2 <= ONE), "f2 is in [0, 1]")?;
        let last = LastOutcome::<T>::get();
        let due = last
            .filter(|last| last.consensus.is_some())
            .map_or(0, |last| last.validators);
        ensure(
            u32::try_from(conformities.len()) == Ok(due),
            "every validator has an f2 exactly where there is a Ψ*",
        )
    }

    /// Strikes are by ascending epoch, one a validator and epoch, and nobody has as many as would have been punished.
    fn check_strikes() -> Result<(), &'static str> {
        let strikes = Strikes::<T>::get();
        ensure(
            strikes.is_sorted_by_key(|one| one.epoch),
            "strikes are by ascending epoch",
        )?;
        let most = T::Symbols::get().strikes_max;
        for one in &strikes {
            let of_validator = strikes.iter().filter(|other| other.validator == one.validator);
            ensure(
                of_validator.clone().filter(|other| other.epoch == one.epoch).count() == 1,
                "a validator has one strike an epoch",
            )?;
            ensure(
                u32::try_from(of_validator.count()).is_ok_and(|count| count < most),
                "who has too many strikes was punished",
            )?;
        }
        Ok(())
    }
}
