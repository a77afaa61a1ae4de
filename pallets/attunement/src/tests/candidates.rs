//! Enrolling, staking, unbonding, leaving.

use crate::{
    mock::*,
    types::{CandidateStatus, Unbonding, CANDIDATES_MAX, LEAVERS_MAX, UNBONDINGS_MAX},
    Call, Candidates, Error, Event, UnbondingQueues,
};
use frame_support::{assert_err, assert_noop, assert_ok};
use qc_traits::{Conduct, Misconduct};
use qc_types::Balance;

fn enrol(who: &AccountId, stake: Balance) -> sp_runtime::DispatchResult {
    dispatch(who, Call::enrol_validator { stake })
}

#[test]
fn a_newcomer_stakes_and_waits() {
    execute(|| {
        events();
        assert_ok!(enrol(&user(5), STAKE));
        assert_eq!(
            events(),
            [Event::ValidatorEnrolled {
                who: user(5),
                stake: STAKE
            }]
        );
        assert_eq!(atr(&user(5)), (USER_ASSET - STAKE, STAKE));
        let record = candidate(&user(5));
        assert_eq!((record.psi, record.grace_epochs), (0, symbols().grace_epochs));
        assert_noop!(enrol(&user(5), STAKE), Error::<Test>::AlreadyCandidate);
    });
}

#[test]
fn enrolling_takes_keys_and_a_stake() {
    execute(|| {
        let least = symbols().stake_min;
        assert_noop!(enrol(&user(5), least - 1), Error::<Test>::StakeBelowMinimum);
        assert_noop!(enrol(&user(5), 0), Error::<Test>::StakeBelowMinimum);
        assert!(
            enrol(&user(5), USER_ASSET + 1).is_err(),
            "nobody stakes what it has not"
        );
        set_keyless(&user(6));
        assert_noop!(enrol(&user(6), least), Error::<Test>::SessionKeysMissing);
        assert_ok!(enrol(&user(5), least));
    });
}

#[test]
fn the_blacklisted_cannot_enrol() {
    execute(|| {
        assert_ok!(enrol(&user(5), STAKE));
        Attunement::punish(&user(5), Misconduct::SyncStrikes);
        assert_noop!(enrol(&user(5), STAKE), Error::<Test>::OnBlacklist);
        Attunement::pardon(&user(5));
        // Its record still is that of one on the way out.
        assert_noop!(enrol(&user(5), STAKE), Error::<Test>::RemovalPending);
        assert_noop!(
            dispatch(&user(5), Call::bond_extra { amount: 1 }),
            Error::<Test>::AlreadyLeaving
        );
        run_epochs(1);
        assert!(!Candidates::<Test>::contains_key(user(5)));
        assert_ok!(enrol(&user(5), STAKE));
    });
}

#[test]
fn one_who_was_removed_comes_back_when_it_has_left_the_set() {
    execute(|| {
        run_epochs_without(30, &[user(4)]);
        assert_eq!(candidate(&user(4)).status, CandidateStatus::Removed);
        assert!(running().contains(&user(4)), "four is the least");
        assert_noop!(enrol(&user(4), 0), Error::<Test>::RemovalPending);
        undone(|| {
            set_running((1..=3).map(user).collect());
            assert_ok!(enrol(&user(4), 0));
            assert_eq!(candidate(&user(4)).status, CandidateStatus::Seeking);
            assert_eq!(candidate(&user(4)).grace_epochs, 0, "no grace anew");
        });
        set_running((1..=4).map(user).collect());
        // One who could not be spared and recovered may stay.
        run_epochs(10);
        assert_ok!(enrol(&user(4), 0));
        assert_eq!(candidate(&user(4)).status, CandidateStatus::Seeking);
    });
}

#[test]
fn one_who_asked_to_leave_may_stay() {
    execute(|| {
        assert_ok!(dispatch(&user(4), Call::leave {}));
        assert_ok!(enrol(&user(4), 5));
        assert_eq!(candidate(&user(4)).stake, STAKE + 5);
        assert_eq!(candidate(&user(4)).status, CandidateStatus::Seeking);
    });
}

/// An epoch's end pays for so many who leave, and no more. The others lose nothing but time.
#[test]
fn a_crowd_leaves_bit_by_bit() {
    execute(|| {
        let crowd: Vec<_> = (5..5 + 2 * LEAVERS_MAX as u16 + 3).map(user).collect();
        for who in &crowd {
            assert_ok!(enrol(who, symbols().stake_min));
            assert_ok!(dispatch(who, Call::leave {}));
        }
        let left = || {
            crowd
                .iter()
                .filter(|who| !Candidates::<Test>::contains_key(*who))
                .count()
        };
        for expected in [LEAVERS_MAX, 2 * LEAVERS_MAX, crowd.len()] {
            run_epochs(1);
            assert_eq!(left(), expected);
            assert_lawful();
        }
        assert!(crowd.iter().all(|who| UnbondingQueues::<Test>::get(who).len() == 1));
        assert_eq!(running(), (1..=4).map(user).collect::<Vec<_>>());
    });
}

#[test]
fn a_full_list_makes_room_for_a_higher_stake_only() {
    execute(|| {
        let least = symbols().stake_min;
        for n in 5..=CANDIDATES_MAX as u16 {
            assert_ok!(enrol(&user(n), least + 1));
        }
        assert_eq!(Candidates::<Test>::count(), CANDIDATES_MAX);
        assert_noop!(enrol(&user(300), least + 1), Error::<Test>::CandidatesFull);
        assert_ok!(enrol(&user(300), least + 2));
        assert_eq!(Candidates::<Test>::count(), CANDIDATES_MAX);
        // Of equal ones the first by account went, and its stake unbonds.
        assert!(!Candidates::<Test>::contains_key(user(5)));
        assert_eq!(UnbondingQueues::<Test>::get(user(5)).len(), 1);
        // Those with a seat stay, however rich the newcomer.
        Candidates::<Test>::change_all(|_, record| {
            record.standing.falls = 1;
            true
        });
        assert_noop!(enrol(&user(301), STAKE), Error::<Test>::CandidatesFull);
    });
}

#[test]
fn a_stake_grows() {
    execute(|| {
        assert_ok!(dispatch(&user(1), Call::bond_extra { amount: 7 }));
        assert_eq!(candidate(&user(1)).stake, STAKE + 7);
        assert_noop!(
            dispatch(&user(1), Call::bond_extra { amount: 0 }),
            Error::<Test>::AmountZero
        );
        assert_noop!(
            dispatch(&user(9), Call::bond_extra { amount: 7 }),
            Error::<Test>::NotCandidate
        );
        assert_ok!(dispatch(&user(2), Call::leave {}));
        assert_noop!(
            dispatch(&user(2), Call::bond_extra { amount: 7 }),
            Error::<Test>::AlreadyLeaving
        );
    });
}

#[test]
fn what_unbonds_is_given_back_when_it_is_due() {
    execute(|| {
        events();
        assert_ok!(dispatch(&user(1), Call::unbond { amount: 9 }));
        assert_eq!(
            events(),
            [Event::UnbondingStarted {
                who: user(1),
                amount: 9,
                due: 20
            }]
        );
        assert_eq!(candidate(&user(1)).stake, STAKE - 9);
        assert_eq!(atr(&user(1)), (USER_ASSET - STAKE, STAKE), "all of it is still held");
        // Within the same epoch it is one unbonding.
        assert_ok!(dispatch(&user(1), Call::unbond { amount: 1 }));
        assert_eq!(
            UnbondingQueues::<Test>::get(user(1)).to_vec(),
            [Unbonding { amount: 10, due: 20 }]
        );
        run_epochs(19);
        assert_noop!(dispatch(&user(1), Call::withdraw {}), Error::<Test>::NothingUnbonded);
        run_epochs(1);
        assert_ok!(dispatch(&user(1), Call::withdraw {}));
        assert_eq!(atr(&user(1)), (USER_ASSET - STAKE + 10, STAKE - 10));
        assert_noop!(dispatch(&user(1), Call::withdraw {}), Error::<Test>::NothingUnbonded);
    });
}

#[test]
fn unbonding_has_its_limits() {
    execute(|| {
        let unbond = |who: u16, amount| dispatch(&user(who), Call::unbond { amount });
        assert_noop!(unbond(1, 0), Error::<Test>::AmountZero);
        assert_noop!(unbond(9, 1), Error::<Test>::NotCandidate);
        assert_noop!(unbond(1, STAKE + 1), Error::<Test>::AmountAboveStake);
        assert_noop!(
            unbond(1, STAKE - symbols().stake_min + 1),
            Error::<Test>::StakeBelowMinimum
        );
        for _ in 0..UNBONDINGS_MAX {
            assert_ok!(unbond(1, 1));
            run_epochs(1);
        }
        assert_noop!(unbond(1, 1), Error::<Test>::TooManyUnbondings);
        assert_ok!(dispatch(&user(2), Call::leave {}));
        assert_noop!(unbond(2, 1), Error::<Test>::AlreadyLeaving);
        assert_noop!(dispatch(&user(2), Call::leave {}), Error::<Test>::AlreadyLeaving);
        assert_noop!(dispatch(&user(9), Call::leave {}), Error::<Test>::NotCandidate);
        assert_err!(dispatch(&user(9), Call::withdraw {}), Error::<Test>::NothingUnbonded);
    });
}

#[test]
fn one_who_leaves_with_a_full_queue_has_it_all_back_in_the_end() {
    execute(|| {
        assert_ok!(enrol(&user(5), STAKE));
        for _ in 0..UNBONDINGS_MAX {
            assert_ok!(dispatch(&user(5), Call::unbond { amount: 1 }));
            end_epoch();
        }
        set_running((1..=4).map(user).collect());
        assert_ok!(dispatch(&user(5), Call::leave {}));
        end_epoch();
        assert!(!Candidates::<Test>::contains_key(user(5)));
        assert_eq!(UnbondingQueues::<Test>::get(user(5)).len(), UNBONDINGS_MAX as usize);
        assert_lawful();
        for _ in 0..symbols().unbonding_epochs {
            end_epoch();
        }
        assert_ok!(dispatch(&user(5), Call::withdraw {}));
        assert_eq!(atr(&user(5)), (USER_ASSET, 0));
        assert!(!UnbondingQueues::<Test>::contains_key(user(5)));
    });
}
