//! The field graph and what was computed on it.

use crate::client::{Chain, NodeError};
use subxt::config::substrate::H256;
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;

/// The runtime API of the field.
const API: &str = "FieldApi";

/// The most epochs that a node tells at a time.
const PAGE_EPOCHS: u32 = 50;

/// The field graph.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Topology {
    /// How many shards there are; they are numbered from 0.
    pub shards: u8,
    /// The edges, the lower shard first.
    pub edges: Vec<(u8, u8)>,
    /// The shards along each cycle of the basis.
    pub cycles: Vec<Vec<u8>>,
}

/// What a shard had at the end of an epoch.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct ShardInput {
    /// CHR, plancks.
    pub chr: u128,
    /// ATR that is staked in it, plancks.
    pub staked_atr: u128,
    /// FLX, plancks.
    pub flx: u128,
    /// d, units of 10⁻¹⁸.
    pub dissonance: u128,
}

/// What an epoch was computed from.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Inputs {
    /// The epoch.
    pub epoch: u32,
    /// Every shard at its end.
    pub shards: Vec<ShardInput>,
    /// FLX of the ground at its end, plancks.
    pub ground_flx: u128,
}

/// What came of it.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Fields {
    /// The epoch.
    pub epoch: u32,
    /// ψ of every shard, units of 10⁻¹⁸.
    pub densities: Vec<u128>,
    /// ψ_j − ψ_i of every edge, units of 10⁻¹⁸.
    pub gradients: Vec<i128>,
    /// FLX that flowed along every edge from the lower shard to the higher, plancks.
    pub flows: Vec<i128>,
    /// FLX that flowed from the ground into every shard, plancks.
    pub ground_flows: Vec<i128>,
    /// Φ of every edge, units of 10⁻¹⁸.
    pub flux: Vec<i128>,
    /// How well flows go along gradients, units of 10⁻¹⁸, from −1 to 1.
    pub alignment: i128,
}

/// The curls of the gradients that validators reported.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Curls {
    /// The epoch at whose end they were taken: the reports are on the one before.
    pub epoch: u32,
    /// The curl on every cycle, units of 10⁻¹⁸; `None` where an edge had too few observers.
    pub curls: Vec<Option<i128>>,
    /// δ_curl, units of 10⁻¹⁸.
    pub curl_max: u128,
    /// Whether more than ⅓ of the set deviated.
    pub is_breached: bool,
    /// The shards that 412 was raised for.
    pub anomalies: Vec<u8>,
}

/// Everything of the epoch that closed last.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct FieldView {
    /// What it was computed from.
    pub inputs: Option<Inputs>,
    /// What came of it.
    pub fields: Option<Fields>,
    /// The curls of what was observed.
    pub curls: Option<Curls>,
}

/// What is kept of an epoch.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct PastField {
    /// The epoch.
    pub epoch: u32,
    /// ψ of every shard, units of 10⁻¹⁸.
    pub densities: Vec<u128>,
    /// How well flows went along gradients, units of 10⁻¹⁸.
    pub alignment: i128,
}

impl Topology {
    /// Fails unless the view has a value for each shard, edge and cycle.
    fn check(&self, view: &FieldView) -> Result<(), NodeError> {
        let (shards, edges, cycles) = (usize::from(self.shards), self.edges.len(), self.cycles.len());
        let fits = |fields: &Fields| {
            fields.densities.len() == shards
                && fields.ground_flows.len() == shards
                && [&fields.gradients, &fields.flows, &fields.flux].map(Vec::len) == [edges; 3]
        };
        let whole = view.inputs.as_ref().is_none_or(|inputs| inputs.shards.len() == shards)
            && view.fields.as_ref().is_none_or(fits)
            && view.curls.as_ref().is_none_or(|curls| curls.curls.len() == cycles);
        if whole {
            Ok(())
        } else {
            Err(NodeError::nonsense(API, "its values do not fit the field graph"))
        }
    }
}

impl Chain {
    /// The field graph, and everything of the epoch that closed last.
    pub async fn field(&self, at: H256) -> Result<(Topology, FieldView), NodeError> {
        let (topology, view) = futures::try_join!(
            self.api::<Option<Topology>>(API, "topology", vec![], at),
            self.api::<FieldView>(API, "last_closed", vec![], at)
        )?;
        let topology = topology.ok_or_else(|| NodeError::nonsense(API, "there is no field graph"))?;
        topology.check(&view)?;
        Ok((topology, view))
    }

    /// What is kept of the epochs `first..=last`, ascending; an epoch that could not be closed is left out.
    pub async fn field_history(&self, first: u32, last: u32, at: H256) -> Result<Vec<PastField>, NodeError> {
        let mut epochs: Vec<PastField> = Vec::new();
        for (from, count) in pages(first, last, PAGE_EPOCHS) {
            let arguments = vec![Value::u128(from.into()), Value::u128(count.into())];
            epochs.extend(self.api::<Vec<PastField>>(API, "history", arguments, at).await?);
        }
        let ascending = epochs.windows(2).all(|pair| match pair {
            [one, next] => one.epoch < next.epoch,
            _ => true,
        });
        if ascending {
            Ok(epochs)
        } else {
            Err(NodeError::nonsense(API, "epochs out of order"))
        }
    }
}

/// The epochs `first..=last` in pages: from which on, and how many.
pub(super) fn pages(first: u32, last: u32, page: u32) -> Vec<(u32, u32)> {
    let mut pages = Vec::new();
    let mut from = first;
    while from <= last {
        let count = last.saturating_sub(from).saturating_add(1).min(page);
        pages.push((from, count));
        match from.checked_add(count) {
            Some(next) => from = next,
            None => break,
        }
    }
    pages
}
