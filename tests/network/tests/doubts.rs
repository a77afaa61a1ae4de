//! Whole nodes on chains whose state carries a wrong value: a patched result of the runtime's, a corrupted input. Each node
//! notices, in its log and in its figures, and signs only what it computed itself. How a chain comes to that without anything
//! of node or runtime being patched is in this crate's README.

use std::path::{Path, PathBuf};
use std::process::Command;

use codec::{Decode, Encode};
use frame_support::traits::Bounded;
use futures::future::join_all;
use pallet_attunement::types::{EpochOutcome, OfValidators};
use pallet_cir::types::IncidentRecord;
use pallet_field::types::{FieldsRecord, HistoryRecord, InputsRecord, PerEdge, PerShard};
use pallet_sync::types::{Boundary, Filing, Outcome};
use qc_bench::{hex, rpc::Rpc};
use qc_harmonics::attunement::{start, ValidatorInput};
use qc_harmonics::field::ShardInput;
use qc_harmonics::sync::{Breach, Report};
use qc_network_tests::metrics::Figures;
use qc_network_tests::node::{binary, Node, Site};
use qc_network_tests::{serial, wait};
use qc_runtime::{AccountId, BlockNumber, OriginCaller, Runtime, RuntimeCall};
use qc_traits::IncidentCause;
use qc_types::{CirCode, Scope};
use serde_json::Value as Json;
use sp_runtime::traits::{BlakeTwo256, Hash};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

/// Blocks of an epoch on the development chain. Epoch e closes in block (e + 1) · 10, and there the reports on epoch e − 1 are
/// judged.
const EPOCH_BLOCKS: u32 = 10;
/// The last block that is looked at: the reports on epoch 1 are on the chain. They are sent in the first third of epoch 2.
const LAST: u32 = 27;
/// Seconds for all that, and for three nodes to start at once.
const SECONDS: u64 = 150;

/// One, in units of 10⁻¹⁸.
const ONE: u128 = 1_000_000_000_000_000_000;
/// One whole token, plancks.
const WHOLE: u128 = 1_000_000_000_000;
/// The Ĉ that is written over the runtime's.
const WRONG_COHERENCE: u128 = 123_456_789_012_345_678;
type Entry = (Vec<u8>, Vec<u8>);

/// The block that closes an epoch.
fn closing(epoch: u32) -> u32 {
    (epoch + 1) * EPOCH_BLOCKS
}

/// The entries of a genesis state that make the chain, as Root, write over its own state in the block after the one that closes
/// an epoch, and take that block for the epoch's boundary.
fn task_of_root(epoch: u32, mut items: Vec<Entry>) -> Vec<Entry> {
    let number = closing(epoch) + 1;
    let boundary = Boundary {
        epoch,
        number,
        seen: None,
    };
    let boundary_key = pallet_sync::LastBoundary::<Runtime>::hashed_key().to_vec();
    items.push((boundary_key, boundary.encode()));
    let call = RuntimeCall::System(frame_system::Call::set_storage { items }).encode();
    let hash = BlakeTwo256::hash(&call);
    let length = u32::try_from(call.len()).expect("a short call");
    let task: pallet_scheduler::ScheduledOf<Runtime> = pallet_scheduler::Scheduled {
        maybe_id: None,
        priority: 0,
        call: Bounded::Lookup { hash, len: length },
        maybe_periodic: None,
        origin: OriginCaller::system(frame_system::RawOrigin::Root),
        _phantom: Default::default(),
    };
    let wanted = pallet_preimage::RequestStatus::<AccountId, ()>::Requested {
        maybe_ticket: None,
        count: 1,
        maybe_len: Some(length),
    };
    vec![
        (
            pallet_scheduler::Agenda::<Runtime>::hashed_key_for(number),
            vec![Some(task)].encode(),
        ),
        (
            pallet_preimage::RequestStatusFor::<Runtime>::hashed_key_for(hash),
            wanted.encode(),
        ),
        (
            pallet_preimage::PreimageFor::<Runtime>::hashed_key_for((hash, length)),
            call.encode(),
        ),
    ]
}

fn outcome_key() -> Vec<u8> {
    pallet_attunement::LastOutcome::<Runtime>::hashed_key().to_vec()
}

fn fields_key() -> Vec<u8> {
    pallet_field::Fields::<Runtime>::hashed_key().to_vec()
}

fn attunement_inputs_key() -> Vec<u8> {
    pallet_attunement::Inputs::<Runtime>::hashed_key().to_vec()
}

fn field_inputs_key() -> Vec<u8> {
    pallet_field::Inputs::<Runtime>::hashed_key().to_vec()
}

/// A result that could be, but is not the one of the inputs: Ĉ.
fn wrong_outcome(epoch: u32) -> Vec<u8> {
    let outcome = EpochOutcome {
        epoch,
        validators: 1,
        coherence: WRONG_COHERENCE,
        ..Default::default()
    };
    outcome.encode()
}

/// A density that no shard has.
fn wrong_density(shard: usize) -> u128 {
    ONE / 7 + u128::try_from(shard).expect("a small number")
}

/// Results that could be, but are not those of the inputs: ψ of five shards.
fn wrong_fields(epoch: u32) -> Vec<u8> {
    let record = FieldsRecord {
        epoch,
        densities: PerShard::truncate_from((0..5).map(wrong_density).collect()),
        gradients: PerEdge::truncate_from(vec![0; 5]),
        flows: PerEdge::truncate_from(vec![0; 5]),
        ground_flows: PerShard::truncate_from(vec![0; 5]),
        flux: PerEdge::truncate_from(vec![0; 5]),
        alignment: 0,
    };
    record.encode()
}

/// An input that could be, but is not the one of the results: the one validator made no block at all, and starts from Ψ = 1/2.
fn wrong_validators(epoch: u32) -> Vec<u8> {
    let input = ValidatorInput {
        phases: start(ONE / 2),
        features: [Some(0), None, None, Some(ONE)],
        stake: 50_000 * WHOLE,
        in_grace: false,
    };
    let inputs: OfValidators<_> = OfValidators::truncate_from(vec![(alice(), input)]);
    (epoch, inputs).encode()
}

/// Inputs that could be, but are not those of the results: all five shards alike, so that ψ = 1 everywhere.
fn wrong_shards(epoch: u32) -> Vec<u8> {
    let flx = 1_000_000_000 * WHOLE;
    let shard = ShardInput {
        chr: 2_000_000_000 * WHOLE,
        staked_atr: 30_000 * WHOLE,
        flx,
        dissonance: 0,
    };
    let record = InputsRecord {
        epoch,
        shards: PerShard::truncate_from(vec![shard; 5]),
        flx_before: PerShard::truncate_from(vec![flx; 5]),
        ground_flx: 1_180_339_887 * WHOLE,
        ground_flx_before: 1_180_339_887 * WHOLE,
    };
    record.encode()
}

fn alice() -> AccountId {
    AccountId::from(dev::alice().public_key().0)
}

/// The raw spec of the development chain.
fn development_spec() -> Json {
    let output = Command::new(binary())
        .args(["export-chain-spec", "--chain", "dev", "--raw"])
        .output()
        .expect("the node's binary can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a chain spec is JSON")
}

/// A chain on which one validator, Alice, runs, and what its node is asked.
struct World {
    node: Node,
    rpc: Rpc,
    metrics_port: u16,
    _site: Site,
}

impl World {
    /// Starts a node on the development chain with these entries on top of its genesis state, and waits until it has had the
    /// time to report on two epochs.
    async fn run(folder: &Path, name: &str, spec: &Json, entries: Vec<Entry>) -> Self {
        let file = write_spec(folder, name, spec, entries);
        let file = file.to_str().expect("a path of a temporary folder is text");
        let arguments = ["--alice", "--force-authoring", "--unsafe-force-node-key-generation"];
        let mut site = Site::new(&[["--chain", file].as_slice(), &arguments].concat());
        let metrics_port = site.serve_metrics();
        let (node, rpc) = site.up().await;
        wait::finalised(&rpc, LAST.into(), SECONDS).await;
        Self {
            node,
            rpc,
            metrics_port,
            _site: site,
        }
    }

    /// What stands under a key in the state of the block of this height.
    async fn read<V: Decode>(&self, key: &[u8], height: u32) -> Option<V> {
        let hash = self.rpc.block_hash(height.into()).await.expect("hashes are served");
        let hash = hash.expect("the block is final");
        let bytes = self.rpc.storage(key, Some(&hash)).await.expect("storage is served")?;
        Some(V::decode(&mut bytes.as_slice()).expect("it is what the runtime stores"))
    }

    /// Alice's report on an epoch, as it is on the chain before it is judged.
    async fn report(&self, epoch: u32) -> Option<Report> {
        let key = pallet_sync::Filings::<Runtime>::hashed_key_for(alice());
        match self.read(&key, LAST.min(closing(epoch + 1) - 1)).await? {
            Filing::Reported(report) => Some(report).filter(|report| report.epoch == epoch),
            Filing::Void => panic!("nobody reports twice"),
        }
    }

    /// What the reports on epoch 0 came to.
    async fn judgement(&self) -> Outcome {
        let key = pallet_sync::LastOutcome::<Runtime>::hashed_key();
        let outcome: Outcome = self.read(&key, closing(1)).await.expect("the reports were judged");
        assert_eq!((outcome.epoch, outcome.validators), (0, 1), "{outcome:?}");
        outcome
    }

    /// The Ĉ that the runtime computed: it is kept a second time, in the history, where nothing was written over it.
    async fn computed_coherence(&self, epoch: u32) -> u128 {
        let key = pallet_attunement::Outcomes::<Runtime>::hashed_key_for(epoch);
        let outcome: EpochOutcome = self.read(&key, LAST).await.expect("the epoch is in the history");
        outcome.coherence
    }

    /// The ψ that the runtime computed, from the history as well.
    async fn computed_densities(&self, epoch: u32) -> Vec<u128> {
        let key = pallet_field::Histories::<Runtime>::hashed_key_for(epoch);
        let history: HistoryRecord = self.read(&key, LAST).await.expect("the epoch is in the history");
        history.densities.into_inner()
    }

    /// Whether the chain is said to be in doubt.
    async fn is_in_doubt(&self) -> bool {
        let key = pallet_cir::OpenIncidents::<Runtime>::hashed_key();
        let open: Vec<IncidentRecord<AccountId, BlockNumber>> = self.read(&key, closing(1)).await.unwrap_or_default();
        let in_doubt = (CirCode::ChainHalt, Scope::Chain, IncidentCause::ChainInDoubt);
        open.into_iter().any(|one| (one.code, one.scope, one.cause) == in_doubt)
    }

    /// The epoch and the rest of each line of the log that says that results are not the node's own.
    fn mismatches(&self) -> Vec<(u32, String)> {
        let of_line = |line: &str| {
            let (before, what) =
                line.split_once(": the runtime's results are not what this node computes of the same inputs: ")?;
            let (_, epoch) = before.rsplit_once("epoch ")?;
            Some((epoch.parse().expect("an epoch is a number"), what.to_owned()))
        };
        self.node.log_text().lines().filter_map(of_line).collect()
    }

    /// What is counted: reports sent, mismatches, reports not sent for a fault.
    fn counted(&self) -> (u64, u64, u64) {
        let figures = Figures::read(self.metrics_port);
        let of = |name: &str, label: &str| figures.get(name, label);
        (
            of("qc_reports_sent", "").expect("a validator counts its reports"),
            of("qc_reports_mismatches", "").expect("a validator counts mismatches"),
            of("qc_reports_skipped", "reason=\"fault\"").unwrap_or(0),
        )
    }
}

fn write_spec(folder: &Path, name: &str, spec: &Json, entries: Vec<Entry>) -> PathBuf {
    let mut spec = spec.clone();
    let top = spec["genesis"]["raw"]["top"].as_object_mut();
    let top = top.expect("a raw spec has the genesis state");
    for (key, value) in entries {
        let former = top.insert(hex::encode(&key), hex::encode(&value).into());
        assert_eq!(former, None, "nothing that genesis built is replaced");
    }
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, spec.to_string()).expect("the folder can be written to");
    path
}

/// The densities of `all` shards that a report is about.
fn of_reported(report: &Report, all: &[u128]) -> Vec<(u8, u128)> {
    let pairs = report.densities.pairs().iter();
    pairs.map(|(shard, _)| (*shard, all[usize::from(*shard)])).collect()
}

/// The chain as it is: nothing is noticed, by nobody.
async fn assert_sound(world: &World) {
    for epoch in 0..2 {
        let report = world.report(epoch).await.expect("it reported");
        assert_eq!(report.coherence, world.computed_coherence(epoch).await);
        let densities = of_reported(&report, &world.computed_densities(epoch).await);
        assert_eq!(report.densities.pairs(), densities);
    }
    let judgement = world.judgement().await;
    assert_eq!((judgement.came, judgement.deviating, judgement.breach), (1, 0, None));
    assert_eq!(judgement.consensus, judgement.own);
    assert!(!world.is_in_doubt().await);
    assert_eq!(world.mismatches(), []);
    assert_eq!(world.counted(), (2, 0, 0), "a report on each epoch, and no doubt");
}

/// The runtime's Ĉ and ψ of epoch 0 are patched: the node names each, and reports its own, which are the honest ones. So all
/// of the set agrees on another value than the chain's: nobody is punished, and the chain is in doubt.
async fn assert_results_are_doubted(world: &World) {
    let (report, judgement) = (world.report(0).await.expect("it reported"), world.judgement().await);
    let (coherence, densities) = (world.computed_coherence(0).await, world.computed_densities(0).await);
    assert_eq!(report.coherence, coherence);
    assert_eq!(report.densities.pairs(), of_reported(&report, &densities));
    let told = world.mismatches();
    assert!(told.len() == 1 && told[0].0 == 0, "{told:?}");
    let expected = format!("coherence: {coherence} here, Some({WRONG_COHERENCE}) in the runtime; ");
    assert!(told[0].1.starts_with(&expected), "{told:?}");
    // Also of the shards that this validator does not report on.
    assert!(report.densities.pairs().len() < densities.len());
    for (shard, here) in densities.iter().enumerate() {
        let there = wrong_density(shard);
        let expected = format!("density of shard {shard}: {here} here, {there} in the runtime; ");
        assert!(told[0].1.contains(&expected), "{expected}: {told:?}");
    }
    assert_eq!(
        (judgement.consensus, judgement.own),
        (Some(coherence), Some(WRONG_COHERENCE))
    );
    let breach = (judgement.came, judgement.deviating, judgement.breach);
    assert_eq!(breach, (1, 1, Some(Breach::ChainInDoubt)));
    assert_eq!((judgement.struck, judgement.tampered), (0, 0), "{judgement:?}");
    assert!(world.is_in_doubt().await);
    assert!(world.report(1).await.is_some(), "the next epoch is sound");
    assert_eq!(
        world.counted(),
        (2, 1, 0),
        "a report on each epoch, and a mismatch on one"
    );
}

/// An input of epoch 0 is none: the node says which, and signs nothing about the epoch. Those of epoch 1 could be, but are not
/// those of the results: the node reports what they give, and says that it is not what the runtime has.
async fn assert_inputs_are_doubted(world: &World) {
    assert_eq!(world.report(0).await, None, "there is nothing to report");
    let judgement = world.judgement().await;
    assert_eq!((judgement.came, judgement.consensus), (0, None), "{judgement:?}");
    let log = world.node.log_text();
    let told = "epoch 0: not reported: Attunement::Inputs in the boundary block's state does not decode";
    assert_eq!(log.matches(told).count(), 1, "said once:\n{}", world.node.log_tail());

    let report = world.report(1).await.expect("it reported");
    let (coherence, densities) = (world.computed_coherence(1).await, world.computed_densities(1).await);
    assert_ne!(report.coherence, coherence);
    assert!(
        report.densities.pairs().iter().all(|(_, psi)| *psi == ONE),
        "{report:?}"
    );
    let told = world.mismatches();
    assert!(told.len() == 1 && told[0].0 == 1, "{told:?}");
    let expected = format!(
        "coherence: {} here, Some({coherence}) in the runtime; ",
        report.coherence
    );
    assert!(told[0].1.starts_with(&expected), "{told:?}");
    let expected = format!("density of shard 0: {ONE} here, {} in the runtime; ", densities[0]);
    assert!(told[0].1.contains(&expected), "{told:?}");
    assert_eq!(world.counted(), (1, 1, 1), "a fault, then a report and a mismatch");
}

/// Three chains beside each other: as it is, with patched results, with corrupted inputs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_result_and_a_wrong_input_are_noticed_by_whole_nodes() {
    let _turn = serial().await;
    let spec = development_spec();
    let folder = TempDir::with_prefix("qc-specs-").expect("a temporary folder can be made");
    let results = vec![(outcome_key(), wrong_outcome(0)), (fields_key(), wrong_fields(0))];
    let none = vec![(attunement_inputs_key(), vec![0xff; 3])];
    let others = vec![
        (attunement_inputs_key(), wrong_validators(1)),
        (field_inputs_key(), wrong_shards(1)),
    ];
    let chains = [
        ("sound", vec![]),
        ("results", task_of_root(0, results)),
        ("inputs", [task_of_root(0, none), task_of_root(1, others)].concat()),
    ];
    let runs = chains.map(|(name, entries)| World::run(folder.path(), name, &spec, entries));
    let mut worlds = join_all(runs).await;
    assert_sound(&worlds[0]).await;
    assert_results_are_doubted(&worlds[1]).await;
    assert_inputs_are_doubted(&worlds[2]).await;
    for world in &mut worlds {
        world.node.assert_well();
    }
}
