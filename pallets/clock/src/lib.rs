#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

pub use pallet::*;

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;

// FRAME's macros write `expect` into this module; ours in it are argued one by one.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{pallet_prelude::*, weights::Weight};
    use frame_system::pallet_prelude::*;
    use qc_traits::HaltGate;
    use sp_runtime::traits::{BlockNumberProvider, CheckedAdd, CheckedSub, One, Zero};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// What is halted.
        type Halt: HaltGate<Self::AccountId>;
    }

    /// Length of an epoch, and so of a session, in blocks. Fixed at genesis.
    #[pallet::storage]
    pub type EpochBlocks<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// How many blocks the pausable clock stood still for, since genesis.
    #[pallet::storage]
    pub type PausedBlocks<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Length of an epoch in blocks.
        pub epoch_blocks: BlockNumberFor<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            EpochBlocks::<T>::put(self.epoch_blocks);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            if !T::Halt::is_chain_halted() {
                return Weight::zero();
            }
            PausedBlocks::<T>::mutate(|paused| match paused.checked_add(&One::one()) {
                Some(next) => *paused = next,
                None => log::error!(target: "runtime::clock", "more paused blocks than block numbers"),
            });
            T::DbWeight::get().reads_writes(1, 1)
        }
    }

    /// The pausable clock: the number of blocks in which the chain was not halted.
    impl<T: Config> BlockNumberProvider for Pallet<T> {
        type BlockNumber = BlockNumberFor<T>;

        fn current_block_number() -> Self::BlockNumber {
            let now = frame_system::Pallet::<T>::block_number();
            // Never more paused than there were blocks: each adds at most one.
            now.checked_sub(&PausedBlocks::<T>::get()).unwrap_or_else(Zero::zero)
        }

        #[cfg(any(feature = "std", test))]
        fn set_block_number(block: Self::BlockNumber) {
            frame_system::Pallet::<T>::set_block_number(block);
            PausedBlocks::<T>::kill();
        }
    }

    /// The length of an epoch for `pallet_session::PeriodicSessions`; 1 until genesis has set it, never 0.
    impl<T: Config> Get<BlockNumberFor<T>> for Pallet<T> {
        fn get() -> BlockNumberFor<T> {
            EpochBlocks::<T>::get().max(One::one())
        }
    }
}
