//! Curl of what was observed, and whom PSI-2 names.

use crate::{mock::*, Curls, Event};
use qc_traits::IncidentCause;
use qc_types::{CirCode, Scope, ShardId};

/// Two triangles on one edge, with a square beside them: cycles 0-1-2, 0-2-3, 2-3-4-5.
const EDGES: [(u8, u8); 8] = [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (3, 4), (4, 5), (2, 5)];

/// Runs a test on these six shards.
fn execute_six(test: impl FnOnce()) {
    externalities_of(genesis(6, &EDGES)).execute_with(|| {
        world(|world| world.shards.push(world.shards[0]));
        test();
        assert_lawful();
    });
}

/// Says what was observed of an edge, and nothing curled of all others.
fn observe(edge: (u8, u8), gradient: Option<i128>) {
    let edges = <Field as qc_traits::TopologyInspect>::edges();
    let observed = edges
        .iter()
        .map(|(i, j)| if (i.0, j.0) == edge { gradient } else { Some(0) });
    world(|world| world.observed = observed.collect());
}

fn curls() -> Vec<Option<i128>> {
    Curls::<Test>::get().expect("curls").curls.to_vec()
}

fn raised_for(shards: &[u8]) -> Vec<(CirCode, Scope<u64>, IncidentCause)> {
    shards
        .iter()
        .map(|shard| {
            (
                CirCode::FieldAnomaly,
                Scope::Shard(ShardId(*shard)),
                IncidentCause::Curl,
            )
        })
        .collect()
}

/// δ_curl, signed.
const MOST: i128 = ONE as i128 / 100;

#[test]
fn a_curl_above_the_bound_in_a_breached_set_raises_412_for_its_shards() {
    execute_six(|| {
        world(|world| world.is_breached = true);
        observe((0, 1), Some(MOST + 1));
        end_epoch(4);
        assert_eq!(curls(), [Some(MOST + 1), Some(0), Some(0)]);
        assert_eq!(incidents(), raised_for(&[0, 1, 2]));
        let shards = [0, 1, 2].map(ShardId).to_vec().try_into().expect("they fit");
        assert!(events().contains(&Event::AnomalyFound { epoch: 4, shards }));
        let record = Curls::<Test>::get().expect("curls");
        assert_eq!(
            (record.epoch, record.is_breached, record.curl_max),
            (4, true, ONE / 100)
        );
        assert_eq!(record.anomalies.to_vec(), [0, 1, 2].map(ShardId));
    });
}

#[test]
fn an_edge_of_two_cycles_makes_both_sick() {
    execute_six(|| {
        world(|world| world.is_breached = true);
        observe((2, 3), Some(-MOST - 1));
        end_epoch(0);
        assert_eq!(curls(), [Some(0), Some(-MOST - 1), Some(-MOST - 1)]);
        assert_eq!(incidents(), raised_for(&[0, 2, 3, 4, 5]));
    });
}

#[test]
fn fewer_liars_are_no_anomaly() {
    execute_six(|| {
        observe((0, 1), Some(i128::MAX));
        end_epoch(0);
        assert_eq!(curls()[0], Some(i128::MAX), "it is recorded");
        assert_eq!(incidents(), []);
        assert_eq!(Curls::<Test>::get().map(|record| record.anomalies.len()), Some(0));
        assert_eq!(events().len(), 1, "the field was closed, and no more");
    });
}

#[test]
fn at_the_bound_is_no_anomaly() {
    execute_six(|| {
        world(|world| world.is_breached = true);
        observe((0, 1), Some(MOST));
        end_epoch(0);
        assert_eq!((curls()[0], incidents()), (Some(MOST), vec![]));
        // The bound is the symbol's.
        world(|world| world.symbols.delta_curl = ONE / 100 - 1);
        end_epoch(1);
        assert_eq!(incidents(), raised_for(&[0, 1, 2]));
    });
}

#[test]
fn cycles_with_an_edge_that_nobody_observed_have_no_curl() {
    execute_six(|| {
        world(|world| world.is_breached = true);
        observe((2, 3), None);
        end_epoch(0);
        assert_eq!(curls(), [Some(0), None, None]);
        world(|world| world.observed.clear());
        end_epoch(1);
        assert_eq!(curls(), [None, None, None], "no sync closed");
        assert_eq!(incidents(), []);
    });
}

#[test]
fn the_worst_case_names_everybody() {
    for shards in [3, 10, 11, 32, 50] {
        execute_dense(shards, |_| {
            end_epoch(0);
            assert_eq!(incidents(), raised_for(&(0..shards).collect::<Vec<u8>>()));
        });
    }
}
