//! From a working number with a proven error to the floor of the exact value.

use crate::{
    working::{Working, FIRST, SECOND},
    MathError, SCALE,
};

/// The floor, in units, of every value within `error` ulps of `middle`, times `2^exponent`, if it is one and the same.
///
/// `middle` is below 4. `Overflow` is returned only where the whole interval lies above `u128::MAX`.
pub(crate) fn floor_units<const LIMBS: usize>(
    middle: Working<LIMBS>,
    error: u128,
    exponent: i32,
) -> Result<Option<u128>, MathError> {
    let error = Working::from_ulps(error);
    let low = units(middle.sub(error).unwrap_or(Working::ZERO), exponent)?;
    let high = units(middle.add(error)?, exponent);
    Ok((high == Ok(low)).then_some(low))
}

/// floor(value * 10^18 * 2^exponent), for exponents up to 128.
fn units<const LIMBS: usize>(value: Working<LIMBS>, exponent: i32) -> Result<u128, MathError> {
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
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError>;

    /// The floor, by the first precision or else by the second; `Undecided` if neither can tell.
    fn floor(&self) -> Result<u128, MathError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A computation whose verdicts are given.
    struct Given {
        first: Result<Option<u128>, MathError>,
        second: Result<Option<u128>, MathError>,
    }

    impl Certified for Given {
        fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
            if LIMBS == FIRST {
                self.first
            } else {
                self.second
            }
        }
    }

    #[test]
    fn the_second_precision_is_asked_only_when_the_first_cannot_tell() {
        let floor = |first, second| Given { first, second }.floor();
        assert_eq!(floor(Ok(Some(1)), Ok(Some(2))), Ok(1));
        assert_eq!(floor(Ok(None), Ok(Some(2))), Ok(2));
        assert_eq!(floor(Ok(None), Ok(None)), Err(MathError::Undecided));
        assert_eq!(floor(Err(MathError::Overflow), Ok(Some(2))), Err(MathError::Overflow));
        assert_eq!(floor(Ok(None), Err(MathError::LogOfZero)), Err(MathError::LogOfZero));
    }

    #[test]
    fn an_interval_has_a_floor_only_between_grid_points() {
        // 3 units, up to what the conversion drops: one ulp above is enough to be sure of the upper end only.
        let three = Working::<FIRST>::from_units(3)
            .unwrap()
            .add(Working::from_ulps(1))
            .unwrap();
        assert_eq!(floor_units(three, 0, 0), Ok(Some(3)));
        assert_eq!(floor_units(three, 1, 0), Ok(None));
        let half = three.add(Working::from_units(1).unwrap().shift_down(1)).unwrap();
        let reach = Working::<FIRST>::from_units(1).unwrap().shift_down(1).to_integer();
        assert_eq!(reach, Err(MathError::Overflow), "half a unit is more than 2^128 ulps");
        assert_eq!(floor_units(half, u128::MAX, 0), Ok(Some(3)));
    }

    #[test]
    fn the_interval_is_open_to_both_sides() {
        let unit = Working::<FIRST>::from_units(1).unwrap();
        // One ulp short of a unit or at one, seen with an error of one ulp.
        assert_eq!(
            floor_units(unit, 0, 0),
            Ok(Some(0)),
            "10^-18 is rounded down on its way in"
        );
        assert_eq!(floor_units(unit, 1, 0), Ok(None));
        assert_eq!(
            floor_units(Working::<FIRST>::ZERO, 1, 0),
            Ok(Some(0)),
            "the lower end stops at nought"
        );
    }

    #[test]
    fn exponents_scale_the_interval() {
        let one_and_a_half = Working::<SECOND>::from_units(3 * crate::ONE / 2).unwrap();
        let one = u128::from(SCALE);
        for (exponent, expected) in [(0, 3 * one / 2), (1, 3 * one), (60, (3 * one) << 59), (-1, 3 * one / 4)] {
            assert_eq!(units(one_and_a_half, exponent), Ok(expected));
        }
        assert_eq!(units(one_and_a_half, -61), Ok(0));
        assert_eq!(units(one_and_a_half, 68), Err(MathError::Overflow));
        assert_eq!(floor_units(one_and_a_half, 1, 68), Err(MathError::Overflow));
    }

    #[test]
    fn an_interval_around_the_largest_number_is_not_an_overflow_yet() {
        // 2^128 units are 2^68 * 2^60/10^18: refining decides on which side the value is.
        let edge = Working::<FIRST>::from_integer(1 << 60).div_small(SCALE).unwrap();
        assert_eq!(floor_units(edge, 0, 68), Ok(Some(u128::MAX)));
        assert_eq!(floor_units(edge, 1 << 70, 68), Ok(None));
        let above = edge.add(Working::from_ulps(1)).unwrap();
        assert_eq!(floor_units(above, 0, 68), Err(MathError::Overflow));
        assert_eq!(floor_units(above, 1, 68), Ok(None));
    }
}
