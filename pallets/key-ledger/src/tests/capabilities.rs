//! What a key may be used for, who sets it, and that nobody gets more by it.

use crate::{mock::*, types::Change, AuthoriseError, Call, Error, Event};
use qc_pqc::{KeyId, Purpose};
use qc_types::Capabilities;

fn set(key: KeyId, capabilities: Capabilities) -> Call<Test> {
    Call::set_capabilities { key, capabilities }
}

#[test]
fn they_are_set_and_count_from_the_next_transaction_on() {
    execute(|| {
        register(&user(1), 1, Capabilities::TRANSFER);
        let may = |capability| {
            let signature = sign(1, Purpose::Transaction, &genesis_hash(), b"payload");
            KeyLedger::authorise(&id(1), capability, b"payload", &signature)
        };
        assert_eq!(may(Capabilities::TRANSFER), Ok(user(1)));
        assert_eq!(may(Capabilities::GOVERN), Err(AuthoriseError::CapabilityMissing));
        ledger_events();
        assert_eq!(classical(&user(1), set(id(1), Capabilities::GOVERN)), Ok(()));
        assert_eq!(may(Capabilities::TRANSFER), Err(AuthoriseError::CapabilityMissing));
        assert_eq!(may(Capabilities::GOVERN), Ok(user(1)));
        let both = Capabilities::GOVERN.union(Capabilities::TRANSFER);
        assert_eq!(may(both), Err(AuthoriseError::CapabilityMissing), "a union takes both");

        let (key, capabilities) = (id(1), Capabilities::GOVERN);
        assert_eq!(last_changes(), [Change::CapabilitiesSet { key, capabilities }]);
        let owner = user(1);
        let event = Event::CapabilitiesSet {
            owner,
            key,
            capabilities,
        };
        assert_eq!(ledger_events().first(), Some(&event));
    });
}

#[test]
fn a_key_without_any_is_kept_and_authorises_nothing() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        assert_eq!(classical(&user(1), set(id(1), Capabilities::NONE)), Ok(()));
        let signature = sign(1, Purpose::Transaction, &genesis_hash(), b"");
        for bit in 0..7 {
            let one = Capabilities::from_bits(1 << bit).expect("a capability");
            let refused = KeyLedger::authorise(&id(1), one, b"", &signature);
            assert_eq!(refused, Err(AuthoriseError::CapabilityMissing));
        }
    });
}

#[test]
fn they_are_set_only_on_active_keys_of_the_sender_and_only_to_something_else() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        register(&user(2), 2, Capabilities::ALL);
        assert_refused(Error::CapabilitiesUnchanged, || {
            classical(&user(1), set(id(1), Capabilities::ALL))
        });
        assert_refused(Error::KeyUnknown, || classical(&user(1), set(id(9), Capabilities::ALL)));
        assert_refused(Error::KeyForeign, || {
            classical(&user(1), set(id(2), Capabilities::NONE))
        });
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        assert_refused(Error::KeyEnded, || classical(&user(1), set(id(1), Capabilities::NONE)));
    });
}

/// The runtime's map refuses such transactions before they get here; a hole in it would not be enough.
#[test]
fn a_key_without_manage_manages_nothing() {
    execute(|| {
        let all_but = Capabilities::ALL.without(Capabilities::MANAGE);
        register(&user(1), 1, all_but);
        register(&user(1), 2, Capabilities::MANAGE);
        let operation = register_at(&user(1), nonce(&user(1)), 3, Capabilities::ALL);
        let rotation = rotate_at(&user(1), nonce(&user(1)), 2, 3, Capabilities::MANAGE);
        let calls = [
            call(operation.clone()),
            call(rotation.clone()),
            set(id(1), Capabilities::ALL),
            Call::revoke { key: id(2) },
            commit(vec![operation, rotation]),
            Call::require_pqc {},
            Call::leave_pqc {},
            Call::keep_pqc {},
        ];
        for call in calls {
            assert_refused(Error::ManageMissing, || by_key(1, call));
        }
    });
}
