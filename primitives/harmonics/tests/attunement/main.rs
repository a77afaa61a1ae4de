//! The attunement (protocol section 4): its laws CAL-1, CAL-2 and CAL-3, its bounds, and the golden vectors.

mod coherence;
mod conduct;
mod features;
mod gain;
mod history;
mod phase;
mod set;
mod simulation;
mod symbols;
mod vectors;
mod worked;

use proptest::prelude::*;
use qc_harmonics::{
    attunement::{Phase, ValidatorInput},
    symbols::Symbols,
};
use qc_math::ONE;

/// A number in [0, 1], ends and round numbers often.
fn unit() -> impl Strategy<Value = u128> {
    prop_oneof![
        Just(0),
        Just(ONE),
        Just(ONE - 1),
        Just(1),
        0..=ONE,
        (0_u128..=100).prop_map(|percent| percent * ONE / 100),
        (0_u32..60, 0..=ONE).prop_map(|(shift, x)| x >> shift),
    ]
}

fn phase() -> impl Strategy<Value = Phase> {
    (unit(), 0..=50 * ONE, any::<bool>()).prop_map(|(omega, integral, was_due)| Phase {
        omega,
        integral,
        was_due,
    })
}

fn feature() -> impl Strategy<Value = Option<u128>> {
    proptest::option::weighted(0.8, unit())
}

fn stake() -> impl Strategy<Value = u128> {
    prop_oneof![Just(0), 0..1_000_000_000_000_000_000_u128, 0..10_u128.pow(25)]
}

fn input() -> impl Strategy<Value = ValidatorInput> {
    let phases = proptest::array::uniform4(phase());
    let features = proptest::array::uniform4(feature());
    (phases, features, stake(), proptest::bool::weighted(0.3)).prop_map(|(phases, features, stake, in_grace)| {
        ValidatorInput {
            phases,
            features,
            stake,
            in_grace,
        }
    })
}

/// Symbols with any κ and τ that pass the check.
fn symbols() -> impl Strategy<Value = Symbols> {
    let kappa = prop_oneof![Just(ONE * 8 / 100), ONE * 68 / 1_000..=ONE / 2];
    (kappa, 2_u32..=100_000).prop_map(|(kappa, tau_epochs)| Symbols {
        kappa,
        tau_epochs,
        ..Symbols::default()
    })
}
