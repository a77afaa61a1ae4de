//! Why a value has no answer.

use core::fmt;

/// The one error type of the crate. Its variant names appear in the golden vectors as `!Name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MathError {
    /// The exact value is above (or, signed, below) what the result type can hold.
    Overflow,
    /// A quotient by zero, or zero raised to a negative power.
    DivisionByZero,
    /// A logarithm of zero.
    LogOfZero,
    /// An argument of [`phi_series`](crate::phi_series) above one, where the series diverges.
    AboveOne,
    /// The median of no values.
    EmptySet,
    /// Both named working precisions leave the exact value's floor open. No input is known that does.
    Undecided,
}

impl fmt::Display for MathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Overflow => "the exact value does not fit the result type",
            Self::DivisionByZero => "division by zero",
            Self::LogOfZero => "logarithm of zero",
            Self::AboveOne => "the argument is above one",
            Self::EmptySet => "the median of no values",
            Self::Undecided => "the working precision cannot tell the floor",
        })
    }
}

impl core::error::Error for MathError {}
