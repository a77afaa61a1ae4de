//! What others read.

use crate::{mock::*, types::PAGE_MAX, Call};
use frame_support::assert_ok;
use qc_math::ONE;
use qc_traits::AttunementInspect;

#[test]
fn the_gate_opens_at_its_psi() {
    let gate = symbols().psi_gate;
    execute_on(&genesis_of(2, symbols(), gate), || {
        assert!(Attunement::may_move_psy(&user(1)));
        assert!(!Attunement::may_move_psy(&user(3)), "not enrolled");
    });
    execute_on(&genesis_of(2, symbols(), gate - 1), || {
        assert!(!Attunement::may_move_psy(&user(1)));
    });
}

#[test]
fn a_validator_is_asked_as_a_validator() {
    execute(|| {
        let key = set_key(1, &user(1), true);
        assert_ok!(dispatch(&user(1), Call::enrol_participant { key }));
        assert_eq!(Attunement::psi(&user(1)), Some(ONE));
        assert!(Attunement::participant_view(&user(1)).is_some_and(|view| view.psi == 0));
    });
}

#[test]
fn a_validator_is_shown() {
    execute(|| {
        assert_ok!(dispatch(&user(1), Call::unbond { amount: 3 }));
        run_epochs(1);
        let view = Attunement::validator_view(&user(1)).expect("a validator");
        assert_eq!((view.stake, view.unbonding, view.is_active), (STAKE - 3, 3, true));
        assert_eq!((view.psi, view.multiplier), (candidate(&user(1)).psi, Some(ONE)));
        assert_eq!(Attunement::validator_view(&user(9)), None);
        assert_eq!(Attunement::participant_view(&user(9)), None);
        assert_eq!(Attunement::candidates(), (1..=4).map(user).collect::<Vec<_>>());
    });
}

#[test]
fn outcomes_come_by_the_page() {
    execute(|| {
        assert_eq!(Attunement::outcomes(0, 10), []);
        run_epochs(5);
        let epochs =
            |from, count| -> Vec<u32> { Attunement::outcomes(from, count).iter().map(|of| of.epoch).collect() };
        assert_eq!(epochs(0, 3), [0, 1, 2]);
        assert_eq!(epochs(3, u32::MAX), [3, 4]);
        assert_eq!(epochs(5, 10), [0_u32; 0]);
        run_epochs(PAGE_MAX);
        assert_eq!(epochs(0, u32::MAX).len(), PAGE_MAX as usize);
    });
}
