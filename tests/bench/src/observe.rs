//! What the chain made of the load, read from finalised blocks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonrpsee::core::client::Subscription;
use serde_json::Value as Json;
use subxt::events::Phase;

use crate::capacity::weight_of_normal;
use crate::chain::{block_transactions, hash, Chain};
use crate::rpc::{header_height, Rpc};
use crate::{storage, Error, Result};

/// With nothing newly finalised for so long, the chain has stopped.
const STALL_SECONDS_MAX: u64 = 60;
/// Loaded blocks of one run at most (state of older ones is pruned by default anyway).
const BLOCKS_MAX: usize = 250;

/// A finalised block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// When this program learnt of its finality.
    pub seen: Instant,
    /// The block's own time, in ms since 1970; read after the run.
    pub time_ms: u64,
    /// All its transactions, inherents included.
    pub transactions: usize,
    /// The bytes of all its transactions.
    pub bytes: usize,
    /// What its ordinary transactions weigh, picoseconds; read after the run.
    pub weight_ps: u64,
    /// Ours in it: index among the sent ones, position in the block.
    pub ours: Vec<(usize, u32)>,
    /// How many of ours succeeded; read after the run.
    pub succeeded: usize,
}

/// Follows finality and looks for our transactions.
pub struct Observer {
    rpc: Rpc,
    heads: Subscription<Json>,
    indices: HashMap<[u8; 32], usize>,
    next_height: u64,
    /// Finalised blocks since the start, in order.
    pub blocks: Vec<Block>,
    /// How many of ours are in them.
    pub found: Arc<AtomicUsize>,
}

impl Observer {
    /// Begins with the block after the finalised head.
    pub async fn start(url: &str, hashes: impl Iterator<Item = [u8; 32]>) -> Result<Self> {
        let rpc = Rpc::connect(url).await?;
        let next_height = rpc.finalised().await?.1 + 1;
        let heads = rpc
            .subscribe(
                "chain_subscribeFinalizedHeads",
                vec![],
                "chain_unsubscribeFinalizedHeads",
            )
            .await?;
        let indices = hashes.enumerate().map(|(index, hash)| (hash, index)).collect();
        Ok(Self {
            rpc,
            heads,
            indices,
            next_height,
            blocks: Vec::new(),
            found: Arc::default(),
        })
    }

    /// Follows until `sent_all` is set and `expected` of ours are finalised, or nothing moves any more.
    pub async fn follow(&mut self, sent_all: &AtomicBool, expected: &AtomicUsize, deadline: Instant) -> Result<()> {
        let mut last_found = Instant::now();
        while self.blocks.len() < BLOCKS_MAX && Instant::now() < deadline {
            let stall = Duration::from_secs(STALL_SECONDS_MAX);
            let stalled = || Error::TimedOut {
                what: "finality".into(),
                seconds: STALL_SECONDS_MAX,
            };
            let head = tokio::time::timeout(stall, self.heads.next())
                .await
                .map_err(|_| stalled())?;
            let seen = Instant::now();
            let head = head.ok_or_else(|| Error::Connection("the node ended the subscription".into()))?;
            let head = head.map_err(|error| Error::Connection(error.to_string()))?;
            if self.take_up_to(header_height(&head)?, seen).await? > 0 {
                last_found = seen;
            }
            let done = sent_all.load(Ordering::SeqCst);
            let all_found = self.found.load(Ordering::SeqCst) >= expected.load(Ordering::SeqCst);
            if done && (all_found || last_found.elapsed() > stall) {
                break;
            }
        }
        Ok(())
    }

    async fn take_up_to(&mut self, height: u64, seen: Instant) -> Result<usize> {
        let mut found = 0;
        while self.next_height <= height {
            let missing = || Error::Answer {
                method: "chain_getBlockHash".into(),
                detail: "no such block".into(),
            };
            let block_hash = self.rpc.block_hash(self.next_height).await?.ok_or_else(missing)?;
            let transactions = block_transactions(&self.rpc, &block_hash).await?;
            let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let ours: Vec<_> = transactions
                .iter()
                .enumerate()
                .filter_map(|(at, bytes)| Some((*self.indices.get(&hash(bytes))?, position(at))))
                .collect();
            found += ours.len();
            self.blocks.push(Block {
                height: self.next_height,
                hash: block_hash,
                seen,
                time_ms: 0,
                transactions: transactions.len(),
                bytes: transactions.iter().map(Vec::len).sum(),
                weight_ps: 0,
                ours,
                succeeded: 0,
            });
            self.next_height += 1;
        }
        self.found.fetch_add(found, Ordering::SeqCst);
        Ok(found)
    }

    /// Reads each block's time and weight, and from its events which of ours succeeded.
    pub async fn finish(&mut self, chain: &Chain) -> Result<()> {
        let now_key = storage::item("Timestamp", "Now");
        let weight_key = storage::item("System", "BlockWeight");
        let events_key = storage::item("System", "Events");
        for block in &mut self.blocks {
            let odd = |detail: &str| Error::Answer {
                method: "state_getStorage".into(),
                detail: detail.into(),
            };
            let now = self
                .rpc
                .storage(&now_key, Some(&block.hash))
                .await?
                .ok_or_else(|| odd("no Timestamp.Now"))?;
            block.time_ms = u64::from_le_bytes(now.try_into().map_err(|_| odd("Timestamp.Now is not a u64"))?);
            let weight = self.rpc.storage(&weight_key, Some(&block.hash)).await?;
            block.weight_ps = weight.as_deref().and_then(weight_of_normal).unwrap_or(0);
            if block.ours.is_empty() {
                continue;
            }
            let events = self
                .rpc
                .storage(&events_key, Some(&block.hash))
                .await?
                .ok_or_else(|| odd("no events"))?;
            block.succeeded = count_successes(chain, events, &block.ours)?;
        }
        Ok(())
    }
}

fn count_successes(chain: &Chain, events: Vec<u8>, ours: &[(usize, u32)]) -> Result<usize> {
    let positions: std::collections::HashSet<u32> = ours.iter().map(|(_, position)| *position).collect();
    let mut succeeded = 0;
    for event in chain.offline().events().from_bytes(events).iter() {
        let event = event.map_err(|error| Error::Metadata(error.to_string()))?;
        let Phase::ApplyExtrinsic(position) = event.phase() else {
            continue;
        };
        if event.pallet_name() == "System" && event.event_name() == "ExtrinsicSuccess" && positions.contains(&position)
        {
            succeeded += 1;
        }
    }
    Ok(succeeded)
}
