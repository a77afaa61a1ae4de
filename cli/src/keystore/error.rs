//! What can be wrong with account files, passwords and mnemonics.

use super::{files::kind_of, Kind};
use crate::secrets::PASSWORD_CHARS_MIN;
use qc_keyfile::{KeyFileError, MnemonicError, VERSION};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What is wrong with an account file, a password or a mnemonic.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum KeystoreError {
    /// There is no such account or key.
    #[error("there is no {} named {name:?} in {}", kind.noun(), dir.display())]
    NotFound {
        /// What was looked for.
        kind: Kind,
        /// The name that was asked for.
        name: String,
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// A name that cannot be one.
    #[error("{name:?} cannot name {}", kind.one())]
    BadName {
        /// What it was to name.
        kind: Kind,
        /// The name.
        name: String,
    },
    /// There is a file of that name, and nothing was said about replacing it.
    #[error("there is already a file {}", .0.display())]
    Exists(PathBuf),
    /// Others can read a file, or enter a directory, that holds secrets.
    #[error("others can get at {} (mode {mode:03o})", path.display())]
    TooOpen {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they ought to be.
        wanted: u32,
    },
    /// It is not a regular file, or it is far too large to be one of the keystore's.
    #[error("{} is not a file of the keystore", .0.display())]
    NotAFile(PathBuf),
    /// The file was written by another version of `qc`.
    #[error("{} has version {found}, this qc reads version {known}", path.display())]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version that it states.
        found: u64,
        /// The version that is read.
        known: u64,
    },
    /// The file is damaged: truncated, edited, or of another kind.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The password does not open the file (or the sealed part of it is damaged: the two cannot be told apart).
    #[error("the password does not open {}", .0.display())]
    WrongPassword(PathBuf),
    /// What the file holds is another key than the one it states.
    #[error("{} states {} that its secret does not belong to", .0.display(), stated(.0))]
    KeyMismatch(PathBuf),
    /// Not a mnemonic.
    #[error("that is not a mnemonic: {0}")]
    BadMnemonic(&'static str),
    /// Not a derivation path.
    #[error("{0:?} is not a derivation path")]
    BadPath(String),
    /// A password too short for a new file.
    #[error("the password is shorter than {PASSWORD_CHARS_MIN} characters")]
    PasswordTooShort,
    /// The two passwords typed are not the same.
    #[error("the two passwords are not the same")]
    PasswordsDiffer,
    /// The words typed do not match the mnemonic shown.
    #[error("those are not the words that were shown")]
    BackupCheckFailed,
    /// No terminal to ask at.
    #[error("there is no terminal to ask for the password: {0}")]
    NoTerminal(String),
    /// No secret where one was to be read.
    #[error("no secret could be read: {0}")]
    NoSecret(String),
    /// An address without a key where something has to be signed.
    #[error("{0} is an address: signing needs its key")]
    NoKey(String),
    /// A key that is known by its id where something has to be signed.
    #[error("the file of the key {0} is not in this keystore: signing needs it")]
    NoKeyFile(String),
    /// Encrypting failed.
    #[error("cannot encrypt: {0}")]
    Encrypt(String),
    /// No home directory, so no place for account files.
    #[error("neither XDG_DATA_HOME nor HOME is set")]
    NoHome,
    /// The file system said no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        error: String,
    },
}

impl KeystoreError {
    /// What is wrong with the file at `path`.
    pub(super) fn of_file(error: KeyFileError, path: &Path) -> Self {
        let path = path.to_owned();
        match error {
            KeyFileError::NotAFile | KeyFileError::TooLarge { .. } => Self::NotAFile(path),
            KeyFileError::TooOpen { mode } => Self::TooOpen {
                path,
                mode,
                wanted: 0o600,
            },
            KeyFileError::Truncated(what) | KeyFileError::Damaged(what) => Self::Damaged { path, what },
            KeyFileError::WrongKind { .. } => Self::Damaged {
                path,
                what: error.to_string(),
            },
            KeyFileError::UnknownVersion { found } => Self::UnknownVersion {
                path,
                found,
                known: VERSION,
            },
            KeyFileError::WrongPassword => Self::WrongPassword(path),
            KeyFileError::KeyMismatch => Self::KeyMismatch(path),
            KeyFileError::Mnemonic(error) => error.into(),
            KeyFileError::Encrypt(error) => Self::Encrypt(error),
            KeyFileError::Absent | KeyFileError::Empty | KeyFileError::Io(_) => Self::Io {
                path,
                error: error.to_string(),
            },
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        let by_kind = |kind: Kind, account, key| match kind {
            Kind::Account => account,
            Kind::Key => key,
        };
        match self {
            Self::NotFound { kind, .. } => by_kind(*kind, "account_not_found", "key_not_found"),
            Self::BadName { kind, .. } => by_kind(*kind, "account_name", "key_name"),
            Self::Exists(path) => by_kind(kind_of(path), "account_exists", "key_exists"),
            Self::TooOpen { .. } => "file_too_open",
            Self::NotAFile(path) => by_kind(kind_of(path), "not_an_account_file", "not_a_key_file"),
            Self::UnknownVersion { path, .. } => by_kind(kind_of(path), "account_file_version", "key_file_version"),
            Self::Damaged { path, .. } => by_kind(kind_of(path), "account_file_damaged", "key_file_damaged"),
            Self::WrongPassword(_) => "wrong_password",
            Self::KeyMismatch(_) => "key_mismatch",
            Self::BadMnemonic(_) => "bad_mnemonic",
            Self::BadPath(_) => "bad_derivation_path",
            Self::PasswordTooShort => "password_too_short",
            Self::PasswordsDiffer => "passwords_differ",
            Self::BackupCheckFailed => "backup_check_failed",
            Self::NoTerminal(_) => "no_terminal",
            Self::NoSecret(_) => "no_secret",
            Self::NoKey(_) | Self::NoKeyFile(_) => "no_key",
            Self::Encrypt(_) => "encrypt",
            Self::NoHome => "no_home",
            Self::Io { .. } => "file",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { kind, .. } => {
                let noun = kind.noun();
                format!("qc {noun} list shows what there is; qc {noun} new NAME makes one")
            }
            Self::BadName { .. } => {
                "use 1 to 32 of a-z, 0-9, - and _, a letter or digit first, and not a dev name such as \
                 alice (those are public)"
                    .into()
            }
            Self::Exists(_) => "choose another name, or replace it with --force (without its mnemonic, the old key is \
                                then lost)"
                .into(),
            Self::TooOpen { path, wanted, .. } => {
                format!(
                    "chmod {wanted:o} {} and consider whether somebody has read it",
                    path.display()
                )
            }
            Self::UnknownVersion { .. } => "use the qc that wrote it, or import the mnemonic again".into(),
            Self::NotAFile(path) | Self::Damaged { path, .. } | Self::KeyMismatch(path) => format!(
                "restore it from a backup, or import the mnemonic again: {}",
                import(path)
            ),
            Self::WrongPassword(path) => format!(
                "try again; if it is lost for good, import the mnemonic again with a new password: {}",
                import(path)
            ),
            Self::BadMnemonic(_) => "give the 12 or 24 English words, in order, separated by spaces".into(),
            Self::BadPath(_) => "a path looks like //hard or //hard/soft; passwords (///) are not supported".into(),
            Self::PasswordTooShort => {
                "choose a longer one: it is all that protects the key if the file is stolen".into()
            }
            Self::PasswordsDiffer => "try again".into(),
            Self::BackupCheckFailed => "nothing was made; run the command again and write the words down".into(),
            Self::NoTerminal(_) => "in a script, use --password-file FILE or --password-stdin".into(),
            Self::NoSecret(_) => "it is taken from the first line".into(),
            Self::NoKey(_) => "give the name of an account in your keystore (qc account list) or a dev name such as \
                               alice"
                .into(),
            Self::NoKeyFile(_) => {
                "import its mnemonic (qc key import NAME, with its --index), or sign where the file is: qc tx \
                                    prepare, qc tx sign, qc tx submit"
                    .into()
            }
            Self::Encrypt(_) => "please report it".into(),
            Self::NoHome => "say where with --keystore DIR".into(),
            Self::Io { .. } => "check that the path exists and is yours; --keystore DIR chooses another place".into(),
        }
    }
}

impl From<MnemonicError> for KeystoreError {
    fn from(error: MnemonicError) -> Self {
        Self::BadMnemonic(error.0)
    }
}

impl From<MnemonicError> for crate::errors::Error {
    fn from(error: MnemonicError) -> Self {
        KeystoreError::from(error).into()
    }
}

/// What a file states in the clear.
fn stated(path: &Path) -> &'static str {
    match kind_of(path) {
        Kind::Account => "an account",
        Kind::Key => "a key id",
    }
}

/// The command that brings a file back from its mnemonic.
fn import(path: &Path) -> String {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("NAME");
    match kind_of(path) {
        Kind::Account => format!("qc account import {name} --force (with the same --path, if it had one)"),
        Kind::Key => format!("qc key import {name} --force (with the same --index, if it had one)"),
    }
}
