//! The field as the chain tells it: the graph and ψ, the attunement of validators, ΨSync, incidents. Records are read through the
//! metadata by the names of their fields, and looked at before they are believed.

mod attunement;
pub mod fixed;
mod graph;
mod incidents;
mod sync;
#[cfg(test)]
mod tests;

pub use attunement::{Blacklisting, Boost, CandidateStatus, Outcome, Symbols, Unbonding, ValidatorView, FEATURES};
#[cfg(test)]
pub use attunement::{Misconduct, Phase, Standing};
pub use graph::{Curls, FieldView, Fields, Inputs, PastField, Topology};
pub use incidents::Incident;
pub use sync::{Breach, DueReports, ReportStatus, SyncOutcome};
