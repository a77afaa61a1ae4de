//! One function per law. They serve `try_state` and the tests.

use crate::{
    types::{InputsRecord, HISTORY_EPOCHS},
    Config, Curls, Fields, Histories, Inputs, Pallet, Topology,
};
use alloc::vec::Vec;
use qc_harmonics::field::{self, FieldFault};

/// A law of this pallet that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LawBreach {
    law: &'static str,
}

impl LawBreach {
    /// Which law, and what about it.
    pub const fn law(&self) -> &'static str {
        self.law
    }
}

fn ensure(holds: bool, law: &'static str) -> Result<(), LawBreach> {
    if holds {
        Ok(())
    } else {
        Err(LawBreach { law })
    }
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet, as far as state shows it.
    pub fn check_laws() -> Result<(), LawBreach> {
        let topology = Self::check_topology()?;
        Self::check_shapes(&topology)?;
        Self::check_flows(&topology)?;
        Self::check_gradients(&topology)?;
        Self::check_anomalies(&topology)?;
        Self::check_outcome(&topology)?;
        Self::check_history()
    }

    /// The graph is there, and what the build makes of its own edges.
    fn check_topology() -> Result<field::Topology, LawBreach> {
        const LAW: &str = "the field graph is checked and its cycle basis canonical";
        let topology = Topology::<T>::get().ok_or(LawBreach { law: LAW })?;
        let built = field::Topology::build(topology.shards(), topology.edges());
        ensure(built.as_ref() == Ok(&topology), LAW)?;
        Ok(topology)
    }

    /// A value for each shard, edge and cycle.
    fn check_shapes(topology: &field::Topology) -> Result<(), LawBreach> {
        const LAW: &str = "a value for each shard, edge and cycle";
        let (shards, edges) = (usize::from(topology.shards()), topology.edges().len());
        if let Some(inputs) = Inputs::<T>::get() {
            ensure(inputs.shards.len() == shards && inputs.flx_before.len() == shards, LAW)?;
        }
        if let Some(fields) = Fields::<T>::get() {
            ensure(
                fields.densities.len() == shards && fields.ground_flows.len() == shards,
                LAW,
            )?;
            let by_edge = [fields.gradients.len(), fields.flows.len(), fields.flux.len()];
            ensure(by_edge == [edges; 3], LAW)?;
        }
        if let Some(curls) = Curls::<T>::get() {
            ensure(curls.curls.len() == topology.cycles().len(), LAW)?;
        }
        Ok(())
    }

    /// The inputs that the stored fields were computed from, if they are still there.
    fn inputs_of_fields() -> Option<InputsRecord> {
        let fields = Fields::<T>::get()?;
        Inputs::<T>::get().filter(|inputs| inputs.epoch == fields.epoch)
    }

    /// FLX-2: flows and net changes agree at every vertex, to the planck.
    fn check_flows(topology: &field::Topology) -> Result<(), LawBreach> {
        const LAW: &str = "FLX-2: at every vertex the flows in add up to the net change";
        let (Some(inputs), Some(fields)) = (Self::inputs_of_fields(), Fields::<T>::get()) else {
            return Ok(());
        };
        let flx = inputs.shards.iter().map(|shard| shard.flx);
        let after: Vec<_> = flx.chain([inputs.ground_flx]).collect();
        let before: Vec<_> = inputs
            .flx_before
            .iter()
            .copied()
            .chain([inputs.ground_flx_before])
            .collect();
        let holds = field::net_changes(&before, &after)
            .map_err(FieldFault::from)
            .and_then(|net| field::check_kirchhoff(topology, &net, &fields.flows()));
        ensure(holds.is_ok(), LAW)
    }

    /// PSI-1: the field's own gradients have no curl, and are the differences of ψ.
    fn check_gradients(topology: &field::Topology) -> Result<(), LawBreach> {
        let Some(fields) = Fields::<T>::get() else {
            return Ok(());
        };
        let is_free = field::check_psi_1(topology, &fields.gradients).is_ok();
        ensure(is_free, "PSI-1: the field's own gradients have no curl")?;
        let differences = field::gradients(topology, &fields.densities);
        ensure(
            differences.is_ok_and(|differences| fields.gradients == differences),
            "PSI-1: gradients are differences of ψ",
        )
    }

    /// PSI-2: 412 was raised for the shards of the cycles with too large a curl, and for nobody else.
    fn check_anomalies(topology: &field::Topology) -> Result<(), LawBreach> {
        const LAW: &str = "PSI-2: exactly the shards of cycles with too large a curl are named, and only in a breach";
        let Some(record) = Curls::<T>::get() else {
            return Ok(());
        };
        let named: Vec<u8> = record.anomalies.iter().map(|shard| shard.0).collect();
        let holds = field::check_psi_2(topology, &record.curls, record.curl_max, record.is_breached, &named);
        ensure(holds, LAW)
    }

    /// What is stored is what the inputs give.
    fn check_outcome(topology: &field::Topology) -> Result<(), LawBreach> {
        const LAW: &str = "the fields are what their inputs give";
        let (Some(inputs), Some(fields)) = (Self::inputs_of_fields(), Fields::<T>::get()) else {
            return Ok(());
        };
        let again = field::close(topology, &inputs.inputs())
            .and_then(|closed| crate::types::FieldsRecord::new(inputs.epoch, closed));
        ensure(again == Ok(fields), LAW)
    }

    /// Every record of history is in its place, none is of the future, and the last is of the fields.
    fn check_history() -> Result<(), LawBreach> {
        const LAW: &str = "history is a ring whose last record is of the fields";
        let last = Fields::<T>::get();
        for (slot, record) in Histories::<T>::iter() {
            let is_placed = record.epoch.checked_rem(HISTORY_EPOCHS) == Some(slot);
            ensure(
                is_placed && last.as_ref().is_some_and(|last| record.epoch <= last.epoch),
                LAW,
            )?;
        }
        let Some(last) = last else {
            return Ok(());
        };
        let kept = Self::history_page(last.epoch, 1);
        let is_same = kept
            .first()
            .is_some_and(|kept| kept.densities == last.densities && kept.alignment == last.alignment);
        ensure(is_same, LAW)
    }
}
