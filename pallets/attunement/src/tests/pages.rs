//! The pages of participants: who is where, who is marked, and that an epoch looks at nobody else.

use crate::{
    mock::*,
    types::{Marks, ParticipantRecord, PAGES_MAX, PAGE_PLACES, PARTICIPANTS_MAX},
    Acting, Call, ParticipantPages, Participants,
};
use frame_support::assert_ok;
use proptest::prelude::*;
use qc_math::ONE;
use qc_pqc::KeyId;
use qc_traits::{NoteDuty, OnEpochEnd};
use std::collections::BTreeMap;

const PAGE: usize = PAGE_PLACES as usize;

fn enrol(n: u16) {
    let key = set_key(n as u8, &user(n), true);
    assert_ok!(dispatch(&user(n), Call::enrol_participant { key }));
}

fn leave(n: u16) {
    assert_ok!(dispatch(&user(n), Call::leave_participant {}));
}

/// Something is due of the participant, and done.
fn note(n: u16) {
    set_packets(&user(n), ONE);
    Attunement::note_duty(&user(n));
}

fn psi(n: u16) -> u128 {
    Participants::<Test>::get(user(n)).expect("a participant").psi
}

/// The participants in the order of their places.
fn order() -> Vec<AccountId> {
    Participants::<Test>::iter_keys().collect()
}

/// How many are on each page that is stored.
fn lengths() -> BTreeMap<u32, usize> {
    ParticipantPages::<Test>::iter()
        .map(|(page, entries)| (page, entries.len()))
        .collect()
}

/// Puts participants there without their bonds, of whom page p has the key id p.
fn put(count: u32) {
    let key = set_key(255, &user(9), true);
    assert_ok!(dispatch(&user(9), Call::enrol_participant { key }));
    let record = Participants::<Test>::get(user(9)).expect("a participant");
    for place in 0..count {
        let who = if place == 0 {
            user(9)
        } else {
            user(1_000 + place as u16)
        };
        let key = KeyId([(place / PAGE_PLACES) as u8; 32]);
        Participants::<Test>::insert(who, ParticipantRecord { key, ..record.clone() });
    }
}

fn at(place: u32) -> AccountId {
    order()[place as usize].clone()
}

#[test]
fn places_are_given_in_order_and_pages_begun_when_one_is_full() {
    execute(|| {
        (1..=PAGE as u16).for_each(enrol);
        assert_eq!(lengths(), [(0, PAGE)].into());
        enrol(100);
        assert_eq!(lengths(), [(0, PAGE), (1, 1)].into());
        assert_eq!(Participants::<Test>::place(user(100)), Some(PAGE_PLACES));
        assert_eq!(Participants::<Test>::place(user(101)), None);
        assert_eq!(Participants::<Test>::count(), PAGE_PLACES + 1);
        assert_lawful();
        // A key replaced is no new place.
        let key = set_key(200, &user(100), true);
        assert_ok!(dispatch(&user(100), Call::enrol_participant { key }));
        assert_eq!(lengths(), [(0, PAGE), (1, 1)].into());
        // Back over the border: the page is gone, and can be begun again.
        leave(100);
        assert_eq!(lengths(), [(0, PAGE)].into());
        enrol(101);
        assert_eq!(lengths(), [(0, PAGE), (1, 1)].into());
        assert_eq!(at(PAGE_PLACES), user(101));
    });
}

#[test]
fn the_last_takes_the_place_of_one_that_leaves() {
    execute(|| {
        (1..=PAGE as u16 + 2).for_each(enrol);
        leave(3);
        assert_eq!(at(2), user(PAGE as u16 + 2));
        assert_eq!(lengths(), [(0, PAGE), (1, 1)].into());
        assert_lawful();
        leave(1);
        assert_eq!(at(0), user(PAGE as u16 + 1));
        assert_eq!(lengths(), [(0, PAGE)].into());
        assert_lawful();
        // On one page.
        leave(2);
        assert_eq!(at(1), user(PAGE as u16));
        assert_lawful();
        (4..PAGE as u16 + 3).for_each(leave);
        assert_eq!((order(), lengths()), (vec![], BTreeMap::new()));
        assert!(Participants::<Test>::get(user(4)).is_none());
    });
}

/// Whoever leaves while something is due of it: the mark is its own, and that of the one who moves goes along.
#[test]
fn marks_go_with_their_participants() {
    for (leaver_acts, last_acts) in [(false, false), (true, false), (false, true), (true, true)] {
        execute(|| {
            let last = PAGE as u16 + 1;
            (1..=last).for_each(enrol);
            let others = [5, PAGE as u16];
            others.into_iter().for_each(note);
            [(2, leaver_acts), (last, last_acts)]
                .into_iter()
                .filter(|(_, acts)| *acts)
                .for_each(|(n, _)| note(n));
            leave(2);
            assert_lawful();
            end_epoch();
            assert_eq!(outcome().participants, 2 + u32::from(last_acts));
            for n in (1..=last).filter(|n| *n != 2) {
                let acted = others.contains(&n) || (n == last && last_acts);
                assert_eq!(psi(n) > 0, acted, "{n} of {leaver_acts} {last_acts}");
            }
        });
    }
}

#[test]
fn the_last_one_s_mark_goes_with_it() {
    execute(|| {
        (1..=3).for_each(enrol);
        note(3);
        leave(3);
        assert_eq!(Acting::<Test>::get(), Marks::default());
        enrol(4);
        end_epoch();
        assert_eq!(
            (outcome().participants, psi(4)),
            (0, 0),
            "the new one in its place did nothing"
        );
    });
}

#[test]
fn noted_twice_is_noted_once() {
    execute(|| {
        enrol(9);
        note(9);
        let once = Acting::<Test>::get();
        note(9);
        assert_eq!(Acting::<Test>::get(), once);
        Attunement::note_duty(&user(8));
        assert_eq!(Acting::<Test>::get(), once, "who is no participant is not noted");
        end_epoch();
        assert_eq!(outcome().participants, 1);
        assert_eq!(psi(9), symbols().kappa, "one step");
        end_epoch();
        assert_eq!(
            (outcome().participants, psi(9)),
            (0, symbols().kappa),
            "the mark is gone"
        );
    });
}

#[test]
fn all_may_act_and_each_page_is_paid_for() {
    execute(|| {
        undone(|| {
            put(PARTICIPANTS_MAX);
            for who in order() {
                set_packets(&who, ONE);
                Attunement::note_duty(&who);
            }
            assert_eq!(Acting::<Test>::get().count(), PARTICIPANTS_MAX);
            let weight = Attunement::on_epoch_end(0);
            assert_eq!(weight.ref_time(), 1_000_000 + 4 * 1_000 + u64::from(PAGES_MAX));
            assert_eq!(outcome().participants, PARTICIPANTS_MAX);
            let moved = Participants::<Test>::iter_values().filter(|record| record.psi == symbols().kappa);
            assert_eq!(moved.count(), PARTICIPANTS_MAX as usize);
        });
        // One on each of two pages.
        undone(|| {
            put(3 * PAGE_PLACES);
            for place in [0, PAGE_PLACES - 1, 2 * PAGE_PLACES] {
                Attunement::note_duty(&at(place));
            }
            let weight = Attunement::on_epoch_end(0);
            assert_eq!(weight.ref_time(), 1_000_000 + 4 * 1_000 + 2);
            assert_eq!(outcome().participants, 3);
        });
    });
}

/// Which of the first pages are read from the database by `step`, of three pages of which one on the second acted.
fn pages_read(step: impl FnOnce()) -> Vec<u8> {
    let mut ext = externalities(&genesis_of(4, symbols(), ONE));
    ext.execute_with(|| {
        put(3 * PAGE_PLACES);
        Attunement::note_duty(&at(PAGE_PLACES + 7));
    });
    ext.commit_all().expect("no layer is open");
    let ((), proof) = ext.execute_and_prove(step);
    let is_read = |page: &u8| {
        let key = [*page; 32];
        proof
            .iter_nodes()
            .any(|node| node.windows(32).any(|bytes| bytes == key))
    };
    // Page 0 is not told by its key: zeros are everywhere.
    (1..3).filter(is_read).collect()
}

/// Participants cost only when they act: the page of one who did is read, and no other; to note it, none is.
#[test]
fn an_epoch_reads_the_pages_of_those_who_acted_and_no_other() {
    let end = || {
        Attunement::on_epoch_end(0);
        assert_eq!(outcome().participants, 1);
    };
    assert_eq!(pages_read(end), [1]);
    assert!(pages_read(|| Attunement::note_duty(&at_unread(2 * PAGE_PLACES + 1))).is_empty());
    assert_eq!(
        pages_read(|| assert_eq!(order().len(), 3 * PAGE)),
        [1, 2],
        "what reads all pages shows all"
    );
}

/// As [`at`], of those that [`put`] puts there, and without looking.
fn at_unread(place: u32) -> AccountId {
    user(1_000 + place as u16)
}

/// What is on the pages of those who did not act is not even written again: it could be anything.
#[test]
fn an_epoch_leaves_other_pages_as_they_are() {
    execute(|| {
        undone(|| {
            put(3 * PAGE_PLACES);
            let other = ParticipantPages::<Test>::hashed_key_for(2);
            frame_support::storage::unhashed::put_raw(&other, b"no page");
            set_packets(&at_unread(PAGE_PLACES), ONE);
            Attunement::note_duty(&at_unread(PAGE_PLACES));
            Attunement::on_epoch_end(0);
            assert_eq!(outcome().participants, 1);
            assert_eq!(
                frame_support::storage::unhashed::get_raw(&other),
                Some(b"no page".to_vec())
            );
            let moved = ParticipantPages::<Test>::get(1);
            let moved: Vec<_> = moved
                .iter()
                .filter(|(_, record)| record.psi > 0)
                .map(|(who, _)| who)
                .collect();
            assert_eq!(moved, [&at_unread(PAGE_PLACES)]);
        });
    });
}

#[test]
fn a_mark_is_where_it_was_set() {
    let mut marks = Marks::default();
    for place in [0, PAGE_PLACES - 1, PAGE_PLACES, PARTICIPANTS_MAX - 1] {
        assert!(!marks.has(place));
        marks.set(place, true);
        assert!(marks.has(place));
    }
    let pages: Vec<_> = marks.pages().collect();
    assert_eq!(
        pages,
        [
            (0, 1 | 1 << (PAGE_PLACES - 1)),
            (1, 1),
            (PAGES_MAX - 1, 1 << (PAGE_PLACES - 1))
        ]
    );
    assert_eq!(marks.count(), 4);
    marks.set(0, false);
    assert!(!marks.has(0) && marks.has(PAGE_PLACES - 1));
    marks.set(PARTICIPANTS_MAX, true);
    assert!(!marks.has(PARTICIPANTS_MAX), "there is no such place");
    assert_eq!(marks.count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whoever comes, goes and acts in whatever order: everybody is found, and the marks are of those who acted.
    #[test]
    fn nobody_is_lost(steps in prop::collection::vec((0u8..3, 1u16..60), 1..160)) {
        execute(|| {
            let mut known: BTreeMap<u16, bool> = BTreeMap::new();
            for (what, n) in steps {
                match (what, known.contains_key(&n)) {
                    (0, true) => {
                        leave(n);
                        known.remove(&n);
                    }
                    (0 | 1, false) => {
                        enrol(n);
                        known.insert(n, false);
                    }
                    (2, true) => {
                        note(n);
                        known.insert(n, true);
                    }
                    _ => {}
                }
                assert!(Participants::<Test>::is_sound());
            }
            let mut found = order();
            found.sort();
            assert_eq!(found, known.keys().map(|n| user(*n)).collect::<Vec<_>>());
            end_epoch();
            for (n, acted) in known {
                assert_eq!(psi(n) > 0, acted, "{n}");
            }
        });
    }
}
