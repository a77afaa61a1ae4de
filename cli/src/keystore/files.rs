//! The files of the keystore, whatever is in them: where they are, who may read them, and how they are written.

use super::{KeystoreError, Kind};
use crate::parties::is_dev_name;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The longest name of an account or a key.
const NAME_CHARS_MAX: usize = 32;

/// The most files that are listed.
const FILES_MAX: usize = 10_000;

/// The ending of files of a kind. An account and a key may have the same name; neither file is taken for the other.
fn ending(kind: Kind) -> &'static str {
    match kind {
        Kind::Account => "json",
        Kind::Key => "key",
    }
}

/// The kind of a file, by its ending.
pub(super) fn kind_of(path: &Path) -> Kind {
    if path.extension().is_some_and(|found| found == ending(Kind::Key)) {
        Kind::Key
    } else {
        Kind::Account
    }
}

/// A directory of files that only their owner can read.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub dir: PathBuf,
}

impl Files {
    /// The file of a name.
    pub fn path(&self, kind: Kind, name: &str) -> Result<PathBuf, KeystoreError> {
        check_name(kind, name)?;
        Ok(self.dir.join(name).with_extension(ending(kind)))
    }

    /// Fails where [`Files::write`] would for a reason that can be known before a password is asked for.
    pub fn check_free(&self, kind: Kind, name: &str, force: bool) -> Result<(), KeystoreError> {
        let path = self.path(kind, name)?;
        match path.symlink_metadata() {
            Ok(_) if !force => Err(KeystoreError::Exists(path)),
            _ => Ok(()),
        }
    }

    /// Writes a file whole or not at all; replaces one of that name only if `force`.
    pub fn write(&self, kind: Kind, name: &str, text: &str, force: bool) -> Result<PathBuf, KeystoreError> {
        let path = self.path(kind, name)?;
        self.ensure_dir()?;
        write_whole(&path, text.as_bytes(), force)?;
        Ok(path)
    }

    /// Reads a file that is of the kind and version, and that nobody else can read.
    pub fn read(&self, kind: Kind, name: &str) -> Result<(PathBuf, Vec<u8>), KeystoreError> {
        let path = self.path(kind, name)?;
        let io = |error: std::io::Error| KeystoreError::Io {
            path: path.clone(),
            error: error.to_string(),
        };
        match path.symlink_metadata() {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(self.not_found(kind, name)),
            Err(error) => return Err(io(error)),
        }
        self.check_dir()?;
        let bytes = qc_keyfile::read_private(&path)
            .and_then(|bytes| kind.check(&bytes).map(|()| bytes))
            .map_err(|error| KeystoreError::of_file(error, &path))?;
        Ok((path, bytes))
    }

    /// The names of the files of a kind, sorted.
    pub fn names(&self, kind: Kind) -> Result<Vec<String>, KeystoreError> {
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
        for file in files.take(FILES_MAX) {
            let path = file.map_err(io)?.path();
            let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let ends_well = path.extension().is_some_and(|found| found == ending(kind));
            if ends_well && check_name(kind, name).is_ok() {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Removes a file for good. A damaged one can be removed too.
    pub fn remove(&self, kind: Kind, name: &str) -> Result<PathBuf, KeystoreError> {
        let path = self.path(kind, name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(self.not_found(kind, name)),
            Err(error) => Err(KeystoreError::Io {
                path,
                error: error.to_string(),
            }),
        }
    }

    fn not_found(&self, kind: Kind, name: &str) -> KeystoreError {
        KeystoreError::NotFound {
            kind,
            name: name.into(),
            dir: self.dir.clone(),
        }
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

/// Names are file names on every system, and never the name of a key that everybody has.
fn check_name(kind: Kind, name: &str) -> Result<(), KeystoreError> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    if !starts_well || name.len() > NAME_CHARS_MAX || !name.bytes().all(fits) || is_dev_name(name) {
        return Err(KeystoreError::BadName {
            kind,
            name: name.into(),
        });
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
