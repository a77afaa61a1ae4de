//! Sums beyond 128 bits, of products that are below.

use qc_math::{MathError, ONE};

/// Half the digits of [`ONE`].
const HALF: u128 = 1_000_000_000;

/// high · 10¹⁸ + low, low < 10¹⁸: an exact sum.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    /// a · 10¹⁸.
    pub(super) const fn of_ones(a: u128) -> Self {
        Self { high: a, low: 0 }
    }

    /// Adds a · b. Errors: `Overflow` if the product is 2¹²⁸ or more.
    pub(super) fn add_product(self, a: u128, b: u128) -> Result<Self, MathError> {
        let product = a.checked_mul(b).ok_or(MathError::Overflow)?;
        self.add(product / ONE, product % ONE)
    }

    /// Adds a · b for b up to 10¹⁸. Errors: `Overflow` from 3.4 · 10³⁸ · 10¹⁸ on.
    pub(super) fn add_large_product(self, a: u128, b: u128) -> Result<Self, MathError> {
        let wholes = (a / ONE).checked_mul(b).ok_or(MathError::Overflow)?;
        self.add(wholes, 0)?.add_product(a % ONE, b)
    }

    fn add(self, high: u128, low: u128) -> Result<Self, MathError> {
        let low = self.low.checked_add(low).ok_or(MathError::Overflow)?;
        let high = self.high.checked_add(high).ok_or(MathError::Overflow)?;
        Ok(Self {
            high: high.checked_add(low / ONE).ok_or(MathError::Overflow)?,
            low: low % ONE,
        })
    }

    /// floor of the sum / 10¹⁸.
    pub(super) fn over_one(self) -> u128 {
        self.high
    }

    /// floor of the sum / `divisor`, for divisors up to 3.4 · 10²⁹: long division with digits of 10⁹.
    pub(super) fn over(self, divisor: u128) -> Result<u128, MathError> {
        let mut quotient = self.high.checked_div(divisor).ok_or(MathError::DivisionByZero)?;
        let mut rest = self.high.checked_rem(divisor).ok_or(MathError::DivisionByZero)?;
        for digit in [self.low / HALF, self.low % HALF] {
            let dividend = rest.checked_mul(HALF).and_then(|wide| wide.checked_add(digit));
            let dividend = dividend.ok_or(MathError::Overflow)?;
            let next = dividend.checked_div(divisor).ok_or(MathError::DivisionByZero)?;
            quotient = quotient
                .checked_mul(HALF)
                .and_then(|wide| wide.checked_add(next))
                .ok_or(MathError::Overflow)?;
            rest = dividend.checked_rem(divisor).ok_or(MathError::DivisionByZero)?;
        }
        Ok(quotient)
    }
}
