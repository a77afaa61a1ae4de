//! A runtime with the field alone, and doubles for everyone whom it asks.

use crate as pallet_field;
use crate::specimens;
use core::cell::RefCell;
use frame_support::{
    derive_impl,
    traits::Get,
    weights::{constants::RocksDbWeight, Weight},
};
use qc_harmonics::{field::Topology, symbols::Symbols};
use qc_traits::{IncidentCause, OnEpochEnd, RaiseIncident, ShardFacts, ShardFactsInspect, SyncInspect};
use qc_types::{Balance, CirCode, EpochIndex, Scope};
use sp_runtime::BuildStorage;

/// One, of numbers in units of 10⁻¹⁸.
pub const ONE: u128 = 1_000_000_000_000_000_000;

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
    pub type Field = pallet_field;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type DbWeight = RocksDbWeight;
}

impl pallet_field::Config for Test {
    type WeightInfo = Weights;
    type Facts = World;
    type Sync = World;
    type Incidents = World;
    type Symbols = World;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = World;
}

/// Weights that can be told apart.
pub struct Weights;

impl crate::WeightInfo for Weights {
    fn on_epoch_end(n: u32) -> Weight {
        Weight::from_parts(1_000, 0).saturating_mul(n.into())
    }
}

/// What a test says of everyone else, and what they were told.
#[derive(Clone, Default)]
pub struct World {
    /// The shards.
    pub shards: Vec<ShardFacts>,
    /// FLX of the ground.
    pub ground_flx: Balance,
    /// What was observed.
    pub observed: Vec<Option<i128>>,
    /// Whether the set is breached.
    pub is_breached: bool,
    /// The symbols.
    pub symbols: Symbols,
    /// What was raised.
    pub incidents: Vec<(CirCode, Scope<u64>, IncidentCause)>,
}

std::thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::default());
}

/// Changes or reads the world.
pub fn world<R>(with: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(with)
}

impl ShardFactsInspect for World {
    fn shards() -> Vec<ShardFacts> {
        world(|world| world.shards.clone())
    }

    fn ground_flx() -> Balance {
        world(|world| world.ground_flx)
    }
}

impl SyncInspect<u64> for World {
    fn conformities() -> Vec<(u64, u128)> {
        Vec::new()
    }

    fn observed_gradients() -> Vec<Option<i128>> {
        world(|world| world.observed.clone())
    }

    fn is_breached() -> bool {
        world(|world| world.is_breached)
    }
}

impl RaiseIncident<u64> for World {
    fn raise(code: CirCode, scope: Scope<u64>, cause: IncidentCause) {
        world(|world| world.incidents.push((code, scope, cause)));
    }
}

impl Get<Symbols> for World {
    fn get() -> Symbols {
        world(|world| world.symbols)
    }
}

/// The incidents since the last time that a test asked.
pub fn incidents() -> Vec<(CirCode, Scope<u64>, IncidentCause)> {
    world(|world| core::mem::take(&mut world.incidents))
}

/// The events since the last time that a test asked.
pub fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}

/// Five shards with 5, 4, 3, 2, 1 of CHR and of staked ATR and 1,000 plancks of FLX each; 5,000 in the ground.
pub fn five() -> Vec<ShardFacts> {
    [5, 4, 3, 2, 1]
        .map(|n| ShardFacts {
            chr: n,
            flx: 1_000,
            staked_atr: n,
            dissonance: 0,
        })
        .to_vec()
}

/// ψ of [`five`]: (n/3)², n/3 rounded down.
pub fn densities_of_five() -> Vec<u128> {
    [5u128, 4, 3, 2, 1].map(|n| (n * ONE / 3).pow(2) / ONE).to_vec()
}

/// Moves FLX from the ground to a shard.
pub fn pay(shard: usize, amount: Balance) {
    world(|world| {
        world.ground_flx -= amount;
        world.shards[shard].flx += amount;
    });
}

/// Ends an epoch.
pub fn end_epoch(epoch: EpochIndex) -> Weight {
    Field::on_epoch_end(epoch)
}

/// The state after a genesis, at block 1, with the world of [`five`].
pub fn externalities_of(genesis: pallet_field::GenesisConfig<Test>) -> sp_io::TestExternalities {
    world(|world| {
        *world = World {
            shards: five(),
            ground_flx: 5_000,
            ..World::default()
        };
    });
    let genesis = RuntimeGenesisConfig {
        field: genesis,
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::new(genesis.build_storage().expect("the genesis is sound"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// The state after the genesis of the ring of five.
pub fn externalities() -> sp_io::TestExternalities {
    externalities_of(pallet_field::GenesisConfig::default())
}

/// Runs a test on the ring of five, and ends it by checking every law.
pub fn execute(test: impl FnOnce()) {
    externalities().execute_with(|| {
        test();
        assert_lawful();
    });
}

/// The genesis of a graph.
pub fn genesis(shards: u8, edges: &[(u8, u8)]) -> pallet_field::GenesisConfig<Test> {
    pallet_field::GenesisConfig {
        shards,
        edges: edges.to_vec(),
        ..Default::default()
    }
}

/// Runs a test on the densest graph of so many shards, with the loudest answers, and ends it by checking every law.
pub fn execute_dense(shards: u8, test: impl FnOnce(&Topology)) {
    externalities_of(genesis(shards, &specimens::dense_edges(shards))).execute_with(|| {
        let topology = crate::Topology::<Test>::get().expect("a graph");
        say(&topology, 0);
        test(&topology);
        assert_lawful();
    });
}

/// Makes the world answer as [`specimens::loud_answers`].
pub fn say(topology: &Topology, step: u128) {
    answer(specimens::loud_answers(topology, step));
}

fn answer(answers: crate::epoch::Answers) {
    world(|world| {
        world.shards = answers.shards;
        world.ground_flx = answers.ground_flx;
        world.observed = answers.observed;
        world.is_breached = answers.is_breached;
    });
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for World {
    fn answer(answers: crate::Answers) {
        answer(answers);
    }
}

/// Every law holds.
pub fn assert_lawful() {
    assert_eq!(Field::check_laws(), Ok(()));
}

/// Lets a test break what it likes, and takes all of it back.
pub fn undone<R>(test: impl FnOnce() -> R) -> R {
    use sp_runtime::{DispatchError, TransactionOutcome::Rollback};
    frame_support::storage::with_transaction(|| Rollback(Ok::<R, DispatchError>(test()))).expect("layers are left")
}
