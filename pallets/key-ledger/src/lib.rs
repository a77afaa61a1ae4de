#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

mod authorise;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod draft;
#[cfg(feature = "std")]
pub mod export;
mod genesis;
mod invariants;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
mod proofs;
pub mod replay;
pub mod runtime_api;
mod signatures;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod specimens;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
pub mod types;
mod views;
pub mod weights;

pub use authorise::AuthoriseError;
pub use genesis::{check_genesis_keys, GenesisFault};
pub use invariants::LawBreach;
pub use proofs::SignatureCheck;
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module; ours in it are argued one by one.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{BlockNumber, Entry, EntryHash, KeyRecord, LedgerHead, Operation, OwnerRecord, OPERATIONS_MAX},
        WeightInfo,
    };
    use alloc::vec::Vec;
    use core::iter::once;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use qc_pqc::{KeyId, PublicKey, Signature};
    use qc_traits::Delegations;
    use qc_types::{Balance, Capabilities};
    use sp_runtime::traits::BlockNumberProvider;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Weights of the calls, and of what the transaction extension does here.
        type WeightInfo: WeightInfo;

        /// FLX.
        type Native: Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons to hold FLX.
        type RuntimeHoldReason: From<HoldReason>;

        /// The pausable clock, by which a leave from protection is delayed.
        type Clock: BlockNumberProvider<BlockNumber = BlockNumber>;

        /// Who may act for an account beside its own keys.
        type Delegations: Delegations<Self::AccountId>;

        /// FLX held for the public key of an active key, plancks; given back when the key ends.
        #[pallet::constant]
        type KeyDeposit: Get<Balance>;

        /// FLX held for the record of a key, plancks. The record stays for ever, and so does the hold.
        #[pallet::constant]
        type RecordDeposit: Get<Balance>;

        /// FLX held for one change in an entry, plancks. Entries stay for ever, and so does the hold.
        #[pallet::constant]
        type EntryDeposit: Get<Balance>;

        /// Blocks of the pausable clock between `leave_pqc` and the end of protection.
        #[pallet::constant]
        type LeaveDelay: Get<BlockNumber>;
    }

    /// Why FLX is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For an account's public keys, and for ever for the records of its keys and for its entries.
        #[codec(index = 0)]
        KeyLedger,
    }

    /// Every key that there ever was, by id. Ids are digests, so they need no hashing.
    #[pallet::storage]
    pub type Keys<T: Config> = StorageMap<_, Identity, KeyId, KeyRecord<T::AccountId>, OptionQuery>;

    /// The public keys of the active keys, by id.
    #[pallet::storage]
    pub type PublicKeys<T: Config> = StorageMap<_, Identity, KeyId, PublicKey, OptionQuery>;

    /// Every account that ever had a key.
    #[pallet::storage]
    pub type Owners<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, OwnerRecord, OptionQuery>;

    /// The chain of entries, by index.
    #[pallet::storage]
    pub type Entries<T: Config> = StorageMap<_, Twox64Concat, u64, Entry<T::AccountId>, OptionQuery>;

    /// The end of the chain of entries.
    #[pallet::storage]
    pub type Head<T> = StorageValue<_, LedgerHead, ValueQuery>;

    /// Whom the transaction that is running acts for, and by which key. Empty outside of a version 1 transaction. Every block
    /// begins by writing it, so it costs no access to the database.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Authorised<T: Config> = StorageValue<_, (T::AccountId, KeyId), OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A key was registered.
        KeyRegistered {
            /// The account it acts for.
            owner: T::AccountId,
            /// The key.
            key: KeyId,
            /// What it may be used for.
            capabilities: Capabilities,
        },
        /// A new key took an old one's place, of the same capabilities. The old one authorises nothing any more.
        KeyRotated {
            /// The account they act for.
            owner: T::AccountId,
            /// The old key.
            from: KeyId,
            /// The new one.
            to: KeyId,
        },
        /// A key's capabilities were set.
        CapabilitiesSet {
            /// The account it acts for.
            owner: T::AccountId,
            /// The key.
            key: KeyId,
            /// What it may be used for from now on.
            capabilities: Capabilities,
        },
        /// A key was revoked: it authorises nothing any more.
        KeyRevoked {
            /// The account it acted for.
            owner: T::AccountId,
            /// The key.
            key: KeyId,
        },
        /// From now on only post-quantum keys act for the account.
        PqcRequired {
            /// The account.
            owner: T::AccountId,
        },
        /// The account asked to act classically again.
        PqcLeaveRequested {
            /// The account.
            owner: T::AccountId,
            /// The block of the pausable clock at which it may.
            at: BlockNumber,
            /// The key that asked for it.
            by: KeyId,
        },
        /// The leave that was pending was called off, by its account or because the key that asked for it was revoked, rotated
        /// out or lost MANAGE.
        PqcLeaveCalledOff {
            /// The account, which stays protected.
            owner: T::AccountId,
        },
        /// The chain of entries grew by one. What is in it is in the events before this one.
        EntryAppended {
            /// Its index.
            index: u64,
            /// Its hash, the head from now on.
            hash: EntryHash,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A key of this id was registered before, by whomever: no id is ever used again.
        KeyExists,
        /// There is no key of this id.
        KeyUnknown,
        /// The key acts for another account.
        KeyForeign,
        /// The key was rotated out or revoked.
        KeyEnded,
        /// The account has as many active keys as it may have.
        TooManyKeys,
        /// The proof of possession is not the new key's signature over this chain, account, nonce, key and capabilities.
        PossessionUnproven,
        /// The old key did not sign this rotation, on this chain and at this nonce.
        RotationUnsignedByOld,
        /// The new key did not sign this rotation, on this chain and at this nonce.
        RotationUnsignedByNew,
        /// The key has exactly these capabilities.
        CapabilitiesUnchanged,
        /// A commit takes at least two operations.
        TooFewOperations,
        /// A protected account would be left without an active MANAGE key.
        LastManageKey,
        /// The key that authorised the transaction may not MANAGE.
        ManageMissing,
        /// The transaction was not authorised by a post-quantum key of the account.
        NotAuthorisedByKey,
        /// The account requires post-quantum keys already.
        AlreadyProtected,
        /// The account does not require post-quantum keys.
        NotProtected,
        /// A leave is pending already.
        LeavePending,
        /// No leave is pending.
        NoLeavePending,
        /// Protection needs two active MANAGE keys: one to use, one as its backup.
        TooFewManageKeys,
        /// Somebody else may still act for the account: a proxy, an announcement, an approval.
        DelegationsLive,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Keys of the genesis: the account, its public key, what it may be used for. Each makes an entry, in this order,
        /// without a proof (the ceremony of the genesis has proved possession) and without a deposit.
        pub keys: Vec<(T::AccountId, PublicKey, Capabilities)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // argued: there is no chain yet to return an error to, and `check_genesis_keys` lets the runtime look first.
            Pallet::<T>::build_genesis(&self.keys).expect("the keys of the genesis are all different and not too many");
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::end();
            // And once more in `on_finalize`.
            T::DbWeight::get().writes(2)
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::end();
        }

        fn integrity_test() {
            let (key, record, entry) = (T::KeyDeposit::get(), T::RecordDeposit::get(), T::EntryDeposit::get());
            assert!(key > 0 && record > 0 && entry > 0, "what is kept must be paid for");
            // So that no account is too poor to revoke a key it paid for, not even where that calls off a leave.
            assert!(key / 2 >= entry, "ending a key must free what its entry takes");
            assert!(T::LeaveDelay::get() > 0, "a leave must be delayed");
            assert!(T::Hash::default().as_ref().len() == 32, "a genesis hash has 32 bytes");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(|breach| sp_runtime::TryRuntimeError::Other(breach.law()))
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a key for the sender. `proof` is the new key's signature, purpose `Possession`, over the genesis hash,
        /// the sender, the sender's ledger nonce, the key and the capabilities. Holds [`Config::KeyDeposit`] until the key
        /// ends, and [`Config::RecordDeposit`] and [`Config::EntryDeposit`] for ever.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            public_key: PublicKey,
            capabilities: Capabilities,
            proof: Signature,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_operations(
                owner,
                once(Operation::Register {
                    public_key,
                    capabilities,
                    proof,
                }),
            )
        }

        /// Puts a new key in the place of the sender's key `from`, with the same capabilities. Both sign, purpose `Rotation`,
        /// over the genesis hash, the sender, the sender's ledger nonce, `from`, the new key and the capabilities. Moves the
        /// deposit of the public key, and holds [`Config::RecordDeposit`] and [`Config::EntryDeposit`] for ever.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::rotate())]
        pub fn rotate(
            origin: OriginFor<T>,
            from: KeyId,
            public_key: PublicKey,
            by_old: Signature,
            by_new: Signature,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_operations(
                owner,
                once(Operation::Rotate {
                    from,
                    public_key,
                    by_old,
                    by_new,
                }),
            )
        }

        /// Sets what the sender's key may be used for. Holds [`Config::EntryDeposit`] for ever.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_capabilities())]
        pub fn set_capabilities(origin: OriginFor<T>, key: KeyId, capabilities: Capabilities) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_operations(owner, once(Operation::SetCapabilities { key, capabilities }))
        }

        /// Revokes the sender's key: from the next transaction on it authorises nothing. Frees [`Config::KeyDeposit`] and
        /// holds [`Config::EntryDeposit`] for ever.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, key: KeyId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_operations(owner, once(Operation::Revoke { key }))
        }

        /// Carries out two to eight operations in their order, all or none, as one entry. Operation i is signed over the
        /// sender's ledger nonce + i.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::commit(u32::try_from(operations.len()).unwrap_or(u32::MAX)))]
        pub fn commit(
            origin: OriginFor<T>,
            operations: BoundedVec<Operation, ConstU32<OPERATIONS_MAX>>,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_commit(owner, operations)
        }

        /// From now on only post-quantum keys act for the sender. Needs two active MANAGE keys, nobody else who may act for
        /// the sender, and a transaction that a MANAGE key authorised, so that it is shown to work.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::require_pqc())]
        pub fn require_pqc(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_require_pqc(owner)
        }

        /// Asks to act classically again. It takes effect after [`Config::LeaveDelay`], unless it is called off, or the key
        /// that asked is revoked, rotated out or loses MANAGE.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::leave_pqc())]
        pub fn leave_pqc(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_leave_pqc(owner)
        }

        /// Calls the sender's pending leave off.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::keep_pqc())]
        pub fn keep_pqc(origin: OriginFor<T>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_keep_pqc(owner)
        }
    }
}
