#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

mod assets;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod burn;
mod commons;
mod epoch;
mod genesis;
mod guard;
mod homes;
mod invariants;
mod meter;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
pub mod runtime_api;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
pub mod types;
pub mod weights;

pub use guard::is_open as is_guard_open;
pub use invariants::LawBreach;
pub use meter::MeteredAccounts;
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module; ours in it are argued one by one.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{types::PendingMoveRecord, WeightInfo};
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, MutateHold},
            fungibles,
        },
        PalletId,
    };
    use frame_system::pallet_prelude::*;
    use qc_traits::{AttunementInspect, DebitGate, EpochInspect, HaltGate, RaiseIncident};
    use qc_types::{AssetId, Balance, EpochIndex, Home, ShardId, TokenId};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountData = pallet_balances::AccountData<Balance>, RuntimeEvent: From<Event<Self>>>
    {
        /// Weights of the calls and of the steps of an epoch.
        type WeightInfo: WeightInfo;

        /// FLX: `pallet-balances`, whose `AccountStore` is [`crate::MeteredAccounts`].
        type Native: Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons to hold FLX.
        type RuntimeHoldReason: From<HoldReason>;

        /// CHR, PSY, ATR and RES: `pallet-assets`, whose `Freezer` is this pallet.
        type Assets: fungibles::Inspect<Self::AccountId, AssetId = AssetId, Balance = Balance>
            + fungibles::Mutate<Self::AccountId>;

        /// Who may move PSY.
        type Attunement: AttunementInspect<Self::AccountId>;

        /// Who may be debited now.
        type Debits: DebitGate<Self::AccountId>;

        /// What is halted.
        type Halt: HaltGate<Self::AccountId>;

        /// The running epoch.
        type Epochs: EpochInspect;

        /// Told when a conservation law does not hold at the end of an epoch.
        type Incidents: RaiseIncident<Self::AccountId>;

        /// The treasury's account is derived from it: the *ground* vertex, in no shard.
        #[pallet::constant]
        type TreasuryId: Get<PalletId>;

        /// The commons pots' accounts are derived from it, one per shard.
        #[pallet::constant]
        type CommonsId: Get<PalletId>;

        /// FLX held for the record of an account whose home is not the one that its hash gives, plancks.
        #[pallet::constant]
        type HomeDeposit: Get<Balance>;

        /// The most moves of home that can take effect at the end of one epoch.
        #[pallet::constant]
        type MovesPerEpochMax: Get<u32>;
    }

    /// Why FLX is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For the record of an explicit home shard, from the request of the move until the account is home by hash again.
        #[codec(index = 0)]
        Home,
    }

    /// N, the number of shards: fixed at genesis, 3 to 50.
    #[pallet::storage]
    pub type ShardCount<T> = StorageValue<_, u8, ValueQuery>;

    /// The accounts whose home is not the one that their hash gives. Each is paid for by [`Config::HomeDeposit`].
    #[pallet::storage]
    pub type HomeShards<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, ShardId, OptionQuery>;

    /// The moves of home under way, by account. Each is paid for by [`Config::HomeDeposit`].
    #[pallet::storage]
    pub type PendingMoves<T: Config> = StorageMap<_, Twox64Concat, T::AccountId, PendingMoveRecord, OptionQuery>;

    /// The accounts whose move takes effect at the end of an epoch, in order of request.
    #[pallet::storage]
    pub type MoveQueues<T: Config> =
        StorageMap<_, Twox64Concat, EpochIndex, BoundedVec<T::AccountId, T::MovesPerEpochMax>, ValueQuery>;

    /// FLX in plancks of all accounts at home in a shard (its commons pot included), and of the ground. Exact at every
    /// moment: [`crate::MeteredAccounts`] writes it with each change of an account.
    #[pallet::storage]
    pub type FlxTotals<T> = StorageMap<_, Identity, Home, Balance, ValueQuery>;

    /// CHR in plancks of all accounts at home in a shard, its commons pot included.
    #[pallet::storage]
    pub type ChrTotals<T> = StorageMap<_, Identity, ShardId, Balance, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A move of home was asked for.
        HomeMoveRequested {
            /// Whose home.
            who: T::AccountId,
            /// The shard it is to be.
            to: ShardId,
            /// The epoch at whose end it takes effect.
            effective: EpochIndex,
        },
        /// A move of home was called off by its account.
        HomeMoveCancelled {
            /// Whose home.
            who: T::AccountId,
        },
        /// An account moved home, with all that it holds.
        HomeMoved {
            /// Whose home.
            who: T::AccountId,
            /// The shard it was.
            from: ShardId,
            /// The shard it is now.
            to: ShardId,
        },
        /// A move of home was dropped when it came due, because its account or the chain was halted or a total did not add up.
        HomeMoveDropped {
            /// Whose home.
            who: T::AccountId,
            /// Why.
            reason: DispatchError,
        },
        /// CHR moved from a commons pot to an account.
        ChrAwarded {
            /// Who earned it.
            who: T::AccountId,
            /// How much, plancks.
            amount: Balance,
        },
        /// CHR moved from an account back to its commons pot.
        ChrForfeited {
            /// Who lost it.
            who: T::AccountId,
            /// How much, plancks.
            amount: Balance,
        },
        /// A conservation law was found broken at the end of an epoch: the ledger is corrupt.
        ConservationBroken {
            /// The token whose law it is.
            token: TokenId,
            /// What the law says there must be, plancks.
            expected: Balance,
            /// What was found, plancks.
            found: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no shard of that number.
        ShardUnknown,
        /// The account is at home there already.
        AlreadyHome,
        /// The account has a move under way: cancel it first.
        MovePending,
        /// The account has no move under way.
        NoMovePending,
        /// As many moves as an epoch can take are asked for already: try again in the next epoch.
        MoveQueueFull,
        /// The account or its shard is halted: nobody leaves a halted shard.
        Halted,
        /// Protocol accounts have the home that the protocol gives them.
        ProtocolAccount,
        /// The account takes debits only inside a transaction that a post-quantum key of its own signed.
        PqcRequired,
        /// A total would leave the range of a balance, or fall below what an account takes out of it.
        TotalOutOfRange,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// N, the number of shards, 3 to 50.
        pub shards: u8,
        /// CHR at genesis in plancks, the commons pots' included; no account twice.
        pub chr: Vec<(T::AccountId, Balance)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // argued: there is no chain yet to return an error to, and the runtime's `build_state` checks all this first.
            Pallet::<T>::build_genesis(self.shards, &self.chr).expect("the genesis hands out the CHR that there is");
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Does nothing but pay for what the block's transactions share: the totals of all homes, the number of shards and
        /// the treasury's account are read from and written to the database once a block, so the benchmarks of the calls
        /// leave them out.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let shards = u64::from(ShardCount::<T>::get());
            // argued: a number below 256 and a constant
            T::DbWeight::get().reads_writes(shards.saturating_add(3), shards.saturating_add(2))
        }

        fn integrity_test() {
            assert!(
                T::MovesPerEpochMax::get() > 0,
                "an epoch must take at least one move of home"
            );
            assert!(T::HomeDeposit::get() > 0, "a record of a home must be paid for");
            assert!(
                T::TreasuryId::get() != T::CommonsId::get(),
                "the treasury is no commons pot"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(|breach| sp_runtime::TryRuntimeError::Other(breach.law()))
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Asks to move the sender's home to shard `to`. It takes effect at the end of the epoch after the next one; until
        /// then it can be cancelled. Holds [`Config::HomeDeposit`], given back once the account is at home by hash again.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::request_home_move())]
        pub fn request_home_move(origin: OriginFor<T>, to: ShardId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_request_home_move(who, to)
        }

        /// Calls the sender's move of home off.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::cancel_home_move())]
        pub fn cancel_home_move(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel_home_move(who)
        }
    }
}
