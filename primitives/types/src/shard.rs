//! Shards, the vertices of the field graph.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The fewest shards that a network may have: below three there is no cycle, so nothing to measure curl on.
pub const SHARDS_MIN: u8 = 3;

/// The most shards that a network may have.
pub const SHARDS_MAX: u8 = 50;

/// A shard: a partition of accounts and validators on this one chain, numbered 0…N−1.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    Hash,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    TypeInfo,
)]
#[serde(transparent)]
pub struct ShardId(pub u8);

/// Where what an account holds is counted.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    Hash,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub enum Home {
    /// In a shard.
    Shard(ShardId),
    /// In no shard: the treasury and other protocol accounts, the *ground* vertex that is joined to every shard.
    Ground,
}
