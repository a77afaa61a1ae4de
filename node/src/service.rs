//! Puts the node together: database, pool, network, RPC, Aura and GRANDPA.

use crate::{
    metrics::{ReportMetrics, SignatureMetrics},
    rpc::{FullDeps, GrandpaDeps},
    verify_ahead::VerifyAhead,
    worker::{client::Reporter, key, key::ReportingKey},
};
use futures::FutureExt;
use jsonrpsee::RpcModule;
use qc_runtime::{apis::RuntimeApi, configs::BLOCK_LENGTH_MAX, OpaqueBlock as Block};
use sc_client_api::{Backend, BlockBackend};
use sc_consensus::BlockImport;
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{FinalityProofProvider, SharedVoterState};
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_network::service::traits::NetworkService;
use sc_network_sync::SyncingService;
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{
    config::ExecutorConfiguration, error::Error as ServiceError, ChainType, Configuration, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool_api::{OffchainTransactionPoolFactory, TransactionPool};
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_keystore::KeystorePtr;
use sp_runtime::OpaqueExtrinsic;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// What the runtime may call: the stock host functions, and ours for post-quantum signatures.
pub type HostFunctions = (sp_io::SubstrateHostFunctions, qc_pqc::HostFunctions);
/// The client: executes the Wasm runtime.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, WasmExecutor<HostFunctions>>;
/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;
type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
type FullPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;
type GrandpaBlockImport = sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, FullSelectChain>;

/// Names the folder in which compiled runtimes are kept. See the help of the command line.
const RUNTIME_CACHE: &str = "QC_RUNTIME_CACHE";

/// How many blocks apart GRANDPA justifications are kept and made, when no set of authorities changes.
const JUSTIFICATION_PERIOD: u32 = 512;

/// How often GRANDPA gossips; a third of a second suits blocks of two.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// The part of a slot in which a block may be built: the rest is for its way to the next author, who must import it first.
const PROPOSAL_SLOT_PORTION: f32 = 0.5;

/// The parts that every command needs.
pub type Service = sc_service::PartialComponents<
    FullClient,
    FullBackend,
    FullSelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    FullPool,
    (GrandpaBlockImport, GrandpaLink, Option<Telemetry>),
>;

fn new_telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, ServiceError> {
    let Some(endpoints) = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
    else {
        return Ok(None);
    };
    let worker = TelemetryWorker::new(16)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}

/// As `sc_service::new_wasm_executor`, which has no cache of compiled runtimes.
fn executor(config: &ExecutorConfiguration) -> WasmExecutor<HostFunctions> {
    let extra_pages = config.default_heap_pages.map(|pages| HeapAllocStrategy::Static {
        extra_pages: u32::try_from(pages).unwrap_or(u32::MAX),
    });
    let strategy = extra_pages.unwrap_or(DEFAULT_HEAP_ALLOC_STRATEGY);
    let builder = WasmExecutor::builder()
        .with_execution_method(config.wasm_method)
        .with_onchain_heap_alloc_strategy(strategy)
        .with_offchain_heap_alloc_strategy(strategy)
        .with_max_runtime_instances(config.max_runtime_instances)
        .with_runtime_cache_size(config.runtime_cache_size);
    match std::env::var_os(RUNTIME_CACHE) {
        Some(folder) => builder.with_cache_path(folder).build(),
        None => builder.build(),
    }
}

/// Puts the parts together that every command needs.
pub fn new_partial(config: &Configuration) -> Result<Service, ServiceError> {
    let telemetry = new_telemetry(config)?;
    let executor = executor(&config.executor);
    let (client, backend, keystore_container, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, _>(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        executor,
        Vec::new(),
    )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::from(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    let (grandpa_block_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(|telemetry| telemetry.handle()),
    )?;
    let cidp_client = client.clone();
    let verify_ahead = verify_ahead(config, &client, &transaction_pool, grandpa_block_import.clone())?;
    let import_queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
        block_import: verify_ahead,
        justification_import: Some(Box::new(grandpa_block_import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |parent_hash, _| {
            let client = cidp_client.clone();
            async move {
                let slot_duration = sc_consensus_aura::standalone::slot_duration_at(&*client, parent_hash)?;
                Ok(inherents(slot_duration))
            }
        },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
        compatibility_mode: Default::default(),
    })?;

    Ok(sc_service::PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (grandpa_block_import, grandpa_link, telemetry),
    })
}

/// The import of blocks that come from others: their post-quantum signatures are verified on all cores before they are
/// executed. Our own blocks are executed while they are built.
fn verify_ahead(
    config: &Configuration,
    client: &Arc<FullClient>,
    pool: &Arc<FullPool>,
    inner: GrandpaBlockImport,
) -> Result<impl BlockImport<Block, Error = sp_consensus::Error> + Clone + Send + Sync + 'static, ServiceError> {
    let genesis = client
        .block_hash(0)?
        .ok_or_else(|| ServiceError::Other("there is no genesis block".into()))?;
    let metrics = config
        .prometheus_registry()
        .map(SignatureMetrics::register)
        .transpose()?;
    let pool = pool.clone();
    let is_pooled = move |extrinsic: &OpaqueExtrinsic| pool.ready_transaction(&pool.hash_of(extrinsic)).is_some();
    Ok(VerifyAhead::new(inner, client.clone(), is_pooled, genesis, metrics))
}

type Inherents = (
    sp_consensus_aura::inherents::InherentDataProvider,
    sp_timestamp::InherentDataProvider,
);

fn inherents(slot_duration: sp_consensus_aura::SlotDuration) -> Inherents {
    let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
    let slot =
        sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
    (slot, timestamp)
}

/// A running node's parts that its tasks share.
struct Parts {
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
    pool: Arc<FullPool>,
    keystore: KeystorePtr,
    network: Arc<dyn NetworkService>,
    sync: Arc<SyncingService<Block>>,
    registry: Option<Registry>,
    telemetry: Option<TelemetryHandle>,
}

/// Starts a node. `key` is what it reports with, if it is a validator.
pub fn new_full<N>(config: Configuration, key: Option<ReportingKey>) -> Result<TaskManager, ServiceError>
where
    N: sc_network::NetworkBackend<Block, qc_runtime::Hash>,
{
    let sc_service::PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, grandpa_link, mut telemetry),
    } = new_partial(&config)?;

    let genesis_hash = client
        .block_hash(0)?
        .ok_or_else(|| ServiceError::Other("there is no genesis block".into()))?;
    let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, qc_runtime::Hash, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let grandpa_protocol_name = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
    let (grandpa_protocol, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        grandpa_protocol_name.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(grandpa_protocol);
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let parts = Parts {
        client,
        backend,
        pool: transaction_pool,
        keystore: keystore_container.keystore(),
        network,
        sync,
        registry: config.prometheus_registry().cloned(),
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
    };
    let shared_voter_state = SharedVoterState::empty();
    let grandpa_config = sc_consensus_grandpa::Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        name: Some(config.network.node_name.clone()),
        observer_enabled: false,
        keystore: config.role.is_authority().then(|| parts.keystore.clone()),
        local_role: config.role,
        telemetry: parts.telemetry.clone(),
        protocol_name: grandpa_protocol_name,
    };
    let (role, force_authoring, disable_grandpa) = (config.role, config.force_authoring, config.disable_grandpa);

    start_offchain_workers(&config, &task_manager, &parts)?;
    start_reporting(&config, &task_manager, &parts, genesis_hash, key)?;
    let rpc_builder = rpc_builder(&parts, &grandpa_link, shared_voter_state.clone());
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        network: parts.network.clone(),
        client: parts.client.clone(),
        keystore: parts.keystore.clone(),
        task_manager: &mut task_manager,
        transaction_pool: parts.pool.clone(),
        rpc_builder,
        backend: parts.backend.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: parts.sync.clone(),
        config,
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    if role.is_authority() {
        start_authoring(&task_manager, &parts, select_chain, block_import, force_authoring)?;
    }
    if !disable_grandpa {
        let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config: grandpa_config,
            link: grandpa_link,
            network: parts.network,
            sync: parts.sync,
            notification_service: grandpa_notifications,
            voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: parts.registry,
            shared_voter_state,
            telemetry: parts.telemetry,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool),
        })?;
        task_manager
            .spawn_essential_handle()
            .spawn_blocking("grandpa-voter", None, voter);
    }
    Ok(task_manager)
}

fn start_offchain_workers(
    config: &Configuration,
    task_manager: &TaskManager,
    parts: &Parts,
) -> Result<(), ServiceError> {
    if !config.offchain_worker.enabled {
        return Ok(());
    }
    let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
        runtime_api_provider: parts.client.clone(),
        is_validator: config.role.is_authority(),
        keystore: Some(parts.keystore.clone()),
        offchain_db: parts.backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(parts.pool.clone())),
        network_provider: Arc::new(parts.network.clone()),
        // No offchain worker of this runtime fetches anything.
        enable_http_requests: false,
        custom_extensions: |_| vec![],
    })?;
    task_manager.spawn_handle().spawn(
        "offchain-workers-runner",
        "offchain-worker",
        workers.run(parts.client.clone(), task_manager.spawn_handle()).boxed(),
    );
    Ok(())
}

/// A validator reports on every epoch that closes.
fn start_reporting(
    config: &Configuration,
    task_manager: &TaskManager,
    parts: &Parts,
    genesis: qc_runtime::Hash,
    key: Option<ReportingKey>,
) -> Result<(), ServiceError> {
    if !config.role.is_authority() {
        if key.is_some() {
            log::warn!(target: "worker", "only a validator reports: the key file is of no use without --validator");
        }
        return Ok(());
    }
    let reporter = Reporter {
        client: parts.client.clone(),
        pool: parts.pool.clone(),
        sync: parts.sync.clone(),
        key: key.or_else(|| development_key(config)),
        genesis,
        folder: config.base_path.config_dir(config.chain_spec.id()).join("reports"),
        metrics: parts.registry.as_ref().map(ReportMetrics::register).transpose()?,
    };
    // Essential, as authoring is: it ends only when the client tells of no more blocks, and a validator that does not report
    // must not look as if it did.
    task_manager
        .spawn_essential_handle()
        .spawn_blocking("reports", Some("validator"), reporter.run());
    Ok(())
}

/// The key of a well-known validator, on the chains that have it in their genesis.
fn development_key(config: &Configuration) -> Option<ReportingKey> {
    let is_known_there = matches!(
        config.chain_spec.chain_type(),
        ChainType::Development | ChainType::Local
    );
    let seed = config.dev_key_seed.as_ref().filter(|_| is_known_there)?;
    let (key, name) = key::development(seed)?;
    log::info!(target: "worker", "reports with the well-known development key of {name}, which everybody has: {}", key.id);
    Some(key)
}

type RpcBuilder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, ServiceError>>;

fn rpc_builder(parts: &Parts, grandpa_link: &GrandpaLink, shared_voter_state: SharedVoterState) -> RpcBuilder {
    let client = parts.client.clone();
    let pool = parts.pool.clone();
    let shared_authority_set = grandpa_link.shared_authority_set().clone();
    let justification_stream = grandpa_link.justification_stream();
    let finality_provider =
        FinalityProofProvider::new_for_service(parts.backend.clone(), Some(shared_authority_set.clone()));
    Box::new(move |subscription_executor| {
        crate::rpc::create_full(FullDeps {
            client: client.clone(),
            pool: pool.clone(),
            grandpa: GrandpaDeps {
                shared_voter_state: shared_voter_state.clone(),
                shared_authority_set: shared_authority_set.clone(),
                justification_stream: justification_stream.clone(),
                finality_provider: finality_provider.clone(),
            },
            subscription_executor,
        })
        .map_err(Into::into)
    })
}

fn start_authoring(
    task_manager: &TaskManager,
    parts: &Parts,
    select_chain: FullSelectChain,
    block_import: GrandpaBlockImport,
    force_authoring: bool,
) -> Result<(), ServiceError> {
    let mut proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        parts.client.clone(),
        parts.pool.clone(),
        parts.registry.as_ref(),
        parts.telemetry.clone(),
    );
    // The proposer stops at 4 MiB by itself, whatever the runtime allows.
    proposer_factory.set_default_block_size_limit(usize::try_from(BLOCK_LENGTH_MAX).unwrap_or(usize::MAX));
    let slot_duration = sc_consensus_aura::slot_duration(&*parts.client)?;
    let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
        slot_duration,
        client: parts.client.clone(),
        select_chain,
        block_import,
        proposer_factory,
        create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
        force_authoring,
        backoff_authoring_blocks: None::<()>,
        keystore: parts.keystore.clone(),
        sync_oracle: parts.sync.clone(),
        justification_sync_link: parts.sync.clone(),
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SLOT_PORTION),
        max_block_proposal_slot_portion: None,
        telemetry: parts.telemetry.clone(),
        compatibility_mode: Default::default(),
    })?;
    task_manager
        .spawn_essential_handle()
        .spawn_blocking("aura", Some("block-authoring"), aura);
    Ok(())
}
