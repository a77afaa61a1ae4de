//! The guest of MATH-3: the certified functions behind an interface of 64-bit integers, as a Wasm module.
//!
//! `tests/vectors.rs` builds this crate for `wasm32v1-none` and runs the golden vectors inside it. On other targets it is
//! an ordinary library, so that the workspace builds.
#![cfg_attr(target_family = "wasm", no_std)]
#![allow(
    unsafe_code,
    reason = "an exported symbol counts as unsafe; there is no unsafe block here"
)]

use core::sync::atomic::{AtomicU64, Ordering};
use qc_math::{exp, exp2, ln, log2, phi_series, pow, sqrt, tanh, MathError};

static RESULT_LOW: AtomicU64 = AtomicU64::new(0);
static RESULT_HIGH: AtomicU64 = AtomicU64::new(0);

/// The code of a result that has a value.
pub const FINE: u32 = 0;

/// The code of a function number that there is not.
pub const UNKNOWN_FUNCTION: u32 = u32::MAX;

/// Calls the function with this number (sqrt, ln, log2, exp, exp2, pow, phi_series, tanh) on the arguments' bits. Returns
/// [`FINE`] and leaves the result's bits to [`result_low`] and [`result_high`], or returns an error's code.
#[no_mangle]
pub extern "C" fn evaluate(function: u32, x_low: u64, x_high: u64, y_low: u64, y_high: u64) -> u32 {
    let (x, y) = (wide(x_low, x_high), wide(y_low, y_high));
    let outcome = match function {
        0 => sqrt(x),
        1 => ln(x).map(bits),
        2 => log2(x).map(bits),
        3 => exp(signed(x)),
        4 => exp2(signed(x)),
        5 => pow(x, signed(y)),
        6 => phi_series(x),
        7 => tanh(signed(x)).map(bits),
        _ => return UNKNOWN_FUNCTION,
    };
    match outcome {
        Ok(value) => {
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value.to_le_bytes();
            RESULT_LOW.store(u64::from_le_bytes([a, b, c, d, e, f, g, h]), Ordering::Relaxed);
            RESULT_HIGH.store(u64::from_le_bytes([i, j, k, l, m, n, o, p]), Ordering::Relaxed);
            FINE
        }
        Err(error) => error_code(error),
    }
}

/// The lower 64 bits of the last result.
#[no_mangle]
pub extern "C" fn result_low() -> u64 {
    RESULT_LOW.load(Ordering::Relaxed)
}

/// The upper 64 bits of the last result.
#[no_mangle]
pub extern "C" fn result_high() -> u64 {
    RESULT_HIGH.load(Ordering::Relaxed)
}

/// A number for each error, none of them [`FINE`].
pub fn error_code(error: MathError) -> u32 {
    match error {
        MathError::Overflow => 1,
        MathError::DivisionByZero => 2,
        MathError::LogOfZero => 3,
        MathError::AboveOne => 4,
        MathError::EmptySet => 5,
        MathError::Undecided => 6,
    }
}

fn wide(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

fn signed(value: u128) -> i128 {
    i128::from_le_bytes(value.to_le_bytes())
}

fn bits(value: i128) -> u128 {
    u128::from_le_bytes(value.to_le_bytes())
}

/// Nothing here panics; a module without `std` has to say what would happen if it did.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
