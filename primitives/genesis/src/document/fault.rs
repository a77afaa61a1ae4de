//! What can be wrong with a document or a chain spec.

use crate::{config::ConfigFault, json::JsonError};
use thiserror::Error;

/// What is wrong with a document or a chain spec.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum DocumentFault {
    /// There are too many bytes.
    #[error("it has {found} bytes; at most {max} are read")]
    TooLarge {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// It is not JSON as a genesis needs it.
    #[error("{0}")]
    Json(JsonError),
    /// It is neither a document nor a chain spec.
    #[error("it is neither a genesis document (it has no \"format\") nor a chain spec (it has no \"genesis\")")]
    Neither,
    /// A document of another format.
    #[error("its format is {0:?}, this qc reads {known:?}", known = super::FORMAT)]
    OtherFormat(String),
    /// Something is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// Something is there that is not known.
    #[error("there is {0:?}, which has no place in a genesis that is signed")]
    Unknown(String),
    /// Something is of another kind.
    #[error("{path:?} must be {wanted}, but is {found}")]
    Kind {
        /// Where.
        path: String,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An id that is none.
    #[error("{path} must be 1 to 32 of a-z, 0-9 and -, a letter first, but is {found:?}")]
    NotAnId {
        /// Where.
        path: String,
        /// What it is.
        found: String,
    },
    /// The chain's name cannot be printed.
    #[error(
        "the chain's name must be 1 to 64 bytes without characters that cannot be seen, or spaces at an end or in a row, \
         but is \"{0}\""
    )]
    Name(String),
    /// The chain type is none that we know.
    #[error("chainType must be Live, Local or Development, but is {0:?}")]
    ChainType(String),
    /// Properties other than those of every network of ours.
    #[error(
        "{0} must be ss58Format {prefix}, tokenDecimals {decimals}, tokenSymbol FLX, but is {1}",
        prefix = qc_types::SS58_PREFIX,
        decimals = qc_types::DECIMALS
    )]
    Properties(String, String),
    /// A hash that is none.
    #[error("{0} must be 0x and 64 hexadecimal digits, letters small")]
    NotAHash(&'static str),
    /// The config.
    #[error("{0}")]
    Config(ConfigFault),
    /// A raw chain spec.
    #[error("it is a raw chain spec, a state and not a config: take the spec that qc genesis spec wrote")]
    RawSpec,
    /// A spec without a config.
    #[error("its genesis.runtimeGenesis has neither \"config\" nor \"patch\"")]
    NoConfig,
    /// A spec with code that is none.
    #[error("its genesis.runtimeGenesis.code must be 0x and hexadecimal digits")]
    NotCode,
    /// A spec that changes what signers did not see.
    #[error("its {0} must be empty: it would change what runs after what was signed")]
    MustBeEmpty(&'static str),
    /// A key that everybody knows in a real network.
    #[error("{place} is the development key {key}, which everybody knows, and the chain's type is Live")]
    DevelopmentKey {
        /// Where it stands.
        place: String,
        /// Which it is.
        key: String,
    },
}

impl From<JsonError> for DocumentFault {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl From<ConfigFault> for DocumentFault {
    fn from(fault: ConfigFault) -> Self {
        Self::Config(fault)
    }
}
