//! The chapter docs/protocol/attunement.md says what the code computes: its examples, and its table of symbols.

use qc_harmonics::{
    attunement::{close, harmony, lambda, mean_omega, multipliers, slots, Forgiveness, History, Phase, ValidatorInput},
    symbols::Symbols,
};
use qc_math::ONE;

const CHAPTER: &str = include_str!("../../../../docs/protocol/attunement.md");

/// That the chapter has a number as the code computes it: without zeros at the end, in units of one.
fn said(number: u128) {
    let digits = format!("{}.{:018}", number / ONE, number % ONE);
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    assert!(CHAPTER.contains(digits), "the chapter does not say {digits}");
}

fn due(omega: u128, integral: u128) -> Phase {
    Phase {
        omega,
        integral,
        was_due: true,
    }
}

#[test]
fn a_step_of_the_phases() {
    let symbols = Symbols::default();
    let (f0, _) = slots(&symbols, Forgiveness { barred_epochs: 9 }, 37, 36).unwrap();
    said(f0.unwrap());
    let never = Phase::default();
    let input = ValidatorInput {
        phases: [due(9 * ONE / 10, 10 * ONE), never, never, due(8 * ONE / 10, 10 * ONE)],
        features: [f0, None, Some(3 * ONE / 4), Some(harmony(0).unwrap())],
        stake: 1,
        in_grace: false,
    };
    let closing = close(&symbols, &[input], 0).unwrap();
    let [slots, _, conformity, harmony] = closing.validators[0].phases;
    assert_eq!(slots, due(905_837_837_837_837_837, 10_705_837_837_837_837_837));
    assert_eq!(conformity, due(851_200_000_000_000_000, 851_200_000_000_000_000));
    assert_eq!(harmony.omega, 816_000_000_000_000_000);
    assert_eq!(closing.validators[0].psi, 864_559_073_359_073_358);
    said(slots.omega);
    said(slots.integral);
    said(conformity.omega);
    said(closing.validators[0].psi);
}

#[test]
fn coherence_of_three() {
    let validator = |omegas: [u128; 4], stake: u128| ValidatorInput {
        phases: omegas.map(|percent| due(percent * ONE / 100, 0)),
        features: [None; 4],
        stake: stake * 1_000_000_000_000,
        in_grace: false,
    };
    let inputs = [
        validator([100; 4], 50_000),
        validator([90, 80, 90, 100], 30_000),
        validator([50, 50, 0, 100], 20_000),
    ];
    let closing = close(&Symbols::default(), &inputs, 0).unwrap();
    assert_eq!(closing.resonance, 883_341_098_530_718_448);
    assert_eq!(closing.core, closing.coherence);
    said(closing.resonance);
    said(closing.coherence);
    said(closing.entropy);
    let psis = closing.validators.iter().map(|closed| closed.psi);
    assert_eq!(psis.collect::<Vec<_>>(), [ONE, 89 * ONE / 100, ONE / 2]);
}

#[test]
fn multipliers_of_three() {
    let lambda = lambda(12 * ONE / 10, 9 * ONE / 10).unwrap();
    said(lambda);
    let means = [ONE, 3 * ONE / 4, ONE / 2].map(|omega| mean_omega(&[due(omega, 0); 4]).unwrap());
    let found = multipliers(&Symbols::default(), lambda, &means).unwrap();
    said(found[0]);
    assert_eq!(found[1], ONE);
    said(found[2]);
}

#[test]
fn an_average_of_days() {
    let symbols = Symbols::default();
    let mut history = History::enrolled_on(100);
    for (day, psi) in [(100, 9 * ONE / 10), (100, 8 * ONE / 10), (102, ONE)] {
        history.record(day, psi).unwrap();
    }
    assert_eq!(history.mean(&symbols, 102), Ok(264_285_714_285_714_285));
    said(264_285_714_285_714_285);
    assert_eq!(history.mean(&symbols, 109), Ok(185 * ONE / 1_000));
    said(185 * ONE / 1_000);
}
