//! What was signed last, on disk: so that a node that starts again sends what it signed, and never signs anything else about
//! the same epoch.

use codec::{Decode, DecodeAll, Encode};
use qc_harmonics::sync::Report;
use qc_pqc::{KeyId, Signature};
use sp_core::{crypto::AccountId32, H256};
use sp_io::hashing::blake2_256;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// What a file begins with: what it is, and the version of its form.
const MAGIC: &[u8] = b"qc/signed-report/1";

/// Bytes of the hash that a file ends with.
const HASH_BYTES: usize = 32;

/// The largest file that can be one: a report and a signature take less than 5,000 bytes.
const FILE_BYTES_MAX: u64 = 16_384;

/// A report and the signature under it.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
pub struct Signed {
    /// What is reported.
    pub report: Report,
    /// The key that signed.
    pub key: KeyId,
    /// Its signature.
    pub signature: Signature,
}

/// Why it is not known what was signed last, or could not be written down.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The file system said no.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file is not one, or not whole.
    #[error("{0} is damaged; remove it, if this validator reports from no other machine")]
    Damaged(PathBuf),
}

/// A folder with a file for each validator of a chain that reported from here.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
    genesis: H256,
}

impl Journal {
    /// In a folder, which is made when something is written.
    pub fn new(folder: PathBuf, genesis: H256) -> Self {
        Self { folder, genesis }
    }

    /// The file of a validator. A chain of another genesis has another one.
    pub fn path(&self, validator: &AccountId32) -> PathBuf {
        let chain = blake2_256(&(self.genesis, validator).encode());
        let name: String = chain.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{name}.signed"))
    }

    /// What a validator signed last; `None` if nothing is known of it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is damaged.
    pub fn last(&self, validator: &AccountId32) -> Result<Option<Signed>, JournalError> {
        let path = self.path(validator);
        let failed = |error| JournalError::Io {
            path: path.clone(),
            error,
        };
        match fs::metadata(&path) {
            Ok(found) if found.len() > FILE_BYTES_MAX => return Err(JournalError::Damaged(path)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let bytes = fs::read(&path).map_err(failed)?;
        match parse(&bytes) {
            Some(signed) => Ok(Some(signed)),
            None => Err(JournalError::Damaged(path)),
        }
    }

    /// Writes down what a validator signed, whole or not at all, down to the disk.
    ///
    /// # Errors
    ///
    /// The file cannot be written. What was signed must not be sent then.
    pub fn write(&self, validator: &AccountId32, signed: &Signed) -> Result<(), JournalError> {
        let path = self.path(validator);
        let written = fs::create_dir_all(&self.folder).and_then(|()| write_whole(&self.folder, &path, &text(signed)));
        written.map_err(|error| JournalError::Io { path, error })
    }
}

fn text(signed: &Signed) -> Vec<u8> {
    let mut bytes = [MAGIC, &signed.encode()].concat();
    let hash = blake2_256(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

fn parse(bytes: &[u8]) -> Option<Signed> {
    let (body, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_BYTES)?)?;
    if blake2_256(body) != hash {
        return None;
    }
    Signed::decode_all(&mut body.strip_prefix(MAGIC)?).ok()
}

/// A temporary file beside it, flushed to the disk, then given its name, and the folder flushed too.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}
