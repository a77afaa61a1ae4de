//! A key takes another one's place if both say so, once, and the old one is done with.

use crate::{
    mock::*,
    types::{Change, KeyStatus, Operation},
    AuthoriseError, Error, Event, Keys, PublicKeys,
};
use qc_pqc::{Purpose, Scheme};
use qc_traits::rotation_payload;
use qc_types::Capabilities;

const BOTH: Capabilities = Capabilities::TRANSFER.union(Capabilities::MANAGE);

#[test]
fn the_new_key_stands_where_the_old_one_stood() {
    execute(|| {
        register(&user(1), 1, BOTH);
        register(&user(1), 2, Capabilities::SEAL);
        System::set_block_number(9);
        ledger_events();
        let operation = rotate_at(&user(1), 2, 1, 3, BOTH);
        assert_eq!(classical(&user(1), call(operation)), Ok(()));

        let old = Keys::<Test>::get(id(1)).expect("it stays");
        assert_eq!(old.status, KeyStatus::RotatedOut { to: id(3) });
        assert_eq!((old.since, old.ended, old.deposit), (1, Some(9), 0));
        assert_eq!(PublicKeys::<Test>::get(id(1)), None);
        let new = Keys::<Test>::get(id(3)).expect("it is there");
        assert_eq!((new.status, new.capabilities), (KeyStatus::Active, BOTH));
        assert_eq!((new.since, new.ended, new.uses), (9, None, 0));
        assert_eq!(PublicKeys::<Test>::get(id(3)), Some(public(3)));
        let view = KeyLedger::owner_view(&user(1));
        assert_eq!(view.keys.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(3), id(2)]);
        assert_eq!(view.nonce, 3);
        let change = Change::Rotated {
            from: id(1),
            to: id(3),
            scheme: Scheme::MlDsa87,
        };
        assert_eq!(last_changes(), [change]);
        let rotated = Event::KeyRotated {
            owner: user(1),
            from: id(1),
            to: id(3),
        };
        assert_eq!(ledger_events().first(), Some(&rotated));
    });
}

/// The signed bytes, put together by hand: what clients in other languages rely on.
#[test]
fn both_sign_owner_nonce_old_id_scheme_key_and_capabilities() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let mut payload = [1; 32].to_vec();
        payload.extend([1, 0, 0, 0]);
        payload.extend(id(1).0);
        payload.push(0);
        payload.extend(public(2).as_bytes());
        payload.push(BOTH.bits());
        let operation = Operation::Rotate {
            from: id(1),
            public_key: public(2),
            by_old: sign(1, Purpose::Rotation, &[0xc4; 32], &payload),
            by_new: sign(2, Purpose::Rotation, &[0xc4; 32], &payload),
        };
        assert_eq!(classical(&user(1), call(operation)), Ok(()));
    });
}

#[test]
fn each_signature_must_be_the_right_keys_over_the_right_thing() {
    execute(|| {
        register(&user(1), 1, BOTH);
        register(&user(2), 2, BOTH);
        let genesis = genesis_hash();
        let payload = |owner: u8, nonce, from, to, capabilities| {
            rotation_payload(&user(owner), nonce, &id(from), &public(to), capabilities)
        };
        let right = payload(1, 1, 1, 5, BOTH);
        let wrong = |by: u16| {
            let rotation = Purpose::Rotation;
            [
                sign(9, rotation, &genesis, &right),
                sign(by, Purpose::Possession, &genesis, &right),
                sign(by, Purpose::Transaction, &genesis, &right),
                sign(by, rotation, &[7; 32], &right),
                sign(by, rotation, &genesis, &payload(2, 1, 1, 5, BOTH)),
                sign(by, rotation, &genesis, &payload(1, 2, 1, 5, BOTH)),
                sign(by, rotation, &genesis, &payload(1, 1, 2, 5, BOTH)),
                sign(by, rotation, &genesis, &payload(1, 1, 1, 6, BOTH)),
                sign(by, rotation, &genesis, &payload(1, 1, 1, 5, Capabilities::ALL)),
            ]
        };
        let (by_old, by_new) = (
            sign(1, Purpose::Rotation, &genesis, &right),
            sign(5, Purpose::Rotation, &genesis, &right),
        );
        let attempt = |by_old, by_new| {
            let operation = Operation::Rotate {
                from: id(1),
                public_key: public(5),
                by_old,
                by_new,
            };
            classical(&user(1), call(operation))
        };
        for signature in wrong(1) {
            assert_refused(Error::RotationUnsignedByOld, || attempt(signature, by_new.clone()));
        }
        for signature in wrong(5) {
            assert_refused(Error::RotationUnsignedByNew, || attempt(by_old.clone(), signature));
        }
        assert_refused(Error::RotationUnsignedByOld, || attempt(by_new.clone(), by_old.clone()));
        assert_eq!(attempt(by_old, by_new), Ok(()));
    });
}

#[test]
fn only_an_active_key_of_the_sender_gives_way_and_only_to_a_new_one() {
    execute(|| {
        register(&user(1), 1, BOTH);
        register(&user(1), 2, BOTH);
        register(&user(2), 3, BOTH);
        let attempt = |from, to| {
            let operation = rotate_at(&user(1), nonce(&user(1)), from, to, BOTH);
            classical(&user(1), call(operation))
        };
        assert_refused(Error::KeyUnknown, || attempt(7, 8));
        assert_refused(Error::KeyForeign, || attempt(3, 8));
        for taken in [1, 2, 3] {
            assert_refused(Error::KeyExists, || attempt(1, taken));
        }
        assert_eq!(attempt(1, 4), Ok(()));
        assert_refused(Error::KeyEnded, || attempt(1, 8));
        assert_refused(Error::KeyExists, || attempt(4, 1));
        assert_eq!(classical(&user(1), crate::Call::revoke { key: id(2) }), Ok(()));
        assert_refused(Error::KeyEnded, || attempt(2, 8));
    });
}

/// Two rotations of one key were signed at the same nonce: whichever comes first counts, the other one is refused.
#[test]
fn of_two_that_race_one_wins() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let to_2 = rotate_at(&user(1), 1, 1, 2, BOTH);
        let to_3 = rotate_at(&user(1), 1, 1, 3, BOTH);
        for (first, second) in [(to_2.clone(), to_3.clone()), (to_3, to_2)] {
            undone(|| {
                assert_eq!(classical(&user(1), call(first.clone())), Ok(()));
                assert_refused(Error::KeyEnded, || classical(&user(1), call(second)));
                assert_refused(Error::KeyEnded, || classical(&user(1), call(first)));
                assert_eq!(KeyLedger::owner_view(&user(1)).keys.len(), 1);
                assert_lawful();
            });
        }
    });
}

/// Anything that happened to the account's keys since a rotation was signed makes it void.
#[test]
fn one_that_was_overtaken_is_void() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let signed = rotate_at(&user(1), 1, 1, 2, BOTH);
        register(&user(1), 3, BOTH);
        assert_refused(Error::RotationUnsignedByOld, || classical(&user(1), call(signed)));
        let signed = rotate_at(&user(1), 2, 1, 2, BOTH);
        let narrowed = crate::Call::set_capabilities {
            key: id(1),
            capabilities: Capabilities::TRANSFER,
        };
        assert_eq!(classical(&user(1), narrowed), Ok(()));
        assert_refused(Error::RotationUnsignedByOld, || classical(&user(1), call(signed)));
    });
}

#[test]
fn an_account_with_every_place_taken_can_rotate() {
    execute(|| {
        (0..16).for_each(|n| register(&user(1), n, BOTH));
        let operation = rotate_at(&user(1), 16, 5, 100, BOTH);
        assert_eq!(classical(&user(1), call(operation)), Ok(()));
        assert_eq!(KeyLedger::owner_view(&user(1)).keys.len(), 16);
    });
}

/// KEY-2, in the same block and in both orders.
#[test]
fn the_old_key_authorises_nothing_once_it_is_rotated_out() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let use_key = |n| {
            let signature = sign(n, Purpose::Transaction, &genesis_hash(), b"payload");
            KeyLedger::authorise(&id(n), Capabilities::TRANSFER, b"payload", &signature)
        };
        assert_eq!(use_key(1), Ok(user(1)));
        assert_eq!(use_key(2), Err(AuthoriseError::KeyUnknown));
        let operation = rotate_at(&user(1), 1, 1, 2, BOTH);
        assert_eq!(by_key(1, call(operation)), Ok(()));
        assert_eq!(use_key(1), Err(AuthoriseError::KeyRotatedOut));
        assert_eq!(use_key(2), Ok(user(1)));
    });
}
