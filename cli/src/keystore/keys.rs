//! Files of post-quantum keys.

use super::{KeySecret, Keystore, KeystoreError, Kind, Listed, Sealing};
use qc_keyfile::KeyFile;
use qc_pqc::{KeyId, SecretKey};
use std::path::PathBuf;

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
        let path = self.files.path(Kind::Key, name)?;
        let file = KeyFile::seal(name, secret, sealing.password, sealing.work_factor_log2)
            .map_err(|error| KeystoreError::of_file(error, &path))?;
        let text = file.to_text().map_err(|error| KeystoreError::of_file(error, &path))?;
        let path = self.files.write(Kind::Key, name, &text, sealing.force)?;
        Ok(KeyEntry {
            name: name.into(),
            id: file.id(),
            index: file.index(),
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
        let (entry, file) = self.read_key(name)?;
        file.open(password)
            .map_err(|error| KeystoreError::of_file(error, &entry.path))
    }

    /// Reads and checks a key file.
    fn read_key(&self, name: &str) -> Result<(KeyEntry, KeyFile), KeystoreError> {
        let (path, bytes) = self.files.read(Kind::Key, name)?;
        let file = KeyFile::parse(&bytes).map_err(|error| KeystoreError::of_file(error, &path))?;
        if file.name() != name {
            return Err(KeystoreError::Damaged {
                path,
                what: "its name does not fit".into(),
            });
        }
        let entry = KeyEntry {
            name: name.into(),
            id: file.id(),
            index: file.index(),
            path,
        };
        Ok((entry, file))
    }
}
