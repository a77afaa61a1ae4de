//! What burnt PSY gives, and what it does not.

use crate::{mock::*, Call, Error, Event, ValidatorOutcomes};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect};
use qc_math::ONE;
use qc_traits::AttunementInspect;

fn boost(who: &AccountId, amount: u128) -> sp_runtime::DispatchResult {
    dispatch(who, Call::boost { amount })
}

#[test]
fn a_boost_burns_psy_and_lasts() {
    execute_on(&genesis_of(4, symbols(), ONE / 2), || {
        events();
        let (price, supply) = (symbols().boost_psy, Assets::total_issuance(PSY));
        assert_ok!(boost(&user(1), price / 4));
        let bought = Event::BoostBought {
            who: user(1),
            burnt: price / 4,
            level: ONE / 4,
            ends: 50,
        };
        assert_eq!(events(), [bought]);
        assert_eq!(Assets::total_issuance(PSY), supply - price / 4);
        run_epochs(1);
        let of = |n: u16| ValidatorOutcomes::<Test>::get().to_vec()[usize::from(n) - 1].1;
        assert_eq!(of(1).psi_eff, of(1).psi + ONE / 80, "0.05 · 0.25 more");
        assert_eq!(of(2).psi_eff, of(2).psi);
        assert_eq!(of(1).psi, of(2).psi, "Ψ itself knows no boost");
        run_epochs(49);
        assert!(of(1).psi_eff > of(1).psi);
        run_epochs(1);
        assert_eq!(of(1).psi_eff, of(1).psi, "it is over");
    });
}

#[test]
fn a_boost_opens_no_gate() {
    let gate = symbols().psi_gate;
    execute_on(&genesis_of(4, symbols(), gate - ONE / 100), || {
        assert_ok!(boost(&user(1), symbols().boost_psy));
        let view = Attunement::validator_view(&user(1)).expect("a validator");
        assert!(view.psi_eff >= gate);
        assert!(!Attunement::may_move_psy(&user(1)));
    });
}

#[test]
fn participants_may_boost_too() {
    execute(|| {
        let key = set_key(1, &user(9), true);
        assert_ok!(dispatch(&user(9), Call::enrol_participant { key }));
        assert_ok!(boost(&user(9), symbols().boost_psy));
        let record = crate::Participants::<Test>::get(user(9)).expect("a participant");
        assert_eq!((record.boost.level, record.boost.ends), (ONE, 50));
        let view = Attunement::participant_view(&user(9)).expect("a participant");
        assert_eq!((view.boost, view.psi), (record.boost, 0));
        assert_eq!(view.psi_eff, symbols().boost_gain);
    });
}

#[test]
fn what_no_boost_is_bought_with() {
    execute(|| {
        assert_noop!(boost(&user(1), 0), Error::<Test>::AmountZero);
        assert_noop!(boost(&user(1), symbols().boost_psy + 1), Error::<Test>::AboveFullBoost);
        assert_noop!(boost(&user(9), 1), Error::<Test>::NotEnrolled);
        let rest = USER_ASSET - symbols().boost_psy / 2;
        assert_ok!(<Burns as qc_traits::TokenBurn<_>>::burn(
            qc_types::TokenId::Psy,
            &user(1),
            rest
        ));
        let before = candidate(&user(1));
        assert!(
            boost(&user(1), symbols().boost_psy).is_err(),
            "nobody burns what it has not"
        );
        assert_eq!(candidate(&user(1)), before);
    });
}
