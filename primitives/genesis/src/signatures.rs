//! Signatures under a genesis: exactly one of every founder and of every founding validator.

mod fault;

pub use fault::SignatureFault;

use crate::{
    canonical::GenesisHash,
    cards::hex_text,
    document::Document,
    json::{self, Json},
};
use codec::Encode;
use qc_pqc::{KeyId, PublicKey, Purpose, SecretKey, Signature};
use std::collections::BTreeMap;
use std::fmt;

/// What a signature's `format` is.
pub const FORMAT: &str = "qc-genesis-signature/1";

/// The largest file of a signature, bytes.
pub const SIGNATURE_BYTES_MAX: usize = 64 << 10;

/// As what somebody signs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// With a founder's key.
    Founder,
    /// With a validator's SEAL key.
    Validator,
}

impl Role {
    /// In ASCII, as it is signed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Founder => "founder",
            Self::Validator => "validator",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Founder, Self::Validator]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Somebody whose signature a genesis needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signer {
    /// As what.
    pub role: Role,
    /// A founder's name, a validator's address.
    pub name: String,
    /// The key.
    pub key: PublicKey,
    /// Its id.
    pub id: KeyId,
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}", self.role.name(), self.name)
    }
}

/// Everybody whose signature a genesis needs: the founders, then the validators, in its order.
pub fn signers(document: &Document) -> Vec<Signer> {
    let config = document.config();
    let signer = |role, name: String, key: &PublicKey| Signer {
        role,
        name,
        key: key.clone(),
        id: KeyId::of(key),
    };
    let founders = config.incidents.founders.iter();
    let founders = founders.map(|(name, key)| signer(Role::Founder, name.clone(), key));
    // Each validator has a key: the config was checked for that when the document was read.
    let validators = config.attunement.validators.iter().filter_map(|(account, _)| {
        let key = config.seal_key(account)?;
        Some(signer(Role::Validator, account.to_string(), key))
    });
    founders.chain(validators).collect()
}

/// A signature, as its file has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GenesisSignature {
    /// As what its maker signed.
    pub role: Role,
    /// The maker's name in the genesis.
    pub name: String,
    /// The maker's key.
    pub key_id: KeyId,
    /// What was signed.
    pub genesis_hash: GenesisHash,
    /// The signature.
    pub signature: Signature,
}

impl GenesisSignature {
    /// Signs a genesis. The role and the name follow from the key.
    pub fn make(document: &Document, key: &SecretKey) -> Result<Self, SignatureFault> {
        let id = KeyId::of(key.public());
        let signer = signers(document).into_iter().find(|signer| signer.id == id);
        let signer = signer.ok_or(SignatureFault::NotASigner(id))?;
        let genesis_hash = document.hash();
        let signature = key
            .sign(Purpose::Genesis, &genesis_hash.0, signer.role.name().as_bytes())
            .map_err(|error| SignatureFault::CannotSign(error.to_string()))?;
        Ok(Self {
            role: signer.role,
            name: signer.name,
            key_id: id,
            genesis_hash,
            signature,
        })
    }

    /// As JSON.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("format", Json::text(FORMAT)),
            ("role", Json::text(self.role.name())),
            ("name", Json::text(&self.name)),
            ("keyId", Json::text(self.key_id.to_string())),
            ("genesisHash", Json::text(self.genesis_hash.to_string())),
            ("signature", Json::text(hex_text(&self.signature.encode()))),
        ])
    }

    /// Reads a signature's file. Whether it holds is for [`verify`] to say.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureFault> {
        if bytes.len() > SIGNATURE_BYTES_MAX {
            return Err(SignatureFault::Malformed(format!("it has {} bytes", bytes.len())));
        }
        let json = json::parse(bytes).map_err(|error| SignatureFault::Malformed(error.to_string()))?;
        let known = ["format", "role", "name", "keyId", "genesisHash", "signature"];
        let Json::Object(members) = &json else {
            return Err(SignatureFault::Malformed(format!("it is {}", json.kind())));
        };
        if let Some(key) = members.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(SignatureFault::Malformed(format!("there is {key:?}")));
        }
        let text = |key: &str| match json.get(key) {
            Some(Json::String(text)) => Ok(text.as_str()),
            Some(other) => Err(SignatureFault::Malformed(format!("{key} is {}", other.kind()))),
            None => Err(SignatureFault::Malformed(format!("{key} is missing"))),
        };
        let malformed = |key: &str, error: &dyn fmt::Display| SignatureFault::Malformed(format!("{key}: {error}"));
        if text("format")? != FORMAT {
            return Err(malformed("format", &format!("it is not {FORMAT:?}")));
        }
        let mut genesis_hash = [0; 32];
        let digits = text("genesisHash")?.strip_prefix("0x").unwrap_or_default();
        hex::decode_to_slice(digits, &mut genesis_hash)
            .map_err(|_| malformed("genesisHash", &"0x and 64 hexadecimal digits are expected"))?;
        Ok(Self {
            role: Role::from_name(text("role")?)
                .ok_or_else(|| malformed("role", &"founder or validator is expected"))?,
            name: text("name")?.to_owned(),
            key_id: text("keyId")?.parse().map_err(|error| malformed("keyId", &error))?,
            genesis_hash: GenesisHash(genesis_hash),
            signature: text("signature")?
                .parse()
                .map_err(|error| malformed("signature", &error))?,
        })
    }

    /// Whether a signer made it.
    fn holds(&self, signer: &Signer) -> bool {
        let payload = signer.role.name().as_bytes();
        qc_pqc::verify(
            &signer.key,
            Purpose::Genesis,
            &self.genesis_hash.0,
            payload,
            &self.signature,
        )
    }
}

/// Verifies that a genesis has exactly one valid signature of everybody whom it needs. Each comes with what to call it in a
/// message: the file that it is from. The first fault is the error; what is missing comes last.
pub fn verify(document: &Document, signatures: &[(String, GenesisSignature)]) -> Result<Vec<Signer>, SignatureFault> {
    let hash = document.hash();
    let signers = signers(document);
    let mut seen: BTreeMap<KeyId, &str> = BTreeMap::new();
    for (file, signature) in signatures {
        let file = file.clone();
        let name = signature.name.clone();
        if signature.genesis_hash != hash {
            return Err(SignatureFault::OtherGenesis {
                file,
                name,
                signed: signature.genesis_hash,
                wanted: hash,
            });
        }
        let Some(signer) = signers.iter().find(|signer| signer.id == signature.key_id) else {
            return Err(SignatureFault::Foreign {
                file,
                name,
                id: signature.key_id,
            });
        };
        if signature.role != signer.role || signature.name != signer.name {
            return Err(SignatureFault::OtherName {
                file,
                stated: format!("the {} {}", signature.role.name(), signature.name),
                signer: signer.to_string(),
            });
        }
        if let Some(first) = seen.get(&signer.id) {
            return Err(SignatureFault::Duplicate {
                first: (*first).to_owned(),
                second: file,
                signer: signer.to_string(),
            });
        }
        if !signature.holds(signer) {
            return Err(SignatureFault::Wrong {
                file,
                signer: signer.to_string(),
            });
        }
        seen.insert(signer.id, file_of(signatures, &signer.id));
    }
    let missing: Vec<_> = signers.iter().filter(|signer| !seen.contains_key(&signer.id)).collect();
    if missing.is_empty() {
        return Ok(signers);
    }
    Err(SignatureFault::Missing(
        missing.into_iter().map(ToString::to_string).collect(),
    ))
}

fn file_of<'a>(signatures: &'a [(String, GenesisSignature)], id: &KeyId) -> &'a str {
    let found = signatures.iter().find(|(_, signature)| signature.key_id == *id);
    found.map_or("", |(file, _)| file)
}
