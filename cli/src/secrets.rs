//! Passwords and mnemonics on their way in: from a prompt, a file or standard input, never from the command line.

use crate::keystore::{KeystoreError, Kind};
use qc_keyfile::{read_first_line, read_password, KeyFileError};
use std::cell::OnceCell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

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
        match self {
            Self::Prompt => prompt(what),
            Self::File(path) => read_file(path),
            Self::Stdin => read_first_line(std::io::stdin().lock())
                .map_err(|error| KeystoreError::NoSecret(format!("standard input: {error}"))),
        }
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

/// Reads the first line of a file that nobody but its owner can read. Pipes are fine: `--password-file <(pass show qc)`.
fn read_file(path: &Path) -> Result<Zeroizing<String>, KeystoreError> {
    read_password(path).map_err(|error| match error {
        KeyFileError::TooOpen { mode } => KeystoreError::TooOpen {
            path: path.into(),
            mode,
            wanted: 0o600,
        },
        KeyFileError::Empty => KeystoreError::NoSecret("it is empty".into()),
        other => KeystoreError::Io {
            path: path.into(),
            error: other.to_string(),
        },
    })
}

/// Whether somebody sits at the terminal to be asked.
pub fn interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

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
