//! Verifies the post-quantum signatures of a block on all cores before the block is executed.
//!
//! Executing a block verifies its signatures one after the other. Most of them the node knows already, from its pool: what
//! verified is in the cache of `qc-pqc`. The others are verified here, in parallel, which only fills that cache: executing
//! the block asks for every one of them again, so the outcome cannot depend on anything that happens here.

use crate::metrics::SignatureMetrics;
use qc_pqc::Purpose;
use qc_runtime::{
    signatures::{SignatureApi, SignatureCheck},
    Hash, OpaqueBlock as Block,
};
use rayon::prelude::*;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult, StateAction};
use sp_api::ProvideRuntimeApi;
use sp_runtime::{traits::Header, OpaqueExtrinsic};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The first two bytes of a general transaction (format version 5) with the extensions of version 1: the only ones that
/// carry a post-quantum signature. What looks like one and is none costs a question to the runtime and no more.
const GENERAL_VERSION_1: [u8; 2] = [0x45, 0x01];

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
    /// Transactions with a post-quantum signature.
    signed: usize,
    /// Those of them that the pool had: verified when they came.
    pooled: usize,
    /// Those that were verified now.
    verified: usize,
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
        let signed: Vec<_> = body.iter().filter(|extrinsic| is_version_1(extrinsic)).collect();
        let unknown: Vec<_> = signed
            .iter()
            .filter(|extrinsic| !(self.is_pooled)(extrinsic))
            .map(codec::Encode::encode)
            .collect();
        let mut ahead = Ahead {
            signed: signed.len(),
            pooled: signed.len() - unknown.len(),
            verified: 0,
        };
        for extrinsics in unknown.chunks(EXTRINSICS_AT_ONCE) {
            match self.client.runtime_api().signature_checks(parent, extrinsics.to_vec()) {
                Ok(checks) => {
                    let genesis = self.genesis.as_fixed_bytes();
                    ahead.verified += checks.par_iter().filter(|check| verify_one(genesis, check)).count();
                }
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
            "block {number}: {} signatures, {} known from the pool, {} verified ahead on {} threads in {} µs",
            ahead.signed, ahead.pooled, ahead.verified, rayon::current_num_threads(), took.as_micros(),
        );
        if let Some(metrics) = &self.metrics {
            metrics.note(ahead.pooled, ahead.verified, took);
        }
    }
}

fn verify_one(genesis: &[u8; 32], check: &SignatureCheck) -> bool {
    qc_pqc::verify(
        &check.key,
        Purpose::Transaction,
        genesis,
        &check.payload,
        &check.signature,
    )
}

fn is_version_1(extrinsic: &OpaqueExtrinsic) -> bool {
    extrinsic.inner().get(..GENERAL_VERSION_1.len()) == Some(&GENERAL_VERSION_1[..])
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
        if let (true, Some(body)) = (executes, &block.body) {
            let began = Instant::now();
            let ahead = self.verify(*block.header.parent_hash(), body);
            self.note(number, ahead, began.elapsed());
        }
        let began = Instant::now();
        let imported = self.inner.import_block(block).await;
        if executes {
            log::debug!(target: "verify-ahead", "block {number}: imported in {} µs", began.elapsed().as_micros());
        }
        imported
    }
}
