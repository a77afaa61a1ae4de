//! `check-block`: executes a block of the database again.
//!
//! The SDK's command of this name hands the block to the import queue, which finds that it is in the chain already and looks no
//! further (`sc-service` 0.62, `Client::check_block`). This one executes it on the state before it: the runtime then refuses
//! whatever does not come to the header's state root, extrinsics root and digest.

use crate::service::FullClient;
use qc_runtime::{Hash, OpaqueBlock as Block};
use sc_client_api::{BlockBackend, HeaderBackend};
use sp_api::{ApiExt, CallContext, Core, ProvideRuntimeApi};
use sp_consensus::BlockStatus;
use sp_runtime::{
    generic::{BlockId, DigestItem, SignedBlock},
    traits::{Block as _, Header as _},
};

/// Why a block was not executed, or what its execution shows.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is not in the database.
    #[error("Unknown block: this database has no block {0}")]
    Unknown(String),
    /// Its header is there, and no more.
    #[error(
        "the transactions of block {0} are not in this database any more: --blocks-pruning says how many are kept"
    )]
    BodyPruned(Hash),
    /// Nothing comes before it.
    #[error("block 0 is made, not executed: `qc genesis verify` checks it")]
    Genesis,
    /// There is nothing to execute it on.
    #[error("the state before block {0} is not in this database any more: --state-pruning says how many are kept")]
    StatePruned(u32),
    /// It is not what its header says.
    #[error("block {number} ({hash}) does not come to what its header says: {reason}")]
    Differs {
        /// Its number.
        number: u32,
        /// Its hash.
        hash: Hash,
        /// What the runtime, or the executor, refuses.
        reason: sp_api::ApiError,
    },
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] sp_blockchain::Error),
}

/// Executes a block on the state before it; what there is to say of it.
pub fn check(client: &FullClient, id: BlockId<Block>) -> Result<String, CheckError> {
    let unknown = || {
        CheckError::Unknown(match id {
            BlockId::Number(number) => number.to_string(),
            BlockId::Hash(hash) => format!("{hash:?}"),
        })
    };
    let hash = client.block_hash_from_id(&id)?.ok_or_else(unknown)?;
    client.header(hash)?.ok_or_else(unknown)?;
    let SignedBlock { block, .. } = client.block(hash)?.ok_or(CheckError::BodyPruned(hash))?;
    let (mut header, transactions) = block.deconstruct();
    let (number, parent, state_root) = (*header.number(), *header.parent_hash(), *header.state_root());
    if number == 0 {
        return Err(CheckError::Genesis);
    }
    if client.block_status(parent)? != BlockStatus::InChainWithState {
        return Err(CheckError::StatePruned(number));
    }
    // The author seals the block that was executed, so the seal is no part of it.
    if let Some(DigestItem::Seal(..)) = header.digest().logs().last() {
        header.digest_mut().pop();
    }
    let count = transactions.len();
    let mut runtime = client.runtime_api();
    runtime.set_call_context(CallContext::Onchain { import: true });
    runtime
        .execute_block(parent, Block::new(header, transactions).into())
        .map_err(|reason| CheckError::Differs { number, hash, reason })?;
    Ok(format!(
        "Block {number} ({hash:?}), extrinsics: {count}, was executed again, to the state root {state_root:?} of its header."
    ))
}
