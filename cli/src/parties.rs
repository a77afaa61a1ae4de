//! Whom a word on the command line stands for: an address, an account of the keystore, or a dev account.

use crate::errors::{Error, Result};
use crate::keystore::{account_of, Keystore, KeystoreError, Kind, Origin, Secret};
use crate::secrets::Passwords;
use crate::ss58::Account;
use subxt_signer::sr25519::Keypair;

/// The dev accounts that have a name. Their keys are public: whoever reads this has them.
pub const DEV_NAMES: [&str; 6] = ["alice", "bob", "charlie", "dave", "eve", "ferdie"];

/// Whether a word names a dev account.
pub fn is_dev_name(word: &str) -> bool {
    DEV_NAMES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Where the key of a party is.
#[derive(Clone, Debug)]
enum Key {
    /// Nowhere that we know.
    Elsewhere,
    /// Derived from the development mnemonic.
    Dev(Secret),
    /// In an account file.
    File(String),
}

/// Somebody that the command line names.
#[derive(Clone, Debug)]
pub struct Party {
    /// The account.
    pub account: Account,
    /// What the command line called it, unless that was the address itself.
    pub label: Option<String>,
    key: Key,
    public: bool,
}

impl Party {
    /// Finds out whom `word` stands for.
    pub fn resolve(word: &str, keystore: &Keystore) -> Result<Self> {
        if word.starts_with('/') || is_dev_name(word) {
            return Self::dev(word);
        }
        match keystore.entry(word) {
            Ok(entry) => Ok(Self {
                account: entry.account,
                label: Some(entry.name.clone()),
                key: Key::File(entry.name),
                public: entry.origin == Origin::Dev,
            }),
            // What cannot be the name of a file may be an address.
            Err(KeystoreError::BadName { .. }) => Self::address(word),
            Err(error @ KeystoreError::NotFound { .. }) => Self::address(word).map_err(|_| error.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// A dev account by name or path.
    pub fn dev(word: &str) -> Result<Self> {
        let path = dev_path(word)?;
        let secret = Secret::dev(&path)?;
        let account = account_of(&secret.keypair()?);
        Ok(Self {
            account,
            label: Some(path),
            key: Key::Dev(secret),
            public: true,
        })
    }

    fn address(word: &str) -> Result<Self> {
        Ok(Self {
            account: Account::parse(word)?,
            label: None,
            key: Key::Elsewhere,
            public: false,
        })
    }

    /// Whether everybody has this account's key.
    pub fn is_public(&self) -> bool {
        self.public
    }

    /// Fails where [`Party::unlock`] must fail, before anything is asked or sent.
    pub fn check_can_sign(&self) -> Result<()> {
        match self.key {
            Key::Elsewhere => Err(KeystoreError::NoKey(self.account.to_string()).into()),
            _ => Ok(()),
        }
    }

    /// The key; an account file is opened with its password.
    pub fn unlock(&self, keystore: &Keystore, passwords: &Passwords) -> Result<Keypair> {
        match &self.key {
            Key::Elsewhere => Err(KeystoreError::NoKey(self.account.to_string()).into()),
            Key::Dev(secret) => Ok(secret.keypair()?),
            Key::File(name) => Ok(keystore.unlock(name, &passwords.of(Kind::Account, name)?)?),
        }
    }

    /// The name, if there is one, and the address.
    pub fn describe(&self) -> String {
        match (&self.label, self.public) {
            (Some(label), true) => format!("{label} [public dev key] {}", self.account),
            (Some(label), false) => format!("{label} {}", self.account),
            (None, _) => self.account.to_string(),
        }
    }
}

/// The path of a dev account: `alice` → `//Alice`, `//Alice//stash` as it is.
pub fn dev_path(word: &str) -> Result<String> {
    if word.starts_with('/') {
        return Ok(word.to_owned());
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if is_dev_name(word) => Ok(format!(
            "//{}{}",
            first.to_ascii_uppercase(),
            letters.as_str().to_ascii_lowercase()
        )),
        _ => Err(Error::usage(
            "dev_name",
            format!("{word:?} is not a dev account"),
            format!(
                "dev accounts are {}, or a path such as //Alice//stash",
                DEV_NAMES.join(", ")
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Source;

    fn keystore() -> (tempfile::TempDir, Keystore) {
        let dir = tempfile::tempdir().unwrap();
        let keystore = Keystore::new(Some(dir.path().join("accounts"))).unwrap();
        (dir, keystore)
    }

    #[test]
    fn dev_accounts_by_name_and_path_are_the_same_and_public() {
        let (_dir, keystore) = keystore();
        let expected = "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB";
        for word in ["alice", "Alice", "ALICE", "//Alice"] {
            let party = Party::resolve(word, &keystore).unwrap();
            assert_eq!(party.account.to_string(), expected);
            assert!(party.is_public() && party.describe().contains("public"));
            assert_eq!(
                account_of(&party.unlock(&keystore, &Passwords::new(Source::Prompt)).unwrap()),
                party.account
            );
        }
        assert!(Party::resolve("//Alice///password", &keystore).is_err());
    }

    #[test]
    fn files_addresses_and_nobody() {
        let (_dir, keystore) = keystore();
        let secret = Secret::generate(12).unwrap();
        let sealing = crate::keystore::Sealing {
            password: "correct horse",
            work_factor_log2: 2,
            force: false,
        };
        let entry = keystore.create("till", &secret, Origin::Mnemonic, sealing).unwrap();
        let till = Party::resolve("till", &keystore).unwrap();
        assert_eq!((till.account, till.is_public()), (entry.account, false));
        let address = Party::resolve(&entry.account.to_string(), &keystore).unwrap();
        assert_eq!((address.account, address.label.as_deref()), (entry.account, None));
        assert_eq!(address.check_can_sign().unwrap_err().code(), "no_key");
        assert_eq!(
            Party::resolve(&entry.account.hex(), &keystore).unwrap().account,
            entry.account
        );
        assert_eq!(
            Party::resolve("nobody", &keystore).unwrap_err().code(),
            "account_not_found"
        );
        let other_chain = Party::resolve("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", &keystore);
        assert_eq!(other_chain.unwrap_err().code(), "address_other_chain");
    }
}
