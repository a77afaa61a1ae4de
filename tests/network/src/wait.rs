//! Waits, each with an end.

use std::time::{Duration, Instant};

use qc_bench::rpc::Rpc;

/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits until the finalised head is at `height` or above; its hash and height. Panics after `seconds`.
pub async fn finalised(rpc: &Rpc, height: u64, seconds: u64) -> ([u8; 32], u64) {
    let start = Instant::now();
    let mut last = String::new();
    while start.elapsed().as_secs() < seconds {
        match rpc.finalised().await {
            Ok((hash, at)) if at >= height => return (hash, at),
            other => last = format!("{other:?}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("block {height} is not finalised after {seconds} s: {last}");
}

/// Waits for `more` further finalised blocks.
pub async fn finalised_more(rpc: &Rpc, more: u64, seconds: u64) -> ([u8; 32], u64) {
    let (_, now) = rpc.finalised().await.expect("the node says what is finalised");
    finalised(rpc, now + more, seconds).await
}

/// Waits until a finalised block holds the transaction; the block's hash and the transaction's position. Panics after `seconds`.
pub async fn included(rpc: &Rpc, transaction: &[u8], from: u64, seconds: u64) -> ([u8; 32], u32) {
    let start = Instant::now();
    let mut next = from;
    while start.elapsed().as_secs() < seconds {
        let (_, head) = rpc.finalised().await.expect("the node says what is finalised");
        while next <= head {
            let hash = rpc
                .block_hash(next)
                .await
                .expect("the node answers")
                .expect("a finalised block has a hash");
            let all = qc_bench::chain::block_transactions(rpc, &hash)
                .await
                .expect("the node gives the block");
            if let Some(at) = all.iter().position(|bytes| bytes == transaction) {
                return (
                    hash,
                    u32::try_from(at).expect("a block holds fewer than 2^32 transactions"),
                );
            }
            next += 1;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("the transaction is in no finalised block after {seconds} s");
}
