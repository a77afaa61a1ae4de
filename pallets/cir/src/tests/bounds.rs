//! Storage stays bounded whatever is raised, and a grave incident is never kept out by lesser ones.

use crate::{
    mock::*,
    types::{EndReason, CLOSED_MAX, OPEN_MAX, PAGE_INCIDENTS_MAX},
    ClosedIncidents, Event,
};

#[test]
fn the_one_that_concerns_the_fewest_gives_way() {
    execute(|| {
        spread(1);
        (1..OPEN_MAX).for_each(|who| tampering(who.into()));
        set_epoch(1);
        // The first account is sick again, so the second has been quiet longest.
        tampering(1);
        events();
        doubt();
        let open = Cir::open_incidents();
        assert_eq!(open.len(), usize::try_from(OPEN_MAX).expect("it fits"));
        assert!(open.iter().all(|one| one.number != 2));
        let (number, reason) = (2, EndReason::Displaced);
        assert_eq!(events()[0], Event::IncidentClosed { number, reason });
    });
}

#[test]
fn a_lesser_one_displaces_none() {
    execute(|| {
        (0..OPEN_MAX).for_each(|shard| spread(shard.try_into().expect("it fits")));
        events();
        let before = Cir::open_incidents();
        tampering(1);
        assert_eq!(Cir::open_incidents(), before);
        assert_eq!(events(), []);
    });
}

#[test]
fn the_last_closed_ones_are_kept() {
    execute(|| {
        let many = CLOSED_MAX + 100;
        (0..many).for_each(|who| {
            tampering(who);
            if who % 50 == 0 {
                (0..=QUIET).for_each(|_| end_epoch());
            }
        });
        (0..=QUIET).for_each(|_| end_epoch());
        assert_eq!(u64::try_from(ClosedIncidents::<Test>::iter().count()), Ok(CLOSED_MAX));
        let first = Cir::closed_page(0, 2);
        let numbers: Vec<_> = first.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [many - 1, many - 2]);
        // No page is longer than a page, and after the last there is none.
        let page = Cir::closed_page(0, u32::MAX);
        assert_eq!(u32::try_from(page.len()), Ok(PAGE_INCIDENTS_MAX));
        let last = Cir::closed_page(255, 9);
        assert_eq!((last.len(), last[0].number), (1, many - CLOSED_MAX));
        assert_eq!(Cir::closed_page(256, 9), []);
        assert_eq!(Cir::closed_page(u32::MAX, 9), []);
    });
}
