//! The working numbers: non-negative binary fixed point over 64-bit limbs, with every operation checked.
//!
//! `Working<4>` carries 192 fractional bits, the first working precision; `Working<6>` carries 320, the second.
//! An *ulp* is 2^-192 or 2^-320. Products, quotients and shifts round down and lose less than one ulp; sums and
//! differences are exact.

use crate::{tables::STORED_LIMBS, MathError, ONE, SCALE};

/// Limbs of the first working precision: 192 fractional bits.
pub(crate) const FIRST: usize = 4;
/// Limbs of the second working precision: 320 fractional bits.
pub(crate) const SECOND: usize = 6;

/// Newton steps of [`Working::reciprocal`]: 61 good bits become 120, 238 and more than 320.
const NEWTON_STEPS: u32 = 3;

/// A non-negative number below 2^64 with `64 * (LIMBS - 1)` fractional bits, least significant limb first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Working<const LIMBS: usize>([u64; LIMBS]);

impl<const LIMBS: usize> Working<LIMBS> {
    /// Nought.
    pub(crate) const ZERO: Self = Self([0; LIMBS]);

    /// The whole number `n`, exactly.
    pub(crate) fn from_integer(n: u64) -> Self {
        Self::ZERO.without_lowest(n)
    }

    /// `pair / 2^64`, exactly.
    pub(crate) fn from_head(pair: u128) -> Self {
        let (low, high) = halves(pair);
        Self::from_integer(low).without_lowest(high)
    }

    /// `n` ulps, exactly.
    pub(crate) fn from_ulps(n: u128) -> Self {
        let (low, high) = halves(n);
        let mut limbs = [0; LIMBS];
        limbs.iter_mut().zip([low, high]).for_each(|(limb, half)| *limb = half);
        Self(limbs)
    }

    /// A stored constant, cut to this precision.
    pub(crate) fn from_constant(stored: &[u64; STORED_LIMBS]) -> Self {
        let mut limbs = [0; LIMBS];
        limbs
            .iter_mut()
            .rev()
            .zip(stored.iter().rev())
            .for_each(|(limb, digits)| *limb = *digits);
        Self(limbs)
    }

    /// `units / 10^18`, rounded down; `Overflow` from 2^64 on.
    pub(crate) fn from_units(units: u128) -> Result<Self, MathError> {
        let whole = u64::try_from(units / ONE).map_err(|_| MathError::Overflow)?;
        let rest = u64::try_from(units % ONE).map_err(|_| MathError::Overflow)?;
        Self::from_integer(rest)
            .div_small(SCALE)?
            .add(Self::from_integer(whole))
    }

    /// The integer part.
    pub(crate) fn integer(self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// The part below one.
    pub(crate) fn fraction(mut self) -> Self {
        if let Some(top) = self.0.last_mut() {
            *top = 0;
        }
        self
    }

    /// The integer part and 64 fractional bits: floor(self * 2^64).
    pub(crate) fn head(self) -> u128 {
        let mut limbs = self.0.iter().rev().copied();
        join(limbs.next().unwrap_or(0), limbs.next().unwrap_or(0))
    }

    /// floor(64 * self), for `self` below 2^58.
    pub(crate) fn sixty_fourths(self) -> Result<u64, MathError> {
        u64::try_from(self.head() >> 58).map_err(|_| MathError::Overflow)
    }

    /// All limbs read as one integer, floor(self * 2^(64 * (LIMBS - 1))), if it fits.
    pub(crate) fn to_integer(self) -> Result<u128, MathError> {
        let mut limbs = self.0.iter().copied();
        let (low, high) = (limbs.next().unwrap_or(0), limbs.next().unwrap_or(0));
        if limbs.any(|limb| limb != 0) {
            return Err(MathError::Overflow);
        }
        Ok(join(high, low))
    }

    /// The number moved down by one limb, `top` taking the place above.
    pub(crate) fn without_lowest(mut self, top: u64) -> Self {
        self.0.rotate_left(1);
        if let Some(last) = self.0.last_mut() {
            *last = top;
        }
        self
    }

    /// `self + other`, exactly.
    pub(crate) fn add(mut self, other: Self) -> Result<Self, MathError> {
        let mut carry = false;
        for (limb, digit) in self.0.iter_mut().zip(other.0) {
            (*limb, carry) = limb.carrying_add(digit, carry);
        }
        if carry {
            return Err(MathError::Overflow);
        }
        Ok(self)
    }

    /// `self - other`, exactly; `Overflow` below zero.
    pub(crate) fn sub(mut self, other: Self) -> Result<Self, MathError> {
        let mut borrow = false;
        for (limb, digit) in self.0.iter_mut().zip(other.0) {
            (*limb, borrow) = limb.borrowing_sub(digit, borrow);
        }
        if borrow {
            return Err(MathError::Overflow);
        }
        Ok(self)
    }

    /// `self * other`, rounded down. Row by row; the lowest limb of a finished row is final and falls away.
    pub(crate) fn mul(self, other: Self) -> Result<Self, MathError> {
        let mut sum = Self::ZERO;
        let mut high = 0;
        for digit in other.0 {
            sum = sum.without_lowest(high);
            high = 0;
            for (slot, limb) in sum.0.iter_mut().zip(self.0) {
                (*slot, high) = limb.carrying_mul_add(digit, *slot, high);
            }
        }
        if high != 0 {
            return Err(MathError::Overflow);
        }
        Ok(sum)
    }

    /// `self * n` with what is carried out above the integer limb.
    fn mul_wide(mut self, n: u64) -> (Self, u64) {
        let mut high = 0;
        for limb in &mut self.0 {
            (*limb, high) = limb.carrying_mul(n, high);
        }
        (self, high)
    }

    /// `self * n`, exactly.
    pub(crate) fn mul_small(self, n: u64) -> Result<Self, MathError> {
        match self.mul_wide(n) {
            (product, 0) => Ok(product),
            _ => Err(MathError::Overflow),
        }
    }

    /// `self / n`, rounded down.
    pub(crate) fn div_small(mut self, n: u64) -> Result<Self, MathError> {
        let divisor = u128::from(n);
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let dividend = join(rest, *limb);
            let quotient = dividend.checked_div(divisor).ok_or(MathError::DivisionByZero)?;
            let remainder = dividend.checked_rem(divisor).ok_or(MathError::DivisionByZero)?;
            *limb = u64::try_from(quotient).map_err(|_| MathError::Overflow)?;
            rest = u64::try_from(remainder).map_err(|_| MathError::Overflow)?;
        }
        Ok(self)
    }

    /// `self / 2^bits`, rounded down. At most `bits / 64 + 1` passes.
    pub(crate) fn shift_down(self, bits: u32) -> Self {
        let mut value = self;
        for _ in 0..bits / 64 {
            value = value.without_lowest(0);
        }
        // A shift by b bits is a multiplication by 2^(64 - b) and a drop of one limb; there is none to do for b = 0.
        match 1_u64.checked_shl(64_u32.abs_diff(bits % 64)) {
            Some(factor) => {
                let (product, high) = value.mul_wide(factor);
                product.without_lowest(high)
            }
            None => value,
        }
    }

    /// `1 / self` for `self` in [1, 4): at most the exact value, and less than 3 ulps below it.
    ///
    /// Every Newton step r(2 - dr) stays below 1/d, because 1/d - r(2 - dr) = d(1/d - r)^2 and all roundings go down.
    pub(crate) fn reciprocal(self) -> Result<Self, MathError> {
        let rounded_up = (self.head() >> 2).checked_add(1).ok_or(MathError::Overflow)?;
        let guess = (1_u128 << 126)
            .checked_div(rounded_up)
            .ok_or(MathError::DivisionByZero)?;
        let mut inverse = Self::from_head(guess);
        for _ in 0..NEWTON_STEPS {
            let product = self.mul(inverse)?.add(Self::from_ulps(1))?;
            inverse = Self::from_integer(2).sub(product)?.mul(inverse)?;
        }
        Ok(inverse)
    }
}

/// The two 64-bit halves of a number, low one first.
fn halves(n: u128) -> (u64, u64) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = n.to_le_bytes();
    (
        u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        u64::from_le_bytes([i, j, k, l, m, n, o, p]),
    )
}

/// The number with these two 64-bit halves.
fn join(high: u64, low: u64) -> u128 {
    (u128::from(high) << 64) | u128::from(low)
}

#[cfg(test)]
impl<const LIMBS: usize> Working<LIMBS> {
    /// The limbs, for tests that want the exact value.
    pub(crate) fn limbs(&self) -> [u64; LIMBS] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Short = Working<FIRST>;

    const TOP: u64 = u64::MAX;

    #[test]
    fn conversions_put_limbs_in_their_places() {
        assert_eq!(Short::from_integer(7), Working([0, 0, 0, 7]));
        assert_eq!(Short::from_head(7 << 64 | 5), Working([0, 0, 5, 7]));
        assert_eq!(Short::from_ulps(7 << 64 | 5), Working([5, 7, 0, 0]));
        assert_eq!(Short::from_constant(&[1, 2, 3, 4, 5, 6]), Working([3, 4, 5, 6]));
        assert_eq!(
            Working::<SECOND>::from_constant(&[1, 2, 3, 4, 5, 6]),
            Working([1, 2, 3, 4, 5, 6])
        );
        assert_eq!(Short::from_units(5 * ONE / 2), Ok(Working([0, 0, 1 << 63, 2])));
        assert_eq!(Short::from_units(ONE << 64), Err(MathError::Overflow));
        assert!(Short::from_units((ONE << 64) - 1).is_ok());
    }

    #[test]
    fn parts_are_read_from_their_places() {
        let value = Working([1, 2, 3, 4]);
        assert_eq!((value.integer(), value.fraction()), (4, Working([1, 2, 3, 0])));
        assert_eq!(value.head(), 4 << 64 | 3);
        assert_eq!(Short::from_head(5 << 63).sixty_fourths(), Ok(160));
        assert_eq!(Short::from_integer(1 << 58).sixty_fourths(), Err(MathError::Overflow));
        assert_eq!(Working([5, 7, 0, 0]).to_integer(), Ok(7 << 64 | 5));
        assert_eq!(Working([5, 7, 1, 0]).to_integer(), Err(MathError::Overflow));
        assert_eq!(Working([5, 7, 0, 1]).to_integer(), Err(MathError::Overflow));
        assert_eq!(value.without_lowest(9), Working([2, 3, 4, 9]));
    }

    #[test]
    fn sums_and_differences_carry_and_are_checked() {
        let (almost, ulp) = (Working([TOP, TOP, TOP, 0]), Short::from_ulps(1));
        assert_eq!(almost.add(ulp), Ok(Short::from_integer(1)));
        assert_eq!(Short::from_integer(1).sub(ulp), Ok(almost));
        assert_eq!(Working([TOP; FIRST]).add(ulp), Err(MathError::Overflow));
        assert_eq!(Short::ZERO.sub(ulp), Err(MathError::Overflow));
    }

    #[test]
    fn products_round_down_and_are_checked() {
        let ulp = Short::from_ulps(1);
        assert_eq!(
            Short::from_integer(3).mul(Short::from_integer(5)),
            Ok(Short::from_integer(15))
        );
        assert_eq!(ulp.mul(Working([TOP, TOP, TOP, 0])), Ok(Short::ZERO));
        assert_eq!(ulp.mul(Short::from_integer(TOP)), Ok(Working([TOP, 0, 0, 0])));
        assert_eq!(
            Short::from_integer(1 << 32).mul(Short::from_integer(1 << 32)),
            Err(MathError::Overflow)
        );
        // (2^64 - ulp) (1 - ulp) = 2^64 - 2^64 ulp - ulp + ulp^2, rounded down.
        let product = Working([TOP; FIRST]).mul(Working([TOP, TOP, TOP, 0]));
        assert_eq!(product, Ok(Working([TOP, TOP - 1, TOP, TOP])));
        assert_eq!(Working([TOP, 0, 0, 1]).mul_small(2), Ok(Working([TOP - 1, 1, 0, 2])));
        assert_eq!(Short::from_integer(1 << 63).mul_small(2), Err(MathError::Overflow));
    }

    #[test]
    fn quotients_round_down_and_are_checked() {
        assert_eq!(
            Working([0, 0, 0, 1]).div_small(3),
            Ok(Working([TOP / 3, TOP / 3, TOP / 3, 0]))
        );
        assert_eq!(Working([5, 0, 0, 7]).div_small(7), Ok(Working([0, 0, 0, 1])));
        assert_eq!(Short::from_integer(1).div_small(0), Err(MathError::DivisionByZero));
    }

    #[test]
    fn shifts_move_by_bits_and_limbs() {
        let value = Working([1, 2, 3, 4]);
        assert_eq!(value.shift_down(0), value);
        assert_eq!(value.shift_down(1), Working([0, (1 << 63) | 1, 1, 2]));
        assert_eq!(value.shift_down(64), Working([2, 3, 4, 0]));
        assert_eq!(value.shift_down(129), Working([(3 >> 1), 2, 0, 0]));
        assert_eq!(value.shift_down(255), Short::ZERO);
        assert_eq!(value.shift_down(1000), Short::ZERO);
    }

    /// d * r in [1 - 3d ulps, 1], up to the rounding of the product.
    fn check_reciprocal<const LIMBS: usize>(d: Working<LIMBS>) {
        let product = d.reciprocal().and_then(|r| r.mul(d)).unwrap();
        let missing = Working::from_integer(1).sub(product).and_then(Working::to_integer);
        assert!(missing.is_ok_and(|ulps| ulps <= 13), "1/{d:?}: {missing:?}");
    }

    #[test]
    fn reciprocals_are_close_and_from_below() {
        for sixty_fourths in 64..256 {
            check_reciprocal(Working::<FIRST>::from_integer(sixty_fourths).shift_down(6));
            check_reciprocal(Working::<SECOND>::from_integer(sixty_fourths).shift_down(6));
        }
        for digit in [1, 2, 3] {
            check_reciprocal(Working([TOP, TOP, TOP, digit]));
            check_reciprocal(Working([TOP, TOP, TOP, TOP, 0x1234_5678_9abc_def0, digit]));
        }
        assert_eq!(Short::ZERO.reciprocal(), Err(MathError::Overflow));
    }
}
