//! What nodes, wallets and the terminal may ask of ΨSync without a transaction.

// The macro repeats the bound of the trait on each of its methods.
#![allow(clippy::multiple_bound_locations)]

use crate::types::{DueReports, Outcome, ReportStatus};
use alloc::vec::Vec;
use codec::Codec;
use qc_types::{EpochIndex, ShardId};

sp_api::decl_runtime_apis! {
    /// Reports, and what they come to.
    pub trait SyncApi<AccountId: Codec, BlockNumber: Codec> {
        /// The version of the mathematics that a report has to be made with. A node that does not have it reports nothing.
        fn harmonics_version() -> u16;

        /// What is due now; `None` before the first epoch closed.
        fn due() -> Option<DueReports<AccountId, BlockNumber>>;

        /// Whether a validator has reported on the epoch that closed last.
        fn status(validator: AccountId) -> ReportStatus;

        /// The shards that a validator reports on, ascending; empty if it is at home in no shard.
        fn shards_due(validator: AccountId) -> Vec<ShardId>;

        /// The epochs of a validator's strikes that still count, ascending.
        fn strikes(validator: AccountId) -> Vec<EpochIndex>;

        /// f2 of every validator as of the sync that closed last, units of 10⁻¹⁸; empty where nothing was due.
        fn conformities() -> Vec<(AccountId, u128)>;

        /// ĝ of every edge as of the sync that closed last, units of 10⁻¹⁸, aligned with the edges of the topology; `None` where
        /// too few observed. Empty where none was due.
        fn observed_gradients() -> Vec<Option<i128>>;

        /// What the sync that closed last came to; `None` where none was due in the epoch that ended last.
        fn last_outcome() -> Option<Outcome>;

        /// Outcomes by the epoch reported on, ascending: of `count` epochs from `from` on, at most 32; the last 128 are kept.
        fn history(from: EpochIndex, count: u32) -> Vec<Outcome>;
    }
}
