//! What an attacker, an outage or a sick chain does to the sync.

use crate::{mock::*, Event};
use qc_harmonics::sync::{Breach, Report};
use qc_math::ONE;
use qc_traits::{IncidentCause, Misconduct, SyncInspect};
use qc_types::{CirCode, Scope, ShardId};

const DOUBT: (CirCode, Scope<u64>, IncidentCause) = (CirCode::ChainHalt, Scope::Chain, IncidentCause::ChainInDoubt);

/// SYNC-1: of seven, two lie as they like and none is away, or one of the honest is.
#[test]
fn fewer_than_a_third_do_not_move_the_consensus() {
    for (lies, away) in [([0, 0], None), ([u128::MAX, u128::MAX], None), ([0, u128::MAX], None)]
        .into_iter()
        .chain([([u128::MAX, u128::MAX], Some(7))])
    {
        execute(7, || {
            assert_eq!(file(1, &with_coherence(1, lies[0])), Ok(()));
            assert_eq!(file(2, &with_coherence(2, lies[1])), Ok(()));
            file_honest((3..=7).filter(|n| Some(*n) != away));
            end_epoch();
            assert_eq!((outcome().consensus, outcome().breach), (Some(COHERENCE), None));
            assert_eq!(
                (
                    PsiSync::strikes_of(&1),
                    PsiSync::strikes_of(&2),
                    PsiSync::strikes_of(&3)
                ),
                (vec![0], vec![0], vec![])
            );
            assert_eq!(incidents(), []);
        });
    }
}

#[test]
fn more_than_a_third_with_one_same_other_coherence() {
    execute(7, || {
        for n in 1..=3 {
            assert_eq!(file(n, &with_coherence(n, COHERENCE / 2)), Ok(()));
        }
        file_honest(4..=7);
        events();
        end_epoch();
        let breach = Breach::ChainInDoubt;
        assert!(events().contains(&Event::BreachFound { epoch: 0, breach }));
        // Of seven two are taken off each end, so one lie is left: the spread is wide as well.
        let spread = |shard| {
            (
                CirCode::FieldAnomaly,
                Scope::Shard(ShardId(shard)),
                IncidentCause::Spread,
            )
        };
        assert_eq!(incidents(), [spread(0), spread(1), spread(2), DOUBT]);
        assert_eq!((punished(), PsiSync::strikes_of(&1)), (vec![], vec![]));
        assert!(PsiSync::is_breached());
    });
}

#[test]
fn more_than_a_third_with_one_same_other_code() {
    execute(7, || {
        for n in 1..=3 {
            let report = Report {
                code_hash: [1; 32],
                ..honest(n)
            };
            assert_eq!(file(n, &report), Ok(()));
        }
        file_honest(4..=7);
        end_epoch();
        assert_eq!(
            (outcome().breach, incidents()),
            (Some(Breach::ChainInDoubt), vec![DOUBT])
        );
        assert_eq!(punished(), []);
    });
}

/// Validators 1, 2 and 6 report on shard 1 among others.
#[test]
fn more_than_a_third_with_one_same_other_density() {
    execute(7, || {
        for n in [1, 2, 6] {
            assert_eq!(file(n, &with_density(n, 1, 5 * ONE)), Ok(()));
        }
        file_honest([3, 4, 5, 7]);
        end_epoch();
        assert_eq!(
            (outcome().breach, incidents()),
            (Some(Breach::ChainInDoubt), vec![DOUBT])
        );
        assert_eq!(punished(), []);
    });
}

#[test]
fn more_than_a_third_each_with_another_lie() {
    execute(7, || {
        assert_eq!(file(1, &with_coherence(1, COHERENCE / 2)), Ok(()));
        assert_eq!(file(2, &with_density(2, 1, 5 * ONE)), Ok(()));
        let report = Report {
            code_hash: [1; 32],
            ..honest(3)
        };
        assert_eq!(file(3, &report), Ok(()));
        file_honest(4..=7);
        end_epoch();
        assert_eq!((outcome().breach, outcome().deviating), (Some(Breach::Scattered), 3));
        assert_eq!(
            (punished(), incidents(), PsiSync::strikes_of(&1)),
            (vec![], vec![], vec![])
        );
        assert!(PsiSync::is_breached());
    });
}

#[test]
fn exactly_a_third_is_no_breach() {
    execute(6, || {
        for n in [1, 2] {
            assert_eq!(file(n, &with_density(n, 1, 5 * ONE)), Ok(()));
        }
        file_honest(3..=6);
        end_epoch();
        assert_eq!(outcome().breach, None);
        assert_eq!(punished(), [(1, Misconduct::Tampering), (2, Misconduct::Tampering)]);
    });
}

/// The runtime computed something else than every node: they agree with each other, and the chain is in doubt.
#[test]
fn a_runtime_that_is_wrong_puts_the_chain_in_doubt() {
    execute(4, || {
        file_honest(1..=4);
        world(|world| world.coherence = Some(COHERENCE - 2 * EPSILON));
        end_epoch();
        assert_eq!(
            (outcome().consensus, outcome().breach),
            (Some(COHERENCE), Some(Breach::ChainInDoubt))
        );
        assert_eq!((punished(), incidents()), (vec![], vec![DOUBT]));
    });
    execute(4, || {
        file_honest(1..=4);
        world(|world| world.densities[0] += 1);
        end_epoch();
        // Validators 1 and 2, at home in shards 0 and 1, see shard 0: two of four.
        assert_eq!(outcome().breach, Some(Breach::ChainInDoubt));
        assert_eq!((punished(), incidents()), (vec![], vec![DOUBT]));
    });
}

/// A network-wide outage down to the quorum, and below it.
#[test]
fn an_outage_strikes_nobody() {
    for online in 0..=9u64 {
        execute(9, || {
            file_honest(1..=online);
            end_epoch();
            let consensus = (online > 6).then_some(COHERENCE);
            assert_eq!((outcome().consensus, outcome().struck), (consensus, 0));
            assert_eq!((punished(), incidents()), (vec![], vec![]));
        });
    }
}

#[test]
fn one_validator_alone() {
    execute(1, || {
        file_honest([1]);
        end_epoch();
        assert_eq!((outcome().consensus, conformity(&1)), (Some(COHERENCE), Some(ONE)));
        // Its lies are its own agreement with itself, but not the chain's.
        assert_eq!(file(1, &with_coherence(1, 0)), Ok(()));
        end_epoch();
        assert_eq!(
            (outcome().consensus, outcome().breach),
            (Some(0), Some(Breach::ChainInDoubt))
        );
        assert_eq!(punished(), []);
        end_epoch();
        assert_eq!((outcome().consensus, outcome().breach), (None, None));
    });
}

#[test]
fn nobody_at_all() {
    execute(0, || {
        end_epoch();
        assert_eq!(
            (outcome().validators, outcome().consensus, outcome().breach),
            (0, None, None)
        );
        assert_eq!(PsiSync::conformities(), []);
    });
}

/// Leaving the set does not wipe strikes: they count for their window.
#[test]
fn strikes_outlive_a_leave() {
    execute(4, || {
        let strike = || {
            file_honest([2, 3, 4]);
            assert_eq!(file(1, &with_coherence(1, 0)), Ok(()));
            end_epoch();
        };
        strike();
        strike();
        world(|world| world.validators.retain(|n| *n != 1));
        file_honest([2, 3, 4]);
        end_epoch();
        assert_eq!(PsiSync::strikes_of(&1), [0, 1]);
        world(|world| world.validators.push(1));
        strike();
        assert_eq!(punished(), [(1, Misconduct::SyncStrikes)]);
    });
}
