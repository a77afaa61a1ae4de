//! The end of an epoch: snapshot, fields, curls, history.

use crate::{
    types::{per_cycle, per_shard, CurlsRecord, FieldsRecord, HistoryRecord, InputsRecord, HISTORY_EPOCHS},
    Config, Curls, Event, Fields, Histories, Inputs, Pallet, Topology, WeightInfo,
};
use alloc::{vec, vec::Vec};
use frame_support::{traits::Get, weights::Weight};
use qc_harmonics::field::{self, FieldFault, ShardInput};
use qc_traits::{IncidentCause, OnEpochEnd, RaiseIncident, ShardFacts, ShardFactsInspect, SyncInspect};
use qc_types::{Balance, CirCode, EpochIndex, Scope, ShardId};

/// What others say at the end of an epoch.
pub struct Answers {
    /// Every shard, by ascending number.
    pub shards: Vec<ShardFacts>,
    /// FLX of the ground, plancks.
    pub ground_flx: Balance,
    /// ĝ of every edge of the epoch before; empty if there was no sync.
    pub observed: Vec<Option<i128>>,
    /// Whether more than ⅓ of the set deviated.
    pub is_breached: bool,
}

impl<T: Config> OnEpochEnd for Pallet<T> {
    fn on_epoch_end(ended: EpochIndex) -> Weight {
        let answers = Answers {
            shards: T::Facts::shards(),
            ground_flx: T::Facts::ground_flx(),
            observed: T::Sync::observed_gradients(),
            is_breached: T::Sync::is_breached(),
        };
        let shards = u32::try_from(answers.shards.len()).unwrap_or(u32::MAX);
        Self::close_epoch(ended, answers);
        T::WeightInfo::on_epoch_end(shards)
    }
}

impl<T: Config> Pallet<T> {
    /// Closes an epoch. Each of its two parts stands or fails alone; what fails leaves its last good values.
    pub(crate) fn close_epoch(ended: EpochIndex, answers: Answers) {
        let Some(topology) = Topology::<T>::get() else {
            return Self::give_up(ended, FieldFault::ShardCount { expected: 0 });
        };
        if let Err(fault) = Self::close_fields(ended, &topology, &answers) {
            Self::give_up(ended, fault);
        }
        if let Err(fault) = Self::close_curls(ended, &topology, &answers) {
            Self::give_up(ended, fault);
        }
    }

    /// The snapshot, and what comes of it.
    fn close_fields(ended: EpochIndex, topology: &field::Topology, answers: &Answers) -> Result<(), FieldFault> {
        let inputs = Self::snapshot(ended, topology, answers)?;
        Inputs::<T>::put(&inputs);
        let fields = FieldsRecord::new(ended, field::close(topology, &inputs.inputs())?)?;
        let slot = ended.checked_rem(HISTORY_EPOCHS).unwrap_or_default();
        Histories::<T>::insert(
            slot,
            HistoryRecord {
                epoch: ended,
                densities: fields.densities.clone(),
                alignment: fields.alignment,
            },
        );
        Self::deposit_event(Event::FieldClosed {
            epoch: ended,
            alignment: fields.alignment,
        });
        Fields::<T>::put(fields);
        Ok(())
    }

    /// The raw inputs of an epoch. Where there was no snapshot before, nothing has moved.
    fn snapshot(ended: EpochIndex, topology: &field::Topology, answers: &Answers) -> Result<InputsRecord, FieldFault> {
        if answers.shards.len() != usize::from(topology.shards()) {
            return Err(FieldFault::ShardCount {
                expected: topology.shards(),
            });
        }
        let shards = answers.shards.iter().map(|shard| ShardInput {
            chr: shard.chr,
            staked_atr: shard.staked_atr,
            flx: shard.flx,
            dissonance: shard.dissonance,
        });
        let shards = per_shard(shards.collect::<Vec<_>>())?;
        let flx_of = |shards: &[ShardInput]| per_shard(shards.iter().map(|shard| shard.flx).collect::<Vec<_>>());
        let former = Inputs::<T>::get();
        Ok(InputsRecord {
            epoch: ended,
            flx_before: flx_of(former.as_ref().map_or(&shards, |former| &former.shards))?,
            ground_flx_before: former.map_or(answers.ground_flx, |former| former.ground_flx),
            ground_flx: answers.ground_flx,
            shards,
        })
    }

    /// The curls of what was observed, and 412 for whom PSI-2 names.
    fn close_curls(ended: EpochIndex, topology: &field::Topology, answers: &Answers) -> Result<(), FieldFault> {
        let curl_max = T::Symbols::get().delta_curl;
        let curls = if answers.observed.is_empty() {
            vec![None; topology.cycles().len()]
        } else {
            field::curls(topology, &answers.observed)?
        };
        let named = field::anomalies(topology, &curls, curl_max, answers.is_breached)?;
        let anomalies = per_shard(named.into_iter().map(ShardId).collect::<Vec<_>>())?;
        for shard in &anomalies {
            T::Incidents::raise(CirCode::FieldAnomaly, Scope::Shard(*shard), IncidentCause::Curl);
        }
        if !anomalies.is_empty() {
            Self::deposit_event(Event::AnomalyFound {
                epoch: ended,
                shards: anomalies.clone(),
            });
        }
        Curls::<T>::put(CurlsRecord {
            epoch: ended,
            curls: per_cycle(curls)?,
            curl_max,
            is_breached: answers.is_breached,
            anomalies,
        });
        Ok(())
    }

    /// Something could not be computed: the last good values stand, and an incident is raised.
    fn give_up(epoch: EpochIndex, fault: FieldFault) {
        log::error!(target: "runtime::field", "the field of epoch {epoch} cannot be closed: {fault}");
        let (code, cause) = match fault {
            FieldFault::NotConserved { .. } => (CirCode::ChainHalt, IncidentCause::Conservation),
            _ => (CirCode::LocalDissonance, IncidentCause::Mathematics),
        };
        T::Incidents::raise(code, Scope::Chain, cause);
        Self::deposit_event(Event::CloseFailed { epoch });
    }
}
