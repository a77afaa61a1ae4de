//! ψ of the shards and its gradients.

use super::{sum, FieldFault, Topology};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{mul_div_floor, MathError, ONE};
use scale_info::TypeInfo;

/// What a shard is at the end of an epoch.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct ShardInput {
    /// CHR of all accounts at home in it, its commons pot included, plancks.
    pub chr: u128,
    /// ATR that is staked in it, plancks.
    pub staked_atr: u128,
    /// FLX of all accounts at home in it, plancks.
    pub flx: u128,
    /// Its dissonance d ≥ 0, units of 10⁻¹⁸.
    pub dissonance: u128,
}

/// ψ_i of every shard, units of 10⁻¹⁸: `chr_i · atr_i / (1 + d_i)`, where `chr_i = N CHR_i / Σ CHR` and
/// `atr_i = N ATR_i / Σ ATR`. Range: 0…N².
///
/// Source: protocol section 3. Rounding: `chr_i` and `atr_i` down, then their quotient by 1 + d_i down, each to 10⁻¹⁸. Where
/// Σ CHR or Σ ATR is 0, all shares are 0. Errors: [`MathError::Overflow`], from N CHR_i = 2¹²⁸ plancks or d = 2¹²⁸ − 10¹⁸
/// on.
pub fn densities(shards: &[ShardInput]) -> Result<Vec<u128>, MathError> {
    let count = u128::try_from(shards.len()).map_err(|_| MathError::Overflow)?;
    let chr = sum(shards.iter().map(|shard| shard.chr))?;
    let atr = sum(shards.iter().map(|shard| shard.staked_atr))?;
    shards
        .iter()
        .map(|shard| {
            let chr = share(count, shard.chr, chr)?;
            let atr = share(count, shard.staked_atr, atr)?;
            let damping = ONE.checked_add(shard.dissonance).ok_or(MathError::Overflow)?;
            mul_div_floor(chr, atr, damping)
        })
        .collect()
}

/// `count · part / whole` in units of 10⁻¹⁸, down; 0 of nothing.
fn share(count: u128, part: u128, whole: u128) -> Result<u128, MathError> {
    if whole == 0 {
        return Ok(0);
    }
    mul_div_floor(part.checked_mul(count).ok_or(MathError::Overflow)?, ONE, whole)
}

/// g of every edge i < j: ψ_j − ψ_i, units of 10⁻¹⁸. Exact.
///
/// Errors: not one ψ per shard; [`MathError::Overflow`], for a ψ from 2¹²⁷ on.
pub fn gradients(topology: &Topology, densities: &[u128]) -> Result<Vec<i128>, FieldFault> {
    let fault = FieldFault::ShardCount {
        expected: topology.shards(),
    };
    if densities.len() != usize::from(topology.shards()) {
        return Err(fault);
    }
    let density = |shard: u8| {
        let density = densities.get(usize::from(shard)).ok_or(fault)?;
        i128::try_from(*density).map_err(|_| FieldFault::Math(MathError::Overflow))
    };
    topology
        .edges()
        .iter()
        .map(|(i, j)| {
            density(*j)?
                .checked_sub(density(*i)?)
                .ok_or(FieldFault::Math(MathError::Overflow))
        })
        .collect()
}
