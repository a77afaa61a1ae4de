//! The square root.

use crate::{MathError, ONE};

/// The highest bit a root can have: 10^18 (2^128 - 1) < 2^188.
const TOP_BIT: u128 = 1 << 93;

/// floor(sqrt(x)) in units of 10^-18: with X = x * 10^18 units, the integer square root of X * 10^18.
///
/// * Domain: every `u128` (`FixedU128`'s inner value). Range: [0, 18446744073709551615999999999].
/// * Rounding: MATH-1, the floor of the exact root. Exact integer arithmetic, so never `Undecided`.
/// * Errors: none is reachable.
/// * Cost: 94 steps of one 128-bit product each.
pub fn sqrt(x: u128) -> Result<u128, MathError> {
    let (low, high) = x.carrying_mul(ONE, 0);
    let mut root = 0_u128;
    let mut bit = TOP_BIT;
    while bit > 0 {
        let candidate = root.checked_add(bit).ok_or(MathError::Overflow)?;
        let (square_low, square_high) = candidate.carrying_mul(candidate, 0);
        if (square_high, square_low) <= (high, low) {
            root = candidate;
        }
        bit >>= 1;
    }
    Ok(root)
}
