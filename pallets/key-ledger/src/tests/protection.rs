//! An account that requires post-quantum keys acts by them alone, is never locked out, and leaves slowly.

use crate::{
    mock::*,
    types::{Change, Operation, Protection},
    Call, Error, Event, Owners,
};
use qc_traits::{DebitGate, KeyInspect};
use qc_types::Capabilities;

fn protection(who: &AccountId) -> Protection {
    Owners::<Test>::get(who).expect("an owner").protection
}

fn go_on(blocks: u32) {
    System::set_block_number(System::block_number() + blocks);
}

#[test]
fn it_takes_two_manage_keys_nobody_else_and_a_transaction_by_one_of_them() {
    execute(|| {
        let require = || Call::require_pqc {};
        assert_refused(Error::NotAuthorisedByKey, || classical(&user(1), require()));
        register(&user(1), 1, Capabilities::ALL);
        register(&user(1), 2, Capabilities::ALL.without(Capabilities::MANAGE));
        assert_refused(Error::TooFewManageKeys, || by_key(1, require()));
        register(&user(1), 3, Capabilities::MANAGE);
        assert_refused(Error::NotAuthorisedByKey, || classical(&user(1), require()));
        set_delegated(&user(1), true);
        assert_refused(Error::DelegationsLive, || by_key(1, require()));
        set_delegated(&user(1), false);
        // Somebody else's proxy does not matter.
        set_delegated(&user(2), true);
        assert!(!KeyLedger::requires_pqc(&user(1)));

        ledger_events();
        assert_eq!(by_key(1, require()), Ok(()));
        assert_eq!(protection(&user(1)), Protection::PqcRequired);
        assert!(KeyLedger::requires_pqc(&user(1)));
        assert_eq!(last_changes(), [Change::PqcRequired]);
        let event = Event::PqcRequired { owner: user(1) };
        assert_eq!(ledger_events().first(), Some(&event));
        assert_refused(Error::AlreadyProtected, || by_key(1, require()));
    });
}

/// Revoked MANAGE keys are no backup.
#[test]
fn a_key_that_ended_is_no_backup() {
    execute(|| {
        register(&user(1), 1, Capabilities::MANAGE);
        register(&user(1), 2, Capabilities::MANAGE);
        assert_eq!(classical(&user(1), Call::revoke { key: id(2) }), Ok(()));
        assert_refused(Error::TooFewManageKeys, || by_key(1, Call::require_pqc {}));
    });
}

/// With every call of the pallet: by its classical signature, and inside a transaction of somebody else's key.
#[test]
fn a_protected_account_manages_nothing_classically() {
    execute(|| {
        protect(&user(1), 1);
        register(&user(2), 8, Capabilities::ALL);
        let at = nonce(&user(1));
        let all = Capabilities::ALL;
        let operation = register_at(&user(1), at, 5, all);
        let calls = || {
            [
                call(operation.clone()),
                call(rotate_at(&user(1), at, 1, 5, all)),
                Call::set_capabilities {
                    key: id(2),
                    capabilities: all,
                },
                Call::revoke { key: id(2) },
                commit(vec![operation.clone(), Operation::Revoke { key: id(2) }]),
                Call::require_pqc {},
                Call::leave_pqc {},
                Call::keep_pqc {},
            ]
        };
        for call in calls() {
            assert_refused(Error::NotAuthorisedByKey, || classical(&user(1), call));
        }
        KeyLedger::begin(&user(2), &id(8));
        for call in calls() {
            assert_refused(Error::NotAuthorisedByKey, || classical(&user(1), call));
        }
        KeyLedger::end();
        // By its own key all but the three that protection itself refuses go through.
        for call in calls().into_iter().take(5) {
            undone(|| assert_eq!(by_key(1, call), Ok(())));
        }
    });
}

#[test]
fn the_last_manage_key_stays() {
    execute(|| {
        protect(&user(1), 1);
        let last = || {
            let narrowed = Call::set_capabilities {
                key: id(2),
                capabilities: Capabilities::TRANSFER,
            };
            assert_refused(Error::LastManageKey, || by_key(2, narrowed));
            assert_refused(Error::LastManageKey, || by_key(2, Call::revoke { key: id(2) }));
            let both = vec![
                Operation::Revoke { key: id(2) },
                register_at(&user(1), nonce(&user(1)) + 1, 7, Capabilities::SEAL),
            ];
            assert_refused(Error::LastManageKey, || by_key(2, commit(both)));
        };
        assert_eq!(by_key(1, Call::revoke { key: id(1) }), Ok(()));
        last();
        // While a leave is pending too.
        assert_eq!(by_key(2, Call::leave_pqc {}), Ok(()));
        last();
        // It may be widened, narrowed in other things, and rotated.
        let narrowed = Call::set_capabilities {
            key: id(2),
            capabilities: Capabilities::MANAGE.union(Capabilities::BRIDGE),
        };
        assert_eq!(by_key(2, narrowed), Ok(()));
        let capabilities = Capabilities::MANAGE.union(Capabilities::BRIDGE);
        let rotation = rotate_at(&user(1), nonce(&user(1)), 2, 3, capabilities);
        assert_eq!(by_key(2, call(rotation)), Ok(()));
    });
}

#[test]
fn an_unprotected_account_may_give_up_its_last_key() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
    });
}

#[test]
fn a_leave_takes_effect_after_the_delay_and_not_before() {
    execute(|| {
        assert_refused(Error::NotAuthorisedByKey, || classical(&user(1), Call::leave_pqc {}));
        register(&user(2), 8, Capabilities::ALL);
        assert_refused(Error::NotProtected, || by_key(8, Call::leave_pqc {}));
        protect(&user(1), 1);
        System::set_block_number(50);
        ledger_events();
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        let (at, by) = (50 + LEAVE_DELAY, id(1));
        assert_eq!(protection(&user(1)), Protection::Leaving { at, by });
        assert_eq!(last_changes(), [Change::PqcLeaving { at, by }]);
        let owner = user(1);
        assert_eq!(
            ledger_events().first(),
            Some(&Event::PqcLeaveRequested { owner, at, by })
        );

        for call in [Call::leave_pqc {}, Call::require_pqc {}] {
            let error = match call {
                Call::leave_pqc {} => Error::LeavePending,
                _ => Error::AlreadyProtected,
            };
            assert_refused(error, || by_key(2, call));
        }
        go_on(LEAVE_DELAY - 1);
        assert!(KeyLedger::requires_pqc(&user(1)));
        assert_refused(Error::NotAuthorisedByKey, || {
            classical(&user(1), Call::revoke { key: id(1) })
        });
        go_on(1);
        assert!(!KeyLedger::requires_pqc(&user(1)));
        assert_refused(Error::NotProtected, || by_key(1, Call::leave_pqc {}));
        assert_refused(Error::NoLeavePending, || by_key(1, Call::keep_pqc {}));
        assert_lawful();
        // Classical again, down to the last key; and nothing is called off that has taken effect.
        for key in [id(1), id(2)] {
            assert_eq!(classical(&user(1), Call::revoke { key }), Ok(()));
            assert_eq!(last_changes(), [Change::Revoked { key }]);
        }
        assert!(!KeyLedger::requires_pqc(&user(1)));
    });
}

#[test]
fn who_has_left_may_come_back() {
    execute(|| {
        protect(&user(1), 1);
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        go_on(LEAVE_DELAY);
        assert_eq!(by_key(2, Call::require_pqc {}), Ok(()));
        assert_eq!(protection(&user(1)), Protection::PqcRequired);
        assert_refused(Error::NoLeavePending, || by_key(1, Call::keep_pqc {}));
    });
}

/// While the chain is halted nobody can call a leave off, so it does not come nearer either.
#[test]
fn a_leave_waits_while_the_clock_stands_still() {
    execute(|| {
        protect(&user(1), 1);
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        go_on(LEAVE_DELAY + 100);
        pause(101);
        assert!(KeyLedger::requires_pqc(&user(1)));
        go_on(1);
        assert!(!KeyLedger::requires_pqc(&user(1)));
    });
}

#[test]
fn a_leave_is_called_off_by_any_manage_key() {
    execute(|| {
        protect(&user(1), 1);
        assert_refused(Error::NoLeavePending, || by_key(2, Call::keep_pqc {}));
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        go_on(10);
        ledger_events();
        assert_eq!(by_key(2, Call::keep_pqc {}), Ok(()));
        assert_eq!(protection(&user(1)), Protection::PqcRequired);
        assert_eq!(last_changes(), [Change::PqcKept]);
        let event = Event::PqcLeaveCalledOff { owner: user(1) };
        assert_eq!(ledger_events().first(), Some(&event));
        go_on(2 * LEAVE_DELAY);
        assert!(KeyLedger::requires_pqc(&user(1)));
    });
}

/// KEY-2: what a key had pending is rolled back with it.
#[test]
fn a_leave_falls_with_the_key_that_asked_for_it() {
    execute(|| {
        protect(&user(1), 1);
        register_by(1, 3, Capabilities::ALL);
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        let pending = protection(&user(1));

        // Whatever happens to another key, it stays pending.
        undone(|| {
            assert_eq!(by_key(2, Call::revoke { key: id(3) }), Ok(()));
            register_by(2, 6, Capabilities::ALL);
            assert_eq!(protection(&user(1)), pending);
        });
        let at = nonce(&user(1));
        let ends = [
            Call::revoke { key: id(1) },
            call(rotate_at(&user(1), at, 1, 9, Capabilities::ALL)),
            Call::set_capabilities {
                key: id(1),
                capabilities: Capabilities::ALL.without(Capabilities::MANAGE),
            },
            commit(vec![Operation::Revoke { key: id(3) }, Operation::Revoke { key: id(1) }]),
        ];
        for end in ends {
            undone(|| {
                assert_eq!(by_key(2, end), Ok(()));
                assert_eq!(protection(&user(1)), Protection::PqcRequired);
                assert_eq!(last_changes().last(), Some(&Change::PqcKept));
                go_on(2 * LEAVE_DELAY);
                assert!(KeyLedger::requires_pqc(&user(1)));
                assert_lawful();
            });
        }
        // Narrowed in anything but MANAGE, it may still ask.
        let narrowed = Call::set_capabilities {
            key: id(1),
            capabilities: Capabilities::MANAGE,
        };
        assert_eq!(by_key(2, narrowed), Ok(()));
        assert_eq!(protection(&user(1)), pending);
    });
}

/// Pair `by` registers pair `n` for its own account.
fn register_by(by: u16, n: u16, capabilities: Capabilities) {
    let owner = crate::Keys::<Test>::get(id(by)).expect("a key").owner;
    let operation = register_at(&owner, nonce(&owner), n, capabilities);
    assert_eq!(by_key(by, call(operation)), Ok(()));
}

/// In one transaction: the key ends, and then asks. It would leave something pending of a key that is gone.
#[test]
fn a_key_that_ended_in_its_own_transaction_asks_for_no_leave() {
    execute(|| {
        protect(&user(1), 1);
        KeyLedger::begin(&user(1), &id(1));
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        assert_refused(Error::KeyEnded, || classical(&user(1), Call::leave_pqc {}));
        KeyLedger::end();
    });
}

/// What the economy asks before anything leaves an account.
#[test]
fn a_debit_passes_inside_a_transaction_of_the_accounts_own_key_only() {
    execute(|| {
        let debits = || [1, 2, 3].map(|n| KeyLedger::may_debit(&user(n)));
        register(&user(2), 8, Capabilities::ALL);
        assert_eq!(debits(), [true, true, true]);
        protect(&user(1), 1);
        assert_eq!(debits(), [false, true, true]);
        KeyLedger::begin(&user(2), &id(8));
        assert_eq!(debits(), [false, true, true], "another account's key is of no use");
        KeyLedger::end();
        KeyLedger::begin(&user(1), &id(1));
        assert_eq!(debits(), [true, true, true]);
        assert_eq!(classical(&user(1), Call::leave_pqc {}), Ok(()));
        KeyLedger::end();
        assert_eq!(debits(), [false, true, true]);
        go_on(LEAVE_DELAY);
        assert_eq!(debits(), [true, true, true]);
    });
}
