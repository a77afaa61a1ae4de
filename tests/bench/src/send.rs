//! Sending over several connections, with patience when the pool is full.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::{stream, StreamExt};

use crate::rpc::Rpc;
use crate::sign::Signed;
use crate::{Error, Result};

/// `author_submitExtrinsic`'s code for a full pool: worth another try.
const POOL_FULL: i32 = 1016;
/// How long to wait before another try.
const PAUSE: Duration = Duration::from_millis(250);
/// Tries for one transaction at most.
const TRIES_MAX: u32 = 240;

/// How to send.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where to.
    pub url: String,
    /// WebSocket connections.
    pub connections: usize,
    /// Requests that wait for their answer on one connection, at most.
    pub in_flight: usize,
    /// Transactions a second over all connections; 0 means as fast as the node takes them.
    pub rate: u32,
    /// When to stop trying.
    pub deadline: Instant,
}

/// What became of the sending.
#[derive(Debug, Default)]
pub struct Sent {
    /// When each transaction was accepted into the pool: the moment its successful request was made, by index.
    pub submitted: Vec<Option<Instant>>,
    /// Refusals by kind, tries that succeeded later included.
    pub refusals: BTreeMap<String, u64>,
    /// Transactions that were never accepted.
    pub given_up: u64,
}

/// Sends them all, and comes back when each is accepted or given up, or when `stop` is set.
pub async fn all(plan: &Plan, transactions: &Arc<Vec<Signed>>, stop: &Arc<AtomicBool>) -> Result<Sent> {
    let sent = Arc::new(Mutex::new(Sent {
        submitted: vec![None; transactions.len()],
        ..Sent::default()
    }));
    let begin = Instant::now();
    let mut workers = Vec::with_capacity(plan.connections);
    for number in 0..plan.connections.max(1) {
        let rpc = Arc::new(Rpc::connect(&plan.url).await?);
        let worker = worker(
            rpc,
            plan.clone(),
            number,
            begin,
            transactions.clone(),
            sent.clone(),
            stop.clone(),
        );
        workers.push(tokio::spawn(worker));
    }
    for worker in workers {
        worker.await.map_err(|error| Error::Thread(error.to_string()))?;
    }
    let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *sent))
}

async fn worker(
    rpc: Arc<Rpc>,
    plan: Plan,
    number: usize,
    begin: Instant,
    transactions: Arc<Vec<Signed>>,
    sent: Arc<Mutex<Sent>>,
    stop: Arc<AtomicBool>,
) {
    let mine = (number..transactions.len()).step_by(plan.connections.max(1));
    stream::iter(mine)
        .for_each_concurrent(plan.in_flight.max(1), |index| {
            let (rpc, plan, transactions, sent, stop) = (&rpc, &plan, &transactions, &sent, &stop);
            async move {
                wait_for_turn(plan.rate, index, begin).await;
                one(rpc, plan, index, &transactions[index], sent, stop).await;
            }
        })
        .await;
}

async fn wait_for_turn(rate: u32, index: usize, begin: Instant) {
    if rate > 0 {
        let micros = (index as u64).saturating_mul(1_000_000) / u64::from(rate);
        tokio::time::sleep_until((begin + Duration::from_micros(micros)).into()).await;
    }
}

async fn one(rpc: &Rpc, plan: &Plan, index: usize, transaction: &Signed, sent: &Mutex<Sent>, stop: &AtomicBool) {
    for _ in 0..TRIES_MAX {
        if stop.load(Ordering::Relaxed) || Instant::now() > plan.deadline {
            break;
        }
        let asked = Instant::now();
        let answer = rpc.submit(&transaction.bytes).await;
        match record(sent, index, asked, answer) {
            Next::Done => return,
            Next::TryAgain => tokio::time::sleep(PAUSE).await,
            Next::GiveUp => break,
        }
    }
    sent.lock().unwrap_or_else(PoisonError::into_inner).given_up += 1;
}

enum Next {
    Done,
    TryAgain,
    GiveUp,
}

fn record(sent: &Mutex<Sent>, index: usize, asked: Instant, answer: Result<[u8; 32]>) -> Next {
    let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
    let Err(error) = answer else {
        sent.submitted[index] = Some(asked);
        return Next::Done;
    };
    *sent.refusals.entry(refusal_kind(&error)).or_default() += 1;
    if matches!(error, Error::Refused { code: POOL_FULL, .. }) {
        Next::TryAgain
    } else {
        Next::GiveUp
    }
}

fn refusal_kind(error: &Error) -> String {
    match error {
        Error::Refused {
            code, message, data, ..
        } if data.is_empty() => format!("{code} {message}"),
        Error::Refused { code, data, .. } => format!("{code} {}", data.trim_matches('"')),
        Error::Connection(_) => "connection lost".into(),
        _ => "odd answer".into(),
    }
}
