//! Files that nobody but their owner can read.

use crate::KeyFileError;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// The largest file that is read, in bytes: a key file has about 1,100.
pub const FILE_BYTES_MAX: u64 = 65_536;

/// The most bytes that a password file may have.
pub const PASSWORD_BYTES_MAX: usize = 4_096;

/// The permission bits that such a file ought to have.
pub const MODE: u32 = 0o600;

/// Reads a regular file of at most [`FILE_BYTES_MAX`] bytes that nobody but its owner can read or write. A link is none.
///
/// # Errors
///
/// [`KeyFileError::Absent`], `NotAFile`, `TooLarge`, `TooOpen` or `Io`.
pub fn read_private(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    // Asked before it is opened: opening a pipe waits for whoever writes into it.
    check(&path.symlink_metadata()?)?;
    let file = File::open(path)?;
    // Asked again of what was opened, in case the name has come to mean something else in between.
    check(&file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).map_or(true, |read| read > FILE_BYTES_MAX) {
        return Err(KeyFileError::TooLarge { max: FILE_BYTES_MAX });
    }
    Ok(bytes)
}

fn check(metadata: &Metadata) -> Result<(), KeyFileError> {
    if !metadata.is_file() {
        return Err(KeyFileError::NotAFile);
    }
    if metadata.len() > FILE_BYTES_MAX {
        return Err(KeyFileError::TooLarge { max: FILE_BYTES_MAX });
    }
    check_mode(metadata)
}

fn check_mode(metadata: &Metadata) -> Result<(), KeyFileError> {
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::TooOpen { mode });
    }
    Ok(())
}

/// The first line of a file, as it is, for a password. A regular file must be its owner's alone; a pipe is fine.
///
/// # Errors
///
/// [`KeyFileError::TooOpen`]; `TooLarge` for more than [`PASSWORD_BYTES_MAX`] bytes; `Damaged` if it is not UTF-8; `Empty` if
/// its first line is; `Absent` or `Io`.
pub fn read_password(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        check_mode(&metadata)?;
    }
    read_first_line(file)
}

/// The first line of what is read, as it is, for a password, into memory that is wiped.
///
/// # Errors
///
/// [`KeyFileError::TooLarge`] for more than [`PASSWORD_BYTES_MAX`] bytes; `Damaged` if it is not UTF-8; `Empty` if its first
/// line is; or `Io`.
pub fn read_first_line(reader: impl Read) -> Result<Zeroizing<String>, KeyFileError> {
    let mut reader = reader;
    // All of the room at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(vec![0u8; PASSWORD_BYTES_MAX + 1]);
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    if filled > PASSWORD_BYTES_MAX {
        let max = u64::try_from(PASSWORD_BYTES_MAX).unwrap_or(u64::MAX);
        return Err(KeyFileError::TooLarge { max });
    }
    let text = bytes.get(..filled).map(std::str::from_utf8);
    let Some(Ok(text)) = text else {
        return Err(KeyFileError::Damaged("it is not text".into()));
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
        _ => Err(KeyFileError::Empty),
    }
}
