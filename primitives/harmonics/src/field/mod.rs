//! The ψ-field on the graph of shards: topology, densities, gradients, flows, flux, alignment, curl.
//!
//! Numbers are raw integers: fixed point in units of 10⁻¹⁸, amounts in plancks. The chapter `docs/protocol/field.md` has
//! every formula, its rounding and the integer algorithms; programs in Python and Node.js written from it recompute the
//! golden file. Shards are numbered from 0; the *ground* is the vertex of the accounts that are in no shard, joined to
//! every shard.

mod curl;
mod cycles;
mod density;
mod fault;
mod flow;
mod flux;
mod laplacian;
#[cfg(test)]
#[allow(clippy::as_conversions, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
mod topology;

pub use curl::{anomalies, check_psi_1, check_psi_2, curls};
pub use density::{densities, gradients, ShardInput};
pub use fault::FieldFault;
pub use flow::{check_kirchhoff, flows, net_changes, Flows};
pub use flux::{alignment, flux};
pub use topology::{Topology, TopologyFault};

use alloc::vec::Vec;
use qc_math::MathError;

/// The fewest shards: below three there is no cycle, so nothing to measure curl on.
pub const SHARDS_MIN: u8 = 3;

/// The most shards.
pub const SHARDS_MAX: u8 = 50;

/// The fewest edges of a shard, the ground's not counted.
pub const DEGREE_MIN: u8 = 2;

/// The most edges of a shard, the ground's not counted.
pub const DEGREE_MAX: u8 = 10;

/// The most edges of a cycle in the cycle basis.
pub const CYCLE_LENGTH_MAX: u8 = 8;

/// The most edges between shards: fifty shards with ten each.
pub const EDGES_MAX: u32 = 250;

/// The most cycles in a basis: edges less shards plus one, with fifty shards and 250 edges.
pub const CYCLES_MAX: u32 = 201;

/// The raw inputs of an epoch, as they are snapshot before anything is computed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FieldInputs {
    /// Every shard at the epoch's end, by ascending number.
    pub shards: Vec<ShardInput>,
    /// FLX of every shard at the former epoch's end, plancks.
    pub flx_before: Vec<u128>,
    /// FLX of the ground at the epoch's end, plancks.
    pub ground_flx: u128,
    /// FLX of the ground at the former epoch's end, plancks.
    pub ground_flx_before: u128,
}

impl FieldInputs {
    /// FLX of every shard, then of the ground, plancks.
    fn flx_after(&self) -> Vec<u128> {
        let shards = self.shards.iter().map(|shard| shard.flx);
        shards.chain([self.ground_flx]).collect()
    }

    /// The same at the former epoch's end.
    fn flx_before(&self) -> Vec<u128> {
        self.flx_before
            .iter()
            .copied()
            .chain([self.ground_flx_before])
            .collect()
    }
}

/// Everything that an epoch's inputs give. Lists by shard are by ascending number, lists by edge in the topology's order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fields {
    /// ψ of every shard, units of 10⁻¹⁸.
    pub densities: Vec<u128>,
    /// g of every edge, units of 10⁻¹⁸.
    pub gradients: Vec<i128>,
    /// The flows of FLX, plancks.
    pub flows: Flows,
    /// Φ of every edge, units of 10⁻¹⁸.
    pub flux: Vec<i128>,
    /// How well flows go along gradients, units of 10⁻¹⁸, in [−1, 1].
    pub alignment: i128,
}

/// Closes an epoch: densities, gradients, flows, flux and alignment. Checks FLX-2 and PSI-1 of what it returns.
///
/// Source: protocol section 3. Errors: another number of shards than the topology's; FLX that appeared or vanished; a
/// [`MathError`].
pub fn close(topology: &Topology, inputs: &FieldInputs) -> Result<Fields, FieldFault> {
    let found = inputs.shards.len();
    if found != usize::from(topology.shards()) || found != inputs.flx_before.len() {
        return Err(FieldFault::ShardCount {
            expected: topology.shards(),
        });
    }
    let densities = densities(&inputs.shards)?;
    let gradients = gradients(topology, &densities)?;
    check_psi_1(topology, &gradients)?;
    let after = inputs.flx_after();
    let net = net_changes(&inputs.flx_before(), &after)?;
    let flows = flows(topology, &net)?;
    check_kirchhoff(topology, &net, &flows)?;
    let total = sum(after.into_iter())?;
    let flux = flux(&flows.edges, &gradients, total)?;
    let alignment = alignment(&flows.edges, &gradients)?;
    Ok(Fields {
        densities,
        gradients,
        flows,
        flux,
        alignment,
    })
}

/// Σ, or [`MathError::Overflow`].
fn sum(mut amounts: impl Iterator<Item = u128>) -> Result<u128, MathError> {
    amounts.try_fold(0, u128::checked_add).ok_or(MathError::Overflow)
}
