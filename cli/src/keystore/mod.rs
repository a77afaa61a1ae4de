//! The keystore: files encrypted at rest, readable by their owner only, written whole or not at all. There are two kinds,
//! accounts (`NAME.json`) and post-quantum keys (`NAME.key`), and neither is taken for the other.
//!
//! A file is a small JSON object. What is not secret (name, address, public key or key id) stands in the clear, so that
//! listing and estimating fees needs no password; the mnemonic is an armoured age file inside, which plain `age -d` opens
//! too. What stands in the clear is not trusted for signing: unlocking derives the key again and compares.

mod error;
mod files;
mod keys;
mod secret;

pub use error::KeystoreError;
pub use keys::KeyEntry;
pub use qc_keyfile::{KeySecret, Kind, WORK_FACTOR_LOG2};
pub use secret::{account_of, Secret};

use self::files::Files;
use crate::ss58::Account;
use qc_keyfile::VERSION;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use subxt_signer::sr25519::Keypair;

/// The only signature scheme of accounts.
const SCHEME: &str = "sr25519";

/// Where an account's mnemonic came from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// From a mnemonic of its owner's.
    Mnemonic,
    /// From the development mnemonic: everybody has this key.
    Dev,
}

/// The JSON of an account file.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    format: String,
    version: u64,
    name: String,
    scheme: String,
    origin: Origin,
    address: String,
    public_key: String,
    secret: String,
}

/// What can be known of an account without its password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its name, which is its file's name too.
    pub name: String,
    /// Whom it signs for.
    pub account: Account,
    /// Where its mnemonic came from.
    pub origin: Origin,
    /// Its file.
    pub path: PathBuf,
}

/// A name in a list, and what is known of it.
pub type Listed<E> = (String, Result<E, KeystoreError>);

/// How to write a file.
#[derive(Clone, Copy, Debug)]
pub struct Sealing<'a> {
    /// The password to lock it with.
    pub password: &'a str,
    /// log₂ of scrypt's N, [`WORK_FACTOR_LOG2`] but in tests.
    pub work_factor_log2: u8,
    /// Replace a file of that name.
    pub force: bool,
}

impl<'a> Sealing<'a> {
    /// As files are written for people.
    pub fn new(password: &'a str, force: bool) -> Self {
        Self {
            password,
            work_factor_log2: WORK_FACTOR_LOG2,
            force,
        }
    }
}

/// A directory of account files and key files.
#[derive(Clone, Debug)]
pub struct Keystore {
    files: Files,
}

impl Keystore {
    /// The keystore in a directory, by default `${XDG_DATA_HOME:-~/.local/share}/qc/accounts`. Nothing is made yet.
    pub fn new(dir: Option<PathBuf>) -> Result<Self, KeystoreError> {
        let set = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let dir = match dir {
            Some(dir) => dir,
            None => set("XDG_DATA_HOME")
                .filter(|path| path.is_absolute())
                .or_else(|| set("HOME").map(|home| home.join(".local/share")))
                .ok_or(KeystoreError::NoHome)?
                .join("qc/accounts"),
        };
        Ok(Self { files: Files { dir } })
    }

    /// Where the files are.
    pub fn dir(&self) -> &Path {
        &self.files.dir
    }

    /// Fails where writing a file of that kind and name would for a reason that can be known before a password is asked for.
    pub fn check_free(&self, kind: Kind, name: &str, force: bool) -> Result<(), KeystoreError> {
        self.files.check_free(kind, name, force)
    }

    /// Writes an account file.
    pub fn create(
        &self,
        name: &str,
        secret: &Secret,
        origin: Origin,
        sealing: Sealing<'_>,
    ) -> Result<Entry, KeystoreError> {
        let path = self.files.path(Kind::Account, name)?;
        let account = account_of(&secret.keypair()?);
        let record = Record {
            format: Kind::Account.format().into(),
            version: VERSION,
            name: name.into(),
            scheme: SCHEME.into(),
            origin,
            address: account.to_string(),
            public_key: account.hex(),
            secret: qc_keyfile::seal(secret, sealing.password, sealing.work_factor_log2)
                .map_err(|error| KeystoreError::of_file(error, &path))?,
        };
        let path = self
            .files
            .write(Kind::Account, name, &pretty(&record)?, sealing.force)?;
        Ok(Entry {
            name: name.into(),
            account,
            origin,
            path,
        })
    }

    /// What a file says of its account, checked as far as it can be without the password.
    pub fn entry(&self, name: &str) -> Result<Entry, KeystoreError> {
        self.read(name).map(|(entry, _)| entry)
    }

    /// All accounts by name; one that cannot be read is in the list as its error.
    pub fn list(&self) -> Result<Vec<Listed<Entry>>, KeystoreError> {
        let names = self.files.names(Kind::Account)?;
        Ok(names
            .into_iter()
            .map(|name| (name.clone(), self.entry(&name)))
            .collect())
    }

    /// The key of an account.
    pub fn unlock(&self, name: &str, password: &str) -> Result<Keypair, KeystoreError> {
        let (entry, record) = self.read(name)?;
        let keypair = qc_keyfile::open::<Secret>(record.secret.as_bytes(), password)
            .map_err(|error| KeystoreError::of_file(error, &entry.path))?
            .checked()?
            .keypair()?;
        if account_of(&keypair) == entry.account {
            Ok(keypair)
        } else {
            Err(KeystoreError::KeyMismatch(entry.path))
        }
    }

    /// Removes a file for good. A damaged one can be removed too.
    pub fn remove(&self, kind: Kind, name: &str) -> Result<PathBuf, KeystoreError> {
        self.files.remove(kind, name)
    }

    /// Reads and checks an account file.
    fn read(&self, name: &str) -> Result<(Entry, Record), KeystoreError> {
        let (path, bytes) = self.files.read(Kind::Account, name)?;
        let damaged = |what: String| KeystoreError::Damaged {
            path: path.clone(),
            what,
        };
        let record: Record = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let account = Account::parse(&record.address).map_err(|error| damaged(error.to_string()))?;
        let differs = [
            (record.name != name, "name"),
            (record.scheme != SCHEME, "scheme"),
            (record.public_key != account.hex(), "public key"),
        ];
        if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
            return Err(damaged(format!("its {what} does not fit")));
        }
        Ok((
            Entry {
                name: name.into(),
                account,
                origin: record.origin,
                path,
            },
            record,
        ))
    }
}

/// A record as the text of a file.
fn pretty(record: &impl Serialize) -> Result<String, KeystoreError> {
    let mut text = serde_json::to_string_pretty(record).map_err(|error| KeystoreError::Encrypt(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests;
