//! A halt of the chain: attunement records, punishment and time wait.

use crate::{mock::*, types::SlashCause, Call, Error, Event, PausedSlashes, SlashedTotal, Ticks};
use frame_support::{assert_noop, assert_ok};
use qc_traits::{AttunementInspect, Conduct, Misconduct, OnEpochEnd};

#[test]
fn unbonding_and_days_wait_while_phases_go_on() {
    execute_on(&genesis_of(4, symbols(), 0), || {
        assert_ok!(dispatch(&user(1), Call::unbond { amount: 5 }));
        run_epochs(5);
        let (mean, psi) = (Attunement::psi_mean(&user(1)), candidate(&user(1)).psi);
        set_halted(true);
        run_epochs(30);
        assert_eq!(Ticks::<Test>::get(), 5);
        assert_eq!(Attunement::psi_mean(&user(1)), mean);
        assert!(candidate(&user(1)).psi > psi);
        assert_noop!(dispatch(&user(1), Call::withdraw {}), Error::<Test>::NothingUnbonded);
        set_halted(false);
        run_epochs(15);
        assert_ok!(dispatch(&user(1), Call::withdraw {}));
    });
}

#[test]
fn slashes_wait_and_the_blacklist_does_not() {
    execute(|| {
        set_halted(true);
        Attunement::punish(&user(2), Misconduct::Tampering);
        assert!(disabled().contains(&user(2)));
        run_epochs(2);
        assert_eq!(
            (SlashedTotal::<Test>::get(), PausedSlashes::<Test>::get().len()),
            (0, 1)
        );
        set_halted(false);
        events();
        run_epochs(1);
        assert_eq!(PausedSlashes::<Test>::get().len(), 0);
        assert!(events().contains(&Event::StakeSlashed {
            who: user(2),
            amount: STAKE / 5,
            cause: SlashCause::Tampering
        }));
    });
}

#[test]
fn slashes_that_waited_are_weighed_one_by_one() {
    execute(|| {
        set_halted(true);
        [2, 3]
            .into_iter()
            .for_each(|n| Attunement::punish(&user(n), Misconduct::Tampering));
        let end = || Attunement::on_epoch_end(0).ref_time();
        let ordinary = 1_000_000 + 4 * 1_000;
        assert_eq!(end(), ordinary, "they wait");
        set_halted(false);
        assert_eq!(end(), ordinary + 2 * 41);
        assert_eq!(end(), ordinary, "they are done");
    });
}

#[test]
fn a_fall_in_a_halt_is_not_slashed() {
    super::conduct::execute_with_seven(|| {
        set_halted(true);
        run_epochs_without(40, &[user(7)]);
        assert!(candidate(&user(7)).psi < symbols().psi_slash);
        set_halted(false);
        run_epochs(40);
        assert_eq!(SlashedTotal::<Test>::get(), 0);
        assert!(running().contains(&user(7)), "it recovered in time");
    });
}
