#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod founders;
mod invariants;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
mod record;
pub mod runtime_api;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
pub mod types;
pub mod weights;

pub use founders::check_founders;
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{EndReason, FounderRecord, IncidentRecord, OPEN_MAX},
        WeightInfo,
    };
    use alloc::{string::String, vec::Vec};
    use core::marker::PhantomData;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use qc_pqc::PublicKey;
    use qc_traits::{EpochInspect, IncidentCause};
    use qc_types::{CirCode, EpochIndex, Scope, FOUNDERS_MAX};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Weight of the end of an epoch.
        type WeightInfo: WeightInfo;

        /// The running epoch.
        type Epoch: EpochInspect;

        /// After so many epochs without being raised again an incident closes; at least 1.
        #[pallet::constant]
        type QuietEpochs: Get<EpochIndex>;
    }

    /// The incidents that are open, by ascending number.
    #[pallet::storage]
    pub type OpenIncidents<T: Config> =
        StorageValue<_, BoundedVec<IncidentRecord<T::AccountId, BlockNumberFor<T>>, ConstU32<OPEN_MAX>>, ValueQuery>;

    /// The incidents that closed last, by the order of their closing modulo [`CLOSED_MAX`](crate::types::CLOSED_MAX).
    #[pallet::storage]
    pub type ClosedIncidents<T: Config> =
        StorageMap<_, Twox64Concat, u64, IncidentRecord<T::AccountId, BlockNumberFor<T>>, OptionQuery>;

    /// How many incidents were ever raised: the number of the next one.
    #[pallet::storage]
    pub type RaisedCount<T> = StorageValue<_, u64, ValueQuery>;

    /// How many incidents ever closed.
    #[pallet::storage]
    pub type ClosedCount<T> = StorageValue<_, u64, ValueQuery>;

    /// The founders, in the order of the genesis: those who will bring a halted chain back.
    #[pallet::storage]
    pub type Founders<T> = StorageValue<_, BoundedVec<FounderRecord, ConstU32<FOUNDERS_MAX>>, ValueQuery>;

    /// How many founders must agree.
    #[pallet::storage]
    pub type FounderThreshold<T> = StorageValue<_, u32, ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Names and public keys of the founders: 3 to 7, names printable, at most 64 bytes, and like the keys all different.
        pub founders: Vec<(String, PublicKey)>,
        /// How many of them must agree: more than half.
        pub threshold: u32,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // argued: there is no chain yet to return an error to, and `check_founders` lets the runtime look first.
            Pallet::<T>::build_genesis(&self.founders, self.threshold).expect("the founders are as founders must be");
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An incident was raised that was not open.
        IncidentRaised {
            /// Its number.
            number: u64,
            /// Its code.
            code: CirCode,
            /// What is sick.
            scope: Scope<T::AccountId>,
            /// Why it was raised.
            cause: IncidentCause,
        },
        /// An incident was closed.
        IncidentClosed {
            /// Its number.
            number: u64,
            /// Why it is over.
            reason: EndReason,
        },
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::QuietEpochs::get() > 0, "an incident must be open for an epoch");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(sp_runtime::TryRuntimeError::Other)
        }
    }
}
