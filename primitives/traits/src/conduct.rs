//! What validators have done, and what follows from it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a validator did wrong.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum Misconduct {
    /// Three strikes of ΨSync in ten epochs: blacklisted.
    SyncStrikes,
    /// Reported a ψ or a code that is not the chain's: slashed and blacklisted.
    Tampering,
    /// Signed two votes in one round of finality: slashed and blacklisted.
    Equivocation,
}

/// Punishes validators.
///
/// `()` does nothing.
pub trait Conduct<AccountId> {
    /// Does what the misconduct calls for. Never fails half way; nobody is touched who neither validates, nor is a candidate, nor
    /// has something unbonding.
    fn punish(who: &AccountId, misconduct: Misconduct);
}

impl<AccountId> Conduct<AccountId> for () {
    fn punish(_: &AccountId, _: Misconduct) {}
}

/// The slots between the parent of the running block and the running block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SlotSpan {
    /// The slot after the parent's.
    pub first: u64,
    /// The running block's own slot, at least `first`.
    pub last: u64,
}

/// Whose slots have passed. Asked once a block, before the session rotates.
///
/// `()` knows no slot.
pub trait SlotFacts {
    /// The slots that have passed since the parent; `None` in the first block, whose parent has none. Slot s belongs to the
    /// validator of index s modulo the number of the parent's validators.
    fn passed() -> Option<SlotSpan>;
}

impl SlotFacts for () {
    fn passed() -> Option<SlotSpan> {
        None
    }
}

/// Features that are not the attunement's own to count, as of the epoch that ends. Units of 10⁻¹⁸, range [0, 1]; `None` where
/// nothing was due.
///
/// `()` has none due.
pub trait DutyInspect<AccountId> {
    /// f1 of a validator: checkpoints sealed of those due.
    fn seals(validator: &AccountId) -> Option<u128>;

    /// A participant's packets accepted of those sent.
    fn packets(participant: &AccountId) -> Option<u128>;

    /// A participant's votes cast of those due.
    fn votes(participant: &AccountId) -> Option<u128>;
}

impl<AccountId> DutyInspect<AccountId> for () {
    fn seals(_: &AccountId) -> Option<u128> {
        None
    }

    fn packets(_: &AccountId) -> Option<u128> {
        None
    }

    fn votes(_: &AccountId) -> Option<u128> {
        None
    }
}
