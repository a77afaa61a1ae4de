//! Curl of what was observed (PSI-1, PSI-2).

use super::graphs::{ring, topology};
use crate::field::{anomalies, check_psi_1, check_psi_2, curls, gradients, FieldFault, Topology};
use proptest::prelude::*;
use qc_math::{MathError, ONE};

/// δ_curl.
const CURL_MAX: u128 = ONE / 100;

fn five() -> Topology {
    Topology::build(5, &Topology::ring_of_five()).expect("a field graph")
}

/// Two triangles on one edge: cycles 0-1-2 and 0-2-3, edges 0-1, 0-2, 0-3, 1-2, 2-3.
fn two_triangles() -> Topology {
    Topology::build(4, &[(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)]).expect("a field graph")
}

#[test]
fn the_curl_is_the_sum_along_the_cycle() {
    // Edges 0-1, 0-4, 1-2, 2-3, 3-4, walked 0 → 1 → 2 → 3 → 4 → 0: 0-4 backwards.
    let observed = [1, 20, 300, 4_000, 50_000].map(Some);
    assert_eq!(curls(&five(), &observed), Ok(vec![Some(1 + 300 + 4_000 + 50_000 - 20)]));
    // 0 → 1 → 2 → 0 and 0 → 2 → 3 → 0.
    let observed = [1, 20, 300, 4_000, 50_000].map(Some);
    assert_eq!(
        curls(&two_triangles(), &observed),
        Ok(vec![Some(1 + 4_000 - 20), Some(20 + 50_000 - 300)])
    );
}

#[test]
fn a_cycle_with_an_edge_that_nobody_observed_has_none() {
    let observed = [Some(1), Some(2), None, Some(4), Some(5)];
    assert_eq!(curls(&two_triangles(), &observed), Ok(vec![Some(1 + 4 - 2), None]));
    assert_eq!(curls(&five(), &[None; 5]), Ok(vec![None]));
}

#[test]
fn one_observation_per_edge() {
    assert_eq!(curls(&five(), &[]), Err(FieldFault::EdgeCount));
    assert_eq!(curls(&five(), &[Some(0); 4]), Err(FieldFault::EdgeCount));
    assert_eq!(curls(&five(), &[Some(0); 6]), Err(FieldFault::EdgeCount));
    assert_eq!(check_psi_1(&five(), &[0; 4]), Err(FieldFault::EdgeCount));
}

#[test]
fn a_curl_out_of_range_is_an_error() {
    let overflow = Err(FieldFault::Math(MathError::Overflow));
    assert_eq!(curls(&five(), &[Some(i128::MAX); 5]), overflow);
    assert_eq!(
        curls(&five(), &[Some(0), Some(i128::MIN), Some(0), Some(0), Some(0)]),
        overflow
    );
    // Eight of what the sync lets count as observed.
    let eight = Topology::build(8, &ring(8)).expect("a field graph");
    let most = (1i128 << 127) / 16 - 1;
    let observed = eight
        .edges()
        .iter()
        .map(|(i, j)| Some(if (*i, *j) == (0, 7) { -most } else { most }));
    assert_eq!(curls(&eight, &observed.collect::<Vec<_>>()), Ok(vec![Some(8 * most)]));
}

#[test]
fn an_anomaly_is_above_the_bound_and_of_a_breached_set() {
    let most = CURL_MAX as i128;
    let of = |curls: [Option<i128>; 2], is_breached| anomalies(&two_triangles(), &curls, CURL_MAX, is_breached);
    assert_eq!(of([Some(most), Some(-most)], true), Ok(vec![]), "at the bound");
    assert_eq!(of([Some(most + 1), Some(0)], true), Ok(vec![0, 1, 2]));
    assert_eq!(of([Some(0), Some(-most - 1)], true), Ok(vec![0, 2, 3]));
    assert_eq!(
        of([Some(most + 1), Some(most + 1)], true),
        Ok(vec![0, 1, 2, 3]),
        "each once"
    );
    assert_eq!(of([None, Some(i128::MIN)], true), Ok(vec![0, 2, 3]));
    assert_eq!(of([None, None], true), Ok(vec![]));
    assert_eq!(
        of([Some(most + 1), Some(i128::MAX)], false),
        Ok(vec![]),
        "fewer liars are dealt with one by one"
    );
    assert_eq!(anomalies(&five(), &[], CURL_MAX, true), Err(FieldFault::CycleCount));
    assert_eq!(
        anomalies(&five(), &[None, None], CURL_MAX, false),
        Err(FieldFault::CycleCount)
    );
}

#[test]
fn psi_2_says_who_is_named_and_who_is_not() {
    let sick = [Some(CURL_MAX as i128 + 1), Some(0)];
    let check = |is_breached, named: &[u8]| check_psi_2(&two_triangles(), &sick, CURL_MAX, is_breached, named);
    assert!(check(true, &[0, 1, 2]));
    assert!(!check(true, &[0, 1]), "one left out");
    assert!(!check(true, &[0, 1, 2, 3]), "one too many");
    assert!(!check(true, &[0, 1, 2, 4]), "a shard that there is not");
    assert!(!check(true, &[]));
    assert!(check(false, &[]));
    assert!(!check(false, &[0, 1, 2]), "no breach");
    assert!(
        !check_psi_2(&five(), &sick, CURL_MAX, true, &[]),
        "curls of another graph"
    );
    let at_the_bound = [Some(CURL_MAX as i128), None];
    assert!(check_psi_2(&two_triangles(), &at_the_bound, CURL_MAX, true, &[]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// PSI-1: whatever ψ is, its own gradients have no curl, on any graph.
    #[test]
    fn honest_reports_have_no_curl(topology in topology(), psi in prop::collection::vec(0..2500 * ONE, 50)) {
        let gradients = gradients(&topology, &psi[..usize::from(topology.shards())]).expect("in range");
        prop_assert_eq!(check_psi_1(&topology, &gradients), Ok(()));
        let observed: Vec<_> = gradients.into_iter().map(Some).collect();
        let curls = curls(&topology, &observed).expect("in range");
        prop_assert!(curls.iter().all(|curl| *curl == Some(0)));
        prop_assert_eq!(anomalies(&topology, &curls, 0, true), Ok(vec![]));
    }

    /// A lie about one edge is the curl of every cycle that the edge is on, and of no other. It is on one, since no edge of
    /// these graphs is a bridge.
    #[test]
    fn a_lie_about_an_edge_shows(
        topology in topology(),
        psi in prop::collection::vec(0..2500 * ONE, 50),
        at in any::<prop::sample::Index>(),
        lie in prop_oneof![-(1i128 << 70)..0, 1..(1i128 << 70)],
    ) {
        let mut gradients = gradients(&topology, &psi[..usize::from(topology.shards())]).expect("in range");
        let at = at.index(gradients.len());
        gradients[at] += lie;
        prop_assert_eq!(check_psi_1(&topology, &gradients), Err(FieldFault::Curl));
        let observed: Vec<_> = gradients.into_iter().map(Some).collect();
        let curls = curls(&topology, &observed).expect("in range");
        let (i, j) = topology.edges()[at];
        let is_on = |cycle: &Vec<u8>| {
            (0..cycle.len()).any(|step| {
                let (a, b) = (cycle[step], cycle[(step + 1) % cycle.len()]);
                (a.min(b), a.max(b)) == (i, j)
            })
        };
        for (cycle, curl) in topology.cycles().iter().zip(&curls) {
            prop_assert_eq!(curl.map(i128::abs), Some(if is_on(cycle) { lie.abs() } else { 0 }));
        }
        let named = anomalies(&topology, &curls, lie.unsigned_abs() - 1, true).expect("one curl per cycle");
        prop_assert!(named.contains(&i) && named.contains(&j));
        prop_assert!(check_psi_2(&topology, &curls, lie.unsigned_abs() - 1, true, &named));
        prop_assert_eq!(anomalies(&topology, &curls, lie.unsigned_abs(), true), Ok(vec![]));
    }
}
