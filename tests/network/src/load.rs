//! A load in the background, that keeps on through a node's death.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use qc_bench::accounts::{self, Account, FLX};
use qc_bench::chain::Chain;
use qc_bench::kind::Kind;
use qc_bench::rpc::Rpc;
use subxt_signer::sr25519::Keypair;
use tokio::task::JoinHandle;

/// Transactions that wait for their answer at a time.
const AT_ONCE: usize = 16;
/// Transactions of one load at most.
const TRANSACTIONS_MAX: u64 = 200_000;

/// A load in the background; stops when dropped.
pub struct Load {
    stop: Arc<AtomicBool>,
    accepted: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Load {
    /// Sends FLX transfers, about `rate` a second, from accounts made for it; the node at `url` may come and go.
    pub fn start(url: &str, rate: u32) -> Self {
        let (stop, accepted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let task = tokio::spawn(keep_on(url.to_owned(), rate, stop.clone(), accepted.clone()));
        Self { stop, accepted, task }
    }

    /// How many transactions a pool has accepted.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Waits until `more` further transactions are accepted. Panics after `seconds`.
    pub async fn accepted_more(&self, more: u64, seconds: u64) {
        let target = self.accepted() + more;
        for _ in 0..seconds * 10 {
            if self.accepted() >= target {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!(
            "no {more} further transactions were accepted within {seconds} s ({} so far)",
            self.accepted()
        );
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.task.abort();
    }
}

async fn keep_on(url: String, rate: u32, stop: Arc<AtomicBool>, accepted: Arc<AtomicU64>) {
    let mut sent: u64 = 0;
    while !stop.load(Ordering::Relaxed) && sent < TRANSACTIONS_MAX {
        if let Ok(rpc) = Rpc::connect(&url).await {
            // An error means that the node went away: it is awaited again.
            let _ = send_until_it_breaks(&rpc, rate, &stop, &accepted, &mut sent).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn send_until_it_breaks(
    rpc: &Rpc,
    rate: u32,
    stop: &AtomicBool,
    accepted: &AtomicU64,
    sent: &mut u64,
) -> qc_bench::Result<()> {
    let chain = Chain::read(rpc).await?;
    let mut accounts = accounts::derive(50)?;
    accounts::fund(rpc, &chain, &mut accounts, 100 * FLX).await?;
    let pause = Duration::from_secs_f64(AT_ONCE as f64 / f64::from(rate.max(1)));
    let mut turn = 0;
    while !stop.load(Ordering::Relaxed) && *sent < TRANSACTIONS_MAX {
        for _ in 0..AT_ONCE {
            let to = accounts[(turn + 1) % accounts.len()].id;
            let index = turn % accounts.len();
            submit(rpc, &chain, &mut accounts[index], &to, accepted).await?;
            turn += 1;
            *sent += 1;
        }
        if turn % 4_000 < AT_ONCE {
            accounts::refresh_nonces(rpc, &mut accounts).await?;
        }
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

async fn submit(
    rpc: &Rpc,
    chain: &Chain,
    from: &mut Account,
    to: &[u8; 32],
    accepted: &AtomicU64,
) -> qc_bench::Result<()> {
    let call = Kind::FlxTransfer.call(chain, to)?;
    let bytes = chain.sign(&from.key, &call, &chain.plain(from.nonce));
    match rpc.submit(&bytes).await {
        Ok(_) => {
            from.nonce += 1;
            accepted.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
        // A full pool, or a nonce that another run has used: the next turn will do.
        Err(qc_bench::Error::Refused { data, .. }) => {
            if data.contains("outdated") {
                from.nonce += 1;
            }
            Ok(())
        }
        Err(other) => Err(other),
    }
}

/// A signed transfer of one FLX, for tests that need just one.
pub async fn transfer(rpc: &Rpc, chain: &Chain, from: &Keypair, to: &[u8; 32]) -> qc_bench::Result<Vec<u8>> {
    let (nonce, _) = accounts::read_one(rpc, &from.public_key().0).await?;
    let value = subxt::dynamic::Value::u128(FLX);
    let call = chain.call(
        "Balances",
        "transfer_keep_alive",
        vec![qc_bench::chain::address(to), value],
    )?;
    Ok(chain.sign(from, &call, &chain.plain(nonce)))
}
