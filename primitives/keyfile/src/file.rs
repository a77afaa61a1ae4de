//! The record that a key file is.

use crate::{open, read_private, seal, KeyFileError, KeySecret};
use qc_pqc::{KeyId, SecretKey};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The version of the files that are written and read.
pub const VERSION: u64 = 1;

/// The only signature scheme of keys so far.
const SCHEME: &str = "ml-dsa-87";

/// What a file that was sealed by `qc` holds. Neither kind is taken for the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// An sr25519 account.
    Account,
    /// A post-quantum key.
    Key,
}

impl Kind {
    /// What `format` says in every such file.
    pub fn format(self) -> &'static str {
        match self {
            Self::Account => "qc-account",
            Self::Key => "qc-key",
        }
    }

    /// The word for it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Key => "key",
        }
    }

    /// One of it.
    pub fn one(self) -> &'static str {
        match self {
            Self::Account => "an account",
            Self::Key => "a key",
        }
    }

    /// Refuses what is of another kind and what another version of `qc` wrote, before anything else of a file is looked at.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Truncated`], `Damaged`, `WrongKind` or `UnknownVersion`.
    pub fn check(self, bytes: &[u8]) -> Result<(), KeyFileError> {
        #[derive(Deserialize)]
        struct Versioned {
            #[serde(default)]
            format: String,
            version: u64,
        }
        let read: Versioned = serde_json::from_slice(bytes)?;
        let other = match self {
            Self::Account => Self::Key,
            Self::Key => Self::Account,
        };
        if read.format == other.format() {
            return Err(KeyFileError::WrongKind {
                found: other,
                wanted: self,
            });
        }
        if read.version != VERSION {
            return Err(KeyFileError::UnknownVersion { found: read.version });
        }
        if read.format != self.format() {
            return Err(KeyFileError::Damaged("its format does not fit".into()));
        }
        Ok(())
    }
}

/// The JSON of a key file.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    format: String,
    version: u64,
    name: String,
    scheme: String,
    id: KeyId,
    index: u32,
    secret: String,
}

/// The file of one key: what stands in it in the clear can be read, the key is sealed.
#[derive(Clone)]
pub struct KeyFile(Record);

impl KeyFile {
    /// Seals a key under a password. `name` is stated in the file; `work_factor_log2` is
    /// [`WORK_FACTOR_LOG2`](crate::WORK_FACTOR_LOG2) but in tests.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Mnemonic`] or `Encrypt`.
    pub fn seal(name: &str, secret: &KeySecret, password: &str, work_factor_log2: u8) -> Result<Self, KeyFileError> {
        Ok(Self(Record {
            format: Kind::Key.format().into(),
            version: VERSION,
            name: name.into(),
            scheme: SCHEME.into(),
            id: KeyId::of(secret.key()?.public()),
            index: secret.index(),
            secret: seal(secret, password, work_factor_log2)?,
        }))
    }

    /// Reads a file that nobody but its owner can read.
    ///
    /// # Errors
    ///
    /// As [`read_private`] and [`KeyFile::parse`].
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::parse(&read_private(path)?)
    }

    /// Takes the bytes of a file, checked as far as they can be without the password.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Truncated`], `Damaged`, `WrongKind` or `UnknownVersion`.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFileError> {
        Kind::Key.check(bytes)?;
        let record: Record = serde_json::from_slice(bytes)?;
        if record.scheme != SCHEME {
            return Err(KeyFileError::Damaged("its scheme does not fit".into()));
        }
        Ok(Self(record))
    }

    /// The name it states: of its file, where `qc` keeps it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The key's id, as the file states it. Not to be trusted before the file was opened.
    pub fn id(&self) -> KeyId {
        self.0.id
    }

    /// Which of its mnemonic's keys it is, as the file states it.
    pub fn index(&self) -> u32 {
        self.0.index
    }

    /// The secret key. Takes as long as the sealing asks for: about a second.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::WrongPassword`], `Damaged`, `Mnemonic`; `KeyMismatch` if it is another key than the file states.
    pub fn open(&self, password: &str) -> Result<SecretKey, KeyFileError> {
        let secret = open::<KeySecret>(self.0.secret.as_bytes(), password)?.checked()?;
        let key = secret.key()?;
        if secret.index() == self.0.index && KeyId::of(key.public()) == self.0.id {
            Ok(key)
        } else {
            Err(KeyFileError::KeyMismatch)
        }
    }

    /// The text of the file, ending with a line feed.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Encrypt`].
    pub fn to_text(&self) -> Result<String, KeyFileError> {
        let mut text =
            serde_json::to_string_pretty(&self.0).map_err(|error| KeyFileError::Encrypt(error.to_string()))?;
        text.push('\n');
        Ok(text)
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile")
            .field("name", &self.0.name)
            .field("id", &self.0.id)
            .field("index", &self.0.index)
            .finish_non_exhaustive()
    }
}
