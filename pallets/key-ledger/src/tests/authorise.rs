//! What the transaction extension asks: whose a signature is, and what that is good for.

use crate::{mock::*, AuthoriseError, Authorised, Call, Keys};
use frame_support::{traits::Hooks, weights::Weight};
use qc_pqc::{KeyId, Purpose, Signature};
use qc_traits::{KeyInfo, KeyInspect};
use qc_types::Capabilities;

const PAYLOAD: &[u8] = b"everything that follows the extension";

fn signature(n: u16) -> Signature {
    sign(n, Purpose::Transaction, &genesis_hash(), PAYLOAD)
}

#[test]
fn a_signature_of_an_active_key_acts_for_its_owner() {
    execute(|| {
        register(&user(1), 1, Capabilities::TRANSFER);
        let transfer = Capabilities::TRANSFER;
        let authorise = |required| KeyLedger::authorise(&id(1), required, PAYLOAD, &signature(1));
        assert_eq!(authorise(transfer), Ok(user(1)));
        assert_eq!(authorise(Capabilities::NONE), Ok(user(1)));
        assert!(!Authorised::<Test>::exists(), "asking changes nothing");
        assert_eq!(Keys::<Test>::get(id(1)).map(|record| record.uses), Some(0));
    });
}

#[test]
fn a_signature_over_anything_else_acts_for_nobody() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        register(&user(2), 2, Capabilities::ALL);
        let genesis = genesis_hash();
        let transaction = Purpose::Transaction;
        let mut touched = signature(1).as_bytes().to_vec();
        touched[63] ^= 1;
        let wrong = [
            sign(2, transaction, &genesis, PAYLOAD),
            sign(1, transaction, &[0; 32], PAYLOAD),
            sign(1, transaction, &genesis, &PAYLOAD[1..]),
            sign(1, transaction, &genesis, b""),
            sign(1, Purpose::Possession, &genesis, PAYLOAD),
            sign(1, Purpose::Rotation, &genesis, PAYLOAD),
            sign(1, Purpose::Report, &genesis, PAYLOAD),
            sign(1, Purpose::Seal, &genesis, PAYLOAD),
            Signature::ml_dsa_87(&touched).expect("its length is right"),
        ];
        for signature in wrong {
            let refused = KeyLedger::authorise(&id(1), Capabilities::NONE, PAYLOAD, &signature);
            assert_eq!(refused, Err(AuthoriseError::SignatureWrong));
        }
        // The same bytes were good on a chain whose genesis they were made for.
        let elsewhere = signature(1);
        undone(|| {
            frame_system::BlockHash::<Test>::insert(0, sp_core::H256([0xc5; 32]));
            let refused = KeyLedger::authorise(&id(1), Capabilities::NONE, PAYLOAD, &elsewhere);
            assert_eq!(refused, Err(AuthoriseError::SignatureWrong));
        });
    });
}

/// What is cheap comes first: with a signature that is wrong in any case, the cheap fault is the one that is named, so the
/// signature was not looked at.
#[test]
fn nothing_is_verified_that_the_record_refuses() {
    execute(|| {
        let wrong = signature(9);
        let authorise = |key: KeyId, required| KeyLedger::authorise(&key, required, PAYLOAD, &wrong);
        let manage = Capabilities::MANAGE;
        assert_eq!(authorise(id(1), manage), Err(AuthoriseError::KeyUnknown));
        for n in [1, 2, 3] {
            register(&user(1), n, Capabilities::TRANSFER);
        }
        assert_eq!(authorise(id(1), manage), Err(AuthoriseError::CapabilityMissing));
        assert_eq!(
            authorise(id(1), Capabilities::TRANSFER),
            Err(AuthoriseError::SignatureWrong)
        );
        let rotation = rotate_at(&user(1), 3, 2, 4, Capabilities::TRANSFER);
        assert_eq!(classical(&user(1), call(rotation)), Ok(()));
        assert_eq!(authorise(id(2), manage), Err(AuthoriseError::KeyRotatedOut));
        assert_eq!(classical(&user(1), Call::revoke { key: id(3) }), Ok(()));
        assert_eq!(authorise(id(3), manage), Err(AuthoriseError::KeyRevoked));
    });
}

#[test]
fn a_transaction_counts_as_a_use_and_ends() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        for (block, uses) in [(4, 1), (4, 2), (9, 3)] {
            System::set_block_number(block);
            KeyLedger::begin(&user(1), &id(1));
            assert_eq!(KeyLedger::authorised(), Some((user(1), id(1))));
            KeyLedger::end();
            assert_eq!(KeyLedger::authorised(), None);
            let record = Keys::<Test>::get(id(1)).expect("it is there");
            assert_eq!((record.uses, record.last_used), (uses, Some(block)));
        }
    });
}

/// A transaction that panics, or an extension that forgets: nobody is authorised in the next block, nor in this one's hooks.
#[test]
fn nothing_is_left_for_the_next_block() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        KeyLedger::begin(&user(1), &id(1));
        KeyLedger::on_finalize(1);
        assert_eq!(KeyLedger::authorised(), None);
        KeyLedger::begin(&user(1), &id(1));
        assert_ne!(KeyLedger::on_initialize(2), Weight::zero());
        assert_eq!(KeyLedger::authorised(), None);
    });
}

#[test]
fn others_see_owner_capabilities_and_whether_it_is_active() {
    execute(|| {
        register(&user(1), 1, Capabilities::SEAL);
        let info = |active| KeyInfo {
            owner: user(1),
            capabilities: Capabilities::SEAL,
            active,
        };
        assert_eq!(<KeyLedger as KeyInspect<_>>::key(&id(1)), Some(info(true)));
        assert_eq!(KeyLedger::public_key(&id(1)), Some(public(1)));
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        assert_eq!(<KeyLedger as KeyInspect<_>>::key(&id(1)), Some(info(false)));
        assert_eq!(KeyLedger::public_key(&id(1)), None);
        assert_eq!(<KeyLedger as KeyInspect<_>>::key(&id(2)), None);
    });
}
