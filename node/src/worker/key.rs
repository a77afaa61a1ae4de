//! The key that a validator's node signs its reports with.

use qc_keyfile::{read_password, KeyFile, KeyFileError};
use qc_pqc::{derive::development_seed, KeyId, SecretKey};
use std::path::{Path, PathBuf};
use thiserror::Error;
use zeroize::Zeroizing;

/// The well-known validators of the presets: those whose key the genesis has.
const WELL_KNOWN: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

/// A key that is open.
#[derive(Debug)]
pub struct ReportingKey {
    /// Its id in the key ledger.
    pub id: KeyId,
    /// What signs.
    pub secret: SecretKey,
}

impl From<SecretKey> for ReportingKey {
    fn from(secret: SecretKey) -> Self {
        Self {
            id: KeyId::of(secret.public()),
            secret,
        }
    }
}

/// Why there is no key to report with.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The key file.
    #[error("the key file {}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyFileError,
    },
    /// The password file.
    #[error("the password file {}: {error}", path.display())]
    Password {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyFileError,
    },
    /// No terminal to ask at.
    #[error("there is no terminal to ask for the password of {} ({error}): give --pqc-password-file", path.display())]
    NoTerminal {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Opens a key file, with the password from a file or, where none is named, from the terminal.
///
/// # Errors
///
/// The file is no key file that this node may use, or the password does not open it.
pub fn open(key_file: &Path, password_file: Option<&Path>) -> Result<ReportingKey, KeyError> {
    let failed = |error| KeyError::File {
        path: key_file.into(),
        error,
    };
    // Read first, so that nobody types a password for a file that there is not.
    let file = KeyFile::read(key_file).map_err(failed)?;
    let password = match password_file {
        Some(path) => read_password(path).map_err(|error| KeyError::Password {
            path: path.into(),
            error,
        })?,
        None => ask(key_file)?,
    };
    file.open(&password).map(Into::into).map_err(failed)
}

fn ask(key_file: &Path) -> Result<Zeroizing<String>, KeyError> {
    rpassword::prompt_password(format!("Password of {}: ", key_file.display()))
        .map(Zeroizing::new)
        .map_err(|error| KeyError::NoTerminal {
            path: key_file.into(),
            error,
        })
}

/// The key of a well-known validator, by the seed of its session keys (`//Alice`), and its name. Everybody knows it; chains of
/// development and of one machine have it in their genesis. `None` of anybody else.
pub fn development(seed: &str) -> Option<(ReportingKey, &'static str)> {
    let name = seed.strip_prefix("//")?;
    let name = WELL_KNOWN.into_iter().find(|one| *one == name)?;
    Some((SecretKey::from_seed(&development_seed(name)).into(), name))
}
