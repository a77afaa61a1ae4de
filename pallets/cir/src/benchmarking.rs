//! Weights at the worst case: as many incidents open as may be.

use crate::{types::OPEN_MAX, ClosedCount, Config, OpenIncidents, Pallet, RaisedCount};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use qc_traits::{EpochInspect, IncidentCause, OnEpochEnd, RaiseIncident};
use qc_types::{CirCode, Scope};

/// As many incidents of accounts as named are open.
fn raise_many<T: Config>(count: u32) {
    for n in 0..count {
        let who = account("sick", n, 0);
        Pallet::<T>::raise(CirCode::FieldAnomaly, Scope::Account(who), IncidentCause::Tampering);
    }
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn on_epoch_end(c: Linear<0, { OPEN_MAX }>) {
        raise_many::<T>(c);
        let ended = T::Epoch::current_epoch() + T::QuietEpochs::get();

        #[block]
        {
            Pallet::<T>::on_epoch_end(ended);
        }

        assert!(OpenIncidents::<T>::get().is_empty());
        assert_eq!(ClosedCount::<T>::get(), u64::from(c));
    }

    #[benchmark]
    fn raise() {
        raise_many::<T>(OPEN_MAX);

        #[block]
        {
            Pallet::<T>::raise(CirCode::ChainHalt, Scope::Chain, IncidentCause::Conservation);
        }

        assert_eq!(RaisedCount::<T>::get(), u64::from(OPEN_MAX) + 1);
        assert_eq!(ClosedCount::<T>::get(), 1);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
