//! λ, m_v, the recalibration of α, boosts.

use crate::{phase, unit};
use proptest::{array::uniform4, collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{add_boost, effective_psi, lambda, mean_omega, multipliers, recalibrate, Boost, Phase, Recalibration},
    symbols::Symbols,
};
use qc_math::{exp, ONE};

const STEP: u128 = ONE / 50;

#[test]
fn lambda_at_full_coherence_is_alpha_over_phi() {
    assert_eq!(lambda(ONE, ONE), Ok(618_033_988_749_894_848));
    assert_eq!(lambda(12 * ONE / 10, ONE), Ok(741_640_786_499_873_817));
    assert_eq!(lambda(ONE, 0), Ok(0));
}

#[test]
fn the_median_validator_has_multiplier_one() {
    let symbols = Symbols::default();
    let lambda = lambda(ONE, ONE).unwrap();
    let found = multipliers(&symbols, lambda, &[ONE, 0, ONE / 2, ONE / 2]).unwrap();
    assert_eq!(found[2..], [ONE, ONE]);
    assert!(found[0] > ONE && found[1] < ONE);
    // e^(λ/2): λ/2 is whole units.
    assert_eq!(found[0], exp(309_016_994_374_947_424).unwrap());
    assert_eq!(multipliers(&symbols, lambda, &[]), Ok(vec![]));
    assert_eq!(multipliers(&symbols, lambda, &[ONE / 3]), Ok(vec![ONE]));
}

#[test]
fn the_exponent_is_clamped() {
    let symbols = Symbols {
        exponent_max: ONE,
        ..Symbols::default()
    };
    let found = multipliers(&symbols, 5 * ONE, &[0, ONE / 2, ONE]).unwrap();
    let one = i128::try_from(ONE).unwrap();
    assert_eq!(found, [exp(-one).unwrap(), ONE, exp(one).unwrap()]);
}

#[test]
fn mean_omega_counts_what_was_due() {
    let due = |omega| Phase {
        omega,
        integral: 0,
        was_due: true,
    };
    let never = Phase {
        omega: ONE,
        ..Phase::default()
    };
    assert_eq!(mean_omega(&[due(ONE), due(0), never, never]), Ok(ONE / 2));
    assert_eq!(mean_omega(&[never; 4]), Ok(ONE));
    assert_eq!(mean_omega(&[]), Ok(0));
}

/// Runs the epochs of one interval at one Ĉ.
fn interval(symbols: &Symbols, mut state: Recalibration, epochs: u32, coherence: u128) -> Recalibration {
    for _ in 0..epochs {
        state = recalibrate(symbols, state, coherence, 0).unwrap();
    }
    state
}

#[test]
fn a_trial_is_kept_only_if_coherence_did_not_fall() {
    let symbols = Symbols::default();
    let none = interval(&symbols, Recalibration::default(), 9, ONE / 2);
    assert_eq!((none.alpha, none.trial), (ONE, None));
    let first = interval(&symbols, none, 1, ONE / 2);
    assert_eq!(first.alpha, ONE + STEP);
    // Ĉ stood still: kept, and on.
    let kept = interval(&symbols, first, 10, ONE / 2);
    assert_eq!(kept.alpha, ONE + 2 * STEP);
    // Ĉ fell by a unit: back, and the other way.
    let turned = interval(&symbols, kept, 10, ONE / 2 - 1);
    assert_eq!((turned.alpha, turned.rising), (ONE, false));
}

#[test]
fn at_a_bound_the_direction_turns() {
    let symbols = Symbols::default();
    let mut state = Recalibration::default();
    let mut seen = Vec::new();
    for _ in 0..40 {
        state = interval(&symbols, state, 10, ONE / 2);
        seen.push(state.alpha);
    }
    assert_eq!(*seen.iter().max().unwrap(), symbols.alpha_max);
    assert_eq!(*seen.iter().min().unwrap(), symbols.alpha_min);
}

#[test]
fn boosts_shorten_the_interval_in_a_deficit_only() {
    let symbols = Symbols::default();
    let after_five = |coherence, boost| {
        let mut state = Recalibration::default();
        for _ in 0..5 {
            state = recalibrate(&symbols, state, coherence, boost).unwrap();
        }
        state.alpha > ONE
    };
    assert!(after_five(ONE / 2, ONE / 10));
    assert!(!after_five(ONE / 2, ONE / 10 - 1));
    assert!(!after_five(85 * ONE / 100, ONE));
}

#[test]
fn a_boost_costs_and_ends() {
    let symbols = Symbols::default();
    let half = add_boost(&symbols, Boost::default(), 100, symbols.boost_psy / 2).unwrap();
    assert_eq!((half.level, half.ends), (ONE / 2, 150));
    assert_eq!(half.level_at(149), ONE / 2);
    assert_eq!(half.level_at(150), 0);
    // Half of its time later half of it is left; a quarter comes back with a new burn of as much.
    let renewed = add_boost(&symbols, half, 125, symbols.boost_psy / 2).unwrap();
    assert_eq!((renewed.level, renewed.ends), (3 * ONE / 4, 175));
    assert_eq!(add_boost(&symbols, half, 150, 0).unwrap().level, 0);
    assert_eq!(
        add_boost(&symbols, half, 100, symbols.boost_psy * 9).unwrap().level,
        ONE
    );
    assert_eq!(effective_psi(&symbols, 69 * ONE / 100, ONE), Ok(74 * ONE / 100));
    assert_eq!(effective_psi(&symbols, 96 * ONE / 100, ONE), Ok(ONE));
}

proptest! {
    #[test]
    fn alpha_stays_within_its_bounds(coherences in vec((unit(), unit()), 1..200)) {
        let symbols = Symbols { recalibration_epochs: 2, ..Symbols::default() };
        let mut state = Recalibration::default();
        for (coherence, boost) in coherences {
            let before = state.alpha;
            state = recalibrate(&symbols, state, coherence, boost).unwrap();
            prop_assert!((symbols.alpha_min..=symbols.alpha_max).contains(&state.alpha));
            // A trial that is given up and the next one: two steps at most.
            prop_assert!(before.abs_diff(state.alpha) <= 2 * STEP);
        }
    }

    #[test]
    fn more_omega_never_means_a_smaller_multiplier(means in vec(unit(), 1..20), coherence in unit()) {
        let symbols = Symbols::default();
        let found = multipliers(&symbols, lambda(symbols.alpha_max, coherence).unwrap(), &means).unwrap();
        for (one, mine) in means.iter().zip(&found) {
            for (other, theirs) in means.iter().zip(&found) {
                prop_assert!(one > other || mine <= theirs);
            }
            // e^±0.742
            prop_assert!((476_000_000_000_000_000..=2_100_000_000_000_000_000).contains(mine));
        }
    }

    #[test]
    fn splitting_a_burn_gains_nothing(burnt in 0_u128..2_000_000_000_000_000, part in 0_u128..=100, pause in 0_u32..60) {
        let symbols = Symbols::default();
        let at_once = add_boost(&symbols, Boost::default(), 10 + pause, burnt).unwrap();
        let first = add_boost(&symbols, Boost::default(), 10, burnt * part / 100).unwrap();
        let second = add_boost(&symbols, first, 10 + pause, burnt - burnt * part / 100).unwrap();
        prop_assert!(second.level <= at_once.level);
    }

    #[test]
    fn a_boost_adds_at_most_a_twentieth(psi in unit(), boost in unit(), phases in uniform4(phase())) {
        let symbols = Symbols::default();
        let effective = effective_psi(&symbols, psi, boost).unwrap();
        prop_assert!(effective >= psi && effective <= ONE && effective - psi <= ONE / 20);
        prop_assert!(mean_omega(&phases).unwrap() <= ONE);
    }
}
