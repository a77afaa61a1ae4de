//! A revoked key is done with: at once, for ever, and for everything it had pending (KEY-2).

use crate::{
    mock::*,
    types::{Change, KeyStatus},
    AuthoriseError, Call, Error, Event, Keys, PublicKeys,
};
use frame_support::traits::{fungible::Mutate, tokens::Preservation::Preserve};
use qc_pqc::Purpose;
use qc_traits::KeyInspect;
use qc_types::Capabilities;

#[test]
fn it_leaves_the_record_and_takes_the_public_key_away() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        System::set_block_number(5);
        ledger_events();
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        let record = Keys::<Test>::get(id(1)).expect("it stays");
        assert_eq!((record.status, record.ended), (KeyStatus::Revoked, Some(5)));
        assert_eq!(
            record.capabilities,
            Capabilities::ALL,
            "what it could do stays on record"
        );
        assert_eq!(PublicKeys::<Test>::get(id(1)), None);
        assert!(KeyLedger::owner_view(&user(1)).keys.is_empty());
        assert_eq!(last_changes(), [Change::Revoked { key: id(1) }]);
        let revoked = Event::KeyRevoked {
            owner: user(1),
            key: id(1),
        };
        assert_eq!(ledger_events().first(), Some(&revoked));
    });
}

#[test]
fn only_an_active_key_of_the_sender_is_revoked() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        let revoke = |who: u8, n| classical(&user(who), Call::revoke { key: id(n) });
        assert_refused(Error::KeyUnknown, || revoke(1, 2));
        assert_refused(Error::KeyForeign, || revoke(2, 1));
        assert_eq!(revoke(1, 1), Ok(()));
        assert_refused(Error::KeyEnded, || revoke(1, 1));
    });
}

/// One block, both orders: used and then revoked, it counted; revoked and then used, it does not.
#[test]
fn use_and_revocation_in_one_block() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        register(&user(1), 2, Capabilities::ALL);
        let signature = sign(1, Purpose::Transaction, &genesis_hash(), b"one");
        let authorise = || KeyLedger::authorise(&id(1), Capabilities::MANAGE, b"one", &signature);
        let revoke = || by_key(2, Call::revoke { key: id(1) });
        undone(|| {
            assert_eq!(authorise(), Ok(user(1)));
            assert_eq!(by_key(1, Call::revoke { key: id(2) }), Ok(()));
            assert_lawful();
        });
        assert_eq!(revoke(), Ok(()));
        assert_eq!(authorise(), Err(AuthoriseError::KeyRevoked));
    });
}

/// Within the transaction that it authorised, a key that revokes itself still counts; from the next one on it does not.
#[test]
fn a_key_that_revokes_itself_ends_with_its_transaction() {
    execute(|| {
        protect(&user(1), 1);
        KeyLedger::begin(&user(1), &id(1));
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        register(&user(1), 5, Capabilities::ALL);
        assert_eq!(KeyLedger::authorised(), Some((user(1), id(1))));
        KeyLedger::end();
        let signature = sign(1, Purpose::Transaction, &genesis_hash(), b"");
        assert_eq!(
            KeyLedger::authorise(&id(1), Capabilities::NONE, b"", &signature),
            Err(AuthoriseError::KeyRevoked)
        );
    });
}

/// What revoking frees is always more than what its entry takes: nobody is too poor to give up a stolen key.
#[test]
fn it_needs_no_money() {
    execute(|| {
        protect(&user(1), 1);
        KeyLedger::begin(&user(1), &id(1));
        assert_eq!(classical(&user(1), Call::leave_pqc {}), Ok(()));
        KeyLedger::end();
        let all = Balances::free_balance(user(1)) - ED;
        Balances::transfer(&user(1), &user(2), all, Preserve).expect("the thief took all there was");
        let before = held(&user(1));
        // Two changes: the revocation, and the leave that it calls off.
        assert_eq!(by_key(2, Call::revoke { key: id(1) }), Ok(()));
        assert_eq!(last_changes(), [Change::Revoked { key: id(1) }, Change::PqcKept]);
        assert_eq!(held(&user(1)), before - KEY_DEPOSIT + 2 * ENTRY_DEPOSIT);
    });
}
