//! What can be wrong with signatures under a genesis.

use crate::canonical::GenesisHash;
use qc_pqc::KeyId;
use thiserror::Error;

/// What is wrong with signatures under a genesis.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum SignatureFault {
    /// A file is no signature's.
    #[error("it is no signature by qc genesis sign: {0}")]
    Malformed(String),
    /// The key that is to sign is nobody's of this genesis.
    #[error("the key {0} is neither a founder's nor a founding validator's of this genesis")]
    NotASigner(KeyId),
    /// The key gave no signature.
    #[error("cannot sign: {0}")]
    CannotSign(String),
    /// It is under another genesis.
    #[error("{file}: {name} signed the genesis {signed}, and not this one, {wanted}")]
    OtherGenesis {
        /// The file.
        file: String,
        /// Who made it, by its own word.
        name: String,
        /// What was signed.
        signed: GenesisHash,
        /// What was to be signed.
        wanted: GenesisHash,
    },
    /// It is by somebody who has no place in this genesis.
    #[error("{file}: the key {id} of {name:?} has no place in this genesis")]
    Foreign {
        /// The file.
        file: String,
        /// Who made it, by its own word.
        name: String,
        /// The key.
        id: KeyId,
    },
    /// It states somebody else than the key's owner.
    #[error("{file}: it states {stated}, but its key is that of {signer}")]
    OtherName {
        /// The file.
        file: String,
        /// Who made it, by its own word.
        stated: String,
        /// Whose key it is.
        signer: String,
    },
    /// Somebody signed twice.
    #[error("{signer} signed twice: {first} and {second}")]
    Duplicate {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// Who.
        signer: String,
    },
    /// It does not verify.
    #[error("{file}: the signature of {signer} does not verify")]
    Wrong {
        /// The file.
        file: String,
        /// Whose it should be.
        signer: String,
    },
    /// Somebody's is missing.
    #[error("no signature of {}", .0.join(", "))]
    Missing(Vec<String>),
}

impl SignatureFault {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "genesis_bad_signature_file",
            Self::NotASigner(_) => "genesis_not_a_signer",
            Self::CannotSign(_) => "genesis_cannot_sign",
            Self::OtherGenesis { .. } => "signature_other_genesis",
            Self::Foreign { .. } => "signature_foreign",
            Self::OtherName { .. } | Self::Wrong { .. } => "signature_wrong",
            Self::Duplicate { .. } => "signature_duplicate",
            Self::Missing(_) => "signature_missing",
        }
    }

    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "give the files that qc genesis sign wrote, and no others",
            Self::NotASigner(_) => {
                "sign with the key that is on your card (qc key list shows ids); if your card is not in this genesis, \
                 the coordinator must assemble it again"
            }
            Self::CannotSign(_) => "try again",
            Self::OtherGenesis { .. } => {
                "the document was changed after this was signed, or it is for another network: review this one and sign \
                 it again"
            }
            Self::Foreign { .. } => {
                "leave it out; if its maker should be in this genesis, assemble it again with the maker's card, and \
                 everybody signs that one"
            }
            Self::OtherName { .. } | Self::Wrong { .. } => {
                "the file is damaged or forged: ask its maker, by another way, to sign again"
            }
            Self::Duplicate { .. } => "give one of them only",
            Self::Missing(_) => "ask them to review and sign; until all have, this genesis is not to be started",
        }
    }
}
