//! Ĉ: the coherence of all validators together, out of their phases and stakes.

use super::{entropy::entropy, phase::advance_all, wide::Wide, Phase, VALIDATOR_FEATURES, VALIDATOR_WEIGHTS};
use crate::symbols::Symbols;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{mul_floor, sqrt, MathError, ONE};
use scale_info::TypeInfo;

/// √(10¹⁸): what a root of [`sqrt`] of a plain integer is scaled by.
const ROOT_SCALE: u128 = 1_000_000_000;

/// The components of one validator's vector.
type Vector = [u128; VALIDATOR_FEATURES];

/// A validator's inputs of an epoch, as they stand in state before anything is computed.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct ValidatorInput {
    /// The phases before the epoch.
    pub phases: [Phase; VALIDATOR_FEATURES],
    /// The features f0…f3 of the epoch, units of 10⁻¹⁸, range [0, 1]; `None`: nothing was due.
    pub features: [Option<u128>; VALIDATOR_FEATURES],
    /// Staked ATR, plancks.
    pub stake: u128,
    /// Whether its grace period still runs.
    pub in_grace: bool,
}

/// A validator after an epoch.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct ClosedValidator {
    /// The phases after the epoch.
    pub phases: [Phase; VALIDATOR_FEATURES],
    /// Ψ after the epoch, units of 10⁻¹⁸, range [0, 1].
    pub psi: u128,
}

/// All validators after an epoch. Numbers are units of 10⁻¹⁸.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct Closing {
    /// In the order of the inputs.
    pub validators: Vec<ClosedValidator>,
    /// R, the mean cosine between any two validators' phases, range [0, 1].
    pub resonance: u128,
    /// C_core = R · mean Ψ, the mean weighted by stake, range [0, 1].
    pub core: u128,
    /// CAF = 1 + γ λ̄ T̄5, range [1, 1 + γ].
    pub caf: u128,
    /// Ĉ = min(1, C_core · CAF), range [0, 1].
    pub coherence: u128,
    /// H, the entropy of the shares of Ψ, range [0, 1].
    pub entropy: u128,
}

/// Closes an epoch: advances every validator, then computes R, C_core, CAF, Ĉ and H of those who count. Validators in their
/// grace period do not count, unless all of them are in it.
///
/// `node_memory` = λ̄_node · T̄5, units of 10⁻¹⁸, range [0, 1]; 0 as long as there is no memory.
/// Errors: a feature above 1; more than 340 validators; stakes of 3.4 · 10²⁹ plancks together.
/// Cost for n validators: n roots ([`sqrt`]), n + 1 logarithms.
pub fn close(symbols: &Symbols, inputs: &[ValidatorInput], node_memory: u128) -> Result<Closing, MathError> {
    let validators = inputs.iter().map(|input| advance_input(symbols, input));
    let validators = validators.collect::<Result<Vec<_>, MathError>>()?;
    let all_in_grace = inputs.iter().all(|input| input.in_grace);
    let counted = || {
        let both = inputs.iter().zip(&validators);
        both.filter(|(input, _)| all_in_grace || !input.in_grace)
    };
    let vectors: Vec<Vector> = counted().map(|(_, closed)| vector(closed)).collect();
    let psis: Vec<u128> = counted().map(|(_, closed)| closed.psi).collect();
    let stakes: Vec<u128> = counted().map(|(input, _)| input.stake).collect();

    let resonance = resonance(&vectors)?;
    let core = core_coherence(resonance, mean_psi(&stakes, &psis)?)?;
    let caf = caf(symbols, node_memory)?;
    let coherence = network_coherence(core, caf)?;
    let entropy = entropy(&psis)?;
    Ok(Closing {
        validators,
        resonance,
        core,
        caf,
        coherence,
        entropy,
    })
}

fn advance_input(symbols: &Symbols, input: &ValidatorInput) -> Result<ClosedValidator, MathError> {
    let (phases, psi) = advance_all(symbols, &VALIDATOR_WEIGHTS, &input.phases, &input.features)?;
    Ok(ClosedValidator { phases, psi })
}

/// The components that R compares: ω_k, and for a feature that was never due the Ψ that it would start at, so that R does not
/// jump when it becomes due.
fn vector(closed: &ClosedValidator) -> Vector {
    closed
        .phases
        .map(|phase| if phase.was_due { phase.omega } else { closed.psi })
}

/// R = (‖Σ û_v‖² − Σ ‖û_v‖²)/(n(n−1)), the mean cosine between any two of the vectors, in O(n).
///
/// û_v has the components ⌊ω_k · 10²⁷/r⌋, r = ⌈10²⁷ ‖ω‖⌉ for ω as a real number, in units of 10⁻¹⁸; from these R is exact and
/// floored once. ‖û_v‖ ≤ 1 because r is not below the norm, so R ≤ 1; nothing is negative, so R ≥ 0. A vector of zeros stays.
/// One vector: 1. None: 0. Errors: `Overflow` for components above 1 or more than 340 vectors.
/// Cost: one [`sqrt`] for each vector.
pub fn resonance(vectors: &[[u128; VALIDATOR_FEATURES]]) -> Result<u128, MathError> {
    let n = u128::try_from(vectors.len()).map_err(|_| MathError::Overflow)?;
    if n < 2 {
        return Ok(if n == 1 { ONE } else { 0 });
    }
    // Σ over pairs v < w of û_v · û_w: each one with the sum of those before it. Half of the formula's numerator.
    let mut before: Vector = [0; VALIDATOR_FEATURES];
    let mut dots = Wide::default();
    for vector in vectors {
        for (sum, component) in before.iter_mut().zip(unit_vector(vector)?) {
            dots = dots.add_product(*sum, component)?;
            *sum = sum.checked_add(component).ok_or(MathError::Overflow)?;
        }
    }
    let ordered_pairs = n.checked_mul(n - 1).ok_or(MathError::Overflow)?;
    dots.over_one()
        .checked_div(ordered_pairs / 2)
        .ok_or(MathError::DivisionByZero)
}

/// û: the vector over its norm, every component floored, the norm rounded up.
fn unit_vector(vector: &Vector) -> Result<Vector, MathError> {
    let mut squares = 0_u128;
    for component in vector {
        let square = component.checked_mul(*component).ok_or(MathError::Overflow)?;
        squares = squares.checked_add(square).ok_or(MathError::Overflow)?;
    }
    if squares == 0 {
        return Ok([0; VALIDATOR_FEATURES]);
    }
    let norm = norm_ceil(squares)?;
    let mut unit = [0; VALIDATOR_FEATURES];
    for (to, from) in unit.iter_mut().zip(vector) {
        let scaled = from.checked_mul(ROOT_SCALE).ok_or(MathError::Overflow)?;
        *to = Wide::of_ones(scaled).over(norm)?;
    }
    Ok(unit)
}

/// ⌈10⁹ √squares⌉ of a sum of squares, at least 1.
fn norm_ceil(squares: u128) -> Result<u128, MathError> {
    // qc-math's root of an integer x is ⌊√(x · 10¹⁸)⌋.
    let floor = sqrt(squares)?;
    let whole = floor / ROOT_SCALE;
    if whole.checked_mul(whole) == Some(squares) {
        return Ok(floor);
    }
    floor.checked_add(1).ok_or(MathError::Overflow)
}

/// Mean Ψ weighted by stake, floored. 0 where nobody has a stake. Errors: `Overflow` from 3.4 · 10²⁹ plancks on.
pub fn mean_psi(stakes: &[u128], psis: &[u128]) -> Result<u128, MathError> {
    let (mut weighted, mut total) = (Wide::default(), 0_u128);
    for (stake, psi) in stakes.iter().zip(psis) {
        weighted = weighted.add_large_product(*stake, *psi)?;
        total = total.checked_add(*stake).ok_or(MathError::Overflow)?;
    }
    if total == 0 {
        return Ok(0);
    }
    weighted.over(total)
}

/// C_core = R · mean Ψ, floored.
pub fn core_coherence(resonance: u128, mean_psi: u128) -> Result<u128, MathError> {
    mul_floor(resonance, mean_psi)
}

/// CAF = 1 + γ · `node_memory`, floored. Errors: [`AboveOne`](MathError::AboveOne) for a memory above 1.
pub fn caf(symbols: &Symbols, node_memory: u128) -> Result<u128, MathError> {
    if node_memory > ONE {
        return Err(MathError::AboveOne);
    }
    ONE.checked_add(mul_floor(symbols.gamma, node_memory)?)
        .ok_or(MathError::Overflow)
}

/// Ĉ = min(1, C_core · CAF), floored.
pub fn network_coherence(core: u128, caf: u128) -> Result<u128, MathError> {
    Ok(mul_floor(core, caf)?.min(ONE))
}
