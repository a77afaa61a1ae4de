//! Shards that hold nothing, and graphs that are none.

use super::*;
use crate::support::founders::{Founder, Network, Shares};
use qc_math::ONE;
use qc_runtime::{genesis::build_state, Incidents, Runtime, Sync, FLX};
use qc_traits::SyncInspect;
use qc_types::Home;
use serde_json::json;
use sp_io::TestExternalities;

/// A square with a diagonal: shards 0 and 2 have three neighbours, 1 and 3 two.
const SQUARE: [(u8, u8); 5] = [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2)];

/// A network of four on the square, its founders at home in `homes`.
fn on_the_square(chr: [u128; 4], staked_atr: [u128; 4], homes: [u8; 4]) -> Network {
    let founders: Vec<_> = (0..)
        .zip(homes)
        .map(|(n, shard)| Founder::at_home_in(shard, 4, n))
        .collect();
    let shares = Shares {
        edges: SQUARE.to_vec(),
        chr: chr.to_vec(),
        staked_atr: staked_atr.to_vec(),
    };
    let mut genesis = shares.genesis(&founders, 2_000 * FLX);
    genesis["clock"]["epochBlocks"] = json!(5);
    let chain = Chain::of(&genesis);
    Network { chain, founders }
}

/// Three epochs with reports from everywhere: each closes, ψ is `expected`, all agree to the last digit, and nothing is
/// raised.
fn assert_closes(network: &mut Network, expected: [u128; 4]) {
    network.close_epoch();
    for _ in 0..3 {
        network.honest_epoch();
        network.chain.look(|| {
            let outcome = pallet_attunement::LastOutcome::<Runtime>::get().expect("an epoch has closed");
            assert_eq!(outcome.epoch + 1, Session::current_index(), "the last epoch has closed");
            assert_eq!(crate::support::validators::densities(), expected);
            let fields = pallet_field::Fields::<Runtime>::get().expect("an epoch has closed");
            assert_eq!(fields.epoch, outcome.epoch);
            let sync = Sync::last_outcome().expect("reports were due");
            assert_eq!((sync.came, sync.deviating, sync.consensus), (4, 0, sync.own));
            assert!(!Sync::is_breached());
            let curls = pallet_field::Curls::<Runtime>::get()
                .expect("an epoch has closed")
                .curls;
            assert!(curls.iter().flatten().all(|curl| *curl == 0), "{curls:?}");
            assert_eq!(Incidents::open_incidents(), []);
        });
    }
}

const BILLION: u128 = 1_000_000_000;

/// Shard 3 has CHR and no stake: its ψ is 0, the others share. Did a shard without stake divide by it, or count as an
/// average one, epochs would not close or ψ be another.
#[test]
fn a_shard_without_stake_has_no_density() {
    let chr = [4, 2, 2, 2].map(|part| part * BILLION);
    let mut network = on_the_square(chr, [10_000, 20_000, 10_000, 0], [0, 1, 1, 2]);
    // N · CHR/Σ = 1.6, 0.8, 0.8, 0.8, and N · ATR/Σ = 1, 2, 1, 0.
    assert_closes(&mut network, [ONE * 16 / 10, ONE * 16 / 10, ONE * 8 / 10, 0]);
}

/// Shard 3 has stake and no CHR, nor FLX, which goes with it: ψ 0. The founder who is at home there has nothing but its
/// stake, and validates and reports, which is free, like the others.
#[test]
fn a_shard_without_chr_has_no_density() {
    let chr = [4, 3, 3, 0].map(|part| part * BILLION);
    let mut network = on_the_square(chr, [10_000, 10_000, 10_000, 10_000], [0, 1, 2, 3]);
    network.chain.look(|| {
        let shard = Home::Shard(qc_types::ShardId(3));
        assert_eq!(pallet_economy::FlxTotals::<Runtime>::get(shard), 0);
        assert_eq!(pallet_economy::ChrTotals::<Runtime>::get(qc_types::ShardId(3)), 0);
    });
    assert_closes(&mut network, [ONE * 16 / 10, ONE * 12 / 10, ONE * 12 / 10, 0]);
}

/// Shards 1 and 3 hold nothing at all; all CHR and all stake are in the other two.
#[test]
fn empty_shards_are_no_fault() {
    let chr = [5, 0, 5, 0].map(|part| part * BILLION);
    let mut network = on_the_square(chr, [30_000, 0, 10_000, 0], [0, 0, 2, 2]);
    // Of N = 4: CHR 2, 0, 2, 0 and ATR 3, 0, 1, 0.
    assert_closes(&mut network, [ONE * 6, 0, ONE * 2, 0]);
}

/// All that there is, in one shard: ψ = N² there, the highest that there can be, and 0 elsewhere.
#[test]
fn everything_in_one_shard_is_no_fault() {
    let mut network = on_the_square([10 * BILLION, 0, 0, 0], [8_000, 0, 0, 0], [0, 0, 0, 0]);
    assert_closes(&mut network, [ONE * 16, 0, 0, 0]);
}

/// Every graph that is none is refused before a pallet sees it, and the message says what is wrong with which shard.
#[test]
fn a_graph_that_is_none_is_refused_for_what_is_wrong_with_it() {
    let fault = |shards: u8, edges: &[(u8, u8)]| {
        let founders: Vec<_> = (0..4).map(|n| Founder::at_home_in(0, shards, n)).collect();
        let mut chr = vec![0; usize::from(shards)];
        chr[0] = 10 * BILLION;
        let mut staked_atr = chr.clone();
        staked_atr[0] = 8_000;
        let shares = Shares {
            edges: edges.to_vec(),
            chr,
            staked_atr,
        };
        let json = serde_json::to_vec(&shares.genesis(&founders, 2_000 * FLX)).expect("JSON can be written");
        TestExternalities::new_empty().execute_with(|| build_state(&json))
    };
    let ring = |shards: u8| -> Vec<(u8, u8)> { (0..shards).map(|at| (at, (at + 1) % shards)).collect() };
    let with = |mut edges: Vec<(u8, u8)>, more: &[(u8, u8)]| {
        edges.extend_from_slice(more);
        edges
    };
    assert_eq!(fault(6, &ring(6)), Ok(()), "a ring is a graph");
    assert_eq!(fault(8, &ring(8)), Ok(()), "of up to eight");
    let star: Vec<(u8, u8)> = with(ring(12), &(2..11).map(|at| (0, at)).collect::<Vec<_>>());
    let cases = [
        (2, ring(2), "the number of shards must be 3 to 50, but is 2"),
        (51, ring(51), "the number of shards must be 3 to 50, but is 51"),
        (4, with(ring(4), &[(1, 4)]), "an edge leads to shard 4, but there are 4"),
        (4, with(ring(4), &[(2, 2)]), "an edge joins shard 2 to itself"),
        (4, with(ring(4), &[(1, 0)]), "the edge 0-1 is there twice"),
        (
            4,
            vec![(0, 1), (1, 2), (2, 0), (0, 3)],
            "shard 3 has 1 edges, but 2 to 10 are possible",
        ),
        (12, star, "shard 0 has 11 edges, but 2 to 10 are possible"),
        (
            6,
            vec![(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)],
            "no way leads from shard 0 to shard 3",
        ),
        (
            9,
            ring(9),
            "the cycle through shard 0 has 9 edges and is no sum of shorter ones",
        ),
    ];
    for (shards, edges, reason) in cases {
        let message = fault(shards, &edges).expect_err("a graph that is none must be refused");
        assert!(message.contains(reason), "expected {reason:?}, but it says {message:?}");
    }
}
