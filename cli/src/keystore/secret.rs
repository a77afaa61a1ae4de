//! What is inside the sealed part of an account file: a mnemonic, and which key of it. (Of a key file: `qc_keyfile`.)

use super::KeystoreError;
use crate::ss58::Account;
use bip39::{Language, Mnemonic};
use qc_keyfile::{generate_words, tidy_words};
use serde::{Deserialize, Serialize};
use subxt_signer::sr25519::Keypair;
use subxt_signer::{DeriveJunction, DEV_PHRASE};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many junctions a derivation path may have.
const JUNCTIONS_MAX: usize = 16;

/// What a mnemonic that does not follow BIP-39 is called.
const NOT_BIP39: KeystoreError = KeystoreError::BadMnemonic("it does not follow BIP-39");

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
        Ok(Self {
            mnemonic: generate_words(words)?,
            path: String::new(),
        })
    }

    /// A mnemonic that somebody has, checked.
    pub fn from_mnemonic(text: &str, path: &str) -> Result<Self, KeystoreError> {
        let words = tidy_words(text)?;
        junctions(path)?;
        Ok(Self {
            mnemonic: words.to_string(),
            path: path.to_owned(),
        })
    }

    /// The same, if what a file held is a mnemonic and a path.
    pub fn checked(self) -> Result<Self, KeystoreError> {
        Self::from_mnemonic(&self.mnemonic, &self.path)
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
        let mnemonic = Mnemonic::parse_in(Language::English, self.mnemonic.as_str()).map_err(|_| NOT_BIP39)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use qc_keyfile::KeySecret;
    use qc_pqc::derive;

    const XI_0: &str = "e8ca71b16568ce18a0760eca6f39c59b2f57d4978a2927bfbc0e97abfb76003c";
    const XI_7: &str = "16df561b5d46ef9dd5d637fe95bd4fa11ebebccb93af23bf1c56fcdf031e838c";
    const XI_MAX: &str = "41710cdfec12f7b9ae6a39dbcb5a5446be159d8729bf081da6ed99b1fa947105";

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

    /// BIP-39's own vector gives the seed, RFC 5869 with our salt and info gives ξ (computed in Python with `hmac`), and the
    /// id is what the chain makes of the public key.
    #[test]
    fn keys_derive_as_documented() {
        let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let mnemonic = Mnemonic::parse_in(Language::English, words).unwrap();
        let seed = mnemonic.to_seed_normalized("");
        for (index, expected) in [(0, XI_0), (7, XI_7), (u32::MAX, XI_MAX)] {
            let secret = KeySecret::from_mnemonic(words, index).unwrap();
            let key = secret.key().unwrap();
            assert_eq!(hex::encode(derive::seed(&seed, index).as_slice()), expected, "{index}");
            assert_eq!(hex::encode(key.seed()), expected, "{index}");
        }
        let ids = [0, 1].map(|index| {
            let key = KeySecret::from_mnemonic(words, index).unwrap().key().unwrap();
            qc_pqc::KeyId::of(key.public())
        });
        assert_ne!(ids[0], ids[1], "each index has a key of its own");
    }

    #[test]
    fn secrets_are_not_printed() {
        let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let shown = format!(
            "{:?} {:?}",
            Secret::from_mnemonic(words, "//path").unwrap(),
            KeySecret::from_mnemonic(words, 3).unwrap()
        );
        assert_eq!(shown, "Secret(…) KeySecret(…)");
    }
}
