#![doc = include_str!("../README.md")]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

pub mod development;
