//! Slots: assigned, authored, across gaps of any length.

use crate::{duties::count_assigned, mock::*, types::SlotRecord, Slots};
use proptest::prelude::*;
use qc_traits::{NoteDuty, SlotSpan};

fn assigned(count: usize, first: u64, last: u64) -> Option<Vec<u32>> {
    let mut records = vec![SlotRecord::default(); count];
    count_assigned(&mut records, SlotSpan { first, last })?;
    Some(records.iter().map(|record| record.assigned).collect())
}

#[test]
fn every_slot_is_somebodys() {
    assert_eq!(assigned(3, 7, 7), Some(vec![0, 1, 0]));
    assert_eq!(assigned(3, 7, 12), Some(vec![2, 2, 2]));
    assert_eq!(assigned(3, 5, 8), Some(vec![1, 1, 2]));
    assert_eq!(assigned(1, 5, 8), Some(vec![4]));
}

#[test]
fn a_span_that_cannot_be_is_not_counted() {
    assert_eq!(assigned(3, 8, 7), None);
    assert_eq!(assigned(0, 7, 8), None);
    assert_eq!(assigned(1, 0, u64::MAX), None);
    assert_eq!(assigned(2, 0, u64::MAX - 1), None);
    let mut records = [SlotRecord {
        assigned: u32::MAX,
        authored: 0,
    }; 2];
    assert_eq!(count_assigned(&mut records, SlotSpan { first: 0, last: 0 }), None);
    assert_eq!(records[0], records[1], "none of it is counted");
}

proptest! {
    #[test]
    fn a_gap_is_counted_as_slot_by_slot(count in 1_usize..=100, first in 0_u64..1_000_000, length in 1_u64..5_000) {
        let mut expected = vec![0_u32; count];
        for slot in first..first + length {
            expected[(slot % count as u64) as usize] += 1;
        }
        prop_assert_eq!(assigned(count, first, first + length - 1), Some(expected));
    }
}

#[test]
fn a_block_counts_for_its_author_and_its_gap_for_the_others() {
    execute(|| {
        // Slot 9 of four is the second's; 6, 7, 8 were missed.
        set_span(Some(SlotSpan { first: 6, last: 9 }));
        Attunement::count_slots();
        Attunement::note_author(&user(2));
        let record = |assigned, authored| SlotRecord { assigned, authored };
        assert_eq!(
            Slots::<Test>::get().to_vec(),
            [record(1, 0), record(1, 1), record(1, 0), record(1, 0)]
        );
        // In the other order, too.
        undone(|| {
            Slots::<Test>::kill();
            Attunement::note_author(&user(2));
            Attunement::count_slots();
            assert_eq!(Slots::<Test>::get()[1], record(1, 1));
        });
        // Nothing is known of a stranger.
        Attunement::note_author(&user(9));
        assert_eq!(Slots::<Test>::get()[0], record(1, 0));
    });
}

#[test]
fn the_first_block_is_nobodys_duty() {
    execute(|| {
        set_span(None);
        Attunement::count_slots();
        Attunement::note_author(&user(2));
        assert!(Slots::<Test>::get().is_empty());
        end_epoch();
        assert!(!candidate(&user(2)).phases[0].was_due);
    });
}

#[test]
fn only_participants_act() {
    execute(|| {
        Attunement::note_duty(&user(9));
        assert_eq!(crate::Acting::<Test>::get().count(), 0);
    });
}
