//! An incident closes once it was quiet for as long as it takes, and no sooner.

use crate::{
    mock::*,
    types::{EndReason, IncidentEnd},
    Event,
};

#[test]
fn a_quiet_one_closes() {
    execute(|| {
        spread(2);
        events();
        // Raised in epoch 0; epochs 1, 2 and 3 are quiet.
        for _ in 0..QUIET {
            end_epoch();
            assert_eq!(Cir::open_incidents().len(), 1);
        }
        end_epoch();
        assert_eq!(Cir::open_incidents(), []);
        let (number, reason) = (0, EndReason::Quiet);
        assert_eq!(events(), [Event::IncidentClosed { number, reason }]);
        let ended = Some(IncidentEnd { epoch: QUIET, reason });
        let page = Cir::closed_page(0, 9);
        assert_eq!((page.len(), page[0].number, page[0].ended), (1, 0, ended));
    });
}

#[test]
fn one_that_is_raised_again_stays_open() {
    execute(|| {
        spread(2);
        doubt();
        for _ in 0..20 {
            end_epoch();
            doubt();
        }
        let open = Cir::open_incidents();
        assert_eq!((open.len(), open[0].number, open[0].times), (1, 1, 21));
    });
}

#[test]
fn after_its_end_it_is_another_incident() {
    execute(|| {
        spread(2);
        (0..=QUIET).for_each(|_| end_epoch());
        spread(2);
        let open = Cir::open_incidents();
        assert_eq!((open.len(), open[0].number, open[0].times), (1, 1, 1));
        assert_eq!(Cir::closed_page(0, 9).len(), 1);
    });
}
