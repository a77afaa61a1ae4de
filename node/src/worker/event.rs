//! What the worker says: in the log, under the target `worker`, and in the metrics.

use super::{native::Mismatch, state::Fault};
use qc_harmonics::sync::Report;
use std::fmt;

/// Something that happened to an epoch's report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// It is in the pool, from where it goes to the network.
    Sent(Report),
    /// It is on the chain.
    Included(u32),
    /// It is not sent now.
    Skipped {
        /// The epoch.
        epoch: u32,
        /// Why not.
        reason: Reason,
    },
    /// The runtime's results are not the native ones, or not there. The native ones are reported.
    Mismatched {
        /// The epoch.
        epoch: u32,
        /// Where.
        mismatch: Box<Mismatch>,
    },
    /// The runtime's results could not be compared with.
    NotCompared {
        /// The epoch.
        epoch: u32,
        /// Why not.
        error: String,
    },
    /// The runtime did not answer what is due.
    Unanswered(String),
}

/// Why no report is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The node has no key.
    NoKey,
    /// The runtime's mathematics are of another version.
    VersionForeign {
        /// The runtime's.
        runtime: u16,
        /// The node's.
        node: u16,
    },
    /// The key ledger does not know the key.
    KeyUnknown,
    /// The key was revoked or rotated out.
    KeyEnded,
    /// The key has no SEAL.
    SealMissing,
    /// The key's account is not in the running set.
    NotInSet,
    /// The chain has this validator's report.
    OnChain,
    /// The chain has two reports of this validator, and both are void.
    Void,
    /// The next epoch closed before a boundary block was final, or before anything was final when it was time to send.
    NotFinal,
    /// The node was catching up with the chain.
    Syncing,
    /// The boundary block that the runtime names is not the one that this node has.
    OtherFork,
    /// Something else about this epoch or a later one was signed from here.
    SignedBefore {
        /// The epoch that was signed.
        epoch: u32,
        /// The file that says so.
        file: String,
    },
    /// The file of what was signed cannot be read or written.
    Journal(String),
    /// There is no native result, or no signature.
    Fault(Fault),
    /// The runtime did not answer.
    Unanswered(String),
    /// The pool refused it.
    Refused(String),
}

impl Reason {
    /// Whether it cannot change before the next epoch closes.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::NoKey | Self::VersionForeign { .. } | Self::SignedBefore { .. }
        )
    }

    /// The reason's label in the metrics.
    pub fn label(&self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::VersionForeign { .. } => "version",
            Self::KeyUnknown => "key_unknown",
            Self::KeyEnded => "key_ended",
            Self::SealMissing => "seal_missing",
            Self::NotInSet => "not_in_set",
            Self::OnChain => "on_chain",
            Self::Void => "void",
            Self::NotFinal => "not_final",
            Self::Syncing => "syncing",
            Self::OtherFork => "other_fork",
            Self::SignedBefore { .. } => "signed_before",
            Self::Journal(_) => "journal",
            Self::Fault(_) => "fault",
            Self::Unanswered(_) => "unanswered",
            Self::Refused(_) => "refused",
        }
    }

    fn level(&self) -> log::Level {
        match self {
            Self::NotInSet | Self::OnChain => log::Level::Info,
            Self::Void | Self::Journal(_) | Self::Fault(_) => log::Level::Error,
            _ => log::Level::Warn,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("this validator has no key to report with; start it with --pqc-key-file"),
            Self::VersionForeign { runtime, node } => write!(
                f,
                "the runtime asks for version {runtime} of the mathematics and this node has version {node}; upgrade it"
            ),
            Self::KeyUnknown => f.write_str("the key ledger does not know the key; register it (qc key register)"),
            Self::KeyEnded => f.write_str("the key was revoked or rotated out"),
            Self::SealMissing => f.write_str("the key may not seal; add SEAL to what it can (qc key capabilities)"),
            Self::NotInSet => f.write_str("the key's account is not in the set of validators"),
            Self::OnChain => f.write_str("the chain has this validator's report"),
            Self::Void => f.write_str(
                "the chain has two different reports of this validator, which void each other: it reports from two machines",
            ),
            Self::NotFinal => f.write_str("finality was late: the next epoch closed before there was a final block to report at"),
            Self::Syncing => f.write_str("this node was catching up with the chain"),
            Self::OtherFork => f.write_str("the runtime names another boundary block than this node has finalised"),
            Self::SignedBefore { epoch, file } => write!(
                f,
                "something else about epoch {epoch} was signed before, says {file}; if the chain was purged, remove that file"
            ),
            Self::Journal(error) => write!(f, "what was signed before is not known: {error}"),
            Self::Fault(fault) => fault.fmt(f),
            Self::Unanswered(error) => write!(f, "the runtime did not answer: {error}"),
            Self::Refused(error) => write!(f, "the pool refused it: {error}"),
        }
    }
}

impl Event {
    /// The epoch whose report it is about.
    pub fn epoch(&self) -> Option<u32> {
        match self {
            Self::Sent(report) => Some(report.epoch),
            Self::Included(epoch)
            | Self::Skipped { epoch, .. }
            | Self::Mismatched { epoch, .. }
            | Self::NotCompared { epoch, .. } => Some(*epoch),
            Self::Unanswered(_) => None,
        }
    }

    /// Writes it to the log.
    pub fn log(&self) {
        match self {
            Self::Sent(report) => {
                let (epoch, coherence) = (report.epoch, Fixed(report.coherence));
                let densities: Vec<_> = report.densities.pairs().iter().map(density).collect();
                log::info!(target: "worker", "epoch {epoch}: reported coherence {coherence}, {}", densities.join(", "));
            }
            Self::Included(epoch) => log::debug!(target: "worker", "epoch {epoch}: the report is on the chain"),
            Self::Skipped { epoch, reason } => {
                log::log!(target: "worker", reason.level(), "epoch {epoch}: not reported: {reason}");
            }
            Self::Mismatched { epoch, mismatch } if mismatch.is_missing() => log::error!(
                target: "worker",
                "epoch {epoch}: the runtime has no result of this epoch: {mismatch}. The node reports its own.",
            ),
            Self::Mismatched { epoch, mismatch } => log::error!(
                target: "worker",
                "epoch {epoch}: the runtime's results are not what this node computes of the same inputs: {mismatch}. The \
                 node reports its own. Look at its disk, its memory and its binary first.",
            ),
            Self::NotCompared { epoch, error } => {
                log::warn!(target: "worker", "epoch {epoch}: the runtime's own results cannot be had: {error}");
            }
            Self::Unanswered(error) => log::warn!(target: "worker", "what is due is not known: {error}"),
        }
    }
}

/// A number of units of 10⁻¹⁸, to the last digit.
struct Fixed(u128);

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ONE: u128 = 1_000_000_000_000_000_000;
        write!(f, "{}.{:018}", self.0 / ONE, self.0 % ONE)
    }
}

fn density((shard, psi): &(u8, u128)) -> String {
    format!("density of shard {shard} {}", Fixed(*psi))
}
