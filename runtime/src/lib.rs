//! The Quantum Currency runtime: introduces the pallets to each other, orders the end of an epoch, and says what a genesis is.
//!
//! Where to look: `configs/` one room per concern, `epoch.rs` the order of the epoch, `extensions.rs` the two transaction
//! pipelines, `authority.rs` for whom a call acts and what a key must be able to do for it, `filter.rs` and `halt.rs` what nobody may call, `genesis/` presets and their checks, `apis.rs` what the node
//! and its clients may ask, `weights/` generated.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]
#![recursion_limit = "512"]
// The macros of FRAME and of the runtime APIs generate items without documentation, and no attribute reaches into them.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

pub mod apis;
pub mod authority;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod epoch;
pub mod extensions;
pub mod filter;
pub mod genesis;
pub mod halt;
pub mod signatures;
pub mod weights;

pub use extensions::{TxExtension, TxExtensionV1};

use alloc::vec::Vec;
use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentifyAccount, PipelineAtVers, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::{runtime_version, RuntimeVersion};

pub use qc_types::Balance;

/// Number of a block.
pub type BlockNumber = u32;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// Hash of a block or of anything else.
pub type Hash = sp_core::H256;
/// A classical signature: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// An account: 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block as the node sees it: extrinsics are bytes, whatever a later runtime makes of them; in JSON, hex.
pub type OpaqueBlock = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
/// An extrinsic as it comes from outside. Version 0 of the extensions is the ordinary pipeline of every wallet; version 1 is
/// the one that post-quantum keys authorise.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension, PipelineAtVers<1, TxExtensionV1>>;
/// What a classical signature of a transaction covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// Migrations that run in one block, oldest first. None yet.
pub type SingleBlockMigrations = ();
/// Executes blocks.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

/// Milliseconds between two blocks.
pub const SLOT_MILLIS: u64 = 2_000;
/// One whole FLX in plancks.
pub const FLX: Balance = qc_types::PLANCKS_PER_WHOLE;
/// A thousandth of an FLX in plancks.
pub const MILLI_FLX: Balance = FLX / 1_000;
/// The smallest amount of FLX that an account may hold: what keeping it in state is worth.
pub const EXISTENTIAL_DEPOSIT: Balance = 10 * MILLI_FLX;

/// What FLX is held or reserved for state that a user makes the chain keep: `items` storage items of `bytes` bytes in all.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 100 * MILLI_FLX + bytes as Balance * MILLI_FLX
}

/// Bare extrinsics: the reports of GRANDPA equivocations, which the pallet makes by itself.
impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<LocalCall> frame_system::offchain::CreateBare<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

/// Transactions that need nobody's account: their call says who authorises it. Of version 0.
impl<LocalCall> frame_system::offchain::CreateTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extension = TxExtension;

    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_transaction(call, extension)
    }
}

impl<LocalCall> frame_system::offchain::CreateAuthorizedTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    fn create_extension() -> TxExtension {
        extensions::of_nobody()
    }
}

/// The transaction of a call that authorises itself, a validator's report for instance: free, and signed by no account.
pub fn authorized_transaction(call: RuntimeCall) -> UncheckedExtrinsic {
    UncheckedExtrinsic::new_transaction(call, extensions::of_nobody())
}

sp_runtime::impl_opaque_keys! {
    /// The keys with which a validator takes part in classical consensus.
    pub struct SessionKeys {
        /// Authors blocks (sr25519).
        pub aura: Aura,
        /// Votes on finality (ed25519).
        pub grandpa: Grandpa,
    }
}

/// What runtime this is.
#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: alloc::borrow::Cow::Borrowed("quantum-currency"),
    impl_name: alloc::borrow::Cow::Borrowed("quantum-currency"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    /// The runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Clock = pallet_clock;

    // Genesis is built in the order of the indices: the assets exist, then the economy knows the shards and hands CHR out, then the meter
    // counts every balance.
    #[runtime::pallet_index(6)]
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(7)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(8)]
    pub type Economy = pallet_economy;
    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(12)]
    pub type KeyLedger = pallet_key_ledger;

    // Counts slots before the session rotates and before Aura notes the slot: hooks run in the order of the indices.
    #[runtime::pallet_index(14)]
    pub type Attunement = pallet_attunement;
    #[runtime::pallet_index(15)]
    pub type Field = pallet_field;
    #[runtime::pallet_index(16)]
    pub type Sync = pallet_sync;
    #[runtime::pallet_index(17)]
    pub type Incidents = pallet_cir;

    // Before the session: whoever the end of an epoch disables in a block of its own has made that block rightly.
    #[runtime::pallet_index(18)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(19)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(21)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(22)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(24)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(25)]
    pub type Offences = pallet_offences;

    #[runtime::pallet_index(40)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(41)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(42)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(43)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(44)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(45)]
    pub type MultiBlockMigrations = pallet_migrations;
}
