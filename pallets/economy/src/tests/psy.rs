//! PSY leaves an account only while its owner is coherent; ATR and RES are free.

use crate::mock::*;
use frame_support::{assert_noop, assert_ok};
use pallet_assets::{Call as AssetsCall, Error as AssetsError, FrozenBalance};
use qc_types::TokenId;

fn transfer(id: u32, to: u8, amount: u128) -> AssetsCall<Test> {
    AssetsCall::transfer {
        id,
        target: user(to),
        amount,
    }
}

#[test]
fn psy_leaves_only_a_coherent_owner() {
    execute(|| {
        assert_eq!(Economy::transferable(&user(1), TokenId::Psy), 0);
        assert_noop!(dispatch(&user(1), transfer(PSY, 2, 1)), AssetsError::<Test>::BalanceLow);
        set_coherent(&user(1), true);
        assert_eq!(Economy::transferable(&user(1), TokenId::Psy), USER_ASSET);
        assert_ok!(dispatch(&user(1), transfer(PSY, 2, 1_000)));
        set_coherent(&user(1), false);
        assert_noop!(dispatch(&user(1), transfer(PSY, 2, 1)), AssetsError::<Test>::BalanceLow);
        assert_eq!(Assets::balance(PSY, user(1)), USER_ASSET - 1_000);
        assert_eq!(Assets::balance(PSY, user(2)), USER_ASSET + 1_000);
    });
}

/// It is the owner's coherence that counts: not the receiver's, and not the delegate's.
#[test]
fn the_coherence_of_others_does_not_help() {
    execute(|| {
        set_coherent(&user(2), true);
        assert_ok!(dispatch(
            &user(1),
            AssetsCall::approve_transfer {
                id: PSY,
                delegate: user(2),
                amount: 100
            }
        ));
        let take = AssetsCall::transfer_approved {
            id: PSY,
            owner: user(1),
            destination: user(3),
            amount: 100,
        };
        assert_noop!(dispatch(&user(2), take.clone()), AssetsError::<Test>::BalanceLow);
        assert_noop!(dispatch(&user(1), transfer(PSY, 2, 1)), AssetsError::<Test>::BalanceLow);
        set_coherent(&user(1), true);
        assert_ok!(dispatch(&user(2), take));
        assert_eq!(Assets::balance(PSY, user(3)), USER_ASSET + 100);
    });
}

/// Nothing is transferred by a call to transfer all, and nothing of what an incoherent owner gets can leave again.
#[test]
fn psy_can_come_but_not_go() {
    execute(|| {
        set_coherent(&user(1), true);
        assert_ok!(dispatch(
            &user(1),
            AssetsCall::transfer_all {
                id: PSY,
                dest: user(9),
                keep_alive: false
            }
        ));
        assert_eq!(Assets::maybe_balance(PSY, user(1)), None);
        assert_ok!(dispatch(
            &user(9),
            AssetsCall::transfer_all {
                id: PSY,
                dest: user(2),
                keep_alive: false
            }
        ));
        assert_eq!(Assets::balance(PSY, user(9)), USER_ASSET);
        assert_eq!(Economy::transferable(&user(9), TokenId::Psy), 0);
    });
}

#[test]
fn atr_and_res_are_free_to_the_last_planck() {
    execute(|| {
        for (id, token) in [(ATR, TokenId::Atr), (RES, TokenId::Res)] {
            assert_eq!(Economy::transferable(&user(1), token), USER_ASSET);
            assert_ok!(dispatch(&user(1), transfer(id, 9, 1)));
            assert_ok!(dispatch(
                &user(1),
                AssetsCall::transfer_all {
                    id,
                    dest: user(2),
                    keep_alive: false
                }
            ));
            assert_eq!(Assets::maybe_balance(id, user(1)), None);
            assert_eq!(Assets::balance(id, user(2)), 2 * USER_ASSET - 1);
            assert_eq!(Assets::balance(id, user(9)), 1);
        }
        assert_eq!(Economy::total_issuance(TokenId::Atr), 8 * USER_ASSET);
    });
}

#[test]
fn what_can_be_sent_of_each_token() {
    execute(|| {
        let sendable = |who: &AccountId| TokenId::ALL.map(|token| Economy::transferable(who, token));
        assert_eq!(sendable(&user(1)), [USER_FLX, 0, 0, USER_ASSET, USER_ASSET]);
        assert_eq!(sendable(&user(77)), [0; 5]);
        set_coherent(&user(1), true);
        assert_eq!(sendable(&user(1)), [USER_FLX, 0, USER_ASSET, USER_ASSET, USER_ASSET]);
    });
}

/// What `pallet-assets` asks: how much is frozen, and whether an asset knows freezes at all (it could be destroyed if not).
#[test]
fn the_freeze_says_what_it_freezes() {
    execute(|| {
        let frozen = |id, who: &AccountId| <Economy as FrozenBalance<_, _, _>>::frozen_balance(id, who);
        assert_eq!(frozen(CHR, &user(1)), Some(USER_CHR));
        assert_eq!(frozen(PSY, &user(1)), Some(USER_ASSET));
        assert_eq!([ATR, RES, 0, 5].map(|id| frozen(id, &user(1))), [None; 4]);
        assert_eq!(frozen(CHR, &user(77)), None, "nobody's nothing is not frozen");
        set_coherent(&user(1), true);
        assert_eq!(frozen(PSY, &user(1)), None);
        assert_eq!(frozen(CHR, &user(1)), Some(USER_CHR));
        let knows = |id| <Economy as FrozenBalance<u32, AccountId, u128>>::contains_freezes(id);
        assert_eq!([CHR, PSY, ATR, RES, 5].map(knows), [true, true, false, false, false]);
    });
}
