//! What a validator's node reports.

use alloc::vec::Vec;
use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::{fmt, mem::size_of};
use scale_info::TypeInfo;

/// The most shards that a report is about: its own and at most ten neighbours.
pub const REPORTED_SHARDS_MAX: usize = 11;

/// Bytes of one (shard, ψ) pair.
const PAIR_BYTES: usize = 17;

/// ψ of some shards as (shard, ψ) pairs, at most [`REPORTED_SHARDS_MAX`]. In SCALE as `Vec<(u8, u128)>`; more pairs than that
/// do not decode.
#[derive(Clone, Debug, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct Densities(Vec<(u8, u128)>);

/// More pairs than [`REPORTED_SHARDS_MAX`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooManyShards(
    /// How many there were.
    pub usize,
);

impl fmt::Display for TooManyShards {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(
            formatter,
            "{} shards, but a report has at most {REPORTED_SHARDS_MAX}",
            self.0
        )
    }
}

impl core::error::Error for TooManyShards {}

impl Densities {
    /// The ψ of shards, in the order given.
    pub fn new(pairs: Vec<(u8, u128)>) -> Result<Self, TooManyShards> {
        if pairs.len() > REPORTED_SHARDS_MAX {
            return Err(TooManyShards(pairs.len()));
        }
        Ok(Self(pairs))
    }

    /// All pairs, in their order.
    pub fn pairs(&self) -> &[(u8, u128)] {
        &self.0
    }

    /// The ψ that is reported of a shard.
    pub fn of(&self, shard: u8) -> Option<u128> {
        self.0.iter().find(|(one, _)| *one == shard).map(|(_, psi)| *psi)
    }

    /// Whether it is about exactly these shards, in this order.
    pub fn is_about(&self, shards: &[u8]) -> bool {
        self.0.iter().map(|(shard, _)| shard).eq(shards)
    }
}

impl Decode for Densities {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let Compact(length) = Compact::<u32>::decode(input)?;
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= REPORTED_SHARDS_MAX)
            .ok_or("more shards than a report has")?;
        // At most 11 pairs, so the product is small.
        input.on_before_alloc_mem(length * size_of::<(u8, u128)>())?;
        let mut pairs = Vec::with_capacity(length);
        for _ in 0..length {
            pairs.push(Decode::decode(input)?);
        }
        Ok(Self(pairs))
    }
}

impl DecodeWithMemTracking for Densities {}

impl MaxEncodedLen for Densities {
    fn max_encoded_len() -> usize {
        // The length of up to 63 pairs takes one byte.
        1 + REPORTED_SHARDS_MAX * PAIR_BYTES
    }
}

/// A report on one closed epoch, recomputed by a node from the inputs in the state of the epoch's boundary block.
///
/// What is signed (purpose `Report`) is the genesis hash and then the SCALE encoding of this.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Report {
    /// [`HARMONICS_VERSION`](super::HARMONICS_VERSION) that it was made with.
    pub version: u16,
    /// The epoch.
    pub epoch: u32,
    /// Ĉ, units of 10⁻¹⁸. A sane one is in [0, 1]; a liar's may be anything.
    pub coherence: u128,
    /// ψ of the reporter's home shard and of its neighbours, by ascending shard, units of 10⁻¹⁸.
    pub densities: Densities,
    /// Hash of the epoch's boundary block: the first block after the epoch.
    pub boundary: [u8; 32],
    /// blake2-256 of the code in the state of the boundary block.
    pub code_hash: [u8; 32],
}

impl Report {
    /// The bytes that are signed, without the genesis hash that goes before them.
    pub fn payload(&self) -> Vec<u8> {
        self.encode()
    }
}

/// The shards that a validator at home in `shard` reports on: its own and those joined to it by an edge, ascending, each once.
///
/// * `edges`: pairs of shards, in any order.
pub fn closed_neighbourhood(shard: u8, edges: &[(u8, u8)]) -> Vec<u8> {
    let mut shards: Vec<u8> = edges
        .iter()
        .filter_map(|(low, high)| match (*low == shard, *high == shard) {
            (true, _) => Some(*high),
            (_, true) => Some(*low),
            _ => None,
        })
        .chain([shard])
        .collect();
    shards.sort_unstable();
    shards.dedup();
    shards
}
