//! The protocol's pure mathematics: plain structs in, plain structs out; no storage, no FRAME. Every law's checker that needs
//! no state lives here.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::as_conversions, clippy::disallowed_methods, clippy::disallowed_types)]
#![deny(clippy::expect_used, clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub mod attunement;
pub mod economy;
pub mod field;
pub mod symbols;
pub mod sync;
