#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod epoch;
mod invariants;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
pub mod runtime_api;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod specimens;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
pub mod types;
mod views;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
#[cfg(feature = "runtime-benchmarks")]
pub use epoch::Answers;
pub use invariants::LawBreach;
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module; ours in it are argued one by one.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{CurlsRecord, FieldsRecord, HistoryRecord, InputsRecord, PerShard},
        WeightInfo,
    };
    use alloc::vec::Vec;
    use core::marker::PhantomData;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use qc_harmonics::{field, symbols::Symbols};
    use qc_traits::{RaiseIncident, ShardFactsInspect, SyncInspect};
    use qc_types::{EpochIndex, ShardId};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Weight of the step of an epoch.
        type WeightInfo: WeightInfo;

        /// What the shards hold.
        type Facts: ShardFactsInspect;

        /// What validators observed.
        type Sync: SyncInspect<Self::AccountId>;

        /// Where incidents are raised.
        type Incidents: RaiseIncident<Self::AccountId>;

        /// The protocol's symbols: δ_curl.
        type Symbols: Get<Symbols>;

        /// What the benchmark needs of the runtime.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper;
    }

    /// The field graph with its cycle basis, as genesis built it.
    #[pallet::storage]
    pub type Topology<T> = StorageValue<_, field::Topology, OptionQuery>;

    /// The raw inputs of the last closed epoch, written before anything is computed from them. Empty before the first one.
    #[pallet::storage]
    pub type Inputs<T> = StorageValue<_, InputsRecord, OptionQuery>;

    /// What the inputs of the last closed epoch gave; of an earlier epoch where the last could not be computed.
    #[pallet::storage]
    pub type Fields<T> = StorageValue<_, FieldsRecord, OptionQuery>;

    /// The curls of what was observed; of an earlier epoch where the last could not be computed.
    #[pallet::storage]
    pub type Curls<T> = StorageValue<_, CurlsRecord, OptionQuery>;

    /// ψ and alignment of the last 100 epochs, by the epoch's number modulo 100.
    #[pallet::storage]
    pub type Histories<T> = StorageMap<_, Twox64Concat, EpochIndex, HistoryRecord, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An epoch's field was closed.
        FieldClosed {
            /// The epoch.
            epoch: EpochIndex,
            /// How well FLX went along the gradient, units of 10⁻¹⁸, in [−1, 1].
            alignment: i128,
        },
        /// What was observed has a curl on a cycle, and more than ⅓ of the set deviates (PSI-2).
        AnomalyFound {
            /// The epoch at whose end it was found.
            epoch: EpochIndex,
            /// The shards of the cycles, ascending.
            shards: PerShard<ShardId>,
        },
        /// Something of an epoch's field could not be computed. The last good values stand.
        CloseFailed {
            /// The epoch.
            epoch: EpochIndex,
        },
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// How many shards there are, 3 to 50.
        pub shards: u8,
        /// Which shards are joined: simple, connected, degrees 2 to 10, no cycle of the basis above 8.
        pub edges: Vec<(u8, u8)>,
        /// Nothing.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        /// The ring of five.
        fn default() -> Self {
            Self {
                shards: 5,
                edges: field::Topology::ring_of_five().to_vec(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // argued: there is no chain yet to return an error to, and `qc_harmonics::field::Topology::build` lets the
            // runtime look first.
            let topology = field::Topology::build(self.shards, &self.edges).expect("the edges make a field graph");
            Topology::<T>::put(topology);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(|breach| sp_runtime::TryRuntimeError::Other(breach.law()))
        }
    }
}
