//! Weights: the SDK's own until they are measured on this runtime (docs/decisions/0005).

pub mod frame_system {
    pub type WeightInfo<T> = ::frame_system::weights::SubstrateWeight<T>;
}
pub mod pallet_assets {
    pub type WeightInfo<T> = ::pallet_assets::weights::SubstrateWeight<T>;
}
pub mod pallet_balances {
    pub type WeightInfo<T> = ::pallet_balances::weights::SubstrateWeight<T>;
}
pub mod pallet_migrations {
    pub type WeightInfo<T> = ::pallet_migrations::weights::SubstrateWeight<T>;
}
pub mod pallet_multisig {
    pub type WeightInfo<T> = ::pallet_multisig::weights::SubstrateWeight<T>;
}
pub mod pallet_preimage {
    pub type WeightInfo<T> = ::pallet_preimage::weights::SubstrateWeight<T>;
}
pub mod pallet_proxy {
    pub type WeightInfo<T> = ::pallet_proxy::weights::SubstrateWeight<T>;
}
pub mod pallet_scheduler {
    pub type WeightInfo<T> = ::pallet_scheduler::weights::SubstrateWeight<T>;
}
pub mod pallet_timestamp {
    pub type WeightInfo<T> = ::pallet_timestamp::weights::SubstrateWeight<T>;
}
pub mod pallet_transaction_payment {
    pub type WeightInfo<T> = ::pallet_transaction_payment::weights::SubstrateWeight<T>;
}
pub mod pallet_utility {
    pub type WeightInfo<T> = ::pallet_utility::weights::SubstrateWeight<T>;
}
pub mod frame_system_extensions {
    pub type WeightInfo<T> = ::frame_system::SubstrateExtensionsWeight<T>;
}
/// An upper estimate by counting reads and writes, until the benchmarks of the pallet have been run.
pub mod pallet_economy {
    use core::marker::PhantomData;
    use frame_support::{traits::Get, weights::Weight};

    pub struct WeightInfo<T>(PhantomData<T>);

    impl<T: frame_system::Config> ::pallet_economy::WeightInfo for WeightInfo<T> {
        fn request_home_move() -> Weight {
            Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(9, 6))
        }

        fn cancel_home_move() -> Weight {
            Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(7, 6))
        }

        fn on_epoch_end(moves: u32) -> Weight {
            let moves = u64::from(moves);
            Weight::from_parts(100_000_000, 0)
                .saturating_add(T::DbWeight::get().reads_writes(110, 1))
                .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(moves))
                .saturating_add(T::DbWeight::get().reads_writes(16, 12).saturating_mul(moves))
        }
    }
}
/// An upper estimate by counting reads, writes and verifications, until the benchmarks of the pallet have been run.
pub mod pallet_key_ledger {
    pub type WeightInfo<T> = ::pallet_key_ledger::weights::Estimate<T>;
}
