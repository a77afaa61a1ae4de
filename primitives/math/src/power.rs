//! Powers with any exponent.

use crate::{
    certify::Certified,
    exponential::{exp2_units, out_of_reach},
    logarithm::{log2_of_integer, LOG2_ERROR},
    tables::LOG2_SCALE,
    working::Working,
    MathError, ONE,
};

/// base^exponent, floored to units of 10^-18.
///
/// * Domain: a base of 0 or more and any signed exponent, both in units of 10^-18. `x^0 = 1` for every x, 0 included:
///   so pow is monotone in the base for each exponent, and in the exponent for each base.
/// * Range: [0, 2^128 - 1] units; a positive value below one unit floors to 0.
/// * Rounding: MATH-1, the floor. Every case in which the exact value is on the grid, such as `pow(2.25, 0.5)`, is
///   recognised and decided exactly.
/// * Errors: [`DivisionByZero`](MathError::DivisionByZero), 0 to a negative exponent;
///   [`Overflow`](MathError::Overflow), from 2^128 units on; [`Undecided`](MathError::Undecided), for no known input.
/// * Cost: about 75 products of 4 limbs, and of 6 limbs too in the rare second round.
pub fn pow(base: u128, exponent: i128) -> Result<u128, MathError> {
    if exponent == 0 || base == ONE {
        return Ok(ONE);
    }
    if base == 0 {
        return if exponent.is_positive() {
            Ok(0)
        } else {
            Err(MathError::DivisionByZero)
        };
    }
    match exact(base, exponent)? {
        Some(units) => Ok(units),
        None => Power { base, exponent }.floor(),
    }
}

/// The value of pow if it is on the grid; `None` if it is not.
///
/// Let the exponent be p/q and the base u/v, both in lowest terms. The power is rational only if u and v are q-th powers
/// of integers, and then it is (r/s)^p with r and s coprime (exchanged where p < 0). It is on the grid only if s^p
/// divides 10^18.
fn exact(base: u128, exponent: i128) -> Result<Option<u128>, MathError> {
    let (p, q) = lowest_terms(exponent.unsigned_abs(), ONE)?;
    let (u, v) = lowest_terms(base, ONE)?;
    let (Some(u_root), Some(v_root)) = (exact_root(u, q), exact_root(v, q)) else {
        return Ok(None);
    };
    let (r, s) = if exponent.is_positive() {
        (u_root, v_root)
    } else {
        (v_root, u_root)
    };
    match integer_power(s, p).map(|divisor| (ONE.checked_rem(divisor), ONE.checked_div(divisor))) {
        Some((Some(0), Some(cofactor))) => integer_power(r, p)
            .and_then(|power| power.checked_mul(cofactor))
            .ok_or(MathError::Overflow)
            .map(Some),
        _ => Ok(None),
    }
}

/// a/b in lowest terms, for b > 0.
fn lowest_terms(a: u128, b: u128) -> Result<(u128, u128), MathError> {
    let (mut divisor, mut rest) = (b, a);
    // Euclid's algorithm ends within 92 steps here, since b = 10^18 is below the 89th Fibonacci number.
    while let Some(next) = divisor.checked_rem(rest) {
        (divisor, rest) = (rest, next);
    }
    let quotient = |n: u128| n.checked_div(divisor).ok_or(MathError::DivisionByZero);
    Ok((quotient(a)?, quotient(b)?))
}

/// The integer q-th root of n > 0, if n is a q-th power.
fn exact_root(n: u128, q: u128) -> Option<u128> {
    let mut root = 0_u128;
    // n < 2^128, so the highest bit of its root is at most 127/q.
    let top = 127_u128.checked_div(q).and_then(|top| u32::try_from(top).ok())?;
    let mut bit = 1_u128.checked_shl(top)?;
    while bit > 0 {
        let candidate = root.checked_add(bit)?;
        if integer_power(candidate, q).is_some_and(|power| power <= n) {
            root = candidate;
        }
        bit >>= 1;
    }
    (integer_power(root, q) == Some(n)).then_some(root)
}

/// n^exponent for n > 0, if it fits. One is the only base whose high powers do.
fn integer_power(n: u128, exponent: u128) -> Option<u128> {
    if n == 1 {
        return Some(1);
    }
    n.checked_pow(u32::try_from(exponent).ok()?)
}

/// base^exponent by the binary logarithm, for a base other than 0 and 1.
struct Power {
    base: u128,
    exponent: i128,
}

impl Certified for Power {
    fn at<const LIMBS: usize>(&self) -> Result<Option<u128>, MathError> {
        let below_one = self.base < ONE;
        let negative = below_one != self.exponent.is_negative();
        let (of_base, of_scale) = (
            log2_of_integer::<LIMBS>(self.base)?,
            Working::from_constant(&LOG2_SCALE),
        );
        let logarithm = if below_one {
            of_scale.sub(of_base)?
        } else {
            of_base.sub(of_scale)?
        };
        match times_units(logarithm, self.exponent.unsigned_abs()) {
            Ok(magnitude) => exp2_units(negative, magnitude, self.error()?),
            Err(_) => out_of_reach(negative),
        }
    }
}

impl Power {
    /// The error of |exponent| |log2 base|, in ulps: (|exponent| + 1) times that of the logarithm, the place where
    /// log2 10^18 is cut and the product's own included, and 69 times that of the exponent's fraction.
    fn error(&self) -> Result<u128, MathError> {
        let whole = self.exponent.unsigned_abs() / ONE;
        let bound = whole.checked_add(1).and_then(|factor| factor.checked_mul(LOG2_ERROR));
        bound
            .and_then(|bound| bound.checked_add(PRODUCT_ERROR))
            .ok_or(MathError::Overflow)
    }
}

/// What [`times_units`] adds to the error: 1 ulp of the product and 69 for the exponent's fraction, rounded up.
const PRODUCT_ERROR: u128 = 128;

/// `value` times `units / 10^18`; `Overflow` from 2^64 on. The whole part can take 68 bits, so it goes in two pieces.
fn times_units<const LIMBS: usize>(value: Working<LIMBS>, units: u128) -> Result<Working<LIMBS>, MathError> {
    let narrow = |n: u128| u64::try_from(n).map_err(|_| MathError::Overflow);
    let (whole, fraction) = (units / ONE, units % ONE);
    let coarse = value.mul_small(narrow(whole / 16)?)?.mul_small(16)?;
    let fine = value.mul_small(narrow(whole % 16)?)?;
    coarse.add(fine)?.add(Working::from_units(fraction)?.mul(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_bound_grows_with_the_exponent() {
        let error = |exponent| Power { base: 2, exponent }.error();
        assert_eq!(error(1), Ok(LOG2_ERROR + PRODUCT_ERROR));
        assert_eq!(error(-5_500_000_000_000_000_000), Ok(6 * LOG2_ERROR + PRODUCT_ERROR));
        assert_eq!(
            error(i128::MIN),
            Ok(170_141_183_460_469_231_732 * LOG2_ERROR + PRODUCT_ERROR)
        );
    }

    #[test]
    fn products_with_units_take_the_whole_exponent() {
        let three_halves = Working::<4>::from_head(3 << 63);
        assert_eq!(
            times_units(three_halves, 35 * ONE / 2),
            Ok(Working::from_head(105 << 62))
        );
        assert_eq!(times_units(three_halves, 100 * ONE), Ok(Working::from_integer(150)));
        assert_eq!(times_units(three_halves, u128::MAX), Err(MathError::Overflow));
    }

    #[test]
    fn fractions_come_in_lowest_terms() {
        assert_eq!(lowest_terms(9 * ONE / 4, ONE), Ok((9, 4)));
        assert_eq!(lowest_terms(0, ONE), Ok((0, 1)));
        assert_eq!(
            (exact_root(8, 3), exact_root(9, 3), exact_root(1, ONE)),
            (Some(2), None, Some(1))
        );
        assert_eq!(
            (exact_root(u128::MAX, 1), exact_root(1 << 127, 127)),
            (Some(u128::MAX), Some(2))
        );
    }
}
