#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

mod authorize;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod epoch;
mod invariants;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
mod refusal;
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
pub use refusal::{code, Refusal};
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{Boundary, Filing, Outcome, Strike, StrikesBound, EDGES_MAX},
        WeightInfo,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::{ensure_authorized, pallet_prelude::*};
    use qc_harmonics::{
        symbols::Symbols,
        sync::{Breach, Report},
    };
    use qc_pqc::{KeyId, Signature};
    use qc_traits::{Conduct, FieldInspect, KeyInspect, RaiseIncident, ReportedEpochInspect, TopologyInspect};
    use qc_types::EpochIndex;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Weights of the call and of the steps.
        type WeightInfo: WeightInfo;

        /// Post-quantum keys.
        type Keys: KeyInspect<Self::AccountId>;

        /// Who reports now, and what the chain itself holds true of the last closed epoch.
        type Reported: ReportedEpochInspect<Self::AccountId>;

        /// The field graph.
        type Topology: TopologyInspect;

        /// ψ of the last closed epoch.
        type Field: FieldInspect;

        /// Punishes.
        type Conduct: Conduct<Self::AccountId>;

        /// Where incidents are raised.
        type Incidents: RaiseIncident<Self::AccountId>;

        /// The protocol's symbols.
        type Symbols: Get<Symbols>;

        /// The most validators that are active at a time.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// What benchmarks need of the runtime.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper<Self::AccountId>;
    }

    /// The epoch that closed last, on which reports are due, and its boundary block.
    #[pallet::storage]
    pub type LastBoundary<T: Config> = StorageValue<_, Boundary<BlockNumberFor<T>>, OptionQuery>;

    /// What validators handed in about the epoch that closed last. Emptied when their reports are closed.
    #[pallet::storage]
    pub type Filings<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Filing, OptionQuery>;

    /// The strikes that still count, by ascending epoch. Kept for the window, also of who left the set: leaving wipes nothing.
    #[pallet::storage]
    pub type Strikes<T: Config> = StorageValue<_, BoundedVec<Strike<T::AccountId>, StrikesBound<T>>, ValueQuery>;

    /// f2 of every validator as of the sync that closed last; empty where nothing was due.
    #[pallet::storage]
    pub type Conformities<T: Config> = StorageValue<_, BoundedVec<(T::AccountId, u128), T::MaxValidators>, ValueQuery>;

    /// The observed gradients as of the sync that closed last, aligned with the edges of the field graph.
    #[pallet::storage]
    pub type ObservedGradients<T> = StorageValue<_, BoundedVec<Option<i128>, ConstU32<EDGES_MAX>>, ValueQuery>;

    /// What the sync that closed last came to; nothing where none was due in the epoch that ended last.
    #[pallet::storage]
    pub type LastOutcome<T> = StorageValue<_, Outcome, OptionQuery>;

    /// What the last syncs came to, by the epoch reported on modulo [`HISTORY_EPOCHS`](crate::types::HISTORY_EPOCHS).
    #[pallet::storage]
    pub type History<T> = StorageMap<_, Twox64Concat, EpochIndex, Outcome, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator reported.
        ReportFiled {
            /// The validator.
            validator: T::AccountId,
            /// The epoch that it reported on.
            epoch: EpochIndex,
        },
        /// A validator reported something else than before on the same epoch: both reports are void.
        ReportsVoided {
            /// The validator.
            validator: T::AccountId,
            /// The epoch that it reported on.
            epoch: EpochIndex,
        },
        /// The reports on an epoch were judged.
        SyncClosed {
            /// The epoch.
            epoch: EpochIndex,
            /// How many reports counted.
            came: u32,
            /// Ψ*, units of 10⁻¹⁸; none unless more than ⅔ of the set reported.
            consensus: Option<u128>,
        },
        /// A validator got a strike.
        ValidatorStruck {
            /// The validator.
            validator: T::AccountId,
            /// The epoch that it reported on.
            epoch: EpochIndex,
            /// How many of its strikes count now, this one included.
            strikes: u32,
        },
        /// A validator reported a ψ or a code that is not the chain's.
        TamperingFound {
            /// The validator.
            validator: T::AccountId,
            /// The epoch that it reported on.
            epoch: EpochIndex,
        },
        /// More than ⅓ of the set deviated; nobody is punished for this epoch.
        BreachFound {
            /// The epoch reported on.
            epoch: EpochIndex,
            /// Whether they agree with each other.
            breach: Breach,
        },
        /// The reports on an epoch could not be judged: a computation was undefined. No f2 and no strikes.
        JudgementFailed {
            /// The epoch.
            epoch: EpochIndex,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no key of this id.
        KeyUnknown,
        /// The validator has reported exactly this.
        AlreadyReported,
        /// The validator's reports on this epoch void each other already.
        AlreadyVoid,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::see_boundary(now)
        }

        fn integrity_test() {
            assert!(T::MaxValidators::get() > 0, "somebody must report");
            assert!(T::Hash::default().as_ref().len() == 32, "a block's hash has 32 bytes");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(sp_runtime::TryRuntimeError::Other)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Reports on the epoch that closed last. Sent by a validator's node as a general transaction of version 0: free, and
        /// valid only when it is due and signed. `signature` is by `key`, purpose `Report`, over the genesis hash and
        /// [`Report::payload`]; `key` is an active key with SEAL of a validator of the running set, and that is who reports.
        #[pallet::call_index(0)]
        #[pallet::weight((T::WeightInfo::report(), DispatchClass::Operational, Pays::No))]
        #[pallet::authorize(Self::authorize_report)]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_report())]
        pub fn report(origin: OriginFor<T>, report: Report, key: KeyId, signature: Signature) -> DispatchResult {
            ensure_authorized(origin)?;
            // Verified by the authorisation, in this same transaction.
            let _ = signature;
            Self::file(report, &key)
        }
    }
}
