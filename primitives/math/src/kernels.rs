//! The three series that everything else is made of: 2^f, ln m and arctan. Error bounds are derived in the chapter
//! `docs/protocol/mathematics.md`, section "Error analysis".

use crate::{
    tables::{LN_2, LN_TABLE},
    working::Working,
    MathError,
};

/// [`exp2_fraction`] divides its argument by 2^12 and squares the result twelve times.
const HALVINGS: u32 = 12;

/// 20!/n! for n = 20, 19, ... 0: the Taylor coefficients of e^r over the common denominator 20!.
const EXP_COEFFICIENTS: [u64; 21] = [
    1,
    20,
    380,
    6_840,
    116_280,
    1_860_480,
    27_907_200,
    390_700_800,
    5_079_110_400,
    60_949_324_800,
    670_442_572_800,
    6_704_425_728_000,
    60_339_831_552_000,
    482_718_652_416_000,
    3_379_030_566_912_000,
    20_274_183_401_472_000,
    101_370_917_007_360_000,
    405_483_668_029_440_000,
    1_216_451_004_088_320_000,
    2_432_902_008_176_640_000,
    2_432_902_008_176_640_000,
];

/// 20!, the common denominator of [`EXP_COEFFICIENTS`].
const EXP_DENOMINATOR: u64 = 2_432_902_008_176_640_000;

/// The common denominator D of [`ODD_COEFFICIENTS`]: the least common multiple of 1, 3, ... 47. D < 2^64.
const ODD_DENOMINATOR: u64 = 13_835_020_108_241_056_725;

/// D/47, D/45, ... D/1: the coefficients of arctan and artanh over the common denominator D.
const ODD_COEFFICIENTS: [u64; 24] = [
    294_362_129_962_575_675,
    307_444_891_294_245_705,
    321_744_653_680_024_575,
    337_439_514_835_147_725,
    354_744_105_339_514_275,
    373_919_462_384_893_425,
    395_286_288_806_887_335,
    419_243_033_583_062_325,
    446_290_971_233_582_475,
    477_069_658_904_864_025,
    512_408_152_157_076_175,
    553_400_804_329_642_269,
    601_522_613_401_785_075,
    658_810_481_344_812_225,
    728_158_953_065_318_775,
    813_824_712_249_473_925,
    922_334_673_882_737_115,
    1_064_232_316_018_542_825,
    1_257_729_100_749_186_975,
    1_537_224_456_471_228_525,
    1_976_431_444_034_436_675,
    2_767_004_021_648_211_345,
    4_611_673_369_413_685_575,
    13_835_020_108_241_056_725,
];

/// The signs of the series z ± z^3/3 + z^5/5 ± ...
#[derive(Clone, Copy)]
pub(crate) enum Signs {
    /// All positive: artanh z.
    Positive,
    /// Alternating: arctan z.
    Alternating,
}

/// 24 terms of artanh z or arctan z, for z at most 2^-6.
///
/// Error: that of z, and less than 3 ulps and z^49/49 besides.
pub(crate) fn odd_series<const LIMBS: usize>(z: Working<LIMBS>, signs: Signs) -> Result<Working<LIMBS>, MathError> {
    let square = z.mul(z)?;
    let mut sum = Working::ZERO;
    for coefficient in ODD_COEFFICIENTS {
        let (term, rest) = (Working::from_integer(coefficient), sum.mul(square)?);
        sum = match signs {
            Signs::Positive => term.add(rest)?,
            Signs::Alternating => term.sub(rest)?,
        };
    }
    sum.div_small(ODD_DENOMINATOR)?.mul(z)
}

/// ln m for m in [1, 2), in two factors: m = a * (m/a) with a = 1 + j/64 the nearest below, whose logarithm is in the
/// table, and ln(m/a) = 2 artanh((m - a)/(m + a)).
///
/// Error: less than 8 ulps.
pub(crate) fn ln_mantissa<const LIMBS: usize>(mantissa: Working<LIMBS>) -> Result<Working<LIMBS>, MathError> {
    let numerator = mantissa.sixty_fourths()?;
    let index = usize::try_from(numerator.abs_diff(64)).map_err(|_| MathError::Overflow)?;
    let stored = LN_TABLE.get(index).ok_or(MathError::Overflow)?;
    let near = Working::from_integer(numerator).shift_down(6);
    let z = mantissa.sub(near)?.mul(mantissa.add(near)?.reciprocal()?)?;
    odd_series(z, Signs::Positive)?
        .mul_small(2)?
        .add(Working::from_constant(stored))
}

/// 2^f for f in [0, 1]: e^(f ln 2 / 2^12) by 21 Taylor terms, then squared twelve times.
///
/// Error: less than twice that of f, and [`EXP2_ERROR`](crate::exponential::EXP2_ERROR) besides.
pub(crate) fn exp2_fraction<const LIMBS: usize>(fraction: Working<LIMBS>) -> Result<Working<LIMBS>, MathError> {
    let argument = fraction.mul(Working::from_constant(&LN_2))?.shift_down(HALVINGS);
    let mut sum = Working::ZERO;
    for coefficient in EXP_COEFFICIENTS {
        sum = sum.mul(argument)?.add(Working::from_integer(coefficient))?;
    }
    let mut power = sum.div_small(EXP_DENOMINATOR)?;
    for _ in 0..HALVINGS {
        power = power.mul(power)?;
    }
    Ok(power)
}

#[cfg(test)]
mod tests {
    //! The error bounds of the chapter, measured: each kernel against arbitrary-precision floating point.

    use super::*;
    use crate::{
        exponential::EXP2_ERROR,
        working::{FIRST, SECOND},
    };
    use astro_float::{BigFloat, Consts, RoundingMode, Sign};

    const BITS: usize = 512;
    const ROUNDING: RoundingMode = RoundingMode::None;
    const POINTS: u64 = 40;

    /// The exact value of a working number.
    fn exact<const LIMBS: usize>(value: Working<LIMBS>) -> BigFloat {
        let sum = |sum: BigFloat, limb: u64| {
            sum.mul(&BigFloat::from_u128(1 << 64, BITS), BITS, ROUNDING).add(
                &BigFloat::from_u64(limb, BITS),
                BITS,
                ROUNDING,
            )
        };
        let whole = value
            .limbs()
            .iter()
            .rev()
            .fold(BigFloat::from_u64(0, BITS), |total, limb| sum(total, *limb));
        whole.div(&power_of_two(64 * (LIMBS - 1)), BITS, ROUNDING)
    }

    fn power_of_two(exponent: usize) -> BigFloat {
        BigFloat::from_u64(2, BITS).powi(exponent, BITS, ROUNDING)
    }

    /// Asserts that a result is within so many ulps of the truth.
    fn check<const LIMBS: usize>(result: Working<LIMBS>, truth: &BigFloat, ulps: u128) {
        let off = exact(result)
            .sub(truth, BITS, ROUNDING)
            .mul(&power_of_two(64 * (LIMBS - 1)), BITS, ROUNDING);
        let mut size = off.clone();
        size.set_sign(Sign::Pos);
        let order = size.cmp(&BigFloat::from_u128(ulps, BITS));
        assert!(order.is_some_and(|order| order < 0), "{off} ulps");
    }

    /// Numbers in [0, 1) that use all limbs: multiples of the golden ratio's fraction.
    fn fraction<const LIMBS: usize>(i: u64) -> Working<LIMBS> {
        let ratio = Working::from_constant(&LN_2).mul_small(i * 2_654_435_769 + 1).unwrap();
        ratio.fraction()
    }

    fn exp2_is_within_its_bound<const LIMBS: usize>(constants: &mut Consts) {
        let ln_2 = BigFloat::from_u64(2, BITS).ln(BITS, ROUNDING, constants);
        for i in 0..POINTS {
            let f = fraction::<LIMBS>(i);
            let truth = exact(f).mul(&ln_2, BITS, ROUNDING).exp(BITS, ROUNDING, constants);
            check(exp2_fraction(f).unwrap(), &truth, EXP2_ERROR);
        }
        check(
            exp2_fraction(Working::<LIMBS>::from_integer(1)).unwrap(),
            &BigFloat::from_u64(2, BITS),
            EXP2_ERROR,
        );
    }

    fn ln_is_within_its_bound<const LIMBS: usize>(constants: &mut Consts) {
        for i in 0..POINTS {
            let m = fraction::<LIMBS>(i).add(Working::from_integer(1)).unwrap();
            check(ln_mantissa(m).unwrap(), &exact(m).ln(BITS, ROUNDING, constants), 8);
        }
    }

    fn series_are_within_their_bounds<const LIMBS: usize>(constants: &mut Consts) {
        // Up to 2^-7, where the tail counts for nothing; ln_mantissa and arctan's test vectors go on from there.
        for i in 0..POINTS {
            let z = fraction::<LIMBS>(i).shift_down(7);
            check(
                odd_series(z, Signs::Alternating).unwrap(),
                &exact(z).atan(BITS, ROUNDING, constants),
                3,
            );
            check(
                odd_series(z, Signs::Positive).unwrap(),
                &exact(z).atanh(BITS, ROUNDING, constants),
                3,
            );
        }
    }

    #[test]
    fn the_first_precision_keeps_its_error_bounds() {
        let mut constants = Consts::new().unwrap();
        exp2_is_within_its_bound::<FIRST>(&mut constants);
        ln_is_within_its_bound::<FIRST>(&mut constants);
        series_are_within_their_bounds::<FIRST>(&mut constants);
    }

    #[test]
    fn the_second_precision_keeps_its_error_bounds() {
        let mut constants = Consts::new().unwrap();
        exp2_is_within_its_bound::<SECOND>(&mut constants);
        ln_is_within_its_bound::<SECOND>(&mut constants);
        series_are_within_their_bounds::<SECOND>(&mut constants);
    }

    #[test]
    fn coefficients_are_what_they_are_called() {
        let mut factorial = EXP_COEFFICIENTS.iter().rev().zip(0_u64..);
        assert!(factorial.all(|(c, n)| *c * (1..=n).product::<u64>() == EXP_DENOMINATOR));
        assert_eq!(EXP_DENOMINATOR, (1..=20).product::<u64>());
        let mut odd = ODD_COEFFICIENTS.iter().rev().zip((1_u64..).step_by(2));
        assert!(odd.all(|(c, n)| *c * n == ODD_DENOMINATOR));
    }
}
