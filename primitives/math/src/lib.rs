//! Certified fixed-point mathematics.
//!
//! Functions over 18-decimal fixed point as raw integers in units of 10^-18: `u128` for `Fixed` (what
//! `FixedU128::into_inner` gives) and `i128` for `SignedFixed`. Three laws hold for every one of them:
//!
//! * **MATH-1** the result is the floor of the exact real value, in units of 10^-18, or a typed [`MathError`];
//! * **MATH-2** it is monotone over adjacent inputs wherever the exact function is;
//! * **MATH-3** it has the same bits natively, in Wasm and in the independent implementations in `independent/`.
//!
//! How: each transcendental value is computed with a proven error bound at 192 fractional bits, and again at 320 if the
//! interval straddles a grid point; values that lie on the grid are recognised beforehand and decided exactly. There is no
//! floating point, no wrapping or saturating arithmetic, no panic on any input, and every loop has a fixed bound. The
//! chapter `docs/protocol/mathematics.md` has the algorithms and the error analysis.
//!
//! ```
//! use qc_math::{pow, ONE};
//! // 2.25^0.5 = 1.5, decided exactly.
//! assert_eq!(pow(9 * ONE / 4, 500_000_000_000_000_000), Ok(3 * ONE / 2));
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::disallowed_methods,
        clippy::disallowed_types,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod certify;
mod error;
mod exponential;
mod kernels;
mod logarithm;
mod median;
mod power;
#[cfg(feature = "probe")]
pub mod probe;
mod ratio;
mod root;
mod tables;
mod tangent;
mod working;

pub use error::MathError;
pub use exponential::{exp, exp2};
pub use logarithm::{ln, log2};
pub use median::lower_median;
pub use power::pow;
pub use ratio::{
    div_ceil, div_floor, mul_ceil, mul_div_ceil, mul_div_floor, mul_floor, signed_mul_div_ceil, signed_mul_div_floor,
};
pub use root::sqrt;
pub use tangent::{phi_series, tanh};

/// One, in units of 10^-18.
pub const ONE: u128 = 1_000_000_000_000_000_000;

/// [`ONE`] as the factor and divisor of working numbers.
const SCALE: u64 = 1_000_000_000_000_000_000;
