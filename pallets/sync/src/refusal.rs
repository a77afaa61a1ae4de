//! Why a report is not a valid transaction.

use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

/// Custom codes of invalid transactions: what a node's "Custom error: N" means.
pub mod code {
    /// The epoch has not closed, or its boundary block has no hash yet.
    pub const REPORT_EARLY: u8 = 71;
    /// A later epoch has closed since.
    pub const REPORT_LATE: u8 = 72;
    /// It was made with another version of the mathematics than the runtime's.
    pub const VERSION_FOREIGN: u8 = 73;
    /// The boundary block is not this chain's: a report for another fork.
    pub const BOUNDARY_FOREIGN: u8 = 74;
    /// The key ledger has no key of that id.
    pub const REPORT_KEY_UNKNOWN: u8 = 75;
    /// The key was revoked or rotated out.
    pub const REPORT_KEY_ENDED: u8 = 76;
    /// The key has no SEAL.
    pub const SEAL_MISSING: u8 = 77;
    /// The key's owner is not a validator of the running set.
    pub const NOT_VALIDATOR: u8 = 78;
    /// It is not about exactly the reporter's home shard and its neighbours, ascending.
    pub const SHARDS_FOREIGN: u8 = 79;
    /// The reporter's reports on this epoch void each other already.
    pub const REPORT_VOID: u8 = 80;
}

/// Why a report is refused, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// [`code::REPORT_EARLY`].
    Early,
    /// [`code::REPORT_LATE`].
    Late,
    /// [`code::VERSION_FOREIGN`].
    VersionForeign,
    /// [`code::BOUNDARY_FOREIGN`].
    BoundaryForeign,
    /// [`code::REPORT_KEY_UNKNOWN`].
    KeyUnknown,
    /// [`code::REPORT_KEY_ENDED`].
    KeyEnded,
    /// [`code::SEAL_MISSING`].
    SealMissing,
    /// [`code::NOT_VALIDATOR`].
    NotValidator,
    /// The validator has reported exactly this: [`InvalidTransaction::Stale`].
    AlreadyReported,
    /// [`code::REPORT_VOID`].
    AlreadyVoid,
    /// [`code::SHARDS_FOREIGN`].
    ShardsForeign,
    /// The signature is not the key's over this report, on this chain and for this purpose: [`InvalidTransaction::BadProof`].
    Unsigned,
}

impl From<Refusal> for InvalidTransaction {
    fn from(refusal: Refusal) -> Self {
        Self::Custom(match refusal {
            Refusal::Early => code::REPORT_EARLY,
            Refusal::Late => code::REPORT_LATE,
            Refusal::VersionForeign => code::VERSION_FOREIGN,
            Refusal::BoundaryForeign => code::BOUNDARY_FOREIGN,
            Refusal::KeyUnknown => code::REPORT_KEY_UNKNOWN,
            Refusal::KeyEnded => code::REPORT_KEY_ENDED,
            Refusal::SealMissing => code::SEAL_MISSING,
            Refusal::NotValidator => code::NOT_VALIDATOR,
            Refusal::ShardsForeign => code::SHARDS_FOREIGN,
            Refusal::AlreadyVoid => code::REPORT_VOID,
            Refusal::AlreadyReported => return Self::Stale,
            Refusal::Unsigned => return Self::BadProof,
        })
    }
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(refusal.into())
    }
}
