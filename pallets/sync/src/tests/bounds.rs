//! Storage stays bounded.

use crate::{mock::*, types::HISTORY_EPOCHS, Filings, History, Strikes};

#[test]
fn reports_are_gone_once_they_are_closed() {
    execute(4, || {
        file_honest(1..=4);
        assert_eq!(Filings::<Test>::iter().count(), 4);
        // Even those of who is no validator any more.
        world(|world| world.validators.retain(|n| *n != 4));
        end_epoch();
        assert_eq!(Filings::<Test>::iter().count(), 0);
    });
}

#[test]
fn the_last_outcomes_are_kept() {
    execute(1, || {
        (0..HISTORY_EPOCHS + 30).for_each(|_| end_epoch());
        assert_eq!(u32::try_from(History::<Test>::iter().count()), Ok(HISTORY_EPOCHS));
        let last = HISTORY_EPOCHS + 29;
        assert_eq!(outcome().epoch, last);
        let epochs = |from, count| -> Vec<u32> {
            let page = PsiSync::outcomes_page(from, count);
            page.iter().map(|outcome| outcome.epoch).collect()
        };
        assert_eq!(epochs(0, 30), [0; 0]);
        assert_eq!(epochs(29, 3), [30, 31]);
        assert_eq!(epochs(last, 9), [last]);
        assert_eq!(epochs(30, u32::MAX).len(), 32);
        assert_eq!(epochs(u32::MAX, u32::MAX), [0; 0]);
    });
}

#[test]
fn strikes_end_with_their_window() {
    execute(4, || {
        file_honest([2, 3, 4]);
        assert_eq!(file(1, &with_coherence(1, 0)), Ok(()));
        end_epoch();
        assert_eq!(Strikes::<Test>::get().len(), 1);
        (0..9).for_each(|_| end_epoch());
        assert_eq!(Strikes::<Test>::get().len(), 1);
        end_epoch();
        assert_eq!(Strikes::<Test>::get().len(), 0);
    });
}
