//! Four validators on loopback, on both network backends: they finalise under load, lose one to `kill -9`, go on, and agree
//! when it is back.

use pallet_sync::types::Outcome;
use qc_bench::rpc::Rpc;
use qc_network_tests::load::Load;
use qc_network_tests::node::{Node, Site};
use qc_network_tests::{serial, syncs, wait};
use std::time::{Duration, Instant};

const NAMES: [&str; 4] = ["--alice", "--bob", "--charlie", "--dave"];
/// The one that is killed: not the first, which the others know from their arguments.
const VICTIM: usize = 2;
/// The one that speaks to the others by libp2p; they speak litep2p, the default.
const BY_LIBP2P: usize = 3;
const SECONDS: u64 = 120;

/// The argument that says where `node` is found.
async fn found_at(site: &Site, rpc: &Rpc) -> String {
    let peer = rpc
        .call_text("system_localPeerId", vec![])
        .await
        .expect("a node knows its name");
    format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer}", site.port)
}

async fn network() -> (Vec<Site>, Vec<Option<Node>>, Vec<Rpc>) {
    let (mut sites, mut nodes, mut rpcs) = (Vec::<Site>::new(), Vec::new(), Vec::<Rpc>::new());
    for (index, name) in NAMES.iter().enumerate() {
        let key = format!("{:064x}", index + 1);
        let mut site = Site::new(&["--chain", "local", name, "--node-key", &key]);
        if index == BY_LIBP2P {
            site.push("--network-backend=libp2p");
        }
        for (other, rpc) in sites.iter().zip(&rpcs) {
            site.push("--bootnodes");
            site.push(&found_at(other, rpc).await);
        }
        let (node, rpc) = site.up().await;
        sites.push(site);
        nodes.push(Some(node));
        rpcs.push(rpc);
    }
    (sites, nodes, rpcs)
}

async fn agree(rpcs: &[&Rpc], height: u64) {
    let mut hashes = Vec::new();
    for rpc in rpcs {
        wait::finalised(rpc, height, SECONDS).await;
        hashes.push(
            rpc.block_hash(height)
                .await
                .expect("hashes are served")
                .expect("a finalised block has a hash"),
        );
    }
    assert!(
        hashes.windows(2).all(|pair| pair[0] == pair[1]),
        "block {height} differs: {hashes:02x?}"
    );
}

/// Waits for a sync, on this epoch or a later one, to which all four reported; on a busy machine one may come too late for the first.
/// Nobody ever reports two things, or anything but what the chain has.
async fn all_four_report(rpc: &Rpc, from: u64) -> Outcome {
    let start = Instant::now();
    loop {
        let all = syncs::all(rpc).await;
        let sound = |one: &Outcome| (one.void, one.deviating, one.struck) == (0, 0, 0);
        assert!(all.iter().all(sound), "{all:?}");
        if let Some(whole) = all.iter().find(|one| u64::from(one.epoch) >= from && one.came == 4) {
            return whole.clone();
        }
        assert!(start.elapsed().as_secs() < SECONDS, "never all four: {all:?}");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_of_four_go_on_and_the_fourth_comes_back_and_agrees() {
    let _turn = serial().await;
    let (mut sites, mut nodes, rpcs) = network().await;
    for rpc in &rpcs {
        wait::finalised(rpc, 3, SECONDS).await;
    }
    agree(&rpcs.iter().collect::<Vec<_>>(), 3).await;
    let (_, together) = rpcs[0].finalised().await.expect("finality is served");
    let odd_one = nodes[BY_LIBP2P].as_ref().expect("Dave runs");
    assert!(odd_one.log_text().contains("Running libp2p network backend"));

    let load = Load::start(nodes[0].as_ref().expect("Alice runs").url(), 60);
    load.accepted_more(150, SECONDS).await;
    // Each node recomputes the epoch from its own state, and all come to the same as the runtime.
    let sync = all_four_report(&rpcs[0], syncs::epoch_of(together)).await;
    assert!(sync.consensus.is_some() && sync.consensus == sync.own, "{sync:?}");
    let victims_head = rpcs[VICTIM].finalised().await.expect("finality is served");
    nodes[VICTIM].take().expect("the victim runs").kill_9();

    let others: Vec<_> = (0..rpcs.len())
        .filter(|index| *index != VICTIM)
        .map(|index| &rpcs[index])
        .collect();
    load.accepted_more(50, SECONDS).await;
    let (_, gone_on) = wait::finalised_more(others[0], 6, SECONDS).await;
    assert!(gone_on > victims_head.1, "three of four finalise");
    agree(&others, gone_on).await;

    let (back, rpc) = sites[VICTIM].up().await;
    nodes[VICTIM] = Some(back);
    let (_, caught_up) = wait::finalised(&rpc, gone_on + 2, SECONDS).await;
    let old = rpc.block_hash(victims_head.1).await.expect("hashes are served");
    assert_eq!(
        old,
        Some(victims_head.0),
        "what was final for it before the kill still is"
    );
    let mut all = others.clone();
    all.push(&rpc);
    agree(&all, caught_up).await;

    // From then on it reports as the others do.
    all_four_report(&rpc, syncs::epoch_of(caught_up)).await;
    drop(load);
    for node in nodes.iter_mut().flatten() {
        node.assert_well();
    }
}
