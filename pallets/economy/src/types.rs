//! Records of the economy. Knows no `Config`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_types::{Balance, EpochIndex, Home, ShardId};
use scale_info::TypeInfo;

/// A move of home under way.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PendingMoveRecord {
    /// The shard it is to be.
    pub to: ShardId,
    /// The epoch at whose end it takes effect.
    pub effective: EpochIndex,
}

/// What a vertex of the field graph holds.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct HomeTotals {
    /// The vertex.
    pub home: Home,
    /// FLX in plancks.
    pub flx: Balance,
    /// CHR in plancks; the ground holds none.
    pub chr: Balance,
}
