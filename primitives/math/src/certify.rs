//! From a working number with a proven error to the floor of the exact value.

use crate::{
    working::{Working, FIRST, SECOND},
    Checked, MathError, SCALE,
};

/// What one precision says: the floor, or `None` where the interval straddles a grid point.
pub(crate) type Verdict = Checked<Option<u128>>;

/// The floor, in units, of every value within `error` ulps of `middle`, times `2^exponent`, if it is one and the same.
///
/// `middle` is below 4. `Overflow` is returned only where the whole interval lies above `u128::MAX`.
pub(crate) fn floor_units<const LIMBS: usize>(middle: Working<LIMBS>, error: u128, exponent: i32) -> Verdict {
    let error = Working::from_ulps(error);
    let low = units(middle.sub(error).unwrap_or(Working::ZERO), exponent)?;
    let high = units(middle.add(error)?, exponent);
    Ok((high == Ok(low)).then_some(low))
}

/// floor(value * 10^18 * 2^exponent), for exponents up to 128.
fn units<const LIMBS: usize>(value: Working<LIMBS>, exponent: i32) -> Checked<u128> {
    // Keep 128 fractional bits, so that the limbs read as one integer are value * 10^18 * 2^128.
    let mut scaled = value.mul_small(SCALE)?;
    for _ in 3..LIMBS {
        scaled = scaled.without_lowest(0);
    }
    let bits = 128_i32.checked_sub(exponent).ok_or(MathError::Overflow)?;
    scaled
        .shift_down(u32::try_from(bits).map_err(|_| MathError::Overflow)?)
        .to_integer()
}

/// A computation that can be carried out at either working precision.
pub(crate) trait Certified {
    /// The verdict of the computation at the given precision.
    fn at<const LIMBS: usize>(&self) -> Verdict;

    /// The floor, by the first precision or else by the second; `Undecided` if neither can tell.
    fn floor(&self) -> Checked<u128> {
        match self.at::<FIRST>()? {
            Some(floor) => Ok(floor),
            None => {
                #[cfg(feature = "probe")]
                crate::probe::note_refinement();
                self.at::<SECOND>()?.ok_or(MathError::Undecided)
            }
        }
    }
}
