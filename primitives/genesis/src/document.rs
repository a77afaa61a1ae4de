//! The harmonic genesis document: what founders and validators sign.

mod fault;
mod fields;
mod spec;

pub use fault::DocumentFault;
pub use spec::{Source, Spec, SPEC_BYTES_MAX};

use crate::{
    canonical::{harmonic_hash, GenesisHash},
    config::{numbers_as_the_runtime_reads_them, Config},
    development,
    json::{self, Json},
};
use fields::{check_members, hash_of, string};
use qc_types::{is_name, DECIMALS, SS58_PREFIX};
use std::fmt;

/// What a document's `format` is.
pub const FORMAT: &str = "qc-harmonic-genesis/1";

/// The largest document, bytes: a hundred validators' and seven founders' keys take 600 kB, a million accounts 150 MB would
/// be a genesis that nobody can review.
pub const DOCUMENT_BYTES_MAX: usize = 16 << 20;

/// What a network is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChainType {
    /// One machine's, for development.
    Development,
    /// A few machines', for trying out.
    Local,
    /// A real one: no key in it may be one that everybody knows.
    Live,
}

impl ChainType {
    /// The type of that name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Development, Self::Local, Self::Live]
            .into_iter()
            .find(|one| one.name() == name)
    }

    /// As it stands in a chain spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Local => "Local",
            Self::Live => "Live",
        }
    }
}

/// What a network is called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chain {
    /// The id, which is also the name of the folder in which nodes keep it.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// What it is for.
    pub chain_type: ChainType,
    /// By which peers find each other.
    pub protocol_id: String,
}

impl Chain {
    /// Whether an id or protocol id is one: 1 to 32 of a-z, 0-9 and -, a letter first.
    pub fn is_id(text: &str) -> bool {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        text.starts_with(|first: char| first.is_ascii_lowercase()) && text.len() <= 32 && text.bytes().all(fits)
    }

    fn to_json(&self) -> Json {
        Json::object([
            ("id", Json::text(&self.id)),
            ("name", Json::text(&self.name)),
            ("chainType", Json::text(self.chain_type.name())),
            ("protocolId", Json::text(&self.protocol_id)),
            ("properties", properties()),
        ])
    }

    /// Reads the members of that name of an object, `at` its path.
    fn read(json: &Json, at: &str) -> Result<Self, DocumentFault> {
        let text = |key: &'static str| string(json, at, key);
        let id_like = |key: &'static str| -> Result<String, DocumentFault> {
            let id = text(key)?;
            if Self::is_id(id) {
                return Ok(id.to_owned());
            }
            Err(DocumentFault::NotAnId {
                path: format!("{at}{key}"),
                found: id.to_owned(),
            })
        };
        let name = text("name")?;
        if !is_name(name) {
            return Err(DocumentFault::Name(name.escape_debug().to_string()));
        }
        let type_name = text("chainType")?;
        let chain_type =
            ChainType::from_name(type_name).ok_or_else(|| DocumentFault::ChainType(type_name.to_owned()))?;
        let found = json.get("properties").cloned().unwrap_or(Json::Null);
        if found.clone().with_numbers_as_strings() != properties() {
            return Err(DocumentFault::Properties(
                format!("{at}properties"),
                found.to_canonical(),
            ));
        }
        Ok(Self {
            id: id_like("id")?,
            name: name.to_owned(),
            chain_type,
            protocol_id: id_like("protocolId")?,
        })
    }
}

/// What wallets are told of every network of ours.
fn properties() -> Json {
    Json::object([
        ("ss58Format", Json::text(SS58_PREFIX.to_string())),
        ("tokenDecimals", Json::text(DECIMALS.to_string())),
        ("tokenSymbol", Json::text("FLX")),
    ])
}

/// A harmonic genesis document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    chain: Chain,
    code_sha256: [u8; 32],
    /// Numbers as strings.
    config: Json,
    typed: Config,
}

impl Document {
    /// A document of its parts; numbers in the config may be numbers or strings of digits.
    pub fn new(chain: Chain, code_sha256: [u8; 32], config: Json) -> Result<Self, DocumentFault> {
        let config = config.with_numbers_as_strings();
        let typed = Config::read(&numbers_as_the_runtime_reads_them(&config))?;
        let document = Self {
            chain,
            code_sha256,
            config,
            typed,
        };
        document.check_keys()?;
        Ok(document)
    }

    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentFault> {
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(DocumentFault::TooLarge {
                found: bytes.len(),
                max: DOCUMENT_BYTES_MAX,
            });
        }
        Self::read(&json::parse(bytes)?)
    }

    fn read(json: &Json) -> Result<Self, DocumentFault> {
        let format = string(json, "", "format")?;
        if format != FORMAT {
            return Err(DocumentFault::OtherFormat(format.to_owned()));
        }
        check_members(json, "", &["format", "chain", "codeSha256", "config"])?;
        let chain = json.get("chain").ok_or(DocumentFault::Missing("chain".into()))?;
        check_members(
            chain,
            "chain.",
            &["id", "name", "chainType", "protocolId", "properties"],
        )?;
        let config = json.get("config").ok_or(DocumentFault::Missing("config".into()))?;
        Self::new(
            Chain::read(chain, "chain.")?,
            hash_of(json, "codeSha256")?,
            config.clone(),
        )
    }

    /// A real network has no key that everybody knows.
    fn check_keys(&self) -> Result<(), DocumentFault> {
        if self.chain.chain_type != ChainType::Live {
            return Ok(());
        }
        let found = self
            .typed
            .keys()
            .find_map(|(place, bytes)| Some((place, development::find(&bytes)?)));
        match found {
            None => Ok(()),
            Some((place, key)) => Err(DocumentFault::DevelopmentKey {
                place,
                key: key.to_string(),
            }),
        }
    }

    /// The document as a value.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("format", Json::text(FORMAT)),
            ("chain", self.chain.to_json()),
            ("codeSha256", Json::text(format!("0x{}", hex::encode(self.code_sha256)))),
            ("config", self.config.clone()),
        ])
    }

    /// The document as a file: the canonical form and nothing else, so that the file's SHA-256 is the hash.
    pub fn to_canonical(&self) -> String {
        self.to_json().to_canonical()
    }

    /// The harmonic genesis hash.
    pub fn hash(&self) -> GenesisHash {
        harmonic_hash(&self.to_json())
    }

    /// What the network is called.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The SHA-256 of the runtime's blob.
    pub fn code_sha256(&self) -> &[u8; 32] {
        &self.code_sha256
    }

    /// The config, typed.
    pub fn config(&self) -> &Config {
        &self.typed
    }

    /// The config as the runtime reads it.
    pub fn config_json(&self) -> Json {
        numbers_as_the_runtime_reads_them(&self.config)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.name, self.id, self.chain_type.name())
    }
}
