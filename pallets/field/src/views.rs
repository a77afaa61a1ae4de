//! What others and the runtime API are shown.

use crate::{
    types::{FieldView, HistoryRecord, TopologyView, HISTORY_EPOCHS, PAGE_EPOCHS_MAX},
    Config, Curls, Fields, Histories, Inputs, Pallet, Topology,
};
use alloc::vec::Vec;
use qc_traits::{FieldInspect, TopologyInspect};
use qc_types::{EpochIndex, ShardId};

impl<T: Config> Pallet<T> {
    /// The field graph; `None` before the genesis is built.
    pub fn topology_view() -> Option<TopologyView> {
        Topology::<T>::get().as_ref().map(TopologyView::from)
    }

    /// Everything of the epoch that closed last.
    pub fn field_view() -> FieldView {
        FieldView {
            inputs: Inputs::<T>::get(),
            fields: Fields::<T>::get(),
            curls: Curls::<T>::get(),
        }
    }

    /// ψ and alignment of up to `count` epochs from `from` on, ascending, at most [`PAGE_EPOCHS_MAX`] of those that are
    /// kept. An epoch that could not be closed is left out.
    pub fn history_page(from: EpochIndex, count: u32) -> Vec<HistoryRecord> {
        // argued: an end beyond the last epoch there can be is an end at it
        let end = from.saturating_add(count.min(PAGE_EPOCHS_MAX));
        (from..end)
            .filter_map(|epoch| {
                let slot = epoch.checked_rem(HISTORY_EPOCHS)?;
                Histories::<T>::get(slot).filter(|record| record.epoch == epoch)
            })
            .collect()
    }
}

impl<T: Config> TopologyInspect for Pallet<T> {
    fn shard_count() -> u8 {
        Topology::<T>::get().map_or(0, |topology| topology.shards())
    }

    fn edges() -> Vec<(ShardId, ShardId)> {
        Self::topology_view().map_or_else(Vec::new, |topology| topology.edges)
    }
}

impl<T: Config> FieldInspect for Pallet<T> {
    fn densities(epoch: EpochIndex) -> Option<Vec<u128>> {
        let fields = Fields::<T>::get().filter(|fields| fields.epoch == epoch)?;
        Some(fields.densities.into_inner())
    }
}
