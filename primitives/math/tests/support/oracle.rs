//! The exact floor by arbitrary-precision floating point (astro-float), which shares nothing with the crate.

use super::functions::{in_order, Function, Point};
use astro_float::{BigFloat, Consts, RoundingMode, Sign};
use qc_math::{MathError, ONE};

const ROUNDING: RoundingMode = RoundingMode::None;

/// Working precisions in bits. A value nearer to a grid point than 2^-EXACT_BITS at the last one counts as on it.
const PRECISIONS: [usize; 2] = [256, 1536];
const SURE_BITS: u32 = 100;
const EXACT_BITS: u32 = 900;
/// No value but tanh's far out, at 2^-227, comes so near.
const UNLIKELY_BITS: u32 = 300;

/// The oracle's answer: the result as [`Function::call`] maps it, and the distance of the exact value from the nearest
/// grid point as -log2 in units, `None` for exact cases and where nothing had to be computed.
pub struct Answer {
    pub result: Result<u128, MathError>,
    pub closeness: Option<u32>,
}

/// The oracle with its cached constants.
pub struct Oracle {
    constants: Consts,
}

impl Oracle {
    pub fn new() -> Self {
        Self {
            constants: Consts::new().expect("memory for constants"),
        }
    }

    /// What the law MATH-1 asks of `function` at `point`.
    pub fn answer(&mut self, function: Function, point: Point) -> Answer {
        if let Some(result) = by_definition(function, point) {
            return Answer {
                result,
                closeness: None,
            };
        }
        if let Some(result) = self.far_outside(function, point) {
            return Answer {
                result,
                closeness: None,
            };
        }
        let coarse = Floor::of(&self.scaled_value(function, point, PRECISIONS[0]));
        let floor = match coarse.closeness {
            0..SURE_BITS => coarse,
            _ => Floor::of(&self.scaled_value(function, point, PRECISIONS[1])),
        };
        assert!(
            !(UNLIKELY_BITS..EXACT_BITS).contains(&floor.closeness),
            "{function:?} {point:?}: look at this one"
        );
        let exact = floor.closeness >= EXACT_BITS;
        let result = if exact { floor.nearest() } else { floor.floor() };
        let result = match (result, function.has_signed_result()) {
            (Some((false, magnitude)), false) => Ok(magnitude),
            (Some((negative, magnitude)), true) => Ok(in_order(if negative {
                (magnitude as i128).wrapping_neg()
            } else {
                magnitude as i128
            })),
            _ => Err(MathError::Overflow),
        };
        Answer {
            result,
            closeness: (!exact).then_some(floor.closeness),
        }
    }

    /// The exact value times 10^18, to `bits` bits.
    fn scaled_value(&mut self, function: Function, point: Point, bits: usize) -> BigFloat {
        let cc = &mut self.constants;
        let scale = BigFloat::from_u128(ONE, bits);
        let x = if function.has_signed_argument() {
            BigFloat::from_i128(point.x, bits)
        } else {
            BigFloat::from_u128(point.bits(), bits)
        };
        let x = x.div(&scale, bits, ROUNDING);
        let value = match function {
            Function::Sqrt => x.sqrt(bits, ROUNDING),
            Function::Ln => x.ln(bits, ROUNDING, cc),
            Function::Log2 => {
                x.ln(bits, ROUNDING, cc)
                    .div(&BigFloat::from_u8(2, bits).ln(bits, ROUNDING, cc), bits, ROUNDING)
            }
            Function::Exp => x.exp(bits, ROUNDING, cc),
            Function::Exp2 => BigFloat::from_u8(2, bits)
                .ln(bits, ROUNDING, cc)
                .mul(&x, bits, ROUNDING)
                .exp(bits, ROUNDING, cc),
            Function::Pow => {
                let y = BigFloat::from_i128(point.y, bits).div(&scale, bits, ROUNDING);
                x.ln(bits, ROUNDING, cc).mul(&y, bits, ROUNDING).exp(bits, ROUNDING, cc)
            }
            Function::PhiSeries => x.atan(bits, ROUNDING, cc),
            Function::Tanh => x.tanh(bits, ROUNDING, cc),
        };
        value.mul(&scale, bits, ROUNDING)
    }

    /// Exponentials whose logarithm lies far outside the range.
    fn far_outside(&mut self, function: Function, point: Point) -> Option<Result<u128, MathError>> {
        let cc = &mut self.constants;
        let small = |n: i128| BigFloat::from_i128(n, 192);
        let scale = small(ONE as i128);
        let logarithm = match function {
            Function::Exp | Function::Exp2 => small(point.x).div(&scale, 192, ROUNDING),
            Function::Pow => {
                let base = BigFloat::from_u128(point.bits(), 192).div(&scale, 192, ROUNDING);
                base.ln(192, ROUNDING, cc)
                    .mul(&small(point.y).div(&scale, 192, ROUNDING), 192, ROUNDING)
            }
            Function::Tanh => {
                let limit = 100 * ONE as i128;
                let end = if point.x > 0 { ONE as i128 - 1 } else { -(ONE as i128) };
                return (point.x.unsigned_abs() > limit.unsigned_abs()).then_some(Ok(in_order(end)));
            }
            _ => return None,
        };
        if logarithm.cmp(&small(100)) > Some(0) {
            return Some(Err(MathError::Overflow));
        }
        (logarithm.cmp(&small(-100)) < Some(0)).then_some(Ok(0))
    }
}

/// Domain errors, and values that are a matter of definition.
fn by_definition(function: Function, point: Point) -> Option<Result<u128, MathError>> {
    match function {
        Function::Sqrt | Function::PhiSeries if point.x == 0 => Some(Ok(0)),
        Function::Ln | Function::Log2 if point.x == 0 => Some(Err(MathError::LogOfZero)),
        Function::PhiSeries if point.bits() > ONE => Some(Err(MathError::AboveOne)),
        Function::Exp | Function::Exp2 if point.x == 0 => Some(Ok(ONE)),
        Function::Tanh if point.x == 0 => Some(Ok(in_order(0))),
        Function::Ln | Function::Log2 if point.bits() == ONE => Some(Ok(in_order(0))),
        Function::Pow if point.y == 0 || point.bits() == ONE => Some(Ok(ONE)),
        Function::Pow if point.x == 0 && point.y > 0 => Some(Ok(0)),
        Function::Pow if point.x == 0 => Some(Err(MathError::DivisionByZero)),
        _ => None,
    }
}

/// A number cut into its integer part and what is known of its fraction.
struct Floor {
    negative: bool,
    /// The magnitude's integer part; `None` above 128 bits.
    whole: Option<u128>,
    /// Whether the fraction is above one half.
    upper_half: bool,
    closeness: u32,
}

impl Floor {
    fn of(value: &BigFloat) -> Self {
        let (words, _, sign, exponent, _) = value.as_raw_parts().expect("a finite value");
        let length = 64 * words.len() as i64;
        let point = length - i64::from(exponent);
        let bit = |index: i64| (0..length).contains(&index) && words[(index / 64) as usize] >> (index % 64) & 1 == 1;
        let fits = exponent <= 128;
        let whole = fits.then(|| (0..128).filter(|&i| bit(point + i)).fold(0, |sum, i| sum | 1_u128 << i));
        let upper_half = bit(point - 1);
        let run = (1..=point.max(1)).take_while(|&i| bit(point - i) == upper_half).count();
        Self {
            negative: sign == Sign::Neg,
            whole,
            upper_half,
            closeness: run as u32,
        }
    }

    /// The floor as sign and magnitude.
    fn floor(&self) -> Option<(bool, u128)> {
        self.whole
            .and_then(|whole| Some((self.negative, if self.negative { whole.checked_add(1)? } else { whole })))
    }

    /// The nearest integer as sign and magnitude.
    fn nearest(&self) -> Option<(bool, u128)> {
        self.whole.and_then(|whole| {
            Some((
                self.negative && self.closeness > 0,
                whole.checked_add(self.upper_half.into())?,
            ))
        })
    }
}
