//! Incidents, as the chain records them.

use crate::client::{Chain, NodeError};
use crate::ss58::Account;
use qc_types::CirCode;
use subxt::config::substrate::H256;
use subxt::ext::scale_decode::DecodeAsType;

/// The runtime API of incidents.
const API: &str = "IncidentApi";

/// An open incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incident {
    /// Its number.
    pub number: u64,
    /// 302, 412 or 511.
    pub code: u16,
    /// What is sick.
    pub scope: String,
    /// Why it was raised.
    pub cause: &'static str,
    /// The block in which it was raised first.
    pub block: u32,
    /// The epoch in which it was raised first.
    pub epoch: u32,
    /// The epoch in which it was raised last.
    pub last_epoch: u32,
    /// How often it was raised.
    pub times: u32,
}

/// A `CirCode`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum CodeShown {
    LocalDissonance,
    FieldAnomaly,
    ChainHalt,
}

/// A `Scope`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum ScopeShown {
    Account([u8; 32]),
    Shard(u8),
    Chain,
}

/// An `IncidentCause`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum CauseShown {
    Curl,
    Spread,
    Breach,
    Tampering,
    ChainInDoubt,
    Conservation,
    Mathematics,
}

/// An `IncidentRecord`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct IncidentShown {
    number: u64,
    code: CodeShown,
    scope: ScopeShown,
    cause: CauseShown,
    block: u32,
    epoch: u32,
    last_epoch: u32,
    times: u32,
}

impl From<IncidentShown> for Incident {
    fn from(shown: IncidentShown) -> Self {
        let code = match shown.code {
            CodeShown::LocalDissonance => CirCode::LocalDissonance,
            CodeShown::FieldAnomaly => CirCode::FieldAnomaly,
            CodeShown::ChainHalt => CirCode::ChainHalt,
        };
        Self {
            number: shown.number,
            code: code.number(),
            scope: match shown.scope {
                ScopeShown::Account(id) => Account(id).to_string(),
                ScopeShown::Shard(shard) => format!("shard {shard}"),
                ScopeShown::Chain => "the chain".into(),
            },
            cause: match shown.cause {
                CauseShown::Curl => "curl",
                CauseShown::Spread => "spread",
                CauseShown::Breach => "breach",
                CauseShown::Tampering => "tampering",
                CauseShown::ChainInDoubt => "chain-in-doubt",
                CauseShown::Conservation => "conservation",
                CauseShown::Mathematics => "mathematics",
            },
            block: shown.block,
            epoch: shown.epoch,
            last_epoch: shown.last_epoch,
            times: shown.times,
        }
    }
}

impl Chain {
    /// The open incidents.
    pub async fn open_incidents(&self, at: H256) -> Result<Vec<Incident>, NodeError> {
        let shown: Vec<IncidentShown> = self.api(API, "open", vec![], at).await?;
        Ok(shown.into_iter().map(Incident::from).collect())
    }
}
