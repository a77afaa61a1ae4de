//! Points to try: all boundaries, and a reproducible stream of random ones of every magnitude.

use super::functions::{Function, Point};
use qc_math::ONE;

/// A small reproducible generator (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// Uniform up to `top`.
    pub fn uniform(&mut self, top: u128) -> u128 {
        match top.checked_add(1) {
            Some(bound) => self.wide() % bound,
            None => self.wide(),
        }
    }

    /// Up to `top`, all lengths in bits equally likely.
    pub fn magnitude(&mut self, top: u128) -> u128 {
        let bits = self.next() as u32 % (128 - top.leading_zeros()) + 1;
        (self.wide() >> (128 - bits)).min(top)
    }

    pub fn coin(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }

    /// Half the time uniform, half the time by length.
    fn either(&mut self, top: u128) -> u128 {
        if self.coin() {
            self.uniform(top)
        } else {
            self.magnitude(top)
        }
    }

    fn sign(&mut self, magnitude: u128) -> i128 {
        let magnitude = magnitude.min(i128::MAX as u128) as i128;
        if self.coin() {
            magnitude
        } else {
            -magnitude
        }
    }
}

/// A random point of the function's domain, or a little outside it.
pub fn random_point(function: Function, random: &mut Random) -> Point {
    match function {
        Function::Sqrt | Function::Ln | Function::Log2 => {
            let top = if random.next().is_multiple_of(4) {
                2 * ONE
            } else {
                u128::MAX
            };
            Point::unsigned(random.either(top))
        }
        Function::Exp => signed_up_to(48, random),
        Function::Exp2 => signed_up_to(69, random),
        Function::Tanh => signed_up_to(23, random),
        Function::PhiSeries => Point::unsigned(random.either(ONE)),
        Function::Pow => random_power(random),
    }
}

fn signed_up_to(whole: u128, random: &mut Random) -> Point {
    let magnitude = random.either(whole * ONE);
    Point::signed(random.sign(magnitude))
}

/// A base of any size or near one, and an exponent that keeps the power within or just outside the range.
fn random_power(random: &mut Random) -> Point {
    let base = match random.next() % 4 {
        0 => random.magnitude(u128::MAX),
        1 => random.uniform(4 * ONE),
        2 => ONE + random.magnitude(ONE / 2),
        _ => ONE - random.magnitude(ONE / 2),
    };
    // |log2 base| in units of 2^-8 or better, from below: enough to choose a width for the exponent.
    let distance = base.max(1).abs_diff(ONE).max(1);
    let widest = if distance < ONE / 2 {
        (70 * ONE).checked_mul(ONE / distance).unwrap_or(i128::MAX as u128)
    } else {
        70 * ONE
    };
    let exponent = match random.next() % 8 {
        0 => ONE / (1 << (random.next() % 7)) * u128::from(random.next() % 40),
        _ => random.either(widest),
    };
    Point::pow(base, random.sign(exponent))
}

/// Ends of domains and ranges, powers of two and ten, whole numbers, the first steps from nought and one; each with
/// both neighbours.
pub fn boundaries(function: Function) -> Vec<Point> {
    let mut values: Vec<u128> = vec![u128::MAX, i128::MAX as u128, ONE / 3, 2 * ONE / 3, 3 * ONE / 2];
    values.extend((0..128).map(|bits| 1_u128 << bits));
    values.extend((0..39).map(|digits| 10_u128.pow(digits)));
    values.extend((0..101).map(|whole| whole * ONE));
    values.extend((0..68).map(|bits| ONE << bits).chain((1..19).map(|bits| ONE >> bits)));
    values.extend((0..65).map(|part| part * ONE / 64));
    values.extend((0..30).chain(ONE - 30..ONE + 30));
    // Where exp and exp2 leave the range above and below, and where tanh ends.
    values.extend([47_276_307_437_780_177_293, 41_446_531_673_892_822_312]);
    values.extend([
        68_205_294_292_027_477_738,
        59_794_705_707_972_522_261,
        21_069_839_427_226_383_810,
    ]);
    let mut values: Vec<u128> = values
        .iter()
        .flat_map(|v| [v.checked_sub(1), Some(*v), v.checked_add(1)])
        .flatten()
        .collect();
    values.sort_unstable();
    values.dedup();
    match function {
        Function::Pow => power_boundaries(&values),
        _ if function.has_signed_argument() => signed_boundaries(&values),
        _ => values.into_iter().map(Point::unsigned).collect(),
    }
}

fn signed_boundaries(values: &[u128]) -> Vec<Point> {
    let fitting = values.iter().filter_map(|v| i128::try_from(*v).ok());
    fitting
        .flat_map(|v| [v, -v])
        .chain([i128::MIN, i128::MIN + 1])
        .map(Point::signed)
        .collect()
}

/// Every boundary as a base, with the exponents at which powers are exact, end or begin.
fn power_boundaries(values: &[u128]) -> Vec<Point> {
    let one = ONE as i128;
    let mut exponents = vec![0, 1, one / 2 - 1, one - 1, one + 1, i128::MAX];
    exponents.extend([2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125].map(|root| one / root));
    exponents.extend([1, 2, 3, 4, 18, 19, 60, 68, 127, 128].map(|whole| whole * one));
    let both: Vec<i128> = exponents.iter().flat_map(|y| [*y, -y]).chain([i128::MIN]).collect();
    values
        .iter()
        .flat_map(|base| both.iter().map(|y| Point::pow(*base, *y)))
        .collect()
}
