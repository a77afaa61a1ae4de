//! All that can be wrong with files of a ceremony, with a stable word for programs and what to do about it.

use crate::{
    cards::CardFault,
    document::DocumentFault,
    plan::{AssemblyFault, PlanFault},
    signatures::SignatureFault,
};
use thiserror::Error;

/// What is wrong with a file of a ceremony.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum GenesisError {
    /// A document or a chain spec.
    #[error(transparent)]
    Document(#[from] DocumentFault),
    /// A plan.
    #[error(transparent)]
    Plan(#[from] PlanFault),
    /// A card, or a file of session keys.
    #[error(transparent)]
    Card(#[from] CardFault),
    /// A plan and cards that do not fit together.
    #[error(transparent)]
    Assembly(#[from] AssemblyFault),
    /// Signatures.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

impl GenesisError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Document(DocumentFault::DevelopmentKey { .. })
            | Self::Assembly(AssemblyFault::Document(DocumentFault::DevelopmentKey { .. })) => "development_key",
            Self::Document(_) => "genesis_bad_document",
            Self::Plan(_) => "genesis_bad_plan",
            Self::Card(_) => "genesis_bad_card",
            Self::Assembly(_) => "genesis_not_assembled",
            Self::Signature(fault) => fault.code(),
        }
    }

    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Document(DocumentFault::DevelopmentKey { .. })
            | Self::Assembly(AssemblyFault::Document(DocumentFault::DevelopmentKey { .. })) => {
                "make a key of your own in its place; for a network to try out, the plan has type = \"Local\""
            }
            Self::Document(DocumentFault::Neither | DocumentFault::OtherFormat(_) | DocumentFault::RawSpec) => {
                "give genesis.json of qc genesis assemble, or the chain spec of qc genesis spec"
            }
            Self::Document(_) => {
                "do not edit a document or a spec by hand: change the plan and assemble it again, or ask for the file again"
            }
            Self::Plan(_) => "correct the plan; qc genesis plan prints one with a word on every entry",
            Self::Card(_) => "ask its owner for a new one: qc genesis founder, or qc genesis validator",
            Self::Assembly(AssemblyFault::NotInPlan { .. }) => "leave the card out, or name its owner in the plan",
            Self::Assembly(AssemblyFault::CardTwice { .. }) => {
                "give one of them: ask the owner, by another way, which key id is the right one"
            }
            Self::Assembly(AssemblyFault::NoCard { .. }) => "ask for the card, or take the name out of the plan",
            Self::Assembly(_) => "correct the plan",
            Self::Signature(fault) => fault.hint(),
        }
    }
}
