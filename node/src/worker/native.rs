//! The native results: Ĉ and ψ, recomputed from the inputs in the state of a boundary block. Nothing that the runtime computed
//! is read here; what it computed is only ever compared with, in [`Mismatch`].

use super::{
    chain::RuntimeResults,
    records::{attunement_inputs, field_inputs, symbols},
    state::{Fault, StateReader},
};
use qc_harmonics::{
    attunement, field,
    sync::{Densities, Report, HARMONICS_VERSION},
};
use sp_core::{storage::well_known_keys::CODE, H256};
use sp_io::hashing::blake2_256;
use std::fmt;

/// What the inputs give.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Native {
    /// The epoch.
    pub epoch: u32,
    /// The boundary block whose state the inputs stand in.
    pub boundary: H256,
    /// Ĉ, units of 10⁻¹⁸.
    pub coherence: u128,
    /// ψ of every shard by ascending number, units of 10⁻¹⁸.
    pub densities: Vec<u128>,
    /// blake2-256 of the code in that state.
    pub code_hash: [u8; 32],
}

/// Recomputes an epoch from the inputs in the state of its boundary block.
///
/// # Errors
///
/// What of the state cannot be read, decoded or computed with.
pub fn recompute(reader: &impl StateReader, epoch: u32, boundary: H256) -> Result<Native, Fault> {
    let symbols = symbols(reader, boundary)?;
    let validators = attunement_inputs(reader, epoch, boundary)?;
    let shards = field_inputs(reader, epoch, boundary)?;
    let code = reader.storage(boundary, CODE).map_err(Fault::State)?;
    // There is no memory of nodes yet, so no part of Ĉ comes from it.
    let closing = attunement::close(&symbols, &validators, 0).map_err(Fault::Coherence)?;
    let densities = field::densities(&shards).map_err(|error| Fault::Field(error.into()))?;
    Ok(Native {
        epoch,
        boundary,
        coherence: closing.coherence,
        densities,
        code_hash: blake2_256(&code.ok_or(Fault::Missing(":code"))?),
    })
}

impl Native {
    /// The report on these shards.
    ///
    /// # Errors
    ///
    /// [`Fault::ShardUnknown`] or [`Fault::TooManyShards`].
    pub fn report(&self, shards: &[u8]) -> Result<Report, Fault> {
        let of_shard = |shard: &u8| {
            let density = self.densities.get(usize::from(*shard));
            density.map(|psi| (*shard, *psi)).ok_or(Fault::ShardUnknown(*shard))
        };
        let pairs = shards.iter().map(of_shard).collect::<Result<Vec<_>, _>>()?;
        Ok(Report {
            version: HARMONICS_VERSION,
            epoch: self.epoch,
            coherence: self.coherence,
            densities: Densities::new(pairs).map_err(|_| Fault::TooManyShards(shards.len()))?,
            boundary: self.boundary.0,
            code_hash: self.code_hash,
        })
    }

    /// Where the runtime's own results differ; `None` if they are the same to the last digit.
    pub fn mismatch(&self, runtime: &RuntimeResults) -> Option<Mismatch> {
        let same = runtime.coherence == Some(self.coherence) && runtime.densities == self.densities;
        (!same).then(|| Mismatch {
            native: self.clone(),
            runtime: runtime.clone(),
        })
    }
}

/// What the runtime computed is not what the node computed of the same inputs. One of them is wrong: the node's binary, its
/// memory or its disk, or the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    native: Native,
    runtime: RuntimeResults,
}

impl Mismatch {
    /// Whether nothing differs but what the runtime has no result of: the chain could not close the epoch.
    pub fn is_missing(&self) -> bool {
        let (native, runtime) = (&self.native, &self.runtime);
        let same_coherence = runtime.coherence.is_none_or(|there| there == native.coherence);
        same_coherence && (runtime.densities.is_empty() || runtime.densities == native.densities)
    }
}

impl fmt::Display for Mismatch {
    /// Only what differs, units of 10⁻¹⁸.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (native, runtime) = (&self.native, &self.runtime);
        if runtime.coherence != Some(native.coherence) {
            write!(
                f,
                "coherence: {} here, {:?} in the runtime; ",
                native.coherence, runtime.coherence
            )?;
        }
        if runtime.densities.len() != native.densities.len() {
            let (here, there) = (native.densities.len(), runtime.densities.len());
            write!(f, "{here} shards here, {there} in the runtime; ")?;
        }
        for (shard, (here, there)) in native.densities.iter().zip(&runtime.densities).enumerate() {
            if here != there {
                write!(f, "density of shard {shard}: {here} here, {there} in the runtime; ")?;
            }
        }
        write!(f, "boundary block {:?}", native.boundary)
    }
}
