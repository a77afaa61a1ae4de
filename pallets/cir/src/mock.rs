//! A runtime with incidents alone, and an epoch that tests set.

use crate as pallet_cir;
use core::cell::Cell;
use frame_support::{derive_impl, traits::ConstU32};
use qc_traits::{EpochInspect, IncidentCause, OnEpochEnd, RaiseIncident};
use qc_types::{CirCode, EpochIndex, Scope, ShardId};
use sp_runtime::BuildStorage;

/// Epochs without a raise after which an incident closes.
pub const QUIET: EpochIndex = 3;

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
    pub type Cir = pallet_cir;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

impl pallet_cir::Config for Test {
    type WeightInfo = ();
    type Epoch = Epoch;
    type QuietEpochs = ConstU32<QUIET>;
}

std::thread_local! {
    static EPOCH: Cell<EpochIndex> = const { Cell::new(0) };
}

/// The epoch that a test set with [`set_epoch`].
pub struct Epoch;

impl EpochInspect for Epoch {
    fn current_epoch() -> EpochIndex {
        EPOCH.get()
    }
}

pub fn set_epoch(epoch: EpochIndex) {
    EPOCH.set(epoch);
}

/// Ends the running epoch.
pub fn end_epoch() {
    Cir::on_epoch_end(EPOCH.get());
    EPOCH.set(EPOCH.get() + 1);
}

pub fn tampering(who: u64) {
    Cir::raise(CirCode::FieldAnomaly, Scope::Account(who), IncidentCause::Tampering);
}

pub fn spread(shard: u8) {
    let scope = Scope::Shard(ShardId(shard));
    Cir::raise(CirCode::FieldAnomaly, scope, IncidentCause::Spread);
}

pub fn doubt() {
    Cir::raise(CirCode::ChainHalt, Scope::Chain, IncidentCause::ChainInDoubt);
}

pub fn externalities() -> sp_io::TestExternalities {
    set_epoch(0);
    let storage = RuntimeGenesisConfig::default().build_storage().expect("it is sound");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test, and ends it by checking every law.
pub fn execute(test: impl FnOnce()) {
    externalities().execute_with(|| {
        test();
        assert_eq!(Cir::check_laws(), Ok(()));
    });
}

/// The events since the last time that a test asked.
pub fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
