//! The laws notice what they are about.

use crate::{mock::*, types::HistoryRecord, Curls, Fields, Histories, Inputs, Topology};
use codec::{Decode, Encode};
use proptest::{prelude::*, sample::Index};
use qc_harmonics::field;
use qc_types::ShardId;

/// Two epochs in which something moved and something was observed.
fn lived(test: impl FnOnce()) {
    execute(|| {
        end_epoch(0);
        pay(0, 110);
        world(|world| {
            world.is_breached = true;
            world.observed = [1, -1, 0, 0, ONE as i128].map(Some).to_vec();
        });
        end_epoch(1);
        assert_lawful();
        test();
    });
}

#[track_caller]
fn assert_broken(law: &str, damage: impl FnOnce()) {
    let found = undone(|| {
        damage();
        Field::check_laws()
    });
    let breach = found.expect_err("the damage was not noticed");
    assert!(breach.law().starts_with(law), "{}", breach.law());
}

#[test]
fn the_graph() {
    lived(|| {
        assert_broken("the field graph", Topology::<Test>::kill);
        assert_broken("the field graph", || {
            // Well-formed, but its cycle is left out.
            let edges = Topology::<Test>::get().expect("a graph").edges().to_vec();
            let bytes = (5u8, edges, Vec::<Vec<u8>>::new()).encode();
            Topology::<Test>::put(field::Topology::decode(&mut &bytes[..]).expect("it decodes"));
        });
        assert_broken("the field graph", || {
            frame_support::storage::unhashed::put_raw(&Topology::<Test>::hashed_key(), &[5, 0]);
        });
    });
}

#[test]
fn the_shapes() {
    const LAW: &str = "a value for each";
    lived(|| {
        let inputs = |damage: fn(&mut crate::types::InputsRecord)| {
            assert_broken(LAW, || {
                Inputs::<Test>::mutate(|record| damage(record.as_mut().expect("inputs")))
            });
        };
        inputs(|record| {
            record.shards.pop();
        });
        inputs(|record| {
            record.flx_before.pop();
        });
        let fields = |damage: fn(&mut crate::types::FieldsRecord)| {
            assert_broken(LAW, || {
                Fields::<Test>::mutate(|record| damage(record.as_mut().expect("fields")))
            });
        };
        fields(|record| {
            record.densities.pop();
        });
        fields(|record| {
            record.ground_flows.pop();
        });
        fields(|record| {
            record.gradients.pop();
        });
        fields(|record| {
            record.flows.pop();
        });
        fields(|record| {
            record.flux.pop();
        });
        assert_broken(LAW, || {
            Curls::<Test>::mutate(|record| {
                record.as_mut().expect("curls").curls.pop();
            })
        });
    });
}

#[test]
fn flx_2() {
    lived(|| {
        let damage = |damage: fn(&mut crate::types::FieldsRecord)| {
            assert_broken("FLX-2", || {
                Fields::<Test>::mutate(|record| damage(record.as_mut().expect("fields")))
            });
        };
        damage(|record| record.flows[0] += 1);
        damage(|record| record.flows[4] -= 1);
        damage(|record| record.ground_flows[2] += 1);
        assert_broken("FLX-2", || {
            Inputs::<Test>::mutate(|record| record.as_mut().expect("inputs").flx_before[1] += 1);
        });
        assert_broken("FLX-2", || {
            Inputs::<Test>::mutate(|record| record.as_mut().expect("inputs").ground_flx_before -= 1);
        });
        assert_broken("FLX-2", || {
            Inputs::<Test>::mutate(|record| record.as_mut().expect("inputs").ground_flx += 1);
        });
    });
}

#[test]
fn psi_1() {
    lived(|| {
        assert_broken("PSI-1: the field's", || {
            Fields::<Test>::mutate(|record| record.as_mut().expect("fields").gradients[1] += 1);
        });
        assert_broken("PSI-1: gradients", || {
            Fields::<Test>::mutate(|record| record.as_mut().expect("fields").densities[1] += 1);
        });
    });
}

#[test]
fn psi_2() {
    lived(|| {
        assert_eq!(Curls::<Test>::get().map(|record| record.anomalies.len()), Some(5));
        let damage = |damage: fn(&mut crate::types::CurlsRecord)| {
            assert_broken("PSI-2", || {
                Curls::<Test>::mutate(|record| damage(record.as_mut().expect("curls")))
            });
        };
        damage(|record| record.is_breached = false);
        damage(|record| {
            record.anomalies.pop();
        });
        damage(|record| record.anomalies[0] = ShardId(7));
        damage(|record| record.curls[0] = None);
        damage(|record| record.curl_max = 2 * ONE);
    });
}

#[test]
fn the_fields_are_what_their_inputs_give() {
    lived(|| {
        let damage = |damage: fn(&mut crate::types::FieldsRecord)| {
            assert_broken("the fields are", || {
                Fields::<Test>::mutate(|record| damage(record.as_mut().expect("fields")))
            });
        };
        damage(|record| record.flux[0] += 1);
        damage(|record| record.alignment -= 1);
        damage(|record| record.densities.iter_mut().for_each(|psi| *psi += 1));
        assert_broken("the fields are", || {
            Inputs::<Test>::mutate(|record| record.as_mut().expect("inputs").shards[2].staked_atr += 1);
        });
    });
}

#[test]
fn history() {
    lived(|| {
        const LAW: &str = "history";
        let record = |epoch| HistoryRecord {
            epoch,
            densities: Default::default(),
            alignment: 0,
        };
        assert_broken(LAW, || Histories::<Test>::insert(7, record(0)));
        assert_broken(LAW, || Histories::<Test>::insert(2, record(2)));
        assert_broken(LAW, || Histories::<Test>::insert(1, record(1)));
        assert_broken(LAW, || Histories::<Test>::remove(1));
        assert_broken(LAW, || {
            Histories::<Test>::mutate(1, |record| record.as_mut().expect("a record").alignment += 1)
        });
        assert_broken(LAW, || {
            Histories::<Test>::mutate(1, |record| record.as_mut().expect("a record").densities[0] += 1);
        });
        assert_broken(LAW, Fields::<Test>::kill);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever happens from epoch to epoch, every law holds at the end of each, and storage does not grow.
    #[test]
    fn every_law_holds_after_every_epoch(
        shards in 3u8..=50,
        moves in prop::collection::vec((any::<Index>(), any::<Index>(), 0..10u128.pow(17)), 1..6),
        lies in prop::collection::vec((any::<Index>(), any::<i64>()), 1..6),
    ) {
        execute_dense(shards, |topology| {
            for (epoch, (from, to, amount)) in (0..).zip(&moves) {
                world(|world| {
                    let count = world.shards.len();
                    world.shards[from.index(count)].flx -= amount;
                    world.shards[to.index(count)].flx += amount;
                    for (edge, lie) in &lies {
                        world.observed[edge.index(topology.edges().len())] = Some((*lie).into());
                    }
                });
                end_epoch(epoch);
                assert_lawful();
            }
            assert_eq!(Histories::<Test>::iter().count(), moves.len());
        });
    }
}
