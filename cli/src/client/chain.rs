//! A chain through its node: its metadata, its storage, its runtime APIs.
//!
//! subxt does the SCALE work, from the node's metadata. Metadata are asked for in version 15 and never in a later one: version
//! 16 lists every version of the transaction extensions, and subxt 0.50 encodes with the highest, while the ordinary signed
//! transactions of this chain use version 0, the only one that version 15 shows.

use super::{Header, Node, NodeError};
use crate::ss58::Account;
use codec::{Decode, Encode};
use std::sync::Arc;
use std::time::Duration;
use subxt::client::OfflineClientAtBlock;
use subxt::config::substrate::{BlakeTwo256, SpecVersionForRange, SubstrateConfigBuilder, H256};
use subxt::config::{Config, DefaultTransactionExtensions};
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;
use subxt::metadata::{ArcMetadata, Metadata};
use subxt::rpcs::client::rpc_params;
use subxt::utils::{AccountId32, MultiAddress, MultiSignature};
use subxt::SubstrateConfig;

/// The version of the metadata that is asked for.
const METADATA_VERSION: u8 = 15;

/// The version of the metadata that shows every version of the transaction extensions. Asked for only to look at those.
const METADATA_VERSION_ALL: u8 = 16;

/// What metadata begin with: "meta".
const METADATA_MAGIC: [u8; 4] = *b"meta";

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

/// A chain as its node shows it: the connection, and what is needed to speak with its runtime.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The connection.
    pub node: Node,
    /// The hash of the first block, the chain's identity.
    pub genesis: H256,
    /// The version of the runtime.
    pub spec_version: u32,
    /// The version of the runtime's transactions.
    pub transaction_version: u32,
    /// The name of the runtime.
    pub spec_name: String,
    /// The metadata as the node gave them.
    pub metadata: Arc<Vec<u8>>,
    /// The chain with its types, for subxt.
    pub offline: OfflineClientAtBlock<QcConfig>,
}

/// What is stored under the first keys of a map.
#[derive(Clone, Debug)]
pub struct StoredUnder<V> {
    /// Whole storage keys and values, by ascending key.
    pub items: Vec<(Vec<u8>, V)>,
    /// Whether that is all there is.
    pub complete: bool,
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
        let bytes = metadata(&node, METADATA_VERSION, best).await?;
        let metadata = read_metadata(&bytes, METADATA_VERSION)
            .map_err(|reason| NodeError::nonsense("Metadata_metadata_at_version", reason))?;
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
            transaction_version: version.transaction_version,
            spec_name: version.spec_name,
            metadata: Arc::new(bytes),
            offline,
        })
    }

    /// Fails unless version 1 of the chain's transaction extensions is what `extensions` names, in that order: for no other
    /// do we know how to encode and sign.
    pub async fn check_version_1(&self, extensions: &[&str]) -> Result<(), NodeError> {
        let best = self.node.best_head().await?;
        let bytes = metadata(&self.node, METADATA_VERSION_ALL, best).await?;
        let nonsense = |reason: String| NodeError::nonsense("Metadata_metadata_at_version", reason);
        let metadata = read_metadata(&bytes, METADATA_VERSION_ALL).map_err(nonsense)?;
        let extrinsic = metadata.extrinsic();
        let found: Vec<&str> = extrinsic
            .transaction_extensions_by_version(1)
            .map(|found| found.map(|extension| extension.identifier()).collect())
            .unwrap_or_default();
        if !extrinsic.supported_versions().contains(&5) || found != extensions {
            return Err(NodeError::OtherChain {
                url: self.node.url().into(),
                missing: format!("version 1 of the transaction extensions as this qc knows it (found: {found:?})"),
            });
        }
        Ok(())
    }

    /// The key under which a storage item is kept.
    pub fn storage_key(&self, pallet: &str, item: &str, keys: Vec<Value>) -> Result<Vec<u8>, NodeError> {
        let entry = self
            .offline
            .storage()
            .entry(subxt::storage::dynamic::<Vec<Value>, Value>(pallet, item))
            .map_err(|_| self.lacks(pallet, item))?;
        entry
            .fetch_key(keys)
            .map_err(|error| NodeError::nonsense(format!("{pallet}::{item}"), error))
    }

    /// The bytes of a storage item at a block; `None` where nothing is stored.
    pub async fn storage_bytes(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: H256,
    ) -> Result<Option<Vec<u8>>, NodeError> {
        let key = self.storage_key(pallet, item, keys)?;
        let params = rpc_params![format!("0x{}", hex::encode(&key)), at];
        let asking = self.node.request_bytes("state_getStorage", params);
        asking.await.map_err(|error| error.about(&format!("{pallet}::{item}")))
    }

    /// A storage item at a block; `None` where nothing is stored and the item has no default.
    pub async fn storage<V: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: H256,
    ) -> Result<Option<V>, NodeError> {
        match self.storage_bytes(pallet, item, keys, at).await? {
            Some(bytes) => self.decode_stored(pallet, item, &bytes).map(Some),
            None => {
                let entry = self
                    .offline
                    .storage()
                    .entry(subxt::storage::dynamic::<Vec<Value>, V>(pallet, item))
                    .map_err(|_| self.lacks(pallet, item))?;
                Ok(entry.default_value().and_then(|value| value.decode().ok()))
            }
        }
    }

    /// Everything under the first keys of a map, with the keys, but no more than `max` of it.
    pub async fn storage_under<V: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        first: Vec<Value>,
        at: H256,
        max: usize,
    ) -> Result<StoredUnder<V>, NodeError> {
        let entry = self
            .offline
            .storage()
            .entry(subxt::storage::dynamic::<Vec<Value>, V>(pallet, item))
            .map_err(|_| self.lacks(pallet, item))?;
        let prefix = entry
            .iter_key(first)
            .map_err(|error| NodeError::nonsense(format!("{pallet}::{item}"), error))?;
        let keys = self.node.keys_under(&prefix, at, max.saturating_add(1)).await?;
        let complete = keys.len() <= max;
        let kept = keys.get(..max).unwrap_or(&keys);
        let values = self.node.values(kept, at).await?;
        let items = values
            .into_iter()
            .map(|(key, bytes)| Ok((key, self.decode_stored(pallet, item, &bytes)?)));
        Ok(StoredUnder {
            items: items.collect::<Result<Vec<_>, NodeError>>()?,
            complete,
        })
    }

    /// Decodes what a storage item holds.
    fn decode_stored<V: DecodeAsType>(&self, pallet: &str, item: &str, bytes: &[u8]) -> Result<V, NodeError> {
        let metadata = self.offline.metadata_ref();
        let type_id = storage_type(metadata, pallet, item).ok_or_else(|| self.lacks(pallet, item))?;
        V::decode_as_type(&mut &*bytes, type_id, metadata.types())
            .map_err(|error| NodeError::nonsense(format!("{pallet}::{item}"), error))
    }

    /// The chain has no such storage item.
    fn lacks(&self, pallet: &str, item: &str) -> NodeError {
        NodeError::OtherVersion {
            url: self.node.url().into(),
            missing: format!("{pallet}::{item}"),
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
            .ok_or_else(|| NodeError::OtherVersion {
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

/// The runtime's metadata in a version.
async fn metadata(node: &Node, version: u8, at: H256) -> Result<Vec<u8>, NodeError> {
    const WHAT: &str = "Metadata_metadata_at_version";
    let nonsense = |reason: &dyn std::fmt::Display| NodeError::nonsense(WHAT, reason);
    let bytes = node.state_call(WHAT, &u32::from(version).encode(), at).await?;
    let opaque = Option::<Vec<u8>>::decode(&mut &*bytes).map_err(|error| nonsense(&error))?;
    opaque.ok_or_else(|| nonsense(&format!("no metadata of version {version}")))
}

/// Reads metadata that must be of a version and nothing else.
fn read_metadata(bytes: &[u8], version: u8) -> Result<Metadata, String> {
    match bytes.split_at_checked(METADATA_MAGIC.len()) {
        Some((magic, [found, ..])) if *magic == METADATA_MAGIC && *found == version => {}
        _ => return Err(format!("not metadata of version {version}")),
    }
    Metadata::decode_from(bytes).map_err(|error| error.to_string())
}

/// Reads metadata of version 15, in which calls are shown.
pub fn read_metadata_15(bytes: &[u8]) -> Result<Metadata, String> {
    read_metadata(bytes, METADATA_VERSION)
}
