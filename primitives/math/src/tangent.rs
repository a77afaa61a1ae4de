//! The inverse tangent's series and the hyperbolic tangent.

use crate::{
    certify::{floor_units, Certified},
    exponential::{split, times_log2_e},
    kernels::{exp2_fraction, odd_series, Signs},
    tables::ATAN_TABLE,
    working::Working,
    MathError, ONE, SCALE,
};

/// The error bound of [`phi_series`], in ulps: 2^-299.6 where the series is cut, in ulps of the second precision.
const PHI_ERROR: u128 = 1 << 21;

/// The error bound of 1 + tanh, in ulps.
const TANH_ERROR: u128 = 1 << 16;

/// From here on 1 - tanh(x) = 2/(e^(2x) + 1) is below 10^-18.
const TANH_SATURATION: u128 = 22_000_000_000_000_000_000;

/// phi_series(x) = sum of (-1)^n x^(2n+1)/(2n+1) = arctan(x), floored to units of 10^-18.
///
/// * Domain: [0, 1] in units of 10^-18. Range: [0, pi/4].
/// * Rounding: MATH-1, the floor. `phi_series(0) = 0` is the only exact case: the tangent of an algebraic number other
///   than 0 is transcendental (Lindemann), so the inverse tangent of a rational one is not rational.
/// * Errors: [`AboveOne`](MathError::AboveOne); [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 33 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn phi_series(x: u128) -> Result<u128, MathError> {
    if x > ONE {
        return Err(MathError::AboveOne);
    }
    if x == 0 {
        return Ok(0);
    }
    InverseTangent(x).floor()
}

/// arctan of that many units.
struct InverseTangent(u128);

impl Certified for InverseTangent {
    /// arctan x = arctan a + arctan((x - a)/(1 + ax)) with a = j/64 the nearest below.
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let x = Working::<LIMBS>::from_units(self.0)?;
        let numerator = x.sixty_fourths()?;
        let index = usize::try_from(numerator).map_err(|_| MathError::Overflow)?;
        let stored = ATAN_TABLE.get(index).ok_or(MathError::AboveOne)?;
        let offset = x.sub(Working::from_integer(numerator).shift_down(6))?;
        let divisor = x.mul_small(numerator)?.shift_down(6).add(Working::from_integer(1))?;
        let z = offset.mul(divisor.reciprocal()?)?;
        floor_units(
            odd_series(z, Signs::Alternating)?.add(Working::from_constant(stored))?,
            PHI_ERROR,
            0,
        )
    }
}

/// tanh(x), floored to units of 10^-18.
///
/// * Domain: every `i128` in units of 10^-18. Range: [-1, 1 - 10^-18]; from |x| = 22 on it is one end or the other.
/// * Rounding: MATH-1, the floor, towards minus infinity also below zero. `tanh(0) = 0` is the only exact case, since
///   e^(2x) is transcendental for every other rational x.
/// * Errors: [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 42 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn tanh(x: i128) -> Result<i128, MathError> {
    let one = i128::from(SCALE);
    if x == 0 {
        return Ok(0);
    }
    let one_more = if x.unsigned_abs() < TANH_SATURATION {
        i128::try_from(OnePlusTanh(x).floor()?).map_err(|_| MathError::Overflow)?
    } else if x.is_negative() {
        0
    } else {
        one.checked_mul(2)
            .and_then(|two| two.checked_sub(1))
            .ok_or(MathError::Overflow)?
    };
    one_more.checked_sub(one).ok_or(MathError::Overflow)
}

/// 1 + tanh of that many units, for |x| below 22 and not 0.
struct OnePlusTanh(i128);

impl Certified for OnePlusTanh {
    /// With w = 1/(1 + e^(-2|x|)), 1 + tanh x is 2w for x > 0 and 2 - 2w for x < 0.
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let double = self.0.unsigned_abs().checked_mul(2).ok_or(MathError::Overflow)?;
        let (whole, fraction) = split(true, times_log2_e::<LIMBS>(double)?)?;
        let decay = exp2_fraction(fraction)?.shift_down(whole.unsigned_abs());
        let twice = decay.add(Working::from_integer(1))?.reciprocal()?.mul_small(2)?;
        let value = if self.0.is_negative() {
            Working::from_integer(2).sub(twice)?
        } else {
            twice
        };
        floor_units(value, TANH_ERROR, 0)
    }
}
