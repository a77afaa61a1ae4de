//! A runtime small enough to see through: balances, the key ledger, a clock and delegations that tests set.

use crate as pallet_key_ledger;
use crate::types::{BlockNumber, Operation};
use codec::Encode;
use core::cell::{Cell, RefCell};
use frame_support::{
    derive_impl,
    traits::{ConstU128, ConstU32, UnfilteredDispatchable},
    weights::{constants::RocksDbWeight, Weight},
};
use qc_pqc::{KeyId, PublicKey, Purpose, SecretKey, Signature};
use qc_traits::{possession_payload, rotation_payload, Delegations};
use qc_types::{Balance, Capabilities};
use sp_core::H256;
use sp_runtime::{
    traits::{BlockNumberProvider, IdentityLookup},
    AccountId32, BuildStorage, DispatchError, DispatchResult,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

pub type AccountId = AccountId32;

/// The least FLX that an account may hold.
pub const ED: Balance = 10;
/// FLX held for a public key.
pub const KEY_DEPOSIT: Balance = 2_700;
/// FLX held for a key's record, for ever.
pub const RECORD_DEPOSIT: Balance = 250;
/// FLX held for a change, for ever.
pub const ENTRY_DEPOSIT: Balance = 300;
/// FLX of every user at genesis.
pub const USER_FLX: Balance = 1_000_000;
/// Blocks of the pausable clock from `leave_pqc` to the end of protection.
pub const LEAVE_DELAY: BlockNumber = 700;

/// User n: 32 bytes of value n.
pub fn user(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

#[frame_support::runtime]
mod runtime {
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
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type KeyLedger = pallet_key_ledger;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = RocksDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<ED>;
    type AccountStore = System;
}

impl pallet_key_ledger::Config for Test {
    type WeightInfo = Weights;
    type Native = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Clock = Clock;
    type Delegations = Delegated;
    type KeyDeposit = ConstU128<KEY_DEPOSIT>;
    type RecordDeposit = ConstU128<RECORD_DEPOSIT>;
    type EntryDeposit = ConstU128<ENTRY_DEPOSIT>;
    type LeaveDelay = ConstU32<LEAVE_DELAY>;
}

/// Weights that can be told apart.
pub struct Weights;

impl crate::WeightInfo for Weights {
    fn register() -> Weight {
        Weight::from_parts(11, 0)
    }
    fn rotate() -> Weight {
        Weight::from_parts(13, 0)
    }
    fn set_capabilities() -> Weight {
        Weight::from_parts(17, 0)
    }
    fn revoke() -> Weight {
        Weight::from_parts(19, 0)
    }
    fn commit(n: u32) -> Weight {
        Weight::from_parts(100, 0).saturating_mul(n.into())
    }
    fn require_pqc() -> Weight {
        Weight::from_parts(23, 0)
    }
    fn leave_pqc() -> Weight {
        Weight::from_parts(29, 0)
    }
    fn keep_pqc() -> Weight {
        Weight::from_parts(31, 0)
    }
    fn authorise(l: u32) -> Weight {
        Weight::from_parts(37, 0).saturating_add(Weight::from_parts(1, 0).saturating_mul(l.into()))
    }
}

std::thread_local! {
    static PAUSED: Cell<BlockNumber> = const { Cell::new(0) };
    static DELEGATED: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
}

/// The block number, less the blocks that a test paused with [`pause`].
pub struct Clock;

impl BlockNumberProvider for Clock {
    type BlockNumber = BlockNumber;

    fn current_block_number() -> BlockNumber {
        System::block_number() - PAUSED.get()
    }
}

/// Somebody acts for whom a test names with [`set_delegated`].
pub struct Delegated;

impl Delegations<AccountId> for Delegated {
    fn has_live(who: &AccountId) -> bool {
        DELEGATED.with_borrow(|delegated| delegated.contains(who))
    }
}

/// The pausable clock stands still for as many blocks.
pub fn pause(blocks: BlockNumber) {
    PAUSED.set(PAUSED.get() + blocks);
}

pub fn set_delegated(who: &AccountId, delegated: bool) {
    DELEGATED.with_borrow_mut(|set| {
        if delegated {
            set.insert(who.clone())
        } else {
            set.remove(who)
        }
    });
}

/// A key pair of the tests.
pub type Pair = Arc<SecretKey>;

/// Key pair n, the same every time; made once.
pub fn pair(n: u16) -> Pair {
    static PAIRS: Mutex<BTreeMap<u16, Pair>> = Mutex::new(BTreeMap::new());
    let mut pairs = PAIRS.lock().unwrap_or_else(|error| error.into_inner());
    let made = pairs.entry(n).or_insert_with(|| {
        let [high, low] = n.to_be_bytes();
        let mut seed = [0x5e; 32];
        seed[30..].copy_from_slice(&[high, low]);
        Arc::new(SecretKey::from_seed(&seed))
    });
    made.clone()
}

/// The public key of pair n.
pub fn public(n: u16) -> PublicKey {
    pair(n).public().clone()
}

/// The id of pair n.
pub fn id(n: u16) -> KeyId {
    KeyId::of(pair(n).public())
}

/// The genesis hash of the mock's chain.
pub fn genesis_hash() -> [u8; 32] {
    System::block_hash(0).0
}

/// Pair n signs.
pub fn sign(n: u16, purpose: Purpose, genesis: &[u8; 32], payload: &[u8]) -> Signature {
    pair(n)
        .sign_deterministic(purpose, genesis, payload)
        .expect("the pair signs")
}

/// The ledger nonce of an account.
pub fn nonce(who: &AccountId) -> u32 {
    KeyLedger::owner_view(who).nonce
}

/// Pair n's proof of possession at a nonce of the account.
pub fn proof_at(who: &AccountId, nonce: u32, n: u16, capabilities: Capabilities) -> Signature {
    let payload = possession_payload(who, nonce, &public(n), capabilities);
    sign(n, Purpose::Possession, &genesis_hash(), &payload)
}

/// Registers pair n at a nonce of the account.
pub fn register_at(who: &AccountId, nonce: u32, n: u16, capabilities: Capabilities) -> Operation {
    Operation::Register {
        public_key: public(n),
        capabilities,
        proof: proof_at(who, nonce, n, capabilities),
    }
}

/// Rotates pair `from` to pair `to` at a nonce of the account, keeping capabilities.
pub fn rotate_at(who: &AccountId, nonce: u32, from: u16, to: u16, capabilities: Capabilities) -> Operation {
    let payload = rotation_payload(who, nonce, &id(from), &public(to), capabilities);
    let by = |n| sign(n, Purpose::Rotation, &genesis_hash(), &payload);
    Operation::Rotate {
        from: id(from),
        public_key: public(to),
        by_old: by(from),
        by_new: by(to),
    }
}

/// The call of its own that an operation has.
pub fn call(operation: Operation) -> crate::Call<Test> {
    match operation {
        Operation::Register {
            public_key,
            capabilities,
            proof,
        } => crate::Call::register {
            public_key,
            capabilities,
            proof,
        },
        Operation::Rotate {
            from,
            public_key,
            by_old,
            by_new,
        } => crate::Call::rotate {
            from,
            public_key,
            by_old,
            by_new,
        },
        Operation::SetCapabilities { key, capabilities } => crate::Call::set_capabilities { key, capabilities },
        Operation::Revoke { key } => crate::Call::revoke { key },
    }
}

/// A commit of operations.
pub fn commit(operations: Vec<Operation>) -> crate::Call<Test> {
    crate::Call::commit {
        operations: operations.try_into().expect("no more than a commit takes"),
    }
}

/// Dispatches a call by a classical signature, as the runtime would: what fails leaves nothing behind.
pub fn classical(who: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
    let call: RuntimeCall = call.into();
    call.dispatch_bypass_filter(RuntimeOrigin::signed(who.clone()))
        .map(|_| ())
        .map_err(|error| error.error)
}

/// Dispatches a call inside a transaction that pair n authorised for its owner. Of one that fails the use is taken back, which
/// no real transaction does, so that a test can compare all of the state.
pub fn by_key(n: u16, call: impl Into<RuntimeCall>) -> DispatchResult {
    let before = crate::Keys::<Test>::get(id(n)).expect("a registered key");
    let owner = before.owner;
    KeyLedger::begin(&owner, &id(n));
    let done = classical(&owner, call);
    KeyLedger::end();
    if done.is_err() {
        crate::Keys::<Test>::mutate_extant(id(n), |record| {
            record.uses = before.uses;
            record.last_used = before.last_used;
        });
    }
    done
}

/// Pair n is registered for an account, by a classical signature.
pub fn register(who: &AccountId, n: u16, capabilities: Capabilities) {
    let operation = register_at(who, nonce(who), n, capabilities);
    assert_eq!(classical(who, call(operation)), Ok(()));
}

/// An account with two MANAGE keys, pairs n and n + 1, that requires post-quantum keys.
pub fn protect(who: &AccountId, n: u16) {
    register(who, n, Capabilities::ALL);
    register(who, n + 1, Capabilities::MANAGE);
    assert_eq!(by_key(n, crate::Call::require_pqc {}), Ok(()));
}

/// The genesis of the tests: eight users with FLX, no key.
pub fn genesis() -> RuntimeGenesisConfig {
    RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..=8).map(|n| (user(n), USER_FLX)).collect(),
            dev_accounts: None,
        },
        ..Default::default()
    }
}

/// The state after a genesis, at block 1, with nobody delegated and a clock that never stood still.
pub fn externalities(genesis: &RuntimeGenesisConfig) -> sp_io::TestExternalities {
    DELEGATED.with_borrow_mut(BTreeSet::clear);
    PAUSED.set(0);
    let mut ext = sp_io::TestExternalities::new(genesis.build_storage().expect("the genesis is sound"));
    ext.execute_with(|| {
        System::set_block_number(1);
        frame_system::BlockHash::<Test>::insert(0, H256([0xc4; 32]));
    });
    ext
}

/// Runs a test on the genesis state, and ends it by checking every law.
pub fn execute(test: impl FnOnce()) {
    externalities(&genesis()).execute_with(|| {
        test();
        assert_lawful();
    });
}

/// Every law holds.
pub fn assert_lawful() {
    assert_eq!(KeyLedger::check_laws(), Ok(()));
}

/// Lets a test break what it likes, and takes all of it back.
pub fn undone<R>(test: impl FnOnce() -> R) -> R {
    use sp_runtime::TransactionOutcome::Rollback;
    frame_support::storage::with_transaction(|| Rollback(Ok::<R, DispatchError>(test()))).expect("layers are left")
}

/// Asserts that a call fails with an error of the pallet and changes nothing at all.
#[track_caller]
pub fn assert_refused(error: crate::Error<Test>, attempt: impl FnOnce() -> DispatchResult) {
    let before = sp_io::storage::root(sp_core::storage::StateVersion::V1);
    assert_eq!(attempt(), Err(error.into()));
    let after = sp_io::storage::root(sp_core::storage::StateVersion::V1);
    assert_eq!(before, after, "a refused call left something behind");
}

/// What an account has held for its keys.
pub fn held(who: &AccountId) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    Balances::balance_on_hold(&crate::HoldReason::KeyLedger.into(), who)
}

/// The events of the key ledger since the last time that a test asked.
pub fn ledger_events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}

/// Every entry, in order.
pub fn entries() -> Vec<crate::types::Entry<AccountId>> {
    (0..KeyLedger::head().count)
        .map(|index| crate::Entries::<Test>::get(index).expect("an entry for every index"))
        .collect()
}

/// The changes of the last entry.
pub fn last_changes() -> Vec<crate::types::Change> {
    entries().pop().expect("there is an entry").changes.into_inner()
}

/// SCALE of something, for what a test signs by hand.
pub fn scale(value: impl Encode) -> Vec<u8> {
    value.encode()
}
