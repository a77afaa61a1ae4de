//! The RPC methods beyond those that `sc-service` serves by itself (`chainHead_v1`, `chainSpec_v1`, `transaction_v1`,
//! `archive_v1` and the legacy `author`, `chain`, `offchain`, `state`, `system` groups).

use crate::service::{FullBackend, FullClient};
use jsonrpsee::RpcModule;
use qc_runtime::OpaqueBlock as Block;
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_runtime::traits::{Block as BlockT, NumberFor};
use std::sync::Arc;

/// What the finality methods need.
pub struct GrandpaDeps {
    /// The state of the voter.
    pub shared_voter_state: SharedVoterState,
    /// The authorities.
    pub shared_authority_set: SharedAuthoritySet<<Block as BlockT>::Hash, NumberFor<Block>>,
    /// Justifications as they come.
    pub justification_stream: GrandpaJustificationStream<Block>,
    /// Where proofs of finality come from.
    pub finality_provider: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// What the methods need.
pub struct FullDeps<P> {
    /// The client.
    pub client: Arc<FullClient>,
    /// The transaction pool.
    pub pool: Arc<P>,
    /// For the finality methods.
    pub grandpa: GrandpaDeps,
    /// Runs subscriptions.
    pub subscription_executor: SubscriptionTaskExecutor,
}

/// All methods that are not `sc-service`'s.
pub fn create_full<P>(deps: FullDeps<P>) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
    P: TransactionPool<Block = Block> + 'static,
{
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let FullDeps {
        client,
        pool,
        grandpa,
        subscription_executor,
    } = deps;
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    module.merge(
        Grandpa::new(
            subscription_executor,
            grandpa.shared_authority_set,
            grandpa.shared_voter_state,
            grandpa.justification_stream,
            grandpa.finality_provider,
        )
        .into_rpc(),
    )?;
    Ok(module)
}
