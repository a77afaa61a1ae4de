//! A runtime with ΨSync alone: keys, validators, the field and what the chain holds true are doubles that tests set. Reports go
//! through the transaction pipeline, with real ML-DSA signatures.

use crate as pallet_sync;
use crate::types::Outcome;
use core::cell::RefCell;
use frame_support::{derive_impl, dispatch::GetDispatchInfo, traits::ConstU32};
use qc_harmonics::{
    symbols::Symbols,
    sync::{closed_neighbourhood, Densities, Report, HARMONICS_VERSION},
};
use qc_math::ONE;
use qc_pqc::{KeyId, PublicKey, Purpose, SecretKey, Signature};
use qc_traits::{
    Conduct, FieldInspect, IncidentCause, KeyInfo, KeyInspect, Misconduct, OnEpochEnd, RaiseIncident,
    ReportedEpochInspect, SyncInspect, TopologyInspect,
};
use qc_types::{Capabilities, CirCode, EpochIndex, Scope, ShardId};
use sp_runtime::{
    testing::{UintAuthorityId, H256},
    traits::{Applyable, Checkable},
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
    BuildStorage, DispatchError,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

pub type AccountId = u64;

/// Shards of the ring.
pub const SHARDS: u8 = 5;
/// ψ of the shards of the ring.
pub const DENSITIES: [u128; 5] = [ONE, ONE + 7, ONE / 2, 2 * ONE, 0];
/// Ĉ as the chain holds it true.
pub const COHERENCE: u128 = 970_000_000_000_000_000;
/// The hash of the code that the chain runs.
pub const CODE: [u8; 32] = [0xc0; 32];
/// ε_sync.
pub const EPSILON: u128 = ONE / 500;

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
    pub type PsiSync = pallet_sync;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

impl pallet_sync::Config for Test {
    type WeightInfo = ();
    type Keys = Double;
    type Reported = Double;
    type Topology = Double;
    type Field = Double;
    type Conduct = Double;
    type Incidents = Double;
    type Symbols = Double;
    type MaxValidators = ConstU32<100>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Double;
}

/// What the doubles answer.
#[derive(Clone)]
pub struct World {
    pub epoch: EpochIndex,
    pub validators: Vec<AccountId>,
    pub homes: BTreeMap<AccountId, u8>,
    pub shards: u8,
    pub edges: Vec<(u8, u8)>,
    pub densities: Vec<u128>,
    pub coherence: Option<u128>,
    /// Of which neither is known.
    pub not_closed: Vec<EpochIndex>,
    pub code: [u8; 32],
    pub keys: BTreeMap<KeyId, (KeyInfo<AccountId>, PublicKey)>,
    pub symbols: Symbols,
    pub punished: Vec<(AccountId, Misconduct)>,
    pub incidents: Vec<(CirCode, Scope<AccountId>, IncidentCause)>,
}

impl World {
    /// As many validators as named, 1, 2, 3 …, spread over a ring of five; no key.
    fn ring(validators: u64) -> Self {
        Self {
            epoch: 0,
            validators: (1..=validators).collect(),
            homes: (1..=validators)
                .map(|n| (n, u8::try_from((n - 1) % 5).expect("small")))
                .collect(),
            shards: SHARDS,
            edges: vec![(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)],
            densities: DENSITIES.to_vec(),
            coherence: Some(COHERENCE),
            not_closed: Vec::new(),
            code: CODE,
            keys: BTreeMap::new(),
            symbols: Symbols::default(),
            punished: Vec::new(),
            incidents: Vec::new(),
        }
    }
}

std::thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::ring(0));
}

/// Changes what the doubles answer, or looks at what they were told.
pub fn world<R>(change: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(change)
}

/// Every seam of the pallet.
pub struct Double;

impl KeyInspect<AccountId> for Double {
    fn key(id: &KeyId) -> Option<KeyInfo<AccountId>> {
        world(|world| world.keys.get(id).map(|(info, _)| info.clone()))
    }
    fn public_key(id: &KeyId) -> Option<PublicKey> {
        world(|world| {
            world
                .keys
                .get(id)
                .filter(|(info, _)| info.active)
                .map(|(_, key)| key.clone())
        })
    }
    fn requires_pqc(_: &AccountId) -> bool {
        false
    }
    fn authorised() -> Option<(AccountId, KeyId)> {
        None
    }
}

impl ReportedEpochInspect<AccountId> for Double {
    fn validators() -> Vec<AccountId> {
        world(|world| world.validators.clone())
    }
    fn shard_of(validator: &AccountId) -> Option<ShardId> {
        world(|world| world.homes.get(validator).copied().map(ShardId))
    }
    fn coherence(epoch: EpochIndex) -> Option<u128> {
        world(|world| world.coherence.filter(|_| !world.not_closed.contains(&epoch)))
    }
    fn code_hash() -> [u8; 32] {
        world(|world| world.code)
    }
}

impl TopologyInspect for Double {
    fn shard_count() -> u8 {
        world(|world| world.shards)
    }
    fn edges() -> Vec<(ShardId, ShardId)> {
        world(|world| world.edges.iter().map(|(i, j)| (ShardId(*i), ShardId(*j))).collect())
    }
}

impl FieldInspect for Double {
    fn densities(epoch: EpochIndex) -> Option<Vec<u128>> {
        world(|world| (!world.not_closed.contains(&epoch)).then(|| world.densities.clone()))
    }
}

impl Conduct<AccountId> for Double {
    fn punish(who: &AccountId, misconduct: Misconduct) {
        world(|world| world.punished.push((*who, misconduct)));
    }
}

impl RaiseIncident<AccountId> for Double {
    fn raise(code: CirCode, scope: Scope<AccountId>, cause: IncidentCause) {
        world(|world| world.incidents.push((code, scope, cause)));
    }
}

impl frame_support::traits::Get<Symbols> for Double {
    fn get() -> Symbols {
        world(|world| world.symbols)
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for Double {
    fn set_up_validators(count: u32, _: EpochIndex) -> Vec<AccountId> {
        world(|world| {
            *world = World::ring(count.into());
            world.shards = 50;
            // Joined to the five before it and the five after it.
            let pairs = (0u8..50).flat_map(|i| (1u8..=5).map(move |step| (i, (i + step) % 50)));
            world.edges = pairs.map(|(i, j)| (i.min(j), i.max(j))).collect();
            world.edges.sort_unstable();
            world.densities = (0..50).map(|n| ONE + n).collect();
            world.homes = world
                .validators
                .iter()
                .map(|n| (*n, u8::try_from(n % 50).expect("small")))
                .collect();
            world.validators.clone()
        })
    }
    fn add_seal_key(owner: &AccountId, key: PublicKey) {
        insert_key(*owner, key, Capabilities::SEAL);
    }
    fn is_punished(validator: &AccountId) -> bool {
        world(|world| world.punished.iter().any(|(who, _)| who == validator))
    }
}

/// Key pair n, the same every time; made once.
pub fn pair(n: u64) -> Arc<SecretKey> {
    static PAIRS: Mutex<BTreeMap<u64, Arc<SecretKey>>> = Mutex::new(BTreeMap::new());
    let mut pairs = PAIRS.lock().unwrap_or_else(|error| error.into_inner());
    let made = pairs.entry(n).or_insert_with(|| {
        let mut seed = [0x35; 32];
        seed[24..].copy_from_slice(&n.to_be_bytes());
        Arc::new(SecretKey::from_seed(&seed))
    });
    made.clone()
}

/// The id of pair n.
pub fn id(n: u64) -> KeyId {
    KeyId::of(pair(n).public())
}

pub fn insert_key(owner: AccountId, key: PublicKey, capabilities: Capabilities) {
    let info = KeyInfo {
        owner,
        capabilities,
        active: true,
    };
    world(|world| world.keys.insert(KeyId::of(&key), (info, key)));
}

pub fn genesis_hash() -> [u8; 32] {
    System::block_hash(0).0
}

/// The honest report of a validator on an epoch whose boundary block is the last one that closed an epoch.
pub fn honest(validator: AccountId) -> Report {
    let due = PsiSync::due().expect("something is due");
    let world = world(|world| world.clone());
    let shards = world
        .homes
        .get(&validator)
        .map(|home| closed_neighbourhood(*home, &world.edges))
        .unwrap_or_default();
    let pairs = shards
        .into_iter()
        .map(|shard| (shard, world.densities[usize::from(shard)]));
    Report {
        version: HARMONICS_VERSION,
        epoch: due.epoch,
        coherence: COHERENCE,
        densities: Densities::new(pairs.collect()).expect("no more than 11"),
        boundary: due.boundary_hash.expect("the boundary block has a hash"),
        code_hash: CODE,
    }
}

/// An honest report with another Ĉ.
pub fn with_coherence(validator: AccountId, coherence: u128) -> Report {
    Report {
        coherence,
        ..honest(validator)
    }
}

/// An honest report with the ψ of a shard another.
pub fn with_density(validator: AccountId, shard: u8, psi: u128) -> Report {
    let report = honest(validator);
    let lie = |(one, own): &(u8, u128)| (*one, if *one == shard { psi } else { *own });
    let pairs = report.densities.pairs().iter().map(lie).collect();
    Report {
        densities: Densities::new(pairs).expect("as many"),
        ..report
    }
}

/// Pair n signs a report.
pub fn sign(n: u64, report: &Report) -> Signature {
    sign_as(n, Purpose::Report, &genesis_hash(), &report.payload())
}

pub fn sign_as(n: u64, purpose: Purpose, genesis: &[u8; 32], payload: &[u8]) -> Signature {
    pair(n)
        .sign_deterministic(purpose, genesis, payload)
        .expect("the pair signs")
}

type Extension = (frame_system::AuthorizeCall<Test>,);
type Extrinsic = sp_runtime::generic::UncheckedExtrinsic<AccountId, RuntimeCall, UintAuthorityId, Extension>;

fn transaction(report: &Report, key: KeyId, signature: Signature) -> Extrinsic {
    let call = crate::Call::report {
        report: report.clone(),
        key,
        signature,
    };
    Extrinsic::new_transaction(call.into(), (frame_system::AuthorizeCall::new(),))
}

/// Puts a signed report before the pool.
pub fn validate(
    report: &Report,
    key: KeyId,
    signature: Signature,
) -> Result<ValidTransaction, TransactionValidityError> {
    let transaction = transaction(report, key, signature);
    let info = transaction.get_dispatch_info();
    let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default())?;
    checked.validate::<Test>(TransactionSource::External, &info, 5_000)
}

/// Puts a signed report into a block: validated, and then dispatched.
pub fn submit(report: &Report, key: KeyId, signature: Signature) -> Result<(), TransactionValidityError> {
    let transaction = transaction(report, key, signature);
    let info = transaction.get_dispatch_info();
    let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default())?;
    let done = checked.apply::<Test>(&info, 5_000)?;
    assert_eq!(
        done.map(|_| ()).map_err(|error| error.error),
        Ok(()),
        "what is valid is carried out"
    );
    Ok(())
}

/// Validator n reports, signed by the pair of its number.
pub fn file(n: u64, report: &Report) -> Result<(), TransactionValidityError> {
    submit(report, id(n), sign(n, report))
}

/// These validators report honestly.
pub fn file_honest(validators: impl IntoIterator<Item = AccountId>) {
    for validator in validators {
        assert_eq!(file(validator, &honest(validator)), Ok(()));
    }
}

/// The next block begins: the hash of the one before it is known.
pub fn next_block() {
    use frame_support::traits::Hooks;
    let number = System::block_number();
    frame_system::BlockHash::<Test>::insert(number, H256([u8::try_from(number % 251).expect("small") + 1; 32]));
    System::set_block_number(number + 1);
    PsiSync::on_initialize(number + 1);
}

/// The running epoch ends, and the block after its boundary block begins.
pub fn end_epoch() {
    end_epoch_at_boundary();
    next_block();
}

/// The running epoch ends: the running block is its boundary block.
pub fn end_epoch_at_boundary() {
    next_block();
    let ended = world(|world| {
        let ended = world.epoch;
        world.epoch += 1;
        ended
    });
    PsiSync::on_epoch_end(ended);
}

/// f2 of a validator in the sync that closed last.
pub fn conformity(who: &AccountId) -> Option<u128> {
    let mut all = PsiSync::conformities().into_iter();
    all.find_map(|(one, f2)| (one == *who).then_some(f2))
}

/// What the sync that closed last came to.
pub fn outcome() -> Outcome {
    PsiSync::last_outcome().expect("one closed")
}

/// Whom the conduct was told to punish since the last time that a test asked.
pub fn punished() -> Vec<(AccountId, Misconduct)> {
    world(|world| core::mem::take(&mut world.punished))
}

/// The incidents since the last time that a test asked.
pub fn incidents() -> Vec<(CirCode, Scope<AccountId>, IncidentCause)> {
    world(|world| core::mem::take(&mut world.incidents))
}

/// The state at block 1 without validators or keys.
pub fn externalities() -> sp_io::TestExternalities {
    world(|world| *world = World::ring(0));
    let storage = RuntimeGenesisConfig::default().build_storage().expect("it is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        frame_system::BlockHash::<Test>::insert(0, H256([0xc4; 32]));
    });
    ext
}

/// Runs a test with as many validators, each with the key pair of its number and SEAL, epoch 0 closed and reports on it due. Ends
/// it by checking every law.
pub fn execute(validators: u64, test: impl FnOnce()) {
    externalities().execute_with(|| {
        world(|world| *world = World::ring(validators));
        (1..=validators).for_each(|n| insert_key(n, pair(n).public().clone(), Capabilities::SEAL));
        end_epoch();
        test();
        assert_eq!(PsiSync::check_laws(), Ok(()));
    });
}

/// The events since the last time that a test asked.
pub fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}

/// Lets a test break what it likes, and takes all of it back.
pub fn undone<R>(test: impl FnOnce() -> R) -> R {
    use sp_runtime::TransactionOutcome::Rollback;
    frame_support::storage::with_transaction(|| Rollback(Ok::<R, DispatchError>(test()))).expect("layers are left")
}
