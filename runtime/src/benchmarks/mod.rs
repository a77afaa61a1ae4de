//! The pallets whose weights are measured, and how the node's `benchmark` command reaches them.

mod helper;

pub use helper::Helper;

use crate::{AllPalletsWithSystem, Runtime};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{baseline::Pallet as BaselineBench, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, TrackedStorageKey, WhitelistedStorageKeys};
use frame_system_benchmarking::{extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench};
use qc_types::{Home, ShardId, SHARDS_MAX};

frame_benchmarking::define_benchmarks!(
    [frame_benchmarking, BaselineBench::<Runtime>]
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_assets, crate::Assets]
    [pallet_attunement, crate::Attunement]
    [pallet_balances, crate::Balances]
    [pallet_cir, crate::Incidents]
    [pallet_economy, crate::Economy]
    [pallet_field, crate::Field]
    [pallet_key_ledger, crate::KeyLedger]
    [pallet_migrations, crate::MultiBlockMigrations]
    [pallet_multisig, crate::Multisig]
    [pallet_preimage, crate::Preimage]
    [pallet_proxy, crate::Proxy]
    [pallet_scheduler, crate::Scheduler]
    [pallet_sync, crate::Sync]
    [pallet_timestamp, crate::Timestamp]
    [pallet_transaction_payment, crate::TransactionPayment]
    [pallet_utility, crate::Utility]
);

impl frame_system_benchmarking::Config for Runtime {}
impl frame_benchmarking::baseline::Config for Runtime {}
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

/// What can be measured.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::<BenchmarkList>::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Measures what the configuration asks for.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let mut whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    whitelist.extend(shared_keys());
    let mut batches = Vec::<BenchmarkBatch>::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}

/// What nearly every transaction touches: the meter's totals, the number of shards, the treasury's account. A block reads and
/// writes them to the database once, which `Economy::on_initialize` pays for; within it they are in memory.
fn shared_keys() -> Vec<TrackedStorageKey> {
    let homes = (0..SHARDS_MAX)
        .map(|shard| Home::Shard(ShardId(shard)))
        .chain([Home::Ground]);
    let totals = homes.map(pallet_economy::FlxTotals::<Runtime>::hashed_key_for);
    let treasury = frame_system::Account::<Runtime>::hashed_key_for(crate::Economy::treasury_account());
    let shard_count = pallet_economy::ShardCount::<Runtime>::hashed_key().to_vec();
    totals
        .chain([treasury, shard_count])
        .map(TrackedStorageKey::from)
        .collect()
}
