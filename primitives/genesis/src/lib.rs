#![doc = include_str!("../README.md")]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

mod address;
mod error;
mod ownership;

pub mod amount;
pub mod canonical;
pub mod cards;
pub mod config;
pub mod development;
pub mod document;
pub mod json;
pub mod plan;
pub mod signatures;
pub mod summary;

pub use address::{Account, AddressFault, GENESIS_PREFIX};
pub use canonical::GenesisHash;
pub use document::{Document, Source, Spec};
pub use error::GenesisError;
pub use ownership::{is_owned, PROOF_BYTES};
pub use plan::Plan;
pub use summary::Summary;
