//! Raw storage of a block's state, and the faults of reading it.

use codec::DecodeAll;
use qc_harmonics::field::FieldFault;
use qc_math::MathError;
use sp_core::H256;
use sp_io::hashing::twox_128;
use thiserror::Error;

/// The state of blocks, as bytes under keys.
pub trait StateReader {
    /// What stands under `key` in the state of block `at`; `None` if nothing does.
    ///
    /// # Errors
    ///
    /// The block is not known, or its state is not kept any more.
    fn storage(&self, at: H256, key: &[u8]) -> Result<Option<Vec<u8>>, String>;
}

/// Why there is no native result, or nothing to sign.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Fault {
    /// The state cannot be read.
    #[error("the state of the boundary block cannot be read: {0}")]
    State(String),
    /// The state lacks an item.
    #[error("the boundary block's state has no {0}")]
    Missing(&'static str),
    /// An item's bytes are not what the item is.
    #[error("{item} in the boundary block's state does not decode: {error}")]
    Undecodable {
        /// The item.
        item: &'static str,
        /// What the decoder said.
        error: String,
    },
    /// An item is about another epoch.
    #[error("{item} in the boundary block's state is about epoch {found}")]
    OtherEpoch {
        /// The item.
        item: &'static str,
        /// The epoch that it is about.
        found: u32,
    },
    /// The coherence is not defined for these inputs.
    #[error("the coherence of these inputs is not defined: {0}")]
    Coherence(MathError),
    /// The field is not defined for these inputs.
    #[error("the field of these inputs is not defined: {0}")]
    Field(FieldFault),
    /// A shard is to be reported on that the inputs do not have.
    #[error("the inputs have no shard {0}")]
    ShardUnknown(u8),
    /// More shards are to be reported on than a report has room for.
    #[error("a report has no room for {0} shards")]
    TooManyShards(usize),
    /// Signing failed.
    #[error("there is no signature: {0}")]
    Signature(String),
}

/// An item of a pallet's storage that is one value: its name for people, and its key.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pallet: &'static str,
    item: &'static str,
    /// `Pallet::Item`.
    pub name: &'static str,
}

impl Item {
    /// Names an item.
    pub const fn new(pallet: &'static str, item: &'static str, name: &'static str) -> Self {
        Self { pallet, item, name }
    }

    /// Where it stands: `twox128(pallet) ‖ twox128(item)`.
    pub fn key(&self) -> Vec<u8> {
        [twox_128(self.pallet.as_bytes()), twox_128(self.item.as_bytes())].concat()
    }

    /// Its bytes in the state of a block.
    pub fn bytes(&self, reader: &impl StateReader, at: H256) -> Result<Vec<u8>, Fault> {
        let bytes = reader.storage(at, &self.key()).map_err(Fault::State)?;
        bytes.ok_or(Fault::Missing(self.name))
    }

    /// Its value in the state of a block. Every byte has to be of it.
    pub fn read<T: DecodeAll>(&self, reader: &impl StateReader, at: H256) -> Result<T, Fault> {
        let bytes = self.bytes(reader, at)?;
        T::decode_all(&mut bytes.as_slice()).map_err(|error| Fault::Undecodable {
            item: self.name,
            error: error.to_string(),
        })
    }
}
