//! What can be wrong with a card, or with a file of session keys.

use crate::{
    address::{Account, AddressFault},
    json::JsonError,
};
use qc_pqc::HexError;
use thiserror::Error;

/// What is wrong with a card, or with a file of session keys.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CardFault {
    /// It has too many bytes.
    #[error("it has {0} bytes; a card has at most {max}", max = super::CARD_BYTES_MAX)]
    TooLarge(usize),
    /// It is not JSON.
    #[error("{0}")]
    Json(JsonError),
    /// It is no object.
    #[error("it must be an object, but there is {0}")]
    NotAnObject(&'static str),
    /// It is no card, or one of another version.
    #[error("its format is {0:?}, which is no card's that this qc reads")]
    OtherFormat(String),
    /// Something is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// Something is there that is not known.
    #[error("there is {0:?}, which is not on a card")]
    Unknown(String),
    /// Something is no string.
    #[error("{key} must be a string, but is {found}")]
    NotText {
        /// Where.
        key: String,
        /// What it is.
        found: &'static str,
    },
    /// The name cannot be printed.
    #[error(
        "the name must be 1 to 64 bytes without characters that cannot be seen, or spaces at an end or in a row, but is \
         \"{0}\""
    )]
    Name(String),
    /// A post-quantum key that is none.
    #[error("{key} is no public key: {error}")]
    Key {
        /// Where.
        key: &'static str,
        /// Why.
        error: HexError,
    },
    /// Bytes that are none, or too few or many.
    #[error("{key} must be 0x and {digits} hexadecimal digits")]
    Hex {
        /// Where.
        key: &'static str,
        /// How many digits it must have.
        digits: usize,
    },
    /// The key id is another key's.
    #[error("keyId is not that of publicKey: the card was changed")]
    KeyIdDiffers,
    /// The account is none.
    #[error("account: {0}")]
    Account(AddressFault),
    /// The proof of ownership does not hold.
    #[error("the ownership proof does not hold: these session keys were not made for {0}")]
    NotOwned(Account),
}

impl From<JsonError> for CardFault {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl From<AddressFault> for CardFault {
    fn from(fault: AddressFault) -> Self {
        Self::Account(fault)
    }
}
