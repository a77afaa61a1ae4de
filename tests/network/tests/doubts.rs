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
use pallet_sync::types::{Filing, Outcome};
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

/// The epoch whose values are wrong: the first.
const EPOCH: u32 = 0;
/// Its boundary block. Epochs have ten blocks on the development chain.
const BOUNDARY: u32 = 10;
/// The boundary block of the next epoch, in which the reports on this one are judged.
const JUDGED: u32 = 20;
/// By then the reports on the next epoch are on the chain too: a third of an epoch, and some blocks to get there.
const NEXT_REPORTED: u64 = 25;
/// For all that, and for five nodes to start at once.
const SECONDS: u64 = 150;

/// One, in units of 10⁻¹⁸.
const ONE: u128 = 1_000_000_000_000_000_000;
/// One whole token, plancks.
const WHOLE: u128 = 1_000_000_000_000;
/// The Ĉ that is written over the runtime's.
const WRONG_COHERENCE: u128 = 123_456_789_012_345_678;
/// What the node says of results that are not its own.
const MISMATCH: &str = "epoch 0: the runtime's results are not what this node computes of the same inputs: ";

type Entry = (Vec<u8>, Vec<u8>);

/// The entries of a genesis state that make the chain write over its own state in the boundary block, as Root.
fn task_of_root(items: Vec<Entry>) -> Vec<Entry> {
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
            pallet_scheduler::Agenda::<Runtime>::hashed_key_for(BOUNDARY),
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
fn wrong_outcome() -> Vec<u8> {
    let outcome = EpochOutcome {
        epoch: EPOCH,
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
fn wrong_fields() -> Vec<u8> {
    let record = FieldsRecord {
        epoch: EPOCH,
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
fn wrong_validators() -> Vec<u8> {
    let input = ValidatorInput {
        phases: start(ONE / 2),
        features: [Some(0), None, None, Some(ONE)],
        stake: 50_000 * WHOLE,
        in_grace: false,
    };
    let inputs: OfValidators<_> = OfValidators::truncate_from(vec![(alice(), input)]);
    inputs.encode()
}

/// Inputs that could be, but are not those of the results: all five shards alike, so that ψ = 1 everywhere.
fn wrong_shards() -> Vec<u8> {
    let flx = 1_000_000_000 * WHOLE;
    let shard = ShardInput {
        chr: 2_000_000_000 * WHOLE,
        staked_atr: 30_000 * WHOLE,
        flx,
        dissonance: 0,
    };
    let record = InputsRecord {
        epoch: EPOCH,
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
    /// Starts a node on the development chain with these entries on top of its genesis state, and waits until the reports on
    /// the first epoch are judged and those on the second have come.
    async fn run(folder: &Path, name: &str, spec: &Json, entries: Vec<Entry>) -> Self {
        let file = write_spec(folder, name, spec, entries);
        let file = file.to_str().expect("a path of a temporary folder is text");
        let mut site = Site::new(&["--chain", file, "--alice", "--force-authoring"]);
        let metrics_port = site.serve_metrics();
        let (node, rpc) = site.up().await;
        wait::finalised(&rpc, NEXT_REPORTED, SECONDS).await;
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

    /// Alice's report on the epoch, as it is on the chain just before it is judged.
    async fn report(&self) -> Option<Report> {
        let key = pallet_sync::Filings::<Runtime>::hashed_key_for(alice());
        match self.read(&key, JUDGED - 1).await? {
            Filing::Reported(report) => Some(report),
            Filing::Void => panic!("nobody reports twice"),
        }
    }

    /// What the reports on the epoch came to.
    async fn judgement(&self) -> Outcome {
        let key = pallet_sync::LastOutcome::<Runtime>::hashed_key();
        let outcome: Outcome = self.read(&key, JUDGED).await.expect("the reports were judged");
        assert_eq!((outcome.epoch, outcome.validators), (EPOCH, 1), "{outcome:?}");
        outcome
    }

    /// The Ĉ that the runtime computed: it is kept a second time, in the history, where nothing was written over it.
    async fn computed_coherence(&self) -> u128 {
        let key = pallet_attunement::Outcomes::<Runtime>::hashed_key_for(EPOCH);
        let outcome: EpochOutcome = self.read(&key, JUDGED).await.expect("the epoch is in the history");
        outcome.coherence
    }

    /// The ψ that the runtime computed, from the history as well.
    async fn computed_densities(&self) -> Vec<u128> {
        let key = pallet_field::Histories::<Runtime>::hashed_key_for(EPOCH);
        let history: HistoryRecord = self.read(&key, JUDGED).await.expect("the epoch is in the history");
        history.densities.into_inner()
    }

    /// Whether the chain is said to be in doubt.
    async fn is_in_doubt(&self) -> bool {
        let key = pallet_cir::OpenIncidents::<Runtime>::hashed_key();
        let open: Vec<IncidentRecord<AccountId, BlockNumber>> = self.read(&key, JUDGED).await.unwrap_or_default();
        let in_doubt = (CirCode::ChainHalt, Scope::Chain, IncidentCause::ChainInDoubt);
        open.into_iter().any(|one| (one.code, one.scope, one.cause) == in_doubt)
    }

    /// The lines of the log that say that results are not the node's own: what follows the introduction.
    fn mismatches(&self) -> Vec<String> {
        let log = self.node.log_text();
        let told = log.lines().filter_map(|line| line.split_once(MISMATCH));
        told.map(|(_, what)| what.to_owned()).collect()
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
    let (report, judgement) = (world.report().await.expect("it reported"), world.judgement().await);
    assert_eq!(report.coherence, world.computed_coherence().await);
    let densities = of_reported(&report, &world.computed_densities().await);
    assert_eq!(report.densities.pairs(), densities);
    assert_eq!((judgement.came, judgement.deviating, judgement.breach), (1, 0, None));
    assert_eq!(judgement.consensus, judgement.own);
    assert!(!world.is_in_doubt().await);
    assert_eq!(world.mismatches(), Vec::<String>::new());
    assert_eq!(world.counted(), (2, 0, 0), "a report on each epoch, and no doubt");
}

/// The runtime's Ĉ is patched: the node says so, reports its own, which is the honest one, and the chain is in doubt.
async fn assert_coherence_is_doubted(world: &World) {
    let (report, judgement) = (world.report().await.expect("it reported"), world.judgement().await);
    let honest = world.computed_coherence().await;
    assert_eq!(report.coherence, honest);
    let told = world.mismatches();
    let expected = format!("coherence: {honest} here, Some({WRONG_COHERENCE}) in the runtime; boundary block ");
    assert!(told.len() == 1 && told[0].starts_with(&expected), "{told:?}");
    assert_eq!(
        (judgement.consensus, judgement.own),
        (Some(honest), Some(WRONG_COHERENCE))
    );
    assert_doubted(world, &judgement).await;
}

/// The runtime's ψ are patched: the same of them.
async fn assert_densities_are_doubted(world: &World) {
    let (report, judgement) = (world.report().await.expect("it reported"), world.judgement().await);
    let honest = world.computed_densities().await;
    assert_eq!(report.densities.pairs(), of_reported(&report, &honest));
    let told = world.mismatches();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(!told[0].contains("coherence"), "{told:?}");
    // Also of the shards that this validator does not report on.
    assert!(report.densities.pairs().len() < honest.len());
    for (shard, here) in honest.iter().enumerate() {
        let there = wrong_density(shard);
        let expected = format!("density of shard {shard}: {here} here, {there} in the runtime; ");
        assert!(told[0].contains(&expected), "{expected}: {told:?}");
    }
    assert_eq!(judgement.consensus, judgement.own, "Ĉ is as it was");
    assert_doubted(world, &judgement).await;
}

/// Inputs that are not those of the results: the node computes of what is there, and says that the runtime did not.
async fn assert_inputs_are_doubted(world: &World) {
    let (report, judgement) = (world.report().await.expect("it reported"), world.judgement().await);
    let (coherence, densities) = (world.computed_coherence().await, world.computed_densities().await);
    assert_ne!(report.coherence, coherence);
    assert!(
        report.densities.pairs().iter().all(|(_, psi)| *psi == ONE),
        "{report:?}"
    );
    let told = world.mismatches();
    let expected = format!(
        "coherence: {} here, Some({coherence}) in the runtime; ",
        report.coherence
    );
    assert!(told.len() == 1 && told[0].starts_with(&expected), "{told:?}");
    let expected = format!("density of shard 0: {ONE} here, {} in the runtime; ", densities[0]);
    assert!(told[0].contains(&expected), "{told:?}");
    assert_eq!(
        (judgement.consensus, judgement.own),
        (Some(report.coherence), Some(coherence))
    );
    assert_doubted(world, &judgement).await;
}

/// More than a third of the set (here: all of it) agrees on another value than the chain's: nobody is punished, the chain is in
/// doubt. The node counted one epoch, and the next one is sound.
async fn assert_doubted(world: &World, judgement: &Outcome) {
    assert_eq!(
        (judgement.came, judgement.deviating, judgement.breach),
        (1, 1, Some(Breach::ChainInDoubt))
    );
    assert_eq!((judgement.struck, judgement.tampered), (0, 0), "{judgement:?}");
    assert!(world.is_in_doubt().await);
    assert_eq!(
        world.counted(),
        (2, 1, 0),
        "a report on each epoch, and a mismatch on one"
    );
}

/// An input that is none: the node says which, signs nothing about the epoch, and reports on the next.
async fn assert_fault_is_told(world: &World) {
    assert_eq!(world.report().await, None, "there is nothing to report");
    let judgement = world.judgement().await;
    assert_eq!((judgement.came, judgement.consensus), (0, None), "{judgement:?}");
    let log = world.node.log_text();
    let told = "epoch 0: not reported: Attunement::Inputs in the boundary block's state does not decode";
    assert_eq!(log.matches(told).count(), 1, "said once:\n{}", world.node.log_tail());
    assert!(
        log.contains("epoch 1: reported coherence "),
        "{}",
        world.node.log_tail()
    );
    assert_eq!(world.mismatches(), Vec::<String>::new());
    assert_eq!(world.counted(), (1, 0, 1), "a fault, then a report");
}

/// Five chains beside each other, for a minute: as it is, two results patched, two inputs corrupted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_result_and_a_wrong_input_are_noticed_by_whole_nodes() {
    let _turn = serial().await;
    let spec = development_spec();
    let folder = TempDir::with_prefix("qc-specs-").expect("a temporary folder can be made");
    let chains = [
        ("sound", vec![]),
        ("coherence", vec![(outcome_key(), wrong_outcome())]),
        ("densities", vec![(fields_key(), wrong_fields())]),
        (
            "inputs",
            vec![
                (attunement_inputs_key(), wrong_validators()),
                (field_inputs_key(), wrong_shards()),
            ],
        ),
        ("fault", vec![(attunement_inputs_key(), vec![0xff; 3])]),
    ];
    let runs = chains.map(|(name, items)| {
        let entries = if items.is_empty() { items } else { task_of_root(items) };
        World::run(folder.path(), name, &spec, entries)
    });
    let mut worlds = join_all(runs).await;
    assert_sound(&worlds[0]).await;
    assert_coherence_is_doubted(&worlds[1]).await;
    assert_densities_are_doubted(&worlds[2]).await;
    assert_inputs_are_doubted(&worlds[3]).await;
    assert_fault_is_told(&worlds[4]).await;
    for world in &mut worlds {
        world.node.assert_well();
    }
}
