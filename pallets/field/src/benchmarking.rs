//! The weight at the worst case: every shard has as many edges as it may, everything moved, PSI-2 names every shard, and as many
//! incidents are open as may be. What it takes to ask the others is measured with it.

use crate::{
    epoch::Answers,
    specimens,
    types::{HistoryRecord, HISTORY_EPOCHS},
    Config, Curls, Fields, Histories, Inputs, Pallet, Topology,
};
use frame_benchmarking::v2::*;
use qc_harmonics::field;
use qc_traits::{IncidentCause, OnEpochEnd, RaiseIncident};
use qc_types::{CirCode, Scope};

/// What the benchmark needs of the runtime.
pub trait BenchmarkHelper {
    /// Makes everybody whom the field asks answer so, at the most that answering can take: with every place of a candidate taken.
    /// What is staked may come to more.
    fn answer(answers: Answers);
}

/// More than can be open.
const INCIDENTS: u32 = 100;

/// More incidents of accounts than can be open: every one that is raised now takes the place of another.
fn open_incidents<T: Config>() {
    for n in 0..INCIDENTS {
        let scope = Scope::Account(account("sick", n, 0));
        T::Incidents::raise(CirCode::FieldAnomaly, scope, IncidentCause::Tampering);
    }
}

#[benchmarks]
mod benches {
    use super::*;

    /// The end of an epoch with `n` shards.
    #[benchmark]
    fn on_epoch_end(n: Linear<3, 50>) {
        let shards = u8::try_from(n).expect("at most fifty");
        let topology = field::Topology::build(shards, &specimens::dense_edges(shards)).expect("a field graph");
        Topology::<T>::put(&topology);
        T::BenchmarkHelper::answer(specimens::loud_answers(&topology, 0));
        Pallet::<T>::on_epoch_end(HISTORY_EPOCHS);
        open_incidents::<T>();
        T::BenchmarkHelper::answer(specimens::loud_answers(&topology, 1));
        // The record that is written over.
        let old = Histories::<T>::get(0).expect("it was closed");
        Histories::<T>::insert(1, HistoryRecord { epoch: 1, ..old });
        let ended = HISTORY_EPOCHS + 1;

        #[block]
        {
            Pallet::<T>::on_epoch_end(ended);
        }

        let (inputs, fields) = (Inputs::<T>::get(), Fields::<T>::get().expect("it was closed"));
        assert_eq!(inputs.map(|inputs| inputs.epoch), Some(ended));
        assert_eq!(fields.epoch, ended);
        let flows = fields.flows.iter().filter(|flow| **flow != 0);
        assert!(flows.count() * 2 > fields.flows.len(), "FLX flowed along most edges");
        let named = Curls::<T>::get().map(|curls| curls.anomalies.len());
        assert_eq!(named, Some(usize::from(shards)));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
