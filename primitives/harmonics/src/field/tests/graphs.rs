//! Graphs for tests.

use crate::field::Topology;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The shards in a ring.
pub fn ring(shards: u8) -> Vec<(u8, u8)> {
    circulant(shards, &[1])
}

/// Every shard joined to those at these distances around the ring.
pub fn circulant(shards: u8, distances: &[u8]) -> Vec<(u8, u8)> {
    let mut edges = BTreeSet::new();
    for shard in 0..shards {
        for distance in distances {
            let other = (shard + distance) % shards;
            edges.insert((shard.min(other), shard.max(other)));
        }
    }
    edges.into_iter().collect()
}

/// The most edges that there can be: everybody joined to everybody, or to ten.
pub fn dense(shards: u8) -> Vec<(u8, u8)> {
    match shards {
        0..=10 => (0..shards).flat_map(|a| (0..a).map(move |b| (b, a))).collect(),
        11..=32 => circulant(shards, &[1, 2, 3, 4, 5]),
        _ => circulant(shards, &[1, 2, 4, 8, 16]),
    }
}

/// The fewest distances with which the way around the ring has at most eight steps.
fn sparse(shards: u8) -> Vec<(u8, u8)> {
    match shards {
        0..=8 => ring(shards),
        9..=16 => circulant(shards, &[1, 2]),
        17..=30 => circulant(shards, &[1, 2, 4]),
        _ => circulant(shards, &[1, 2, 4, 7]),
    }
}

/// Renames the shards.
pub fn relabelled(edges: &[(u8, u8)], names: &[u8]) -> Vec<(u8, u8)> {
    let name = |shard: &u8| names[usize::from(*shard)];
    edges.iter().map(|(a, b)| (name(a), name(b))).collect()
}

/// Adds what can be added of these edges.
fn with_chords(shards: u8, mut edges: Vec<(u8, u8)>, chords: &[(u8, u8)]) -> Vec<(u8, u8)> {
    for (a, b) in chords {
        let (a, b) = (a % shards, b % shards);
        let degree = |shard: u8| edges.iter().filter(|(x, y)| *x == shard || *y == shard).count();
        let is_new = !edges.iter().any(|(x, y)| (*x, *y) == (a, b) || (*y, *x) == (a, b));
        if a != b && is_new && degree(a) < 10 && degree(b) < 10 {
            edges.push((a, b));
        }
    }
    edges
}

/// A number of shards, edges that make a field graph, and a way to rename the shards.
pub fn graph() -> impl Strategy<Value = (u8, Vec<(u8, u8)>, Vec<u8>)> {
    (3u8..=50).prop_flat_map(graph_of)
}

/// The same with a given number of shards.
pub fn graph_of(shards: u8) -> impl Strategy<Value = (u8, Vec<(u8, u8)>, Vec<u8>)> {
    let names = || Just((0..shards).collect::<Vec<u8>>()).prop_shuffle();
    let chords = prop::collection::vec((any::<u8>(), any::<u8>()), 0..60);
    (names(), names(), chords).prop_map(move |(first, second, chords)| {
        let edges = relabelled(&with_chords(shards, sparse(shards), &chords), &first);
        (shards, edges, second)
    })
}

/// A field graph.
pub fn topology() -> impl Strategy<Value = Topology> {
    graph().prop_map(|(shards, edges, _)| Topology::build(shards, &edges).expect("a field graph"))
}
