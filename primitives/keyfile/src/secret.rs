//! What is inside the sealed part of a key file: a mnemonic, and which key of it.

use crate::MnemonicError;
use bip39::{Language, Mnemonic};
use qc_pqc::{derive, SecretKey};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A new mnemonic of 12 or 24 words from the operating system's randomness.
///
/// # Errors
///
/// Another number of words.
pub fn generate_words(words: usize) -> Result<String, MnemonicError> {
    match Mnemonic::generate(words) {
        Ok(mnemonic) if matches!(words, 12 | 24) => Ok(mnemonic.to_string()),
        _ => Err(MnemonicError("it has neither 12 nor 24 words")),
    }
}

/// The words of a mnemonic that somebody has, checked, in lower case, with one space between them.
///
/// # Errors
///
/// It has neither 12 nor 24 words, a word is not in the English list, or the checksum is wrong.
pub fn tidy_words(text: &str) -> Result<Zeroizing<String>, MnemonicError> {
    let words = Zeroizing::new(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
    if !matches!(words.split(' ').count(), 12 | 24) {
        return Err(MnemonicError("it has neither 12 nor 24 words"));
    }
    // bip39's own error names words by number only, yet even that need not go to a log.
    Mnemonic::parse_in(Language::English, words.as_str()).map_err(|error| {
        MnemonicError(match error {
            bip39::Error::UnknownWord(_) => "a word is not in the English list",
            bip39::Error::InvalidChecksum => "its checksum is wrong: a word is mistyped or out of order",
            _ => "it does not follow BIP-39",
        })
    })?;
    Ok(words)
}

/// A mnemonic and which of its post-quantum keys is meant. Wiped when dropped.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct KeySecret {
    mnemonic: String,
    index: u32,
}

impl KeySecret {
    /// The first key of a new mnemonic of 12 or 24 words.
    ///
    /// # Errors
    ///
    /// Another number of words.
    pub fn generate(words: usize) -> Result<Self, MnemonicError> {
        Ok(Self {
            mnemonic: generate_words(words)?,
            index: 0,
        })
    }

    /// A key of a mnemonic that somebody has, checked.
    ///
    /// # Errors
    ///
    /// As [`tidy_words`].
    pub fn from_mnemonic(text: &str, index: u32) -> Result<Self, MnemonicError> {
        Ok(Self {
            mnemonic: tidy_words(text)?.to_string(),
            index,
        })
    }

    /// The same, if what a file held is a mnemonic.
    ///
    /// # Errors
    ///
    /// As [`tidy_words`].
    pub fn checked(self) -> Result<Self, MnemonicError> {
        Self::from_mnemonic(&self.mnemonic, self.index)
    }

    /// The words, to be shown once.
    pub fn words(&self) -> Vec<&str> {
        self.mnemonic.split(' ').collect()
    }

    /// Which of the mnemonic's keys it is.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The ML-DSA-87 key: the derivation of [`qc_pqc::derive`] from the BIP-39 seed of the words, without a BIP-39 password.
    ///
    /// # Errors
    ///
    /// The words follow no BIP-39, which a checked secret's do.
    pub fn key(&self) -> Result<SecretKey, MnemonicError> {
        let mnemonic = Mnemonic::parse_in(Language::English, self.mnemonic.as_str())
            .map_err(|_| MnemonicError("it does not follow BIP-39"))?;
        let seed = Zeroizing::new(mnemonic.to_seed_normalized(""));
        Ok(SecretKey::from_seed(&derive::seed(&seed, self.index)))
    }
}

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySecret(…)")
    }
}
