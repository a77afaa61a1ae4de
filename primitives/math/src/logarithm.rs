//! The natural and the binary logarithm.

use crate::{
    certify::{floor_units, Certified},
    kernels::ln_mantissa,
    ratio::signed,
    tables::{LN_2, LN_SCALE, LOG2_E, LOG2_SCALE},
    working::Working,
    MathError, ONE,
};

/// Logarithms lie above -64. Adding it keeps the working numbers positive and moves the grid onto itself.
const OFFSET: u64 = 64;

/// [`OFFSET`] in units.
const OFFSET_UNITS: u128 = 64_000_000_000_000_000_000;

/// A logarithm with its offset is below 2^7: it is certified as a number below one times 2^7.
const RANGE_BITS: u32 = 7;

/// [`RANGE_BITS`] as the exponent that [`floor_units`] takes.
const RANGE_EXPONENT: i32 = 7;

/// The error bound of both logarithms, in ulps: at most 8 + 127 + 2 for ln (127 times that of ln 2), less for log2.
const LOGARITHM_ERROR: u128 = 256;

/// The error bound of [`log2_of_integer`], in ulps.
pub(crate) const LOG2_ERROR: u128 = 16;

/// ln(x), floored to units of 10^-18.
///
/// * Domain: `x > 0` in units of 10^-18. Range: [ln 10^-18, ln(2^128 10^-18)], that is [-41.45, 47.28].
/// * Rounding: MATH-1, the floor, towards minus infinity also below zero. `ln(1) = 0` is the only exact case: by
///   Lindemann's theorem the logarithm of any other positive rational is transcendental.
/// * Errors: [`LogOfZero`](MathError::LogOfZero); [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 35 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn ln(x: u128) -> Result<i128, MathError> {
    if x == ONE {
        return Ok(0);
    }
    without_offset(Natural(x).floor()?)
}

/// log2(x), floored to units of 10^-18.
///
/// * Domain: `x > 0` in units of 10^-18. Range: [-59.80, 68.21].
/// * Rounding: MATH-1, the floor, towards minus infinity also below zero. The powers of two are decided exactly; no
///   other rational has a rational binary logarithm.
/// * Errors: [`LogOfZero`](MathError::LogOfZero); [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 36 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn log2(x: u128) -> Result<i128, MathError> {
    match exact_log2(x)? {
        Some(exact) => Ok(exact),
        None => without_offset(Binary(x).floor()?),
    }
}

/// The logarithm of a power of two, in units; `None` for every other number. 2^-18 is the smallest one on the grid.
fn exact_log2(x: u128) -> Result<Option<i128>, MathError> {
    let (larger, smaller) = (x.max(ONE), x.min(ONE));
    let quotient = larger.checked_div(smaller).ok_or(MathError::LogOfZero)?;
    if !quotient.is_power_of_two() || larger.checked_rem(smaller) != Some(0) {
        return Ok(None);
    }
    let units = ONE
        .checked_mul(u128::from(quotient.trailing_zeros()))
        .ok_or(MathError::Overflow)?;
    signed(x < ONE, units).map(Some)
}

/// Takes [`OFFSET`] off again.
fn without_offset(units: u128) -> Result<i128, MathError> {
    let units = i128::try_from(units).map_err(|_| MathError::Overflow)?;
    units.checked_sub_unsigned(OFFSET_UNITS).ok_or(MathError::Overflow)
}

/// ln of that many units.
struct Natural(u128);

impl Certified for Natural {
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let (mantissa, exponent) = normalised::<LIMBS>(self.0)?;
        let doublings = Working::from_constant(&LN_2).mul_small(exponent)?;
        let of_units = ln_mantissa(mantissa)?.add(doublings)?;
        certified(of_units, Working::from_constant(&LN_SCALE))
    }
}

/// log2 of that many units.
struct Binary(u128);

impl Certified for Binary {
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        certified(log2_of_integer::<LIMBS>(self.0)?, Working::from_constant(&LOG2_SCALE))
    }
}

/// The verdict on the logarithm of a number of units, less that of the number of units in one.
fn certified<const LIMBS: usize>(
    of_units: Working<LIMBS>,
    of_scale: Working<LIMBS>,
) -> Result<Option<u128>, MathError> {
    let value = of_units.add(Working::from_integer(OFFSET))?.sub(of_scale)?;
    floor_units(value.shift_down(RANGE_BITS), LOGARITHM_ERROR, RANGE_EXPONENT)
}

/// log2(n) of an integer n > 0, within [`LOG2_ERROR`].
pub(crate) fn log2_of_integer<const LIMBS: usize>(n: u128) -> Result<Working<LIMBS>, MathError> {
    let (mantissa, exponent) = normalised::<LIMBS>(n)?;
    ln_mantissa(mantissa)?
        .mul(Working::from_constant(&LOG2_E))?
        .add(Working::from_integer(exponent))
}

/// n = mantissa * 2^exponent with the mantissa in [1, 2), exactly.
fn normalised<const LIMBS: usize>(n: u128) -> Result<(Working<LIMBS>, u64), MathError> {
    let exponent = n.checked_ilog2().ok_or(MathError::LogOfZero)?;
    let topmost = n.checked_shl(exponent.abs_diff(127)).ok_or(MathError::Overflow)?;
    Ok((Working::from_head(topmost).shift_down(63), u64::from(exponent)))
}
