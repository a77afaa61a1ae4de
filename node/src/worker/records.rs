//! The inputs as they stand in raw storage: where, and in which form.

use super::state::{Fault, Item, StateReader};
use codec::{Decode, Encode};
use qc_harmonics::{
    attunement::ValidatorInput,
    field::{FieldFault, ShardInput, Topology},
    symbols::Symbols,
};
use sp_core::{crypto::AccountId32, H256};

pub(super) const SYMBOLS: Item = Item::new("Attunement", "Symbols", "Attunement::Symbols");
pub(super) const ATTUNEMENT: Item = Item::new("Attunement", "Inputs", "Attunement::Inputs");
pub(super) const FIELD: Item = Item::new("Field", "Inputs", "Field::Inputs");
pub(super) const TOPOLOGY: Item = Item::new("Field", "Topology", "Field::Topology");

/// The protocol's symbols.
pub fn symbols(reader: &impl StateReader, at: H256) -> Result<Symbols, Fault> {
    SYMBOLS.read(reader, at)
}

/// `Attunement::Inputs`, as the attunement keeps it: the epoch, and of every validator what it is computed from.
pub(super) type AttunementRecord = (u32, Vec<(AccountId32, ValidatorInput)>);

/// The inputs of every validator of this epoch, which closed in block `at`, in the order of the set.
pub fn attunement_inputs(reader: &impl StateReader, epoch: u32, at: H256) -> Result<Vec<ValidatorInput>, Fault> {
    let (found, inputs): AttunementRecord = ATTUNEMENT.read(reader, at)?;
    if found != epoch {
        return Err(Fault::OtherEpoch {
            item: ATTUNEMENT.name,
            found,
        });
    }
    Ok(inputs.into_iter().map(|(_, input)| input).collect())
}

/// `Field::Inputs`, as the field keeps it. Fields beside `epoch` and `shards` are for flows, which are not reported.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
pub(super) struct FieldRecord {
    /// The epoch.
    pub epoch: u32,
    /// Every shard at its end.
    pub shards: Vec<ShardInput>,
    /// FLX of every shard at the former epoch's end, plancks.
    pub flx_before: Vec<u128>,
    /// FLX in no shard at the epoch's end, plancks.
    pub ground_flx: u128,
    /// The same at the former epoch's end.
    pub ground_flx_before: u128,
}

/// The inputs of every shard of the field graph, of this epoch.
pub fn field_inputs(reader: &impl StateReader, epoch: u32, at: H256) -> Result<Vec<ShardInput>, Fault> {
    let record: FieldRecord = FIELD.read(reader, at)?;
    if record.epoch != epoch {
        return Err(Fault::OtherEpoch {
            item: FIELD.name,
            found: record.epoch,
        });
    }
    let topology: Topology = TOPOLOGY.read(reader, at)?;
    if record.shards.len() != usize::from(topology.shards()) {
        return Err(Fault::Field(FieldFault::ShardCount {
            expected: topology.shards(),
        }));
    }
    Ok(record.shards)
}
