//! The connection to a node: public JSON-RPC, a time limit on every request, and answers that are not believed blindly.
//!
//! subxt does the SCALE work, from the node's metadata. Metadata are asked for in version 15 and never in a later one: version
//! 16 lists every version of the transaction extensions, and subxt 0.50 encodes with the highest, while the ordinary signed
//! transactions of this chain use version 0, the only one that version 15 shows.

mod error;

pub use error::NodeError;

use self::error::{cannot_connect, from_rpc};
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
