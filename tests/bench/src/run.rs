//! A whole run, from accounts to report.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::accounts::{self, Account, FLX};
use crate::by_key::{self, LoadKey};
use crate::capacity::Capacity;
use crate::chain::Chain;
use crate::kind::Kind;
use crate::observe::Observer;
use crate::report::{self, Report};
use crate::rpc::Rpc;
use crate::send::{self, Plan, Sent};
use crate::sign::{self, Signed};
use crate::Result;

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The node's WebSocket URL, loopback.
    pub url: String,
    /// What to send.
    pub kind: Kind,
    /// How many transactions.
    pub count: usize,
    /// The word under which the accounts are derived.
    pub family: String,
    /// From how many accounts.
    pub accounts: u32,
    /// How many accounts there are to send to, senders included; at least `accounts`.
    pub population: u32,
    /// Whole FLX that each account has at least before the run.
    pub fund: u32,
    /// WebSocket connections.
    pub connections: usize,
    /// Requests that wait for their answer on one connection, at most.
    pub in_flight: usize,
    /// Transactions a second, or 0 for as fast as the node takes them.
    pub rate: u32,
    /// Seconds after which the run is given up.
    pub seconds_max: u64,
    /// Whether to say on stderr what is going on.
    pub talk: bool,
}

/// A chain on which everything is there that the transactions need.
struct Ground {
    rpc: Rpc,
    chain: Chain,
    population: Vec<Account>,
    keys: Vec<LoadKey>,
    keys_registered: usize,
}

impl Options {
    fn say(&self, text: &str) {
        if self.talk {
            eprintln!("qc-load: {text}");
        }
    }

    fn senders(&self) -> usize {
        usize::try_from(self.accounts).unwrap_or(usize::MAX)
    }
}

/// Funds the accounts and, where keys sign, registers them; waits until the chain knows all of it.
pub async fn prepare(options: &Options) -> Result<()> {
    ground(options).await.map(|_| ())
}

async fn ground(options: &Options) -> Result<Ground> {
    let rpc = Rpc::connect(&options.url).await?;
    let chain = Chain::read(&rpc).await?;
    let mut population = accounts::derive_family(&options.family, options.population.max(options.accounts))?;
    let plancks = u128::from(options.fund) * FLX;
    let short = accounts::fund(&rpc, &chain, &mut population, plancks).await?;
    options.say(&format!("{} accounts, {short} of them funded now", population.len()));
    let (mut keys, mut keys_registered) = (Vec::new(), 0);
    if options.kind.is_signed_by_key() {
        keys = by_key::derive(&population, options.senders())?;
        keys_registered = by_key::register(&rpc, &chain, &options.url, &population, &keys).await?;
        accounts::refresh(&rpc, &mut population).await?;
        options.say(&format!(
            "{} keys, {keys_registered} of them registered now",
            keys.len()
        ));
    }
    Ok(Ground {
        rpc,
        chain,
        population,
        keys,
        keys_registered,
    })
}

/// Runs and reports.
pub async fn run(options: &Options) -> Result<Report> {
    let ground = ground(options).await?;
    let signing = Instant::now();
    let (ground, signed) = sign_on_a_thread(ground, options).await?;
    let Ground { rpc, chain, .. } = &ground;
    let signing_seconds = signing.elapsed().as_secs_f64();
    let count = signed.len();
    options.say(&format!(
        "{count} transactions signed in {signing_seconds:.1} s; sending"
    ));
    let sending = Instant::now();
    let (sent, mut observer) = send_and_follow(options, &signed).await?;
    let last = sent.submitted.iter().flatten().max();
    let sending_seconds = last.map_or(0.0, |at| (*at - sending).as_secs_f64());
    observer.finish(chain).await?;
    let rows = report::rows(&observer.blocks);
    let bytes: usize = signed.iter().map(|signed| signed.bytes.len()).sum();
    Ok(Report {
        kind: options.kind.name().into(),
        runtime: format!("{} {}", chain.spec_name, chain.spec_version),
        node: node_name(rpc).await?,
        accounts: options.accounts,
        connections: options.connections,
        keys_registered: ground.keys_registered,
        signed: count,
        transaction_bytes: (count > 0).then(|| bytes as f64 / count as f64),
        capacity: Some(Capacity::of(chain)?),
        signing_seconds,
        accepted: sent.submitted.iter().flatten().count(),
        sending_seconds,
        given_up: sent.given_up,
        finalised: observer.found.load(Ordering::SeqCst),
        succeeded: observer.blocks.iter().map(|block| block.succeeded).sum(),
        throughput: report::rate(&rows),
        sustained: report::sustained(&rows),
        latency_ms: report::latency(&sent, &observer.blocks)?,
        refusals: sent.refusals,
        blocks: rows,
    })
}

async fn sign_on_a_thread(ground: Ground, options: &Options) -> Result<(Ground, Arc<Vec<Signed>>)> {
    let (kind, count, senders) = (options.kind, options.count, options.senders());
    let work = move || {
        let Ground {
            chain,
            population,
            keys,
            ..
        } = &ground;
        let signed = sign::ahead(chain, kind, population, keys, senders, count);
        (ground, signed)
    };
    let done = tokio::task::spawn_blocking(work).await;
    let (ground, signed) = done.map_err(|error| crate::Error::Thread(error.to_string()))?;
    Ok((ground, Arc::new(signed?)))
}

async fn send_and_follow(options: &Options, signed: &Arc<Vec<Signed>>) -> Result<(Sent, Observer)> {
    let deadline = Instant::now() + Duration::from_secs(options.seconds_max);
    let mut observer = Observer::start(&options.url, signed.iter().map(|signed| signed.hash)).await?;
    let (sent_all, stop) = (AtomicBool::new(false), Arc::new(AtomicBool::new(false)));
    let expected = AtomicUsize::new(signed.len());
    let plan = Plan {
        url: options.url.clone(),
        connections: options.connections,
        in_flight: options.in_flight,
        rate: options.rate,
        deadline,
    };
    let sending = async {
        let sent = send::all(&plan, signed, &stop).await;
        if let Ok(sent) = &sent {
            expected.store(sent.submitted.iter().flatten().count(), Ordering::SeqCst);
        }
        sent_all.store(true, Ordering::SeqCst);
        sent
    };
    let following = async {
        let followed = observer.follow(&sent_all, &expected, deadline).await;
        stop.store(true, Ordering::Relaxed);
        followed
    };
    let (sent, followed) = tokio::join!(sending, following);
    followed?;
    Ok((sent?, observer))
}

async fn node_name(rpc: &Rpc) -> Result<String> {
    let name = rpc.call("system_name", vec![]).await?;
    let version = rpc.call("system_version", vec![]).await?;
    let text = |value: &Json| value.as_str().unwrap_or("?").to_owned();
    Ok(format!("{} {}", text(&name), text(&version)))
}
