//! What is inside an account file's sealed part, and the sealing: age with a passphrase (scrypt, ChaCha20-Poly1305).

use super::KeystoreError;
use crate::ss58::Account;
use age::secrecy::SecretString;
use bip39::{Language, Mnemonic};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::Path;
use subxt_signer::sr25519::Keypair;
use subxt_signer::{DeriveJunction, DEV_PHRASE};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// log₂ of scrypt's N for new files: a guess costs 256 MiB and about a second. Fixed, and not measured as age does by
/// itself, so that a slow build or a busy machine does not make weak files.
pub const WORK_FACTOR_LOG2: u8 = 18;

/// The largest work factor that is accepted, so that a forged file cannot ask for hours and terabytes.
const WORK_FACTOR_LOG2_MAX: u8 = 20;

/// The most bytes that a sealed secret opens to.
const SECRET_BYTES_MAX: u64 = 4_096;

/// How many junctions a derivation path may have.
const JUNCTIONS_MAX: usize = 16;

/// A mnemonic and the path from it to one key. Wiped when dropped.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    mnemonic: String,
    path: String,
}

impl Secret {
    /// A new mnemonic of 12 or 24 words from the operating system's randomness.
    pub fn generate(words: usize) -> Result<Self, KeystoreError> {
        let mnemonic =
            Mnemonic::generate(words).map_err(|_| KeystoreError::BadMnemonic("it has neither 12 nor 24 words"))?;
        Ok(Self {
            mnemonic: mnemonic.to_string(),
            path: String::new(),
        })
    }

    /// A mnemonic that somebody has, checked.
    pub fn from_mnemonic(text: &str, path: &str) -> Result<Self, KeystoreError> {
        let words = Zeroizing::new(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
        if !matches!(words.split(' ').count(), 12 | 24) {
            return Err(KeystoreError::BadMnemonic("it has neither 12 nor 24 words"));
        }
        // bip39's own error names words by number only, yet even that need not go to a log.
        Mnemonic::parse_in(Language::English, words.as_str()).map_err(|error| {
            KeystoreError::BadMnemonic(match error {
                bip39::Error::UnknownWord(_) => "a word is not in the English list",
                bip39::Error::InvalidChecksum => "its checksum is wrong: a word is mistyped or out of order",
                _ => "it does not follow BIP-39",
            })
        })?;
        junctions(path)?;
        Ok(Self {
            mnemonic: words.to_string(),
            path: path.to_owned(),
        })
    }

    /// The key of a path of the development mnemonic, which everybody knows.
    pub fn dev(path: &str) -> Result<Self, KeystoreError> {
        Self::from_mnemonic(DEV_PHRASE, path)
    }

    /// The words, to be shown once.
    pub fn words(&self) -> Vec<&str> {
        self.mnemonic.split(' ').collect()
    }

    /// The sr25519 key, derived as every Substrate wallet does.
    pub fn keypair(&self) -> Result<Keypair, KeystoreError> {
        let mnemonic = Mnemonic::parse_in(Language::English, self.mnemonic.as_str())
            .map_err(|_| KeystoreError::BadMnemonic("it does not follow BIP-39"))?;
        let root = Keypair::from_phrase(&mnemonic, None)
            .map_err(|_| KeystoreError::BadMnemonic("no key can be made from it"))?;
        Ok(root.derive(junctions(&self.path)?))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The account that a key signs for.
pub fn account_of(keypair: &Keypair) -> Account {
    Account(keypair.public_key().0)
}

/// Reads `//hard/soft` into junctions; the empty path has none.
fn junctions(path: &str) -> Result<Vec<DeriveJunction>, KeystoreError> {
    let bad = || KeystoreError::BadPath(path.to_owned());
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let mut rest = path.strip_prefix('/').ok_or_else(bad)?;
    let mut junctions = Vec::new();
    loop {
        let (hard, body) = match rest.strip_prefix('/') {
            Some(body) => (true, body),
            None => (false, rest),
        };
        let (name, next) = match body.split_once('/') {
            Some((name, next)) => (name, Some(next)),
            None => (body, None),
        };
        if name.is_empty() || junctions.len() == JUNCTIONS_MAX {
            return Err(bad());
        }
        // As sp-core: a number is a number, anything else a string; `DeriveJunction::from` knows which.
        let junction = DeriveJunction::from(name);
        junctions.push(if hard { junction.harden() } else { junction });
        match next {
            Some(next) => rest = next,
            None => return Ok(junctions),
        }
    }
}

/// Encrypts a secret under a password into an armoured age file.
pub fn seal(secret: &Secret, password: &str, work_factor_log2: u8) -> Result<String, KeystoreError> {
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

/// Decrypts what [`seal`] made; `path` is for the error.
pub fn open(sealed: &[u8], password: &str, path: &Path) -> Result<Secret, KeystoreError> {
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
    let secret: Secret = serde_json::from_slice(&plain).map_err(|_| damaged("what is sealed is not a mnemonic"))?;
    Secret::from_mnemonic(&secret.mnemonic, &secret.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_keys_that_every_wallet_derives() {
        let alice = account_of(&Secret::dev("//Alice").unwrap().keypair().unwrap());
        assert_eq!(alice.to_string(), "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB");
        for path in ["", "//Alice", "//Alice//stash", "//0/1", "/soft", "//polkadot//1//two"] {
            let uri: subxt_signer::SecretUri = format!("{DEV_PHRASE}{path}").parse().unwrap();
            let theirs = Keypair::from_uri(&uri).unwrap();
            let ours = Secret::dev(path).unwrap().keypair().unwrap();
            assert_eq!(ours.public_key().0, theirs.public_key().0, "{path}");
        }
    }

    #[test]
    fn refuses_bad_paths_and_words() {
        for path in [
            "Alice",
            "/",
            "//",
            "//Alice/",
            "///",
            "//Alice///password",
            &"/x".repeat(17),
        ] {
            assert_eq!(
                Secret::dev(path),
                Err(KeystoreError::BadPath(path.to_owned())),
                "{path}"
            );
        }
        for words in [
            "",
            "abandon",
            &"abandon ".repeat(12),
            &"abandon ".repeat(24),
            &"quantum ".repeat(12),
        ] {
            assert!(
                matches!(Secret::from_mnemonic(words, ""), Err(KeystoreError::BadMnemonic(_))),
                "{words}"
            );
        }
        let spaced = DEV_PHRASE.replace(' ', "  \n").to_uppercase();
        assert_eq!(Secret::from_mnemonic(&spaced, ""), Secret::dev(""));
    }

    #[test]
    fn new_mnemonics_have_as_many_words_as_asked_for_and_differ() {
        for count in [12, 24] {
            let (one, two) = (Secret::generate(count).unwrap(), Secret::generate(count).unwrap());
            assert_eq!(one.words().len(), count);
            assert_ne!(one, two);
            assert_eq!(Secret::from_mnemonic(&one.words().join(" "), ""), Ok(one));
        }
        assert!(Secret::generate(11).is_err());
    }

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
        let error = open(&forged, "correct horse", Path::new("x")).unwrap_err();
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
