//! The connection to a node: public JSON-RPC, a time limit on every request, and answers that are not believed blindly.

mod chain;
mod code;
mod error;

pub use chain::{read_metadata_15, Chain, QcConfig};
pub use code::{StoredCode, CODE_KEY, FETCHED_BYTES_MAX};
pub use error::NodeError;

use self::error::{cannot_connect, from_rpc};
use serde::de::DeserializeOwned;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use subxt::config::substrate::{SubstrateHeader, H256};
use subxt::rpcs::client::{rpc_params, RpcParams, RpcSubscription};
use subxt::rpcs::{Error as RpcError, RpcClient};

/// How many storage keys or values are asked for at a time.
const PAGE: usize = 500;

/// A block's header.
pub type Header = SubstrateHeader<H256>;

/// A connection to a node.
#[derive(Clone, Debug)]
pub struct Node {
    rpc: RpcClient,
    url: String,
    timeout: Duration,
}

impl Node {
    /// Connects, within the time limit that every request will have too.
    pub async fn connect(url: &str, timeout: Duration) -> Result<Self, NodeError> {
        if !["ws://", "wss://"]
            .iter()
            .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
        {
            return Err(NodeError::BadUrl(url.into()));
        }
        let connecting = RpcClient::from_insecure_url(url);
        let rpc = tokio::time::timeout(timeout, connecting)
            .await
            .map_err(|_| NodeError::Timeout {
                what: format!("connecting to {url}"),
                seconds: timeout.as_secs(),
            })?
            .map_err(|error| cannot_connect(url, &error))?;
        Ok(Self::over(rpc, url, timeout))
    }

    /// A node behind any RPC client.
    pub fn over(rpc: RpcClient, url: &str, timeout: Duration) -> Self {
        Self {
            rpc,
            url: url.into(),
            timeout,
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for an answer, at most as long as the time limit.
    async fn limited<T>(&self, what: &str, asking: impl Future<Output = Result<T, RpcError>>) -> Result<T, NodeError> {
        match tokio::time::timeout(self.timeout, asking).await {
            Ok(answer) => answer.map_err(|error| from_rpc(what, error)),
            Err(_) => Err(NodeError::Timeout {
                what: what.into(),
                seconds: self.timeout.as_secs(),
            }),
        }
    }

    /// Asks one question.
    pub async fn request<T: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<T, NodeError> {
        self.limited(method, self.rpc.request(method, params)).await
    }

    /// Asks for bytes, which nodes give in hexadecimal.
    pub async fn request_bytes(&self, method: &str, params: RpcParams) -> Result<Option<Vec<u8>>, NodeError> {
        let answer: Option<String> = self.request(method, params).await?;
        let decode = |text: String| {
            let digits = text
                .strip_prefix("0x")
                .ok_or_else(|| NodeError::nonsense(method, "bytes without 0x"))?;
            hex::decode(digits).map_err(|error| NodeError::nonsense(method, error))
        };
        answer.map(decode).transpose()
    }

    /// Subscribes.
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
        unsubscribe: &str,
    ) -> Result<Subscription<T>, NodeError> {
        let stream = self
            .limited(method, self.rpc.subscribe(method, params, unsubscribe))
            .await?;
        Ok(Subscription {
            stream,
            what: method.into(),
        })
    }

    /// Calls a runtime API with encoded arguments.
    pub async fn state_call(&self, function: &str, arguments: &[u8], at: H256) -> Result<Vec<u8>, NodeError> {
        let params = rpc_params![function, format!("0x{}", hex::encode(arguments)), at];
        let bytes = self
            .request_bytes("state_call", params)
            .await
            .map_err(|error| error.about(function))?;
        bytes.ok_or_else(|| NodeError::nonsense(function, "no result"))
    }

    /// The storage keys that begin with a prefix, at most so many.
    async fn keys_under(&self, prefix: &[u8], at: H256, max: usize) -> Result<Vec<Vec<u8>>, NodeError> {
        const METHOD: &str = "state_getKeysPaged";
        let hexadecimal = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
        let mut keys: Vec<Vec<u8>> = Vec::new();
        while keys.len() < max {
            let count = PAGE.min(max.saturating_sub(keys.len()));
            let after = keys.last().map(|key| hexadecimal(key));
            let params = rpc_params![hexadecimal(prefix), count, after, at];
            let page: Vec<String> = self.request(METHOD, params).await?;
            let (read, before) = (page.len(), keys.len());
            for text in page {
                let key =
                    bytes_of(&text).ok_or_else(|| NodeError::nonsense(METHOD, "a key that is not hexadecimal"))?;
                // A node that goes round in circles, or tells of other things, is not listened to for ever.
                if !key.starts_with(prefix) || keys.last().is_some_and(|last| *last >= key) {
                    return Err(NodeError::nonsense(METHOD, "keys out of order"));
                }
                keys.push(key);
            }
            if read < count || keys.len() == before {
                break;
            }
        }
        Ok(keys)
    }

    /// The values under storage keys, of those that hold one.
    pub async fn values(&self, keys: &[Vec<u8>], at: H256) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, NodeError> {
        const METHOD: &str = "state_queryStorageAt";
        /// What a node tells of several keys at a block.
        #[derive(Deserialize)]
        struct Changes {
            changes: Vec<(String, Option<String>)>,
        }
        let mut values = BTreeMap::new();
        for page in keys.chunks(PAGE) {
            let asked: Vec<String> = page.iter().map(|key| format!("0x{}", hex::encode(key))).collect();
            let found: Vec<Changes> = self.request(METHOD, rpc_params![asked, at]).await?;
            for (key, value) in found.into_iter().flat_map(|found| found.changes) {
                let Some(value) = value else { continue };
                let (Some(key), Some(value)) = (bytes_of(&key), bytes_of(&value)) else {
                    return Err(NodeError::nonsense(METHOD, "bytes that are not hexadecimal"));
                };
                values.insert(key, value);
            }
        }
        Ok(values)
    }

    /// The hash of the last finalised block.
    pub async fn finalised_head(&self) -> Result<H256, NodeError> {
        self.request("chain_getFinalizedHead", rpc_params![]).await
    }

    /// The hash of a block of the best chain, of the best block itself if no number is given.
    pub async fn block_hash(&self, number: Option<u64>) -> Result<Option<H256>, NodeError> {
        self.request("chain_getBlockHash", rpc_params![number]).await
    }

    /// The hash of the best block.
    pub async fn best_head(&self) -> Result<H256, NodeError> {
        self.block_hash(None)
            .await?
            .ok_or_else(|| NodeError::nonsense("chain_getBlockHash", "no best block"))
    }

    /// The header of a block that the node just named.
    pub async fn header(&self, hash: H256) -> Result<Header, NodeError> {
        let header: Option<Header> = self.request("chain_getHeader", rpc_params![hash]).await?;
        header.ok_or_else(|| NodeError::nonsense("chain_getHeader", format!("it does not know block {hash:?}")))
    }
}

/// Bytes from hexadecimal with 0x.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

/// A stream of what a node tells by itself.
#[derive(Debug)]
pub struct Subscription<T> {
    stream: RpcSubscription<T>,
    what: String,
}

impl<T: DeserializeOwned> Subscription<T> {
    /// The next item; the end of the stream is a lost connection, for nobody but us ends it.
    pub async fn next(&mut self) -> Result<T, NodeError> {
        match self.stream.next().await {
            Some(item) => item.map_err(|error| from_rpc(&self.what, error)),
            None => Err(NodeError::Lost {
                what: self.what.clone(),
                reason: "the node closed it".into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
