//! What an epoch makes of its validators: the formula's numbers, from saved inputs.

use crate::{mock::*, types::OUTCOMES_MAX, Event, Inputs, LastOutcome, Outcomes, Recalibrations, ValidatorOutcomes};
use qc_harmonics::attunement::{advance, close, psi, ValidatorInput, VALIDATOR_WEIGHTS};
use qc_math::ONE;
use qc_traits::{AttunementInspect, IncidentCause, OnEpochEnd};
use qc_types::{CirCode, Scope};

#[test]
fn perfect_founders_stay_perfect() {
    execute(|| {
        events();
        run_epochs(1);
        let closed = outcome();
        assert_eq!((closed.epoch, closed.validators), (0, 4));
        assert_eq!(closed.entropy, ONE);
        assert_eq!(closed.caf, ONE);
        assert_eq!(closed.entropy_rate, 0);
        assert!(closed.coherence > ONE * 999 / 1_000, "{closed:?}");
        assert!(events().contains(&Event::EpochClosed { outcome: closed }));
        for (_, validator) in ValidatorOutcomes::<Test>::get() {
            assert_eq!(validator.multiplier, ONE, "all are the median");
        }
    });
}

/// Slots and harmony were due: weights 0.3 and 0.2.
#[test]
fn psi_is_the_formulas_to_the_last_digit() {
    execute_on(&genesis_of(4, symbols(), 0), || {
        let mut omega = [qc_harmonics::attunement::Phase::default(); 4];
        for _ in 0..20 {
            let before = psi(&VALIDATOR_WEIGHTS, &omega).expect("in range");
            for k in [0, 3] {
                omega[k] = advance(&symbols(), omega[k], Some(ONE), before).expect("in range");
            }
            run_epochs(1);
            assert_eq!(candidate(&user(3)).phases, omega);
            assert_eq!(Ok(candidate(&user(3)).psi), psi(&VALIDATOR_WEIGHTS, &omega));
        }
    });
}

#[test]
fn the_targets_are_met_within_fifty_epochs_from_nothing() {
    execute_on(&genesis_of(4, symbols(), 0), || {
        for who in (1..=4).map(user) {
            set_conformity(&who, ONE);
        }
        run_epochs(50);
        let closed = outcome();
        assert!(closed.coherence >= ONE * 97 / 100, "{closed:?}");
        assert!(closed.entropy >= ONE * 98 / 100 && closed.entropy_rate <= ONE * 2 / 1_000);
    });
}

#[test]
fn the_targets_are_met_again_after_one_was_away() {
    execute_on(&genesis_of(4, symbols(), ONE), || {
        run_epochs_without(20, &[user(4)]);
        assert!(outcome().coherence < ONE * 97 / 100);
        run_epochs(50);
        let closed = outcome();
        assert!(closed.coherence >= ONE * 97 / 100, "{closed:?}");
        assert!(closed.entropy >= ONE * 98 / 100 && closed.entropy_rate <= ONE * 2 / 1_000);
    });
}

#[test]
fn inputs_are_saved_as_they_stood_before() {
    execute(|| {
        run_epochs(3);
        let before: Vec<_> = running().iter().map(|who| candidate(who).phases).collect();
        set_conformity(&user(2), ONE / 2);
        run_epochs_without(1, &[user(1)]);
        let (epoch, inputs) = Inputs::<Test>::get();
        assert_eq!(epoch, outcome().epoch);
        let plain: Vec<ValidatorInput> = inputs.iter().map(|(_, input)| *input).collect();
        assert_eq!(plain.iter().map(|input| input.phases).collect::<Vec<_>>(), before);
        // One miss is forgiven, nine are not.
        assert_eq!(plain[0].features[0], Some(ONE / 10));
        assert_eq!(plain[1].features, [Some(ONE), None, Some(ONE / 2), Some(ONE)]);
        let recomputed = close(&symbols(), &plain, 0).expect("in range");
        assert_eq!(recomputed.coherence, outcome().coherence);
        assert_eq!(recomputed.validators[0].psi, candidate(&user(1)).psi);
    });
}

#[test]
fn dissonance_lowers_psi() {
    execute(|| {
        set_dissonance(&user(2), ONE);
        run_epochs(10);
        assert!(candidate(&user(2)).psi < candidate(&user(1)).psi);
        assert_eq!(Inputs::<Test>::get().1[1].1.features[3], Some(ONE / 2));
        let multipliers: Vec<_> = ValidatorOutcomes::<Test>::get()
            .iter()
            .map(|(_, of)| of.multiplier)
            .collect();
        assert!(multipliers[1] < ONE && multipliers[0] == ONE);
    });
}

#[test]
fn alpha_is_tried_every_ten_epochs() {
    execute(|| {
        run_epochs(9);
        assert_eq!(Recalibrations::<Test>::get().alpha, ONE);
        run_epochs(1);
        assert_eq!(Recalibrations::<Test>::get().alpha, ONE + ONE / 50);
        assert_eq!(outcome().alpha, ONE, "in force from the next epoch on");
        run_epochs(1);
        assert_eq!(outcome().alpha, ONE + ONE / 50);
    });
}

#[test]
fn the_history_is_bounded() {
    execute(|| {
        run_epochs(2);
        for epoch in 0..3 {
            Outcomes::<Test>::insert(epoch, crate::types::EpochOutcome { epoch, ..outcome() });
        }
        Attunement::on_epoch_end(OUTCOMES_MAX + 1);
        assert_eq!(Outcomes::<Test>::get(1).map(|of| of.epoch), Some(OUTCOMES_MAX + 1));
        assert_eq!(Outcomes::<Test>::iter().count(), 3);
    });
}

#[test]
fn a_fault_leaves_the_last_good_values() {
    execute(|| {
        run_epochs(3);
        let (good, inputs, before) = (outcome(), Inputs::<Test>::get(), candidate(&user(1)));
        set_dissonance(&user(2), u128::MAX);
        events();
        run_epochs(1);
        assert_eq!((outcome(), Inputs::<Test>::get()), (good, inputs));
        assert_eq!(candidate(&user(1)), before);
        assert!(events().contains(&Event::EpochNotClosed { epoch: 3 }));
        assert_eq!(
            incidents(),
            [(CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics)]
        );
        assert_lawful();
        // What was counted in that epoch is not carried into the next.
        set_dissonance(&user(2), 0);
        run_epochs(1);
        assert_eq!(outcome().epoch, 4);
        assert_eq!(Inputs::<Test>::get().1[0].1.features[0], Some(ONE));
    });
}

#[test]
fn a_day_is_the_mean_of_its_epochs() {
    execute_on(&genesis_of(4, symbols(), 0), || {
        // The tenth epoch ends at block 100, the first of day 1.
        run_epochs(9);
        let psis: u128 = Attunement::outcomes(0, 100).len() as u128;
        assert_eq!(psis, 9);
        let mean = Attunement::psi_mean(&user(1)).expect("a validator");
        assert!(mean > 0 && mean < candidate(&user(1)).psi);
        assert_eq!(LastOutcome::<Test>::get().map(|of| of.epoch), Some(8));
    });
}
