//! The attacks of issue 5 that concern attunement. Each fails when its defence is taken out.

use super::conduct::{execute_with_seven, until_fallen};
use crate::{mock::*, types::CANDIDATES_MAX, Acting, Call, Candidates, Event, SlashedTotal, UnbondingQueues};
use frame_support::assert_ok;
use qc_harmonics::symbols::Symbols;
use qc_math::ONE;
use qc_traits::{AttunementInspect, NoteDuty};
use qc_types::ShardId;

fn enrol(who: &AccountId, stake: u128) {
    assert_ok!(dispatch(who, Call::enrol_validator { stake }));
}

#[test]
fn idling_earns_nothing() {
    execute(|| {
        enrol(&user(5), symbols().stake_min);
        let key = set_key(1, &user(9), true);
        assert_ok!(dispatch(&user(9), Call::enrol_participant { key }));
        // Too little stake for a seat: a candidate for ever.
        run_epochs(60);
        set_block(95 * BLOCKS_PER_DAY);
        for who in [user(5), user(9)] {
            assert_eq!(Attunement::psi(&who), Some(0));
            assert_eq!(Attunement::psi_mean(&who), Some(0));
            assert!(!Attunement::may_move_psy(&who));
        }
    });
}

/// Packets to oneself: however many in an epoch, Ψ moves by at most κ, and naming oneself again and again changes nothing.
#[test]
fn self_dealing_is_no_faster_than_dealing() {
    execute(|| {
        let key = set_key(1, &user(9), true);
        assert_ok!(dispatch(&user(9), Call::enrol_participant { key }));
        set_packets(&user(9), ONE);
        let mut before = 0;
        for _ in 0..10 {
            (0..1_000).for_each(|_| Attunement::note_duty(&user(9)));
            assert_eq!(Acting::<Test>::get().count(), 1);
            end_epoch();
            let psi = Attunement::psi(&user(9)).expect("a participant");
            assert!(psi - before <= symbols().kappa);
            before = psi;
        }
        // Leaving and coming back is no way to start higher.
        assert_ok!(dispatch(&user(9), Call::leave_participant {}));
        assert_ok!(dispatch(&user(9), Call::enrol_participant { key }));
        assert_eq!(Attunement::psi(&user(9)), Some(0));
    });
}

#[test]
fn a_boost_does_not_avert_a_slash() {
    execute_with_seven(|| {
        assert_ok!(dispatch(
            &user(7),
            Call::boost {
                amount: symbols().boost_psy
            }
        ));
        let fallen = until_fallen(&user(7), &[user(7)]);
        let view = Attunement::validator_view(&user(7)).expect("a validator");
        assert!(view.psi < symbols().psi_slash);
        assert_ok!(dispatch(
            &user(7),
            Call::boost {
                amount: symbols().boost_psy
            }
        ));
        run_epochs(15);
        assert_eq!(outcome().epoch, fallen + 15);
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 20);
        assert_eq!(candidate(&user(7)).boost.level, 0, "and the boost is gone");
    });
}

#[test]
fn leaving_or_unbonding_does_not_avert_a_slash() {
    execute_with_seven(|| {
        until_fallen(&user(7), &[user(7)]);
        let rest = STAKE - symbols().stake_min;
        assert_ok!(dispatch(&user(7), Call::unbond { amount: rest }));
        assert_ok!(dispatch(&user(7), Call::leave {}));
        run_epochs(15);
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 20, "of all that is at stake");
        // Enrolling anew finds the old record: no fresh grace.
        assert!(Candidates::<Test>::contains_key(user(7)));
        assert_eq!(candidate(&user(7)).grace_epochs, 0);
    });
}

/// A hundred new validators with the least stake each, against ten established ones in a full set.
#[test]
fn new_cheap_validators_cannot_capture_the_set() {
    let full = Symbols {
        validators_max: 10,
        ..symbols()
    };
    execute_on(&genesis_of(10, full, ONE), || {
        end_grace(&(1..=10).map(user).collect::<Vec<_>>());
        for n in 11..=110 {
            enrol(&user(n), STAKE / 2);
        }
        for _ in 0..70 {
            let before = running();
            run_epochs(1);
            let now = running();
            let founders = now.iter().filter(|who| (1..=10).any(|n| **who == user(n))).count();
            assert!((now.len() - founders) * 3 < now.len(), "newcomers stay below a third");
            assert!(now.iter().filter(|who| !before.contains(who)).count() <= 3);
        }
        // When their grace ends they rank by stake × Ψ like everybody, and are outranked.
        assert!((1..=9).all(|n| running().contains(&user(n))));
    });
}

#[test]
fn the_list_of_candidates_cannot_be_held_by_the_poor() {
    execute(|| {
        let least = symbols().stake_min;
        for n in 5..=CANDIDATES_MAX as u16 {
            enrol(&user(n), least);
        }
        enrol(&user(300), least + 1);
        assert_eq!(Candidates::<Test>::count(), CANDIDATES_MAX);
        // All that was dropped is still held and comes back.
        assert_eq!(UnbondingQueues::<Test>::iter().count(), 1);
    });
}

/// An hour at five minutes an epoch, and a bit: more than a third is away; nobody is slashed for what hit all.
#[test]
fn nobody_is_slashed_for_what_hit_all() {
    execute_with_seven(|| {
        let away: Vec<_> = (4..=7).map(user).collect();
        events();
        run_epochs_without(30, &away);
        assert!(candidate(&user(7)).psi < symbols().psi_slash);
        run_epochs(40);
        assert_eq!(SlashedTotal::<Test>::get(), 0);
        assert_eq!(running().len(), 7);
        assert!(events().contains(&Event::FallExcused { who: user(7) }));
        assert!(outcome().coherence > ONE * 97 / 100);
    });
}

#[test]
fn all_but_one_away_and_back() {
    execute(|| {
        run_epochs_without(20, &[user(2), user(3), user(4)]);
        assert!(outcome().coherence < ONE / 2 + ONE / 5, "{:?}", outcome());
        assert_eq!(running().len(), 4);
        run_epochs(50);
        assert_eq!((running().len(), SlashedTotal::<Test>::get()), (4, 0));
        assert!(outcome().coherence >= ONE * 97 / 100);
    });
}

#[test]
fn a_shard_without_stake_has_none() {
    execute(|| {
        assert_eq!(Attunement::staked_atr_per_shard([ShardId(0)].into_iter()), [0]);
        enrol(&user(5), STAKE);
        assert_eq!(Attunement::staked_atr_per_shard([ShardId(0)].into_iter()), [STAKE]);
        assert_eq!(Attunement::staked_atr_per_shard([].into_iter()), []);
    });
}

/// Nobody has a stake: Ĉ is 0, and the epoch closes.
#[test]
fn no_stake_anywhere_is_no_fault() {
    execute(|| {
        undone(|| {
            for who in running() {
                assert!(Candidates::<Test>::change(who, |record| record.stake = 0).is_some());
            }
            run_epochs(1);
            assert_eq!((outcome().coherence, incidents().len()), (0, 0));
        });
        set_running((1..=4).map(user).collect());
    });
}

/// Everything at once for a long time: storage does not grow.
#[test]
fn storage_stays_bounded() {
    execute_with_seven(|| {
        for round in 0..12_u16 {
            for n in 8..=30 {
                let _ = dispatch(&user(n), Call::enrol_validator { stake: STAKE / 2 });
                let _ = dispatch(&user(n), Call::unbond { amount: 1 });
                if (n + round) % 3 == 0 {
                    let _ = dispatch(&user(n), Call::leave {});
                }
                let _ = dispatch(&user(n), Call::withdraw {});
            }
            run_epoch(|who| (1..=5).any(|n| *who == user(n)));
            assert_lawful();
        }
    });
}
