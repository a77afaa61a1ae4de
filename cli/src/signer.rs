//! Who signs: an account by its sr25519 key, or one of its post-quantum keys.

use crate::client::Chain;
use crate::errors::{Error, Result};
use crate::extrinsic::{Call, Signed, Terms, EXTENSIONS};
use crate::keystore::{Keystore, KeystoreError, Kind};
use crate::ledger::{KeyRecord, Status};
use crate::parties::Party;
use crate::refusal::Refusal;
use crate::secrets::Passwords;
use crate::ss58::Account;
use qc_pqc::{KeyId, SecretKey};
use qc_types::{Balance, Capabilities};
use subxt::config::substrate::H256;
use subxt_signer::sr25519::Keypair;

/// A key that the command line names, by a name in the keystore or by its id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyWord {
    /// Its id.
    pub id: KeyId,
    /// The name of its file, if it is in the keystore.
    pub name: Option<String>,
}

impl KeyWord {
    /// Finds out which key `word` stands for.
    pub fn resolve(word: &str, keystore: &Keystore) -> Result<Self> {
        if !word.starts_with("0x") {
            let entry = keystore.key(word)?;
            return Ok(Self {
                id: entry.id,
                name: Some(entry.name),
            });
        }
        let id: KeyId = word.parse().map_err(|error| {
            Error::usage(
                "bad_key_id",
                format!("{word:?} is not a key's id: {error}"),
                "give 0x and 64 hexadecimal digits, or the name of a key in your keystore (qc key list)",
            )
        })?;
        let file = keystore.key_of(&id)?;
        Ok(Self {
            id,
            name: file.map(|entry| entry.name),
        })
    }

    /// The name, if there is one, and the id.
    pub fn describe(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} {}", self.id),
            None => self.id.to_string(),
        }
    }

    /// The secret key.
    pub fn unlock(&self, keystore: &Keystore, passwords: &Passwords) -> Result<SecretKey> {
        let Some(name) = &self.name else {
            return Err(KeystoreError::NoKeyFile(self.id.to_string()).into());
        };
        let key = keystore.unlock_key(name, &passwords.of(Kind::Key, name)?)?;
        if KeyId::of(key.public()) == self.id {
            Ok(key)
        } else {
            // The file was replaced since it was looked at.
            Err(KeystoreError::NoKeyFile(self.id.to_string()).into())
        }
    }
}

/// Who is to sign, before the chain was asked.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// An account, classically.
    Account(Party),
    /// A key, for its owner, who has to be this account if one was named.
    Key(KeyWord, Option<Party>),
}

impl Wanted {
    /// By what the command line says.
    pub fn read(account: Option<&str>, by_key: Option<&str>, keystore: &Keystore) -> Result<Self> {
        let account = account.map(|word| Party::resolve(word, keystore)).transpose()?;
        match (by_key, account) {
            (Some(key), account) => Ok(Self::Key(KeyWord::resolve(key, keystore)?, account)),
            (None, Some(party)) => Ok(Self::Account(party)),
            (None, None) => Err(Error::usage(
                "nobody_signs",
                "nobody is named who signs",
                "name an account, or a post-quantum key with --by-key",
            )),
        }
    }

    /// Fails where unlocking must fail, before anything is asked or sent.
    pub fn check_can_sign(&self) -> Result<()> {
        match self {
            Self::Account(party) => party.check_can_sign(),
            Self::Key(key, _) if key.name.is_none() => Err(KeystoreError::NoKeyFile(key.id.to_string()).into()),
            Self::Key(..) => Ok(()),
        }
    }

    /// Asks the chain who a key signs for, and whether it may.
    pub async fn meet(self, chain: &Chain, needs: Capabilities, at: H256) -> Result<Signer> {
        match self {
            Self::Account(party) => Ok(Signer::Account(party)),
            Self::Key(key, account) => {
                chain.check_version_1(&EXTENSIONS).await?;
                let record = usable(chain, &key.id, needs, at).await?;
                if let Some(party) = account.filter(|party| party.account != record.owner) {
                    return Err(Error::usage(
                        "key_of_another_account",
                        format!(
                            "the key {} is not {}'s: its account is {}",
                            key.describe(),
                            party.describe(),
                            record.owner
                        ),
                        "leave the account out, or name one of its keys: qc account show lists them",
                    ));
                }
                Ok(Signer::Key(key, Box::new(record)))
            }
        }
    }
}

/// What the ledger knows of a key that is to be used; a refusal if the chain would refuse its use.
pub async fn usable(chain: &Chain, id: &KeyId, needs: Capabilities, at: H256) -> Result<KeyRecord> {
    let refused = |code, name, docs: String| Error::from(Box::new(Refusal::foreseen(code, name, docs)));
    let Some(record) = chain.key(id, at).await? else {
        return Err(refused(
            "key_unknown",
            "KeyUnknown",
            format!("the ledger has no key {id}"),
        ));
    };
    match record.status {
        Status::Active => {}
        Status::RotatedOut { to } => {
            let docs = format!("{id} was rotated out, {to} took its place");
            return Err(refused("key_ended", "KeyEnded", docs));
        }
        Status::Revoked => return Err(refused("key_ended", "KeyEnded", format!("{id} was revoked"))),
    }
    if record.capabilities.contains(needs) {
        return Ok(record);
    }
    let missing = needs
        .without(record.capabilities)
        .names()
        .collect::<Vec<_>>()
        .join(", ");
    let docs = format!("{id} has not the capability {missing}");
    Err(refused("capability_missing", "CapabilityMissing", docs))
}

/// Who signs.
#[derive(Clone, Debug)]
pub enum Signer {
    /// An account, classically.
    Account(Party),
    /// A key, for its owner.
    Key(KeyWord, Box<KeyRecord>),
}

/// A signer with its secret.
pub enum Unlocked {
    /// An account's.
    Account(Box<Keypair>),
    /// A post-quantum key.
    Key(Box<SecretKey>),
}

impl Signer {
    /// The account for which is signed, and which pays.
    pub fn account(&self) -> Account {
        match self {
            Self::Account(party) => party.account,
            Self::Key(_, record) => record.owner,
        }
    }

    /// The key, if it is one.
    pub fn key(&self) -> Option<KeyId> {
        match self {
            Self::Account(_) => None,
            Self::Key(key, _) => Some(key.id),
        }
    }

    /// For people.
    pub fn describe(&self) -> String {
        match self {
            Self::Account(party) => party.describe(),
            Self::Key(key, record) => format!("{}\nby key  {}", record.owner, key.describe()),
        }
    }

    /// What a call costs if this signs it, without the tip.
    pub async fn fee(&self, chain: &Chain, call: &Call, terms: Terms, at: H256) -> Result<Balance> {
        match self {
            Self::Account(party) => chain.fee(call, party.account, terms, at).await,
            Self::Key(..) => chain.fee_by_key(&chain.call_bytes(call)?, terms, at).await,
        }
    }

    /// The secret.
    pub fn unlock(&self, keystore: &Keystore, passwords: &Passwords) -> Result<Unlocked> {
        Ok(match self {
            Self::Account(party) => Unlocked::Account(Box::new(party.unlock(keystore, passwords)?)),
            Self::Key(key, _) => Unlocked::Key(Box::new(key.unlock(keystore, passwords)?)),
        })
    }
}

impl Unlocked {
    /// Signs.
    pub fn sign(&self, chain: &Chain, call: &Call, terms: Terms) -> Result<Signed> {
        match self {
            Self::Account(keypair) => chain.sign(call, keypair, terms),
            Self::Key(key) => chain.sign_by_key(call, key, terms),
        }
    }
}
