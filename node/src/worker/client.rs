//! The worker on the real chain: the runtime's answers, the client's states, the local pool.

use super::{
    chain::{BlockRef, Chain, Due, Heads, RuntimeResults, Standing, Status},
    event::Event,
    key::ReportingKey,
    state::StateReader,
    Journal, Worker,
};
use crate::{metrics::ReportMetrics, service::FullClient};
use codec::Encode;
use futures::StreamExt;
use qc_harmonics::sync::Report;
use qc_pqc::{KeyId, Signature};
use qc_runtime::{
    apis::reporting::{AttunementApi, FieldApi, KeyLedgerApi, KeyStatus, ReportStatus, SyncApi, SyncCall},
    authorized_transaction, AccountId, BlockNumber, Hash, OpaqueBlock as Block, Runtime,
};
use qc_types::{Capabilities, ShardId};
use sc_client_api::{BlockchainEvents, StorageKey, StorageProvider};
use sc_transaction_pool_api::{
    error::{Error as PoolError, IntoPoolError},
    TransactionPool, TransactionSource,
};
use sp_api::{ApiExt, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus::SyncOracle;
use sp_runtime::OpaqueExtrinsic;
use std::{fmt::Display, path::PathBuf, sync::Arc};

/// What a reporting node is given.
pub struct Reporter<P> {
    /// The client.
    pub client: Arc<FullClient>,
    /// The pool that reports go through.
    pub pool: Arc<P>,
    /// Whether the node still catches up: what it holds for the present is past then.
    pub sync: Arc<dyn SyncOracle + Send + Sync>,
    /// The key, if there is one.
    pub key: Option<ReportingKey>,
    /// Block 0.
    pub genesis: Hash,
    /// The folder of the journal.
    pub folder: PathBuf,
    /// What is counted.
    pub metrics: Option<ReportMetrics>,
}

impl<P> Reporter<P>
where
    P: TransactionPool<Block = Block, Hash = Hash> + 'static,
{
    /// Reports until the node stops: a look at every block that is finalised.
    pub async fn run(self) {
        let mut finalised = self.client.finality_notification_stream();
        let chain = NodeChain(self.client.clone());
        let journal = Journal::new(self.folder, self.genesis);
        let mut worker = Worker::new(chain, self.key, self.genesis, journal);
        while finalised.next().await.is_some() {
            if self.sync.is_major_syncing() {
                worker.catches_up();
                continue;
            }
            let heads = heads(&self.client);
            let mut events = Vec::new();
            if let Some(transaction) = worker.step(heads, &mut events) {
                let outcome = submit(&*self.pool, heads.best.hash, &transaction).await;
                worker.submitted(outcome, &mut events);
            }
            for event in &events {
                event.log();
                note(self.metrics.as_ref(), event);
            }
        }
    }
}

fn heads(client: &FullClient) -> Heads {
    let info = client.info();
    Heads {
        best: BlockRef {
            number: info.best_number,
            hash: info.best_hash,
        },
        finalised: BlockRef {
            number: info.finalized_number,
            hash: info.finalized_hash,
        },
    }
}

fn note(metrics: Option<&ReportMetrics>, event: &Event) {
    let Some(metrics) = metrics else { return };
    match event {
        Event::Sent(report) => metrics.note_sent(report.epoch),
        Event::Skipped { reason, .. } => metrics.note_skipped(reason.label()),
        Event::Mismatched { .. } => metrics.note_mismatch(),
        Event::Unanswered(_) => metrics.note_skipped("unanswered"),
        Event::NotCompared { .. } => metrics.note_not_compared(),
        Event::Included(_) => {}
    }
}

/// Gives a transaction to the pool. That the pool has it already is no fault.
async fn submit<P>(pool: &P, at: Hash, transaction: &[u8]) -> Result<(), String>
where
    P: TransactionPool<Block = Block, Hash = Hash>,
{
    let extrinsic = OpaqueExtrinsic::try_from_encoded_extrinsic(transaction).map_err(text)?;
    match pool.submit_one(at, TransactionSource::Local, extrinsic).await {
        Ok(_) => Ok(()),
        Err(error) => match error.into_pool_error() {
            Ok(PoolError::AlreadyImported(_)) => Ok(()),
            Ok(error) => Err(text(error)),
            Err(error) => Err(text(error)),
        },
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

/// The chain as the client knows it.
pub struct NodeChain(Arc<FullClient>);

impl StateReader for NodeChain {
    fn storage(&self, at: Hash, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let data = self.0.storage(at, &StorageKey(key.to_vec())).map_err(text)?;
        Ok(data.map(|data| data.0))
    }
}

impl Chain for NodeChain {
    fn due(&self, at: Hash) -> Result<Option<Due>, String> {
        let api = self.0.runtime_api();
        // A runtime from before there were reports asks for none.
        if !api
            .has_api::<dyn SyncApi<Block, AccountId, BlockNumber>>(at)
            .map_err(text)?
        {
            return Ok(None);
        }
        let Some(due) = api.due(at).map_err(text)? else {
            return Ok(None);
        };
        let status = |(validator, status)| match status {
            ReportStatus::NotDue => None,
            ReportStatus::Missing => Some((validator, Status::Missing)),
            ReportStatus::Reported => Some((validator, Status::Reported)),
            ReportStatus::Void => Some((validator, Status::Void)),
        };
        Ok(Some(Due {
            epoch: due.epoch,
            boundary: due.boundary_number,
            hash: due.boundary_hash.map(Hash::from),
            version: due.harmonics_version,
            validators: due.validators.into_iter().filter_map(status).collect(),
        }))
    }

    fn standing(&self, at: Hash, key: KeyId) -> Result<Option<Standing>, String> {
        let api = self.0.runtime_api();
        let view = KeyLedgerApi::<Block, AccountId>::key(&*api, at, key).map_err(text)?;
        Ok(view.map(|view| Standing {
            owner: view.record.owner,
            active: view.record.status == KeyStatus::Active,
            seals: view.record.capabilities.contains(Capabilities::SEAL),
        }))
    }

    fn shards_due(&self, at: Hash, validator: &AccountId) -> Result<Vec<u8>, String> {
        let shards = self.0.runtime_api().shards_due(at, validator.clone()).map_err(text)?;
        Ok(shards.into_iter().map(|ShardId(shard)| shard).collect())
    }

    fn runtime_results(&self, epoch: u32, boundary: Hash) -> Result<RuntimeResults, String> {
        let api = self.0.runtime_api();
        // What is of an earlier epoch is not a result of this one: the runtime keeps its last good values.
        let outcome = AttunementApi::<Block, AccountId>::outcome(&*api, boundary).map_err(text)?;
        let fields = FieldApi::<Block>::last_closed(&*api, boundary).map_err(text)?.fields;
        let fields = fields.filter(|fields| fields.epoch == epoch);
        Ok(RuntimeResults {
            coherence: outcome
                .filter(|outcome| outcome.epoch == epoch)
                .map(|outcome| outcome.coherence),
            densities: fields.map(|fields| fields.densities.into_inner()).unwrap_or_default(),
        })
    }

    fn hash_of(&self, number: u32) -> Result<Option<Hash>, String> {
        self.0.hash(number).map_err(text)
    }

    fn transaction(&self, report: Report, key: KeyId, signature: Signature) -> Vec<u8> {
        let call = SyncCall::<Runtime>::report { report, key, signature };
        authorized_transaction(call.into()).encode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::event::Reason;
    use substrate_prometheus_endpoint::Registry;

    /// Every event is counted but one that says nothing new; where, by name and label.
    #[test]
    fn what_is_said_is_counted() {
        let registry = Registry::new();
        let metrics = ReportMetrics::register(&registry).unwrap();
        let skipped = |reason| Event::Skipped { epoch: 3, reason };
        let error = || "no answer".to_string();
        for event in [
            skipped(Reason::NotFinal),
            skipped(Reason::Syncing),
            Event::NotCompared {
                epoch: 3,
                error: error(),
            },
            Event::Unanswered(error()),
            Event::Included(3),
        ] {
            note(Some(&metrics), &event);
        }
        let mut counted = Vec::new();
        for family in registry.gather() {
            for metric in family.get_metric() {
                let labels: String = metric
                    .get_label()
                    .iter()
                    .map(|label| format!(" {}", label.get_value()))
                    .collect();
                counted.push(format!(
                    "{}{labels} {}",
                    family.get_name(),
                    metric.get_counter().get_value()
                ));
            }
        }
        let expected = [
            "qc_reports_last_epoch 0",
            "qc_reports_mismatches 0",
            "qc_reports_not_compared 1",
            "qc_reports_sent 0",
            "qc_reports_skipped not_final 1",
            "qc_reports_skipped syncing 1",
            "qc_reports_skipped unanswered 1",
        ];
        assert_eq!(counted, expected);
    }
}
