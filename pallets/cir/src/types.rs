//! What is recorded of an incident and of a founder. Nothing here knows a `Config`.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use qc_pqc::PublicKey;
use qc_traits::IncidentCause;
use qc_types::{CirCode, EpochIndex, Scope, FOUNDER_NAME_BYTES_MAX};
use scale_info::TypeInfo;

/// The most incidents that are open at a time.
pub const OPEN_MAX: u32 = 64;

/// How many closed incidents are kept.
pub const CLOSED_MAX: u64 = 256;

/// The most incidents that one page of history has.
pub const PAGE_INCIDENTS_MAX: u32 = 64;

/// Why an incident is over.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum EndReason {
    /// Nobody raised it again for as many epochs as it takes.
    Quiet,
    /// Too many were open, and a graver one took its place.
    Displaced,
}

/// How an incident ended.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct IncidentEnd {
    /// The epoch in which it was closed.
    pub epoch: EpochIndex,
    /// Why.
    pub reason: EndReason,
}

/// One incident.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct IncidentRecord<AccountId, BlockNumber> {
    /// Its number, from 0 on.
    pub number: u64,
    /// Its code.
    pub code: CirCode,
    /// What is sick.
    pub scope: Scope<AccountId>,
    /// Why it was raised.
    pub cause: IncidentCause,
    /// The block in which it was raised first.
    pub block: BlockNumber,
    /// The epoch in which it was raised first.
    pub epoch: EpochIndex,
    /// The epoch in which it was raised last.
    pub last_epoch: EpochIndex,
    /// How often it was raised.
    pub times: u32,
    /// How it ended; `None` while it is open.
    pub ended: Option<IncidentEnd>,
}

impl<AccountId, BlockNumber> IncidentRecord<AccountId, BlockNumber> {
    /// How many it concerns: the chain before a shard before an account; then by the code.
    pub fn gravity(&self) -> (u8, CirCode) {
        gravity(&self.scope, self.code)
    }
}

/// A founder.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct FounderRecord {
    /// The name, UTF-8.
    pub name: BoundedVec<u8, ConstU32<FOUNDER_NAME_BYTES_MAX>>,
    /// With which this founder signs.
    pub key: PublicKey,
}

/// All founders.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Founders {
    /// How many of them must agree.
    pub threshold: u32,
    /// They, in the order of the genesis.
    pub members: Vec<FounderRecord>,
}

/// How grave an incident of a scope and a code is.
pub(crate) fn gravity<AccountId>(scope: &Scope<AccountId>, code: CirCode) -> (u8, CirCode) {
    let breadth = match scope {
        Scope::Account(_) => 0,
        Scope::Shard(_) => 1,
        Scope::Chain => 2,
    };
    (breadth, code)
}
