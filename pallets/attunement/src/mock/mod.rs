//! A runtime small enough to see through: the pallets that keep ATR and PSY, the attunement, and doubles for its seams. The
//! session is a double too: it plans two rotations ahead as `pallet-session` does.

mod doubles;

pub use doubles::*;

use crate as pallet_attunement;
use crate::WeightInfo;
use frame_support::{
    derive_impl,
    traits::{
        fungibles::Inspect, AsEnsureOriginWithArg, ConstU128, ConstU32, Contains, NeverEnsureOrigin,
        UnfilteredDispatchable,
    },
    weights::Weight,
};
use qc_harmonics::symbols::Symbols;
use qc_math::ONE;
use qc_traits::{EpochInspect, OnEpochEnd, SlotSpan};
use qc_types::{AssetId, Balance, ShardId, PLANCKS_PER_WHOLE};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError, DispatchResult};

pub type AccountId = AccountId32;

/// The `pallet-assets` id of PSY.
pub const PSY: AssetId = 2;
/// The `pallet-assets` id of ATR.
pub const ATR: AssetId = 3;
/// One whole token.
pub const WHOLE: Balance = PLANCKS_PER_WHOLE;
/// ATR and PSY of every user at genesis.
pub const USER_ASSET: Balance = 100_000 * WHOLE;
/// What a founding validator stakes.
pub const STAKE: Balance = 10_000 * WHOLE;
/// ATR held of a participant.
pub const BOND: Balance = 10 * WHOLE;
/// Blocks of a day: ten epochs.
pub const BLOCKS_PER_DAY: u32 = 100;
/// Blocks of an epoch.
pub const EPOCH_BLOCKS: u32 = 10;
/// Sessions that an equivocation can be proved for.
pub const OFFENCE_SESSIONS: u32 = 5;
/// Slots of each validator in an epoch.
pub const SLOTS: u64 = 10;
/// The accounts that exist.
pub const USERS: u16 = 320;

/// User n.
pub fn user(n: u16) -> AccountId {
    let mut bytes = [7; 32];
    bytes[..2].copy_from_slice(&n.to_be_bytes());
    AccountId::new(bytes)
}

/// The pot of a shard.
pub fn pot(shard: u8) -> AccountId {
    AccountId::new([200 + shard; 32])
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
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(3)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(4)]
    pub type Attunement = pallet_attunement;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
    type Balance = Balance;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    type ForceOrigin = NeverEnsureOrigin<()>;
    type AssetDeposit = ConstU128<1>;
    type AssetAccountDeposit = ConstU128<1>;
    type MetadataDepositBase = ConstU128<1>;
    type MetadataDepositPerByte = ConstU128<1>;
    type ApprovalDeposit = ConstU128<1>;
    type Freezer = ();
    type Holder = AssetsHolder;
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_attunement::Config for Test {
    type WeightInfo = Weights;
    type Assets = AssetsHolder;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Burns = Burns;
    type Guard = ();
    type Keys = Keys;
    type SessionKeys = SessionKeys;
    type Validators = Session;
    type Disable = Session;
    type Homes = Homes;
    type Pots = Pots;
    type Clock = Clock;
    type Epochs = Session;
    type Slots = Slots;
    type Sync = Known;
    type Duties = Known;
    type Dissonance = Known;
    type Incidents = Incidents;
    type Halt = Halt;
    type BlocksPerDay = ConstU32<BLOCKS_PER_DAY>;
    type ParticipantBond = ConstU128<BOND>;
    type OffenceSessions = ConstU32<OFFENCE_SESSIONS>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// Weights that can be told apart.
pub struct Weights;

impl WeightInfo for Weights {
    fn enrol_validator() -> Weight {
        Weight::from_parts(11, 0)
    }
    fn bond_extra() -> Weight {
        Weight::from_parts(13, 0)
    }
    fn unbond() -> Weight {
        Weight::from_parts(17, 0)
    }
    fn withdraw() -> Weight {
        Weight::from_parts(19, 0)
    }
    fn leave() -> Weight {
        Weight::from_parts(23, 0)
    }
    fn enrol_participant() -> Weight {
        Weight::from_parts(29, 0)
    }
    fn leave_participant() -> Weight {
        Weight::from_parts(31, 0)
    }
    fn boost() -> Weight {
        Weight::from_parts(37, 0)
    }
    fn punish() -> Weight {
        Weight::from_parts(41, 0)
    }
    fn count_slots() -> Weight {
        Weight::from_parts(43, 0)
    }
    fn on_epoch_end(v: u32, g: u32) -> Weight {
        Weight::from_parts(1_000_000 + 1_000 * u64::from(v) + u64::from(g), 0)
    }
}

/// The symbols of the tests: the table, with a shorter blacklist and a shorter unbonding.
pub fn symbols() -> Symbols {
    Symbols {
        blacklist_epochs: 40,
        unbonding_epochs: 20,
        ..Symbols::default()
    }
}

/// A genesis with `count` founding validators, users 1 to `count`.
pub fn genesis_of(count: u16, symbols: Symbols, psi_start: u128) -> RuntimeGenesisConfig {
    let users = || (1..=USERS).map(user);
    let pots = || (0..5).map(pot);
    RuntimeGenesisConfig {
        assets: pallet_assets::GenesisConfig {
            assets: [PSY, ATR].map(|id| (id, AccountId::new([255; 32]), true, 1)).to_vec(),
            accounts: users()
                .chain(pots())
                .flat_map(|who| [PSY, ATR].map(|id| (id, who.clone(), USER_ASSET)))
                .collect(),
            ..Default::default()
        },
        attunement: pallet_attunement::GenesisConfig {
            symbols,
            validators: (1..=count).map(|n| (user(n), STAKE)).collect(),
            anchors: (0..5)
                .map(|shard| (ShardId(shard), Balance::from(shard) * WHOLE))
                .collect(),
            psi_start,
        },
        ..Default::default()
    }
}

/// The state after a genesis, at block 1, with every double as it was made.
pub fn externalities(genesis: &RuntimeGenesisConfig) -> sp_io::TestExternalities {
    let founders: Vec<_> = genesis
        .attunement
        .validators
        .iter()
        .map(|(who, _)| who.clone())
        .collect();
    reset(founders);
    let mut ext = sp_io::TestExternalities::new(genesis.build_storage().expect("the genesis is sound"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on the state after a genesis, and ends it by checking every law.
pub fn execute_on(genesis: &RuntimeGenesisConfig, test: impl FnOnce()) {
    externalities(genesis).execute_with(|| {
        test();
        assert_lawful();
    });
}

/// Runs a test with four founding validators whose Ψ is 1 and whose grace period is over.
pub fn execute(test: impl FnOnce()) {
    execute_on(&genesis_of(4, symbols(), ONE), || {
        end_grace(&(1..=4).map(user).collect::<Vec<_>>());
        test();
    });
}

/// Every law holds.
pub fn assert_lawful() {
    assert_eq!(Attunement::check_laws(), Ok(()));
}

/// Lets a test break what it likes, and takes all of it back.
pub fn undone<R>(test: impl FnOnce() -> R) -> R {
    use sp_runtime::TransactionOutcome::Rollback;
    frame_support::storage::with_transaction(|| Rollback(Ok::<R, DispatchError>(test()))).expect("layers are left")
}

/// Ends the grace period of candidates.
pub fn end_grace(validators: &[AccountId]) {
    for who in validators {
        crate::Candidates::<Test>::change(who, |record| record.grace_epochs = 0).expect("a candidate");
    }
}

/// Dispatches a call as the runtime would: what fails leaves nothing behind.
pub fn dispatch(who: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
    let call: RuntimeCall = call.into();
    frame_support::storage::with_storage_layer(|| {
        call.dispatch_bypass_filter(RuntimeOrigin::signed(who.clone()))
            .map(|_| ())
            .map_err(|error| error.error)
    })
}

/// One epoch in which those of the set author who are `online`: slots, end, rotation, the choice of the set after the next.
pub fn run_epoch(online: impl Fn(&AccountId) -> bool) {
    let set = running();
    let slots = SLOTS * set.len() as u64;
    let first = u64::from(Session::current_epoch()) * 1_000_000;
    // Anywhere in the round, so that turns differ.
    set_span(Some(SlotSpan {
        first,
        last: first + slots - 1,
    }));
    Attunement::count_slots();
    for who in set.iter().filter(|who| online(who) && !disabled().contains(*who)) {
        (0..SLOTS).for_each(|_| Attunement::note_author(who));
    }
    end_epoch();
}

/// The end of the running epoch, as `pallet-session` goes about it.
pub fn end_epoch() {
    pass_blocks(EPOCH_BLOCKS);
    let ended = Session::current_epoch();
    Attunement::on_epoch_end(ended);
    rotate();
    Attunement::disable_blacklisted();
    let planned = Attunement::choose_set(ended + 2).unwrap_or_else(running);
    queue(planned.into_iter().filter(SessionKeys::contains).collect());
}

/// `count` epochs in which all author.
pub fn run_epochs(count: u32) {
    (0..count).for_each(|_| run_epoch(|_| true));
}

/// `count` epochs in which all author but `offline`.
pub fn run_epochs_without(count: u32, offline: &[AccountId]) {
    (0..count).for_each(|_| run_epoch(|who| !offline.contains(who)));
}

/// The record of a candidate.
pub fn candidate(who: &AccountId) -> crate::types::CandidateRecord {
    crate::Candidates::<Test>::get(who).expect("a candidate")
}

/// The last outcome.
pub fn outcome() -> crate::types::EpochOutcome {
    crate::LastOutcome::<Test>::get().expect("an epoch was closed")
}

/// ATR that an account could send away and ATR that is held of it.
pub fn atr(who: &AccountId) -> (Balance, Balance) {
    (
        Assets::balance(ATR, who),
        Assets::total_balance(ATR, who) - Assets::balance(ATR, who),
    )
}

/// The attunement's events since the last time that a test asked.
pub fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
