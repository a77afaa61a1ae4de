//! What came of the validators' reports, as a node shows it.

use codec::{Decode, Encode};
use pallet_sync::types::Outcome;
use qc_bench::{hex, rpc::Rpc};

/// Blocks of an epoch of the development chains.
pub const EPOCH_BLOCKS: u64 = 10;

/// The epoch that a block belongs to.
pub fn epoch_of(height: u64) -> u64 {
    height.saturating_sub(1) / EPOCH_BLOCKS
}

/// The outcomes of the reports on every epoch so far, in the state of the best block. Panics if the node does not answer.
pub async fn all(rpc: &Rpc) -> Vec<Outcome> {
    let arguments = hex::encode(&(0u32, 32u32).encode());
    let answer = rpc
        .call_text("state_call", vec!["SyncApi_history".into(), arguments.into()])
        .await
        .expect("the runtime answers");
    let bytes = hex::decode("SyncApi", &answer).expect("an answer is hexadecimal");
    Vec::decode(&mut bytes.as_slice()).expect("it is what the API says")
}
