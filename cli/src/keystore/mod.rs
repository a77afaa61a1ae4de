//! Account files: encrypted at rest, readable by their owner only, written whole or not at all.
//!
//! A file is a small JSON object. What is not secret (name, address, public key) stands in the clear, so that listing
//! accounts and estimating fees needs no password; the mnemonic is an armoured age file inside, which plain `age -d` opens
//! too. What stands in the clear is not trusted for signing: [`Keystore::unlock`] derives the key again and compares.

mod error;
mod seal;

pub use error::KeystoreError;
pub use seal::{account_of, Secret, WORK_FACTOR_LOG2};

use crate::parties::is_dev_name;
use crate::ss58::Account;
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use subxt_signer::sr25519::Keypair;

/// The version of the files that are written and read.
const VERSION: u64 = 1;

/// What `format` says in every account file.
const FORMAT: &str = "qc-account";

/// The only signature scheme so far.
const SCHEME: &str = "sr25519";

/// The ending of account files.
const ENDING: &str = "json";

/// The longest name of an account.
const NAME_CHARS_MAX: usize = 32;

/// The largest file that can be an account file.
const FILE_BYTES_MAX: u64 = 65_536;

/// The most accounts that are listed.
const ACCOUNTS_MAX: usize = 10_000;

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

/// A name in the list of accounts, and what is known of it.
pub type Listed = (String, Result<Entry, KeystoreError>);

/// A directory of account files.
#[derive(Clone, Debug)]
pub struct Keystore {
    dir: PathBuf,
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
        Ok(Self { dir })
    }

    /// Where the files are.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Fails where [`Keystore::create`] would for a reason that can be known before a password is asked for.
    pub fn check_free(&self, name: &str, force: bool) -> Result<(), KeystoreError> {
        let path = self.path(name)?;
        match path.symlink_metadata() {
            Ok(_) if !force => Err(KeystoreError::Exists(path)),
            _ => Ok(()),
        }
    }

    /// Writes an account file, sealed under `password`; replaces one of that name only if `force`.
    pub fn create(
        &self,
        name: &str,
        secret: &Secret,
        origin: Origin,
        password: &str,
        work_factor_log2: u8,
        force: bool,
    ) -> Result<Entry, KeystoreError> {
        let path = self.path(name)?;
        let account = account_of(&secret.keypair()?);
        let record = Record {
            format: FORMAT.into(),
            version: VERSION,
            name: name.into(),
            scheme: SCHEME.into(),
            origin,
            address: account.to_string(),
            public_key: account.hex(),
            secret: seal::seal(secret, password, work_factor_log2)?,
        };
        let mut text =
            serde_json::to_string_pretty(&record).map_err(|error| KeystoreError::Encrypt(error.to_string()))?;
        text.push('\n');
        self.ensure_dir()?;
        write_whole(&path, text.as_bytes(), force)?;
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
    pub fn list(&self) -> Result<Vec<Listed>, KeystoreError> {
        let io = |error: std::io::Error| KeystoreError::Io {
            path: self.dir.clone(),
            error: error.to_string(),
        };
        let files = match fs::read_dir(&self.dir) {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(error)),
        };
        self.check_dir()?;
        let mut names = Vec::new();
        for file in files.take(ACCOUNTS_MAX) {
            let path = file.map_err(io)?.path();
            let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|ending| ending == ENDING) && check_name(name).is_ok() {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names
            .into_iter()
            .map(|name| (name.clone(), self.entry(&name)))
            .collect())
    }

    /// The key of an account.
    pub fn unlock(&self, name: &str, password: &str) -> Result<Keypair, KeystoreError> {
        let (entry, record) = self.read(name)?;
        let keypair = seal::open(record.secret.as_bytes(), password, &entry.path)?.keypair()?;
        if account_of(&keypair) == entry.account {
            Ok(keypair)
        } else {
            Err(KeystoreError::KeyMismatch(entry.path))
        }
    }

    /// Removes an account file for good. A damaged one can be removed too.
    pub fn remove(&self, name: &str) -> Result<PathBuf, KeystoreError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(KeystoreError::NotFound {
                name: name.into(),
                dir: self.dir.clone(),
            }),
            Err(error) => Err(KeystoreError::Io {
                path,
                error: error.to_string(),
            }),
        }
    }

    /// The file of an account.
    fn path(&self, name: &str) -> Result<PathBuf, KeystoreError> {
        check_name(name)?;
        Ok(self.dir.join(name).with_extension(ENDING))
    }

    /// Reads and checks a file.
    fn read(&self, name: &str) -> Result<(Entry, Record), KeystoreError> {
        let path = self.path(name)?;
        let damaged = |what: String| KeystoreError::Damaged {
            path: path.clone(),
            what,
        };
        let io = |error: std::io::Error| KeystoreError::Io {
            path: path.clone(),
            error: error.to_string(),
        };
        let metadata = match path.symlink_metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(KeystoreError::NotFound {
                    name: name.into(),
                    dir: self.dir.clone(),
                })
            }
            Err(error) => return Err(io(error)),
        };
        self.check_dir()?;
        if !metadata.is_file() || metadata.len() > FILE_BYTES_MAX {
            return Err(KeystoreError::NotAFile(path));
        }
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeystoreError::TooOpen {
                path,
                mode,
                wanted: 0o600,
            });
        }
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
            .map_err(io)?;
        check_version(&bytes, &path)?;
        let record: Record = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let account = Account::parse(&record.address).map_err(|error| damaged(error.to_string()))?;
        let differs = [
            (record.format != FORMAT, "format"),
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

    /// Makes the directory, for its owner only, or checks that it is so.
    fn ensure_dir(&self) -> Result<(), KeystoreError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .map_err(|error| KeystoreError::Io {
                path: self.dir.clone(),
                error: error.to_string(),
            })?;
        self.check_dir()
    }

    /// Refuses a directory that others can enter.
    fn check_dir(&self) -> Result<(), KeystoreError> {
        let io = |error: std::io::Error| KeystoreError::Io {
            path: self.dir.clone(),
            error: error.to_string(),
        };
        let mode = self.dir.metadata().map_err(io)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeystoreError::TooOpen {
                path: self.dir.clone(),
                mode,
                wanted: 0o700,
            });
        }
        Ok(())
    }
}

/// Refuses what another version of `qc` wrote before anything else of it is looked at.
fn check_version(bytes: &[u8], path: &Path) -> Result<(), KeystoreError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    match serde_json::from_slice::<Versioned>(bytes) {
        Ok(Versioned { version: VERSION }) => Ok(()),
        Ok(Versioned { version }) => Err(KeystoreError::UnknownVersion {
            path: path.into(),
            found: version,
            known: VERSION,
        }),
        Err(error) => Err(KeystoreError::Damaged {
            path: path.into(),
            what: error.to_string(),
        }),
    }
}

/// Names are file names on every system, and never the name of a key that everybody has.
fn check_name(name: &str) -> Result<(), KeystoreError> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    if !starts_well || name.len() > NAME_CHARS_MAX || !name.bytes().all(fits) || is_dev_name(name) {
        return Err(KeystoreError::BadName(name.into()));
    }
    Ok(())
}

/// Writes a file whole or not at all: a temporary one beside it, flushed to the disk, then given its name.
fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Result<(), KeystoreError> {
    let io = |error: std::io::Error| KeystoreError::Io {
        path: path.into(),
        error: error.to_string(),
    };
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let temporary = path.with_extension(format!("{}-{}.tmp", std::process::id(), now.as_nanos()));
    let written = write_synced(&temporary, bytes).and_then(|()| {
        if force {
            fs::rename(&temporary, path)
        } else {
            // A link, unlike a rename, fails where the name is taken, also by somebody who was quicker.
            fs::hard_link(&temporary, path).and_then(|()| fs::remove_file(&temporary))
        }
    });
    if let Err(error) = written {
        // Best effort: what is left is sealed as well as the file itself would be.
        let _ = fs::remove_file(&temporary);
        return Err(match error.kind() {
            std::io::ErrorKind::AlreadyExists => KeystoreError::Exists(path.into()),
            _ => io(error),
        });
    }
    match path.parent() {
        Some(dir) => File::open(dir).and_then(|dir| dir.sync_all()).map_err(io),
        None => Ok(()),
    }
}

/// Writes a new file that only its owner can read, down to the disk.
fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
