//! What follows from reports: f2, strikes, tampering, and incidents for a wide spread.

use crate::{mock::*, Event, Strikes};
use qc_harmonics::sync::Report;
use qc_math::ONE;
use qc_traits::{IncidentCause, Misconduct, SyncInspect};
use qc_types::{CirCode, Scope, ShardId};

#[test]
fn agreement_is_one_and_silence_is_zero() {
    execute(4, || {
        file_honest([1, 2, 3]);
        events();
        end_epoch();
        assert_eq!(PsiSync::conformities(), [(1, ONE), (2, ONE), (3, ONE), (4, 0)]);
        assert_eq!(
            (conformity(&1), conformity(&4), conformity(&9)),
            (Some(ONE), Some(0), None)
        );
        let outcome = outcome();
        assert_eq!((outcome.validators, outcome.came, outcome.void), (4, 3, 0));
        assert_eq!((outcome.consensus, outcome.own), (Some(COHERENCE), Some(COHERENCE)));
        assert_eq!(
            (outcome.deviating, outcome.struck, outcome.tampered, outcome.breach),
            (0, 0, 0, None)
        );
        let closed = Event::SyncClosed {
            epoch: 0,
            came: 3,
            consensus: Some(COHERENCE),
        };
        assert_eq!(events(), [closed]);
        assert_eq!((punished(), incidents()), (vec![], vec![]));
        assert!(!PsiSync::is_breached());
    });
}

#[test]
fn between_the_two_it_falls_with_the_distance() {
    execute(4, || {
        assert_eq!(file(1, &with_coherence(1, COHERENCE + EPSILON / 4)), Ok(()));
        file_honest([2, 3, 4]);
        end_epoch();
        assert_eq!(conformity(&1), Some(3 * ONE / 4));
        assert_eq!(punished(), []);
    });
}

#[test]
fn no_quorum_no_f2_and_no_strikes() {
    execute(6, || {
        // Four of six are not more than two thirds; one of them lies, one is void.
        file_honest([1, 2]);
        assert_eq!(file(3, &with_coherence(3, 1)), Ok(()));
        assert_eq!(file(4, &with_coherence(4, 1)), Ok(()));
        file_honest([5]);
        assert_eq!(file(5, &with_coherence(5, 1)), Ok(()));
        end_epoch();
        assert_eq!((outcome().came, outcome().void, outcome().consensus), (4, 1, None));
        assert_eq!(PsiSync::conformities(), []);
        assert_eq!((conformity(&1), Strikes::<Test>::get().len()), (None, 0));
        assert_eq!(punished(), []);
    });
}

#[test]
fn where_nothing_was_due_there_is_nothing() {
    execute(4, || {
        assert_eq!((PsiSync::last_outcome(), PsiSync::conformities()), (None, vec![]));
        assert_eq!(PsiSync::observed_gradients(), []);
        file_honest([1, 2, 3, 4]);
        end_epoch();
        assert!(PsiSync::last_outcome().is_some());
        // An epoch in which nobody reported has an outcome without Ψ*.
        end_epoch();
        assert_eq!((outcome().came, PsiSync::conformities()), (0, vec![]));
    });
}

#[test]
fn three_strikes_in_ten_epochs_blacklist() {
    execute(4, || {
        for strikes in 1..=3 {
            file_honest([2, 3, 4]);
            assert_eq!(file(1, &with_coherence(1, COHERENCE - EPSILON - 1)), Ok(()));
            assert_eq!(punished(), []);
            events();
            end_epoch();
            let (validator, epoch) = (1, strikes - 1);
            assert!(events().contains(&Event::ValidatorStruck {
                validator,
                epoch,
                strikes
            }));
        }
        assert_eq!(punished(), [(1, Misconduct::SyncStrikes)]);
        assert_eq!((PsiSync::strikes_of(&1), incidents()), (vec![], vec![]));
    });
}

#[test]
fn a_strike_counts_for_ten_epochs() {
    let with_strikes_at = |epochs: [u32; 3]| {
        let mut found = vec![];
        execute(4, || {
            for epoch in 0..=epochs[2] {
                file_honest([2, 3, 4]);
                if epochs.contains(&epoch) {
                    assert_eq!(file(1, &with_coherence(1, 0)), Ok(()));
                } else {
                    file_honest([1]);
                }
                end_epoch();
            }
            found = punished();
        });
        found
    };
    assert_eq!(with_strikes_at([0, 5, 9]), [(1, Misconduct::SyncStrikes)]);
    assert_eq!(with_strikes_at([0, 5, 10]), []);
}

#[test]
fn at_the_tolerance_it_is_no_strike() {
    execute(4, || {
        file_honest([2, 3, 4]);
        assert_eq!(file(1, &with_coherence(1, COHERENCE + EPSILON)), Ok(()));
        end_epoch();
        assert_eq!((PsiSync::strikes_of(&1), conformity(&1)), (vec![], Some(0)));
    });
}

#[test]
fn two_different_reports_are_a_strike_and_no_f2() {
    execute(4, || {
        file_honest([1, 2, 3, 4]);
        assert_eq!(file(1, &with_coherence(1, COHERENCE + 1)), Ok(()));
        end_epoch();
        assert_eq!((PsiSync::strikes_of(&1), conformity(&1)), (vec![0], Some(0)));
        assert_eq!((outcome().came, outcome().void, outcome().struck), (3, 1, 1));
        assert_eq!(punished(), []);
    });
}

#[test]
fn another_density_is_tampering() {
    execute(4, || {
        file_honest([2, 3, 4]);
        assert_eq!(file(1, &with_density(1, 4, 1)), Ok(()));
        events();
        end_epoch();
        assert_eq!(punished(), [(1, Misconduct::Tampering)]);
        let tampering = (CirCode::FieldAnomaly, Scope::Account(1), IncidentCause::Tampering);
        assert_eq!(incidents(), [tampering]);
        let (validator, epoch) = (1, 0);
        assert!(events().contains(&Event::TamperingFound { validator, epoch }));
        assert_eq!(
            (outcome().tampered, outcome().struck, conformity(&1)),
            (1, 0, Some(ONE))
        );
    });
}

/// Where the chain could not close an epoch, it has nothing of it that a report could contradict: who says so much is right.
#[test]
fn what_could_not_be_closed_contradicts_nobody() {
    execute(4, || {
        let apart = COHERENCE - 2 * EPSILON;
        for n in 1..=4 {
            let of_another_world = Report {
                coherence: apart,
                ..with_density(n, u8::try_from(n - 1).expect("small"), 1)
            };
            assert_eq!(file(n, &of_another_world), Ok(()));
        }
        world(|world| world.not_closed.push(0));
        end_epoch();
        assert_eq!((punished(), incidents()), (vec![], vec![]));
        let outcome = outcome();
        assert_eq!((outcome.consensus, outcome.own), (Some(apart), None));
        assert_eq!((outcome.deviating, outcome.tampered, outcome.breach), (0, 0, None));
    });
}

#[test]
fn another_code_is_tampering() {
    execute(4, || {
        file_honest([2, 3, 4]);
        let report = Report {
            code_hash: [1; 32],
            ..honest(1)
        };
        assert_eq!(file(1, &report), Ok(()));
        end_epoch();
        assert_eq!(punished(), [(1, Misconduct::Tampering)]);
    });
}

/// What counts is the code in the state of the boundary block, not what an upgrade has put there since.
#[test]
fn an_upgrade_after_the_boundary_punishes_nobody() {
    execute(4, || {
        file_honest([1, 2]);
        world(|world| world.code = [0xee; 32]);
        file_honest([3, 4]);
        end_epoch_at_boundary();
        assert_eq!((outcome().tampered, outcome().breach, punished()), (0, None, vec![]));
        // And one in the boundary block itself is in its state.
        next_block();
        for n in 1..=4 {
            let report = Report {
                code_hash: [0xee; 32],
                ..honest(n)
            };
            assert_eq!(file(n, &report), Ok(()));
        }
        end_epoch();
        assert_eq!((outcome().tampered, outcome().breach, punished()), (0, None, vec![]));
    });
}

/// What the chain does not know is held against nobody.
#[test]
fn where_the_field_has_no_density_none_is_wrong() {
    execute(4, || {
        file_honest([2, 3, 4]);
        assert_eq!(file(1, &with_density(1, 4, 1)), Ok(()));
        world(|world| world.densities.clear());
        end_epoch();
        assert_eq!(punished(), []);
    });
}

/// Nine report; three are taken off each end, and the three that are left are too far apart.
#[test]
fn a_wide_spread_is_an_incident_of_the_shards_concerned() {
    execute(9, || {
        let step = EPSILON * 3 / 2;
        for n in 1..=9 {
            assert_eq!(
                file(n, &with_coherence(n, COHERENCE + u128::from(n - 1) * step)),
                Ok(())
            );
        }
        end_epoch();
        // Reports 4, 5 and 6 are left: 2 · 1.5 ε = 0.006 apart, and Ψ* is report 5. Half of δ_max is 0.0025: 4 and 6 are beyond.
        let outcome = outcome();
        assert_eq!(outcome.consensus, Some(COHERENCE + 4 * step));
        assert_eq!(outcome.trimmed, Some((COHERENCE + 3 * step, COHERENCE + 5 * step)));
        assert_eq!(outcome.spread_shards.to_vec(), [ShardId(0), ShardId(3)]);
        let of = |shard| {
            (
                CirCode::FieldAnomaly,
                Scope::Shard(ShardId(shard)),
                IncidentCause::Spread,
            )
        };
        assert_eq!(incidents(), [of(0), of(3)]);
        // All are far from Ψ* or from the chain's own, each with another value: nobody is punished.
        assert_eq!((outcome.deviating, outcome.struck, punished()), (9, 0, vec![]));
        assert_eq!(outcome.breach, Some(qc_harmonics::sync::Breach::Scattered));
    });
}

#[test]
fn shard_medians_are_kept() {
    execute(7, || {
        for n in 1..=7 {
            assert_eq!(file(n, &with_coherence(n, COHERENCE + u128::from(n))), Ok(()));
        }
        end_epoch();
        // Validators 1 and 6 are at home in shard 0, 2 and 7 in shard 1.
        let medians = [1, 2, 3, 4, 5].map(|n| Some(COHERENCE + n));
        assert_eq!(outcome().shard_medians.to_vec(), medians);
    });
}

#[test]
fn a_judgement_that_cannot_be_made_is_an_incident() {
    execute(4, || {
        file_honest([1, 2, 3, 4]);
        world(|world| world.symbols.eps_sync = 0);
        events();
        end_epoch();
        assert_eq!(events(), [Event::JudgementFailed { epoch: 0 }]);
        let mathematics = (CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics);
        assert_eq!(incidents(), [mathematics]);
        assert_eq!((PsiSync::last_outcome(), PsiSync::conformities()), (None, vec![]));
    });
}
