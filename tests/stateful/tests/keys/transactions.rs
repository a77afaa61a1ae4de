//! What a key's signature moves, and what it does not.

use super::*;
use crate::support::{
    chain::Chain,
    keys::{id, key, pay, rotate},
    people::signer_account,
    transaction::{after_authorizer, general_v1, nonce, payload_v1, sign_by_key, sign_following},
};
use frame_support::traits::fungible::Inspect;
use qc_pqc::{KeyId, Purpose, Signature};
use qc_runtime::{
    extensions::AuthorizeByKey,
    signatures::{checks_of, SignatureCheck},
    AccountId, Balances, KeyLedger, Runtime, RuntimeCall,
};
use qc_traits::KeyInspect;
use sp_keyring::Sr25519Keyring::{Alice, Bob};

fn alice() -> AccountId {
    signer_account(0)
}

fn revoke(key: &SecretKey) -> RuntimeCall {
    pallet_key_ledger::Call::<Runtime>::revoke { key: id(key) }.into()
}

#[test]
fn a_key_moves_what_its_owner_has_and_the_owner_pays() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::TRANSFER));
    chain.block(|| {
        let (had, other) = (Balances::balance(&alice()), Balances::balance(&signer_account(1)));
        let sent = nonce(&alice());
        assert_done(&sign_by_key(&alice(), &key(1), pay(1)));
        assert_eq!(Balances::balance(&signer_account(1)), other + qc_runtime::FLX);
        assert!(
            Balances::balance(&alice()) < had - qc_runtime::FLX,
            "the fee is paid too"
        );
        assert_eq!(nonce(&alice()), sent + 1);
        let record = KeyLedger::key_view(id(&key(1))).expect("it is there").record;
        assert_eq!((record.uses, record.last_used), (1, Some(2)));
        assert_eq!(
            KeyLedger::authorised(),
            None,
            "nobody is authorised between two transactions"
        );
        // The classical signature works as before, with the same nonces.
        assert_done(&sign(Alice, pay(1), Era::Immortal, 0));
    });
}

#[test]
fn a_transaction_that_fails_ends_the_authorisation_too() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::TRANSFER));
    chain.block(|| {
        let too_much = pallet_balances::Call::<Runtime>::transfer_keep_alive {
            dest: signer_account(1).into(),
            value: u128::MAX,
        };
        let applied = apply(&sign_by_key(&alice(), &key(1), too_much.into()));
        assert!(matches!(applied, Ok(Err(_))), "{applied:?}");
        assert_eq!(KeyLedger::authorised(), None);
    });
}

#[test]
fn a_key_that_is_unknown_foreign_or_weak_moves_nothing() {
    let mut chain = Chain::new("development");
    chain.block(|| {
        register_classically(Alice, &key(1), Capabilities::GOVERN);
        register_classically(Bob, &key(2), Capabilities::TRANSFER);
    });
    chain.block(|| {
        assert_refused(&sign_by_key(&alice(), &key(9), pay(1)), KEY_UNKNOWN);
        assert_refused(&sign_by_key(&alice(), &key(1), pay(1)), CAPABILITY_MISSING);
        // Bob's key acts for Bob, whoever's nonce is in it.
        let had = Balances::balance(&alice());
        assert_done(&sign_by_key(&signer_account(1), &key(2), pay(2)));
        assert_eq!(Balances::balance(&alice()), had);
        // Bob's signature under the id of Alice's key.
        register_classically(Alice, &key(3), Capabilities::TRANSFER);
        let following = after_authorizer(nonce(&alice()), Era::Immortal, 0);
        let payload = payload_v1(&pay(1), &following);
        let genesis = crate::support::transaction::genesis();
        let signature = key(2).sign(Purpose::Transaction, &genesis, &payload).expect("signed");
        let forged = AuthorizeByKey {
            key: id(&key(3)),
            signature,
        };
        assert_refused(&general_v1(pay(1), (forged, following)), InvalidTransaction::BadProof);
    });
}

/// The signature is right, but for something else.
#[test]
fn a_signature_holds_for_what_was_signed_alone() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL));
    chain.block(|| {
        let following = after_authorizer(nonce(&alice()), Era::Immortal, 0);
        let payload = payload_v1(&pay(1), &following);
        let genesis = crate::support::transaction::genesis();
        let with = |purpose, genesis: &[u8; 32], payload: &[u8]| AuthorizeByKey {
            key: id(&key(1)),
            signature: key(1).sign(purpose, genesis, payload).expect("a key can sign"),
        };
        let sound = with(Purpose::Transaction, &genesis, &payload);
        // Another call, tip or nonce.
        assert_refused(
            &general_v1(pay(2), (sound.clone(), following.clone())),
            InvalidTransaction::BadProof,
        );
        let tipped = after_authorizer(nonce(&alice()), Era::Immortal, 1);
        assert_refused(
            &general_v1(pay(1), (sound.clone(), tipped)),
            InvalidTransaction::BadProof,
        );
        let later = after_authorizer(nonce(&alice()) + 1, Era::Immortal, 0);
        assert_refused(
            &general_v1(pay(1), (sound.clone(), later)),
            InvalidTransaction::BadProof,
        );
        // Another purpose, chain or message.
        for forged in [
            with(Purpose::Possession, &genesis, &payload),
            with(Purpose::Rotation, &genesis, &payload),
            with(Purpose::Transaction, &[7; 32], &payload),
            with(Purpose::Transaction, &genesis, &[]),
        ] {
            assert_refused(
                &general_v1(pay(1), (forged, following.clone())),
                InvalidTransaction::BadProof,
            );
        }
        // One bit.
        let Signature::MlDsa87(bytes) = &sound.signature;
        for at in [0, 63, 64, 2_000, 4_543, 4_626] {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            let forged = AuthorizeByKey {
                key: sound.key,
                signature: Signature::MlDsa87(bytes),
            };
            assert_refused(
                &general_v1(pay(1), (forged, following.clone())),
                InvalidTransaction::BadProof,
            );
        }
        assert_done(&general_v1(pay(1), (sound.clone(), following.clone())));
        assert_refused(&general_v1(pay(1), (sound, following)), InvalidTransaction::Stale);
    });
}

/// KEY-2, in both orders within one block.
#[test]
fn a_revoked_key_authorises_nothing_from_the_next_transaction_on() {
    let mut chain = Chain::new("development");
    chain.block(|| {
        register_classically(Alice, &key(1), Capabilities::ALL);
        register_classically(Alice, &key(2), Capabilities::ALL);
    });
    chain.block(|| {
        assert_done(&sign_by_key(&alice(), &key(1), pay(1)));
        // Waiting in the pool while the key is revoked.
        let waiting = sign_following(&key(1), pay(1), after_authorizer(nonce(&alice()) + 1, Era::Immortal, 0));
        assert!(validate(&waiting).is_ok());
        assert_done(&sign_by_key(&alice(), &key(2), revoke(&key(1))));
        assert_refused(&waiting, KEY_ENDED);
        assert_refused(&sign_by_key(&alice(), &key(1), pay(1)), KEY_ENDED);
        // A key may revoke itself, once.
        assert_done(&sign_by_key(&alice(), &key(2), revoke(&key(2))));
        assert_refused(&sign_by_key(&alice(), &key(2), pay(1)), KEY_ENDED);
        // Its id is taken for ever.
        let again = sign(Alice, register(&alice(), &key(1), Capabilities::ALL), Era::Immortal, 0);
        assert!(matches!(apply(&again), Ok(Err(_))));
    });
}

#[test]
fn of_two_rotations_of_one_key_the_first_wins() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL));
    chain.block(|| {
        let (first, second) = (rotate(&alice(), &key(1), &key(2)), rotate(&alice(), &key(1), &key(3)));
        assert_done(&sign_by_key(&alice(), &key(1), first));
        assert_refused(&sign_by_key(&alice(), &key(1), second.clone()), KEY_ENDED);
        let applied = apply(&sign_by_key(&alice(), &key(2), second));
        assert!(matches!(applied, Ok(Err(_))), "{applied:?}");
        assert_done(&sign_by_key(&alice(), &key(2), pay(1)));
        assert_refused(&sign_by_key(&alice(), &key(3), pay(1)), KEY_UNKNOWN);
    });
}

fn is_good(check: &SignatureCheck) -> bool {
    let genesis = crate::support::transaction::genesis();
    qc_pqc::verify(&check.key, check.purpose, &genesis, &check.payload, &check.signature)
}

/// What a node verifies ahead of a block is what the block verifies: the same key, message and signature.
#[test]
fn the_checks_made_ahead_are_those_of_the_transaction() {
    use codec::Encode;
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL));
    chain.block(|| {
        let sound = sign_by_key(&alice(), &key(1), pay(1));
        let checks = checks_of(&sound.encode());
        assert_eq!(checks.len(), 1, "it has one signature");
        assert_eq!(KeyId::of(&checks[0].key), id(&key(1)));
        assert_eq!(checks[0].purpose, Purpose::Transaction);
        assert!(is_good(&checks[0]));
        let unknown = sign_by_key(&alice(), &key(9), pay(1)).encode();
        let classical = sign(Alice, pay(1), Era::Immortal, 0).encode();
        for none in [&unknown[..], &classical, &[], &[0], &sound.encode()[1..]] {
            assert_eq!(checks_of(none), Vec::new());
        }
    });
}

/// The proofs that calls carry are found wherever they are: the payload must be the one that the ledger will make.
#[test]
fn the_proofs_in_calls_are_checked_ahead_too() {
    use codec::Encode;
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL));
    chain.block(|| {
        let batched = |calls| pallet_utility::Call::<Runtime>::batch_all { calls }.into();
        let rotation = rotate(&alice(), &key(1), &key(2));
        let by_key = checks_of(&sign_by_key(&alice(), &key(1), batched(vec![pay(1), rotation])).encode());
        let purposes: Vec<_> = by_key.iter().map(|check| check.purpose).collect();
        assert_eq!(purposes, [Purpose::Transaction, Purpose::Rotation, Purpose::Rotation]);
        assert!(by_key.iter().all(is_good));

        let bob = signer_account(1);
        let registration = crate::support::keys::register(&bob, &key(3), Capabilities::NONE);
        let classical = checks_of(&sign(Bob, batched(vec![registration.clone()]), Era::Immortal, 0).encode());
        assert_eq!(classical.len(), 1);
        assert!(classical.iter().all(is_good));
        // In a transaction of somebody else it proves nothing.
        let stolen = checks_of(&sign(Alice, registration, Era::Immortal, 0).encode());
        assert_eq!(stolen.len(), 1);
        assert!(!is_good(&stolen[0]));
    });
}
