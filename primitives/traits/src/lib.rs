//! The seams between pallets, one file each, each with a `()` implementation.
//!
//! The one who asks owns the question: a pallet names the trait it needs, the runtime says who answers. No pallet leans on
//! another one.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

mod attunement;
mod burn;
mod commons;
mod conduct;
mod debit;
mod delegations;
mod dissonance;
mod epoch;
mod field;
mod guard;
mod halt;
mod incident;
mod keys;
mod sync;
mod validators;

pub use attunement::AttunementInspect;
pub use burn::TokenBurn;
pub use commons::CommonsMutate;
pub use conduct::{Conduct, DutyInspect, Misconduct, SlotFacts, SlotSpan};
pub use debit::DebitGate;
pub use delegations::Delegations;
pub use dissonance::Dissonance;
pub use epoch::{EpochInspect, OnEpochEnd};
pub use field::{FieldInspect, ShardFacts, ShardFactsInspect, TopologyInspect};
pub use guard::ProtocolGuard;
pub use halt::HaltGate;
pub use incident::{IncidentCause, RaiseIncident};
pub use keys::{possession_payload, rotation_payload, KeyInfo, KeyInspect};
pub use sync::{ReportedEpochInspect, SyncInspect};
pub use validators::{DisableValidator, NoteDuty};
