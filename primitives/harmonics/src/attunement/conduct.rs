//! What follows when a validator's Ψ falls below the threshold: a slash, a removal, or neither if it was the network.

use crate::symbols::Symbols;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{mul_ceil, MathError};
use scale_info::TypeInfo;

/// What an epoch's end saw of a validator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Observation {
    /// It was not in the set.
    Absent,
    /// It was in the set, in its grace period.
    InGrace,
    /// It was in the set. Raw Ψ, no boost counted, units of 10⁻¹⁸.
    Active {
        /// Ψ at the end of the epoch before.
        psi_before: u128,
        /// Ψ at this end.
        psi_after: u128,
    },
}

/// What is remembered of a validator's falls. The default is a clean one.
///
/// Fits every `fall_epochs` up to 15. To be kept as long as it is not the default, also of those who left the set.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Standing {
    /// Bit i: i epochs ago it fell: came to be below the threshold, or was below when it left its grace period. 31 bits.
    pub falls: u32,
    /// Bit i: i epochs ago it crossed the threshold downward, for which a slash is due. A part of `falls`.
    pub crossings: u32,
    /// How many epoch ends running it has been below the threshold.
    pub below_epochs: u32,
}

/// What is to be done about a validator now.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// A crossing's slash executes: `slash_fraction` of its ATR, and its boost ends.
    pub slash: bool,
    /// It leaves the set.
    pub remove: bool,
    /// A slash or removal was due and is dropped: more than ⅓ of the set fell within the window.
    pub dropped: bool,
}

/// One epoch's end for all who are in the set or still have a [`Standing`] that is not clean; `set_size` is the number of
/// validators of the epoch. In the order given: the standings to be kept, and what is due now.
///
/// * A validator *falls* when it is below `psi_slash` out of grace and was not so at the end before. Where its Ψ was at the
///   threshold or above before, that is a *crossing*, and a slash is due `fall_epochs` later, once per crossing.
/// * A removal is due as long as it has been below for more than `fall_epochs` ends running, that of its fall counted.
/// * Both are dropped if of all entries more than a third of `set_size` fell within `fall_epochs` of the fall, before or after.
///   Each counts once, however often it fell. Who is still below when the outage is past is removed, and not slashed.
/// * Leaving the set ends the count for a removal, not a slash that is due.
///
/// Nobody is slashed or removed for what happened in its grace period. Errors: `Overflow`, out of reach.
pub fn close_conduct(
    symbols: &Symbols,
    set_size: u32,
    entries: &[(Standing, Observation)],
) -> Result<Vec<(Standing, Verdict)>, MathError> {
    let mut standings = Vec::with_capacity(entries.len());
    for (standing, observation) in entries {
        standings.push(observe(symbols, *standing, *observation)?);
    }
    // What is due now fell `fall_epochs` ago, so the window is from twice that ago until now.
    let window = symbols.fall_epochs.checked_mul(2).ok_or(MathError::Overflow)?;
    let fell = standings
        .iter()
        .filter(|standing| standing.falls & low_bits(window) != 0);
    let fell = u64::try_from(fell.count()).map_err(|_| MathError::Overflow)?;
    let is_outage = fell.checked_mul(3).ok_or(MathError::Overflow)? > u64::from(set_size);
    let judged = |standing: Standing| (standing, judge(symbols, standing, is_outage));
    Ok(standings.into_iter().map(judged).collect())
}

fn observe(symbols: &Symbols, standing: Standing, observation: Observation) -> Result<Standing, MathError> {
    let kept = low_bits(30);
    let mut now = Standing {
        falls: (standing.falls << 1) & kept,
        crossings: (standing.crossings << 1) & kept,
        below_epochs: 0,
    };
    let Observation::Active { psi_before, psi_after } = observation else {
        return Ok(now);
    };
    if psi_after >= symbols.psi_slash {
        return Ok(now);
    }
    if standing.below_epochs == 0 {
        now.falls |= 1;
        now.crossings |= u32::from(psi_before >= symbols.psi_slash);
    }
    now.below_epochs = standing.below_epochs.checked_add(1).ok_or(MathError::Overflow)?;
    Ok(now)
}

fn judge(symbols: &Symbols, standing: Standing, is_outage: bool) -> Verdict {
    let slash = standing
        .crossings
        .checked_shr(symbols.fall_epochs)
        .is_some_and(|bits| bits & 1 == 1);
    let remove = standing.below_epochs > symbols.fall_epochs;
    Verdict {
        slash: slash && !is_outage,
        remove: remove && !is_outage,
        dropped: (slash || remove) && is_outage,
    }
}

/// Bits 0…`highest`.
fn low_bits(highest: u32) -> u32 {
    // argued: a shift beyond the type leaves no bit to be cleared.
    !u32::MAX
        .checked_shl(highest)
        .and_then(|bits| bits.checked_shl(1))
        .unwrap_or(0)
}

/// `fraction` of a stake, rounded up: the one who is slashed gains nothing by rounding. Plancks; never above the stake for
/// a fraction up to 1.
pub fn slash_ceil(stake: u128, fraction: u128) -> Result<u128, MathError> {
    mul_ceil(stake, fraction)
}
