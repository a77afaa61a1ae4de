//! Flows: Kirchhoff to the planck (FLX-2), and derived from a potential.

use super::graphs::{dense, graph, graph_of, relabelled, ring};
use crate::field::{
    check_kirchhoff, flows,
    laplacian::{check_residual, nearest_plancks, potentials},
    net_changes, FieldFault, Flows, Topology,
};
use proptest::prelude::*;
use qc_math::MathError;

fn ring_of(shards: u8) -> Topology {
    Topology::build(shards, &ring(shards)).expect("a field graph")
}

/// Net changes of the shards, with the ground's such that they add up to 0.
fn balanced(shards: &[i128]) -> Vec<i128> {
    shards.iter().copied().chain([-shards.iter().sum::<i128>()]).collect()
}

/// On the triangle with the ground, four vertices all joined: 4 moved from shard 0 to shard 1 take 1/2 · 4 = 2 directly,
/// and 1 over each of the two others.
#[test]
fn four_from_one_to_the_next_of_three() {
    let found = flows(&ring_of(3), &[-4, 4, 0, 0]).expect("it is solved");
    // Edges 0-1, 0-2, 1-2.
    assert_eq!(found.edges, [2, 1, -1]);
    assert_eq!(found.ground, [-1, 1, 0]);
}

/// From the ground to a shard of three: half on its own edge, a quarter over each other shard.
#[test]
fn from_the_ground_to_one_of_three() {
    let found = flows(&ring_of(3), &[0, 0, 400, -400]).expect("it is solved");
    assert_eq!(found.edges, [0, 100, 100]);
    assert_eq!(found.ground, [100, 100, 200]);
}

/// 1 from shard 0 to shard 1: ½, ¼, −¼ are rounded to 1, 0, 0, a half away from 0, and the ground carries nothing.
#[test]
fn a_half_is_rounded_away_from_zero() {
    let found = flows(&ring_of(3), &[-1, 1, 0, 0]).expect("it is solved");
    assert_eq!(found.edges, [1, 0, 0]);
    assert_eq!(found.ground, [0, 0, 0]);
    let back = flows(&ring_of(3), &[1, -1, 0, 0]).expect("it is solved");
    assert_eq!(back.edges, [-1, 0, 0]);
    // 3 give 3/2, 3/4, −3/4: 2, 1, −1, and again the ground carries nothing.
    let found = flows(&ring_of(3), &[-3, 3, 0, 0]).expect("it is solved");
    assert_eq!((found.edges, found.ground), (vec![2, 1, -1], vec![0, 0, 0]));
}

#[test]
fn nothing_moved_is_no_flow() {
    let still = flows(&ring_of(8), &[0; 9]).expect("it is solved");
    assert_eq!((still.edges, still.ground), (vec![0; 8], vec![0; 8]));
}

/// Potentials are in units of 2⁻¹⁶ planck.
#[test]
fn a_potential_is_rounded_to_the_nearest_planck() {
    for (potential, plancks) in [
        (0, 0),
        (32_767, 0),
        (32_768, 1),
        (65_536, 1),
        (98_303, 1),
        (98_304, 2),
        (6_553_600, 100),
    ] {
        assert_eq!(nearest_plancks(potential), Ok(plancks));
        assert_eq!(nearest_plancks(-potential), Ok(-plancks));
    }
    assert_eq!(nearest_plancks(i128::MAX), Err(MathError::Overflow));
    assert_eq!(nearest_plancks(i128::MIN), Err(MathError::Overflow));
    assert_eq!(nearest_plancks(i128::MAX - 32_768), Ok(i128::MAX >> 16));
}

/// Nothing that is off by more than a quarter of a planck gets through, on either side.
#[test]
fn a_residual_is_at_most_a_quarter_of_a_planck() {
    assert_eq!(check_residual(&[0, 16_384, -16_384]), Ok(()));
    assert_eq!(check_residual(&[]), Ok(()));
    assert_eq!(check_residual(&[0, 16_385, 0]), Err(FieldFault::Unsettled));
    assert_eq!(check_residual(&[0, 0, -16_385]), Err(FieldFault::Unsettled));
    assert_eq!(check_residual(&[i128::MIN]), Err(FieldFault::Unsettled));
}

/// 110 into shard 0 of the ring of five: 50, 20, 10, 10, 20 plancks, here to the last bit.
#[test]
fn potentials_of_the_chapter_s_example() {
    let expected = [50, 20, 10, 10, 20].map(|plancks: i128| plancks << 16);
    assert_eq!(potentials(&ring_of(5), &[110, 0, 0, 0, 0]), Ok(expected.to_vec()));
}

#[test]
fn net_changes_are_after_less_before() {
    assert_eq!(net_changes(&[5, 9, 0], &[7, 1, 6]), Ok(vec![2, -8, 6]));
    assert_eq!(net_changes(&[], &[]), Ok(vec![]));
    assert_eq!(net_changes(&[5], &[]), Err(MathError::Overflow));
    assert_eq!(net_changes(&[5], &[5, 0]), Err(MathError::Overflow));
    assert_eq!(net_changes(&[1 << 127], &[0]), Err(MathError::Overflow));
    assert_eq!(net_changes(&[0], &[1 << 127]), Err(MathError::Overflow));
    assert_eq!(net_changes(&[0], &[(1 << 127) - 1]), Ok(vec![i128::MAX]));
}

#[test]
fn one_net_change_for_each_vertex_and_all_add_up_to_nothing() {
    let triangle = ring_of(3);
    let count = Err(FieldFault::ShardCount { expected: 3 });
    assert_eq!(flows(&triangle, &[]), count);
    assert_eq!(flows(&triangle, &[1, -1, 0]), count);
    assert_eq!(flows(&triangle, &[1, -1, 0, 0, 0]), count);
    assert_eq!(
        flows(&triangle, &[1, -1, 0, 1]),
        Err(FieldFault::NotConserved { sum: 1 })
    );
    assert_eq!(
        flows(&triangle, &[-7, 0, 0, 4]),
        Err(FieldFault::NotConserved { sum: -3 })
    );
}

#[test]
fn what_is_out_of_range_is_an_error() {
    let overflow = Err(FieldFault::Math(MathError::Overflow));
    assert_eq!(flows(&ring_of(3), &[i128::MAX, -i128::MAX, 0, 0]), overflow);
    assert_eq!(flows(&ring_of(3), &[i128::MAX, i128::MAX, 0, 0]), overflow);
    assert_eq!(flows(&ring_of(3), &[i128::MIN, i128::MIN, 0, 0]), overflow);
}

/// The documented range, Σ|b| below 2⁷⁸, on the largest graphs that there are.
#[test]
fn the_largest_changes_are_solved() {
    for edges in [dense(50), dense(3), dense(11), dense(32)] {
        let shards = edges.iter().map(|(_, higher)| *higher).max().expect("edges") + 1;
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let most = (1i128 << 77) - 1;
        for at in [0, usize::from(shards) / 2, usize::from(shards) - 1] {
            let mut net = vec![0; usize::from(shards) + 1];
            net[at] = most;
            net[(at + 1) % usize::from(shards)] = -most;
            let found = flows(&topology, &net).expect("it is solved");
            assert_eq!(check_kirchhoff(&topology, &net, &found), Ok(()));
            assert_potential(&topology, &found);
        }
    }
}

/// A flow that obeys Kirchhoff and derives from a potential is unique, so this is all that is to be shown: along an edge
/// flows the difference of the potentials, which are the flows from the ground. An edge between shards is off by one at
/// most, an edge of the ground by the sum of its shard's edges, ten at most.
fn assert_potential(topology: &Topology, flows: &Flows) {
    for ((i, j), flow) in topology.edges().iter().zip(&flows.edges) {
        let difference = flows.ground[usize::from(*j)] - flows.ground[usize::from(*i)];
        assert!((flow - difference).abs() <= 21, "{i}-{j}: {flow}, not {difference}");
    }
}

#[test]
fn a_planck_that_is_missing_is_noticed() {
    let topology = ring_of(5);
    let net = [-100, 37, 12, 0, 51, 0];
    let sound = flows(&topology, &net).expect("it is solved");
    assert_eq!(check_kirchhoff(&topology, &net, &sound), Ok(()));
    for edge in 0..5 {
        let mut wrong = sound.clone();
        wrong.edges[edge] += 1;
        let (lower, _) = topology.edges()[edge];
        assert_eq!(
            check_kirchhoff(&topology, &net, &wrong),
            Err(FieldFault::Kirchhoff { vertex: lower })
        );
    }
    for shard in 0..5 {
        let mut wrong = sound.clone();
        wrong.ground[shard] -= 1;
        let vertex = shard as u8;
        assert_eq!(
            check_kirchhoff(&topology, &net, &wrong),
            Err(FieldFault::Kirchhoff { vertex })
        );
    }
}

#[test]
fn the_ground_is_a_vertex_too() {
    let topology = ring_of(3);
    let mut found = Flows {
        edges: vec![0; 3],
        ground: vec![2, 3, -1],
    };
    assert_eq!(check_kirchhoff(&topology, &[2, 3, -1, -4], &found), Ok(()));
    assert_eq!(
        check_kirchhoff(&topology, &[2, 3, -1, 4], &found),
        Err(FieldFault::NotConserved { sum: 8 })
    );
    found.edges.pop();
    assert_eq!(
        check_kirchhoff(&topology, &[2, 3, -1, -4], &found),
        Err(FieldFault::EdgeCount)
    );
    found.edges.push(0);
    found.ground.push(0);
    let count = Err(FieldFault::ShardCount { expected: 3 });
    assert_eq!(check_kirchhoff(&topology, &[2, 3, -1, -4], &found), count);
    assert_eq!(check_kirchhoff(&topology, &[2, 3, -5], &found), count);
}

/// det A and det A · p of the reduced Laplacian, by Bareiss's elimination: exact.
#[allow(clippy::needless_range_loop)] // as the formula is written
fn exact_potentials(topology: &Topology, net: &[i128]) -> (i128, Vec<i128>) {
    let n = usize::from(topology.shards());
    let entry = |i: usize, j: usize| match (i == j, topology.edge_between(i as u8, j as u8)) {
        (true, _) => topology.neighbours(i as u8).len() as i128 + 1,
        (false, Some(_)) => -1,
        (false, None) => 0,
    };
    let determinant = |replaced: Option<usize>| {
        let mut a: Vec<Vec<i128>> = (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| if replaced == Some(j) { net[i] } else { entry(i, j) })
                    .collect()
            })
            .collect();
        let (mut sign, mut previous) = (1, 1);
        for k in 0..n - 1 {
            let Some(pivot) = (k..n).find(|row| a[*row][k] != 0) else {
                return 0;
            };
            if pivot != k {
                a.swap(pivot, k);
                sign = -sign;
            }
            for i in k + 1..n {
                for j in k + 1..n {
                    a[i][j] = (a[i][j] * a[k][k] - a[i][k] * a[k][j]) / previous;
                }
            }
            previous = a[k][k];
        }
        sign * a[n - 1][n - 1]
    };
    (
        determinant(None),
        (0..n).map(|shard| determinant(Some(shard))).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// FLX-2 to the planck, whatever moved, on any graph; and the flow is the one that derives from a potential.
    #[test]
    fn kirchhoff_holds_to_the_planck(
        (shards, edges, _) in graph(),
        moved in prop::collection::vec(-(1i128 << 71)..(1i128 << 71), 50),
        scale in 0u32..72,
    ) {
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let net: Vec<i128> = moved[..usize::from(shards)].iter().map(|moved| moved >> scale).collect();
        let net = balanced(&net);
        let found = flows(&topology, &net).expect("it is solved");
        prop_assert_eq!(check_kirchhoff(&topology, &net, &found), Ok(()));
        assert_potential(&topology, &found);
    }

    /// Against the exact rational solution: the flow is its nearest planck, or next to that by the half planck of the
    /// potentials.
    #[test]
    fn flows_are_within_a_planck_of_the_exact(
        (shards, edges, _) in (3u8..=7).prop_flat_map(graph_of),
        moved in prop::collection::vec(-1_000_000_000i128..1_000_000_000, 7),
    ) {
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let net = balanced(&moved[..usize::from(shards)]);
        let found = flows(&topology, &net).expect("it is solved");
        let (det, scaled) = exact_potentials(&topology, &net);
        for ((i, j), flow) in topology.edges().iter().zip(&found.edges) {
            let exact = scaled[usize::from(*j)] - scaled[usize::from(*i)];
            let off = (flow * det - exact).abs();
            // Half a planck by rounding; a hundredth by the potentials, which in truth are far better than their bound.
            prop_assert!(100 * off <= 51 * det, "{}-{}: {} against {}/{}", i, j, flow, exact, det);
        }
    }

    /// Names do not matter but for the rounding.
    #[test]
    fn flows_follow_their_shards(
        (shards, edges, names) in graph(),
        moved in prop::collection::vec(-(1i128 << 70)..(1i128 << 70), 50),
    ) {
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let other = Topology::build(shards, &relabelled(&edges, &names)).expect("a field graph");
        let net = balanced(&moved[..usize::from(shards)]);
        let mut renamed = net.clone();
        for (shard, name) in names.iter().enumerate() {
            renamed[usize::from(*name)] = net[shard];
        }
        let one = flows(&topology, &net).expect("it is solved");
        let two = flows(&other, &renamed).expect("it is solved");
        for ((i, j), flow) in topology.edges().iter().zip(&one.edges) {
            let (a, b) = (names[usize::from(*i)], names[usize::from(*j)]);
            let edge = other.edge_between(a, b).expect("an edge");
            let along = if a < b { two.edges[edge] } else { -two.edges[edge] };
            prop_assert!((along - flow).abs() <= 1);
        }
    }

    /// What flows there flows back when it is undone.
    #[test]
    fn flows_turn_with_what_moved(
        (shards, edges, _) in graph(),
        moved in prop::collection::vec(-(1i128 << 70)..(1i128 << 70), 50),
    ) {
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let net = balanced(&moved[..usize::from(shards)]);
        let turned: Vec<i128> = net.iter().map(|net| -net).collect();
        let (there, back) = (flows(&topology, &net).expect("solved"), flows(&topology, &turned).expect("solved"));
        prop_assert!(there.edges.iter().zip(&back.edges).all(|(there, back)| (there + back).abs() <= 1));
    }
}
