//! What can be given up, and what nobody can burn.

use crate::{mock::*, Error};
use frame_support::{assert_noop, assert_ok, traits::fungible::MutateHold};
use qc_traits::TokenBurn;
use qc_types::TokenId;
use sp_runtime::DispatchError;

#[test]
fn psy_below_the_gate_can_be_given_up_though_not_sent() {
    execute(|| {
        assert_eq!(Economy::transferable(&user(1), TokenId::Psy), 0);
        let before = Economy::total_issuance(TokenId::Psy);
        assert_ok!(Economy::burn(TokenId::Psy, &user(1), 3));
        assert_eq!(Assets::balance(PSY, user(1)), USER_ASSET - 3);
        assert_eq!(Economy::total_issuance(TokenId::Psy), before - 3);
        assert!(
            Economy::burn(TokenId::Psy, &user(1), USER_ASSET).is_err(),
            "all or nothing"
        );
        assert_eq!(Assets::balance(PSY, user(1)), USER_ASSET - 3);
    });
}

#[test]
fn conserved_tokens_cannot_be_burnt() {
    execute(|| {
        for token in [TokenId::Flx, TokenId::Chr, TokenId::Atr] {
            assert_noop!(Economy::burn(token, &user(1), 1), DispatchError::Unavailable);
        }
    });
}

#[test]
fn a_barred_account_gives_nothing_up() {
    execute(|| {
        let reason = RuntimeHoldReason::Economy(crate::HoldReason::Home);
        assert_ok!(Balances::hold(&reason, &user(1), 1));
        set_barred(&user(1), true);
        assert_noop!(Economy::burn(TokenId::Psy, &user(1), 1), Error::<Test>::PqcRequired);
    });
}
