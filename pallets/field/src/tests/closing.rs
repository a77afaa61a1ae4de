//! What the end of an epoch writes.

use crate::{
    mock::*,
    types::{CurlsRecord, FieldsRecord, InputsRecord},
    Curls, Event, Fields, Inputs,
};
use codec::Decode;
use frame_support::{traits::Get, weights::Weight, BoundedVec};
use qc_harmonics::field::{self, ShardInput};
use qc_traits::FieldInspect;

fn bounded<V, S: Get<u32>>(values: &[V]) -> BoundedVec<V, S>
where
    V: Clone,
{
    BoundedVec::try_from(values.to_vec()).ok().expect("they fit")
}

/// What the pallet takes of [`five`].
fn inputs_of_five() -> Vec<ShardInput> {
    five()
        .iter()
        .map(|facts| ShardInput {
            chr: facts.chr,
            staked_atr: facts.staked_atr,
            flx: facts.flx,
            dissonance: facts.dissonance,
        })
        .collect()
}

#[test]
fn in_the_first_epoch_nothing_has_moved() {
    execute(|| {
        end_epoch(0);
        let inputs = InputsRecord {
            epoch: 0,
            shards: bounded(&inputs_of_five()),
            flx_before: bounded(&[1_000; 5]),
            ground_flx: 5_000,
            ground_flx_before: 5_000,
        };
        let psi = densities_of_five();
        let slope = |i: usize, j: usize| psi[j] as i128 - psi[i] as i128;
        let fields = FieldsRecord {
            epoch: 0,
            densities: bounded(&psi),
            gradients: bounded(&[slope(0, 1), slope(0, 4), slope(1, 2), slope(2, 3), slope(3, 4)]),
            flows: bounded(&[0; 5]),
            ground_flows: bounded(&[0; 5]),
            flux: bounded(&[0; 5]),
            alignment: 0,
        };
        let curls = CurlsRecord {
            epoch: 0,
            curls: bounded(&[None]),
            curl_max: ONE / 100,
            is_breached: false,
            anomalies: bounded(&[]),
        };
        assert_eq!(Inputs::<Test>::get(), Some(inputs.clone()));
        assert_eq!(Fields::<Test>::get(), Some(fields.clone()));
        assert_eq!(Curls::<Test>::get(), Some(curls.clone()));
        let view = Field::field_view();
        assert_eq!(
            (view.inputs, view.fields, view.curls),
            (Some(inputs), Some(fields), Some(curls))
        );
        assert_eq!(events(), [Event::FieldClosed { epoch: 0, alignment: 0 }]);
        assert_eq!(incidents(), []);
    });
}

/// 110 from the ground to shard 0 of the ring of five: potentials 50, 20, 10, 10, 20.
#[test]
fn what_moved_since_the_last_epoch_flows() {
    execute(|| {
        end_epoch(0);
        pay(0, 110);
        end_epoch(1);
        let inputs = Inputs::<Test>::get().expect("inputs");
        assert_eq!(inputs.epoch, 1);
        assert_eq!(inputs.flx_before.to_vec(), [1_000; 5]);
        assert_eq!(
            (inputs.shards[0].flx, inputs.ground_flx, inputs.ground_flx_before),
            (1_110, 4_890, 5_000)
        );
        let fields = Fields::<Test>::get().expect("fields");
        assert_eq!(fields.epoch, 1);
        assert_eq!(fields.flows.to_vec(), [-30, -30, -10, 0, 10]);
        assert_eq!(fields.ground_flows.to_vec(), [50, 20, 10, 10, 20]);
        let expected = field::flux(&fields.flows, &fields.gradients, 10_000).expect("in range");
        assert_eq!(fields.flux.to_vec(), expected);
        // ψ falls from shard 0 to 4, so FLX went up it on 1 → 0 and 4 → 0, and up on 2 → 1; on 3 → 4 down.
        assert!(fields.alignment > 0);
        let closed = Event::FieldClosed {
            epoch: 1,
            alignment: fields.alignment,
        };
        assert_eq!(events().last(), Some(&closed));

        // And only since then: nothing moves any more.
        end_epoch(2);
        let fields = Fields::<Test>::get().expect("fields");
        assert_eq!((fields.flows.to_vec(), fields.alignment), (vec![0; 5], 0));
        assert_eq!(Inputs::<Test>::get().map(|inputs| inputs.flx_before[0]), Some(1_110));
    });
}

#[test]
fn others_read_the_last_closed_epoch() {
    execute(|| {
        let densities = |epoch| <Field as FieldInspect>::densities(epoch);
        assert_eq!(densities(0), None);
        end_epoch(0);
        world(|world| world.shards[4].chr = 1_000);
        assert_eq!(densities(0), Some(densities_of_five().to_vec()));
        assert_eq!(densities(1), None, "it has not closed");
        end_epoch(1);
        assert!(densities(1).expect("it has closed")[4] > densities_of_five()[4]);
        assert_eq!(densities(0), None, "it is not the last one any more");
        // FLX from nowhere: the epoch cannot be closed, and nobody is told that an older ψ is its own.
        world(|world| world.ground_flx += 1);
        end_epoch(2);
        assert_eq!((densities(2), densities(1).is_some()), (None, true));
    });
}

#[test]
fn an_empty_shard_is_no_harm() {
    execute(|| {
        world(|world| world.shards[2] = Default::default());
        end_epoch(0);
        let psi = Field::field_view().fields.expect("fields").densities;
        assert_eq!(psi[2], 0);
        assert!((0..5).all(|shard| shard == 2 || psi[shard] > 0));
        assert_eq!(incidents(), []);
    });
}

#[test]
fn without_any_stake_or_any_chr_the_field_is_zero() {
    for change in [
        |world: &mut World| world.shards.iter_mut().for_each(|shard| shard.staked_atr = 0),
        |world: &mut World| world.shards.iter_mut().for_each(|shard| shard.chr = 0),
    ] {
        execute(|| {
            world(change);
            end_epoch(0);
            pay(3, 77);
            end_epoch(1);
            let fields = Field::field_view().fields.expect("fields");
            assert_eq!(
                (fields.densities.to_vec(), fields.gradients.to_vec()),
                (vec![0; 5], vec![0; 5])
            );
            assert_eq!((fields.flux.to_vec(), fields.alignment), (vec![0; 5], 0));
            assert!(fields.flows.iter().any(|flow| *flow != 0), "FLX flows all the same");
            assert_eq!(incidents(), []);
        });
    }
}

#[test]
fn dissonance_lowers_its_shard() {
    execute(|| {
        world(|world| world.shards[1].dissonance = ONE);
        end_epoch(0);
        let psi = Field::field_view().fields.expect("fields").densities;
        assert_eq!(psi[0], densities_of_five()[0]);
        assert_eq!(psi[1], (4 * ONE / 3).pow(2) / (2 * ONE));
    });
}

/// What a node does: decode the raw snapshot and compute ψ by itself.
#[test]
fn the_raw_inputs_give_the_density_again() {
    execute(|| {
        end_epoch(0);
        pay(1, 500);
        end_epoch(1);
        let raw = sp_io::storage::get(&Inputs::<Test>::hashed_key()).expect("it is there");
        let inputs = InputsRecord::decode(&mut &raw[..]).expect("it decodes");
        let psi = field::densities(&inputs.shards).expect("in range");
        assert_eq!(Some(psi), Fields::<Test>::get().map(|fields| fields.densities.to_vec()));
    });
}

#[test]
fn the_largest_field_closes() {
    execute_dense(50, |topology| {
        end_epoch(0);
        say(topology, 1);
        end_epoch(1);
        let fields = Fields::<Test>::get().expect("fields");
        assert_eq!(
            (fields.epoch, fields.flows.len(), fields.ground_flows.len()),
            (1, 250, 50)
        );
        assert!(fields.flows.iter().filter(|flow| **flow != 0).count() > 200);
    });
}

#[test]
fn the_weight_is_that_of_the_shards_that_answer() {
    execute(|| {
        assert_eq!(end_epoch(0), Weight::from_parts(5_000, 0));
        world(|world| {
            world.shards.pop();
        });
        assert_eq!(end_epoch(1), Weight::from_parts(4_000, 0), "of a fault too");
    });
}
