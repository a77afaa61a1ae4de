//! What nodes, wallets and the terminal may ask of the field without a transaction.

use crate::types::{FieldView, HistoryRecord, TopologyView};
use alloc::vec::Vec;
use qc_types::EpochIndex;

sp_api::decl_runtime_apis! {
    /// The field graph, the field of the epoch that closed last, and history.
    pub trait FieldApi {
        /// The graph with its cycle basis.
        fn topology() -> Option<TopologyView>;

        /// Everything of the epoch that closed last: raw inputs, ψ, gradients, flows, flux, alignment, curls.
        fn last_closed() -> FieldView;

        /// ψ and alignment of up to `count` epochs from `from` on, ascending, at most 50; the last 100 are kept.
        fn history(from: EpochIndex, count: u32) -> Vec<HistoryRecord>;
    }
}
