//! The sealing of secrets: age with a passphrase (scrypt, ChaCha20-Poly1305).

use crate::KeyFileError;
use age::secrecy::SecretString;
use serde::{de::DeserializeOwned, Serialize};
use std::io::{Read, Write};
use zeroize::Zeroizing;

/// log₂ of scrypt's N for new files: a guess costs 256 MiB and about a second. Fixed, and not measured as age does by
/// itself, so that a slow build or a busy machine does not make weak files.
pub const WORK_FACTOR_LOG2: u8 = 18;

/// The largest work factor that is accepted, so that a forged file cannot ask for hours and terabytes.
const WORK_FACTOR_LOG2_MAX: u8 = 20;

/// The most bytes that a sealed secret opens to.
const SECRET_BYTES_MAX: u64 = 4_096;

/// Encrypts a secret, as JSON, under a password into an armoured age file. `work_factor_log2` is [`WORK_FACTOR_LOG2`] but in
/// tests; it is brought into 1 to 20.
///
/// # Errors
///
/// [`KeyFileError::Encrypt`].
pub fn seal(secret: &impl Serialize, password: &str, work_factor_log2: u8) -> Result<String, KeyFileError> {
    let failed = |error: &dyn std::fmt::Display| KeyFileError::Encrypt(error.to_string());
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(password.to_owned()));
    recipient.set_work_factor(work_factor_log2.clamp(1, WORK_FACTOR_LOG2_MAX));
    let plain = Zeroizing::new(serde_json::to_vec(secret).map_err(|error| failed(&error))?);
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|error| failed(&error))?;
    let mut sealed = Vec::new();
    let armor = age::armor::ArmoredWriter::wrap_output(&mut sealed, age::armor::Format::AsciiArmor)
        .map_err(|error| failed(&error))?;
    let mut writer = encryptor.wrap_output(armor).map_err(|error| failed(&error))?;
    writer
        .write_all(&plain)
        .and_then(|()| writer.finish())
        .and_then(|armor| armor.finish())
        .map_err(|error| failed(&error))?;
    String::from_utf8(sealed).map_err(|error| failed(&error))
}

/// Decrypts what [`seal`] made. Whether it makes sense is for the caller to check.
///
/// # Errors
///
/// [`KeyFileError::WrongPassword`], or `Damaged` where the sealed part is not whole, asks for too much work, or holds
/// something else than a `T`.
pub fn open<T: DeserializeOwned>(sealed: &[u8], password: &str) -> Result<T, KeyFileError> {
    use age::DecryptError::{DecryptionFailed, ExcessiveWork, KeyDecryptionFailed, NoMatchingKeys};
    let damaged = |what: &str| KeyFileError::Damaged(what.to_owned());
    let failed = |error| match error {
        DecryptionFailed | KeyDecryptionFailed | NoMatchingKeys => KeyFileError::WrongPassword,
        ExcessiveWork { .. } => damaged("opening it would take more work than any file that qc writes"),
        _ => damaged("the sealed part is not whole"),
    };
    let mut identity = age::scrypt::Identity::new(SecretString::from(password.to_owned()));
    identity.set_max_work_factor(WORK_FACTOR_LOG2_MAX);
    let decryptor = age::Decryptor::new_buffered(age::armor::ArmoredReader::new(sealed)).map_err(failed)?;
    let reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(failed)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(8_192));
    reader
        .take(SECRET_BYTES_MAX)
        .read_to_end(&mut plain)
        .map_err(|_| damaged("the sealed part is not whole"))?;
    serde_json::from_slice(&plain).map_err(|_| damaged("what is sealed is not a mnemonic of this kind"))
}
