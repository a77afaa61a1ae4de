//! A runtime small enough to see through: the two pallets that keep the tokens, the economy, and doubles for its seams.

use crate as pallet_economy;
use crate::WeightInfo;
use core::cell::{Cell, RefCell};
use frame_support::{
    derive_impl, parameter_types,
    traits::{
        tokens::imbalance::ResolveTo, AsEnsureOriginWithArg, ConstU128, ConstU32, NeverEnsureOrigin,
        UnfilteredDispatchable,
    },
    weights::Weight,
    PalletId,
};
use qc_harmonics::economy::{CHR_ISSUANCE, CHR_OF_FIVE, FLX_ISSUANCE};
use qc_traits::{AttunementInspect, DebitGate, EpochInspect, HaltGate, IncidentCause, RaiseIncident};
use qc_types::{AssetId, Balance, CirCode, EpochIndex, Home, Scope, ShardId, PLANCKS_PER_WHOLE};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError, DispatchResult};
use std::collections::BTreeSet;

pub type AccountId = AccountId32;

/// The least FLX that an account may hold.
pub const ED: Balance = 10;
/// FLX held for the record of a home.
pub const HOME_DEPOSIT: Balance = 1_000;
/// Moves that one epoch takes.
pub const MOVES_MAX: u32 = 3;
/// FLX of every user at genesis.
pub const USER_FLX: Balance = 1_000_000;
/// CHR of every user at genesis.
pub const USER_CHR: Balance = 70_000;
/// PSY, ATR and RES of every user at genesis.
pub const USER_ASSET: Balance = 5_000;
/// FLX of the treasury at genesis.
pub const TREASURY_FLX: Balance = 600_000_000 * PLANCKS_PER_WHOLE;
/// The `pallet-assets` id of CHR.
pub const CHR: AssetId = 1;
/// The `pallet-assets` id of PSY.
pub const PSY: AssetId = 2;
/// The `pallet-assets` id of ATR.
pub const ATR: AssetId = 3;
/// The `pallet-assets` id of RES.
pub const RES: AssetId = 4;

/// User n: 32 bytes of value n. The homes of the first eight, computed by Python's hashlib:
/// 1 → 3, 2 → 1, 3 → 1, 4 → 4, 5 → 2, 6 → 2, 7 → 1, 8 → 0.
pub fn user(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// Users 1 to 8.
pub fn users() -> impl Iterator<Item = AccountId> {
    (1..=8).map(user)
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
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(2)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(3)]
    pub type Economy = pallet_economy;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

parameter_types! {
    pub const TreasuryId: PalletId = PalletId(*b"qc/trsry");
    pub const CommonsId: PalletId = PalletId(*b"qc/commn");
    pub Treasury: AccountId = Economy::treasury_account();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<ED>;
    type AccountStore = pallet_economy::MeteredAccounts<Test>;
    type DustRemoval = ResolveTo<Treasury, Balances>;
    type ReserveIdentifier = [u8; 8];
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
    type Balance = Balance;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    type ForceOrigin = NeverEnsureOrigin<()>;
    type AssetDeposit = ConstU128<100>;
    type AssetAccountDeposit = ConstU128<100>;
    type MetadataDepositBase = ConstU128<100>;
    type MetadataDepositPerByte = ConstU128<1>;
    type ApprovalDeposit = ConstU128<50>;
    type Freezer = Economy;
    type Holder = AssetsHolder;
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_economy::Config for Test {
    type WeightInfo = Weights;
    type Native = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Assets = Assets;
    type Attunement = Attunement;
    type Debits = Debits;
    type Halt = Halt;
    type Epochs = Epochs;
    type Incidents = Incidents;
    type TreasuryId = TreasuryId;
    type CommonsId = CommonsId;
    type HomeDeposit = ConstU128<HOME_DEPOSIT>;
    type MovesPerEpochMax = ConstU32<MOVES_MAX>;
}

/// Weights that can be told apart.
pub struct Weights;

impl WeightInfo for Weights {
    fn request_home_move() -> Weight {
        Weight::from_parts(11, 0)
    }
    fn cancel_home_move() -> Weight {
        Weight::from_parts(13, 0)
    }
    fn on_epoch_end(m: u32) -> Weight {
        Weight::from_parts(17, 0).saturating_add(Weight::from_parts(100, 0).saturating_mul(m.into()))
    }
}

std::thread_local! {
    static COHERENT: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
    static BARRED: RefCell<BTreeSet<AccountId>> = const { RefCell::new(BTreeSet::new()) };
    static HALTED: RefCell<Vec<Scope<AccountId>>> = const { RefCell::new(Vec::new()) };
    static INCIDENTS: RefCell<Vec<Incident>> = const { RefCell::new(Vec::new()) };
    static EPOCH: Cell<EpochIndex> = const { Cell::new(0) };
}

/// Knows as coherent whom a test names with [`set_coherent`].
pub struct Attunement;

impl AttunementInspect<AccountId> for Attunement {
    fn may_move_psy(who: &AccountId) -> bool {
        COHERENT.with_borrow(|coherent| coherent.contains(who))
    }

    fn psi(_: &AccountId) -> Option<u128> {
        None
    }

    fn psi_mean(_: &AccountId) -> Option<u128> {
        None
    }
}

/// Bars debits of whom a test names with [`set_barred`].
pub struct Debits;

impl DebitGate<AccountId> for Debits {
    fn may_debit(who: &AccountId) -> bool {
        BARRED.with_borrow(|barred| !barred.contains(who))
    }
}

/// Halts what a test names with [`set_halted`]; an account is halted with its shard and with the chain.
pub struct Halt;

impl HaltGate<AccountId> for Halt {
    fn is_halted(scope: &Scope<AccountId>) -> bool {
        let is_named = |scope: &Scope<AccountId>| HALTED.with_borrow(|halted| halted.contains(scope));
        let home = match scope {
            Scope::Account(who) => Economy::home(who),
            Scope::Shard(_) | Scope::Chain => Home::Ground,
        };
        let is_home_halted = matches!(home, Home::Shard(shard) if is_named(&Scope::Shard(shard)));
        is_named(scope) || is_named(&Scope::Chain) || is_home_halted
    }
}

/// What was raised.
pub type Incident = (CirCode, Scope<AccountId>, IncidentCause);

/// Notes what is raised, for [`incidents`].
pub struct Incidents;

impl RaiseIncident<AccountId> for Incidents {
    fn raise(code: CirCode, scope: Scope<AccountId>, cause: IncidentCause) {
        INCIDENTS.with_borrow_mut(|raised| raised.push((code, scope, cause)));
    }
}

/// The incidents since the last time that a test asked.
pub fn incidents() -> Vec<Incident> {
    INCIDENTS.take()
}

/// The epoch that a test says with [`set_epoch`].
pub struct Epochs;

impl EpochInspect for Epochs {
    fn current_epoch() -> EpochIndex {
        EPOCH.get()
    }
}

pub fn set_coherent(who: &AccountId, coherent: bool) {
    COHERENT.with_borrow_mut(|set| {
        if coherent {
            set.insert(who.clone())
        } else {
            set.remove(who)
        }
    });
}

pub fn set_barred(who: &AccountId, barred: bool) {
    BARRED.with_borrow_mut(|set| {
        if barred {
            set.insert(who.clone())
        } else {
            set.remove(who)
        }
    });
}

pub fn set_halted(scopes: &[Scope<AccountId>]) {
    HALTED.with_borrow_mut(|halted| *halted = scopes.to_vec());
}

pub fn set_epoch(epoch: EpochIndex) {
    EPOCH.set(epoch);
}

/// What a shard's pot gets at genesis: the shard's share, less what its users have.
fn pots() -> impl Iterator<Item = (AccountId, Balance, Balance)> {
    // Homes of users 1 to 8, see `user`.
    let residents = [1, 3, 2, 1, 1];
    (0..5u8)
        .zip(CHR_OF_FIVE)
        .zip(residents)
        .map(|((shard, whole), residents)| {
            let chr = whole * PLANCKS_PER_WHOLE - residents * USER_CHR;
            let flx = (FLX_ISSUANCE - TREASURY_FLX) / 5 - residents * USER_FLX;
            (Economy::commons_account(ShardId(shard)), chr, flx)
        })
}

/// The genesis of the tests: the ring of five, eight users, pots and treasury.
pub fn genesis() -> RuntimeGenesisConfig {
    let chr: Vec<_> = users()
        .map(|who| (who, USER_CHR))
        .chain(pots().map(|(pot, chr, _)| (pot, chr)))
        .collect();
    let mut flx: Vec<_> = users()
        .map(|who| (who, USER_FLX))
        .chain(pots().map(|(pot, _, flx)| (pot, flx)))
        .collect();
    flx.push((
        Treasury::get(),
        FLX_ISSUANCE - flx.iter().map(|(_, flx)| flx).sum::<Balance>(),
    ));
    assert_eq!(chr.iter().map(|(_, chr)| chr).sum::<Balance>(), CHR_ISSUANCE);
    let others = [PSY, ATR, RES];
    RuntimeGenesisConfig {
        assets: pallet_assets::GenesisConfig {
            assets: [CHR, PSY, ATR, RES]
                .map(|id| (id, AccountId::new([255; 32]), true, 1))
                .to_vec(),
            accounts: users()
                .flat_map(|who| others.map(|id| (id, who.clone(), USER_ASSET)))
                .collect(),
            ..Default::default()
        },
        economy: pallet_economy::GenesisConfig { shards: 5, chr },
        balances: pallet_balances::GenesisConfig {
            balances: flx,
            dev_accounts: None,
        },
        ..Default::default()
    }
}

/// The state after a genesis, at block 1, with nothing halted and nobody coherent.
pub fn externalities(genesis: &RuntimeGenesisConfig) -> sp_io::TestExternalities {
    COHERENT.with_borrow_mut(BTreeSet::clear);
    BARRED.with_borrow_mut(BTreeSet::clear);
    set_halted(&[]);
    set_epoch(0);
    let mut ext = sp_io::TestExternalities::new(genesis.build_storage().expect("the genesis is sound"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on the genesis state, and ends it by checking every law and that the guard is closed.
pub fn execute(test: impl FnOnce()) {
    externalities(&genesis()).execute_with(|| {
        test();
        assert_lawful();
    });
}

/// Every law holds and the guard is closed.
pub fn assert_lawful() {
    assert_eq!(Economy::check_laws(), Ok(()));
    assert!(!crate::is_guard_open(), "the guard is open between two transactions");
}

/// Lets a test break what it likes, and takes all of it back.
pub fn undone<R>(test: impl FnOnce() -> R) -> R {
    use sp_runtime::TransactionOutcome::Rollback;
    frame_support::storage::with_transaction(|| Rollback(Ok::<R, DispatchError>(test()))).expect("layers are left")
}

/// Dispatches a call as the runtime would: what fails leaves nothing behind.
pub fn dispatch(who: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
    let call: RuntimeCall = call.into();
    call.dispatch_bypass_filter(RuntimeOrigin::signed(who.clone()))
        .map(|_| ())
        .map_err(|error| error.error)
}

/// The FLX totals of shards 0 to 4, then of the ground.
pub fn flx_totals() -> [Balance; 6] {
    core::array::from_fn(|i| match u8::try_from(i) {
        Ok(shard) if shard < 5 => crate::FlxTotals::<Test>::get(Home::Shard(ShardId(shard))),
        _ => crate::FlxTotals::<Test>::get(Home::Ground),
    })
}

/// The CHR totals of shards 0 to 4.
pub fn chr_totals() -> [Balance; 5] {
    [0, 1, 2, 3, 4].map(|shard| crate::ChrTotals::<Test>::get(ShardId(shard)))
}

/// A commons pot.
pub fn pot(shard: u8) -> AccountId {
    Economy::commons_account(ShardId(shard))
}

/// The treasury.
pub fn treasury() -> AccountId {
    Treasury::get()
}

/// Changes one of the totals that [`flx_totals`] or [`chr_totals`] gave.
pub fn with<const N: usize>(mut totals: [Balance; N], changes: &[(usize, i128)]) -> [Balance; N] {
    for (at, change) in changes {
        totals[*at] = totals[*at].checked_add_signed(*change).expect("in range");
    }
    totals
}

/// The events of the economy since the last time that a test asked.
pub fn economy_events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
