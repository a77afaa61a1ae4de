//! Chain specs: the file with which nodes start. A document can be computed of it.

use super::{check_members, Chain, Document, DocumentFault, DOCUMENT_BYTES_MAX};
use crate::{
    canonical::sha256,
    json::{self, Json},
};

/// The largest chain spec, bytes: a document and a blob of 16 MB in hexadecimal.
pub const SPEC_BYTES_MAX: usize = DOCUMENT_BYTES_MAX + (32 << 20);

/// A chain spec.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spec {
    /// What it comes to.
    pub document: Document,
    /// The runtime's blob.
    pub code: Vec<u8>,
    /// Whether the config only changes the runtime's default, as that of a preset does.
    pub is_patch: bool,
}

/// What a spec may have; the lists that must be empty are checked too.
const MEMBERS: [&str; 10] = [
    "bootNodes",
    "chainType",
    "codeSubstitutes",
    "consensusEngine",
    "genesis",
    "id",
    "name",
    "properties",
    "protocolId",
    "telemetryEndpoints",
];

impl Spec {
    /// Reads a chain spec.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentFault> {
        if bytes.len() > SPEC_BYTES_MAX {
            return Err(DocumentFault::TooLarge {
                found: bytes.len(),
                max: SPEC_BYTES_MAX,
            });
        }
        Self::read(json::parse(bytes)?)
    }

    fn read(spec: Json) -> Result<Self, DocumentFault> {
        check_members(&spec, "", &MEMBERS)?;
        let empty = |value: Option<&Json>| match value {
            None | Some(Json::Null) => true,
            Some(Json::Object(members)) => members.is_empty(),
            Some(_) => false,
        };
        for must_be_empty in ["codeSubstitutes", "consensusEngine"] {
            if !empty(spec.get(must_be_empty)) {
                return Err(DocumentFault::MustBeEmpty(must_be_empty));
            }
        }
        let genesis = spec
            .get("genesis")
            .ok_or_else(|| DocumentFault::Missing("genesis".into()))?;
        if genesis.get("raw").is_some() {
            return Err(DocumentFault::RawSpec);
        }
        check_members(genesis, "genesis.", &["runtimeGenesis"])?;
        let runtime = genesis
            .get("runtimeGenesis")
            .ok_or_else(|| DocumentFault::Missing("genesis.runtimeGenesis".into()))?;
        let (config, is_patch) = match (runtime.get("config"), runtime.get("patch")) {
            (Some(config), None) => (config, false),
            (None, Some(patch)) => (patch, true),
            _ => return Err(DocumentFault::NoConfig),
        };
        check_members(runtime, "genesis.runtimeGenesis.", &["code", "config", "patch"])?;
        let code = match runtime.get("code") {
            Some(Json::String(code)) => code.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()),
            _ => None,
        };
        let code = code.filter(|code| !code.is_empty()).ok_or(DocumentFault::NotCode)?;
        let document = Document::new(Chain::read(&spec, "")?, sha256(&code), config.clone())?;
        Ok(Self {
            document,
            code,
            is_patch,
        })
    }
}

impl Document {
    /// The chain spec of this document; `None` if that is not its code. `boot_nodes` are addresses of nodes that a new one
    /// asks first; they are no part of what is signed.
    pub fn to_spec(&self, code: &[u8], boot_nodes: &[String]) -> Option<String> {
        if sha256(code) != self.code_sha256 {
            return None;
        }
        let runtime = Json::object([
            ("code", Json::text(format!("0x{}", hex::encode(code)))),
            ("config", self.config_json()),
        ]);
        let properties = Json::object([
            ("ss58Format", Json::number(qc_types::SS58_PREFIX)),
            ("tokenDecimals", Json::number(qc_types::DECIMALS)),
            ("tokenSymbol", Json::text("FLX")),
        ]);
        let spec = Json::object([
            ("bootNodes", Json::Array(boot_nodes.iter().map(Json::text).collect())),
            ("chainType", Json::text(self.chain.chain_type.name())),
            ("codeSubstitutes", Json::object([])),
            ("genesis", Json::object([("runtimeGenesis", runtime)])),
            ("id", Json::text(&self.chain.id)),
            ("name", Json::text(&self.chain.name)),
            ("properties", properties),
            ("protocolId", Json::text(&self.chain.protocol_id)),
            ("telemetryEndpoints", Json::Null),
        ]);
        Some(spec.to_pretty())
    }
}

/// A document, or a chain spec of which one can be computed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// A document.
    Document(Document),
    /// A chain spec.
    Spec(Spec),
}

impl Source {
    /// Reads whichever of the two it is.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentFault> {
        if bytes.len() > SPEC_BYTES_MAX {
            return Err(DocumentFault::TooLarge {
                found: bytes.len(),
                max: SPEC_BYTES_MAX,
            });
        }
        let json = json::parse(bytes)?;
        match (json.get("format"), json.get("genesis")) {
            (Some(_), _) if bytes.len() > DOCUMENT_BYTES_MAX => Err(DocumentFault::TooLarge {
                found: bytes.len(),
                max: DOCUMENT_BYTES_MAX,
            }),
            (Some(_), _) => Document::read(&json).map(Self::Document),
            (None, Some(_)) => Spec::read(json).map(Self::Spec),
            (None, None) => Err(DocumentFault::Neither),
        }
    }

    /// The document.
    pub fn document(&self) -> &Document {
        match self {
            Self::Document(document) => document,
            Self::Spec(spec) => &spec.document,
        }
    }

    /// The chain spec, if it is one.
    pub fn spec(&self) -> Option<&Spec> {
        match self {
            Self::Document(_) => None,
            Self::Spec(spec) => Some(spec),
        }
    }
}
