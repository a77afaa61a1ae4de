//! The sealing of secrets: age with a passphrase (scrypt, ChaCha20-Poly1305).

use super::KeystoreError;
use age::secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::io::{Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// log₂ of scrypt's N for new files: a guess costs 256 MiB and about a second. Fixed, and not measured as age does by
/// itself, so that a slow build or a busy machine does not make weak files.
pub const WORK_FACTOR_LOG2: u8 = 18;

/// The largest work factor that is accepted, so that a forged file cannot ask for hours and terabytes.
const WORK_FACTOR_LOG2_MAX: u8 = 20;

/// The most bytes that a sealed secret opens to.
const SECRET_BYTES_MAX: u64 = 4_096;

/// Encrypts a secret under a password into an armoured age file.
pub fn seal(secret: &impl Serialize, password: &str, work_factor_log2: u8) -> Result<String, KeystoreError> {
    let failed = |error: &dyn std::fmt::Display| KeystoreError::Encrypt(error.to_string());
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

/// Decrypts what [`seal`] made; `path` is for the error. Whether it makes sense is for the caller to check.
pub fn open<T: DeserializeOwned>(sealed: &[u8], password: &str, path: &Path) -> Result<T, KeystoreError> {
    use age::DecryptError::{DecryptionFailed, ExcessiveWork, KeyDecryptionFailed, NoMatchingKeys};
    let damaged = |what: &str| KeystoreError::Damaged {
        path: path.into(),
        what: what.to_owned(),
    };
    let failed = |error| match error {
        DecryptionFailed | KeyDecryptionFailed | NoMatchingKeys => KeystoreError::WrongPassword(path.into()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::Secret;

    #[test]
    fn a_forged_work_factor_is_refused_before_it_is_done() {
        let sealed = seal(&Secret::dev("").unwrap(), "correct horse", 2).unwrap();
        let body: String = sealed.lines().filter(|line| !line.starts_with('-')).collect();
        let bytes = base64_lite(&body);
        let at = bytes
            .windows(10)
            .position(|window| window.starts_with(b"-> scrypt "))
            .unwrap()
            + 10;
        let end = at + bytes[at..].iter().position(|byte| *byte == b'\n').unwrap();
        let mut forged = bytes[..end - 1].to_vec();
        forged.extend_from_slice(b"40");
        forged.extend_from_slice(&bytes[end..]);
        // The file is in age's binary form now; that is read too.
        let started = std::time::Instant::now();
        let error = open::<Secret>(&forged, "correct horse", Path::new("x")).unwrap_err();
        assert!(
            error.to_string().contains("more work than any file that qc writes"),
            "{error}"
        );
        assert!(started.elapsed().as_secs() < 10);
    }

    fn base64_lite(text: &str) -> Vec<u8> {
        let value =
            |byte: u8| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".find(char::from(byte));
        let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
        for six in text.bytes().filter_map(value) {
            held = (held << 6) | u32::try_from(six).unwrap();
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
            }
        }
        bytes
    }
}
