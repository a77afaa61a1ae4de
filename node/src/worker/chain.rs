//! What the worker asks of the chain, in the worker's own words, so that it can be tried without one.

use super::state::StateReader;
use qc_harmonics::sync::Report;
use qc_pqc::{KeyId, Signature};
use sp_core::{crypto::AccountId32, H256};

/// A block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlockRef {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: H256,
}

/// Where the chain is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Heads {
    /// The best block.
    pub best: BlockRef,
    /// The last finalised block.
    pub finalised: BlockRef,
}

/// What the runtime says is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Due {
    /// The epoch to report on.
    pub epoch: u32,
    /// Number of its boundary block, the first after it.
    pub boundary: u32,
    /// The boundary block's hash; `None` while the runtime cannot know it.
    pub hash: Option<H256>,
    /// The version of the mathematics that a report has to be made with.
    pub version: u16,
    /// Every validator of the running set, and what it has reported.
    pub validators: Vec<(AccountId32, Status)>,
}

impl Due {
    /// What a validator has reported; `None` if it is not in the running set.
    pub fn status(&self, validator: &AccountId32) -> Option<Status> {
        self.validators
            .iter()
            .find(|(one, _)| one == validator)
            .map(|(_, status)| *status)
    }
}

/// What the chain has of a validator's report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// None.
    Missing,
    /// One.
    Reported,
    /// Two that differ: both are void.
    Void,
}

/// What the key ledger has of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// Whom it speaks for.
    pub owner: AccountId32,
    /// Neither revoked nor rotated out.
    pub active: bool,
    /// It may report.
    pub seals: bool,
}

/// What the runtime computed of a closed epoch. Units of 10⁻¹⁸.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RuntimeResults {
    /// Ĉ; `None` if it has none.
    pub coherence: Option<u128>,
    /// ψ of every shard by ascending number.
    pub densities: Vec<u128>,
}

/// What the worker asks. Errors are in words, for the log.
pub trait Chain: StateReader {
    /// What is due, by the runtime API at a block; `None` before the first epoch closed.
    fn due(&self, at: H256) -> Result<Option<Due>, String>;

    /// What the key ledger has of a key; `None` if it has none.
    fn standing(&self, at: H256, key: KeyId) -> Result<Option<Standing>, String>;

    /// The shards that a validator reports on, ascending.
    fn shards_due(&self, at: H256, validator: &AccountId32) -> Result<Vec<u8>, String>;

    /// What the runtime itself computed of an epoch, in the state of its boundary block. Only ever compared with.
    fn runtime_results(&self, epoch: u32, boundary: H256) -> Result<RuntimeResults, String>;

    /// Hash of the block of this number on the best chain.
    fn hash_of(&self, number: u32) -> Result<Option<H256>, String>;

    /// The transaction that carries a report.
    fn transaction(&self, report: Report, key: KeyId, signature: Signature) -> Vec<u8>;
}
