//! ψ and alignment of the last hundred epochs, and not of more.

use crate::{mock::*, types::HISTORY_EPOCHS, Histories};

#[test]
fn a_page_is_of_the_epochs_asked_for() {
    execute(|| {
        assert_eq!(Field::history_page(0, 10), vec![]);
        for epoch in 0..10 {
            pay(0, 110);
            end_epoch(epoch);
        }
        let epochs = |from, count| -> Vec<u32> {
            Field::history_page(from, count)
                .iter()
                .map(|record| record.epoch)
                .collect()
        };
        assert_eq!(epochs(0, 3), [0, 1, 2]);
        assert_eq!(epochs(7, 3), [7, 8, 9]);
        assert_eq!(epochs(8, 30), [8, 9]);
        assert_eq!(epochs(10, 5), [] as [u32; 0]);
        assert_eq!(epochs(3, 0), [] as [u32; 0]);
        assert_eq!(epochs(u32::MAX, 50), [] as [u32; 0]);
        let (first, second) = (&Field::history_page(0, 2)[0], &Field::history_page(0, 2)[1]);
        assert_eq!((first.alignment, first.densities.to_vec()), (0, densities_of_five()));
        assert!(second.alignment > 0);
    });
}

#[test]
fn a_hundred_are_kept_fifty_a_page() {
    execute(|| {
        for epoch in 0..250 {
            end_epoch(epoch);
        }
        assert_eq!(Histories::<Test>::iter().count(), HISTORY_EPOCHS as usize);
        assert_eq!(HISTORY_EPOCHS, 100);
        assert_eq!(Field::history_page(149, 1), vec![]);
        assert_eq!(Field::history_page(150, 1).len(), 1);
        assert_eq!(Field::history_page(150, 100).len(), 50);
        assert_eq!(
            Field::history_page(200, u32::MAX).iter().map(|one| one.epoch).max(),
            Some(249)
        );
    });
}

#[test]
fn an_epoch_that_could_not_be_closed_is_left_out() {
    execute(|| {
        end_epoch(0);
        world(|world| world.shards[0].dissonance = u128::MAX);
        end_epoch(1);
        world(|world| world.shards[0].dissonance = 0);
        end_epoch(2);
        let epochs: Vec<u32> = Field::history_page(0, 5).iter().map(|one| one.epoch).collect();
        assert_eq!(epochs, [0, 2]);
        incidents();
    });
}
