//! Each law fails when it is broken.

use crate::{
    mock::*,
    types::{Filing, Strike},
    Conformities, Filings, History, LastOutcome, Strikes,
};
use qc_harmonics::sync::Report;
use qc_math::ONE;

/// Breaks something after an epoch with a strike, and expects the law of this name to be the one that fails.
#[track_caller]
fn broken(law: &str, fault: impl FnOnce()) {
    execute(4, || {
        file_honest([2, 3, 4]);
        assert_eq!(file(1, &with_coherence(1, 0)), Ok(()));
        end_epoch();
        file_honest([1, 2]);
        assert_eq!(PsiSync::check_laws(), Ok(()));
        undone(|| {
            fault();
            assert_eq!(PsiSync::check_laws(), Err(law));
        });
    });
}

/// Changes the last outcome, in both places.
fn change(change: impl FnOnce(&mut crate::types::Outcome)) {
    let mut outcome = outcome();
    change(&mut outcome);
    History::<Test>::insert(0, &outcome);
    LastOutcome::<Test>::put(outcome);
}

#[test]
fn sync_1() {
    broken("SYNC-1: Ψ* is there exactly if more than ⅔ reported", || {
        change(|one| one.came = 2)
    });
    broken("SYNC-1: Ψ* is there exactly if more than ⅔ reported", || {
        change(|one| one.trimmed = None)
    });
    broken("SYNC-1: Ψ* is in the trimmed range of the reports", || {
        change(|one| one.consensus = Some(COHERENCE + 1));
    });
}

#[test]
fn breaches() {
    broken("a breach is more than ⅓ of the set deviating", || {
        change(|one| one.deviating = 2)
    });
    broken("in a breach nobody is punished", || {
        change(|one| {
            one.deviating = 2;
            one.breach = Some(qc_harmonics::sync::Breach::Scattered);
        });
    });
}

#[test]
fn history() {
    broken("an outcome is where its epoch belongs", || {
        History::<Test>::insert(5, outcome())
    });
    broken("the last outcome is in the history", || History::<Test>::remove(0));
}

#[test]
fn filings() {
    broken("what was handed in is due", || {
        let report = Report { epoch: 0, ..honest(1) };
        Filings::<Test>::insert(3, Filing::Reported(report));
    });
    broken("what was handed in is due", || Filings::<Test>::insert(9, Filing::Void));
}

#[test]
fn conformities() {
    broken("f2 is in [0, 1]", || {
        Conformities::<Test>::mutate(|all| all[0].1 = ONE + 1);
    });
    broken(
        "every validator has an f2 exactly where there is a Ψ*",
        Conformities::<Test>::kill,
    );
}

#[test]
fn strikes() {
    let add = |validator, epoch| Strikes::<Test>::try_append(Strike { validator, epoch }).expect("there is room");
    broken("strikes are by ascending epoch", || {
        add(2, 1);
        add(3, 0);
    });
    broken("a validator has one strike an epoch", || add(1, 0));
    broken("who has too many strikes was punished", || {
        add(1, 1);
        add(1, 2);
    });
}
