//! Raising, counting, closing and showing incidents.

use crate::{
    types::{gravity, EndReason, IncidentEnd, IncidentRecord, CLOSED_MAX, PAGE_INCIDENTS_MAX},
    ClosedCount, ClosedIncidents, Config, Event, OpenIncidents, Pallet, RaisedCount, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use qc_traits::{EpochInspect, IncidentCause, OnEpochEnd, RaiseIncident};
use qc_types::{CirCode, EpochIndex, Scope};

/// An incident as this pallet keeps it.
pub type IncidentOf<T> = IncidentRecord<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

impl<T: Config> RaiseIncident<T::AccountId> for Pallet<T> {
    fn raise(code: CirCode, scope: Scope<T::AccountId>, cause: IncidentCause) {
        let epoch = T::Epoch::current_epoch();
        let mut open = OpenIncidents::<T>::get();
        let same = open
            .iter_mut()
            .find(|one| one.code == code && one.scope == scope && one.cause == cause);
        if let Some(one) = same {
            // A count that cannot rise any more stays; nothing hangs on it.
            one.times = one.times.checked_add(1).unwrap_or(one.times);
            one.last_epoch = epoch;
            OpenIncidents::<T>::put(open);
            return;
        }
        if open.is_full() {
            match Self::least_grave(&open).filter(|(_, grave)| *grave <= gravity(&scope, code)) {
                Some((at, _)) => Self::close(open.remove(at), epoch, EndReason::Displaced),
                None => {
                    log::warn!(target: "runtime::cir", "too many incidents are open to keep {code:?} of {scope:?}, {cause:?}");
                    return;
                }
            }
        }
        let number = RaisedCount::<T>::get();
        let record = IncidentRecord {
            number,
            code,
            scope: scope.clone(),
            cause,
            block: frame_system::Pallet::<T>::block_number(),
            epoch,
            last_epoch: epoch,
            times: 1,
            ended: None,
        };
        // There is room: one was closed if there was none. And 2⁶⁴ incidents are never raised.
        let (Some(next), Ok(())) = (number.checked_add(1), open.try_push(record)) else {
            return;
        };
        RaisedCount::<T>::put(next);
        OpenIncidents::<T>::put(open);
        Self::deposit_event(Event::IncidentRaised {
            number,
            code,
            scope,
            cause,
        });
    }
}

impl<T: Config> OnEpochEnd for Pallet<T> {
    fn on_epoch_end(ended: EpochIndex) -> Weight {
        let mut open = OpenIncidents::<T>::get();
        let mut closed = 0u32;
        while let Some(at) = open.iter().position(|one| Self::is_quiet(one, ended)) {
            Self::close(open.remove(at), ended, EndReason::Quiet);
            // At most as many as are open.
            closed = closed.checked_add(1).unwrap_or(closed);
        }
        if closed > 0 {
            OpenIncidents::<T>::put(open);
        }
        T::WeightInfo::on_epoch_end(closed)
    }
}

impl<T: Config> Pallet<T> {
    /// Whether an incident was not raised again for as many epochs as it takes.
    fn is_quiet(one: &IncidentOf<T>, epoch: EpochIndex) -> bool {
        epoch
            .checked_sub(one.last_epoch)
            .is_some_and(|quiet| quiet >= T::QuietEpochs::get())
    }

    /// The open incident that gives way if one must: its place, and how grave it is.
    fn least_grave(open: &[IncidentOf<T>]) -> Option<(usize, (u8, CirCode))> {
        open.iter()
            .enumerate()
            .min_by_key(|(_, one)| (one.gravity(), one.last_epoch, one.number))
            .map(|(at, one)| (at, one.gravity()))
    }

    /// Moves an incident to the closed ones, over the one that closed [`CLOSED_MAX`] before it.
    fn close(mut record: IncidentOf<T>, epoch: EpochIndex, reason: EndReason) {
        let number = record.number;
        record.ended = Some(IncidentEnd { epoch, reason });
        let count = ClosedCount::<T>::get();
        ClosedIncidents::<T>::insert(count % CLOSED_MAX, record);
        // No more close than are raised.
        ClosedCount::<T>::put(count.checked_add(1).unwrap_or(count));
        Self::deposit_event(Event::IncidentClosed { number, reason });
    }

    /// The open incidents, by ascending number.
    pub fn open_incidents() -> Vec<IncidentOf<T>> {
        OpenIncidents::<T>::get().into_inner()
    }

    /// Closed incidents, the last one first: `count` of them, at most [`PAGE_INCIDENTS_MAX`], after the first `skip`. Fewer where
    /// the history ends.
    pub fn closed_page(skip: u32, count: u32) -> Vec<IncidentOf<T>> {
        let closed = ClosedCount::<T>::get();
        // argued: the oldest that is kept, and 0 while fewer have closed than are kept
        let first = closed.saturating_sub(CLOSED_MAX);
        // argued: who skips more than have closed is past the oldest, and gets an empty page
        let end = closed.saturating_sub(u64::from(skip)).max(first);
        // argued: as many as are asked for, at most those that there are, down to the oldest that is kept
        let start = end.saturating_sub(u64::from(count.min(PAGE_INCIDENTS_MAX))).max(first);
        (start..end)
            .rev()
            .filter_map(|at| ClosedIncidents::<T>::get(at % CLOSED_MAX))
            .collect()
    }
}
