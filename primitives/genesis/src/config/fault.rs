//! What can be wrong with a genesis config.

use crate::address::Account;
use qc_pqc::KeyId;
use qc_types::{FoundersFault, SHARDS_MAX, SHARDS_MIN};
use thiserror::Error;

/// What is wrong with a genesis config.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ConfigFault {
    /// The config is no object.
    #[error("config must be an object, but is {0}")]
    NotAnObject(&'static str),
    /// A table is missing.
    #[error("config.{0} is missing")]
    MissingTable(&'static str),
    /// There is a table that this release does not know.
    #[error("there is config.{0}, which this release of qc does not know: use the qc of the runtime's release")]
    UnknownTable(String),
    /// A table is not what it must be.
    #[error("config.{name}: {what}")]
    Table {
        /// Its name.
        name: &'static str,
        /// What does not fit.
        what: String,
    },
    /// There are fewer shards than there can be, or more.
    #[error("config.economy.shards must be {min} to {max}, but is {0}", min = SHARDS_MIN, max = SHARDS_MAX)]
    Shards(u8),
    /// There are more validators than there can be.
    #[error("config.{list} must name at most {max} validators, but names {found}", max = super::VALIDATORS_MAX)]
    TooManyValidators {
        /// Where.
        list: &'static str,
        /// How many there are.
        found: usize,
    },
    /// The founders are not what they must be.
    #[error("config.incidents: {0}")]
    Founders(FoundersFault),
    /// A validator is named twice.
    #[error("config.attunement.validators names {0} twice")]
    ValidatorTwice(Account),
    /// A validator has no session keys, or more than one set.
    #[error("config.session.keys must have the validator {0} once, as its own validator")]
    NoSessionKeys(Account),
    /// A validator has no key with which it could sign the genesis.
    #[error("config.keyLedger.keys has no key with SEAL for the validator {0}")]
    NoSealKey(Account),
    /// A key is there twice.
    #[error("config.keyLedger.keys has the key {0} twice")]
    KeyTwice(KeyId),
    /// A key is a founder's too.
    #[error(
        "config.keyLedger.keys has a key of {account} that is the founder {founder:?}'s: a founder's key is for \
         recovery alone"
    )]
    KeyOfFounder {
        /// Whose key it is there.
        account: Account,
        /// The founder.
        founder: String,
    },
    /// A key of nobody who signs.
    #[error(
        "config.keyLedger.keys has the key {id} of {account}: a genesis has one key for each validator, with SEAL and \
         nothing else; other keys are registered on the running chain"
    )]
    StrayKey {
        /// Whose key it is.
        account: Account,
        /// The key.
        id: KeyId,
    },
}

impl From<FoundersFault> for ConfigFault {
    fn from(fault: FoundersFault) -> Self {
        Self::Founders(fault)
    }
}
