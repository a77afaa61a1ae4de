//! The clock stands still exactly while the chain is halted.

use crate as pallet_clock;
use core::cell::Cell;
use frame_support::{derive_impl, traits::Hooks};
use qc_traits::HaltGate;
use qc_types::Scope;
use sp_runtime::{traits::BlockNumberProvider, BuildStorage};

std::thread_local! { static HALTED: Cell<bool> = const { Cell::new(false) }; }

/// A gate that a test opens and shuts.
pub struct Gate;

impl HaltGate<u64> for Gate {
    fn is_halted(scope: &Scope<u64>) -> bool {
        *scope == Scope::Chain && HALTED.with(Cell::get)
    }
}

frame_support::construct_runtime!(pub enum Test { System: frame_system, Clock: pallet_clock });

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl pallet_clock::Config for Test {
    type Halt = Gate;
}

fn run(blocks: u64) {
    for _ in 0..blocks {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        Clock::on_initialize(next);
    }
}

#[test]
fn it_stands_still_while_the_chain_is_halted_and_then_goes_on() {
    let storage = RuntimeGenesisConfig {
        clock: pallet_clock::GenesisConfig { epoch_blocks: 10 },
        ..Default::default()
    };
    sp_io::TestExternalities::new(storage.build_storage().expect("the genesis is sound")).execute_with(|| {
        run(7);
        assert_eq!(Clock::current_block_number(), 7);
        HALTED.with(|halted| halted.set(true));
        run(5);
        assert_eq!(Clock::current_block_number(), 7);
        HALTED.with(|halted| halted.set(false));
        run(3);
        assert_eq!((System::block_number(), Clock::current_block_number()), (15, 10));
        assert_eq!(<Clock as frame_support::traits::Get<u64>>::get(), 10);
    });
}
