//! One step of the phases: Ω_k, ω_k and I_k of a feature, and Ψ made of them. Laws CAL-1, CAL-2, CAL-3.

use crate::symbols::Symbols;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{MathError, ONE};
use scale_info::TypeInfo;

/// How many features a validator has: slots, seals, conformity, harmony.
pub const VALIDATOR_FEATURES: usize = 4;

/// How many features a participant has: packets, votes.
pub const PARTICIPANT_FEATURES: usize = 2;

/// The weights of a validator's features f0…f3, units of 10⁻¹⁸.
pub const VALIDATOR_WEIGHTS: [u128; VALIDATOR_FEATURES] = [3 * TENTH, 3 * TENTH, 2 * TENTH, 2 * TENTH];

/// The weights of a participant's features, units of 10⁻¹⁸.
pub const PARTICIPANT_WEIGHTS: [u128; PARTICIPANT_FEATURES] = [6 * TENTH, 4 * TENTH];

/// CAL-2: within how many perfect epochs Ψ comes to [`CAL_2_PSI`].
pub const CAL_2_EPOCHS: u32 = 50;

/// CAL-2: where Ψ comes to, units of 10⁻¹⁸.
pub const CAL_2_PSI: u128 = 97 * ONE / 100;

const TENTH: u128 = ONE / 10;

/// The phase of one feature.
///
/// Ω_k [s⁻¹] is not stored: it is `omega` · Ω0 with Ω0 = 1/T_epoch, so that no rounding of T_epoch touches the laws.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Phase {
    /// ω_k = Ω_k/Ω0, units of 10⁻¹⁸, range [0, 1]. While the feature was never due it is what [`psi`] starts from.
    pub omega: u128,
    /// I_k, the integrated argument: cycles in units of 10⁻¹⁸, range [0, τ].
    pub integral: u128,
    /// Whether anything of the feature was ever due.
    pub was_due: bool,
}

/// The phases of one whose features were never due and whose Ψ is `psi`: 0 for a newcomer, the genesis start for a founder.
pub fn start<const N: usize>(psi: u128) -> [Phase; N] {
    let phase = Phase {
        omega: psi,
        integral: 0,
        was_due: false,
    };
    [phase; N]
}

/// One feature over one epoch: ω ← ω + κ (f − ω), I ← (1 − 1/τ) I + ω, each floored once.
///
/// A feature with nothing due (`None`) keeps its phase. One that is due for the first time starts at ω = `psi_before`, the
/// Ψ before the epoch. Range: `omega` [0, 1], `integral` [0, τ]. CAL-1: `omega` moves by at most κ.
/// Errors: [`AboveOne`](MathError::AboveOne) for a feature above 1; `Overflow` and `DivisionByZero` for symbols out of bounds.
/// No transcendental function is called.
pub fn advance(symbols: &Symbols, phase: Phase, feature: Option<u128>, psi_before: u128) -> Result<Phase, MathError> {
    let Some(feature) = feature else {
        return Ok(phase);
    };
    if feature > ONE {
        return Err(MathError::AboveOne);
    }
    let from = if phase.was_due { phase.omega } else { psi_before };
    let kept = ONE.checked_sub(symbols.kappa).ok_or(MathError::Overflow)?;
    // Below 10^36 while κ, ω and f are at most one.
    let omega = sum(product(from, kept)?, product(feature, symbols.kappa)?)? / ONE;
    let tau = u128::from(symbols.tau_epochs);
    let rest = tau.checked_sub(1).ok_or(MathError::DivisionByZero)?;
    let integral = sum(
        product(phase.integral, rest)?
            .checked_div(tau)
            .ok_or(MathError::DivisionByZero)?,
        omega,
    )?;
    Ok(Phase {
        omega,
        integral,
        was_due: true,
    })
}

/// [`advance`] of every feature, and the Ψ afterwards.
pub fn advance_all<const N: usize>(
    symbols: &Symbols,
    weights: &[u128; N],
    phases: &[Phase; N],
    features: &[Option<u128>; N],
) -> Result<([Phase; N], u128), MathError> {
    let psi_before = psi(weights, phases)?;
    let mut after = *phases;
    for (phase, feature) in after.iter_mut().zip(features) {
        *phase = advance(symbols, *phase, *feature, psi_before)?;
    }
    let psi_after = psi(weights, &after)?;
    Ok((after, psi_after))
}

/// Ψ = Σ w_k ω_k / Σ w_k over the features that were ever due, floored; over all of them where none was (the start).
///
/// Range: [0, 1]. 0 for weights that sum to 0. Errors: `Overflow`, out of reach for weights and ω up to one.
pub fn psi(weights: &[u128], phases: &[Phase]) -> Result<u128, MathError> {
    let any_due = phases.iter().any(|phase| phase.was_due);
    let (mut weighted, mut weight_sum) = (0, 0);
    for (weight, phase) in weights.iter().zip(phases) {
        if phase.was_due || !any_due {
            weighted = sum(weighted, product(*weight, phase.omega)?)?;
            weight_sum = sum(weight_sum, *weight)?;
        }
    }
    Ok(weighted.checked_div(weight_sum).unwrap_or(0))
}

/// CAL-1: an epoch moves Ψ by at most κ.
pub fn cal_1_holds(symbols: &Symbols, psi_before: u128, psi_after: u128) -> bool {
    psi_before.abs_diff(psi_after) <= symbols.kappa
}

/// CAL-2: from the lowest Ω, [`CAL_2_EPOCHS`] epochs with every feature due and perfect bring Ψ to [`CAL_2_PSI`]. Since a
/// step is monotone in ω, what holds from 0 holds from any Ω.
pub fn cal_2_holds(symbols: &Symbols) -> Result<bool, MathError> {
    let mut phase = Phase::default();
    for _ in 0..CAL_2_EPOCHS {
        phase = advance(symbols, phase, Some(ONE), 0)?;
    }
    Ok(phase.omega >= CAL_2_PSI)
}

/// CAL-3: of two epochs from the same phases in which the same features are due, the one in which every feature is at least
/// as good gives at least the same Ψ. True too where the two cannot be compared so.
pub fn cal_3_holds<const N: usize>(
    symbols: &Symbols,
    weights: &[u128; N],
    phases: &[Phase; N],
    worse: &[Option<u128>; N],
    better: &[Option<u128>; N],
) -> Result<bool, MathError> {
    let comparable = worse.iter().zip(better).all(|pair| match pair {
        (Some(low), Some(high)) => low <= high,
        (None, None) => true,
        _ => false,
    });
    let (_, low) = advance_all(symbols, weights, phases, worse)?;
    let (_, high) = advance_all(symbols, weights, phases, better)?;
    Ok(!comparable || low <= high)
}

fn product(a: u128, b: u128) -> Result<u128, MathError> {
    a.checked_mul(b).ok_or(MathError::Overflow)
}

fn sum(a: u128, b: u128) -> Result<u128, MathError> {
    a.checked_add(b).ok_or(MathError::Overflow)
}
