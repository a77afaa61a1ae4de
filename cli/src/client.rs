//! The connection to a node: public JSON-RPC, a time limit on every request, and answers that are not believed blindly.
//!
//! subxt does the SCALE work, from the node's metadata. Metadata are asked for in version 15 and never in a later one: version
//! 16 lists every version of the transaction extensions, and subxt 0.50 encodes with the highest, while the ordinary signed
//! transactions of this chain use version 0, the only one that version 15 shows.

use crate::ss58::Account;
use codec::{Decode, Encode};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use subxt::client::OfflineClientAtBlock;
use subxt::config::substrate::{BlakeTwo256, SpecVersionForRange, SubstrateConfigBuilder, SubstrateHeader, H256};
use subxt::config::{Config, DefaultTransactionExtensions};
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;
use subxt::metadata::{ArcMetadata, Metadata};
use subxt::rpcs::client::{rpc_params, RpcParams, RpcSubscription};
use subxt::rpcs::{Error as RpcError, RpcClient};
use subxt::utils::{AccountId32, MultiAddress, MultiSignature};
use subxt::SubstrateConfig;
use thiserror::Error;

/// The version of the metadata that is asked for.
const METADATA_VERSION: u8 = 15;

/// What metadata begin with: "meta".
const METADATA_MAGIC: [u8; 4] = *b"meta";

/// A block's header.
pub type Header = SubstrateHeader<H256>;

/// This chain's types, for subxt: Substrate's, with a fixed hasher.
#[derive(Clone, Debug)]
pub struct QcConfig(SubstrateConfig);

impl Config for QcConfig {
    type AccountId = AccountId32;
    type Address = MultiAddress<AccountId32, ()>;
    type Signature = MultiSignature;
    type Hasher = BlakeTwo256;
    type Header = Header;
    type TransactionExtensions = DefaultTransactionExtensions<Self>;
    type AssetId = u32;

    fn genesis_hash(&self) -> Option<H256> {
        self.0.genesis_hash()
    }

    fn spec_and_transaction_version_for_block_number(&self, number: u64) -> Option<(u32, u32)> {
        self.0.spec_and_transaction_version_for_block_number(number)
    }

    fn metadata_for_spec_version(&self, version: u32) -> Option<ArcMetadata> {
        self.0.metadata_for_spec_version(version)
    }
}

/// What is wrong with a node, or with the way to it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NodeError {
    /// Not a URL that can be connected to.
    #[error("{0:?} is not the address of a node")]
    BadUrl(String),
    /// Nobody listens there.
    #[error("no node answers at {0}: the connection is refused")]
    ConnectionRefused(String),
    /// The connection cannot be made for another reason.
    #[error("cannot connect to {url}: {reason}")]
    CannotConnect {
        /// Where to.
        url: String,
        /// Why not.
        reason: String,
    },
    /// No answer in time.
    #[error("the node did not answer within {seconds} s ({what})")]
    Timeout {
        /// What was asked.
        what: String,
        /// How long we waited.
        seconds: u64,
    },
    /// The connection ended.
    #[error("the connection to the node was lost ({what}: {reason})")]
    Lost {
        /// What was being asked.
        what: String,
        /// What the connection said.
        reason: String,
    },
    /// The node refused a request.
    #[error("the node refused {what}: {message} ({code})")]
    Rpc {
        /// What was asked.
        what: String,
        /// The JSON-RPC code.
        code: i32,
        /// What the node said, with its data.
        message: String,
    },
    /// The node's answer cannot be understood.
    #[error("the node's answer to {what} makes no sense: {reason}")]
    Nonsense {
        /// What was asked.
        what: String,
        /// Why not.
        reason: String,
    },
    /// A node of some other chain.
    #[error("the chain at {url} is not a Quantum Currency network: it has no {missing}")]
    OtherChain {
        /// Where.
        url: String,
        /// What it lacks.
        missing: String,
    },
}

impl NodeError {
    /// A [`NodeError::Nonsense`].
    pub fn nonsense(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Nonsense {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl(_) => "bad_url",
            Self::ConnectionRefused(_) => "connection_refused",
            Self::CannotConnect { .. } => "cannot_connect",
            Self::Timeout { .. } => "timeout",
            Self::Lost { .. } => "connection_lost",
            Self::Rpc { .. } => "rpc_refused",
            Self::Nonsense { .. } => "node_nonsense",
            Self::OtherChain { .. } => "other_chain",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::BadUrl(_) => {
                "give a WebSocket address, for instance --url ws://127.0.0.1:9944 or wss://rpc.example.org"
            }
            Self::ConnectionRefused(_) => {
                "start a node (a development chain: qc-node --dev --tmp), or name another with --url or QC_URL"
            }
            Self::CannotConnect { .. } => {
                "check --url (or QC_URL) and the network; a remote node needs wss:// and open RPC"
            }
            Self::Timeout { .. } | Self::Lost { .. } => {
                "the node may be overloaded or stopped: look at its log, try again, or give it more time with --timeout"
            }
            Self::Rpc { .. } => "the node may restrict its RPC (--rpc-methods), or be another version than this qc",
            Self::Nonsense { .. } => "the node may be broken, or be another version than this qc; try another node",
            Self::OtherChain { .. } => "name a node of a Quantum Currency network with --url or QC_URL",
        }
        .into()
    }
}

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

impl NodeError {
    /// The same, naming what was really asked.
    fn about(mut self, subject: &str) -> Self {
        match &mut self {
            Self::Timeout { what, .. }
            | Self::Lost { what, .. }
            | Self::Rpc { what, .. }
            | Self::Nonsense { what, .. } => {
                *what = subject.into();
            }
            _ => {}
        }
        self
    }
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

/// Sorts out why a request failed.
fn from_rpc(what: &str, error: RpcError) -> NodeError {
    match error {
        RpcError::User(error) => NodeError::Rpc {
            what: what.into(),
            code: error.code,
            message: match error.data.map(|data| data.get().trim_matches('"').to_owned()) {
                Some(data) if !data.is_empty() => format!("{}: {data}", error.message),
                _ => error.message,
            },
        },
        RpcError::Deserialization(_) | RpcError::Decode(_) => NodeError::nonsense(what, error),
        error => NodeError::Lost {
            what: what.into(),
            reason: chain_of(&error),
        },
    }
}

/// Sorts out why there is no connection.
fn cannot_connect(url: &str, error: &RpcError) -> NodeError {
    let reason = chain_of(error);
    if reason.contains("Invalid URL") || reason.contains("invalid port") || reason.contains("RelativeUrlWithoutBase") {
        NodeError::BadUrl(url.into())
    } else if reason.to_lowercase().contains("connection refused") {
        NodeError::ConnectionRefused(url.into())
    } else {
        NodeError::CannotConnect {
            url: url.into(),
            reason,
        }
    }
}

/// An error with all that is behind it, on one line.
fn chain_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// A chain as its node shows it: the connection, and what is needed to speak with its runtime.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The connection.
    pub node: Node,
    /// The hash of the first block, the chain's identity.
    pub genesis: H256,
    /// The version of the runtime.
    pub spec_version: u32,
    /// The name of the runtime.
    pub spec_name: String,
    /// The chain with its types, for subxt.
    pub offline: OfflineClientAtBlock<QcConfig>,
}

/// The runtime's version, as `Core_version` gives it.
#[derive(Decode)]
struct Version {
    spec_name: String,
    _impl_name: String,
    _authoring_version: u32,
    spec_version: u32,
    _impl_version: u32,
    _apis: Vec<([u8; 8], u32)>,
    transaction_version: u32,
}

impl Chain {
    /// Connects and learns the chain's types as they are at its best block.
    pub async fn connect(url: &str, timeout: Duration) -> Result<Self, NodeError> {
        Self::over(Node::connect(url, timeout).await?).await
    }

    /// Learns the chain's types over a connection.
    pub async fn over(node: Node) -> Result<Self, NodeError> {
        let genesis = node
            .block_hash(Some(0))
            .await?
            .ok_or_else(|| NodeError::nonsense("chain_getBlockHash", "no block 0"))?;
        let best = node.best_head().await?;
        let version = node.state_call("Core_version", &[], best).await?;
        let version = Version::decode(&mut &*version).map_err(|error| NodeError::nonsense("Core_version", error))?;
        let metadata = metadata(&node, best).await?;
        if metadata.runtime_api_trait_by_name("EconomyApi").is_none() {
            return Err(NodeError::OtherChain {
                url: node.url().into(),
                missing: "EconomyApi".into(),
            });
        }
        let config = SubstrateConfigBuilder::new()
            .set_genesis_hash(genesis)
            .set_metadata_for_spec_versions([(version.spec_version, Arc::new(metadata))])
            .set_spec_version_for_block_ranges([SpecVersionForRange {
                block_range: 0..u64::MAX,
                spec_version: version.spec_version,
                transaction_version: version.transaction_version,
            }])
            .build();
        let offline = subxt::OfflineClient::new_with_config(QcConfig(config))
            .at_block(0u64)
            .map_err(|error| NodeError::nonsense("Core_version", error))?;
        Ok(Self {
            node,
            genesis,
            spec_version: version.spec_version,
            spec_name: version.spec_name,
            offline,
        })
    }

    /// A storage item at a block; `None` where nothing is stored and the item has no default.
    pub async fn storage<V: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: H256,
    ) -> Result<Option<V>, NodeError> {
        let what = format!("{pallet}::{item}");
        let nonsense = |error: &dyn std::fmt::Display| NodeError::nonsense(&what, error);
        let entry = self
            .offline
            .storage()
            .entry(subxt::storage::dynamic::<Vec<Value>, V>(pallet, item))
            .map_err(|_| NodeError::OtherChain {
                url: self.node.url().into(),
                missing: what.clone(),
            })?;
        let key = entry.fetch_key(keys).map_err(|error| nonsense(&error))?;
        let params = rpc_params![format!("0x{}", hex::encode(&key)), at];
        let bytes = self
            .node
            .request_bytes("state_getStorage", params)
            .await
            .map_err(|error| error.about(&what))?;
        match bytes {
            None => Ok(entry.default_value().and_then(|value| value.decode().ok())),
            Some(bytes) => {
                let type_id = storage_type(self.offline.metadata_ref(), pallet, item)
                    .ok_or_else(|| nonsense(&"no such item in the metadata"))?;
                V::decode_as_type(&mut &*bytes, type_id, self.offline.metadata_ref().types())
                    .map(Some)
                    .map_err(|error| nonsense(&error))
            }
        }
    }

    /// A storage item that every chain of ours has.
    pub async fn stored<V: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: H256,
    ) -> Result<V, NodeError> {
        let value = self.storage(pallet, item, keys, at).await?;
        value.ok_or_else(|| NodeError::nonsense(format!("{pallet}::{item}"), "nothing is stored"))
    }

    /// The result of a runtime API at a block.
    pub async fn api<V: DecodeAsType>(
        &self,
        api: &str,
        method: &str,
        arguments: Vec<Value>,
        at: H256,
    ) -> Result<V, NodeError> {
        let what = format!("{api}_{method}");
        let nonsense = |error: &dyn std::fmt::Display| NodeError::nonsense(&what, error);
        let metadata = self.offline.metadata_ref();
        let output = metadata
            .runtime_api_trait_by_name(api)
            .and_then(|api| api.method_by_name(method))
            .map(|method| method.output_ty())
            .ok_or_else(|| NodeError::OtherChain {
                url: self.node.url().into(),
                missing: what.clone(),
            })?;
        let payload = subxt::runtime_apis::dynamic::<Vec<Value>, V>(api, method, arguments);
        let encoded = self
            .offline
            .runtime_apis()
            .encode_args(&payload)
            .map_err(|error| nonsense(&error))?;
        let bytes = self.node.state_call(&what, &encoded, at).await?;
        let cursor = &mut &*bytes;
        let value = V::decode_as_type(cursor, output, metadata.types()).map_err(|error| nonsense(&error))?;
        if cursor.is_empty() {
            Ok(value)
        } else {
            Err(nonsense(&"bytes are left over"))
        }
    }

    /// A constant of a pallet; `None` if there is none of that name or of that type.
    pub fn constant<V: DecodeAsType>(&self, pallet: &str, name: &str) -> Option<V> {
        let metadata = self.offline.metadata_ref();
        let constant = metadata.pallet_by_name(pallet)?.constant_by_name(name)?;
        V::decode_as_type(&mut constant.value(), constant.ty(), metadata.types()).ok()
    }

    /// The next nonce of an account, transactions that wait in the node's pool included.
    pub async fn next_nonce(&self, account: Account) -> Result<u64, NodeError> {
        // A node takes the generic prefix, whatever its own.
        let address = crate::ss58::encode(&account.0, 42);
        self.node.request("system_accountNextIndex", rpc_params![address]).await
    }
}

/// The type of a storage item's value.
fn storage_type(metadata: &Metadata, pallet: &str, item: &str) -> Option<u32> {
    Some(
        metadata
            .pallet_by_name(pallet)?
            .storage()?
            .entry_by_name(item)?
            .value_ty(),
    )
}

/// The runtime's metadata in [`METADATA_VERSION`].
async fn metadata(node: &Node, at: H256) -> Result<Metadata, NodeError> {
    const WHAT: &str = "Metadata_metadata_at_version";
    let nonsense = |reason: &dyn std::fmt::Display| NodeError::nonsense(WHAT, reason);
    let bytes = node.state_call(WHAT, &u32::from(METADATA_VERSION).encode(), at).await?;
    let opaque = Option::<Vec<u8>>::decode(&mut &*bytes).map_err(|error| nonsense(&error))?;
    let opaque = opaque.ok_or_else(|| nonsense(&"no metadata of version 15"))?;
    match opaque.split_at_checked(METADATA_MAGIC.len()) {
        Some((magic, [METADATA_VERSION, ..])) if *magic == METADATA_MAGIC => {}
        _ => return Err(nonsense(&"not metadata of version 15")),
    }
    Metadata::decode_from(&opaque).map_err(|error| nonsense(&error))
}

#[cfg(test)]
mod tests;
