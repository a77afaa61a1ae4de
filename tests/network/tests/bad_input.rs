//! A hundred thousand odd inputs over the wire: each is answered, and the chain goes on.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::join_all;
use qc_bench::accounts::FLX;
use qc_bench::chain::{self, address, Chain};
use qc_bench::hex;
use qc_bench::rpc::Rpc;
use qc_network_tests::node::{binary, Site};
use qc_network_tests::odd::{self, Source};
use qc_network_tests::{serial, wait};
use serde_json::Value as Json;
use subxt::dynamic::Value;
use subxt::metadata::Metadata;
use subxt_signer::sr25519::dev;

/// Where all the randomness of this file starts.
const SEED: u64 = 0x1618_0339_8874_9895;
/// Inputs that go into the pool's door.
const TRANSACTIONS: usize = 40_000;
/// Inputs that go into runtime API functions, all together.
const CALLS: usize = 62_000;
/// Inputs for each function at least, however dear it is.
const CALLS_EACH_MIN: usize = 24;
/// Requests in one message.
const BATCH: usize = 50;
/// Connections.
const CONNECTIONS: usize = 3;
/// Longest argument of random bytes.
const RANDOM_BYTES_MAX: usize = 300;
/// Seconds for all of it; a slower run fails.
const SECONDS_MAX: u64 = 420;
/// Runs of the node with a broken chain spec.
const SPEC_RUNS: usize = 40;
/// Seconds that one such run may take.
const SPEC_SECONDS_MAX: u64 = 30;

type Request = (&'static str, Vec<Json>);

/// How an answer begins when a host function panicked, was caught by the executor and became this error.
const HOST_PANIC: &str = "host code panicked while being called by the runtime";

/// What came back.
#[derive(Default)]
struct Answers {
    results: AtomicU64,
    errors: AtomicU64,
    /// Errors that say that a host function panicked (the SDK's do, on a seed that is no text, say): how often each.
    host_panics: Mutex<BTreeMap<String, usize>>,
}

impl Answers {
    fn count(&self, answer: Result<Json, (i32, String)>) {
        let Err((code, message)) = answer else {
            self.results.fetch_add(1, Ordering::Relaxed);
            return;
        };
        assert!(
            code != 0 && !message.is_empty(),
            "an error has a code and a message: {code} {message}"
        );
        self.errors.fetch_add(1, Ordering::Relaxed);
        if let Some(at) = message.find(HOST_PANIC) {
            let what = message[at + HOST_PANIC.len()..].lines().next().unwrap_or_default();
            let caller = message
                .lines()
                .rev()
                .find_map(|line| line.split("qc_runtime.wasm!").nth(1))
                .unwrap_or("?");
            let mut panics = self.host_panics.lock().unwrap_or_else(PoisonError::into_inner);
            *panics.entry(format!("{caller}{what}")).or_default() += 1;
        }
    }
}

/// A runtime API function with what it takes.
struct Function {
    name: String,
    inputs: Vec<u32>,
}

/// Every runtime API function that the metadata names.
fn functions(metadata: &Metadata) -> Vec<Function> {
    let of_trait = |api: subxt::metadata::RuntimeApiMetadata<'_>| {
        let name = api.name().to_owned();
        let function = |method: subxt::metadata::RuntimeApiMethodMetadata<'_>| Function {
            name: format!("{name}_{}", method.name()),
            inputs: method.inputs().map(|input| input.id).collect(),
        };
        api.methods().map(function).collect::<Vec<_>>()
    };
    metadata.runtime_api_traits().flat_map(of_trait).collect()
}

fn arguments(source: &mut Source, metadata: &Metadata, function: &Function) -> Vec<u8> {
    let mut bytes = Vec::new();
    function
        .inputs
        .iter()
        .for_each(|id| odd::value(source, metadata.types(), *id, 0, &mut bytes));
    match source.below(4) {
        0 => source.bytes(RANDOM_BYTES_MAX),
        1 => bytes,
        _ => odd::mutate(source, &bytes),
    }
}

fn state_call(function: &str, arguments: &[u8]) -> Request {
    ("state_call", vec![function.into(), hex::encode(arguments).into()])
}

/// Sends a batch; every one of its requests is answered, by a result or by a typed error.
async fn send(rpc: &Rpc, batch: Vec<Request>, answers: &Answers) {
    let asked = batch.len();
    let got = rpc.batch(batch).await.expect("the node answers the batch");
    assert_eq!(got.len(), asked, "each request has its answer");
    got.into_iter().for_each(|answer| answers.count(answer));
}

/// Sends `count` requests that `make` gives, over one connection, batch by batch.
async fn pour(url: &str, count: usize, answers: &Answers, mut make: impl FnMut() -> Request) {
    let rpc = Rpc::connect(url).await.expect("the node takes a connection");
    for begin in (0..count).step_by(BATCH) {
        let batch = (begin..count.min(begin + BATCH)).map(|_| make()).collect();
        send(&rpc, batch, answers).await;
    }
}

/// Milliseconds that each function takes once, so that dear ones get fewer inputs.
async fn costs(rpc: &Rpc, metadata: &Metadata, all: &[Function], answers: &Answers) -> Vec<f64> {
    let mut source = Source::new(SEED);
    let mut costs = Vec::with_capacity(all.len());
    for function in all {
        let mut bytes = Vec::new();
        function
            .inputs
            .iter()
            .for_each(|id| odd::value(&mut source, metadata.types(), *id, 0, &mut bytes));
        let start = Instant::now();
        send(rpc, vec![state_call(&function.name, &bytes)], answers).await;
        costs.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    costs
}

/// How many inputs each function gets: in inverse proportion to its cost, with a floor.
fn shares(costs: &[f64]) -> Vec<usize> {
    let weights: Vec<f64> = costs.iter().map(|cost| 1.0 / cost.max(1.0)).collect();
    let total: f64 = weights.iter().sum();
    let share = |weight: &f64| (CALLS as f64 * weight / total).ceil() as usize;
    weights
        .iter()
        .map(share)
        .map(|count| count.max(CALLS_EACH_MIN))
        .collect()
}

/// Follows finality while the inputs pour, and fails if it stops for a minute.
async fn watch(url: String, stop: Arc<AtomicBool>) -> (u64, u64) {
    let rpc = Rpc::connect(&url).await.expect("the node takes a connection");
    let (_, first) = wait::finalised(&rpc, 1, 60).await;
    let mut last = first;
    while !stop.load(Ordering::Relaxed) {
        last = wait::finalised(&rpc, last + 1, 60).await.1;
    }
    (first, last)
}

async fn odd_transactions(url: &str, chain: &Chain, answers: &Answers) {
    let bob = dev::bob().public_key().0;
    let transfer = chain.call("Balances", "transfer_keep_alive", vec![address(&bob), Value::u128(FLX)]);
    let transfer = transfer.expect("a call");
    let batch = chain.batch_all(&[transfer.clone(), transfer.clone()]).expect("a call");
    let seeds: Vec<Vec<u8>> = [&transfer, &batch]
        .into_iter()
        .flat_map(|call| {
            let signed = chain.sign(&dev::eve(), call, &chain.plain(0));
            [
                signed,
                chain::general(0, &[0; 4], call),
                chain::general(1, &[0; 36], call),
            ]
        })
        .collect();
    let lanes = (0..CONNECTIONS).map(|lane| {
        let (mut source, seeds) = (Source::new(SEED + lane as u64), &seeds);
        let make = move || {
            let bytes = match source.below(5) {
                0 => source.bytes(RANDOM_BYTES_MAX),
                1 => codec::Encode::encode(&source.bytes(RANDOM_BYTES_MAX)),
                2 => {
                    let seed = codec::Encode::encode(&seeds[source.index(seeds.len())]);
                    odd::mutate(&mut source, &seed)
                }
                _ => {
                    // Behind a right length prefix, so that the mutation reaches the runtime.
                    let seed = &seeds[source.index(seeds.len())];
                    codec::Encode::encode(&odd::mutate(&mut source, seed))
                }
            };
            ("author_submitExtrinsic", vec![hex::encode(&bytes).into()])
        };
        pour(url, TRANSACTIONS / CONNECTIONS + 1, answers, make)
    });
    join_all(lanes).await;
}

async fn odd_calls(url: &str, metadata: &Metadata, all: &[Function], shares: &[usize], answers: &Answers) {
    let lanes = (0..CONNECTIONS).map(|lane| async move {
        let mut source = Source::new(SEED ^ (lane as u64 + 1));
        for (function, share) in all.iter().zip(shares).skip(lane).step_by(CONNECTIONS) {
            let make = || {
                let bytes = arguments(&mut source, metadata, function);
                state_call(&function.name, &bytes)
            };
            pour(url, *share, answers, make).await;
        }
    });
    join_all(lanes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_odd_inputs_are_answered_and_blocks_go_on() {
    let _turn = serial().await;
    let begin = Instant::now();
    let mut site = Site::new(&["--dev", "--rpc-max-response-size", "120"]);
    let (mut node, rpc) = site.up().await;
    let url = node.url().to_owned();
    let chain = Chain::read(&rpc).await.expect("metadata");
    let all = functions(chain.metadata());
    assert!(
        all.iter().any(|function| function.name.starts_with("EconomyApi_")),
        "our own API is among them"
    );
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = tokio::spawn(watch(url.clone(), stop.clone()));

    let answers = Answers::default();
    odd_transactions(&url, &chain, &answers).await;
    println!("transactions: {:.0} s", begin.elapsed().as_secs_f64());
    let costs = costs(&rpc, chain.metadata(), &all, &answers).await;
    let shares = shares(&costs);
    odd_calls(&url, chain.metadata(), &all, &shares, &answers).await;

    for ((function, cost), share) in all.iter().zip(&costs).zip(&shares) {
        println!("{:<60} {cost:>8.1} ms {share:>6} inputs", function.name);
    }
    let panics = answers.host_panics.into_inner().unwrap_or_else(PoisonError::into_inner);
    panics
        .iter()
        .for_each(|(what, count)| println!("answered as a host function's panic: {count} × {what:.150}"));
    let (results, errors) = (answers.results.into_inner(), answers.errors.into_inner());
    println!(
        "{results} results, {errors} typed errors, {:.0} s",
        begin.elapsed().as_secs_f64()
    );
    assert!(results + errors >= 100_000, "{results} + {errors} inputs");
    stop.store(true, Ordering::Relaxed);
    let (first, last) = watcher.await.expect("finality goes on all the while");
    assert!(last > first + 3, "finality went from {first} to {last}");
    wait::finalised_more(&rpc, 2, 60).await;
    node.assert_well_but_for(panics.values().sum());
    assert!(
        begin.elapsed() < Duration::from_secs(SECONDS_MAX),
        "it took {:?}",
        begin.elapsed()
    );
}

/// Runs `qc-node export-chain-spec --chain FILE` with `options`; whether it succeeded, and what it said.
fn export(path: &std::path::Path, options: &[&str]) -> (bool, String) {
    let mut child = Command::new(binary())
        .args(["export-chain-spec", "--chain"])
        .arg(path)
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the node's binary can be started");
    let start = Instant::now();
    while child.try_wait().expect("a child's state can be asked for").is_none() {
        if start.elapsed().as_secs() > SPEC_SECONDS_MAX {
            // Killed by its own handle; its output is read below.
            let _ = child.kill();
            panic!("{} keeps the node busy for {SPEC_SECONDS_MAX} s", path.display());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("a child's output can be read");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// A broken version of a spec: bytes mutated, or a field removed, replaced or emptied.
fn broken(source: &mut Source, spec: &Json, run: usize) -> Vec<u8> {
    let text = spec.to_string().into_bytes();
    let mut changed = spec.clone();
    let fields: Vec<String> = spec
        .as_object()
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default();
    let field = fields[run / 4 % fields.len()].clone();
    match run % 4 {
        0 => text[..source.index(text.len())].to_vec(),
        1 => {
            changed[&field] = Json::from(source.bits());
            changed.to_string().into_bytes()
        }
        2 => {
            changed["genesis"] = [Json::Null, Json::from("0x"), serde_json::json!({"raw": 1})][source.index(3)].clone();
            changed.to_string().into_bytes()
        }
        _ => {
            let at = source.index(2_000.min(text.len()));
            [&text[..at], &source.bytes(40), &text[at..]].concat()
        }
    }
}

/// A broken spec may still be one that a node can read (a changed name, say): then it is exported, which is right as well.
#[tokio::test]
async fn broken_chain_specs_are_typed_errors() {
    let _turn = serial().await;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let good = Command::new(binary())
        .args(["export-chain-spec", "--chain", "dev"])
        .output();
    let good = good.expect("the node's binary can be started");
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    let spec: Json = serde_json::from_slice(&good.stdout).expect("a chain spec is JSON");
    let mut source = Source::new(SEED);
    let (mut refused, mut taken) = (0, 0);
    for run in 0..SPEC_RUNS {
        let path = folder.path().join(format!("spec-{run}.json"));
        std::fs::write(&path, broken(&mut source, &spec, run)).expect("the folder can be written to");
        let (success, said) = export(&path, &["--raw"]);
        assert!(!said.contains("panicked"), "run {run} (seed {SEED:#x}) panics:\n{said}");
        if success {
            taken += 1;
        } else {
            refused += 1;
            assert!(
                said.to_lowercase().contains("error"),
                "run {run} fails without saying why:\n{said}"
            );
        }
        std::fs::remove_file(&path).expect("the folder can be written to");
    }
    println!("{refused} broken specs refused, {taken} still readable");
    assert!(refused >= SPEC_RUNS / 2, "{refused} refused, {taken} taken");
    a_planck_too_much_is_named(folder.path(), spec);
}

/// A genesis is checked too when it is only written out again, and named is what it breaks.
fn a_planck_too_much_is_named(folder: &std::path::Path, mut spec: Json) {
    let first = &mut spec["genesis"]["runtimeGenesis"]["patch"]["balances"]["balances"][0][1];
    let plancks = first.as_u64().expect("a small balance");
    *first = Json::from(plancks + 1);
    let path = folder.join("spec.json");
    std::fs::write(&path, spec.to_string()).expect("the folder can be written to");
    for options in [[].as_slice(), &["--raw"]] {
        let (success, said) = export(&path, options);
        assert!(!success && said.contains("FLX"), "export {options:?}:\n{said}");
        assert!(!said.contains("panicked"), "export {options:?}:\n{said}");
    }
}
