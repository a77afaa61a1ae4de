//! Products and quotients through 256-bit intermediates, the rounding in the name.

use crate::{MathError, ONE};

/// floor(a * b / c), the product exact in 256 bits.
///
/// * Domain: every a, b and c > 0, in any units. Range: `u128`. Rounding: down.
/// * Errors: [`DivisionByZero`](MathError::DivisionByZero); [`Overflow`](MathError::Overflow), from 2^128 on.
/// * Cost: one 128-bit division if the product fits 128 bits, else 128 steps of shift and subtraction.
pub fn mul_div_floor(a: u128, b: u128, c: u128) -> Result<u128, MathError> {
    divide(a, b, c).map(|(quotient, _)| quotient)
}

/// ceil(a * b / c), the product exact in 256 bits. Domain, errors and cost as [`mul_div_floor`]; rounding: up.
pub fn mul_div_ceil(a: u128, b: u128, c: u128) -> Result<u128, MathError> {
    match divide(a, b, c)? {
        (quotient, 0) => Ok(quotient),
        (quotient, _) => quotient.checked_add(1).ok_or(MathError::Overflow),
    }
}

/// floor(a * b) of two numbers in units of 10^-18. Errors: [`Overflow`](MathError::Overflow).
/// Domain: all; range: `u128`; rounding: down; cost as [`mul_div_floor`].
pub fn mul_floor(a: u128, b: u128) -> Result<u128, MathError> {
    mul_div_floor(a, b, ONE)
}

/// ceil(a * b) of two numbers in units of 10^-18. Errors: [`Overflow`](MathError::Overflow).
/// Domain: all; range: `u128`; rounding: up; cost as [`mul_div_floor`].
pub fn mul_ceil(a: u128, b: u128) -> Result<u128, MathError> {
    mul_div_ceil(a, b, ONE)
}

/// floor(a / b) in units of 10^-18, of two numbers in any one unit.
/// Domain: b > 0; range, errors and cost as [`mul_div_floor`]; rounding: down.
pub fn div_floor(a: u128, b: u128) -> Result<u128, MathError> {
    mul_div_floor(a, ONE, b)
}

/// ceil(a / b) in units of 10^-18, of two numbers in any one unit.
/// Domain: b > 0; range, errors and cost as [`mul_div_floor`]; rounding: up.
pub fn div_ceil(a: u128, b: u128) -> Result<u128, MathError> {
    mul_div_ceil(a, ONE, b)
}

/// floor(a * b / c) of signed numbers, towards minus infinity.
///
/// * Domain: every a, b and c other than 0. Range: `i128`. Rounding: down.
/// * Errors: [`DivisionByZero`](MathError::DivisionByZero); [`Overflow`](MathError::Overflow), outside `i128`.
/// * Cost: as [`mul_div_floor`].
pub fn signed_mul_div_floor(a: i128, b: i128, c: i128) -> Result<i128, MathError> {
    let (a_size, b_size, c_size) = (a.unsigned_abs(), b.unsigned_abs(), c.unsigned_abs());
    if is_negative(a, b, c) {
        signed(true, mul_div_ceil(a_size, b_size, c_size)?)
    } else {
        signed(false, mul_div_floor(a_size, b_size, c_size)?)
    }
}

/// ceil(a * b / c) of signed numbers, towards plus infinity. Domain, range, errors and cost as
/// [`signed_mul_div_floor`]; rounding: up.
pub fn signed_mul_div_ceil(a: i128, b: i128, c: i128) -> Result<i128, MathError> {
    let (a_size, b_size, c_size) = (a.unsigned_abs(), b.unsigned_abs(), c.unsigned_abs());
    if is_negative(a, b, c) {
        signed(true, mul_div_floor(a_size, b_size, c_size)?)
    } else {
        signed(false, mul_div_ceil(a_size, b_size, c_size)?)
    }
}

/// Whether a * b / c has an odd number of minus signs.
fn is_negative(a: i128, b: i128, c: i128) -> bool {
    a.is_negative() != (b.is_negative() != c.is_negative())
}

/// `magnitude` or its negative, if it fits.
pub(crate) fn signed(negative: bool, magnitude: u128) -> Result<i128, MathError> {
    let value = if negative {
        0_i128.checked_sub_unsigned(magnitude)
    } else {
        0_i128.checked_add_unsigned(magnitude)
    };
    value.ok_or(MathError::Overflow)
}

/// Quotient and remainder of a * b by c.
fn divide(a: u128, b: u128, c: u128) -> Result<(u128, u128), MathError> {
    let (low, high) = a.carrying_mul(b, 0);
    match (low.checked_div(c), low.checked_rem(c)) {
        (Some(quotient), Some(rest)) if high == 0 => Ok((quotient, rest)),
        (Some(_), Some(_)) if high < c => Ok(divide_wide(high, low, c)),
        (Some(_), Some(_)) => Err(MathError::Overflow),
        _ => Err(MathError::DivisionByZero),
    }
}

/// Quotient and remainder of high * 2^128 + low by c, for high < c: one bit of the quotient a step.
fn divide_wide(high: u128, mut low: u128, c: u128) -> (u128, u128) {
    let (mut quotient, mut rest) = (0_u128, high);
    for _ in 0..u128::BITS {
        let carry_in = low >= 1 << 127;
        low <<= 1;
        let (doubled, carry_out) = rest.carrying_add(rest, carry_in);
        let (reduced, borrow) = doubled.borrowing_sub(c, false);
        // A carry out of the doubling means that the number is above c, and pays for the borrow.
        let fits = carry_out || !borrow;
        rest = if fits { reduced } else { doubled };
        (quotient, _) = quotient.carrying_add(quotient, fits);
    }
    (quotient, rest)
}
