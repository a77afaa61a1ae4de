//! What is a field graph, what is none, and which cycles it has.

use super::graphs::{circulant, dense, graph, graph_of, relabelled, ring};
use crate::field::{Topology, TopologyFault, CYCLES_MAX, EDGES_MAX};
use codec::{Decode, Encode, MaxEncodedLen};
use proptest::prelude::*;

fn built(shards: u8, edges: &[(u8, u8)]) -> Topology {
    Topology::build(shards, edges).expect("a field graph")
}

fn fault(shards: u8, edges: &[(u8, u8)]) -> TopologyFault {
    Topology::build(shards, edges).expect_err("no field graph")
}

#[test]
fn the_ring_of_five_has_one_cycle() {
    let topology = built(5, &Topology::ring_of_five());
    assert_eq!(topology.shards(), 5);
    assert_eq!(topology.edges(), [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)]);
    assert_eq!(topology.cycles(), [vec![0, 1, 2, 3, 4]]);
    assert_eq!(topology.neighbours(0), [1, 4]);
    assert_eq!(topology.neighbours(3), [2, 4]);
    assert_eq!(topology.edge_between(4, 0), Some(1));
    assert_eq!(topology.edge_between(3, 4), Some(4));
    assert_eq!(topology.edge_between(1, 3), None);
}

#[test]
fn the_order_of_edges_and_ends_does_not_matter() {
    let one = built(4, &[(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]);
    let other = built(4, &[(2, 0), (0, 3), (3, 2), (1, 0), (2, 1)]);
    assert_eq!(one, other);
    assert_eq!(one.cycles(), [vec![0, 1, 2], vec![0, 2, 3]]);
}

#[test]
fn shortest_cycles_come_first() {
    // A square with a triangle on its side: edges 0-1, 0-3, 0-4, 1-2, 2-3, 3-4.
    let topology = built(5, &[(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (4, 3)]);
    assert_eq!(topology.cycles(), [vec![0, 3, 4], vec![0, 1, 2, 3]]);
}

#[test]
fn among_cycles_of_one_length_the_lower_edges_win() {
    // Three ways of two steps from 0 to 1: of the three squares the one without the lowest edges is left out.
    let topology = built(5, &[(0, 2), (2, 1), (0, 3), (3, 1), (0, 4), (4, 1)]);
    assert_eq!(topology.edges(), [(0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4)]);
    assert_eq!(topology.cycles(), [vec![0, 2, 1, 3], vec![0, 2, 1, 4]]);
}

#[test]
fn three_to_fifty_shards() {
    assert_eq!(fault(2, &[(0, 1)]), TopologyFault::ShardCount { shards: 2 });
    assert_eq!(fault(0, &[]), TopologyFault::ShardCount { shards: 0 });
    assert_eq!(fault(51, &dense(51)), TopologyFault::ShardCount { shards: 51 });
    assert_eq!(built(3, &ring(3)).cycles(), [vec![0, 1, 2]]);
    let largest = built(50, &dense(50));
    assert_eq!(largest.edges().len(), EDGES_MAX as usize);
    assert_eq!(largest.cycles().len(), CYCLES_MAX as usize);
}

#[test]
fn edges_lead_to_shards_that_there_are() {
    let edges = [(0, 1), (1, 2), (2, 3), (3, 0)];
    assert_eq!(fault(3, &edges), TopologyFault::ShardUnknown { shard: 3, shards: 3 });
    assert_eq!(
        fault(3, &[(0, 1), (1, 2), (255, 0)]),
        TopologyFault::ShardUnknown { shard: 255, shards: 3 }
    );
}

#[test]
fn no_loop_and_no_edge_twice() {
    assert_eq!(
        fault(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]),
        TopologyFault::Loop { shard: 1 }
    );
    let twice = TopologyFault::EdgeTwice { lower: 0, higher: 2 };
    assert_eq!(fault(3, &[(0, 1), (2, 0), (1, 2), (0, 2)]), twice);
    assert_eq!(fault(3, &[(0, 1), (0, 2), (1, 2), (0, 2)]), twice);
}

#[test]
fn two_to_ten_edges_each() {
    assert_eq!(fault(4, &ring(3)), TopologyFault::Degree { shard: 3, degree: 0 });
    assert_eq!(
        fault(4, &[(0, 1), (1, 2), (2, 0), (0, 3)]),
        TopologyFault::Degree { shard: 3, degree: 1 }
    );
    let wheel = |rim: u8| -> Vec<(u8, u8)> {
        let rim_edges = ring(rim).into_iter().map(|(a, b)| (a + 1, b + 1));
        rim_edges.chain((1..=rim).map(|shard| (0, shard))).collect()
    };
    assert_eq!(built(11, &wheel(10)).cycles().len(), 10);
    assert_eq!(fault(12, &wheel(11)), TopologyFault::Degree { shard: 0, degree: 11 });
    assert_eq!(fault(3, &[]), TopologyFault::Degree { shard: 0, degree: 0 });
}

#[test]
fn every_shard_can_be_reached() {
    let two_rings = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)];
    assert_eq!(fault(6, &two_rings), TopologyFault::NotConnected { shard: 3 });
    let others = [(0, 2), (2, 4), (4, 0), (1, 3), (3, 5), (5, 1)];
    assert_eq!(fault(6, &others), TopologyFault::NotConnected { shard: 1 });
}

#[test]
fn cycles_of_the_basis_have_at_most_eight_edges() {
    assert_eq!(built(8, &ring(8)).cycles(), [(0..8).collect::<Vec<u8>>()]);
    assert_eq!(fault(9, &ring(9)), TopologyFault::CycleTooLong { shard: 0, length: 9 });
    // A triangle at shard 1 and nine edges from shard 2 on: the long one is named.
    let mut edges = vec![(0, 1), (1, 2), (0, 2)];
    edges.extend((2..10).map(|shard| (shard, shard + 1)));
    edges.push((10, 2));
    assert_eq!(fault(11, &edges), TopologyFault::CycleTooLong { shard: 2, length: 9 });
    // Joined to the next five, the way around fifty takes ten steps.
    let around = circulant(50, &[1, 2, 3, 4, 5]);
    assert_eq!(fault(50, &around), TopologyFault::CycleTooLong { shard: 0, length: 10 });
}

/// Each names what is wrong with whom, for whoever writes a genesis.
#[test]
fn faults_say_what_is_wrong() {
    let said = |fault: TopologyFault| fault.to_string();
    assert!(said(TopologyFault::ShardCount { shards: 2 }).contains("not 2"));
    assert!(said(TopologyFault::ShardUnknown { shard: 7, shards: 5 }).contains("shard 7, but there are 5"));
    assert!(said(TopologyFault::Loop { shard: 4 }).contains("shard 4 to itself"));
    assert!(said(TopologyFault::EdgeTwice { lower: 1, higher: 3 }).contains("1-3"));
    assert!(said(TopologyFault::Degree { shard: 6, degree: 11 }).contains("shard 6 has 11"));
    assert!(said(TopologyFault::NotConnected { shard: 9 }).contains("shard 9"));
    assert!(said(TopologyFault::CycleTooLong { shard: 3, length: 12 }).contains("shard 3 has 12"));
}

#[test]
fn what_is_encoded_is_decoded_and_bounded() {
    for topology in [built(5, &Topology::ring_of_five()), built(50, &dense(50))] {
        let bytes = topology.encode();
        assert_eq!(Topology::decode(&mut &bytes[..]).expect("it decodes"), topology);
        assert!(bytes.len() <= Topology::max_encoded_len());
        let plain = (topology.shards(), topology.edges().to_vec(), topology.cycles().to_vec());
        assert_eq!(bytes, plain.encode());
    }
    assert_eq!(Topology::max_encoded_len(), 1 + 2 + 500 + 2 + 201 * 9);
}

#[test]
fn what_is_no_field_graph_does_not_decode() {
    let decodes = |shards: u8, edges: &[(u8, u8)], cycles: &[Vec<u8>]| {
        let bytes = (shards, edges.to_vec(), cycles.to_vec()).encode();
        Topology::decode(&mut &bytes[..]).is_ok()
    };
    let edges = [(0, 1), (0, 2), (1, 2)];
    let cycle = vec![0, 1, 2];
    assert!(decodes(3, &edges, core::slice::from_ref(&cycle)));
    assert!(!decodes(2, &edges, core::slice::from_ref(&cycle)), "a shard too few");
    let (square, around) = ([(0, 1), (0, 3), (1, 2), (2, 3)], vec![vec![0, 1, 2, 3]]);
    assert!(decodes(4, &square, &around));
    assert!(!decodes(3, &square, &around), "an edge to a shard that there is not");
    assert!(!decodes(51, &edges, core::slice::from_ref(&cycle)), "too many shards");
    assert!(
        !decodes(3, &[(0, 1), (1, 2), (0, 2)], core::slice::from_ref(&cycle)),
        "edges out of order"
    );
    assert!(
        !decodes(3, &[(0, 1), (0, 1), (0, 2), (1, 2)], core::slice::from_ref(&cycle)),
        "an edge twice"
    );
    assert!(
        !decodes(3, &[(1, 0), (0, 2), (1, 2)], core::slice::from_ref(&cycle)),
        "the higher end first"
    );
    assert!(
        !decodes(3, &[(0, 0), (0, 1), (0, 2), (1, 2)], core::slice::from_ref(&cycle)),
        "a loop"
    );
    assert!(!decodes(4, &edges, &[vec![0, 1, 3]]), "a cycle along no edge");
    assert!(!decodes(3, &edges, &[vec![0, 1]]), "a cycle of two");
    assert!(!decodes(9, &circulant(9, &[1]), &[(0..9).collect()]), "a cycle of nine");
    assert!(!decodes(3, &edges, &vec![cycle; 202]), "too many cycles");
    let complete: Vec<_> = (0..23).flat_map(|a| (a + 1..23).map(move |b| (a, b))).collect();
    assert!(complete.len() > 250 && !decodes(23, &complete, &[]), "too many edges");
    assert!(
        decodes(23, &complete[..250], &[]),
        "that the basis is whole only the build says"
    );
}

/// Sums of cycles, as the set of edges that are on an odd number of them.
fn independent(edge_sets: &[Vec<usize>]) -> bool {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for set in edge_sets {
        let mut rest = set.clone();
        for row in &rows {
            if rest.contains(&row[0]) {
                rest = sum_of(&rest, row);
            }
        }
        if rest.is_empty() {
            return false;
        }
        rows.push(rest);
    }
    true
}

fn sum_of(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut sum: Vec<usize> = a.iter().filter(|edge| !b.contains(edge)).copied().collect();
    sum.extend(b.iter().filter(|edge| !a.contains(edge)));
    sum.sort_unstable();
    sum
}

fn edges_of(topology: &Topology, cycle: &[u8]) -> Vec<usize> {
    let mut edges: Vec<usize> = (0..cycle.len())
        .map(|at| {
            topology
                .edge_between(cycle[at], cycle[(at + 1) % cycle.len()])
                .expect("an edge")
        })
        .collect();
    edges.sort_unstable();
    edges
}

/// Every simple cycle, by walking: the slow way to know them.
fn all_cycles(topology: &Topology) -> Vec<Vec<u8>> {
    fn extend(topology: &Topology, path: &mut Vec<u8>, found: &mut Vec<Vec<u8>>) {
        let (first, last) = (path[0], path[path.len() - 1]);
        for next in topology.neighbours(last) {
            if next == first && path.len() > 2 && path[1] < last {
                found.push(path.clone());
            } else if next > first && !path.contains(&next) {
                path.push(next);
                extend(topology, path, found);
                path.pop();
            }
        }
    }
    let mut found = Vec::new();
    for first in 0..topology.shards() {
        extend(topology, &mut vec![first], &mut found);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is wrong with Horton's algorithm or its ties shows against all cycles taken greedily.
    #[test]
    fn the_basis_is_the_greedy_one_of_all_cycles((shards, edges, _) in (3u8..=7).prop_flat_map(graph_of)) {
        let topology = built(shards, &edges);
        let mut cycles: Vec<(usize, Vec<usize>, Vec<u8>)> = all_cycles(&topology)
            .into_iter()
            .map(|cycle| (cycle.len(), edges_of(&topology, &cycle), cycle))
            .collect();
        cycles.sort();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        let mut basis: Vec<Vec<u8>> = Vec::new();
        for (_, set, cycle) in cycles {
            sets.push(set);
            if independent(&sets) {
                basis.push(cycle);
            } else {
                sets.pop();
            }
        }
        prop_assert_eq!(topology.cycles(), basis);
    }

    #[test]
    fn a_basis_is_whole_canonical_and_short((shards, edges, _) in graph()) {
        let topology = built(shards, &edges);
        prop_assert_eq!(topology.cycles().len(), edges.len() + 1 - usize::from(shards));
        let sets: Vec<Vec<usize>> = topology.cycles().iter().map(|cycle| edges_of(&topology, cycle)).collect();
        prop_assert!(independent(&sets));
        for (cycle, set) in topology.cycles().iter().zip(&sets) {
            prop_assert!((3..=8).contains(&cycle.len()) && cycle.len() == set.len());
            let last = cycle[cycle.len() - 1];
            prop_assert!(cycle.iter().all(|shard| *shard >= cycle[0]) && cycle[1] < last, "{:?}", cycle);
            let mut once = cycle.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), cycle.len());
        }
        let keys: Vec<_> = sets.iter().map(|set| (set.len(), set)).collect();
        prop_assert!(keys.windows(2).all(|two| two[0] < two[1]), "in canonical order");
    }

    /// Names decide which of two cycles of one length is taken, never how long they are.
    #[test]
    fn lengths_do_not_depend_on_names((shards, edges, names) in graph()) {
        let lengths = |edges: &[(u8, u8)]| -> Vec<usize> {
            built(shards, edges).cycles().iter().map(Vec::len).collect()
        };
        prop_assert_eq!(lengths(&edges), lengths(&relabelled(&edges, &names)));
    }
}
