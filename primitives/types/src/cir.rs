//! Critical incident responses: what can be halted.

use crate::ShardId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The code of a critical incident response.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq, PartialOrd, TypeInfo,
)]
pub enum CirCode {
    /// 302: local dissonance.
    LocalDissonance,
    /// 412: a ψ anomaly, a sync breach, or tampering.
    FieldAnomaly,
    /// 511: a conservation law is broken, or the chain itself is in doubt.
    ChainHalt,
}

impl CirCode {
    /// The number that people know it by.
    pub const fn number(self) -> u16 {
        match self {
            Self::LocalDissonance => 302,
            Self::FieldAnomaly => 412,
            Self::ChainHalt => 511,
        }
    }
}

/// The part that is sick, the smallest that will do.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq, PartialOrd, TypeInfo,
)]
pub enum Scope<AccountId> {
    /// One account.
    Account(AccountId),
    /// One shard, with every account whose home it is.
    Shard(ShardId),
    /// The whole chain.
    Chain,
}
