//! Weights, measured on this runtime by `scripts/weights.sh` (docs/decisions/0005).

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_assets;
pub mod pallet_balances;
pub mod pallet_economy;
pub mod pallet_key_ledger;
pub mod pallet_migrations;
pub mod pallet_multisig;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_scheduler;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_utility;

/// Upper estimates by counting, until the benchmarks have been run.
pub mod pallet_attunement {
    pub type WeightInfo<T> = ::pallet_attunement::weights::Estimate<T>;
}

/// As above.
pub mod pallet_cir {
    pub type WeightInfo<T> = ::pallet_cir::weights::Estimate<T>;
}

/// As above.
pub mod pallet_field {
    pub type WeightInfo<T> = ::pallet_field::weights::Estimate<T>;
}

/// As above.
pub mod pallet_sync {
    pub type WeightInfo<T> = ::pallet_sync::weights::Estimate<T>;
}
