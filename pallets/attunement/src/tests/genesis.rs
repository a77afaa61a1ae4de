//! What a genesis makes, and what it refuses.

use crate::{mock::*, Anchors, Candidates, GenesisConfig, PlannedSet, Symbols};
use frame_support::assert_noop;
use qc_harmonics::symbols::Symbols as SymbolTable;
use qc_math::ONE;
use qc_traits::AttunementInspect;
use qc_types::ShardId;
use sp_runtime::DispatchError;

fn fault(change: impl FnOnce(&mut GenesisConfig<Test>)) -> &'static str {
    let mut genesis = genesis_of(4, symbols(), 0).attunement;
    change(&mut genesis);
    // On a state in which only the assets were handed out.
    let mut bare = genesis_of(0, symbols(), 0);
    bare.attunement.anchors.clear();
    externalities(&bare).execute_with(|| match Attunement::build_genesis(&genesis) {
        Err(DispatchError::Other(fault)) => fault,
        other => panic!("{other:?}"),
    })
}

#[test]
fn founders_have_seats_and_their_start() {
    execute_on(&genesis_of(4, symbols(), ONE * 9 / 10), || {
        assert_eq!(Symbols::<Test>::get(), symbols());
        assert_eq!(
            PlannedSet::<Test>::get().to_vec(),
            (1..=4).map(user).collect::<Vec<_>>()
        );
        for who in (1..=4).map(user) {
            let record = candidate(&who);
            assert_eq!((record.stake, record.psi), (STAKE, ONE * 9 / 10));
            assert_eq!(record.grace_epochs, symbols().grace_epochs);
            assert_eq!(atr(&who), (USER_ASSET - STAKE, STAKE));
            // Seven days at 0.9 before, today not yet: 6.3/8.
            assert_eq!(Attunement::psi_mean(&who), Some(ONE * 63 / 80));
        }
        assert_eq!(Attunement::psi(&user(5)), None);
    });
}

#[test]
fn a_shards_stake_is_its_anchor_and_its_candidates() {
    execute_on(&genesis_of(4, symbols(), 0), || {
        let staked = Attunement::staked_atr_per_shard((0..6).map(ShardId));
        // Users 1 to 4 are at home in shards 1 to 4; shard 0 has neither, shard 5 is none.
        let anchored = |shard: u128| STAKE + shard * WHOLE;
        assert_eq!(staked, [0, anchored(1), anchored(2), anchored(3), anchored(4), 0]);
        assert_eq!(Anchors::<Test>::get(ShardId(3)), 3 * WHOLE);
        assert_eq!(atr(&pot(3)), (USER_ASSET - 3 * WHOLE, 3 * WHOLE));
    });
}

#[test]
fn a_genesis_that_cannot_be_is_refused() {
    assert_eq!(
        fault(|genesis| genesis.symbols = SymbolTable { kappa: 0, ..symbols() }),
        "a symbol is out of bounds"
    );
    assert_eq!(
        fault(|genesis| genesis.anchors.push((ShardId(1), 1))),
        "a shard has two anchors"
    );
    assert_eq!(
        fault(|genesis| genesis.validators.push((user(1), STAKE))),
        "a founding validator is named twice"
    );
    assert_eq!(
        fault(|genesis| genesis.validators.push((user(5), symbols().stake_min - 1))),
        "a founding validator stakes too little"
    );
    assert_eq!(
        fault(|genesis| genesis.psi_start = ONE + 1),
        "the founders' start is above one"
    );
    assert_eq!(
        fault(|genesis| genesis.symbols.validators_max = 4.min(genesis.validators.len() as u32 - 1).max(1)),
        "a symbol is out of bounds"
    );
    assert_eq!(
        fault(|genesis| genesis.validators = (1..=101).map(|n| (user(n), STAKE)).collect()),
        "there are too many founding validators"
    );
}

#[test]
fn a_stake_that_is_not_there_is_refused() {
    execute_on(&genesis_of(1, symbols(), 0), || {
        let mut genesis = genesis_of(2, symbols(), 0).attunement;
        genesis.validators = vec![(user(9), USER_ASSET)];
        genesis.anchors.clear();
        // All of it: nothing would be left to keep the account.
        assert!(undone(|| Attunement::build_genesis(&genesis)).is_err());
        assert_noop!(
            Attunement::build_genesis(&GenesisConfig {
                validators: vec![(user(1), STAKE)],
                ..genesis_of(0, symbols(), 0).attunement
            }),
            DispatchError::Other("a shard has two anchors")
        );
        assert_eq!(Candidates::<Test>::count(), 1);
    });
}
