//! Generated weights.

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
pub mod pallet_economy {
    pub struct WeightInfo<T>(core::marker::PhantomData<T>);
    impl<T> ::pallet_economy::WeightInfo for WeightInfo<T> {
        fn request_home_move() -> frame_support::weights::Weight {
            frame_support::weights::Weight::from_parts(100_000_000, 0)
        }
        fn cancel_home_move() -> frame_support::weights::Weight {
            frame_support::weights::Weight::from_parts(100_000_000, 0)
        }
        fn on_epoch_end(_: u32) -> frame_support::weights::Weight {
            frame_support::weights::Weight::zero()
        }
    }
}
