//! FLX-1: the meter counts every change of every account in its home, whichever call made it.

use crate::{mock::*, FlxTotals, HomeShards, MeteredAccounts, PendingMoves};
use frame_support::{
    assert_noop, assert_ok,
    storage::with_transaction,
    traits::{
        fungible::{Balanced, Inspect, InspectHold, Mutate, MutateHold, Unbalanced},
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Expendable},
        BalanceStatus, Currency, Imbalance, LockableCurrency, ReservableCurrency, StoredMap, WithdrawReasons,
    },
};
use pallet_balances::Call as BalancesCall;
use proptest::prelude::*;
use qc_harmonics::economy::FLX_ISSUANCE;
use qc_traits::OnEpochEnd;
use qc_types::{Home, ShardId};
use sp_runtime::{ArithmeticError, DispatchError, TokenError, TransactionOutcome};

const REASON: RuntimeHoldReason = RuntimeHoldReason::Economy(crate::HoldReason::Home);

fn pay(from: u8, to: AccountId, value: u128) -> Result<(), DispatchError> {
    dispatch(&user(from), BalancesCall::transfer_allow_death { dest: to, value })
}

#[test]
fn a_transfer_moves_the_totals_of_two_homes_by_what_was_paid() {
    execute(|| {
        // User 1 is at home in shard 3, user 4 in 4, users 2 and 3 in 1.
        let flx = flx_totals();
        assert_ok!(pay(1, user(4), 250));
        assert_eq!(flx_totals(), with(flx, &[(3, -250), (4, 250)]));
        assert_ok!(pay(4, user(1), 100));
        assert_eq!(flx_totals(), with(flx, &[(3, -150), (4, 150)]));
        assert_ok!(pay(2, user(3), 500));
        assert_eq!(flx_totals(), with(flx, &[(3, -150), (4, 150)]));
        assert_ok!(pay(1, user(1), 500));
        assert_eq!(flx_totals(), with(flx, &[(3, -150), (4, 150)]));
    });
}

#[test]
fn protocol_accounts_are_counted_where_they_are() {
    execute(|| {
        let flx = flx_totals();
        assert_ok!(pay(1, treasury(), 70));
        assert_eq!(flx_totals(), with(flx, &[(3, -70), (5, 70)]));
        assert_ok!(pay(1, pot(0), 30));
        assert_eq!(flx_totals(), with(flx, &[(3, -100), (5, 70), (0, 30)]));
        assert_ok!(<Balances as Mutate<_>>::transfer(&pot(0), &treasury(), 12, Expendable));
        assert_eq!(flx_totals(), with(flx, &[(3, -100), (5, 82), (0, 18)]));
    });
}

#[test]
fn what_stays_in_the_account_stays_in_the_total() {
    execute(|| {
        let flx = flx_totals();
        assert_ok!(Balances::reserve(&user(1), 400));
        assert_ok!(Balances::hold(&REASON, &user(1), 300));
        Balances::set_lock(*b"testlock", &user(1), 1_000, WithdrawReasons::all());
        assert_eq!(flx_totals(), flx);
        assert_eq!(Balances::unreserve(&user(1), 150), 0);
        assert_ok!(Balances::release(&REASON, &user(1), 300, Exact));
        Balances::remove_lock(*b"testlock", &user(1));
        assert_eq!(flx_totals(), flx);
        assert_eq!(<Balances as Inspect<_>>::total_balance(&user(1)), USER_FLX);
    });
}

#[test]
fn what_is_reserved_is_counted_where_it_goes() {
    execute(|| {
        let flx = flx_totals();
        assert_ok!(Balances::reserve(&user(1), 400));
        // To another account, free there or reserved there.
        assert_eq!(
            Balances::repatriate_reserved(&user(1), &user(4), 100, BalanceStatus::Free),
            Ok(0)
        );
        assert_eq!(
            Balances::repatriate_reserved(&user(1), &user(4), 50, BalanceStatus::Reserved),
            Ok(0)
        );
        assert_eq!(flx_totals(), with(flx, &[(3, -150), (4, 150)]));
        // Slashed, to the sink.
        let (slashed, short) = Balances::slash_reserved(&user(1), 250);
        assert_eq!(short, 0);
        assert_eq!(flx_totals(), with(flx, &[(3, -400), (4, 150)]));
        Balances::resolve_creating(&treasury(), slashed);
        assert_eq!(flx_totals(), with(flx, &[(3, -400), (4, 150), (5, 250)]));
        // Held, and moved as held.
        assert_ok!(Balances::hold(&REASON, &user(2), 90));
        let moved = Balances::transfer_on_hold(
            &REASON,
            &user(2),
            &user(8),
            90,
            Exact,
            frame_support::traits::tokens::Restriction::OnHold,
            Polite,
        );
        assert_eq!(moved, Ok(90));
        assert_eq!(
            flx_totals(),
            with(flx, &[(3, -400), (4, 150), (5, 250), (1, -90), (0, 90)])
        );
    });
}

/// Dust is in the account before, in no account for a moment, and in the treasury after.
#[test]
fn dust_goes_to_the_ground() {
    execute(|| {
        assert_ok!(pay(1, user(9), ED));
        let Home::Shard(ShardId(home)) = Economy::home(&user(9)) else {
            panic!("a user is in a shard")
        };
        let flx = flx_totals();
        let leave = BalancesCall::<Test>::transfer_allow_death {
            dest: user(4),
            value: 1,
        };
        // ED − 1 of dust, but user 9 lives on nothing else and is reaped.
        assert_ok!(dispatch(&user(9), leave));
        assert!(!System::account_exists(&user(9)));
        let dust = i128::try_from(ED - 1).expect("small");
        let mut expected = with(flx, &[(usize::from(home), -dust - 1), (5, dust)]);
        expected[4] += 1;
        assert_eq!(flx_totals(), expected);
        assert_eq!(Economy::total_issuance(qc_types::TokenId::Flx), FLX_ISSUANCE);
    });
}

#[test]
fn what_would_not_make_an_account_is_refused() {
    execute(|| {
        let flx = flx_totals();
        assert_noop!(pay(1, user(9), ED - 1), TokenError::BelowMinimum);
        assert_noop!(pay(1, user(4), USER_FLX + 1), TokenError::FundsUnavailable);
        assert_eq!(flx_totals(), flx);
    });
}

/// A fee in flight is in no account: for that moment the totals fall short by exactly the fee.
#[test]
fn a_credit_is_in_no_home_until_it_is_resolved() {
    execute(|| {
        let flx = flx_totals();
        let credit = <Balances as Balanced<_>>::withdraw(&user(1), 60, Exact, Expendable, Polite).expect("it is there");
        assert_eq!(flx_totals(), with(flx, &[(3, -60)]));
        let (part, rest) = credit.split(25);
        assert!(<Balances as Balanced<_>>::resolve(&user(4), part).is_ok());
        assert!(<Balances as Balanced<_>>::resolve(&treasury(), rest).is_ok());
        assert_eq!(flx_totals(), with(flx, &[(3, -60), (4, 25), (5, 35)]));
    });
}

/// A meter that does not add up stops the change, and says what it is.
#[test]
fn a_total_that_cannot_be_stops_the_change() {
    execute(|| {
        undone(|| {
            FlxTotals::<Test>::insert(Home::Shard(ShardId(3)), 9);
            assert_noop!(pay(1, user(4), 10), DispatchError::Corruption);
            assert_ok!(pay(1, user(4), 9));
            assert_eq!(flx_totals()[3], 0);
        });
        undone(|| {
            FlxTotals::<Test>::insert(Home::Shard(ShardId(4)), u128::MAX - 9);
            let give = |amount| <Balances as Unbalanced<_>>::increase_balance(&user(4), amount, Exact);
            assert_noop!(give(10), DispatchError::Corruption);
            assert_ok!(give(9));
            assert_eq!(flx_totals()[4], u128::MAX);
        });
    });
}

/// What whoever refuses a change through the meter must know: `fungible::Mutate::transfer` debits first and drops the error of
/// the credit, so what a refused credit should have brought is in no account. It takes a ledger that is corrupt already; the
/// laws find it, and say so.
#[test]
fn a_transfer_drops_the_refusal_of_a_credit() {
    execute(|| {
        undone(|| {
            FlxTotals::<Test>::insert(Home::Shard(ShardId(4)), u128::MAX - 9);
            assert_ok!(pay(1, user(4), 10));
            assert_eq!(Balances::free_balance(user(1)), USER_FLX - 10);
            assert_eq!(Balances::free_balance(user(4)), USER_FLX);
            assert!(Economy::check_laws().is_err());
        });
    });
}

#[test]
fn an_account_that_cannot_be_is_not_written() {
    execute(|| {
        let flx = flx_totals();
        let before = MeteredAccounts::<Test>::get(&user(1));
        assert_eq!(before, System::account(user(1)).data);
        let overflow = MeteredAccounts::<Test>::try_mutate_exists(&user(1), |data| -> Result<(), DispatchError> {
            let data = data.as_mut().expect("user 1 has FLX");
            data.free = u128::MAX;
            data.reserved = 1;
            Ok(())
        });
        assert_eq!(overflow, Err(ArithmeticError::Overflow.into()));
        let refused = MeteredAccounts::<Test>::try_mutate_exists(&user(1), |data| -> Result<(), DispatchError> {
            *data = None;
            Err(DispatchError::CannotLookup)
        });
        assert_eq!(refused, Err(DispatchError::CannotLookup));
        assert_eq!(MeteredAccounts::<Test>::get(&user(1)), before);
        assert_eq!(flx_totals(), flx);
        assert_eq!(MeteredAccounts::<Test>::get(&user(99)), Default::default());
    });
}

/// What a random user does. Amounts are powers and edges rather than even, so that dust and reaping come up.
#[derive(Clone, Debug)]
enum Step {
    Pay(u8, u8, u128),
    PayKeepAlive(u8, u8, u128),
    PayAll(u8, u8, bool),
    Reserve(u8, u128),
    Unreserve(u8, u128),
    Repatriate(u8, u8, u128, bool),
    SlashReserved(u8, u128),
    Slash(u8, u128),
    Hold(u8, u128),
    Release(u8, u128),
    MoveHeld(u8, u8, u128),
    Lock(u8, u128),
    Fee(u8, u128),
    PayAsset(u8, u8, u32, u128),
    AskHome(u8, u8),
    CancelHome(u8),
    EndEpoch,
}

/// Users 1 to 11 (9 to 11 start with nothing), the treasury, and the pots.
fn party(n: u8) -> AccountId {
    match n {
        0..=10 => user(n + 1),
        11 => treasury(),
        _ => pot((n - 12) % 5),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![
        0..=ED + 1,
        Just(HOME_DEPOSIT),
        0..=USER_FLX + ED,
        Just(USER_FLX),
        (0..7u32).prop_map(|power| 10u128.pow(power)),
        Just(u128::MAX)
    ];
    let small = || 0u8..11;
    let any = || 0u8..17;
    prop_oneof![
        6 => (small(), any(), amount.clone()).prop_map(|(a, b, x)| Step::Pay(a, b, x)),
        1 => (small(), any(), amount.clone()).prop_map(|(a, b, x)| Step::PayKeepAlive(a, b, x)),
        3 => (small(), any(), proptest::bool::ANY).prop_map(|(a, b, keep)| Step::PayAll(a, b, keep)),
        2 => (small(), amount.clone()).prop_map(|(a, x)| Step::Reserve(a, x)),
        2 => (small(), amount.clone()).prop_map(|(a, x)| Step::Unreserve(a, x)),
        2 => (small(), any(), amount.clone(), proptest::bool::ANY).prop_map(|(a, b, x, free)| Step::Repatriate(a, b, x, free)),
        1 => (small(), amount.clone()).prop_map(|(a, x)| Step::SlashReserved(a, x)),
        1 => (small(), amount.clone()).prop_map(|(a, x)| Step::Slash(a, x)),
        2 => (small(), amount.clone()).prop_map(|(a, x)| Step::Hold(a, x)),
        2 => (small(), amount.clone()).prop_map(|(a, x)| Step::Release(a, x)),
        1 => (small(), any(), amount.clone()).prop_map(|(a, b, x)| Step::MoveHeld(a, b, x)),
        1 => (small(), amount.clone()).prop_map(|(a, x)| Step::Lock(a, x)),
        2 => (small(), amount.clone()).prop_map(|(a, x)| Step::Fee(a, x)),
        2 => (small(), any(), 1..6u32, amount).prop_map(|(a, b, id, x)| Step::PayAsset(a, b, id, x)),
        2 => (small(), 0..6u8).prop_map(|(a, to)| Step::AskHome(a, to)),
        1 => small().prop_map(Step::CancelHome),
        2 => Just(Step::EndEpoch),
    ]
}

/// What a user signs.
fn sign(who: u8, call: impl Into<RuntimeCall>) {
    let _ = dispatch(&party(who), call);
}

/// Failures are part of the game: whatever comes of a step, the laws must hold after it.
#[allow(dropping_copy_types)]
fn take(step: Step, epoch: &mut u32) {
    match step {
        Step::Pay(a, b, value) => {
            sign(a, BalancesCall::transfer_allow_death { dest: party(b), value });
        }
        Step::PayKeepAlive(a, b, value) => {
            sign(a, BalancesCall::transfer_keep_alive { dest: party(b), value });
        }
        Step::PayAll(a, b, keep_alive) => {
            let dest = party(b);
            sign(a, BalancesCall::transfer_all { dest, keep_alive });
        }
        Step::Reserve(a, x) => {
            let _ = Balances::reserve(&party(a), x);
        }
        Step::Unreserve(a, x) => {
            let _ = Balances::unreserve(&party(a), x);
        }
        Step::Repatriate(a, b, x, free) => {
            let status = [BalanceStatus::Reserved, BalanceStatus::Free][usize::from(free)];
            let _ = Balances::repatriate_reserved(&party(a), &party(b), x, status);
        }
        Step::SlashReserved(a, x) => {
            let (slashed, _) = Balances::slash_reserved(&party(a), x);
            Balances::resolve_creating(&treasury(), slashed);
        }
        Step::Slash(a, x) => {
            let (slashed, _) = <Balances as Currency<_>>::slash(&party(a), x);
            Balances::resolve_creating(&treasury(), slashed);
        }
        Step::Hold(a, x) => {
            let _ = Balances::hold(&REASON, &party(a), x);
        }
        Step::Release(a, x) => {
            let _ = Balances::release(&REASON, &party(a), x, Exact);
        }
        Step::MoveHeld(a, b, x) => {
            let mode = frame_support::traits::tokens::Restriction::Free;
            let _ = Balances::transfer_on_hold(&REASON, &party(a), &party(b), x, Exact, mode, Polite);
        }
        // A lock on an account that is not there is a fault of whoever sets it.
        Step::Lock(a, x) if System::providers(&party(a)) > 0 => {
            Balances::set_lock(*b"testlock", &party(a), x, WithdrawReasons::all());
        }
        Step::Lock(..) => {}
        Step::Fee(a, x) => {
            if let Ok(fee) = <Balances as Balanced<_>>::withdraw(&party(a), x, Exact, Expendable, Polite) {
                let _ = <Balances as Balanced<_>>::resolve(&treasury(), fee);
            }
        }
        Step::PayAsset(a, b, id, amount) => {
            let target = party(b);
            sign(a, pallet_assets::Call::<Test>::transfer { id, target, amount });
        }
        Step::AskHome(a, to) => sign(a, crate::Call::request_home_move { to: ShardId(to) }),
        Step::CancelHome(a) => sign(a, crate::Call::cancel_home_move {}),
        Step::EndEpoch => {
            Economy::on_epoch_end(*epoch);
            *epoch += 1;
            set_epoch(*epoch);
        }
    }
}

/// Whether whoever has a record of a home, or a move under way, still has the deposit for it. On the chain nothing but the
/// economy touches it; here steps take what is reserved whoever reserved it.
fn are_records_paid() -> bool {
    (0..11).map(party).all(|who| {
        let has_record = HomeShards::<Test>::contains_key(&who) || PendingMoves::<Test>::contains_key(&who);
        let held = Balances::balance_on_hold(&REASON, &who).min(Balances::reserved_balance(&who));
        !has_record || held >= HOME_DEPOSIT
    })
}

/// Takes a step, unless it would take a deposit that nobody can take.
fn take_if_paid(step: Step, epoch: &mut u32) {
    let taken = with_transaction(|| {
        take(step, epoch);
        let done = Ok::<(), DispatchError>(());
        if are_records_paid() {
            TransactionOutcome::Commit(done)
        } else {
            TransactionOutcome::Rollback(done)
        }
    });
    assert_ok!(taken);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_users_do_the_meter_is_exact(steps in proptest::collection::vec(step(), 1..60)) {
        execute(|| {
            let mut epoch = 0;
            for step in steps {
                let named = format!("{step:?}");
                take_if_paid(step, &mut epoch);
                assert_eq!(Economy::check_laws(), Ok(()), "after {named}");
            }
        });
    }
}
