//! What the node and its clients may ask of the runtime.

use crate::{
    genesis,
    signatures::{checks_of, SignatureCheck},
    AccountId, Attunement, Aura, Balance, Block, BlockNumber, Economy, Executive, Field, Grandpa, Historical,
    Incidents, InherentDataExt, KeyLedger, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, Session, SessionKeys,
    Sync, System, TransactionPayment, VERSION,
};
use alloc::vec::Vec;
use frame_support::{genesis_builder_helper::get_preset, weights::Weight};
use pallet_attunement::types::{BlacklistRecord, EpochOutcome, ParticipantView, ValidatorOutcome, ValidatorView};
use pallet_cir::types::{Founders, IncidentRecord};
use pallet_economy::types::HomeTotals;
use pallet_field::types::{FieldView, HistoryRecord, TopologyView};
use pallet_grandpa::AuthorityId as GrandpaId;
use pallet_key_ledger::types::{Entry, KeyView, LedgerHead, OwnerView};
use pallet_sync::types::{DueReports, Outcome, ReportStatus};
use qc_harmonics::{
    attunement::{Recalibration, ValidatorInput},
    symbols::Symbols,
};
use qc_pqc::KeyId;
use qc_traits::SyncInspect;
use qc_types::{EpochIndex, Home, ShardId, TokenId};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let key_owner_proof = key_owner_proof.decode()?;
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            use codec::Encode;
            use frame_support::traits::KeyOwnerProofSystem;

            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(uxt: <Block as BlockT>::Extrinsic, len: u32) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
        fn query_call_info(call: RuntimeCall, len: u32) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_economy::runtime_api::EconomyApi<Block, AccountId> for Runtime {
        fn totals() -> Vec<(TokenId, Balance)> {
            TokenId::ALL.into_iter().map(|token| (token, Economy::total_issuance(token))).collect()
        }

        fn shard_totals() -> Vec<HomeTotals> {
            Economy::shard_totals()
        }

        fn home_shard(who: AccountId) -> Home {
            Economy::home(&who)
        }

        fn transferable(who: AccountId, token: TokenId) -> Balance {
            Economy::transferable(&who, token)
        }
    }

    impl pallet_key_ledger::runtime_api::KeyLedgerApi<Block, AccountId> for Runtime {
        fn key(id: KeyId) -> Option<KeyView<AccountId>> {
            KeyLedger::key_view(id)
        }

        fn keys_of(owner: AccountId) -> OwnerView<AccountId> {
            KeyLedger::owner_view(&owner)
        }

        fn entries(from: u64, count: u32) -> Vec<Entry<AccountId>> {
            KeyLedger::entries_page(from, count)
        }

        fn head() -> LedgerHead {
            KeyLedger::head()
        }
    }

    impl pallet_attunement::runtime_api::AttunementApi<Block, AccountId> for Runtime {
        fn validator(who: AccountId) -> Option<ValidatorView> {
            Attunement::validator_view(&who)
        }

        fn candidates() -> Vec<AccountId> {
            Attunement::candidates()
        }

        fn set() -> (Vec<AccountId>, Vec<(AccountId, ValidatorOutcome)>) {
            let outcomes = pallet_attunement::ValidatorOutcomes::<Runtime>::get();
            (Session::validators(), outcomes.into_inner())
        }

        fn outcome() -> Option<EpochOutcome> {
            pallet_attunement::LastOutcome::<Runtime>::get()
        }

        fn outcomes(from: u32, count: u32) -> Vec<EpochOutcome> {
            Attunement::outcomes(from, count)
        }

        fn participant(who: AccountId) -> Option<ParticipantView> {
            Attunement::participant_view(&who)
        }

        fn blacklisting(who: AccountId) -> Option<BlacklistRecord> {
            pallet_attunement::Blacklist::<Runtime>::get(who)
        }

        fn symbols() -> Symbols {
            pallet_attunement::Symbols::<Runtime>::get()
        }

        fn inputs() -> (EpochIndex, Vec<(AccountId, ValidatorInput)>) {
            let (epoch, inputs) = pallet_attunement::Inputs::<Runtime>::get();
            (epoch, inputs.into_inner())
        }

        fn recalibration() -> Recalibration {
            pallet_attunement::Recalibrations::<Runtime>::get()
        }
    }

    impl pallet_field::runtime_api::FieldApi<Block> for Runtime {
        fn topology() -> Option<TopologyView> {
            Field::topology_view()
        }

        fn last_closed() -> FieldView {
            Field::field_view()
        }

        fn history(from: EpochIndex, count: u32) -> Vec<HistoryRecord> {
            Field::history_page(from, count)
        }
    }

    impl pallet_sync::runtime_api::SyncApi<Block, AccountId, BlockNumber> for Runtime {
        fn harmonics_version() -> u16 {
            qc_harmonics::sync::HARMONICS_VERSION
        }

        fn due() -> Option<DueReports<AccountId, BlockNumber>> {
            Sync::due()
        }

        fn status(validator: AccountId) -> ReportStatus {
            Sync::status_of(&validator)
        }

        fn shards_due(validator: AccountId) -> Vec<ShardId> {
            Sync::shards_due(&validator)
        }

        fn strikes(validator: AccountId) -> Vec<EpochIndex> {
            Sync::strikes_of(&validator)
        }

        fn conformities() -> Vec<(AccountId, u128)> {
            <Sync as SyncInspect<AccountId>>::conformities()
        }

        fn observed_gradients() -> Vec<Option<i128>> {
            <Sync as SyncInspect<AccountId>>::observed_gradients()
        }

        fn last_outcome() -> Option<Outcome> {
            Sync::last_outcome()
        }

        fn history(from: EpochIndex, count: u32) -> Vec<Outcome> {
            Sync::outcomes_page(from, count)
        }
    }

    impl pallet_cir::runtime_api::IncidentApi<Block, AccountId, BlockNumber> for Runtime {
        fn open() -> Vec<IncidentRecord<AccountId, BlockNumber>> {
            Incidents::open_incidents()
        }

        fn history(skip: u32, count: u32) -> Vec<IncidentRecord<AccountId, BlockNumber>> {
            Incidents::closed_page(skip, count)
        }

        fn founders() -> Founders {
            Incidents::founders_view()
        }
    }

    impl crate::signatures::SignatureApi<Block> for Runtime {
        fn signature_checks(extrinsics: Vec<Vec<u8>>) -> Vec<SignatureCheck> {
            extrinsics.iter().flat_map(|extrinsic| checks_of(extrinsic)).collect()
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            genesis::build_state(&config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::preset_names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(extra: bool) -> (
            Vec<frame_benchmarking::BenchmarkList>,
            Vec<frame_support::traits::StorageInfo>,
        ) {
            crate::benchmarks::metadata(extra)
        }

        #[allow(non_local_definitions)]
        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    // argued: `try-runtime` is for tests and trial upgrades alone, where a panic is the answer.
    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            #[allow(clippy::expect_used)]
            // argued: as above
            let weight = Executive::try_runtime_upgrade(checks).expect("the upgrade must pass its checks");
            (weight, crate::configs::RuntimeBlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            let executed = Executive::try_execute_block(block, state_root_check, signature_check, select);
            #[allow(clippy::expect_used)]
            // argued: as above
            executed.expect("the block must execute")
        }
    }
}

/// What a validator's node needs to report: the node knows the runtime, and no pallet.
#[cfg(feature = "std")]
pub mod reporting {
    pub use pallet_attunement::runtime_api::AttunementApi;
    pub use pallet_field::runtime_api::FieldApi;
    pub use pallet_key_ledger::{runtime_api::KeyLedgerApi, types::KeyStatus};
    pub use pallet_sync::{runtime_api::SyncApi, types::ReportStatus, Call as SyncCall};
}
