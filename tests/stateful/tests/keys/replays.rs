//! Proofs taken from the pool, and signatures used twice.

use super::*;
use crate::support::{
    chain::Chain,
    keys::{id, key},
    people::signer_account,
    transaction::sign_by_key,
};
use qc_runtime::{KeyLedger, Runtime};
use qc_traits::KeyInspect;
use sp_keyring::Sr25519Keyring::{Alice, Bob};

/// Bob sees Alice's registration wait, and sends it as his own, before her.
#[test]
fn a_proof_of_possession_is_of_no_use_to_a_thief() {
    Chain::new("development").block(|| {
        let alice = signer_account(0);
        let hers = register(&alice, &key(1), Capabilities::ALL);
        let stolen = apply(&sign(Bob, hers.clone(), Era::Immortal, 0));
        assert_eq!(
            stolen,
            Ok(Err(pallet_key_ledger::Error::<Runtime>::PossessionUnproven.into()))
        );
        assert_done(&sign(Alice, hers.clone(), Era::Immortal, 0));
        assert_eq!(KeyLedger::key(&id(&key(1))).map(|info| info.owner), Some(alice));
        // And once only, by Alice herself too.
        let again = apply(&sign(Alice, hers, Era::Immortal, 0));
        assert!(matches!(again, Ok(Err(_))), "{again:?}");
    });
}

/// The nonce of the ledger has moved on since the proof was made.
#[test]
fn a_proof_holds_for_one_place_in_the_ledger() {
    Chain::new("development").block(|| {
        let alice = signer_account(0);
        let late = register(&alice, &key(1), Capabilities::ALL);
        register_classically(Alice, &key(2), Capabilities::ALL);
        let applied = apply(&sign(Alice, late, Era::Immortal, 0));
        assert_eq!(
            applied,
            Ok(Err(pallet_key_ledger::Error::<Runtime>::PossessionUnproven.into()))
        );
    });
}

/// The same transaction on a chain of another genesis.
#[test]
fn a_transaction_holds_for_one_chain() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL));
    let alice = signer_account(0);
    let signed = chain.look(|| sign_by_key(&alice, &key(1), crate::support::keys::pay(1)));
    chain.block(|| {
        let genesis = frame_system::BlockHash::<Runtime>::get(0);
        frame_system::BlockHash::<Runtime>::insert(0, sp_core::H256([1; 32]));
        assert_refused(&signed, InvalidTransaction::BadProof);
        frame_system::BlockHash::<Runtime>::insert(0, genesis);
        assert_done(&signed);
    });
}
