//! What the oracle test and the proof run share: the functions by name, an arbitrary-precision oracle and points to try.
#![allow(dead_code, reason = "each user takes the part it needs")]

pub mod functions;
pub mod oracle;
pub mod points;
