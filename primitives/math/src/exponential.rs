//! The exponentials to the bases e and 2, and what pow and tanh share with them.

use crate::{
    certify::{floor_units, Certified},
    kernels::exp2_fraction,
    tables::LOG2_E,
    working::Working,
    MathError, ONE, SCALE,
};

/// The error of [`exp2_fraction`] besides that of its argument, in ulps.
pub(crate) const EXP2_ERROR: u128 = 1 << 15;

/// The error of `|x| log2 e` for |x| below 64, in ulps.
pub(crate) const LOG2_E_PRODUCT_ERROR: u128 = 128;

/// From 2^69 on, nothing fits a `u128` in units of 10^-18.
const WHOLE_OVERFLOW: u64 = 69;

/// Below 2^-60 everything is below one unit.
const WHOLE_VANISHED: u64 = 60;

/// e^x, floored to units of 10^-18.
///
/// * Domain: every `i128` in units of 10^-18. Range: [0, 2^128 - 1] units; below x = -41.45 the floor is 0.
/// * Rounding: MATH-1, the floor. `exp(0) = 1` is the only exact case: by Lindemann's theorem e^x is transcendental for
///   every other rational x.
/// * Errors: [`Overflow`](MathError::Overflow) above x = 47.28 (ln(2^128 10^-18));
///   [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 35 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn exp(x: i128) -> Result<u128, MathError> {
    if x == 0 {
        return Ok(ONE);
    }
    Exponential(x).floor()
}

/// 2^x, floored to units of 10^-18.
///
/// * Domain: every `i128` in units of 10^-18. Range: [0, 2^128 - 1] units; below x = -59.79 the floor is 0.
/// * Rounding: MATH-1, the floor. Integer x are decided exactly; for every other rational x, 2^x is irrational.
/// * Errors: [`Overflow`](MathError::Overflow) above x = 68.20; [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 34 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn exp2(x: i128) -> Result<u128, MathError> {
    let scale = i128::from(SCALE);
    let whole = x.div_euclid(scale);
    match u64::try_from(x.rem_euclid(scale)).map_err(|_| MathError::Overflow)? {
        0 => exact_exp2(whole),
        fraction => PowerOfTwo { whole, fraction }.floor(),
    }
}

/// floor(2^whole * 10^18).
fn exact_exp2(whole: i128) -> Result<u128, MathError> {
    match u32::try_from(whole.unsigned_abs()) {
        Ok(bits) if whole.is_negative() => Ok(ONE.checked_shr(bits).unwrap_or(0)),
        Ok(bits) => {
            let power = 1_u128.checked_shl(bits).ok_or(MathError::Overflow)?;
            ONE.checked_mul(power).ok_or(MathError::Overflow)
        }
        Err(_) => out_of_reach(whole.is_negative())?.ok_or(MathError::Overflow),
    }
}

/// e to that many units.
struct Exponential(i128);

impl Certified for Exponential {
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let negative = self.0.is_negative();
        match times_log2_e::<LIMBS>(self.0.unsigned_abs()) {
            Ok(magnitude) => exp2_units(negative, magnitude, LOG2_E_PRODUCT_ERROR),
            Err(_) => out_of_reach(negative),
        }
    }
}

/// 2^(whole + fraction), the fraction in units and not 0.
struct PowerOfTwo {
    whole: i128,
    fraction: u64,
}

impl Certified for PowerOfTwo {
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let fraction = Working::<LIMBS>::from_units(self.fraction.into())?;
        match u64::try_from(self.whole.unsigned_abs()) {
            Ok(whole) if self.whole.is_negative() => exp2_units(true, Working::from_integer(whole).sub(fraction)?, 1),
            Ok(whole) => exp2_units(false, Working::from_integer(whole).add(fraction)?, 1),
            Err(_) => out_of_reach(self.whole.is_negative()),
        }
    }
}

/// |x| log2 e for `x` in units, within [`LOG2_E_PRODUCT_ERROR`] where |x| is below 64.
pub(crate) fn times_log2_e<const LIMBS: usize>(magnitude: u128) -> Result<Working<LIMBS>, MathError> {
    Working::from_units(magnitude)?.mul(Working::from_constant(&LOG2_E))
}

/// The verdict on 2^t for t = `magnitude` or -`magnitude`, known within `error` ulps.
pub(crate) fn exp2_units<const LIMBS: usize>(
    negative: bool,
    magnitude: Working<LIMBS>,
    error: u128,
) -> Result<Option<u128>, MathError> {
    let limit = if negative { WHOLE_VANISHED } else { WHOLE_OVERFLOW };
    if magnitude.integer() >= limit {
        return out_of_reach(negative);
    }
    let (whole, fraction) = split(negative, magnitude)?;
    let bound = error
        .checked_mul(2)
        .and_then(|twice| twice.checked_add(EXP2_ERROR))
        .ok_or(MathError::Overflow)?;
    floor_units(exp2_fraction(fraction)?, bound, whole)
}

/// What a power of two is whose exponent has no place in a working number: too large, or below one unit.
pub(crate) fn out_of_reach(negative: bool) -> Result<Option<u128>, MathError> {
    if negative {
        Ok(Some(0))
    } else {
        Err(MathError::Overflow)
    }
}

/// t = whole + fraction with the fraction in [0, 1], for t = `magnitude` or -`magnitude`, exactly.
pub(crate) fn split<const LIMBS: usize>(
    negative: bool,
    magnitude: Working<LIMBS>,
) -> Result<(i32, Working<LIMBS>), MathError> {
    let whole = i32::try_from(magnitude.integer()).map_err(|_| MathError::Overflow)?;
    let fraction = magnitude.fraction();
    if negative {
        // The bits of -whole - 1 are those of whole, turned over.
        Ok((!whole, Working::from_integer(1).sub(fraction)?))
    } else {
        Ok((whole, fraction))
    }
}
