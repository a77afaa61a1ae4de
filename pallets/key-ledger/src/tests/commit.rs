//! A commit is one entry: all of it or nothing.

use crate::{
    mock::*,
    types::{Change, Operation, CHANGES_MAX, OPERATIONS_MAX},
    Call, Error, Event, Keys,
};
use qc_types::Capabilities;

const SOME: Capabilities = Capabilities::TRANSFER;

fn revoke(n: u16) -> Operation {
    Operation::Revoke { key: id(n) }
}

#[test]
fn its_operations_happen_in_order_each_at_the_next_nonce() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        ledger_events();
        let capabilities = Capabilities::GOVERN;
        let operations = vec![
            register_at(&user(1), 1, 2, SOME),
            rotate_at(&user(1), 2, 2, 3, SOME),
            Operation::SetCapabilities {
                key: id(3),
                capabilities,
            },
            revoke(1),
            register_at(&user(1), 5, 4, SOME),
        ];
        assert_eq!(classical(&user(1), commit(operations)), Ok(()));
        assert_eq!(KeyLedger::head().count, 2, "one entry for all of it");
        let changes = last_changes();
        assert!(matches!(
            changes[..],
            [
                Change::Registered { .. },
                Change::Rotated { .. },
                Change::CapabilitiesSet { .. },
                Change::Revoked { .. },
                Change::Registered { .. },
            ]
        ));
        let view = KeyLedger::owner_view(&user(1));
        assert_eq!(view.nonce, 6);
        assert_eq!(view.keys.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(3), id(4)]);
        let events = ledger_events();
        assert_eq!(events.len(), 6, "one for each change and one for the entry: {events:?}");
        assert!(matches!(events[5], Event::EntryAppended { index: 1, .. }));
    });
}

/// Whichever operation fails, nothing of the others is left: no key, no nonce, no deposit, no entry, no event.
#[test]
fn one_that_fails_takes_the_rest_with_it() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        let good = |at: u32| register_at(&user(1), 1 + at, 10 + u16::try_from(at).expect("few"), SOME);
        for fault in 0..4u32 {
            let mut operations: Vec<_> = (0..4).map(good).collect();
            let place = usize::try_from(fault).expect("few");
            // Signed at the nonce that its place in the commit does not have.
            operations[place] = register_at(&user(1), 2 + fault, 20, SOME);
            assert_refused(Error::PossessionUnproven, || classical(&user(1), commit(operations)));
            assert!(!Keys::<Test>::contains_key(id(10)));
        }
        assert_eq!(classical(&user(1), commit((0..4).map(good).collect())), Ok(()));
    });
}

/// Keys exchanged all at once: between the operations there is nobody who could act.
#[test]
fn a_protected_account_may_exchange_its_last_manage_key_in_one() {
    execute(|| {
        protect(&user(1), 1);
        assert_eq!(by_key(1, Call::revoke { key: id(2) }), Ok(()));
        let replaced = vec![
            revoke(1),
            register_at(&user(1), nonce(&user(1)) + 1, 3, Capabilities::MANAGE),
        ];
        undone(|| assert_eq!(by_key(1, commit(replaced.clone())), Ok(())));
        let weaker = register_at(&user(1), nonce(&user(1)) + 1, 3, Capabilities::TRANSFER);
        assert_refused(Error::LastManageKey, || by_key(1, commit(vec![revoke(1), weaker])));
    });
}

#[test]
fn one_operation_is_no_commit() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        assert_refused(Error::TooFewOperations, || classical(&user(1), commit(vec![])));
        assert_refused(Error::TooFewOperations, || classical(&user(1), commit(vec![revoke(1)])));
    });
}

/// The longest entry there can be: eight operations, and the leave that they call off.
#[test]
fn the_longest_fits() {
    execute(|| {
        protect(&user(1), 1);
        (3..=9).for_each(|n| {
            let operation = register_at(&user(1), nonce(&user(1)), n, SOME);
            assert_eq!(by_key(2, call(operation)), Ok(()));
        });
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        let operations: Vec<_> = [1, 3, 4, 5, 6, 7, 8, 9].map(revoke).to_vec();
        assert_eq!(operations.len(), usize::try_from(OPERATIONS_MAX).expect("few"));
        assert_eq!(by_key(2, commit(operations)), Ok(()));
        let changes = last_changes();
        assert_eq!(changes.len(), usize::try_from(CHANGES_MAX).expect("few"));
        assert_eq!(changes.last(), Some(&Change::PqcKept));
    });
}

/// More than eight do not even decode.
#[test]
fn nine_operations_are_no_call() {
    use codec::{Decode, Encode};
    let nine: Vec<Operation> = (1..=9).map(revoke).collect();
    let eight = nine[..8].to_vec();
    let mut bytes = RuntimeCall::from(commit(eight)).encode();
    assert!(RuntimeCall::decode(&mut &bytes[..]).is_ok());
    bytes.truncate(2);
    nine.encode_to(&mut bytes);
    assert!(RuntimeCall::decode(&mut &bytes[..]).is_err());
}

#[test]
fn every_call_is_charged_its_own_weight() {
    use frame_support::{dispatch::GetDispatchInfo, weights::Weight};
    let charged = |call: Call<Test>| call.get_dispatch_info().call_weight;
    execute(|| {
        let operation = register_at(&user(1), 0, 1, SOME);
        let rotation = rotate_at(&user(1), 0, 1, 2, SOME);
        let (key, capabilities) = (id(1), SOME);
        let weights = [
            (call(operation.clone()), 11),
            (call(rotation.clone()), 13),
            (Call::set_capabilities { key, capabilities }, 17),
            (Call::revoke { key }, 19),
            (commit(vec![operation, rotation, revoke(1)]), 300),
            (Call::require_pqc {}, 23),
            (Call::leave_pqc {}, 29),
            (Call::keep_pqc {}, 31),
        ];
        for (call, time) in weights {
            assert_eq!(charged(call), Weight::from_parts(time, 0));
        }
    });
}
