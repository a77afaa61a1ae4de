//! CHR-1: CHR moves between an account and the commons pot of its home, by the protocol, and in no other way.

use crate::{mock::*, Error, Event};
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungible, fungibles::Inspect, tokens::Preservation::Expendable},
};
use qc_harmonics::economy::CHR_ISSUANCE;
use qc_traits::CommonsMutate;
use qc_types::{ShardId, TokenId};
use sp_runtime::TokenError;

type AssetsCall = pallet_assets::Call<Test>;

#[test]
fn an_award_comes_out_of_the_pot_of_the_home() {
    execute(|| {
        // User 4 is at home in shard 4.
        let (pots, totals) = (
            [0, 1, 2, 3, 4].map(|shard| Assets::balance(CHR, pot(shard))),
            chr_totals(),
        );
        assert_ok!(Economy::award_chr(&user(4), 123));
        assert_eq!(
            economy_events(),
            [Event::ChrAwarded {
                who: user(4),
                amount: 123
            }]
        );
        assert_eq!(Assets::balance(CHR, user(4)), USER_CHR + 123);
        assert_eq!(
            [0, 1, 2, 3, 4].map(|shard| Assets::balance(CHR, pot(shard))),
            with(pots, &[(4, -123)])
        );
        assert_eq!(chr_totals(), totals);
        assert_eq!(Economy::total_issuance(TokenId::Chr), CHR_ISSUANCE);
    });
}

#[test]
fn a_forfeit_goes_back_to_the_pot_of_the_home() {
    execute(|| {
        let (has, totals) = (Assets::balance(CHR, pot(3)), chr_totals());
        assert_ok!(Economy::forfeit_chr(&user(1), 456));
        assert_eq!(
            economy_events(),
            [Event::ChrForfeited {
                who: user(1),
                amount: 456
            }]
        );
        assert_eq!(Assets::balance(CHR, user(1)), USER_CHR - 456);
        assert_eq!(Assets::balance(CHR, pot(3)), has + 456);
        assert_eq!(chr_totals(), totals);
        assert_eq!(Economy::total_issuance(TokenId::Chr), CHR_ISSUANCE);
    });
}

#[test]
fn an_award_can_make_an_account_and_a_forfeit_can_end_it() {
    execute(|| {
        let newcomer = user(9);
        assert!(!System::account_exists(&newcomer));
        assert_ok!(Economy::award_chr(&newcomer, 1));
        assert!(
            System::account_exists(&newcomer),
            "one planck of CHR is enough to live on"
        );
        assert_lawful();
        assert_ok!(Economy::forfeit_chr(&newcomer, 1));
        assert!(!System::account_exists(&newcomer));
    });
}

#[test]
fn a_forfeit_can_take_everything() {
    execute(|| {
        assert_ok!(Economy::forfeit_chr(&user(1), USER_CHR));
        assert_eq!(Assets::maybe_balance(CHR, user(1)), None);
        assert_eq!(Assets::balance(PSY, user(1)), USER_ASSET);
    });
}

#[test]
fn more_than_there_is_is_refused_as_a_whole() {
    execute(|| {
        let in_pot = Assets::balance(CHR, pot(3));
        assert_noop!(Economy::award_chr(&user(1), in_pot + 1), TokenError::FundsUnavailable);
        assert_noop!(
            Economy::forfeit_chr(&user(1), USER_CHR + 1),
            TokenError::FundsUnavailable
        );
        assert_eq!(economy_events(), []);
        // To the last planck it goes.
        assert_ok!(Economy::award_chr(&user(1), in_pot));
        assert_eq!(Assets::balance(CHR, pot(3)), 0);
    });
}

#[test]
fn protocol_accounts_earn_and_lose_nothing() {
    execute(|| {
        for who in [treasury(), pot(0), pot(4)] {
            assert_noop!(Economy::award_chr(&who, 1), Error::<Test>::ProtocolAccount);
            assert_noop!(Economy::forfeit_chr(&who, 1), Error::<Test>::ProtocolAccount);
        }
    });
}

fn chr_of_everybody() -> Vec<(AccountId, u128)> {
    frame_system::Account::<Test>::iter_keys()
        .map(|who| (who.clone(), Assets::total_balance(CHR, &who)))
        .collect()
}

/// The calls that would move `amount` from one account to another, or to nowhere.
#[rustfmt::skip]
fn calls_to_move(from: &AccountId, to: &AccountId, amount: u128) -> [AssetsCall; 5] {
    [
        AssetsCall::transfer { id: CHR, target: to.clone(), amount },
        AssetsCall::transfer_keep_alive { id: CHR, target: to.clone(), amount },
        AssetsCall::force_transfer { id: CHR, source: from.clone(), dest: to.clone(), amount },
        AssetsCall::transfer_approved { id: CHR, owner: from.clone(), destination: to.clone(), amount },
        AssetsCall::burn { id: CHR, who: from.clone(), amount },
    ]
}

/// Every call of `pallet-assets` that could touch a balance of CHR, by its owner, by a delegate, by the asset's team and by
/// a pot, at the edges of the amounts. The filter of the runtime closes most of them besides; here it is not there.
#[test]
#[rustfmt::skip]
fn no_call_moves_chr() {
    execute(|| {
        let (from, to, team) = (user(1), user(2), AccountId::new([255; 32]));
        let before = chr_of_everybody();
        for amount in [1, 2, USER_CHR - 1, USER_CHR, USER_CHR + 1, u128::MAX] {
            assert_ok!(dispatch(&from, AssetsCall::approve_transfer { id: CHR, delegate: to.clone(), amount }));
            for call in calls_to_move(&from, &to, amount) {
                for who in [from.clone(), to.clone(), pot(3), treasury()] {
                    assert!(dispatch(&who, call.clone()).is_err(), "{call:?} by {who}");
                }
            }
            assert_ok!(dispatch(&from, AssetsCall::cancel_approval { id: CHR, delegate: to.clone() }));
        }
        for (who, keep_alive) in [(&from, true), (&from, false), (&pot(3), true), (&pot(3), false)] {
            let _ = dispatch(who, AssetsCall::transfer_all { id: CHR, dest: to.clone(), keep_alive });
        }
        for allow_burn in [true, false] {
            assert!(dispatch(&from, AssetsCall::refund { id: CHR, allow_burn }).is_err());
        }
        let forced = AssetsCall::force_transfer { id: CHR, source: from, dest: to, amount: 1 };
        assert!(dispatch(&team, forced).is_err());
        assert_eq!(chr_of_everybody(), before);
        assert_eq!(Economy::total_issuance(TokenId::Chr), CHR_ISSUANCE);
    });
}

/// The pots of one shard never pay for another: an account that moved earns from where it is.
#[test]
fn after_a_move_the_pot_is_the_new_homes() {
    execute(|| {
        set_epoch(4);
        assert_ok!(Economy::request_home_move(RuntimeOrigin::signed(user(1)), ShardId(0)));
        <Economy as qc_traits::OnEpochEnd>::on_epoch_end(6);
        let (old, new) = (Assets::balance(CHR, pot(3)), Assets::balance(CHR, pot(0)));
        assert_ok!(Economy::award_chr(&user(1), 10));
        assert_ok!(Economy::forfeit_chr(&user(1), 4));
        assert_eq!(Assets::balance(CHR, pot(3)), old);
        assert_eq!(Assets::balance(CHR, pot(0)), new - 6);
    });
}

/// An account needs no FLX to hold CHR, and losing its FLX does not touch its CHR.
#[test]
fn chr_keeps_an_account_alive_without_flx() {
    execute(|| {
        for id in [PSY, ATR, RES] {
            set_coherent(&user(1), true);
            assert_ok!(dispatch(
                &user(1),
                AssetsCall::transfer_all {
                    id,
                    dest: user(2),
                    keep_alive: false
                }
            ));
        }
        let all = pallet_balances::Call::<Test>::transfer_all {
            dest: user(2),
            keep_alive: false,
        };
        assert_ok!(dispatch(&user(1), all));
        assert_eq!(<Balances as fungible::Inspect<_>>::total_balance(&user(1)), 0);
        assert!(System::account_exists(&user(1)));
        assert_eq!(Assets::balance(CHR, user(1)), USER_CHR);
        assert_eq!(
            Assets::reducible_balance(
                CHR,
                &user(1),
                Expendable,
                frame_support::traits::tokens::Fortitude::Polite
            ),
            0
        );
    });
}
