//! Weights, measured on this runtime by `scripts/weights.sh` (docs/decisions/0005).

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_assets;
pub mod pallet_attunement;
pub mod pallet_balances;
pub mod pallet_cir;
pub mod pallet_economy;
pub mod pallet_field;
pub mod pallet_key_ledger;
pub mod pallet_migrations;
pub mod pallet_multisig;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_scheduler;
pub mod pallet_sync;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_utility;
