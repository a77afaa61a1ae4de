//! `qc tx`.

mod file;
mod prepare;
mod sign;
mod submit;

use super::Context;
use crate::cli::{Step, Tx};
use crate::client::Chain;
use crate::errors::{Error, Result};
use crate::extrinsic::hash;
use crate::output::{amount_json, amount_text};
use crate::progress::Included;
use qc_types::TokenId;
use serde_json::json;
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// Looks for a transaction, or makes one in steps.
pub async fn run(context: &Context, command: Tx) -> Result<()> {
    if let (Some(hash), Some(_)) = (&command.hash, &command.step) {
        return Err(Error::usage(
            "usage",
            format!("{hash:?} is in the way: a step of a transaction takes no hash before it"),
            "see qc tx --help",
        ));
    }
    match command.step {
        None => find(context, command.hash.as_deref().unwrap_or_default(), command.blocks).await,
        Some(Step::Prepare(command)) => prepare::run(context, command).await,
        Some(Step::Sign(command)) => sign::run(context, command),
        Some(Step::Submit(command)) => submit::run(context, command).await,
    }
}

/// Looks for a transaction in the latest blocks, newest first, then in the node's pool.
async fn find(context: &Context, hash: &str, blocks: u64) -> Result<()> {
    let wanted = read_hash(hash)?;
    let chain = context.chain().await?;
    let progress = context.output.progress();
    let finalised = chain.node.header(chain.node.finalised_head().await?).await?.number;
    let mut at = chain.node.best_head().await?;
    let best = chain.node.header(at).await?.number;
    for read in 0..blocks {
        progress.waiting(&format!("reading block {}", best.saturating_sub(read)));
        let header = chain.node.header(at).await?;
        if let Some(included) = chain.find_in_block(wanted, at, TokenId::Flx).await? {
            drop(progress);
            return found(context, wanted, &included, header.number <= finalised);
        }
        if header.number == 0 {
            break;
        }
        at = header.parent_hash;
    }
    drop(progress);
    if waits(&chain, wanted).await? {
        let machine = json!({ "transaction": format!("{wanted:?}"), "status": "pool" });
        return context.output.result("it waits in the node's pool", &machine);
    }
    Err(Error::usage(
        "transaction_not_found",
        format!(
            "{wanted:?} is neither in the node's pool nor in the last {blocks} blocks up to {best}"
        ),
        "look further back with --blocks, or ask another node; nodes do not list a transaction that waits for one with a \
         smaller nonce; one that has expired will never be included",
    ))
}

/// Reads a transaction's hash.
fn read_hash(text: &str) -> Result<H256> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes).map_err(|_| {
        Error::usage(
            "bad_hash",
            format!("{text:?} is not a transaction's hash"),
            "give 0x and 64 hexadecimal digits",
        )
    })?;
    Ok(H256(bytes))
}

/// Whether the node's pool holds the transaction.
async fn waits(chain: &Chain, wanted: H256) -> Result<bool> {
    let pending: Vec<String> = chain.node.request("author_pendingExtrinsics", rpc_params![]).await?;
    let bytes = |text: &String| text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    Ok(pending.iter().filter_map(bytes).any(|bytes| hash(&bytes) == wanted))
}

/// Says what became of it.
fn found(context: &Context, wanted: H256, included: &Included, finalised: bool) -> Result<()> {
    let status = if finalised { "finalised" } else { "in-block" };
    let outcome = included
        .failure
        .as_ref()
        .map_or("succeeded".into(), |failure| format!("failed: {}", failure.name));
    let fee = included
        .fee
        .map_or("unknown".into(), |fee| amount_text(fee, TokenId::Flx));
    let settled = if finalised { "final" } else { "not final yet" };
    let machine = json!({
        "transaction": format!("{wanted:?}"),
        "status": status,
        "succeeded": included.failure.is_none(),
        "error": included.failure.as_ref().map(|failure| failure.name.clone()),
        "block": { "number": included.number, "hash": format!("{:?}", included.block), "index": included.index },
        "fee": included.fee.map(amount_json),
    });
    context.output.result(
        &format!("{outcome} in block {} ({settled}), fee {fee}", included.number),
        &machine,
    )
}
