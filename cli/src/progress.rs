//! Sending a transaction and following it until it is as settled as was asked for.

use crate::cli::Wait;
use crate::client::{Chain, NodeError, Subscription};
use crate::errors::{Error, Result};
use crate::extrinsic::{hash, Mortality, Signed};
use crate::output::{Output, Progress};
use crate::refusal::Refusal;
use qc_types::{Balance, TokenId};
use serde::Deserialize;
use std::time::Duration;
use subxt::config::substrate::H256;
use subxt::error::DispatchError;
use subxt::events::Phase;
use subxt::ext::scale_decode::DecodeAsType;
use subxt::rpcs::client::rpc_params;

/// What a node tells of a transaction that it was given.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Status {
    Future,
    Ready,
    Broadcast(Vec<String>),
    InBlock(H256),
    Retracted(H256),
    FinalityTimeout(H256),
    Finalized(H256),
    Usurped(H256),
    Dropped,
    Invalid,
}

/// What became of a transaction in a block.
#[derive(Clone, Debug)]
pub struct Included {
    /// The block's hash.
    pub block: H256,
    /// The block's number.
    pub number: u64,
    /// Its place in the block.
    pub index: u32,
    /// The fee that was paid, without the tip, if the chain says so.
    pub fee: Option<Balance>,
    /// Why the call failed, if it did.
    pub failure: Option<Refusal>,
}

/// The end of following a transaction.
#[derive(Clone, Debug)]
pub enum Settled {
    /// The node took it; nothing more was asked for.
    Sent,
    /// In a block that may still be replaced.
    InBlock(Included),
    /// In a block that is final.
    Finalised(Included),
}

/// Follows one transaction.
pub struct Follower<'a> {
    /// The chain.
    pub chain: &'a Chain,
    /// The transaction.
    pub signed: &'a Signed,
    /// Whether a post-quantum key signed it, for the explanation of refusals.
    pub by_key: bool,
    /// What moves, for the explanation of failures.
    pub token: TokenId,
    /// When it expires.
    pub mortality: Option<Mortality>,
    /// How settled is settled enough.
    pub wait: Wait,
    /// How long to wait at most.
    pub patience: Duration,
}

impl Follower<'_> {
    /// Sends the transaction and waits. Once it is sent, no error hides that: see [`Error::OutcomeUnknown`].
    pub async fn send(&self, output: &Output) -> Result<Settled> {
        let progress = output.progress();
        let settled = tokio::select! {
            settled = tokio::time::timeout(self.patience, self.send_and_follow(&progress)) => settled,
            _ = tokio::signal::ctrl_c() => return Err(self.unknown("interrupted")),
        };
        settled.unwrap_or_else(|_| Err(self.unknown(format!("not settled within {} s", self.patience.as_secs()))))
    }

    /// Gives the transaction to the node and listens for as long as was asked for.
    async fn send_and_follow(&self, progress: &Progress) -> Result<Settled> {
        let params = rpc_params![format!("0x{}", hex::encode(&self.signed.bytes))];
        progress.waiting("sending");
        if self.wait == Wait::None {
            let sent: Result<H256, _> = self.chain.node.request("author_submitExtrinsic", params).await;
            return sent.map(|_| Settled::Sent).map_err(|error| self.not_taken(error));
        }
        const METHOD: &str = "author_submitAndWatchExtrinsic";
        let statuses = self
            .chain
            .node
            .subscribe(METHOD, params, "author_unwatchExtrinsic")
            .await;
        let statuses = statuses.map_err(|error| self.not_taken(error))?;
        progress.step(&format!("sent        {}", self.id()));
        progress.waiting("waiting for a block");
        self.follow(statuses, progress).await
    }

    /// Listens until the transaction is settled.
    async fn follow(&self, mut statuses: Subscription<Status>, progress: &Progress) -> Result<Settled> {
        loop {
            match statuses.next().await.map_err(|error| self.unknown(error))? {
                Status::Ready => progress.step("validated   it waits in the node's pool"),
                Status::Future => progress.step("waiting     for a transaction with a smaller nonce"),
                Status::Broadcast(peers) => progress.step(&format!("broadcast   to {} peers", peers.len())),
                Status::InBlock(block) => {
                    let included = self.included(block).await?;
                    let outcome = included.failure.as_ref().map_or("succeeded", |_| "failed");
                    progress.step(&format!("in block    {} {block:?}: {outcome}", included.number));
                    progress.waiting("waiting for finality");
                    if self.wait == Wait::InBlock {
                        return Ok(Settled::InBlock(included));
                    }
                }
                Status::Retracted(block) => {
                    progress.step(&format!(
                        "retracted   block {block:?} was replaced; waiting for another"
                    ));
                    progress.waiting("waiting for a block");
                }
                Status::Finalized(block) => {
                    let included = self.included(block).await?;
                    progress.step(&format!("finalised   block {} {block:?}", included.number));
                    return Ok(Settled::Finalised(included));
                }
                Status::FinalityTimeout(block) => {
                    return Err(self.unknown(format!("block {block:?} holds it and is not finalised for long")))
                }
                Status::Usurped(by) => {
                    return Err(self.refused(
                        "usurped",
                        "Usurped",
                        format!("transaction {by:?} with the same nonce took its place"),
                        "check with qc tx what became of it: only one of the two is carried out",
                    ))
                }
                Status::Dropped => return Err(self.unknown("the node dropped it from its full pool")),
                Status::Invalid => return Err(self.refused(
                    "invalid_transaction",
                    "Invalid",
                    "it was valid when it was sent and is not any more: it expired, or its nonce or fee was used up",
                    "look at qc balance, then run the command again",
                )),
            }
        }
    }

    /// Finds the transaction in a block that the node named.
    async fn included(&self, block: H256) -> Result<Included> {
        let found = self.chain.find_in_block(self.signed.hash, block, self.token).await;
        match found {
            Ok(Some(included)) => Ok(included),
            Ok(None) => Err(self.unknown(format!("the node says that block {block:?} holds it, but it does not"))),
            Err(error) => Err(self.unknown(error)),
        }
    }

    /// The node did not take it, or we do not know whether it did.
    fn not_taken(&self, error: NodeError) -> Error {
        match error {
            NodeError::Rpc { code, ref message, .. } => match Refusal::from_pool(code, message, self.by_key) {
                Some(refusal) => Error::Refused(Box::new(Refusal {
                    transaction: Some(self.id()),
                    ..refusal
                })),
                None => error.into(),
            },
            NodeError::Timeout { .. } | NodeError::Lost { .. } | NodeError::Nonsense { .. } => self.unknown(error),
            error => error.into(),
        }
    }

    /// It was sent, and then we lost sight of it.
    fn unknown(&self, why: impl ToString) -> Error {
        Error::OutcomeUnknown {
            message: why.to_string(),
            transaction: self.id(),
            valid_until: self.mortality.map(|mortality| mortality.last_block()),
        }
    }

    /// The node says that it will not be included.
    fn refused(&self, code: &'static str, name: &str, docs: impl Into<String>, hint: &str) -> Error {
        Error::Refused(Box::new(Refusal {
            code,
            name: name.into(),
            docs: docs.into(),
            hint: Some(hint.into()),
            transaction: Some(self.id()),
            block: None,
        }))
    }

    /// The transaction's hash as text.
    fn id(&self) -> String {
        format!("{:?}", self.signed.hash)
    }
}

/// A block as far as we look at it.
#[derive(Deserialize)]
struct SignedBlock {
    block: Block,
}

/// The inside of [`SignedBlock`].
#[derive(Deserialize)]
struct Block {
    header: crate::client::Header,
    extrinsics: Vec<Extrinsic>,
}

/// An extrinsic as nodes write it down: in hexadecimal, or, where the node knows its type, as a list of numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Extrinsic {
    Hexadecimal(String),
    Bytes(Vec<u8>),
}

impl Extrinsic {
    /// Its hash; `None` if it is not even hexadecimal.
    fn hash(&self) -> Option<H256> {
        match self {
            Self::Hexadecimal(text) => hex::decode(text.strip_prefix("0x")?).ok().map(|bytes| hash(&bytes)),
            Self::Bytes(bytes) => Some(hash(bytes)),
        }
    }
}

/// What `TransactionPayment` tells of a fee.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct FeePaid {
    actual_fee: Balance,
    tip: Balance,
}

impl Chain {
    /// Looks for a transaction in a block, and at what became of it there.
    pub async fn find_in_block(
        &self,
        transaction: H256,
        block: H256,
        token: TokenId,
    ) -> Result<Option<Included>, NodeError> {
        let found: Option<SignedBlock> = self.node.request("chain_getBlock", rpc_params![block]).await?;
        let Some(SignedBlock { block: found }) = found else {
            return Err(NodeError::nonsense(
                "chain_getBlock",
                format!("it does not know block {block:?}"),
            ));
        };
        let is_it = |extrinsic: &Extrinsic| extrinsic.hash() == Some(transaction);
        let index = match found.extrinsics.iter().position(is_it).map(u32::try_from) {
            None => return Ok(None),
            Some(index) => index.map_err(|error| NodeError::nonsense("chain_getBlock", error))?,
        };
        let (fee, failure) = self.outcome(block, index, token).await?;
        let failure = failure.map(|failure| Refusal {
            transaction: Some(format!("{transaction:?}")),
            block: Some(found.header.number.to_string()),
            ..failure
        });
        Ok(Some(Included {
            block,
            number: found.header.number,
            index,
            fee,
            failure,
        }))
    }

    /// The fee that the transaction at `index` paid, and why it failed, if it did.
    async fn outcome(
        &self,
        block: H256,
        index: u32,
        token: TokenId,
    ) -> Result<(Option<Balance>, Option<Refusal>), NodeError> {
        let nonsense = |error: &dyn std::fmt::Display| NodeError::nonsense("System::Events", error);
        let key = subxt::ext::frame_decode::storage::encode_storage_key_prefix("System", "Events");
        let params = rpc_params![format!("0x{}", hex::encode(key)), block];
        let bytes = self
            .node
            .request_bytes("state_getStorage", params)
            .await?
            .unwrap_or_default();
        let events = self.offline.events().from_bytes(bytes);
        let (mut fee, mut ended, mut failure) = (None, false, None);
        for event in events.iter() {
            let event = event.map_err(|error| nonsense(&error))?;
            if event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            match (event.pallet_name(), event.event_name()) {
                ("TransactionPayment", "TransactionFeePaid") => {
                    let paid = event
                        .decode_fields_unchecked_as::<FeePaid>()
                        .map_err(|error| nonsense(&error))?;
                    fee = paid.actual_fee.checked_sub(paid.tip);
                }
                ("System", "ExtrinsicSuccess") => ended = true,
                ("System", "ExtrinsicFailed") => {
                    ended = true;
                    let error = DispatchError::decode_from(event.field_bytes(), self.offline.metadata())
                        .map_err(|error| nonsense(&error))?;
                    failure = Some(Refusal::from_dispatch(&error, token));
                }
                _ => {}
            }
        }
        if ended {
            Ok((fee, failure))
        } else {
            Err(nonsense(&"the block does not say how the transaction ended"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extrinsics_are_found_however_the_node_writes_them() {
        let expected = Some(hash(&[4, 1, 255]));
        for text in ["\"0x0401ff\"", "[4,1,255]"] {
            let read: Extrinsic = serde_json::from_str(text).unwrap();
            assert_eq!(read.hash(), expected, "{text}");
        }
        for text in ["\"0401ff\"", "\"0x0401f\"", "\"0xzz\""] {
            assert_eq!(serde_json::from_str::<Extrinsic>(text).unwrap().hash(), None, "{text}");
        }
        assert!(serde_json::from_str::<Extrinsic>("[256]").is_err());
    }

    #[test]
    fn every_status_of_a_node_is_read() {
        let hash = format!("\"0x{}\"", "22".repeat(32));
        for plain in ["future", "ready", "dropped", "invalid"] {
            assert!(
                serde_json::from_str::<Status>(&format!("\"{plain}\"")).is_ok(),
                "{plain}"
            );
        }
        for hashed in ["inBlock", "retracted", "finalityTimeout", "finalized", "usurped"] {
            assert!(
                serde_json::from_str::<Status>(&format!("{{\"{hashed}\":{hash}}}")).is_ok(),
                "{hashed}"
            );
        }
        assert!(serde_json::from_str::<Status>("{\"broadcast\":[\"peer\"]}").is_ok());
        assert!(serde_json::from_str::<Status>("\"whatever\"").is_err());
    }
}
