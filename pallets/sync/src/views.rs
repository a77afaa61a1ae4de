//! What others ask, and what the runtime API shows.

use crate::{
    types::{DueReports, Filing, Outcome, ReportStatus, HISTORY_EPOCHS, PAGE_OUTCOMES_MAX},
    Config, Conformities, Filings, History, LastBoundary, LastOutcome, ObservedGradients, Pallet, Strikes,
};
use alloc::vec::Vec;
use frame_system::pallet_prelude::BlockNumberFor;
use qc_harmonics::sync::HARMONICS_VERSION;
use qc_traits::{ReportedEpochInspect, SyncInspect};
use qc_types::{EpochIndex, ShardId};

impl<T: Config> SyncInspect<T::AccountId> for Pallet<T> {
    fn conformities() -> Vec<(T::AccountId, u128)> {
        Conformities::<T>::get().into_inner()
    }

    fn observed_gradients() -> Vec<Option<i128>> {
        ObservedGradients::<T>::get().into_inner()
    }

    fn is_breached() -> bool {
        LastOutcome::<T>::get().is_some_and(|outcome| outcome.breach.is_some())
    }
}

impl<T: Config> Pallet<T> {
    /// What is due now; `None` before the first epoch closed.
    pub fn due() -> Option<DueReports<T::AccountId, BlockNumberFor<T>>> {
        let boundary = LastBoundary::<T>::get()?;
        Some(DueReports {
            epoch: boundary.epoch,
            boundary_number: boundary.number,
            boundary_hash: Self::boundary_hash(&boundary),
            harmonics_version: HARMONICS_VERSION,
            validators: T::Reported::validators()
                .into_iter()
                .map(|validator| {
                    let status = Self::filed(&validator);
                    (validator, status)
                })
                .collect(),
        })
    }

    /// Whether a validator has reported on the epoch that closed last.
    pub fn status_of(validator: &T::AccountId) -> ReportStatus {
        if LastBoundary::<T>::exists() && T::Reported::validators().contains(validator) {
            Self::filed(validator)
        } else {
            ReportStatus::NotDue
        }
    }

    fn filed(validator: &T::AccountId) -> ReportStatus {
        match Filings::<T>::get(validator) {
            None => ReportStatus::Missing,
            Some(Filing::Reported(_)) => ReportStatus::Reported,
            Some(Filing::Void) => ReportStatus::Void,
        }
    }

    /// The shards that an account would report on if it were a validator: its home and the neighbours, ascending.
    pub fn shards_due(validator: &T::AccountId) -> Vec<ShardId> {
        Self::shards_due_of(validator).into_iter().map(ShardId).collect()
    }

    /// The epochs of a validator's strikes that still count, ascending.
    pub fn strikes_of(validator: &T::AccountId) -> Vec<EpochIndex> {
        Strikes::<T>::get()
            .into_iter()
            .filter(|one| one.validator == *validator)
            .map(|one| one.epoch)
            .collect()
    }

    /// What the sync that closed last came to.
    pub fn last_outcome() -> Option<Outcome> {
        LastOutcome::<T>::get()
    }

    /// The outcomes of `count` epochs from `from` on, at most [`PAGE_OUTCOMES_MAX`]; only those that are kept, ascending.
    pub fn outcomes_page(from: EpochIndex, count: u32) -> Vec<Outcome> {
        // argued: beyond the last epoch that there can be, there is nothing to show
        let end = from.saturating_add(count.min(PAGE_OUTCOMES_MAX));
        (from..end)
            .filter_map(|epoch| History::<T>::get(epoch % HISTORY_EPOCHS).filter(|outcome| outcome.epoch == epoch))
            .collect()
    }
}
