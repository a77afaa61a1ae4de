//! A whole epoch closed.

use super::graphs::graph;
use crate::field::{check_kirchhoff, check_psi_1, close, FieldFault, FieldInputs, Fields, Flows, ShardInput, Topology};
use proptest::prelude::*;
use qc_math::{MathError, ONE};

fn five() -> Topology {
    Topology::build(5, &Topology::ring_of_five()).expect("a field graph")
}

/// Five shards with 1, 2, 3, 4, 5 of CHR and ATR each, 100 FLX each and in the ground before; 10 moved from the ground to
/// shard 0.
fn inputs() -> FieldInputs {
    let shards = (1u128..=5).map(|n| ShardInput {
        chr: n,
        staked_atr: n,
        flx: if n == 1 { 110 } else { 100 },
        dissonance: 0,
    });
    FieldInputs {
        shards: shards.collect(),
        flx_before: vec![100; 5],
        ground_flx: 90,
        ground_flx_before: 100,
    }
}

#[test]
fn an_epoch_is_closed() {
    let third = ONE / 3;
    let square = |share: u128| share * share / ONE;
    let densities = vec![
        square(third),
        square(2 * ONE / 3),
        ONE,
        square(4 * ONE / 3),
        square(5 * ONE / 3),
    ];
    let psi: Vec<i128> = densities.iter().map(|psi| *psi as i128).collect();
    let gradients = vec![
        psi[1] - psi[0],
        psi[4] - psi[0],
        psi[2] - psi[1],
        psi[3] - psi[2],
        psi[4] - psi[3],
    ];
    // Potentials 50/11, 20/11, 10/11, 10/11, 20/11 of 10: 4.54…, 1.81…, 0.90…, 0.90…, 1.81…
    let flows = Flows {
        edges: vec![-3, -3, -1, 0, 1],
        ground: vec![4, 2, 1, 1, 2],
    };
    let per_total = |product: i128| product.div_euclid(600);
    let flux = vec![
        per_total(-3 * gradients[0]),
        per_total(-3 * gradients[1]),
        per_total(-gradients[2]),
        0,
        per_total(gradients[4]),
    ];
    let closed = close(&five(), &inputs()).expect("it is closed");
    let expected = Fields {
        densities,
        gradients,
        flows,
        flux,
        alignment: closed.alignment,
    };
    assert_eq!(closed, expected);
    assert!(
        closed.alignment < 0,
        "FLX went to the least dense shard: {}",
        closed.alignment
    );
}

#[test]
fn what_does_not_add_up_is_an_error() {
    let with = |change: fn(&mut FieldInputs)| {
        let mut inputs = inputs();
        change(&mut inputs);
        close(&five(), &inputs)
    };
    let count = Err(FieldFault::ShardCount { expected: 5 });
    assert_eq!(
        with(|inputs| {
            inputs.shards.pop();
        }),
        count
    );
    assert_eq!(
        with(|inputs| {
            inputs.flx_before.pop();
        }),
        count
    );
    assert_eq!(with(|inputs| inputs.shards.push(ShardInput::default())), count);
    assert_eq!(with(|inputs| inputs.flx_before.push(0)), count);
    assert_eq!(
        with(|inputs| inputs.ground_flx += 1),
        Err(FieldFault::NotConserved { sum: 1 })
    );
    assert_eq!(
        with(|inputs| inputs.shards[3].flx -= 1),
        Err(FieldFault::NotConserved { sum: -1 })
    );
    let overflow = Err(FieldFault::Math(MathError::Overflow));
    assert_eq!(with(|inputs| inputs.shards[0].dissonance = u128::MAX), overflow);
    assert_eq!(with(|inputs| inputs.ground_flx = u128::MAX), overflow);
}

#[test]
fn faults_say_what_is_wrong() {
    let said = |fault: FieldFault| fault.to_string();
    assert_eq!(said(MathError::Overflow.into()), MathError::Overflow.to_string());
    assert!(said(FieldFault::ShardCount { expected: 5 }).contains('5'));
    assert!(said(FieldFault::EdgeCount).contains("edges"));
    assert!(said(FieldFault::CycleCount).contains("cycles"));
    assert!(said(FieldFault::NotConserved { sum: -3 }).contains("-3"));
    assert!(said(FieldFault::Unsettled).contains("settle"));
    assert!(said(FieldFault::Kirchhoff { vertex: 4 }).contains("FLX-2") && said(FieldFault::Curl).contains("PSI-1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With amounts as large as all there is, every epoch closes and keeps its laws.
    #[test]
    fn every_epoch_closes(
        (shards, edges, _) in graph(),
        amounts in prop::collection::vec((0..10u128.pow(20), 0..10u128.pow(20), 0..10u128.pow(20), 0..5 * ONE), 50),
        before in prop::collection::vec(0..10u128.pow(20), 50),
    ) {
        let topology = Topology::build(shards, &edges).expect("a field graph");
        let count = usize::from(shards);
        let total = 6_180_339_887 * 10u128.pow(12);
        let shards: Vec<_> = amounts[..count]
            .iter()
            .map(|(chr, staked_atr, flx, dissonance)| ShardInput {
                chr: *chr,
                staked_atr: *staked_atr,
                flx: *flx,
                dissonance: *dissonance,
            })
            .collect();
        let inputs = FieldInputs {
            ground_flx: total - shards.iter().map(|shard| shard.flx).sum::<u128>(),
            shards,
            ground_flx_before: total - before[..count].iter().sum::<u128>(),
            flx_before: before[..count].to_vec(),
        };
        let closed = close(&topology, &inputs).expect("it is closed");
        let change = |now: u128, before: u128| now as i128 - before as i128;
        let shards = inputs.shards.iter().zip(&inputs.flx_before);
        let mut net: Vec<i128> = shards.map(|(now, before)| change(now.flx, *before)).collect();
        net.push(change(inputs.ground_flx, inputs.ground_flx_before));
        prop_assert_eq!(check_kirchhoff(&topology, &net, &closed.flows), Ok(()));
        prop_assert_eq!(check_psi_1(&topology, &closed.gradients), Ok(()));
        prop_assert!(closed.alignment.unsigned_abs() <= ONE);
        prop_assert_eq!(closed.flux.len(), topology.edges().len());
    }
}
