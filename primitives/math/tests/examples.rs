//! Values that can be checked by hand: exact cases, both ends of every domain, and every error once (MATH-1).

use qc_math::{
    div_ceil, div_floor, exp, exp2, ln, log2, lower_median, mul_ceil, mul_div_ceil, mul_div_floor, mul_floor,
    phi_series, pow, signed_mul_div_ceil, signed_mul_div_floor, sqrt, tanh, MathError, ONE,
};

const UNIT: i128 = 1_000_000_000_000_000_000;

#[test]
fn exact_cases_are_exact() {
    assert_eq!(sqrt(2 * ONE + ONE / 4), Ok(3 * ONE / 2));
    assert_eq!(ln(ONE), Ok(0));
    assert_eq!(log2(8 * ONE), Ok(3 * UNIT));
    assert_eq!(log2(ONE >> 18), Ok(-18 * UNIT));
    assert_eq!(log2(ONE << 68), Ok(68 * UNIT));
    assert_eq!(exp(0), Ok(ONE));
    assert_eq!(exp2(10 * UNIT), Ok(1024 * ONE));
    assert_eq!(exp2(-18 * UNIT), Ok(ONE >> 18));
    assert_eq!(exp2(-19 * UNIT), Ok(ONE >> 19));
    assert_eq!(phi_series(0), Ok(0));
    assert_eq!(tanh(0), Ok(0));
}

#[test]
fn exact_powers_are_exact() {
    assert_eq!(pow(9 * ONE / 4, UNIT / 2), Ok(3 * ONE / 2));
    assert_eq!(pow(9 * ONE / 4, -UNIT / 2), Ok(666_666_666_666_666_666));
    assert_eq!(pow(ONE / 4, -UNIT / 2), Ok(2 * ONE));
    assert_eq!(pow(32 * ONE, UNIT / 5), Ok(2 * ONE));
    assert_eq!(pow(32 * ONE, 3 * UNIT / 5), Ok(8 * ONE));
    assert_eq!(pow(ONE / 10, 18 * UNIT), Ok(1));
    assert_eq!(pow(ONE / 10, 19 * UNIT), Ok(0));
    assert_eq!(pow(11 * ONE / 10, 18 * UNIT), Ok(5_559_917_313_492_231_481));
    assert_eq!(pow(ONE << 60, UNIT / 20), Ok(8 * ONE));
    assert_eq!(pow(0, UNIT), Ok(0));
    assert_eq!(pow(0, 0), Ok(ONE));
    assert_eq!(pow(u128::MAX, 0), Ok(ONE));
    assert_eq!(pow(ONE, i128::MIN), Ok(ONE));
    assert_eq!(pow(u128::MAX, UNIT), Ok(u128::MAX));
    assert_eq!(pow(2 * ONE, -18 * UNIT), Ok(ONE >> 18));
}

#[test]
fn floors_go_towards_minus_infinity() {
    assert_eq!(ln(2 * ONE), Ok(693_147_180_559_945_309));
    assert_eq!(ln(ONE / 2), Ok(-693_147_180_559_945_310));
    assert_eq!(tanh(UNIT), Ok(761_594_155_955_764_888));
    assert_eq!(tanh(-UNIT), Ok(-761_594_155_955_764_889));
    assert_eq!((tanh(1), tanh(-1)), (Ok(0), Ok(-1)));
    assert_eq!((tanh(i128::MAX), tanh(i128::MIN)), (Ok(UNIT - 1), Ok(-UNIT)));
    assert_eq!(phi_series(ONE), Ok(785_398_163_397_448_309));
    assert_eq!(phi_series(1), Ok(0));
}

#[test]
fn every_domain_ends_in_its_error() {
    assert_eq!(ln(0), Err(MathError::LogOfZero));
    assert_eq!(log2(0), Err(MathError::LogOfZero));
    assert_eq!(phi_series(ONE + 1), Err(MathError::AboveOne));
    assert_eq!(pow(0, -1), Err(MathError::DivisionByZero));
    for x in [47_276_307_437_780_177_294, 48 * UNIT, 64 * UNIT, 100 * UNIT, i128::MAX] {
        assert_eq!(exp(x), Err(MathError::Overflow));
    }
    assert!(exp(47_276_307_437_780_177_293).is_ok());
    for x in [68_205_294_292_027_477_739, 69 * UNIT, 128 * UNIT, i128::MAX] {
        assert_eq!(exp2(x), Err(MathError::Overflow));
    }
    assert!(exp2(68_205_294_292_027_477_738).is_ok());
    assert_eq!(pow(u128::MAX, UNIT + 1), Err(MathError::Overflow));
    assert_eq!(pow(10 * ONE, 21 * UNIT), Err(MathError::Overflow));
}

#[test]
fn what_vanishes_is_nought() {
    assert_eq!(
        (exp(-41_446_531_673_892_822_313), exp(-41_446_531_673_892_822_312)),
        (Ok(0), Ok(1))
    );
    assert_eq!(
        (exp2(-59_794_705_707_972_522_262), exp2(-59_794_705_707_972_522_261)),
        (Ok(0), Ok(1))
    );
    for x in [-60 * UNIT, -64 * UNIT, i128::MIN] {
        assert_eq!((exp(x), exp2(x)), (Ok(0), Ok(0)));
    }
    assert_eq!(pow(ONE / 2, i128::MAX), Ok(0));
    assert_eq!(pow(u128::MAX, i128::MIN), Ok(0));
    assert_eq!(pow(1, 2 * UNIT), Ok(0));
}

#[test]
fn products_and_quotients_round_as_named() {
    assert_eq!((mul_div_floor(7, 3, 2), mul_div_ceil(7, 3, 2)), (Ok(10), Ok(11)));
    assert_eq!((mul_div_floor(6, 3, 2), mul_div_ceil(6, 3, 2)), (Ok(9), Ok(9)));
    assert_eq!(mul_div_floor(u128::MAX, u128::MAX, u128::MAX), Ok(u128::MAX));
    assert_eq!(mul_div_ceil(u128::MAX, u128::MAX - 1, u128::MAX), Ok(u128::MAX - 1));
    assert_eq!(mul_div_ceil(u128::MAX, 3, 2), Err(MathError::Overflow));
    assert_eq!(mul_div_floor(u128::MAX, 2, 1), Err(MathError::Overflow));
    assert_eq!(mul_div_floor(1 << 127, 2, 1), Err(MathError::Overflow));
    assert_eq!(mul_div_floor(1, 1, 0), Err(MathError::DivisionByZero));
    assert_eq!(mul_div_floor(u128::MAX, u128::MAX, 0), Err(MathError::DivisionByZero));
    // 2^129 - 1 = 7 * 97223533405982418132392744980505203273; halved, its floor is the last number there is.
    let seventh = 97223533405982418132392744980505203273;
    assert_eq!(
        (mul_div_floor(7, seventh, 2), mul_div_ceil(7, seventh, 2)),
        (Ok(u128::MAX), Err(MathError::Overflow))
    );
    assert_eq!((mul_floor(1, 1), mul_ceil(1, 1)), (Ok(0), Ok(1)));
    assert_eq!(
        (mul_floor(3 * ONE, ONE / 2), mul_ceil(3 * ONE, ONE / 2)),
        (Ok(3 * ONE / 2), Ok(3 * ONE / 2))
    );
    assert_eq!(
        (div_floor(1, 3), div_ceil(1, 3)),
        (Ok(333_333_333_333_333_333), Ok(333_333_333_333_333_334))
    );
}

#[test]
fn signed_quotients_reach_both_ends() {
    assert_eq!(
        (signed_mul_div_floor(-7, 1, 2), signed_mul_div_ceil(-7, 1, 2)),
        (Ok(-4), Ok(-3))
    );
    assert_eq!(
        (signed_mul_div_floor(7, 1, 2), signed_mul_div_ceil(7, 1, 2)),
        (Ok(3), Ok(4))
    );
    assert_eq!(
        (signed_mul_div_floor(-7, -1, 2), signed_mul_div_floor(-7, -1, -2)),
        (Ok(3), Ok(-4))
    );
    assert_eq!(signed_mul_div_floor(i128::MIN, 1, 1), Ok(i128::MIN));
    assert_eq!(signed_mul_div_floor(i128::MIN, 1, -1), Err(MathError::Overflow));
    assert_eq!(signed_mul_div_floor(i128::MAX, -1, 1), Ok(-i128::MAX));
    assert_eq!(signed_mul_div_ceil(1, 1, 0), Err(MathError::DivisionByZero));
}

#[test]
fn the_lower_median_averages_nothing() {
    assert_eq!(lower_median::<u128>(&mut []), Err(MathError::EmptySet));
    assert_eq!(lower_median(&mut [5]), Ok(5));
    assert_eq!(lower_median(&mut [9, 1]), Ok(1));
    assert_eq!(lower_median(&mut [3, 1, 2]), Ok(2));
    assert_eq!(lower_median(&mut [4, 3, 1, 2]), Ok(2));
    assert_eq!(
        lower_median(&mut [(1, 'b'), (1, 'a'), (0, 'z'), (1, 'c')]),
        Ok((1, 'a'))
    );
}

#[test]
fn errors_say_what_is_broken() {
    let texts = [
        (MathError::Overflow, "the exact value does not fit the result type"),
        (MathError::DivisionByZero, "division by zero"),
        (MathError::LogOfZero, "logarithm of zero"),
        (MathError::AboveOne, "the argument is above one"),
        (MathError::EmptySet, "the median of no values"),
        (MathError::Undecided, "the working precision cannot tell the floor"),
    ];
    for (error, text) in texts {
        assert_eq!(error.to_string(), text);
    }
}
