//! Cards: what each participant hands to the coordinator. There is nothing secret on them.

mod fault;

pub use fault::CardFault;

use crate::{
    address::Account,
    json::{self, Json},
    ownership::{is_owned, PROOF_BYTES},
};
use codec::Encode;
use qc_pqc::{KeyId, PublicKey};
use qc_types::is_name;

/// What a founder's card's `format` is.
pub const FOUNDER_FORMAT: &str = "qc-founder-card/1";

/// What a validator's card's `format` is.
pub const VALIDATOR_FORMAT: &str = "qc-validator-card/1";

/// The largest card, bytes.
pub const CARD_BYTES_MAX: usize = 64 << 10;

/// A founder's card.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FounderCard {
    /// The founder's name.
    pub name: String,
    /// The key with which the founder will sign.
    pub public_key: PublicKey,
}

/// What a node prints of its new session keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionKeyFile {
    /// For whom they are.
    pub owner: Account,
    /// Aura, sr25519.
    pub aura: [u8; 32],
    /// GRANDPA, ed25519.
    pub grandpa: [u8; 32],
    /// That they are the owner's.
    pub proof: [u8; PROOF_BYTES],
}

/// A founding validator's card.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ValidatorCard {
    /// The validator's name; it is in no genesis.
    pub name: String,
    /// The session keys, and the account for which they are.
    pub session: SessionKeyFile,
    /// The key with which the validator will sign and seal.
    pub seal_key: PublicKey,
}

/// A card of either kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Card {
    /// A founder's.
    Founder(FounderCard),
    /// A validator's.
    Validator(Box<ValidatorCard>),
}

impl Card {
    /// Reads and checks a card.
    pub fn parse(bytes: &[u8]) -> Result<Self, CardFault> {
        let json = read(bytes)?;
        match text(&json, "format")? {
            FOUNDER_FORMAT => FounderCard::read(&json).map(Self::Founder),
            VALIDATOR_FORMAT => ValidatorCard::read(&json).map(|card| Self::Validator(Box::new(card))),
            other => Err(CardFault::OtherFormat(other.to_owned())),
        }
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        match self {
            Self::Founder(card) => &card.name,
            Self::Validator(card) => &card.name,
        }
    }
}

impl FounderCard {
    /// As JSON.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("format", Json::text(FOUNDER_FORMAT)),
            ("name", Json::text(&self.name)),
            ("publicKey", Json::text(key_text(&self.public_key))),
            ("keyId", Json::text(KeyId::of(&self.public_key).to_string())),
        ])
    }

    fn read(json: &Json) -> Result<Self, CardFault> {
        check_members(json, &["format", "name", "publicKey", "keyId"])?;
        let public_key = key(json, "publicKey")?;
        if text(json, "keyId")? != KeyId::of(&public_key).to_string() {
            return Err(CardFault::KeyIdDiffers);
        }
        Ok(Self {
            name: name(json)?,
            public_key,
        })
    }
}

impl ValidatorCard {
    /// As JSON.
    pub fn to_json(&self) -> Json {
        let keys = Json::object([
            ("aura", Json::text(hex_text(&self.session.aura))),
            ("grandpa", Json::text(hex_text(&self.session.grandpa))),
        ]);
        Json::object([
            ("format", Json::text(VALIDATOR_FORMAT)),
            ("name", Json::text(&self.name)),
            ("account", Json::text(self.session.owner.to_string())),
            ("sessionKeys", keys),
            ("ownershipProof", Json::text(hex_text(&self.session.proof))),
            ("sealKey", Json::text(key_text(&self.seal_key))),
        ])
    }

    fn read(json: &Json) -> Result<Self, CardFault> {
        let known = ["format", "name", "account", "sessionKeys", "ownershipProof", "sealKey"];
        check_members(json, &known)?;
        let keys = json
            .get("sessionKeys")
            .ok_or(CardFault::Missing("sessionKeys".into()))?;
        check_members(keys, &["aura", "grandpa"])?;
        let session = SessionKeyFile {
            owner: Account::parse(text(json, "account")?)?,
            aura: bytes(keys, "aura")?,
            grandpa: bytes(keys, "grandpa")?,
            proof: bytes(json, "ownershipProof")?,
        };
        session.check()?;
        Ok(Self {
            name: name(json)?,
            session,
            seal_key: key(json, "sealKey")?,
        })
    }
}

impl SessionKeyFile {
    /// Reads and checks what `qc-node session-keys --json` prints.
    pub fn parse(bytes: &[u8]) -> Result<Self, CardFault> {
        let json = read(bytes)?;
        check_members(&json, &["owner", "aura", "grandpa", "proof"])?;
        let keys = Self {
            owner: Account(self::bytes(&json, "owner")?),
            aura: self::bytes(&json, "aura")?,
            grandpa: self::bytes(&json, "grandpa")?,
            proof: self::bytes(&json, "proof")?,
        };
        keys.check()?;
        Ok(keys)
    }

    fn check(&self) -> Result<(), CardFault> {
        if is_owned(&self.owner, &self.aura, &self.grandpa, &self.proof) {
            Ok(())
        } else {
            Err(CardFault::NotOwned(self.owner))
        }
    }
}

/// A public key as text: 0x and its encoding, as a genesis has it.
pub fn key_text(key: &PublicKey) -> String {
    hex_text(&key.encode())
}

/// 0x and hexadecimal digits.
pub fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn read(bytes: &[u8]) -> Result<Json, CardFault> {
    if bytes.len() > CARD_BYTES_MAX {
        return Err(CardFault::TooLarge(bytes.len()));
    }
    Ok(json::parse(bytes)?)
}

fn check_members(json: &Json, known: &[&str]) -> Result<(), CardFault> {
    let Json::Object(members) = json else {
        return Err(CardFault::NotAnObject(json.kind()));
    };
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(CardFault::Unknown(key.clone())),
        None => Ok(()),
    }
}

fn text<'a>(json: &'a Json, key: &str) -> Result<&'a str, CardFault> {
    match json.get(key) {
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(CardFault::NotText {
            key: key.to_owned(),
            found: other.kind(),
        }),
        None => Err(CardFault::Missing(key.to_owned())),
    }
}

fn name(json: &Json) -> Result<String, CardFault> {
    let name = text(json, "name")?;
    if is_name(name) {
        Ok(name.to_owned())
    } else {
        Err(CardFault::Name(name.escape_debug().to_string()))
    }
}

fn key(json: &Json, key: &'static str) -> Result<PublicKey, CardFault> {
    text(json, key)?.parse().map_err(|error| CardFault::Key { key, error })
}

fn bytes<const N: usize>(json: &Json, key: &'static str) -> Result<[u8; N], CardFault> {
    let mut bytes = [0; N];
    let digits = text(json, key)?.strip_prefix("0x");
    digits
        .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
        .ok_or(CardFault::Hex { key, digits: 2 * N })?;
    Ok(bytes)
}
