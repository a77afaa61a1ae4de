//! The checkers themselves: each law is broken on purpose, by as little as a planck, and must say so.

use crate::{
    guard::with_guard_open, mock::*, types::PendingMoveRecord, ChrTotals, Event, FlxTotals, HomeShards, LawBreach,
    MoveQueues, PendingMoves,
};
use frame_support::{
    assert_ok,
    traits::{
        fungible::{Inspect, Mutate},
        fungibles::{self, Mutate as _},
        tokens::{Fortitude::Force, Precision::Exact, Preservation::Expendable},
    },
};
use qc_harmonics::economy::{CHR_ISSUANCE, FLX_ISSUANCE};
use qc_traits::{IncidentCause, OnEpochEnd};
use qc_types::{CirCode, Home, Scope, ShardId, TokenId};

/// The breach that follows from what `fault` does to the state.
fn breach(fault: impl FnOnce()) -> LawBreach {
    undone(|| {
        fault();
        Economy::check_laws().expect_err("the fault must be found")
    })
}

fn raw_flx(who: &AccountId, change: i128) {
    frame_system::Account::<Test>::mutate(who, |account| {
        account.data.free = account.data.free.checked_add_signed(change).expect("in range");
    });
}

#[test]
fn one_planck_of_flx_too_many_or_too_few_is_found() {
    execute(|| {
        let minted = breach(|| assert!(Balances::mint_into(&user(1), 1).is_ok()));
        assert_eq!(
            (minted.token(), minted.expected, minted.found),
            (TokenId::Flx, FLX_ISSUANCE, FLX_ISSUANCE + 1)
        );
        assert!(minted.law().starts_with("FLX-1: Σ FLX = "), "{}", minted.law());
        let burnt = breach(|| assert!(Balances::burn_from(&user(1), 1, Expendable, Exact, Force).is_ok()));
        assert_eq!((burnt.token(), burnt.found), (TokenId::Flx, FLX_ISSUANCE - 1));
    });
}

#[test]
fn a_meter_that_is_one_planck_off_is_found() {
    execute(|| {
        for home in Economy::shards().map(Home::Shard).chain([Home::Ground]) {
            let off = breach(|| FlxTotals::<Test>::mutate(home, |total| *total += 1));
            assert_eq!((off.law(), off.found), ("FLX-1: Σ FLX of the homes", FLX_ISSUANCE + 1));
        }
        // Two meters off by one planck each, against each other: the sum is right.
        let off = breach(|| {
            FlxTotals::<Test>::mutate(Home::Shard(ShardId(0)), |total| *total += 1);
            FlxTotals::<Test>::mutate(Home::Ground, |total| *total -= 1);
        });
        assert_eq!((off.law(), off.expected - off.found), ("FLX-1: the meter of a home", 1));
    });
}

#[test]
fn flx_that_moved_past_the_meter_is_found() {
    execute(|| {
        let off = breach(|| {
            raw_flx(&user(1), -5);
            raw_flx(&user(4), 5);
        });
        assert_eq!(off.law(), "FLX-1: the meter of a home");
        let reserved = breach(|| frame_system::Account::<Test>::mutate(user(1), |account| account.data.reserved += 1));
        assert_eq!(
            (reserved.law(), reserved.found - reserved.expected),
            ("FLX-1: the meter of a home", 1)
        );
        let outside = breach(|| {
            HomeShards::<Test>::insert(user(9), ShardId(7));
            System::inc_providers(&user(9));
            raw_flx(&user(9), 100);
        });
        assert_eq!((outside.law(), outside.found), ("FLX-1: a home outside the graph", 100));
    });
}

#[test]
fn one_planck_of_chr_too_many_or_too_few_is_found() {
    execute(|| {
        let minted = breach(|| assert!(Assets::mint_into(CHR, &user(1), 1).is_ok()));
        assert_eq!(
            (minted.token(), minted.expected, minted.found),
            (TokenId::Chr, CHR_ISSUANCE, CHR_ISSUANCE + 1)
        );
        assert!(minted.law().starts_with("CHR-1: Σ CHR = "), "{}", minted.law());
        let burnt = breach(|| {
            let burnt = with_guard_open(|| Assets::burn_from(CHR, &user(1), 1, Expendable, Exact, Force));
            assert!(burnt.is_ok());
        });
        assert_eq!((burnt.token(), burnt.found), (TokenId::Chr, CHR_ISSUANCE - 1));
    });
}

#[test]
fn chr_that_is_counted_elsewhere_is_found() {
    execute(|| {
        let off = breach(|| ChrTotals::<Test>::mutate(ShardId(2), |total| *total -= 1));
        assert_eq!((off.law(), off.found), ("CHR-1: Σ CHR of the shards", CHR_ISSUANCE - 1));
        let moved = breach(|| {
            // From shard 3 to shard 4, past the totals.
            assert!(with_guard_open(|| <Assets as fungibles::Mutate<_>>::transfer(
                CHR,
                &user(1),
                &user(4),
                9,
                Expendable
            ))
            .is_ok());
        });
        assert_eq!(
            (moved.law(), moved.expected - moved.found),
            ("CHR-1: the total of a shard", 9)
        );
        let treasured = breach(|| {
            assert!(with_guard_open(|| <Assets as fungibles::Mutate<_>>::transfer(
                CHR,
                &user(1),
                &treasury(),
                9,
                Expendable
            ))
            .is_ok());
            ChrTotals::<Test>::mutate(ShardId(3), |total| *total -= 9);
            ChrTotals::<Test>::insert(ShardId(0), ChrTotals::<Test>::get(ShardId(0)) + 9);
        });
        assert_eq!(treasured.token(), TokenId::Chr);
        let outside = breach(|| {
            <Assets as fungibles::Unbalanced<_>>::increase_balance(CHR, &treasury(), 9, Exact).expect("it is written");
        });
        assert_eq!((outside.law(), outside.found), ("CHR-1: CHR outside the shards", 9));
    });
}

#[test]
fn moves_that_are_not_queued_once_are_found() {
    execute(|| {
        let record = PendingMoveRecord {
            to: ShardId(0),
            effective: 2,
        };
        let unqueued = breach(|| PendingMoves::<Test>::insert(user(1), record.clone()));
        assert_eq!(
            (unqueued.law(), unqueued.expected, unqueued.found),
            ("moves under way are queued once", 1, 0)
        );
        let twice = breach(|| {
            PendingMoves::<Test>::insert(user(1), record.clone());
            for epoch in [2, 3] {
                assert!(MoveQueues::<Test>::try_append(epoch, user(1)).is_ok());
            }
        });
        assert_eq!((twice.expected, twice.found), (1, 2));
        let idle = breach(|| HomeShards::<Test>::insert(user(1), ShardId(3)));
        assert_eq!((idle.law(), idle.found), ("no record of a home that the hash gives", 1));
    });
}

#[test]
fn a_treasury_below_the_existential_deposit_is_found() {
    execute(|| {
        let left_with = |left: u128| {
            let spend = Balances::balance(&treasury()) - left;
            move || assert!(Balances::transfer(&treasury(), &user(1), spend, Expendable).is_ok())
        };
        let poor = breach(left_with(0));
        assert_eq!(
            (poor.law(), poor.expected, poor.found),
            ("the treasury is above the existential deposit", ED, 0)
        );
        assert!(undone(|| {
            left_with(ED)();
            Economy::check_laws()
        })
        .is_ok());
    });
}

/// A sum that overflows breaks every law; it never wraps into one that holds.
#[test]
fn an_overflow_is_a_breach() {
    execute(|| {
        let overflown = breach(|| {
            FlxTotals::<Test>::insert(Home::Ground, u128::MAX);
            FlxTotals::<Test>::insert(Home::Shard(ShardId(0)), FLX_ISSUANCE + 1);
        });
        assert_eq!(
            (overflown.law(), overflown.found),
            ("FLX-1: Σ FLX of the homes", u128::MAX)
        );
    });
}

#[test]
fn the_end_of_an_epoch_names_what_is_broken() {
    execute(|| {
        economy_events();
        Economy::on_epoch_end(0);
        assert_eq!((economy_events(), incidents()), (vec![], vec![]), "nothing is broken");
        let halt = (CirCode::ChainHalt, Scope::Chain, IncidentCause::Conservation);
        undone(|| {
            FlxTotals::<Test>::mutate(Home::Ground, |total| *total -= 1);
            Economy::on_epoch_end(1);
            let broken = Event::ConservationBroken {
                token: TokenId::Flx,
                expected: FLX_ISSUANCE,
                found: FLX_ISSUANCE - 1,
            };
            assert_eq!(economy_events(), [broken]);
            assert_eq!(incidents(), std::slice::from_ref(&halt), "by a planck");
        });
        undone(|| {
            assert_ok!(Assets::mint_into(CHR, &user(1), 3));
            assert_ok!(Balances::mint_into(&user(1), 2));
            economy_events();
            Economy::on_epoch_end(2);
            let issuance = |token, expected, found| Event::ConservationBroken { token, expected, found };
            assert_eq!(
                economy_events(),
                [
                    issuance(TokenId::Chr, CHR_ISSUANCE, CHR_ISSUANCE + 3),
                    issuance(TokenId::Flx, FLX_ISSUANCE, FLX_ISSUANCE + 2),
                    issuance(TokenId::Flx, FLX_ISSUANCE, FLX_ISSUANCE + 2),
                ]
            );
            assert_eq!(incidents(), vec![halt.clone(); 3]);
        });
    });
}
