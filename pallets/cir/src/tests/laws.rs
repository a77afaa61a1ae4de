//! Each law fails when it is broken.

use super::founders::{five, key};
use crate::{
    mock::*, types::FounderRecord, ClosedCount, ClosedIncidents, FounderThreshold, Founders, OpenIncidents, Pallet,
    RaisedCount,
};

/// Breaks something, and expects the law of this name to be the one that fails.
#[track_caller]
fn broken(law: &str, fault: impl FnOnce()) {
    externalities().execute_with(|| {
        spread(1);
        (0..=QUIET).for_each(|_| end_epoch());
        spread(1);
        spread(2);
        assert_eq!(Cir::check_laws(), Ok(()));
        fault();
        assert_eq!(Cir::check_laws(), Err(law));
    });
}

#[test]
fn each_is_checked() {
    broken("open incidents are by ascending number", || {
        OpenIncidents::<Test>::mutate(|open| AsMut::<[_]>::as_mut(open).reverse());
    });
    broken("the next incident has the next number", || RaisedCount::<Test>::put(2));
    broken("an open incident was raised and has not ended", || {
        OpenIncidents::<Test>::mutate(|open| open[0].times = 0);
    });
    broken("an incident is open once", || {
        OpenIncidents::<Test>::mutate(|open| open[1].scope = open[0].scope.clone());
    });
    broken("an incident that was raised is open or closed", || {
        RaisedCount::<Test>::put(9);
    });
    broken("of the closed incidents the last are kept", || {
        ClosedIncidents::<Test>::remove(0);
    });
    broken("an incident that was raised is open or closed", || {
        ClosedCount::<Test>::put(0)
    });
    broken("a closed incident has ended", || {
        ClosedIncidents::<Test>::mutate(0, |one| one.as_mut().expect("one closed").ended = None);
    });
    let law = "the founders are as founders must be";
    broken(law, || FounderThreshold::<Test>::put(1));
    let with_founders = |fault: fn(&mut Vec<FounderRecord>)| {
        broken(law, move || {
            Pallet::<Test>::build_genesis(&five().founders, 3).expect("they are sound");
            assert_eq!(Cir::check_laws(), Ok(()));
            let mut founders = Founders::<Test>::take().into_inner();
            fault(&mut founders);
            Founders::<Test>::put(sp_runtime::BoundedVec::truncate_from(founders));
        })
    };
    with_founders(|founders| founders.truncate(2));
    with_founders(|founders| founders[0].key = key(2));
    with_founders(|founders| founders[0].name[0] = 0xff);
}
