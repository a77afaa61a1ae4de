//! The weight at the worst case: every shard has as many edges as it may, everything moved, and PSI-2 names every shard.
//!
//! What others answer is made here, so that a runtime of five shards can measure fifty; what it takes to ask them is added
//! in `epoch.rs`.

use crate::{specimens, Config, Curls, Fields, Pallet, Topology};
use frame_benchmarking::v2::*;
use qc_harmonics::field;

#[benchmarks]
mod benches {
    use super::*;

    /// The end of an epoch with `n` shards.
    #[benchmark]
    fn on_epoch_end(n: Linear<3, 50>) {
        let shards = u8::try_from(n).expect("at most fifty");
        let topology = field::Topology::build(shards, &specimens::dense_edges(shards)).expect("a field graph");
        Topology::<T>::put(&topology);
        Pallet::<T>::close_epoch(7, specimens::loud_answers(&topology, 0));
        let answers = specimens::loud_answers(&topology, 1);

        #[block]
        {
            Pallet::<T>::close_epoch(8, answers);
        }

        assert_eq!(Fields::<T>::get().map(|fields| fields.epoch), Some(8));
        assert_eq!(
            Curls::<T>::get().map(|curls| curls.anomalies.len()),
            Some(usize::from(shards))
        );
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
