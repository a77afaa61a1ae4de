//! Verifies the post-quantum signatures of a block on all cores before the block is executed.
//!
//! Executing a block verifies its signatures one after the other. Most of them the node knows already, from its pool: what
//! verified is in the cache of `qc-pqc`. The others are verified here, in parallel, which only fills that cache: executing
//! the block asks for every one of them again, so the outcome cannot depend on anything that happens here.

use crate::metrics::SignatureMetrics;
use qc_pqc::{ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES};
use qc_runtime::{
    signatures::{SignatureApi, SignatureCheck},
    Hash, OpaqueBlock as Block,
};
use rayon::prelude::*;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult, StateAction};
use sp_api::ProvideRuntimeApi;
use sp_runtime::{traits::Header, OpaqueExtrinsic};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

/// The first two bytes of a general transaction (format version 5) with the extensions of version 1, which carries a
/// post-quantum signature. What looks like one and is none costs a question to the runtime and no more.
const GENERAL_VERSION_1: [u8; 2] = [0x45, 0x01];

/// A call that proves that a key is somebody's carries the key and a signature. A transaction that is shorter has no such call.
const PROOF_BYTES_MIN: usize = ML_DSA_87_PUBLIC_KEY_BYTES + ML_DSA_87_SIGNATURE_BYTES;

/// Extrinsics in one question to the runtime: bounds what the question and its answer take to about 2 MB.
const EXTRINSICS_AT_ONCE: usize = 128;

/// A block import that verifies ahead, and then imports as the one inside it does.
pub struct VerifyAhead<I, C, P> {
    inner: I,
    client: Arc<C>,
    is_pooled: P,
    genesis: Hash,
    metrics: Option<SignatureMetrics>,
}

impl<I: Clone, C, P: Clone> Clone for VerifyAhead<I, C, P> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            client: self.client.clone(),
            is_pooled: self.is_pooled.clone(),
            genesis: self.genesis,
            metrics: self.metrics.clone(),
        }
    }
}

/// What was done for a block.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Ahead {
    /// Transactions with a post-quantum signature, or long enough for the proof of a key.
    signed: usize,
    /// Those of them that the pool had: verified when they came.
    pooled: usize,
    /// Signatures that were verified now, and are right.
    verified: usize,
    /// How many threads took part in that.
    threads: usize,
    /// What the questions to the runtime took, which one thread asks.
    asking: Duration,
    /// What the verifications took.
    verifying: Duration,
    /// What the verifications took each, added up: over `verifying`, the number of cores at work.
    busy: Duration,
}

impl Ahead {
    /// Verifies on all threads, and counts.
    fn verify(&mut self, genesis: &[u8; 32], checks: &[SignatureCheck]) {
        let began = Instant::now();
        let done: Vec<_> = checks.par_iter().map(|check| verify_one(genesis, check)).collect();
        self.verifying += began.elapsed();
        self.busy += done.iter().map(|one| one.took).sum::<Duration>();
        self.verified += done.iter().filter(|one| one.is_right).count();
        let threads: BTreeSet<_> = done.iter().map(|one| one.thread).collect();
        self.threads = self.threads.max(threads.len());
    }
}

/// One verification: what came of it, on which of the threads, and how long it took.
struct Verified {
    is_right: bool,
    thread: Option<usize>,
    took: Duration,
}

impl<I, C, P> VerifyAhead<I, C, P>
where
    C: ProvideRuntimeApi<Block>,
    C::Api: SignatureApi<Block>,
    P: Fn(&OpaqueExtrinsic) -> bool,
{
    /// Around `inner`. `is_pooled` says whether the pool has a transaction, and so has verified it.
    pub fn new(inner: I, client: Arc<C>, is_pooled: P, genesis: Hash, metrics: Option<SignatureMetrics>) -> Self {
        Self {
            inner,
            client,
            is_pooled,
            genesis,
            metrics,
        }
    }

    /// Verifies what it can of a block's signatures. Whatever fails here is left to the block's execution.
    fn verify(&self, parent: Hash, body: &[OpaqueExtrinsic]) -> Ahead {
        let signed: Vec<_> = body.iter().filter(|extrinsic| may_be_signed(extrinsic)).collect();
        let unknown: Vec<_> = signed
            .iter()
            .filter(|extrinsic| has_room_for_proof(extrinsic) || !(self.is_pooled)(extrinsic))
            .map(codec::Encode::encode)
            .collect();
        let mut ahead = Ahead {
            signed: signed.len(),
            pooled: signed.len() - unknown.len(),
            ..Ahead::default()
        };
        for extrinsics in unknown.chunks(EXTRINSICS_AT_ONCE) {
            let began = Instant::now();
            let answer = self.client.runtime_api().signature_checks(parent, extrinsics.to_vec());
            ahead.asking += began.elapsed();
            match answer {
                Ok(checks) => ahead.verify(self.genesis.as_fixed_bytes(), &checks),
                Err(error) => {
                    log::debug!(target: "verify-ahead", "no signature is verified ahead on {parent}: {error}");
                    break;
                }
            }
        }
        ahead
    }

    fn note(&self, number: u32, ahead: Ahead, took: Duration) {
        if ahead.signed == 0 {
            return;
        }
        log::debug!(
            target: "verify-ahead",
            "block {number}: {} signatures, {} known from the pool, {} verified ahead on {} of {} threads in {} µs \
             (asking {} µs, verifying {} µs, busy {} µs)",
            ahead.signed, ahead.pooled, ahead.verified, ahead.threads, rayon::current_num_threads(), took.as_micros(),
            ahead.asking.as_micros(), ahead.verifying.as_micros(), ahead.busy.as_micros(),
        );
        if let Some(metrics) = &self.metrics {
            metrics.note(ahead.pooled, ahead.verified, took);
        }
    }
}

fn verify_one(genesis: &[u8; 32], check: &SignatureCheck) -> Verified {
    let began = Instant::now();
    let is_right = qc_pqc::verify(&check.key, check.purpose, genesis, &check.payload, &check.signature);
    Verified {
        is_right,
        thread: rayon::current_thread_index(),
        took: began.elapsed(),
    }
}

/// Whether there may be a post-quantum signature in it, by what costs nothing to look at.
fn may_be_signed(extrinsic: &OpaqueExtrinsic) -> bool {
    let bytes = extrinsic.inner();
    bytes.starts_with(&GENERAL_VERSION_1) || has_room_for_proof(extrinsic)
}

/// Whether a call in it may carry a proof, which the pool does not verify: it looks at who signed, and not at what for.
fn has_room_for_proof(extrinsic: &OpaqueExtrinsic) -> bool {
    extrinsic.inner().len() >= PROOF_BYTES_MIN
}

#[async_trait::async_trait]
impl<I, C, P> BlockImport<Block> for VerifyAhead<I, C, P>
where
    I: BlockImport<Block> + Send + Sync,
    C: ProvideRuntimeApi<Block> + Send + Sync,
    C::Api: SignatureApi<Block>,
    P: Fn(&OpaqueExtrinsic) -> bool + Send + Sync,
{
    type Error = I::Error;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Self::Error> {
        let executes = matches!(
            block.state_action,
            StateAction::Execute | StateAction::ExecuteIfPossible
        );
        let number = *block.header.number();
        let transactions = block.body.as_ref().map_or(0, Vec::len);
        if let (true, Some(body)) = (executes, &block.body) {
            let began = Instant::now();
            let ahead = self.verify(*block.header.parent_hash(), body);
            self.note(number, ahead, began.elapsed());
        }
        let (began, before) = (Instant::now(), qc_pqc::cache::stats());
        let imported = self.inner.import_block(block).await;
        if executes {
            // The pool asks the same cache meanwhile, so these two are no more than a hint where it is at work.
            let after = qc_pqc::cache::stats();
            log::debug!(
                target: "verify-ahead",
                "block {number}: {transactions} transactions imported in {} µs (signatures from the cache {}, verified {})",
                began.elapsed().as_micros(), after.hits.wrapping_sub(before.hits), after.misses.wrapping_sub(before.misses),
            );
        }
        imported
    }
}

#[cfg(test)]
mod tests;
