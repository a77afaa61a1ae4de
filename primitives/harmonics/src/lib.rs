//! The protocol's pure mathematics: plain structs in, plain structs out; no storage, no FRAME. Every law's checker that needs
//! no state lives here.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::float_arithmetic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions
)]

extern crate alloc;

pub mod economy;
