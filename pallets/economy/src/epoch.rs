//! The economy's step at the end of an epoch: moves of home that are due, then the conservation laws to the planck.

use crate::{Config, Event, MoveQueues, Pallet, WeightInfo};
use frame_support::weights::Weight;
use qc_traits::{IncidentCause, OnEpochEnd, RaiseIncident};
use qc_types::{CirCode, EpochIndex, Scope};

impl<T: Config> OnEpochEnd for Pallet<T> {
    fn on_epoch_end(ended: EpochIndex) -> Weight {
        let due = MoveQueues::<T>::take(ended);
        let moves = due.iter().count();
        due.into_iter().for_each(Self::settle_home_move);
        for breach in Self::broken_totals() {
            log::error!(target: "runtime::economy", "{breach:?} at the end of epoch {ended}");
            Self::deposit_event(Event::ConservationBroken {
                token: breach.token(),
                expected: breach.expected,
                found: breach.found,
            });
            T::Incidents::raise(CirCode::ChainHalt, Scope::Chain, IncidentCause::Conservation);
        }
        T::WeightInfo::on_epoch_end(u32::try_from(moves).unwrap_or(u32::MAX))
    }
}
