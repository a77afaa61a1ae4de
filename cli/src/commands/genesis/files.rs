//! Files of a ceremony: read up to a bound, written whole or not at all.

use crate::cli::Out;
use crate::errors::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Reads a file of at most so many bytes.
pub fn read(path: &Path, max: usize) -> Result<Vec<u8>> {
    let failed = |what: String| {
        Error::usage(
            "file_unreadable",
            format!("{}: {what}", path.display()),
            "check the path, and that it is the file you mean",
        )
    };
    // One byte more, to see whether there are more.
    let bound = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(bound).read_to_end(&mut bytes))
        .map_err(|error| failed(error.to_string()))?;
    if bytes.len() > max {
        return Err(failed(format!("it is larger than {max} bytes")));
    }
    Ok(bytes)
}

/// The file to write, which must not be there unless it is to be replaced.
pub fn target(out: &Out, default: impl FnOnce() -> String) -> Result<PathBuf> {
    let path = out.out.clone().unwrap_or_else(|| default().into());
    if !out.force && path.symlink_metadata().is_ok() {
        return Err(exists(&path));
    }
    Ok(path)
}

/// Writes a file that everybody may read: a temporary one beside it, flushed to the disk, then given its name.
pub fn write(path: &Path, text: &str, force: bool) -> Result<()> {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let temporary = path.with_extension(format!("{}-{}.tmp", std::process::id(), now.as_nanos()));
    let written = write_synced(&temporary, text.as_bytes()).and_then(|()| {
        if force {
            fs::rename(&temporary, path)
        } else {
            // A link, unlike a rename, fails where the name is taken, also by somebody who was quicker.
            fs::hard_link(&temporary, path).and_then(|()| fs::remove_file(&temporary))
        }
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            return exists(path);
        }
        Error::usage(
            "file_unwritable",
            format!("{}: {error}", path.display()),
            "check that the directory exists and is yours",
        )
    })
}

fn exists(path: &Path) -> Error {
    Error::usage(
        "file_exists",
        format!("there is already a file {}", path.display()),
        "choose another name with --out, or replace it with --force",
    )
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<impl std::fmt::Debug>) -> &'static str {
        result.expect_err("it is refused").code()
    }

    #[test]
    fn nothing_is_replaced_unless_asked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("card.json");
        write(&path, "one", false).unwrap();
        assert_eq!(code(write(&path, "two", false)), "file_exists");
        assert_eq!(read(&path, 3).unwrap(), b"one");
        write(&path, "two", true).unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        let out = |force| Out {
            out: Some(path.clone()),
            force,
        };
        assert_eq!(code(target(&out(false), String::new)), "file_exists");
        assert_eq!(target(&out(true), String::new).unwrap(), path);
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("large");
        write(&path, "four", false).unwrap();
        assert_eq!(code(read(&path, 3)), "file_unreadable");
        assert_eq!(code(read(&dir.path().join("absent"), 3)), "file_unreadable");
        assert_eq!(code(read(dir.path(), 3)), "file_unreadable");
        assert_eq!(
            code(write(&dir.path().join("absent/file"), "", false)),
            "file_unwritable"
        );
    }
}
