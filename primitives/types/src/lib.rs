//! Ids, newtypes and records that cross a border between two parts of Quantum Currency.
//!
//! Nothing here knows a chain, a pallet or storage: the runtime, the node, the client and the tests share these words.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

mod accounts;
mod capabilities;
mod cir;
mod founders;
mod shard;
mod token;

pub use accounts::{protocol_account, protocol_account_of_shard, ASSETS_OWNER_ID, COMMONS_ID, TREASURY_ID};
pub use capabilities::Capabilities;
pub use cir::{CirCode, Scope};
pub use founders::{check_founders, is_name, FoundersFault, FOUNDERS_MAX, FOUNDERS_MIN, FOUNDER_NAME_BYTES_MAX};
pub use shard::{Home, ShardId, SHARDS_MAX, SHARDS_MIN};
pub use token::{AssetId, Balance, TokenId, DECIMALS, PLANCKS_PER_WHOLE};

/// Number of an epoch, the protocol's tick; epoch = session, the first one is 0.
pub type EpochIndex = u32;

/// SS58 address prefix of every Quantum Currency network: 1618, φ to three places; free in the public registry of 2026-11.
pub const SS58_PREFIX: u16 = 1618;
