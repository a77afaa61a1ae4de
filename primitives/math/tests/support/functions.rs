//! The eight functions behind one signature.

use qc_math::{exp, exp2, ln, log2, phi_series, pow, sqrt, tanh, MathError};

/// One of the certified functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Sqrt,
    Ln,
    Log2,
    Exp,
    Exp2,
    Pow,
    PhiSeries,
    Tanh,
}

/// All of them.
pub const ALL: [Function; 8] = [
    Function::Sqrt,
    Function::Ln,
    Function::Log2,
    Function::Exp,
    Function::Exp2,
    Function::Pow,
    Function::PhiSeries,
    Function::Tanh,
];

/// Arguments: the argument, and the exponent of pow (0 elsewhere). Unsigned functions read `x` as the bits of a `u128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub x: i128,
    pub y: i128,
}

impl Point {
    pub fn unsigned(x: u128) -> Self {
        Self { x: x as i128, y: 0 }
    }

    pub fn signed(x: i128) -> Self {
        Self { x, y: 0 }
    }

    pub fn pow(base: u128, y: i128) -> Self {
        Self { x: base as i128, y }
    }

    /// The argument of an unsigned function.
    pub fn bits(self) -> u128 {
        self.x as u128
    }
}

impl Function {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqrt => "sqrt",
            Self::Ln => "ln",
            Self::Log2 => "log2",
            Self::Exp => "exp",
            Self::Exp2 => "exp2",
            Self::Pow => "pow",
            Self::PhiSeries => "phi_series",
            Self::Tanh => "tanh",
        }
    }

    pub fn has_signed_argument(self) -> bool {
        matches!(self, Self::Exp | Self::Exp2 | Self::Tanh)
    }

    pub fn has_signed_result(self) -> bool {
        matches!(self, Self::Ln | Self::Log2 | Self::Tanh)
    }

    /// The result, mapped to a `u128` in the order of the function's values (signed results with the sign bit turned).
    pub fn call(self, point: Point) -> Result<u128, MathError> {
        match self {
            Self::Sqrt => sqrt(point.bits()),
            Self::Ln => ln(point.bits()).map(in_order),
            Self::Log2 => log2(point.bits()).map(in_order),
            Self::Exp => exp(point.x),
            Self::Exp2 => exp2(point.x),
            Self::Pow => pow(point.bits(), point.y),
            Self::PhiSeries => phi_series(point.bits()),
            Self::Tanh => tanh(point.x).map(in_order),
        }
    }
}

/// A signed number as an unsigned one of the same rank.
pub fn in_order(signed: i128) -> u128 {
    (signed as u128) ^ (1 << 127)
}
