//! Passwords and mnemonics on their way in: from a prompt, a file or standard input, never from the command line.

use crate::keystore::{KeystoreError, Kind};
use std::cell::OnceCell;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The most bytes that a password or a mnemonic may take.
const SECRET_BYTES_MAX: usize = 4_096;

/// The shortest password that a new account file is locked with.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// Where a secret comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// Typed at the terminal, without echo.
    Prompt,
    /// The first line of a file that only its owner can read.
    File(PathBuf),
    /// The first line of standard input.
    Stdin,
}

impl Source {
    /// Chooses by what the command line gave.
    pub fn new(file: Option<&PathBuf>, stdin: bool) -> Self {
        match (file, stdin) {
            (Some(file), _) => Self::File(file.clone()),
            (None, true) => Self::Stdin,
            (None, false) => Self::Prompt,
        }
    }

    /// Reads the secret; `what` is the prompt.
    pub fn read(&self, what: &str) -> Result<Zeroizing<String>, KeystoreError> {
        let text = match self {
            Self::Prompt => return prompt(what),
            Self::File(path) => read_file(path)?,
            Self::Stdin => read_bounded(std::io::stdin().lock())
                .map_err(|error| KeystoreError::NoSecret(format!("standard input: {error}")))?,
        };
        let line = text.lines().next().unwrap_or_default();
        if line.is_empty() {
            return Err(KeystoreError::NoSecret("it is empty".into()));
        }
        Ok(Zeroizing::new(line.to_owned()))
    }

    /// Reads a password for a new file: long enough and, at a terminal, typed twice.
    pub fn read_new_password(&self, kind: Kind) -> Result<Zeroizing<String>, KeystoreError> {
        let password = self.read(&format!("New password for the {} file: ", kind.noun()))?;
        if password.chars().count() < PASSWORD_CHARS_MIN {
            return Err(KeystoreError::PasswordTooShort);
        }
        if *self == Self::Prompt && prompt("The same password again: ")? != password {
            return Err(KeystoreError::PasswordsDiffer);
        }
        Ok(password)
    }
}

/// The passwords of the files that one command opens: from a file or standard input one for all of them, read once; at a
/// prompt each is asked for by the name of its file.
pub struct Passwords {
    source: Source,
    read: OnceCell<Zeroizing<String>>,
}

impl Passwords {
    /// From where the command line says.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            read: OnceCell::new(),
        }
    }

    /// The password of a file.
    pub fn of(&self, kind: Kind, name: &str) -> Result<Zeroizing<String>, KeystoreError> {
        if self.source == Source::Prompt {
            return self.source.read(&format!("Password of the {} {name}: ", kind.noun()));
        }
        if let Some(password) = self.read.get() {
            return Ok(password.clone());
        }
        let password = self.source.read("")?;
        Ok(self.read.get_or_init(|| password).clone())
    }
}

/// Asks at the terminal, without echo.
fn prompt(what: &str) -> Result<Zeroizing<String>, KeystoreError> {
    rpassword::prompt_password(what)
        .map(Zeroizing::new)
        .map_err(|error| KeystoreError::NoTerminal(error.to_string()))
}

/// Reads a small file that nobody but its owner can read. Pipes are fine: `--password-file <(pass show qc)`.
fn read_file(path: &Path) -> Result<Zeroizing<String>, KeystoreError> {
    let failed = |error: std::io::Error| KeystoreError::Io {
        path: path.into(),
        error: error.to_string(),
    };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o077 != 0 {
        return Err(KeystoreError::TooOpen {
            path: path.into(),
            mode,
            wanted: 0o600,
        });
    }
    read_bounded(file).map_err(failed)
}

/// Reads text of at most [`SECRET_BYTES_MAX`], into memory that is wiped.
fn read_bounded(reader: impl Read) -> std::io::Result<Zeroizing<String>> {
    // All of the room at once: a string that grows leaves copies behind.
    let mut bytes = Zeroizing::new(vec![0u8; SECRET_BYTES_MAX + 1]);
    let mut reader = reader;
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if filled > SECRET_BYTES_MAX {
        return Err(std::io::Error::other("it is too long"));
    }
    let text = bytes.get(..filled).map(std::str::from_utf8);
    match text {
        Some(Ok(text)) => Ok(Zeroizing::new(text.to_owned())),
        _ => Err(std::io::Error::other("it is not text")),
    }
}

/// Whether somebody sits at the terminal to be asked.
pub fn interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(mode: u32, content: &[u8]) -> (tempfile::TempDir, Source) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        File::create(&path).unwrap().write_all(content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let source = Source::new(Some(&path), false);
        (dir, source)
    }

    #[test]
    fn takes_the_first_line_as_it_is() {
        let (_dir, source) = file(0o600, b" correct horse \nbattery\n");
        assert_eq!(source.read("").unwrap().as_str(), " correct horse ");
    }

    /// Standard input can be read only once, and one password may have to open several files.
    #[test]
    fn one_file_is_read_once_for_all() {
        let (dir, source) = file(0o600, b"correct horse\n");
        let passwords = Passwords::new(source);
        assert_eq!(passwords.of(Kind::Key, "vault").unwrap().as_str(), "correct horse");
        drop(dir);
        assert_eq!(passwords.of(Kind::Account, "till").unwrap().as_str(), "correct horse");
    }

    #[test]
    fn refuses_what_others_can_read() {
        for mode in [0o640, 0o604, 0o660] {
            let (_dir, source) = file(mode, b"correct horse");
            assert!(
                matches!(source.read(""), Err(KeystoreError::TooOpen { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_password() {
        let (_dir, empty) = file(0o600, b"\n");
        assert!(matches!(empty.read(""), Err(KeystoreError::NoSecret(_))));
        let (_dir, long) = file(0o600, &[b'x'; 5_000]);
        assert!(matches!(long.read(""), Err(KeystoreError::Io { .. })));
        let (_dir, binary) = file(0o600, &[0xff, 0xfe]);
        assert!(matches!(binary.read(""), Err(KeystoreError::Io { .. })));
        let (_dir, short) = file(0o600, b"1234567\n");
        assert!(matches!(
            short.read_new_password(Kind::Account),
            Err(KeystoreError::PasswordTooShort)
        ));
        assert!(matches!(
            Source::File("/nonexistent/password".into()).read(""),
            Err(KeystoreError::Io { .. })
        ));
    }
}
