//! What is stored and shown. Nothing here knows storage.

use crate::Config;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
    traits::{ConstU32, Get},
    BoundedVec,
};
use qc_harmonics::sync::{Breach, Report};
use qc_types::{EpochIndex, ShardId, SHARDS_MAX};
use scale_info::TypeInfo;

/// The most edges of a field graph: 50 shards of degree 10.
pub const EDGES_MAX: u32 = 250;

/// How many outcomes are kept.
pub const HISTORY_EPOCHS: EpochIndex = 128;

/// The most outcomes that one page of history has.
pub const PAGE_OUTCOMES_MAX: u32 = 32;

/// The longest window of strikes, epochs: the bound of the symbol `strike_window_epochs`.
pub const STRIKE_WINDOW_MAX: u32 = 32;

/// A value for each shard.
pub type PerShard<V> = BoundedVec<V, ConstU32<50>>;

// The same number in the two types that it is wanted in.
const _: () = assert!(SHARDS_MAX == 50, "PerShard has a value for each shard");

/// The most strikes that count at a time: one a validator and epoch of the longest window.
pub struct StrikesBound<T>(PhantomData<T>);

impl<T: Config> Get<u32> for StrikesBound<T> {
    fn get() -> u32 {
        // argued: a bound; as many validators as would overflow it there cannot be
        T::MaxValidators::get().saturating_mul(STRIKE_WINDOW_MAX)
    }
}

/// The boundary block of an epoch: the first block after it, in which the epoch is closed.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Boundary<BlockNumber> {
    /// The epoch.
    pub epoch: EpochIndex,
    /// Number of the boundary block.
    pub number: BlockNumber,
    /// What is known from the block after it on.
    pub seen: Option<BoundaryFacts>,
}

/// What a boundary block left behind.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BoundaryFacts {
    /// The block's hash.
    pub hash: [u8; 32],
    /// blake2-256 of the code in the block's state.
    pub code_hash: [u8; 32],
}

/// What a validator handed in about one epoch.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum Filing {
    /// One report.
    Reported(Report),
    /// Two different ones, which void each other.
    Void,
}

/// A strike that counts.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Strike<AccountId> {
    /// Whose.
    pub validator: AccountId,
    /// The epoch reported on.
    pub epoch: EpochIndex,
}

/// What the reports on an epoch came to.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Outcome {
    /// The epoch reported on.
    pub epoch: EpochIndex,
    /// How many validators the set had.
    pub validators: u32,
    /// How many reports counted.
    pub came: u32,
    /// How many validators' reports void each other.
    pub void: u32,
    /// Ψ*, units of 10⁻¹⁸; `None` unless more than ⅔ of the set reported.
    pub consensus: Option<u128>,
    /// The lowest and the highest reported Ĉ, ⌊n/3⌋ taken off each end, units of 10⁻¹⁸; `None` where there is no Ψ*.
    pub trimmed: Option<(u128, u128)>,
    /// The chain's own Ĉ, units of 10⁻¹⁸.
    pub own: Option<u128>,
    /// How many validators deviated.
    pub deviating: u32,
    /// How many got a strike.
    pub struck: u32,
    /// How many reported a ψ or a code that is not the chain's, and were punished for it.
    pub tampered: u32,
    /// More than ⅓ of the set deviated.
    pub breach: Option<Breach>,
    /// The shards concerned by too wide a spread.
    pub spread_shards: PerShard<ShardId>,
    /// The lower median of the reported Ĉ in each shard, for the record only, units of 10⁻¹⁸.
    pub shard_medians: PerShard<Option<u128>>,
}

/// Whether a validator has reported.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum ReportStatus {
    /// It is not in the running set: nothing is due of it.
    NotDue,
    /// Not yet.
    Missing,
    /// It has.
    Reported,
    /// It has, twice and differently.
    Void,
}

/// What is due now.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DueReports<AccountId, BlockNumber> {
    /// The epoch to report on.
    pub epoch: EpochIndex,
    /// Number of its boundary block.
    pub boundary_number: BlockNumber,
    /// Its hash; `None` in the state of the boundary block itself, which cannot know it.
    pub boundary_hash: Option<[u8; 32]>,
    /// The version of the mathematics that a report has to be made with.
    pub harmonics_version: u16,
    /// Every validator of the running set, and whether it has reported.
    pub validators: Vec<(AccountId, ReportStatus)>,
}
