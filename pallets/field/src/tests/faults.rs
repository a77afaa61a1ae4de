//! What cannot be computed is raised, and the last good values stand.

use crate::{mock::*, Curls, Event, Fields, Inputs, Topology};
use qc_traits::IncidentCause;
use qc_types::{CirCode, Scope};

/// What a fault of mathematics raises.
const MATHEMATICS: (CirCode, Scope<u64>, IncidentCause) =
    (CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics);

/// Ends epoch 0 well and epoch 1 after a change that makes a fault; returns what was raised.
fn fail(change: impl FnOnce(&mut World)) -> Vec<(CirCode, Scope<u64>, IncidentCause)> {
    end_epoch(0);
    events();
    let before = Fields::<Test>::get();
    assert!(before.is_some());
    world(change);
    end_epoch(1);
    assert_eq!(events(), [Event::CloseFailed { epoch: 1 }]);
    assert_eq!(Fields::<Test>::get(), before, "the last good values stand");
    assert_eq!(Field::history_page(0, 5).len(), 1);
    incidents()
}

#[test]
fn a_number_out_of_range() {
    execute(|| {
        let raised = fail(|world| world.shards[2].dissonance = u128::MAX);
        assert_eq!(raised, [MATHEMATICS]);
        assert_eq!(
            Inputs::<Test>::get().map(|inputs| inputs.epoch),
            Some(1),
            "the snapshot is of what was"
        );
        assert_eq!(
            Curls::<Test>::get().map(|curls| curls.epoch),
            Some(1),
            "the curls do not suffer by it"
        );
        // Once it is over, the next epoch is as any other, and its flows are since the snapshot.
        world(|world| world.shards[2].dissonance = 0);
        pay(0, 110);
        end_epoch(2);
        let fields = Fields::<Test>::get().expect("fields");
        assert_eq!(
            (fields.epoch, fields.ground_flows.to_vec()),
            (2, vec![50, 20, 10, 10, 20])
        );
        assert_eq!(incidents(), []);
    });
}

#[test]
fn another_number_of_shards() {
    for change in [
        |world: &mut World| {
            world.shards.pop();
        },
        |world: &mut World| world.shards.push(Default::default()),
    ] {
        execute(|| {
            assert_eq!(fail(change), [MATHEMATICS]);
            assert_eq!(
                Inputs::<Test>::get().map(|inputs| inputs.epoch),
                Some(0),
                "there is no snapshot of that"
            );
        });
    }
}

#[test]
fn flx_that_appeared_or_vanished_is_corruption() {
    for change in [
        |world: &mut World| world.ground_flx += 1,
        |world: &mut World| world.shards[3].flx -= 1,
    ] {
        execute(|| {
            let corrupt = (CirCode::ChainHalt, Scope::Chain, IncidentCause::Conservation);
            assert_eq!(fail(change), [corrupt]);
        });
    }
}

#[test]
fn no_graph() {
    externalities().execute_with(|| {
        Topology::<Test>::kill();
        end_epoch(0);
        assert_eq!(incidents(), [MATHEMATICS]);
        assert_eq!(events(), [Event::CloseFailed { epoch: 0 }]);
        assert_eq!(Field::field_view(), Default::default());
        assert_eq!(Field::topology_view(), None);
        assert_eq!(<Field as qc_traits::TopologyInspect>::shard_count(), 0);
        assert_eq!(<Field as qc_traits::TopologyInspect>::edges(), []);
    });
}

#[test]
fn observations_of_another_graph() {
    execute(|| {
        end_epoch(0);
        let before = Curls::<Test>::get();
        events();
        world(|world| world.observed = vec![Some(0); 4]);
        end_epoch(1);
        assert_eq!(incidents(), [MATHEMATICS]);
        assert_eq!(Curls::<Test>::get(), before, "the last good values stand");
        assert_eq!(
            Fields::<Test>::get().map(|fields| fields.epoch),
            Some(1),
            "the fields do not suffer by it"
        );
        assert_eq!(
            events(),
            [
                Event::FieldClosed { epoch: 1, alignment: 0 },
                Event::CloseFailed { epoch: 1 }
            ]
        );
    });
}

#[test]
fn both_parts_may_fail() {
    execute(|| {
        world(|world| {
            world.observed = vec![Some(i128::MAX); 5];
            world.shards[0].chr = u128::MAX;
        });
        end_epoch(0);
        assert_eq!(incidents(), [MATHEMATICS, MATHEMATICS]);
        assert_eq!((Fields::<Test>::get(), Curls::<Test>::get()), (None, None));
        world(|world| world.shards[0].chr = 5);
    });
}
