//! One step of the phases: CAL-1, CAL-2, CAL-3.

use crate::{feature, phase, symbols, unit};
use proptest::{array::uniform4, prelude::*};
use qc_harmonics::{
    attunement::{
        advance, advance_all, cal_1_holds, cal_2_holds, cal_3_holds, psi, start, Phase, CAL_2_EPOCHS, CAL_2_PSI,
        PARTICIPANT_WEIGHTS, VALIDATOR_WEIGHTS,
    },
    symbols::Symbols,
};
use qc_math::{MathError, ONE};

#[test]
fn weights_sum_to_one() {
    assert_eq!(VALIDATOR_WEIGHTS.iter().sum::<u128>(), ONE);
    assert_eq!(PARTICIPANT_WEIGHTS.iter().sum::<u128>(), ONE);
}

#[test]
fn the_start_is_psi_until_something_was_due() {
    let phases = start::<4>(ONE / 2);
    assert_eq!(psi(&VALIDATOR_WEIGHTS, &phases), Ok(ONE / 2));
    let symbols = Symbols::default();
    let (idle, after) = advance_all(&symbols, &VALIDATOR_WEIGHTS, &phases, &[None; 4]).unwrap();
    assert_eq!((idle, after), (phases, ONE / 2));
    // 0.5 · 0.92 + 0.08, and the others, never due, weigh nothing.
    let (_, after) = advance_all(&symbols, &VALIDATOR_WEIGHTS, &phases, &[Some(ONE), None, None, None]).unwrap();
    assert_eq!(after, 54 * ONE / 100);
}

#[test]
fn nothing_known_is_zero() {
    assert_eq!(psi(&VALIDATOR_WEIGHTS, &start::<4>(0)), Ok(0));
    assert_eq!(psi(&[], &[]), Ok(0));
}

#[test]
fn a_feature_above_one_is_refused() {
    let symbols = Symbols::default();
    let refused = advance(&symbols, Phase::default(), Some(ONE + 1), 0);
    assert_eq!(refused, Err(MathError::AboveOne));
}

/// CAL-2 at the default κ and at its lower bound; just below the bound it fails, so the bound is not slack.
#[test]
fn cal_2_from_zero() {
    let with = |kappa| Symbols {
        kappa,
        ..Symbols::default()
    };
    assert_eq!(cal_2_holds(&Symbols::default()), Ok(true));
    assert_eq!(cal_2_holds(&with(68 * ONE / 1_000)), Ok(true));
    assert_eq!(cal_2_holds(&with(67 * ONE / 1_000)), Ok(false));
}

#[test]
fn integral_of_a_steady_phase_comes_to_tau() {
    let symbols = Symbols::default();
    let mut phase = Phase {
        omega: ONE,
        integral: 0,
        was_due: true,
    };
    for _ in 0..2_000 {
        phase = advance(&symbols, phase, Some(ONE), 0).unwrap();
    }
    let full = 50 * ONE;
    assert!(phase.integral <= full && phase.integral > full - 1_000, "{phase:?}");
}

/// What was wrong when two features of one rate are joined to the mean in one epoch must be found: a first-due feature joins at Ψ.
#[test]
fn a_feature_due_for_the_first_time_joins_at_psi() {
    let symbols = Symbols::default();
    let mut phases = start::<4>(0);
    phases[0] = Phase {
        omega: ONE / 2,
        integral: 0,
        was_due: true,
    };
    // ω2's own past counts nothing: it was never due.
    phases[2].omega = ONE;
    let (after, _) = advance_all(&symbols, &VALIDATOR_WEIGHTS, &phases, &[None, None, Some(0), None]).unwrap();
    assert_eq!(after[2].omega, 46 * ONE / 100);
    assert!(after[2].was_due && !after[1].was_due);
}

proptest! {
    #[test]
    fn cal_1(symbols in symbols(), phases in uniform4(phase()), features in uniform4(feature())) {
        let before = psi(&VALIDATOR_WEIGHTS, &phases).unwrap();
        let (after, psi_after) = advance_all(&symbols, &VALIDATOR_WEIGHTS, &phases, &features).unwrap();
        prop_assert!(cal_1_holds(&symbols, before, psi_after), "{before} to {psi_after}");
        prop_assert!(psi_after <= ONE);
        for (one, other) in phases.iter().zip(&after) {
            if one.was_due {
                prop_assert!(one.omega.abs_diff(other.omega) <= symbols.kappa);
            }
            prop_assert!(other.omega <= ONE);
        }
    }

    #[test]
    fn cal_1_of_participants(symbols in symbols(), phases in [phase(), phase()], features in [feature(), feature()]) {
        let before = psi(&PARTICIPANT_WEIGHTS, &phases).unwrap();
        let (_, after) = advance_all(&symbols, &PARTICIPANT_WEIGHTS, &phases, &features).unwrap();
        prop_assert!(cal_1_holds(&symbols, before, after));
    }

    #[test]
    fn cal_2(symbols in symbols(), mut phases in uniform4(phase())) {
        for _ in 0..CAL_2_EPOCHS {
            (phases, _) = advance_all(&symbols, &VALIDATOR_WEIGHTS, &phases, &[Some(ONE); 4]).unwrap();
        }
        prop_assert!(psi(&VALIDATOR_WEIGHTS, &phases).unwrap() >= CAL_2_PSI);
    }

    #[test]
    fn cal_3(
        symbols in symbols(),
        phases in uniform4(phase()),
        features in uniform4((feature(), unit())),
    ) {
        let worse = features.map(|(feature, _)| feature);
        let better = features.map(|(feature, more)| feature.map(|feature| feature.max(more)));
        prop_assert_eq!(cal_3_holds(&symbols, &VALIDATOR_WEIGHTS, &phases, &worse, &better), Ok(true));
    }

    /// And in every ω: what is ahead stays ahead, so that no past is worth losing.
    #[test]
    fn monotone_in_the_past(symbols in symbols(), low in unit(), high in unit(), feature in unit()) {
        let (low, high) = (low.min(high), low.max(high));
        let from = |omega| Phase { omega, integral: 0, was_due: true };
        let step = |omega| advance(&symbols, from(omega), Some(feature), 0).unwrap().omega;
        prop_assert!(step(low) <= step(high));
    }

    /// The floor is the floor of the exact value: κ and ω in units make a product of 36 decimals.
    #[test]
    fn the_step_is_the_floor(omega in unit(), feature in unit(), symbols in symbols()) {
        let after = advance(&symbols, Phase { omega, integral: 0, was_due: true }, Some(feature), 0).unwrap();
        let exact = omega * ONE - omega * symbols.kappa + feature * symbols.kappa;
        prop_assert!(after.omega * ONE <= exact && exact < (after.omega + 1) * ONE);
        prop_assert_eq!(after.integral, after.omega);
    }

    #[test]
    fn idle_features_keep_their_phase(symbols in symbols(), phase in phase(), psi in unit()) {
        prop_assert_eq!(advance(&symbols, phase, None, psi), Ok(phase));
    }
}

/// The checkers say no where they must.
#[test]
fn the_checkers_notice() {
    let symbols = Symbols::default();
    for (before, after) in [(ONE / 2, ONE / 2 + symbols.kappa), (symbols.kappa, 0)] {
        assert!(cal_1_holds(&symbols, before, after));
    }
    for (before, after) in [(ONE / 2, ONE / 2 + symbols.kappa + 1), (symbols.kappa + 1, 0)] {
        assert!(!cal_1_holds(&symbols, before, after));
    }
    // What is worse everywhere gives less, and says nothing about the law.
    let phases = start(ONE / 2);
    let (worse, better) = ([Some(ONE / 4); 4], [Some(ONE); 4]);
    let holds = |worse, better| cal_3_holds(&symbols, &VALIDATOR_WEIGHTS, &phases, worse, better);
    assert_eq!(holds(&worse, &better), Ok(true));
    assert_eq!(holds(&better, &worse), Ok(true), "not comparable");
    assert_eq!(holds(&worse, &[Some(ONE + 1); 4]), Err(MathError::AboveOne));
}
