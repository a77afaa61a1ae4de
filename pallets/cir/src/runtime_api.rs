//! What anybody may ask about incidents without a transaction.

// The macro repeats the bound of the trait on each of its methods.
#![allow(clippy::multiple_bound_locations)]

use crate::types::{Founders, IncidentRecord};
use alloc::vec::Vec;
use codec::Codec;

sp_api::decl_runtime_apis! {
    /// Incidents, open and closed, and the founders.
    pub trait IncidentApi<AccountId: Codec, BlockNumber: Codec> {
        /// The open incidents, by ascending number; at most 64.
        fn open() -> Vec<IncidentRecord<AccountId, BlockNumber>>;

        /// Closed incidents, the one that closed last first: `count` of them, at most 64, after the first `skip`. Fewer where the
        /// history ends; the last 256 are kept.
        fn history(skip: u32, count: u32) -> Vec<IncidentRecord<AccountId, BlockNumber>>;

        /// Who will bring a halted chain back, and how many of them must agree.
        fn founders() -> Founders;
    }
}
