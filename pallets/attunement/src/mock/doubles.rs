//! Doubles for the seams: each knows what a test told it.

use super::{pot, AccountId, Assets, Test};
use core::cell::{Cell, RefCell};
use frame_support::traits::{
    fungibles::Mutate,
    tokens::{Fortitude::Force, Precision::Exact, Preservation::Expendable},
    Contains, Get,
};
use qc_pqc::{KeyId, PublicKey};
use qc_traits::{
    DisableValidator, Dissonance, DutyInspect, EpochInspect, HaltGate, IncidentCause, KeyInfo, KeyInspect,
    RaiseIncident, SlotFacts, SlotSpan, SyncInspect, TokenBurn,
};
use qc_types::{Balance, Capabilities, CirCode, EpochIndex, Home, Scope, ShardId, TokenId};
use sp_runtime::{
    traits::{BlockNumberProvider, Convert},
    DispatchError, DispatchResult,
};
use std::collections::{BTreeMap, BTreeSet};

std::thread_local! {
    static RUNNING: RefCell<Vec<AccountId>> = const { RefCell::new(Vec::new()) };
    static QUEUED: RefCell<Vec<AccountId>> = const { RefCell::new(Vec::new()) };
    static DISABLED: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
    static KEYLESS: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
    static KEYS: RefCell<BTreeMap<KeyId, (AccountId, bool)>> = const { RefCell::new(BTreeMap::new()) };
    static SPAN: Cell<Option<SlotSpan>> = const { Cell::new(None) };
    static EPOCH: Cell<EpochIndex> = const { Cell::new(0) };
    static BLOCK: Cell<u32> = const { Cell::new(0) };
    static HALTED: Cell<bool> = const { Cell::new(false) };
    static INCIDENTS: RefCell<Vec<(CirCode, Scope<AccountId>, IncidentCause)>> = const { RefCell::new(Vec::new()) };
    static SEALS: RefCell<BTreeMap<AccountId, u128>> = const { RefCell::new(BTreeMap::new()) };
    static CONFORMITY: RefCell<BTreeMap<AccountId, u128>> = const { RefCell::new(BTreeMap::new()) };
    static PACKETS: RefCell<BTreeMap<AccountId, u128>> = const { RefCell::new(BTreeMap::new()) };
    static VOTES: RefCell<BTreeMap<AccountId, u128>> = const { RefCell::new(BTreeMap::new()) };
    static DISSONANCE: RefCell<BTreeMap<AccountId, u128>> = const { RefCell::new(BTreeMap::new()) };
}

/// The session: the running set, the one that follows, and who is disabled.
pub struct Session;

impl Get<Vec<AccountId>> for Session {
    fn get() -> Vec<AccountId> {
        RUNNING.with_borrow(Clone::clone)
    }
}

impl EpochInspect for Session {
    fn current_epoch() -> EpochIndex {
        EPOCH.get()
    }
}

impl DisableValidator<AccountId> for Session {
    fn disable(who: &AccountId) {
        if RUNNING.with_borrow(|running| running.contains(who)) {
            DISABLED.with_borrow_mut(|disabled| disabled.insert(who.clone()));
        }
    }
}

/// Everybody has session keys whom a test did not take them from.
pub struct SessionKeys;

impl Contains<AccountId> for SessionKeys {
    fn contains(who: &AccountId) -> bool {
        KEYLESS.with_borrow(|keyless| !keyless.contains(who))
    }
}

/// The home of user n is shard n modulo 5; pots are in their own.
pub struct Homes;

impl Convert<AccountId, Home> for Homes {
    fn convert(who: AccountId) -> Home {
        let bytes: &[u8] = who.as_ref();
        let n = u16::from_be_bytes([bytes[0], bytes[1]]);
        Home::Shard(ShardId((n % 5) as u8))
    }
}

/// The pots.
pub struct Pots;

impl Convert<ShardId, AccountId> for Pots {
    fn convert(shard: ShardId) -> AccountId {
        pot(shard.0)
    }
}

/// Burns, whoever may move it.
pub struct Burns;

impl TokenBurn<AccountId> for Burns {
    fn burn(token: TokenId, who: &AccountId, amount: Balance) -> DispatchResult {
        let id = token.asset_id().ok_or(DispatchError::Unavailable)?;
        Assets::burn_from(id, who, amount, Expendable, Exact, Force).map(|_| ())
    }
}

/// The keys that a test made with [`set_key`].
pub struct Keys;

impl KeyInspect<AccountId> for Keys {
    fn key(id: &KeyId) -> Option<KeyInfo<AccountId>> {
        KEYS.with_borrow(|keys| keys.get(id).cloned())
            .map(|(owner, active)| KeyInfo {
                owner,
                capabilities: Capabilities::ALL,
                active,
            })
    }

    fn public_key(_: &KeyId) -> Option<PublicKey> {
        None
    }

    fn requires_pqc(_: &AccountId) -> bool {
        false
    }

    fn authorised() -> Option<(AccountId, KeyId)> {
        None
    }
}

/// The block number that a test says with [`set_block`].
pub struct Clock;

impl BlockNumberProvider for Clock {
    type BlockNumber = u32;

    fn current_block_number() -> u32 {
        BLOCK.get()
    }
}

/// The slots that a test says.
pub struct Slots;

impl SlotFacts for Slots {
    fn passed() -> Option<SlotSpan> {
        SPAN.get()
    }
}

/// Features as a test says; nothing is due of whom it does not name.
pub struct Known;

impl SyncInspect<AccountId> for Known {
    fn conformities() -> Vec<(AccountId, u128)> {
        CONFORMITY.with_borrow(|known| known.iter().map(|(who, f2)| (who.clone(), *f2)).collect())
    }

    fn observed_gradients() -> Vec<Option<i128>> {
        Vec::new()
    }

    fn is_breached() -> bool {
        false
    }
}

impl DutyInspect<AccountId> for Known {
    fn seals(validator: &AccountId) -> Option<u128> {
        SEALS.with_borrow(|known| known.get(validator).copied())
    }

    fn packets(participant: &AccountId) -> Option<u128> {
        PACKETS.with_borrow(|known| known.get(participant).copied())
    }

    fn votes(participant: &AccountId) -> Option<u128> {
        VOTES.with_borrow(|known| known.get(participant).copied())
    }
}

impl Dissonance<AccountId> for Known {
    fn of_account(who: &AccountId) -> u128 {
        DISSONANCE.with_borrow(|known| known.get(who).copied().unwrap_or(0))
    }

    fn of_shard(_: ShardId) -> u128 {
        0
    }
}

/// Remembers incidents.
pub struct Incidents;

impl RaiseIncident<AccountId> for Incidents {
    fn raise(code: CirCode, scope: Scope<AccountId>, cause: IncidentCause) {
        INCIDENTS.with_borrow_mut(|incidents| incidents.push((code, scope, cause)));
    }
}

/// Halts the chain if a test says so.
pub struct Halt;

impl HaltGate<AccountId> for Halt {
    fn is_halted(_: &Scope<AccountId>) -> bool {
        HALTED.get()
    }
}

pub fn set_keyless(who: &AccountId) {
    KEYLESS.with_borrow_mut(|keyless| keyless.insert(who.clone()));
}

pub fn set_key(id: u8, owner: &AccountId, active: bool) -> KeyId {
    KEYS.with_borrow_mut(|keys| keys.insert(KeyId([id; 32]), (owner.clone(), active)));
    KeyId([id; 32])
}

pub fn set_block(block: u32) {
    BLOCK.set(block);
}

pub fn set_halted(halted: bool) {
    HALTED.set(halted);
}

pub fn set_span(span: Option<SlotSpan>) {
    SPAN.set(span);
}

pub fn set_conformity(who: &AccountId, conformity: u128) {
    CONFORMITY.with_borrow_mut(|known| known.insert(who.clone(), conformity));
}

pub fn set_dissonance(who: &AccountId, dissonance: u128) {
    DISSONANCE.with_borrow_mut(|known| known.insert(who.clone(), dissonance));
}

pub fn set_packets(who: &AccountId, packets: u128) {
    PACKETS.with_borrow_mut(|known| known.insert(who.clone(), packets));
}

pub fn incidents() -> Vec<(CirCode, Scope<AccountId>, IncidentCause)> {
    INCIDENTS.take()
}

pub fn running() -> Vec<AccountId> {
    Session::get()
}

pub fn set_running(validators: Vec<AccountId>) {
    RUNNING.set(validators.clone());
    QUEUED.set(validators.clone());
    crate::PlannedSet::<Test>::put(sp_runtime::BoundedVec::truncate_from(validators));
}

pub fn disabled() -> BTreeSet<AccountId> {
    DISABLED.with_borrow(Clone::clone)
}

/// Everything as it was made, with these founding validators.
pub fn reset(founders: Vec<AccountId>) {
    RUNNING.set(founders.clone());
    QUEUED.set(founders);
    DISABLED.set(BTreeSet::new());
    KEYLESS.set(BTreeSet::new());
    KEYS.set(BTreeMap::new());
    for known in [&SEALS, &CONFORMITY, &PACKETS, &VOTES, &DISSONANCE] {
        known.set(BTreeMap::new());
    }
    SPAN.set(None);
    EPOCH.set(0);
    BLOCK.set(0);
    HALTED.set(false);
    INCIDENTS.set(Vec::new());
}

/// Blocks of the pausable clock pass.
pub fn pass_blocks(blocks: u32) {
    if !HALTED.get() {
        BLOCK.set(BLOCK.get() + blocks);
    }
}

/// The queued set becomes the running one, and nobody is disabled.
pub fn rotate() {
    RUNNING.set(QUEUED.with_borrow(Clone::clone));
    DISABLED.set(BTreeSet::new());
    EPOCH.set(EPOCH.get() + 1);
}

/// The set that follows the running one.
pub fn queue(validators: Vec<AccountId>) {
    QUEUED.set(validators);
}

/// Makes what the calls take, in the doubles.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for Helper {
    fn fund(who: &AccountId, atr: Balance, psy: Balance) {
        Assets::mint_into(super::ATR, who, atr).expect("it is minted");
        Assets::mint_into(super::PSY, who, psy).expect("it is minted");
        crate::GenesisAtr::<Test>::mutate(|total| *total += atr);
    }

    fn register_session_keys(_: &AccountId) {}

    fn register_key(who: &AccountId) -> KeyId {
        set_key(1, who, true)
    }

    fn set_validators(validators: Vec<AccountId>) {
        validators.iter().for_each(|who| set_conformity(who, qc_math::ONE / 2));
        set_running(validators);
    }

    fn set_clock(block: u32) {
        set_block(block);
    }
}
