//! Where an account is at home, and asking for another home.

use crate::{mock::*, Error, Event, HomeShards, MoveQueues, PendingMoves, ShardCount};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use qc_types::{Home, Scope, ShardId};
use sp_runtime::{AccountId32, ArithmeticError, DispatchResult, TokenError};

type EconomyCall = crate::Call<Test>;

fn ask(who: &AccountId, to: u8) -> DispatchResult {
    dispatch(who, EconomyCall::request_home_move { to: ShardId(to) })
}

fn cancel(who: &AccountId) -> DispatchResult {
    dispatch(who, EconomyCall::cancel_home_move {})
}

fn held(who: &AccountId) -> u128 {
    Balances::balance_on_hold(&crate::HoldReason::Home.into(), who)
}

/// Expected values from Python: `int.from_bytes(hashlib.blake2b(bytes([n]*32), digest_size=32).digest(), "big") % N`.
/// 256 leaves 1 modulo 3 and 5, so that only other N tell big-endian from little-endian.
#[test]
fn the_hash_gives_the_home() {
    execute(|| {
        let homes = |shards: u8| {
            undone(|| {
                ShardCount::<Test>::put(shards);
                users().map(|who| Economy::home(&who)).collect::<Vec<_>>()
            })
        };
        let expected = |homes: [u8; 8]| homes.map(|home| Home::Shard(ShardId(home))).to_vec();
        assert_eq!(homes(5), expected([3, 1, 1, 4, 2, 2, 1, 0]));
        assert_eq!(homes(7), expected([1, 1, 3, 0, 5, 3, 4, 0]));
        assert_eq!(homes(50), expected([48, 1, 41, 4, 42, 42, 6, 45]));
    });
}

#[test]
fn protocol_accounts_have_the_home_that_the_protocol_gives_them() {
    execute(|| {
        assert_eq!(Economy::home(&treasury()), Home::Ground);
        for shard in 0..5 {
            assert_eq!(Economy::home(&pot(shard)), Home::Shard(ShardId(shard)));
        }
        // The pot of a shard that is not there, and a look-alike of a protocol account, are anybody.
        let look_alike = AccountId32::new(*b"modlqc/trsry\x01aaaaaaaaaaaaaaaaaaa");
        for who in [pot(5), look_alike] {
            assert_eq!(Economy::home(&who), Home::Shard(Economy::home_by_hash(&who)));
        }
    });
}

/// A record never overrides the home of a protocol account.
#[test]
fn no_record_moves_a_protocol_account() {
    execute(|| {
        undone(|| {
            HomeShards::<Test>::insert(treasury(), ShardId(2));
            HomeShards::<Test>::insert(pot(1), ShardId(2));
            assert_eq!(Economy::home(&treasury()), Home::Ground);
            assert_eq!(Economy::home(&pot(1)), Home::Shard(ShardId(1)));
        });
    });
}

#[test]
fn a_request_is_recorded_queued_and_paid_for() {
    execute(|| {
        set_epoch(7);
        let (flx, chr) = (flx_totals(), chr_totals());
        assert_ok!(ask(&user(1), 0));
        assert_eq!(
            economy_events(),
            [Event::HomeMoveRequested {
                who: user(1),
                to: ShardId(0),
                effective: 9
            }]
        );
        let pending = PendingMoves::<Test>::get(user(1)).expect("a move is under way");
        assert_eq!((pending.to, pending.effective), (ShardId(0), 9));
        assert_eq!(MoveQueues::<Test>::get(9).into_inner(), [user(1)]);
        assert_eq!(held(&user(1)), HOME_DEPOSIT);
        assert_eq!(Balances::total_balance(&user(1)), USER_FLX);
        // Until it takes effect nothing is counted elsewhere.
        assert_eq!(Economy::home(&user(1)), Home::Shard(ShardId(3)));
        assert_eq!((flx_totals(), chr_totals()), (flx, chr));
    });
}

#[test]
fn there_are_as_many_shards_as_genesis_said() {
    execute(|| {
        for to in [5, 6, 255] {
            assert_noop!(ask(&user(1), to), Error::<Test>::ShardUnknown);
        }
        assert_ok!(ask(&user(1), 4));
    });
}

#[test]
fn nobody_moves_to_where_they_are() {
    execute(|| {
        assert_noop!(ask(&user(1), 3), Error::<Test>::AlreadyHome);
        undone(|| {
            HomeShards::<Test>::insert(user(1), ShardId(0));
            assert_noop!(ask(&user(1), 0), Error::<Test>::AlreadyHome);
            assert_ok!(ask(&user(1), 3));
        });
    });
}

#[test]
fn one_move_at_a_time() {
    execute(|| {
        assert_ok!(ask(&user(1), 0));
        set_epoch(1);
        assert_noop!(ask(&user(1), 1), Error::<Test>::MovePending);
        assert_noop!(ask(&user(1), 0), Error::<Test>::MovePending);
        assert_eq!(held(&user(1)), HOME_DEPOSIT);
    });
}

#[test]
fn nobody_asks_while_halted() {
    execute(|| {
        for scope in [Scope::Account(user(1)), Scope::Shard(ShardId(3)), Scope::Chain] {
            set_halted(&[scope]);
            assert_noop!(ask(&user(1), 0), Error::<Test>::Halted);
        }
        set_halted(&[Scope::Account(user(2)), Scope::Shard(ShardId(1))]);
        assert_ok!(ask(&user(1), 0));
    });
}

#[test]
fn protocol_accounts_do_not_ask() {
    execute(|| {
        for who in [treasury(), pot(0), pot(4)] {
            assert_noop!(ask(&who, 2), Error::<Test>::ProtocolAccount);
        }
    });
}

#[test]
fn an_epoch_takes_so_many_moves_and_the_next_one_as_many_again() {
    execute(|| {
        assert_eq!(MOVES_MAX, 3);
        for n in [1, 2, 3] {
            assert_ok!(ask(&user(n), 0));
        }
        assert_noop!(ask(&user(4), 0), Error::<Test>::MoveQueueFull);
        assert_eq!(held(&user(4)), 0);
        set_epoch(1);
        assert_ok!(ask(&user(4), 0));
        assert_eq!(MoveQueues::<Test>::get(2).len(), 3);
        assert_eq!(MoveQueues::<Test>::get(3).into_inner(), [user(4)]);
    });
}

#[test]
fn who_cannot_pay_does_not_ask() {
    execute(|| {
        let poor = user(9);
        let fund = pallet_balances::Call::<Test>::transfer_allow_death {
            dest: poor.clone(),
            value: HOME_DEPOSIT + ED - 1,
        };
        assert_ok!(dispatch(&user(1), fund));
        let Home::Shard(ShardId(home)) = Economy::home(&poor) else {
            panic!("a user is in a shard")
        };
        assert_noop!(ask(&poor, (home + 1) % 5), TokenError::FundsUnavailable);
        assert_eq!(MoveQueues::<Test>::iter().count(), 0);
        let one = pallet_balances::Call::<Test>::transfer_allow_death {
            dest: poor.clone(),
            value: 1,
        };
        assert_ok!(dispatch(&user(1), one));
        assert_ok!(ask(&poor, (home + 1) % 5));
    });
}

#[test]
fn the_last_epochs_take_no_moves() {
    execute(|| {
        for epoch in [u32::MAX, u32::MAX - 1] {
            set_epoch(epoch);
            assert_noop!(ask(&user(1), 0), ArithmeticError::Overflow);
        }
        set_epoch(u32::MAX - 2);
        assert_ok!(ask(&user(1), 0));
    });
}

#[test]
fn a_move_can_be_called_off() {
    execute(|| {
        for n in [1, 2, 3] {
            assert_ok!(ask(&user(n), 0));
        }
        economy_events();
        assert_ok!(cancel(&user(2)));
        assert_eq!(economy_events(), [Event::HomeMoveCancelled { who: user(2) }]);
        assert_eq!(MoveQueues::<Test>::get(2).into_inner(), [user(1), user(3)]);
        assert_eq!(PendingMoves::<Test>::get(user(2)), None);
        assert_eq!((held(&user(1)), held(&user(2))), (HOME_DEPOSIT, 0));
        assert_eq!(Balances::balance(&user(2)), USER_FLX);
        assert_noop!(cancel(&user(2)), Error::<Test>::NoMovePending);
        // The room in the queue is free again, and the last one leaves no empty queue behind.
        assert_ok!(ask(&user(4), 0));
        for n in [1, 3, 4] {
            assert_ok!(cancel(&user(n)));
        }
        assert!(!MoveQueues::<Test>::contains_key(2));
    });
}

#[test]
fn who_did_not_ask_has_nothing_to_call_off() {
    execute(|| {
        assert_noop!(cancel(&user(1)), Error::<Test>::NoMovePending);
        assert_ok!(ask(&user(1), 0));
        assert_noop!(cancel(&user(2)), Error::<Test>::NoMovePending);
        assert_ok!(cancel(&user(1)));
    });
}

#[test]
fn only_a_signed_origin_asks() {
    execute(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                Economy::request_home_move(origin.clone(), ShardId(0)),
                sp_runtime::DispatchError::BadOrigin
            );
            assert_noop!(Economy::cancel_home_move(origin), sp_runtime::DispatchError::BadOrigin);
        }
    });
}

/// The weights that are charged are those of the calls.
#[test]
fn calls_weigh_what_was_measured() {
    use frame_support::dispatch::GetDispatchInfo;
    assert_eq!(
        EconomyCall::request_home_move { to: ShardId(0) }
            .get_dispatch_info()
            .call_weight
            .ref_time(),
        11
    );
    assert_eq!(
        EconomyCall::cancel_home_move {}
            .get_dispatch_info()
            .call_weight
            .ref_time(),
        13
    );
}
