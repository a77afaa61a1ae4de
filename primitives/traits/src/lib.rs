//! The seams between pallets, one file each, each with a `()` implementation.
//!
//! The one who asks owns the question: a pallet names the trait it needs, the runtime says who answers. No pallet leans on
//! another one.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

mod attunement;
mod commons;
mod debit;
mod delegations;
mod epoch;
mod halt;
mod keys;

pub use attunement::AttunementInspect;
pub use commons::CommonsMutate;
pub use debit::DebitGate;
pub use delegations::Delegations;
pub use epoch::{EpochInspect, OnEpochEnd};
pub use halt::HaltGate;
pub use keys::{possession_payload, rotation_payload, KeyInfo, KeyInspect};
