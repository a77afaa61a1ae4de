//! What can be wrong with a key file, a password file or a mnemonic.

use crate::{private, Kind, VERSION};
use thiserror::Error;

/// Why a file gives no key. Which file it was is the caller's to say.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum KeyFileError {
    /// There is nothing of that name.
    #[error("there is no such file")]
    Absent,
    /// It is a link, a folder, or anything else that is not a regular file.
    #[error("it is not a regular file")]
    NotAFile,
    /// It is far too large to be what it should be.
    #[error("it is larger than {} bytes", .max)]
    TooLarge {
        /// The most bytes that are read.
        max: u64,
    },
    /// Others than its owner can read or write it.
    #[error("others can get at it (mode {mode:03o}, wanted {:03o})", private::MODE)]
    TooOpen {
        /// Its permission bits.
        mode: u32,
    },
    /// It ends before the record in it does.
    #[error("it is cut short: {0}")]
    Truncated(String),
    /// It is edited, or was never a file of ours.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It holds a file of another kind.
    #[error("it holds a file of the kind {}, not of the kind {}", .found.noun(), .wanted.noun())]
    WrongKind {
        /// What it holds.
        found: Kind,
        /// What was asked for.
        wanted: Kind,
    },
    /// It was written by another version of `qc`.
    #[error("it has version {found}, and version {VERSION} is read")]
    UnknownVersion {
        /// The version that it states.
        found: u64,
    },
    /// The password does not open it (or the sealed part is damaged: the two cannot be told apart).
    #[error("the password does not open it")]
    WrongPassword,
    /// What it holds is another key than the one it states.
    #[error("it states a key id that its secret does not belong to")]
    KeyMismatch,
    /// What is sealed in it are no words of a mnemonic.
    #[error(transparent)]
    Mnemonic(#[from] MnemonicError),
    /// No password where one was to be read.
    #[error("it is empty")]
    Empty,
    /// Encrypting failed.
    #[error("cannot encrypt: {0}")]
    Encrypt(String),
    /// The file system said no.
    #[error("{0}")]
    Io(String),
}

/// Text that is not a mnemonic, and why. Names no word of it.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("that is not a mnemonic: {0}")]
pub struct MnemonicError(pub &'static str);

impl From<std::io::Error> for KeyFileError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Absent,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for KeyFileError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_eof() {
            Self::Truncated(error.to_string())
        } else {
            Self::Damaged(error.to_string())
        }
    }
}
