//! The features: what a validator or participant did in an epoch, as a number in [0, 1].

use crate::symbols::Symbols;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{div_ceil, div_floor, MathError, ONE};
use scale_info::TypeInfo;

/// When the next missed slot of a validator is forgiven. One is forgiven in any `forgiven_epochs` epochs running, for the next
/// author can orphan a block through no fault of the one who made it.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Forgiveness {
    /// How many more epochs of this validator's pass without any being forgiven; 0: the next miss is.
    pub barred_epochs: u32,
}

/// Of what was due, the part done; `None` if nothing was due: f1 (seals), and packets and votes of participants.
///
/// Rounding: down. Errors: [`AboveOne`](MathError::AboveOne) if more was done than due.
pub fn duty(done: u32, due: u32) -> Result<Option<u128>, MathError> {
    if done > due {
        return Err(MathError::AboveOne);
    }
    match due {
        0 => Ok(None),
        _ => div_floor(done.into(), due.into()).map(Some),
    }
}

/// f0: slots authored of those assigned, one miss forgiven where the forgiveness is not used up; and the forgiveness after
/// the epoch. To be called once for every epoch that the validator is in the set, slots or not: time passes in any of them.
///
/// `None` if no slot was assigned. Rounding: down. Errors: [`AboveOne`](MathError::AboveOne) if more were authored than
/// assigned.
pub fn slots(
    symbols: &Symbols,
    forgiveness: Forgiveness,
    assigned: u32,
    authored: u32,
) -> Result<(Option<u128>, Forgiveness), MathError> {
    let missed = assigned.checked_sub(authored).ok_or(MathError::AboveOne)?;
    if missed > 0 && forgiveness.barred_epochs == 0 {
        let barred_epochs = symbols.forgiven_epochs.checked_sub(1).ok_or(MathError::Overflow)?;
        let counted = authored.checked_add(1).ok_or(MathError::Overflow)?;
        return Ok((duty(counted, assigned)?, Forgiveness { barred_epochs }));
    }
    // argued: at 0 there is nothing left to count down.
    let barred_epochs = forgiveness.barred_epochs.saturating_sub(1);
    Ok((duty(authored, assigned)?, Forgiveness { barred_epochs }))
}

/// f2 = 1 − min(1, |report − Ψ*|/ε_sync): how well a report agrees with Ψ*. 0 if none was sent although there is a Ψ*;
/// `None`, nothing due, if there is no Ψ*.
///
/// Rounding: down. Errors: `DivisionByZero` for ε_sync = 0.
pub fn conformity(symbols: &Symbols, report: Option<u128>, psi_star: Option<u128>) -> Result<Option<u128>, MathError> {
    let Some(psi_star) = psi_star else {
        return Ok(None);
    };
    if symbols.eps_sync == 0 {
        return Err(MathError::DivisionByZero);
    }
    let deviation = report.map(|report| report.abs_diff(psi_star));
    match deviation {
        Some(deviation) if deviation < symbols.eps_sync => {
            let lost = div_ceil(deviation, symbols.eps_sync)?;
            ONE.checked_sub(lost).map(Some).ok_or(MathError::Overflow)
        }
        _ => Ok(Some(0)),
    }
}

/// f3 = 1/(1 + d) of a dissonance d ≥ 0: always due. Range: [0, 1]. Rounding: down. Errors: `Overflow` for d near 2¹²⁸ units.
pub fn harmony(dissonance: u128) -> Result<u128, MathError> {
    div_floor(ONE, ONE.checked_add(dissonance).ok_or(MathError::Overflow)?)
}
