//! The graph is built and checked at genesis.

use crate::mock::*;
use crate::{specimens::dense_edges, types::TopologyView, Topology};
use codec::{Decode, Encode};
use frame_support::traits::PalletInfoAccess;
use qc_harmonics::field;
use qc_traits::TopologyInspect;
use qc_types::ShardId;
use sp_runtime::BuildStorage;

/// Whether a genesis with such a graph can be built.
fn builds(shards: u8, edges: &[(u8, u8)]) -> bool {
    let genesis = genesis(shards, edges);
    std::panic::catch_unwind(|| genesis.build_storage().is_ok()).unwrap_or(false)
}

#[test]
fn a_genesis_that_names_no_graph_has_the_ring_of_five() {
    execute(|| {
        let view = TopologyView {
            shards: 5,
            edges: [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)]
                .map(|(i, j)| (ShardId(i), ShardId(j)))
                .to_vec(),
            cycles: vec![[0, 1, 2, 3, 4].map(ShardId).to_vec()],
        };
        assert_eq!(Field::topology_view(), Some(view.clone()));
        assert_eq!(<Field as TopologyInspect>::shard_count(), 5);
        assert_eq!(<Field as TopologyInspect>::edges(), view.edges);
        assert_eq!(Field::field_view(), Default::default());
        assert_eq!((incidents(), events()), (vec![], vec![]));
    });
}

#[test]
fn a_genesis_may_name_any_sound_graph() {
    for shards in [3, 4, 10, 11, 12, 32, 33, 50] {
        assert!(builds(shards, &dense_edges(shards)), "{shards}");
    }
    let edges = dense_edges(50);
    assert_eq!(edges.len(), 250);
    externalities_of(genesis(50, &edges)).execute_with(|| {
        assert_eq!(<Field as TopologyInspect>::shard_count(), 50);
        assert_eq!(
            Topology::<Test>::get().map(|topology| topology.cycles().len()),
            Some(201)
        );
        assert_lawful();
    });
}

#[test]
fn a_malformed_graph_makes_no_genesis() {
    let ring = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)];
    assert!(builds(5, &ring));
    assert!(!builds(2, &[(0, 1)]), "two shards");
    assert!(!builds(51, &dense_edges(51)), "51 shards");
    assert!(!builds(4, &ring), "an edge to no shard");
    assert!(!builds(6, &ring), "a shard without an edge");
    assert!(!builds(5, &[ring.as_slice(), &[(2, 2)]].concat()), "a loop");
    assert!(!builds(5, &[ring.as_slice(), &[(4, 0)]].concat()), "an edge twice");
    assert!(!builds(5, &ring[..4]), "a shard with one edge");
    assert!(
        !builds(6, &[(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]),
        "two parts"
    );
    let nine: Vec<(u8, u8)> = (0..9).map(|shard| (shard, (shard + 1) % 9)).collect();
    assert!(!builds(9, &nine), "a cycle of nine");
    assert!(!builds(5, &[]), "nothing");
}

/// Nodes read it raw.
#[test]
fn the_raw_storage_decodes_as_the_graph() {
    execute(|| {
        assert_eq!(Field::name(), "Field");
        let raw = sp_io::storage::get(&Topology::<Test>::hashed_key()).expect("it is there");
        let graph = field::Topology::build(5, &field::Topology::ring_of_five()).expect("a field graph");
        assert_eq!(field::Topology::decode(&mut &raw[..]), Ok(graph.clone()));
        assert_eq!(raw.to_vec(), graph.encode());
    });
}
