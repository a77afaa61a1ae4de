//! Records of the field. Knows no `Config`.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use qc_harmonics::field::{self, FieldFault, FieldInputs, ShardInput, Topology};
use qc_types::{Balance, EpochIndex, ShardId, SHARDS_MAX, SHARDS_MIN};
use scale_info::TypeInfo;

/// A value for each shard, by ascending number.
pub type PerShard<V> = BoundedVec<V, ConstU32<50>>;

/// A value for each edge between shards, in the topology's order.
pub type PerEdge<V> = BoundedVec<V, ConstU32<{ field::EDGES_MAX }>>;

/// A value for each cycle of the basis, in the topology's order.
pub type PerCycle<V> = BoundedVec<V, ConstU32<{ field::CYCLES_MAX }>>;

/// How many epochs of history are kept.
pub const HISTORY_EPOCHS: EpochIndex = 100;

/// The most epochs that one page of history has.
pub const PAGE_EPOCHS_MAX: u32 = 50;

// The same numbers in the types and crates that want them.
const _: () = assert!(SHARDS_MAX == 50 && field::SHARDS_MAX == SHARDS_MAX && field::SHARDS_MIN == SHARDS_MIN);

/// The raw inputs of an epoch.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct InputsRecord {
    /// The epoch.
    pub epoch: EpochIndex,
    /// Every shard at its end.
    pub shards: PerShard<ShardInput>,
    /// FLX of every shard at the former snapshot, plancks; at this one in the first epoch.
    pub flx_before: PerShard<Balance>,
    /// FLX of the ground at the epoch's end, plancks.
    pub ground_flx: Balance,
    /// FLX of the ground at the former snapshot, plancks; at this one in the first epoch.
    pub ground_flx_before: Balance,
}

impl InputsRecord {
    /// As the mathematics takes them.
    pub fn inputs(&self) -> FieldInputs {
        FieldInputs {
            shards: self.shards.to_vec(),
            flx_before: self.flx_before.to_vec(),
            ground_flx: self.ground_flx,
            ground_flx_before: self.ground_flx_before,
        }
    }
}

/// What an epoch's inputs gave.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct FieldsRecord {
    /// The epoch.
    pub epoch: EpochIndex,
    /// ψ of every shard, units of 10⁻¹⁸.
    pub densities: PerShard<u128>,
    /// g of every edge i < j: ψ_j − ψ_i, units of 10⁻¹⁸.
    pub gradients: PerEdge<i128>,
    /// FLX that flowed along every edge i < j, from i to j, plancks.
    pub flows: PerEdge<i128>,
    /// FLX that flowed from the ground into every shard, plancks.
    pub ground_flows: PerShard<i128>,
    /// Φ of every edge, units of 10⁻¹⁸.
    pub flux: PerEdge<i128>,
    /// How well the flows go along the gradients, units of 10⁻¹⁸, in [−1, 1].
    pub alignment: i128,
}

impl FieldsRecord {
    /// The record of what was computed for an epoch.
    ///
    /// Errors: a list that is longer than any topology makes it.
    pub fn new(epoch: EpochIndex, fields: field::Fields) -> Result<Self, FieldFault> {
        Ok(Self {
            epoch,
            densities: per_shard(fields.densities)?,
            gradients: per_edge(fields.gradients)?,
            flows: per_edge(fields.flows.edges)?,
            ground_flows: per_shard(fields.flows.ground)?,
            flux: per_edge(fields.flux)?,
            alignment: fields.alignment,
        })
    }

    /// The flows, as the mathematics takes them.
    pub fn flows(&self) -> field::Flows {
        field::Flows {
            edges: self.flows.to_vec(),
            ground: self.ground_flows.to_vec(),
        }
    }
}

/// The curls of the gradients that were observed of the epoch before.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CurlsRecord {
    /// The epoch at whose end they were taken.
    pub epoch: EpochIndex,
    /// The curl on every cycle, units of 10⁻¹⁸; `None` where an edge of it had too few observers.
    pub curls: PerCycle<Option<i128>>,
    /// δ_curl as it was then, units of 10⁻¹⁸.
    pub curl_max: u128,
    /// Whether more than ⅓ of the whole set deviated.
    pub is_breached: bool,
    /// The shards that 412 was raised for, ascending.
    pub anomalies: PerShard<ShardId>,
}

/// What is kept of a closed epoch.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct HistoryRecord {
    /// The epoch.
    pub epoch: EpochIndex,
    /// ψ of every shard, units of 10⁻¹⁸.
    pub densities: PerShard<u128>,
    /// How well the flows went along the gradients, units of 10⁻¹⁸, in [−1, 1].
    pub alignment: i128,
}

/// The field graph, as the runtime API shows it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct TopologyView {
    /// How many shards there are; they are numbered from 0.
    pub shards: u8,
    /// The edges, ascending, the lower shard first.
    pub edges: Vec<(ShardId, ShardId)>,
    /// The cycle basis: the shards along each cycle, by length.
    pub cycles: Vec<Vec<ShardId>>,
}

impl From<&Topology> for TopologyView {
    fn from(topology: &Topology) -> Self {
        let along = |cycle: &Vec<u8>| cycle.iter().copied().map(ShardId).collect();
        Self {
            shards: topology.shards(),
            edges: topology
                .edges()
                .iter()
                .map(|(i, j)| (ShardId(*i), ShardId(*j)))
                .collect(),
            cycles: topology.cycles().iter().map(along).collect(),
        }
    }
}

/// Everything of the epoch that closed last, as the runtime API shows it. All empty before the first one; an entry is of an
/// earlier epoch than its neighbours where that part could not be computed.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct FieldView {
    /// The raw inputs.
    pub inputs: Option<InputsRecord>,
    /// What they gave.
    pub fields: Option<FieldsRecord>,
    /// The curls of what was observed.
    pub curls: Option<CurlsRecord>,
}

/// A list by shard, if it is no longer than there can be shards.
pub(crate) fn per_shard<V>(values: Vec<V>) -> Result<PerShard<V>, FieldFault> {
    PerShard::try_from(values).map_err(|_| FieldFault::ShardCount { expected: SHARDS_MAX })
}

fn per_edge<V>(values: Vec<V>) -> Result<PerEdge<V>, FieldFault> {
    PerEdge::try_from(values).map_err(|_| FieldFault::EdgeCount)
}

/// A list by cycle, if it is no longer than there can be cycles.
pub(crate) fn per_cycle<V>(values: Vec<V>) -> Result<PerCycle<V>, FieldFault> {
    PerCycle::try_from(values).map_err(|_| FieldFault::CycleCount)
}
