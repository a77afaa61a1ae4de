//! A chain as its client sees it, and transactions encoded by hand.
//!
//! `subxt` 0.50 takes the highest version of transaction extensions even for version 4 signatures; ours are signed with
//! version 0. So metadata V15 is asked for, which shows version 0 only, and the bytes are put together here, which also lets a
//! test say exactly what is wrong with a transaction.

use codec::{Compact, Decode, Encode};
use scale_info::{PortableRegistry, TypeDef};
use serde_json::Value as Json;
use sp_crypto_hashing::blake2_256;
use subxt::config::substrate::{SpecVersionForRange, SubstrateConfig};
use subxt::ext::scale_value::{Composite, Value};
use subxt::metadata::{ArcMetadata, Metadata};
use subxt::utils::{Era, H256};
use subxt::{OfflineClient, OfflineClientAtBlock};
use subxt_signer::sr25519::Keypair;

use crate::rpc::Rpc;
use crate::{hex, Error, Result};

/// The metadata version that shows transaction-extension version 0 only.
const METADATA_VERSION: u32 = 15;
/// First byte of a signed transaction: format version 4, signed.
const SIGNED_V4: u8 = 0x84;
/// First byte of a general transaction: format version 5, general.
const GENERAL_V5: u8 = 0x45;
/// A payload longer than this is hashed before it is signed.
const PAYLOAD_BYTES_MAX: usize = 256;
/// `MultiAddress::Id`, `MultiSignature::Sr25519`.
const ADDRESS_ID: u8 = 0;
const SIGNATURE_SR25519: u8 = 1;

/// A chain as its client sees it.
#[derive(Clone)]
pub struct Chain {
    /// The genesis block's hash.
    pub genesis: [u8; 32],
    /// The runtime's spec version.
    pub spec_version: u32,
    /// The runtime's transaction version.
    pub transaction_version: u32,
    /// The runtime's name.
    pub spec_name: String,
    extensions: Vec<Extension>,
    offline: OfflineClientAtBlock<SubstrateConfig>,
}

/// What an extension of version 0 adds to a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extension {
    Nothing,
    SpecVersion,
    TransactionVersion,
    Genesis,
    Mortality,
    Nonce,
    Tip,
    MetadataHash,
}

/// What a signer chooses; the rest is the chain's.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The account's nonce.
    pub nonce: u32,
    /// Plancks of FLX.
    pub tip: u128,
    /// How long the transaction is valid, as the signer says.
    pub era: Era,
    /// Hash of the block in which `era` begins (genesis for an immortal one).
    pub birth: [u8; 32],
    /// The chain for which it is signed.
    pub genesis: [u8; 32],
    /// The spec version for which it is signed.
    pub spec_version: u32,
}

impl Chain {
    /// Reads all there is to know from a node.
    pub async fn read(rpc: &Rpc) -> Result<Self> {
        let method = "chain_getBlockHash";
        let genesis = rpc.block_hash(0).await?.ok_or_else(|| Error::Answer {
            method: method.into(),
            detail: "no genesis block".into(),
        })?;
        let version = rpc.call("state_getRuntimeVersion", vec![]).await?;
        let spec_version = number(&version, "specVersion")?;
        let transaction_version = number(&version, "transactionVersion")?;
        let spec_name = version.get("specName").and_then(Json::as_str).unwrap_or("?").to_owned();
        let metadata = fetch_metadata(rpc, METADATA_VERSION).await?;
        let extensions = version_0(&metadata)?;
        let range = SpecVersionForRange {
            block_range: 0..u64::MAX,
            spec_version,
            transaction_version,
        };
        let config = SubstrateConfig::builder()
            .set_genesis_hash(H256(genesis))
            .set_metadata_for_spec_versions([(spec_version, ArcMetadata::from(metadata))])
            .set_spec_version_for_block_ranges([range])
            .build();
        let offline = OfflineClient::new_with_config(config)
            .at_block(0u64)
            .map_err(|error| Error::Metadata(error.to_string()))?;
        Ok(Self {
            genesis,
            spec_version,
            transaction_version,
            spec_name,
            extensions,
            offline,
        })
    }

    /// The metadata (V15).
    pub fn metadata(&self) -> &Metadata {
        self.offline.metadata_ref()
    }

    /// The client without a connection, for decoding.
    pub fn offline(&self) -> &OfflineClientAtBlock<SubstrateConfig> {
        &self.offline
    }

    /// A call by names, its arguments in order.
    pub fn call(&self, pallet: &str, call: &str, arguments: Vec<Value>) -> Result<Vec<u8>> {
        let payload = subxt::dynamic::tx(pallet, call, Composite::unnamed(arguments));
        self.offline.tx().call_data(&payload).map_err(|error| Error::Call {
            call: format!("{pallet}.{call}"),
            detail: error.to_string(),
        })
    }

    /// `Utility.batch_all` of encoded calls.
    pub fn batch_all(&self, calls: &[Vec<u8>]) -> Result<Vec<u8>> {
        let mut bytes = self.call("Utility", "batch_all", vec![Value::unnamed_composite([])])?;
        bytes.truncate(2);
        Compact(u32::try_from(calls.len()).unwrap_or(u32::MAX)).encode_to(&mut bytes);
        calls.iter().for_each(|call| bytes.extend_from_slice(call));
        Ok(bytes)
    }

    /// An immortal transaction without a tip.
    pub fn plain(&self, nonce: u32) -> Choice {
        let (genesis, spec_version) = (self.genesis, self.spec_version);
        Choice {
            nonce,
            tip: 0,
            era: Era::Immortal,
            birth: genesis,
            genesis,
            spec_version,
        }
    }

    /// What version 0 adds to the transaction's body.
    pub fn explicit(&self, choice: &Choice) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16);
        for extension in &self.extensions {
            match extension {
                Extension::Mortality => choice.era.encode_to(&mut bytes),
                Extension::Nonce => Compact(choice.nonce).encode_to(&mut bytes),
                Extension::Tip => Compact(choice.tip).encode_to(&mut bytes),
                Extension::MetadataHash => bytes.push(0),
                _ => (),
            }
        }
        bytes
    }

    /// What version 0 adds to the signed payload only.
    pub(crate) fn implicit(&self, choice: &Choice) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(80);
        for extension in &self.extensions {
            match extension {
                Extension::SpecVersion => choice.spec_version.encode_to(&mut bytes),
                Extension::TransactionVersion => self.transaction_version.encode_to(&mut bytes),
                Extension::Genesis => choice.genesis.encode_to(&mut bytes),
                Extension::Mortality => choice.birth.encode_to(&mut bytes),
                Extension::MetadataHash => bytes.push(0),
                _ => (),
            }
        }
        bytes
    }

    /// A signed transaction of extension version 0, length prefix included, as `author_submitExtrinsic` takes it.
    pub fn sign(&self, signer: &Keypair, call: &[u8], choice: &Choice) -> Vec<u8> {
        let explicit = self.explicit(choice);
        let payload = [call, &explicit, &self.implicit(choice)].concat();
        let signature = if payload.len() > PAYLOAD_BYTES_MAX {
            signer.sign(&blake2_256(&payload))
        } else {
            signer.sign(&payload)
        };
        self.signed_with_body(signer, &signature.0, &explicit, call)
    }

    /// A signed transaction with any bytes for the extensions.
    pub fn signed_with_body(&self, signer: &Keypair, signature: &[u8; 64], explicit: &[u8], call: &[u8]) -> Vec<u8> {
        let mut body = Vec::with_capacity(128 + call.len());
        body.extend_from_slice(&[SIGNED_V4, ADDRESS_ID]);
        body.extend_from_slice(&signer.public_key().0);
        body.push(SIGNATURE_SR25519);
        body.extend_from_slice(signature);
        body.extend_from_slice(explicit);
        body.extend_from_slice(call);
        body.encode()
    }
}

/// A general transaction that names its extension version, length prefix included.
pub fn general(extension_version: u8, explicit: &[u8], call: &[u8]) -> Vec<u8> {
    [&[GENERAL_V5, extension_version], explicit, call].concat().encode()
}

/// A transaction's hash, as nodes and explorers name it: that of the bytes with their length prefix.
pub fn hash(transaction: &[u8]) -> [u8; 32] {
    blake2_256(transaction)
}

/// An account as `MultiAddress::Id`, for a call's argument.
pub fn address(who: &[u8; 32]) -> Value {
    Value::unnamed_variant("Id", [Value::from_bytes(who)])
}

/// The metadata in a given version.
pub async fn fetch_metadata(rpc: &Rpc, version: u32) -> Result<Metadata> {
    let bytes = rpc
        .state_call("Metadata_metadata_at_version", &version.encode())
        .await?;
    let bytes = Option::<Vec<u8>>::decode(&mut &bytes[..])
        .map_err(|error| Error::Metadata(error.to_string()))?
        .ok_or_else(|| Error::Metadata(format!("the runtime has no version {version}")))?;
    Metadata::decode_from(&bytes).map_err(|error| Error::Metadata(error.to_string()))
}

fn version_0(metadata: &Metadata) -> Result<Vec<Extension>> {
    let extensions = metadata
        .extrinsic()
        .transaction_extensions_by_version(0)
        .ok_or_else(|| Error::Metadata("no transaction-extension version 0".into()))?;
    extensions
        .map(|extension| match extension.identifier() {
            "CheckSpecVersion" => Ok(Extension::SpecVersion),
            "CheckTxVersion" => Ok(Extension::TransactionVersion),
            "CheckGenesis" => Ok(Extension::Genesis),
            "CheckMortality" => Ok(Extension::Mortality),
            "CheckNonce" => Ok(Extension::Nonce),
            "ChargeTransactionPayment" => Ok(Extension::Tip),
            "CheckMetadataHash" => Ok(Extension::MetadataHash),
            _ if is_empty(metadata.types(), extension.extra_ty())
                && is_empty(metadata.types(), extension.additional_ty()) =>
            {
                Ok(Extension::Nothing)
            }
            other => Err(Error::ExtensionUnknown(other.into())),
        })
        .collect()
}

/// Whether a type encodes to no bytes at all.
pub fn is_empty(types: &PortableRegistry, id: u32) -> bool {
    match types.resolve(id).map(|ty| &ty.type_def) {
        Some(TypeDef::Tuple(tuple)) => tuple.fields.iter().all(|field| is_empty(types, field.id)),
        Some(TypeDef::Composite(composite)) => composite.fields.iter().all(|field| is_empty(types, field.ty.id)),
        Some(TypeDef::Array(array)) => array.len == 0 || is_empty(types, array.type_param.id),
        _ => false,
    }
}

fn number(version: &Json, name: &str) -> Result<u32> {
    version
        .get(name)
        .and_then(Json::as_u64)
        .and_then(|n| u32::try_from(n).ok())
        .ok_or_else(|| Error::Answer {
            method: "state_getRuntimeVersion".into(),
            detail: format!("no {name}"),
        })
}

/// A block's transactions as bytes (length prefix included), in order.
pub async fn block_transactions(rpc: &Rpc, hash: &[u8; 32]) -> Result<Vec<Vec<u8>>> {
    let method = "chain_getBlock";
    let block = rpc.call(method, vec![hex::encode(hash).into()]).await?;
    let list = block
        .pointer("/block/extrinsics")
        .and_then(Json::as_array)
        .ok_or_else(|| Error::Answer {
            method: method.into(),
            detail: "no such block".into(),
        })?;
    list.iter()
        .map(|text| hex::decode(method, text.as_str().unwrap_or_default()))
        .collect()
}
