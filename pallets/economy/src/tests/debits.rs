//! The gate before debits: nothing leaves an account that is barred, whichever way, and everything may still come to it.

use crate::{guard::with_guard_open, mock::*, Error};
use frame_support::{
    assert_noop, assert_ok,
    storage::with_storage_layer,
    traits::{
        fungible::{Balanced, Mutate, MutateHold},
        fungibles::MutateHold as _,
        tokens::{Fortitude, Precision::Exact, Preservation::Expendable},
        Currency, ExistenceRequirement, ReservableCurrency, WithdrawReasons,
    },
};
use pallet_assets::Call as AssetsCall;
use pallet_balances::Call as BalancesCall;
use qc_types::TokenId;
use sp_runtime::DispatchError;

const REASON: RuntimeHoldReason = RuntimeHoldReason::Economy(crate::HoldReason::Home);

fn barred() -> DispatchError {
    Error::<Test>::PqcRequired.into()
}

fn approve(asset: u32, owner: u8, delegate: u8) {
    let call = AssetsCall::approve_transfer {
        id: asset,
        delegate: user(delegate),
        amount: 50,
    };
    assert_ok!(dispatch(&user(owner), call));
}

#[test]
fn no_flx_leaves_a_barred_account() {
    execute(|| {
        assert_ok!(Balances::hold(&REASON, &user(1), 500));
        assert_ok!(Balances::reserve(&user(1), 500));
        set_barred(&user(1), true);
        let pay = |value| BalancesCall::transfer_allow_death { dest: user(2), value };
        assert_noop!(dispatch(&user(1), pay(1)), barred());
        let all = BalancesCall::transfer_all {
            dest: user(2),
            keep_alive: false,
        };
        assert_noop!(dispatch(&user(1), all), barred());
        assert_noop!(
            <Balances as Mutate<_>>::transfer(&user(1), &user(2), 1, Expendable),
            barred()
        );
        let withdraw = <Balances as Balanced<_>>::withdraw(&user(1), 1, Exact, Expendable, Fortitude::Force);
        assert_eq!(withdraw.err(), Some(barred()));
        let fee = WithdrawReasons::TRANSACTION_PAYMENT;
        // In a layer, as in every call: the old `Currency` makes the imbalance before the account is written, and what is made
        // is undone with the rest of the call alone.
        let withdrawn = with_storage_layer(|| {
            <Balances as Currency<_>>::withdraw(&user(1), 1, fee, ExistenceRequirement::AllowDeath).map(drop)
        });
        assert_eq!(withdrawn, Err(barred()));
        // What is put aside can be claimed by others later.
        assert_noop!(Balances::reserve(&user(1), 1), barred());
        assert_noop!(Balances::hold(&REASON, &user(1), 1), barred());
        // What comes in, or becomes free again, does.
        assert_ok!(dispatch(
            &user(2),
            BalancesCall::transfer_allow_death {
                dest: user(1),
                value: 7
            }
        ));
        assert_eq!(Balances::unreserve(&user(1), 500), 0);
        assert_ok!(Balances::release(&REASON, &user(1), 500, Exact));
        assert_eq!(Balances::free_balance(user(1)), USER_FLX + 7);
        set_barred(&user(1), false);
        assert_ok!(dispatch(&user(1), pay(7)));
    });
}

#[test]
fn no_asset_leaves_a_barred_account() {
    execute(|| {
        approve(RES, 1, 2);
        set_coherent(&user(1), true);
        set_barred(&user(1), true);
        for id in [PSY, ATR, RES] {
            let transfer = AssetsCall::transfer {
                id,
                target: user(2),
                amount: 1,
            };
            assert_noop!(dispatch(&user(1), transfer), pallet_assets::Error::<Test>::BalanceLow);
        }
        let approved = AssetsCall::transfer_approved {
            id: RES,
            owner: user(1),
            destination: user(2),
            amount: 1,
        };
        assert_noop!(dispatch(&user(2), approved), pallet_assets::Error::<Test>::BalanceLow);
        assert!(AssetsHolder::hold(ATR, &REASON, &user(1), 1).is_err());
        // It comes in, and is shown as what the account can move with a key of its own.
        let transfer = AssetsCall::transfer {
            id: RES,
            target: user(1),
            amount: 3,
        };
        assert_ok!(dispatch(&user(2), transfer));
        assert_eq!(Economy::transferable(&user(1), TokenId::Res), USER_ASSET + 3);
        assert_eq!(Economy::transferable(&user(1), TokenId::Psy), USER_ASSET);
        assert_eq!(Economy::transferable(&user(1), TokenId::Chr), 0);
        assert_eq!(Assets::balance(RES, user(1)), USER_ASSET + 3);
    });
}

#[test]
fn a_move_of_the_protocol_passes() {
    execute(|| {
        set_barred(&user(1), true);
        assert_ok!(with_guard_open(|| <Balances as Mutate<_>>::transfer(
            &user(1),
            &treasury(),
            9,
            Expendable
        )));
        assert_eq!(Balances::free_balance(user(1)), USER_FLX - 9);
    });
}
