//! Files of post-quantum keys.

use super::files::VERSION;
use super::{pretty, seal, KeySecret, Keystore, KeystoreError, Kind, Listed, Sealing};
use qc_pqc::{KeyId, SecretKey};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The only signature scheme of keys so far.
const SCHEME: &str = "ml-dsa-87";

/// The JSON of a key file.
#[derive(Deserialize, Serialize)]
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

/// What can be known of a key without its password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyEntry {
    /// Its name, which is its file's name too.
    pub name: String,
    /// Its id, by which the key ledger knows it.
    pub id: KeyId,
    /// Which of its mnemonic's keys it is.
    pub index: u32,
    /// Its file.
    pub path: PathBuf,
}

impl Keystore {
    /// Writes a key file.
    pub fn create_key(&self, name: &str, secret: &KeySecret, sealing: Sealing<'_>) -> Result<KeyEntry, KeystoreError> {
        self.files.path(Kind::Key, name)?;
        let record = Record {
            format: Kind::Key.format().into(),
            version: VERSION,
            name: name.into(),
            scheme: SCHEME.into(),
            id: KeyId::of(secret.key()?.public()),
            index: secret.index(),
            secret: seal::seal(secret, sealing.password, sealing.work_factor_log2)?,
        };
        let path = self.files.write(Kind::Key, name, &pretty(&record)?, sealing.force)?;
        Ok(KeyEntry {
            name: name.into(),
            id: record.id,
            index: record.index,
            path,
        })
    }

    /// What a file says of its key, checked as far as it can be without the password.
    pub fn key(&self, name: &str) -> Result<KeyEntry, KeystoreError> {
        self.read_key(name).map(|(entry, _)| entry)
    }

    /// All keys by name; one that cannot be read is in the list as its error.
    pub fn keys(&self) -> Result<Vec<Listed<KeyEntry>>, KeystoreError> {
        let names = self.files.names(Kind::Key)?;
        Ok(names.into_iter().map(|name| (name.clone(), self.key(&name))).collect())
    }

    /// The file of a key that is known by its id, if there is one here that can be read.
    pub fn key_of(&self, id: &KeyId) -> Result<Option<KeyEntry>, KeystoreError> {
        let found = self.keys()?.into_iter().filter_map(|(_, entry)| entry.ok());
        Ok(found.into_iter().find(|entry| entry.id == *id))
    }

    /// The secret key.
    pub fn unlock_key(&self, name: &str, password: &str) -> Result<SecretKey, KeystoreError> {
        let (entry, record) = self.read_key(name)?;
        let secret = seal::open::<KeySecret>(record.secret.as_bytes(), password, &entry.path)?.checked()?;
        let key = secret.key()?;
        if secret.index() == entry.index && KeyId::of(key.public()) == entry.id {
            Ok(key)
        } else {
            Err(KeystoreError::KeyMismatch(entry.path))
        }
    }

    /// Reads and checks a key file.
    fn read_key(&self, name: &str) -> Result<(KeyEntry, Record), KeystoreError> {
        let (path, bytes) = self.files.read(Kind::Key, name)?;
        let damaged = |what: String| KeystoreError::Damaged {
            path: path.clone(),
            what,
        };
        let record: Record = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        for (differs, what) in [(record.name != name, "name"), (record.scheme != SCHEME, "scheme")] {
            if differs {
                return Err(damaged(format!("its {what} does not fit")));
            }
        }
        let entry = KeyEntry {
            name: name.into(),
            id: record.id,
            index: record.index,
            path,
        };
        Ok((entry, record))
    }
}
