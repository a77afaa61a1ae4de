//! Moves of home that come due at the end of an epoch.

use crate::{
    guard::with_guard_open, mock::*, ChrTotals, Error, Event, FlxTotals, HomeShards, MoveQueues, PendingMoves,
};
use frame_support::{
    assert_ok,
    traits::{
        fungible::{Inspect, InspectHold, MutateHold},
        fungibles::MutateHold as _,
        ReservableCurrency,
    },
    weights::Weight,
};
use qc_traits::OnEpochEnd;
use qc_types::{Home, Scope, ShardId};

fn ask(n: u8, to: u8) {
    assert_ok!(dispatch(
        &user(n),
        crate::Call::<Test>::request_home_move { to: ShardId(to) }
    ));
}

fn end_epoch(ended: u32) -> Weight {
    economy_events();
    Economy::on_epoch_end(ended)
}

fn held(n: u8) -> u128 {
    Balances::balance_on_hold(&crate::HoldReason::Home.into(), &user(n))
}

fn home(n: u8) -> Home {
    Economy::home(&user(n))
}

fn shard(n: u8) -> Home {
    Home::Shard(ShardId(n))
}

#[test]
fn it_takes_effect_at_the_end_of_the_epoch_after_the_next_one() {
    execute(|| {
        set_epoch(5);
        ask(1, 0);
        for epoch in [5, 6] {
            assert_eq!(end_epoch(epoch).ref_time(), 17, "nothing is due");
            assert_eq!(home(1), shard(3));
            assert_eq!(economy_events(), []);
        }
        assert_eq!(end_epoch(7).ref_time(), 117, "one move is due");
        assert_eq!(
            economy_events(),
            [Event::HomeMoved {
                who: user(1),
                from: ShardId(3),
                to: ShardId(0)
            }]
        );
        assert_eq!(home(1), shard(0));
        assert_eq!(HomeShards::<Test>::get(user(1)), Some(ShardId(0)));
        assert_eq!(PendingMoves::<Test>::get(user(1)), None);
        assert!(!MoveQueues::<Test>::contains_key(7));
        assert_eq!(held(1), HOME_DEPOSIT, "the record is paid for as long as it is there");
    });
}

/// Free and reserved FLX, free and held CHR: whatever the account has goes along, and what others have stays.
#[test]
fn it_takes_along_all_that_the_account_has() {
    execute(|| {
        let reason = RuntimeHoldReason::Economy(crate::HoldReason::Home);
        assert_ok!(Balances::reserve(&user(1), 300));
        assert_ok!(with_guard_open(|| AssetsHolder::hold(CHR, &reason, &user(1), 20_000)));
        let (flx, chr) = (flx_totals(), chr_totals());
        ask(1, 0);
        end_epoch(2);
        let (moved_flx, moved_chr) = (USER_FLX as i128, USER_CHR as i128);
        assert_eq!(flx_totals(), with(flx, &[(3, -moved_flx), (0, moved_flx)]));
        assert_eq!(chr_totals(), with(chr, &[(3, -moved_chr), (0, moved_chr)]));
    });
}

/// From then on the meter counts in the new home.
#[test]
fn what_comes_later_is_counted_in_the_new_home() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        let flx = flx_totals();
        let pay = pallet_balances::Call::<Test>::transfer_allow_death {
            dest: user(1),
            value: 77,
        };
        assert_ok!(dispatch(&user(4), pay));
        assert_eq!(flx_totals(), with(flx, &[(4, -77), (0, 77)]));
    });
}

#[test]
fn the_way_back_gives_the_deposit_back() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        set_epoch(10);
        ask(1, 2);
        assert_eq!(held(1), HOME_DEPOSIT, "a record pays for the next move too");
        end_epoch(12);
        assert_eq!((home(1), held(1)), (shard(2), HOME_DEPOSIT));
        set_epoch(20);
        ask(1, 3);
        let (flx, chr) = (flx_totals(), chr_totals());
        end_epoch(22);
        assert_eq!(
            economy_events(),
            [Event::HomeMoved {
                who: user(1),
                from: ShardId(2),
                to: ShardId(3)
            }]
        );
        assert_eq!((home(1), held(1)), (shard(3), 0));
        assert_eq!(HomeShards::<Test>::get(user(1)), None, "home by hash needs no record");
        assert_eq!(Balances::balance(&user(1)), USER_FLX);
        assert_eq!(
            flx_totals(),
            with(flx, &[(2, -(USER_FLX as i128)), (3, USER_FLX as i128)])
        );
        assert_eq!(
            chr_totals(),
            with(chr, &[(2, -(USER_CHR as i128)), (3, USER_CHR as i128)])
        );
    });
}

/// Calling a later move off must not give the deposit of the record back.
#[test]
fn a_cancelled_second_move_keeps_the_record_paid_for() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        set_epoch(10);
        ask(1, 2);
        assert_ok!(dispatch(&user(1), crate::Call::<Test>::cancel_home_move {}));
        assert_eq!((home(1), held(1)), (shard(0), HOME_DEPOSIT));
        end_epoch(12);
        assert_eq!((home(1), held(1)), (shard(0), HOME_DEPOSIT));
    });
}

#[test]
fn all_that_are_due_move_and_no_other() {
    execute(|| {
        ask(1, 0);
        ask(2, 0);
        set_epoch(1);
        ask(4, 0);
        assert_eq!(end_epoch(2).ref_time(), 217);
        assert_eq!([home(1), home(2), home(4)], [shard(0), shard(0), shard(4)]);
        assert_eq!(economy_events().len(), 2);
        end_epoch(3);
        assert_eq!(home(4), shard(0));
    });
}

#[test]
fn nobody_leaves_a_halted_shard() {
    execute(|| {
        for (scope, due) in [
            (Scope::Account(user(1)), 12),
            (Scope::Shard(ShardId(3)), 22),
            (Scope::Chain, 32),
        ] {
            set_epoch(due - 2);
            ask(1, 0);
            let flx = flx_totals();
            set_halted(&[scope]);
            end_epoch(due);
            let reason = Error::<Test>::Halted.into();
            assert_eq!(economy_events(), [Event::HomeMoveDropped { who: user(1), reason }]);
            assert_eq!((home(1), held(1), flx_totals()), (shard(3), 0, flx));
            set_halted(&[]);
            assert_lawful();
        }
    });
}

/// The halt of somebody else stops nobody.
#[test]
fn a_halt_drops_only_whom_it_concerns() {
    execute(|| {
        ask(1, 0);
        ask(4, 0);
        set_halted(&[Scope::Shard(ShardId(3))]);
        end_epoch(2);
        assert_eq!([home(1), home(4)], [shard(3), shard(0)]);
        assert_eq!([held(1), held(4)], [0, HOME_DEPOSIT]);
    });
}

#[test]
fn a_dropped_second_move_keeps_home_and_deposit() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        set_epoch(3);
        ask(1, 2);
        set_halted(&[Scope::Chain]);
        end_epoch(5);
        assert_eq!((home(1), held(1)), (shard(0), HOME_DEPOSIT));
    });
}

/// A total that does not add up stops the move as a whole: also what was shifted before the fault was found.
#[test]
fn half_a_move_is_no_move() {
    execute(|| {
        ask(1, 0);
        let faults: [fn(); 4] = [
            || FlxTotals::<Test>::insert(shard(3), USER_FLX - 1),
            || FlxTotals::<Test>::insert(shard(0), u128::MAX),
            || ChrTotals::<Test>::insert(ShardId(3), USER_CHR - 1),
            || ChrTotals::<Test>::insert(ShardId(0), u128::MAX - USER_CHR + 1),
        ];
        for fault in faults {
            undone(|| {
                fault();
                let (flx, chr) = (flx_totals(), chr_totals());
                end_epoch(2);
                let dropped = Event::HomeMoveDropped {
                    who: user(1),
                    reason: Error::<Test>::TotalOutOfRange.into(),
                };
                assert_eq!(economy_events().first(), Some(&dropped));
                assert_eq!((flx_totals(), chr_totals()), (flx, chr));
                assert_eq!((home(1), held(1)), (shard(3), 0));
                assert_eq!(HomeShards::<Test>::get(user(1)), None);
            });
        }
        end_epoch(2);
        assert_eq!(home(1), shard(0));
    });
}

/// An account with a record cannot be reaped: its deposit is held, and it keeps what it must to live.
#[test]
fn a_record_outlives_an_attempt_to_leave_it_behind() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        let all = pallet_balances::Call::<Test>::transfer_all {
            dest: user(2),
            keep_alive: false,
        };
        assert_ok!(dispatch(&user(1), all));
        assert_eq!(
            Balances::total_balance(&user(1)),
            HOME_DEPOSIT + Balances::balance(&user(1))
        );
        assert_eq!((home(1), held(1)), (shard(0), HOME_DEPOSIT));
        assert!(System::account_exists(&user(1)));
        assert_lawful();
        // And the way back gives all of it back.
        set_epoch(10);
        ask(1, 3);
        end_epoch(12);
        assert_eq!(held(1), 0);
        assert_eq!(Balances::balance(&user(1)), Balances::total_balance(&user(1)));
    });
}

/// A deposit that somebody made smaller comes back as far as it is there, and the move goes through all the same.
#[test]
fn a_deposit_that_is_short_stops_no_move() {
    execute(|| {
        ask(1, 0);
        end_epoch(2);
        assert_ok!(Balances::release(
            &crate::HoldReason::Home.into(),
            &user(1),
            1,
            frame_support::traits::tokens::Precision::Exact
        ));
        set_epoch(10);
        ask(1, 3);
        end_epoch(12);
        assert_eq!((home(1), held(1)), (shard(3), 0));
    });
}
