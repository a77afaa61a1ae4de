//! Graphs and answers at the worst case, for tests and benchmarks.

use crate::epoch::Answers;
use alloc::{collections::BTreeSet, vec::Vec};
use qc_harmonics::field::Topology;
use qc_traits::ShardFacts;

/// The edges of a field graph in which every shard has ten edges, or one to each other shard where there are fewer than
/// eleven.
pub(crate) fn dense_edges(shards: u8) -> Vec<(u8, u8)> {
    // Up to 32 the way around the ring takes at most eight steps of 5; above, of 16.
    let distances: [u8; 5] = if shards <= 32 {
        [1, 2, 3, 4, 5]
    } else {
        [1, 2, 4, 8, 16]
    };
    let mut edges = BTreeSet::new();
    for shard in 0..shards {
        for distance in distances {
            let other = (shard + distance) % shards;
            if other != shard {
                edges.insert((shard.min(other), shard.max(other)));
            }
        }
    }
    edges.into_iter().collect()
}

/// Answers of an epoch in which everything changed and every cycle has a curl, `step` apart from those of another.
pub(crate) fn loud_answers(topology: &Topology, step: u128) -> Answers {
    let count = u128::from(topology.shards());
    let shards = (1..=count).map(|n| ShardFacts {
        chr: 10u128.pow(22) / (n + count),
        flx: 10u128.pow(18) * n + (n * n * 7_919 + step * n * n * n) % (1_000 * count) * 10u128.pow(14),
        staked_atr: 10u128.pow(17) * (count + 1 - n) + 12_345,
        dissonance: 10u128.pow(18) / n,
    });
    let shards: Vec<_> = shards.collect();
    let total = 6_180_339_887 * 10u128.pow(12);
    Answers {
        ground_flx: total - shards.iter().map(|shard| shard.flx).sum::<u128>(),
        shards,
        // So unevenly that every shard is on a cycle with a curl.
        observed: (0i128..)
            .zip(topology.edges())
            .map(|(edge, _)| Some((1 << 60) + (edge * edge * 7 + edge) * (1 << 70)))
            .collect(),
        is_breached: true,
    }
}
