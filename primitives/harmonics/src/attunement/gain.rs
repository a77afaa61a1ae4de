//! What coherence is worth: λ, m_v, the recalibration of α, and boosts.

use super::Phase;
use crate::symbols::Symbols;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{exp, lower_median, mul_div_floor, mul_floor, signed_mul_div_floor, MathError, ONE};
use scale_info::TypeInfo;

/// ⌊10¹⁸/φ⌋, φ = (1 + √5)/2.
const INVERSE_PHI: u128 = 618_033_988_749_894_848;

/// λ = α · Ĉ/φ, floored once, 1/φ to 18 decimals. Range: [0, 0.75] for α ≤ 1.2.
pub fn lambda(alpha: u128, coherence: u128) -> Result<u128, MathError> {
    let product = alpha.checked_mul(coherence).ok_or(MathError::Overflow)?;
    mul_div_floor(product, INVERSE_PHI, ONE * ONE)
}

/// The plain mean of ω over the features that were ever due (over all where none was), floored. Range: [0, 1].
pub fn mean_omega(phases: &[Phase]) -> Result<u128, MathError> {
    let any_due = phases.iter().any(|phase| phase.was_due);
    let (mut sum, mut count) = (0_u128, 0_u128);
    for phase in phases.iter().filter(|phase| phase.was_due || !any_due) {
        sum = sum.checked_add(phase.omega).ok_or(MathError::Overflow)?;
        count = count.checked_add(1).ok_or(MathError::Overflow)?;
    }
    Ok(sum.checked_div(count).unwrap_or(0))
}

/// m_v = exp(clamp(λ · proj_v, −K, K)) of every validator; proj_v is its mean ω less that of the median validator (the lower
/// median). In the order of `mean_omegas`. Range: [e^−K, e^K]; exactly 1 for the median validator.
///
/// Rounding: λ · proj_v down, towards minus infinity, then the exponential down. Errors: `Overflow`. Empty for no validators.
/// Cost: an exponential for each validator, and one sort.
pub fn multipliers(symbols: &Symbols, lambda: u128, mean_omegas: &[u128]) -> Result<Vec<u128>, MathError> {
    if mean_omegas.is_empty() {
        return Ok(Vec::new());
    }
    let median = lower_median(&mut mean_omegas.to_vec())?;
    let median = i128::try_from(median).map_err(|_| MathError::Overflow)?;
    let lambda = i128::try_from(lambda).map_err(|_| MathError::Overflow)?;
    let bound = i128::try_from(symbols.exponent_max).map_err(|_| MathError::Overflow)?;
    let one = i128::try_from(ONE).map_err(|_| MathError::Overflow)?;
    let multiplier = |mean: &u128| {
        let mean = i128::try_from(*mean).map_err(|_| MathError::Overflow)?;
        let projection = mean.checked_sub(median).ok_or(MathError::Overflow)?;
        let exponent = signed_mul_div_floor(lambda, projection, one)?;
        // Not `clamp`, which panics where its bounds are the wrong way round.
        exp(exponent.min(bound).max(bound.checked_neg().ok_or(MathError::Overflow)?))
    };
    mean_omegas.iter().map(multiplier).collect()
}

/// The balancing heuristic's state: α, and the trial that is running.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Recalibration {
    /// α, units of 10⁻¹⁸, range [`alpha_min`, `alpha_max`] of the symbols.
    pub alpha: u128,
    /// The trial that is running: α before it and Ĉ when it began. `None` before the first recalibration.
    pub trial: Option<Trial>,
    /// Whether the next trial raises α.
    pub rising: bool,
    /// Epochs since the last recalibration.
    pub elapsed_epochs: u32,
}

/// What a trial of another α is compared with.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Trial {
    /// α before the trial.
    pub alpha_before: u128,
    /// Ĉ when the trial began.
    pub coherence_before: u128,
}

impl Default for Recalibration {
    /// α = 1, nothing tried, the first trial raises.
    fn default() -> Self {
        Self {
            alpha: ONE,
            trial: None,
            rising: true,
            elapsed_epochs: 0,
        }
    }
}

/// One epoch of the recalibration of α. Every `recalibration_epochs` (half of it, rounded up, while Ĉ is in deficit and
/// `mean_boost`, the mean of the validators' active boosts, is at least `boost_recalibration_min`):
/// 1. the running trial is judged: its α stays if Ĉ is not below what it was when the trial began; otherwise the α before it
///    comes back and the direction turns;
/// 2. the next trial begins: α moves by `alpha_step` in the direction; at a bound the direction turns first.
///
/// α never leaves its bounds. Errors: `Overflow`, out of reach for symbols that were checked.
pub fn recalibrate(
    symbols: &Symbols,
    state: Recalibration,
    coherence: u128,
    mean_boost: u128,
) -> Result<Recalibration, MathError> {
    let elapsed_epochs = state.elapsed_epochs.checked_add(1).ok_or(MathError::Overflow)?;
    let shortened = coherence < symbols.coherence_deficit && mean_boost >= symbols.boost_recalibration_min;
    let interval = if shortened {
        symbols.recalibration_epochs.div_ceil(2)
    } else {
        symbols.recalibration_epochs
    };
    if elapsed_epochs < interval {
        return Ok(Recalibration {
            elapsed_epochs,
            ..state
        });
    }
    let (kept, rising) = match state.trial {
        Some(trial) if coherence < trial.coherence_before => (trial.alpha_before, !state.rising),
        _ => (state.alpha, state.rising),
    };
    let (alpha, rising) = match moved(symbols, kept, rising) {
        Some(alpha) => (alpha, rising),
        None => (moved(symbols, kept, !rising).unwrap_or(kept), !rising),
    };
    Ok(Recalibration {
        alpha,
        trial: Some(Trial {
            alpha_before: kept,
            coherence_before: coherence,
        }),
        rising,
        elapsed_epochs: 0,
    })
}

/// α one step further, if that is within its bounds.
fn moved(symbols: &Symbols, alpha: u128, rising: bool) -> Option<u128> {
    let next = if rising {
        alpha.checked_add(symbols.alpha_step)
    } else {
        alpha.checked_sub(symbols.alpha_step)
    };
    next.filter(|next| (symbols.alpha_min..=symbols.alpha_max).contains(next))
}

/// A boost: what burnt PSY gives for a while.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Boost {
    /// b, units of 10⁻¹⁸, range [0, 1].
    pub level: u128,
    /// The first epoch in which it has ended.
    pub ends: u32,
}

impl Boost {
    /// b as of an epoch: the level while it lasts, then 0.
    pub fn level_at(&self, epoch: u32) -> u128 {
        if epoch < self.ends {
            self.level
        } else {
            0
        }
    }
}

/// The boost after burning `burnt` plancks of PSY in epoch `epoch`: it lasts `boost_epochs`, the running one counted, and
/// what was left of an earlier one is spread over them: b = min(1, b · left/`boost_epochs` + burnt/`boost_psy`), both floored.
///
/// So neither splitting a burn nor renewing it early gains anything.
/// Errors: `Overflow` for an epoch at the end of its type or amounts beyond 2¹²⁸ · `boost_psy`/10¹⁸.
pub fn add_boost(symbols: &Symbols, boost: Boost, epoch: u32, burnt: u128) -> Result<Boost, MathError> {
    let ends = epoch.checked_add(symbols.boost_epochs).ok_or(MathError::Overflow)?;
    // argued: a boost that has ended has nothing left.
    let left = boost.ends.saturating_sub(epoch);
    let rest = mul_div_floor(boost.level, left.into(), symbols.boost_epochs.into())?;
    let bought = mul_div_floor(burnt, ONE, symbols.boost_psy)?;
    let level = rest.checked_add(bought).ok_or(MathError::Overflow)?.min(ONE);
    Ok(Boost { level, ends })
}

/// Ψ_eff = min(1, Ψ + 0.05 b), `boost_gain` for 0.05, floored. For rewards and the ranking of the set only.
pub fn effective_psi(symbols: &Symbols, psi: u128, boost: u128) -> Result<u128, MathError> {
    let gain = mul_floor(symbols.boost_gain, boost)?;
    Ok(psi.checked_add(gain).ok_or(MathError::Overflow)?.min(ONE))
}
