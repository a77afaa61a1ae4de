//! Who sits, and how fast that changes.

use crate::{mock::*, types::CandidateStatus, Call, Candidates, Event, PlannedSet};
use frame_support::assert_ok;
use qc_harmonics::symbols::Symbols;
use qc_math::ONE;
use qc_traits::{Conduct, Misconduct};

fn founded(count: u16, symbols: Symbols, test: impl FnOnce()) {
    execute_on(&genesis_of(count, symbols, ONE), || {
        end_grace(&(1..=count).map(user).collect::<Vec<_>>());
        test();
    });
}

#[test]
fn one_who_leaves_is_out_after_two_rotations() {
    founded(7, symbols(), || {
        assert_ok!(dispatch(&user(3), Call::leave {}));
        run_epochs(1);
        assert!(running().contains(&user(3)), "planned before it asked");
        run_epochs(1);
        assert!(!running().contains(&user(3)));
        assert!(!Candidates::<Test>::contains_key(user(3)), "its last epoch was closed");
        assert_eq!(candidate(&user(1)).status, CandidateStatus::Seeking);
    });
}

#[test]
fn a_session_removes_no_more_than_a_third() {
    founded(10, symbols(), || {
        for n in 1..=8 {
            Attunement::punish(&user(n), Misconduct::SyncStrikes);
        }
        let mut sizes = Vec::new();
        for _ in 0..6 {
            let before = running();
            run_epochs(1);
            let after = running();
            let gone = before.iter().filter(|who| !after.contains(who)).count();
            assert!(gone <= (before.len() - 1) / 3);
            sizes.push(after.len());
        }
        assert_eq!(sizes, [10, 7, 5, 4, 4, 4], "and never below four");
        // Those who could not go yet may not author.
        assert_eq!(disabled().len(), 2);
        assert!(running().contains(&user(9)) && running().contains(&user(10)));
    });
}

#[test]
fn a_newcomer_gets_a_seat_and_waits_for_its_weight() {
    founded(7, symbols(), || {
        assert_ok!(dispatch(&user(8), Call::enrol_validator { stake: STAKE }));
        run_epochs(2);
        assert!(running().contains(&user(8)));
        let coherence = outcome().coherence;
        run_epochs(1);
        assert_eq!(outcome().validators, 8);
        assert_eq!(outcome().coherence, coherence, "it does not count in its grace period");
        assert_eq!(candidate(&user(8)).grace_epochs, symbols().grace_epochs - 1);
    });
}

/// Before the founders' grace has ended nobody is established by it. Were everyone who sits established then, the newcomers of
/// one session would bring more in the next: 10, 14, 20, 29, 40 seats, most of them theirs.
#[test]
fn newcomers_do_not_vouch_for_newcomers_while_the_founders_are_in_grace() {
    execute_on(&genesis_of(10, symbols(), ONE), || {
        for n in 11..=40 {
            assert_ok!(dispatch(&user(n), Call::enrol_validator { stake: STAKE }));
        }
        for _ in 0..12 {
            run_epochs(1);
            let newcomers = running()
                .iter()
                .filter(|who| !(1..=10).any(|n| **who == user(n)))
                .count();
            assert!(newcomers * 3 < running().len(), "{newcomers} of {}", running().len());
        }
        assert!(running().len() > 10, "some do come in");
        assert!((1..=10).all(|n| running().contains(&user(n))));
    });
}

#[test]
fn who_loses_its_keys_wants_to_leave() {
    founded(7, symbols(), || {
        set_keyless(&user(2));
        assert!(Attunement::choose_set(2).is_some_and(|set| !set.contains(&user(2))));
    });
}

#[test]
fn one_alone_goes_on_alone() {
    let alone = Symbols {
        validators_min: 1,
        ..symbols()
    };
    founded(1, alone, || {
        assert_ok!(dispatch(&user(1), Call::leave {}));
        run_epochs(5);
        assert_eq!(running(), [user(1)]);
        assert_eq!((outcome().resonance, outcome().entropy), (ONE, ONE));
    });
}

#[test]
fn an_empty_plan_changes_nothing() {
    founded(4, symbols(), || {
        let before = running();
        for n in 1..=4 {
            assert_ok!(dispatch(&user(n), Call::leave {}));
        }
        assert_eq!(Attunement::choose_set(2), None);
        assert_eq!(PlannedSet::<Test>::get().to_vec(), before);
        events();
        run_epochs(3);
        assert_eq!(running(), before);
        assert!(!events().iter().any(|event| matches!(event, Event::SetChosen { .. })));
    });
}

#[test]
fn before_there_is_a_set_all_sit() {
    founded(5, symbols(), || {
        undone(|| {
            set_running(Vec::new());
            assert_eq!(Attunement::choose_set(0), Some((1..=5).map(user).collect()));
        });
        set_running((1..=5).map(user).collect());
    });
}

/// The runtime's session may name somebody that the attunement does not know; that one goes like others do.
#[test]
fn a_stranger_in_the_set_goes() {
    founded(7, symbols(), || {
        let mut with_stranger: Vec<_> = (1..=7).map(user).collect();
        with_stranger.push(user(99));
        undone(|| {
            set_running(with_stranger);
            run_epochs(1);
            assert_eq!(outcome().validators, 8);
            run_epochs(1);
            assert_eq!(running(), (1..=7).map(user).collect::<Vec<_>>());
        });
        set_running((1..=7).map(user).collect());
    });
}

#[test]
fn the_blacklisted_are_disabled_in_every_session_that_they_still_sit_in() {
    founded(4, symbols(), || {
        Attunement::punish(&user(2), Misconduct::SyncStrikes);
        for _ in 0..3 {
            assert!(disabled().contains(&user(2)));
            run_epochs(1);
        }
        assert_eq!(running().len(), 4, "four is the least");
    });
}
