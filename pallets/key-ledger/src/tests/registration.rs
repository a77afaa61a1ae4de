//! A key is registered by whoever has its secret key, for the account, at the nonce and on the chain that it signed, and never
//! twice.

use crate::{
    mock::*,
    types::{Change, KeyRecord, KeyStatus, Operation, OwnerRecord, Protection, KEYS_PER_OWNER_MAX},
    Error, Event, Keys, Owners, PublicKeys,
};
use qc_pqc::{Purpose, Scheme, Signature};
use qc_traits::possession_payload;
use qc_types::Capabilities;
use sp_runtime::{ArithmeticError, TokenError};

const BOTH: Capabilities = Capabilities::TRANSFER.union(Capabilities::MANAGE);

#[test]
fn it_is_written_down_with_its_owner_and_its_entry() {
    execute(|| {
        System::set_block_number(7);
        register(&user(1), 1, BOTH);

        let record = KeyRecord {
            owner: user(1),
            scheme: Scheme::MlDsa87,
            capabilities: BOTH,
            status: KeyStatus::Active,
            since: 7,
            ended: None,
            uses: 0,
            last_used: None,
            deposit: KEY_DEPOSIT,
        };
        assert_eq!(Keys::<Test>::get(id(1)), Some(record));
        assert_eq!(PublicKeys::<Test>::get(id(1)), Some(public(1)));
        let owner = OwnerRecord {
            nonce: 1,
            keys: vec![id(1)].try_into().expect("one key"),
            protection: Protection::Classical,
            deposit: RECORD_DEPOSIT + ENTRY_DEPOSIT,
        };
        assert_eq!(Owners::<Test>::get(user(1)), Some(owner));

        let entry = entries().pop().expect("an entry");
        let change = Change::Registered {
            key: id(1),
            scheme: Scheme::MlDsa87,
            capabilities: BOTH,
        };
        assert_eq!((entry.index, entry.previous, entry.block), (0, [0; 32], 7));
        assert_eq!((entry.owner, entry.changes.into_inner()), (user(1), vec![change]));
        let events = [
            Event::KeyRegistered {
                owner: user(1),
                key: id(1),
                capabilities: BOTH,
            },
            Event::EntryAppended {
                index: 0,
                hash: KeyLedger::head().hash,
            },
        ];
        assert_eq!(ledger_events(), events);
    });
}

/// The signed bytes, put together by hand: what clients in other languages rely on.
#[test]
fn the_proof_is_over_owner_nonce_scheme_key_and_capabilities() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let mut payload = [1; 32].to_vec();
        payload.extend([1, 0, 0, 0]);
        payload.push(0);
        payload.extend(public(2).as_bytes());
        payload.push(BOTH.bits());
        let proof = sign(2, Purpose::Possession, &[0xc4; 32], &payload);
        let operation = Operation::Register {
            public_key: public(2),
            capabilities: BOTH,
            proof,
        };
        assert_eq!(classical(&user(1), call(operation)), Ok(()));
    });
}

#[test]
fn a_proof_for_anything_else_is_none() {
    execute(|| {
        let signed = |owner: u8, nonce: u32, of: u16, capabilities, genesis: [u8; 32], purpose| {
            let payload = possession_payload(&user(owner), nonce, &public(of), capabilities);
            sign(1, purpose, &genesis, &payload)
        };
        let genesis = genesis_hash();
        let mut other_genesis = genesis;
        other_genesis[31] ^= 1;
        let possession = Purpose::Possession;
        let mut touched = signed(1, 0, 1, BOTH, genesis, possession).as_bytes().to_vec();
        touched[4_000] ^= 1;
        let proofs = [
            signed(2, 0, 1, BOTH, genesis, possession),
            signed(1, 1, 1, BOTH, genesis, possession),
            signed(1, 0, 2, BOTH, genesis, possession),
            signed(1, 0, 1, Capabilities::ALL, genesis, possession),
            signed(1, 0, 1, BOTH, other_genesis, possession),
            signed(1, 0, 1, BOTH, genesis, Purpose::Rotation),
            signed(1, 0, 1, BOTH, genesis, Purpose::Transaction),
            // By another key altogether.
            sign(
                2,
                possession,
                &genesis,
                &possession_payload(&user(1), 0, &public(1), BOTH),
            ),
            Signature::ml_dsa_87(&touched).expect("its length is right"),
            Signature::ml_dsa_87(&[0; 4_627]).expect("its length is right"),
        ];
        for proof in proofs {
            let operation = Operation::Register {
                public_key: public(1),
                capabilities: BOTH,
                proof,
            };
            assert_refused(Error::PossessionUnproven, || classical(&user(1), call(operation)));
        }
        register(&user(1), 1, BOTH);
    });
}

/// Somebody sees a registration in the pool and sends it as their own, or with more capabilities: it is refused, and the owner's
/// goes through all the same.
#[test]
fn a_proof_stolen_from_the_pool_is_of_no_use() {
    execute(|| {
        let seen = register_at(&user(1), 0, 1, BOTH);
        assert_refused(Error::PossessionUnproven, || classical(&user(2), call(seen.clone())));
        let Operation::Register { public_key, proof, .. } = seen.clone() else {
            panic!("it is a registration")
        };
        let more = Operation::Register {
            public_key,
            capabilities: Capabilities::ALL,
            proof,
        };
        assert_refused(Error::PossessionUnproven, || classical(&user(1), call(more)));
        assert_eq!(classical(&user(1), call(seen)), Ok(()));
    });
}

#[test]
fn no_id_is_used_twice() {
    execute(|| {
        register(&user(1), 1, BOTH);
        let again = |who: u8| {
            let operation = register_at(&user(who), nonce(&user(who)), 1, BOTH);
            assert_refused(Error::KeyExists, || classical(&user(who), call(operation)));
        };
        again(1);
        again(2);
        let rotate = rotate_at(&user(1), 1, 1, 2, BOTH);
        assert_eq!(classical(&user(1), call(rotate)), Ok(()));
        again(1);
        again(2);
        assert_eq!(classical(&user(1), crate::Call::revoke { key: id(2) }), Ok(()));
        let operation = register_at(&user(2), 0, 2, BOTH);
        assert_refused(Error::KeyExists, || classical(&user(2), call(operation)));
    });
}

/// The same registration again, as the pool or a peer may send it.
#[test]
fn it_cannot_be_replayed() {
    execute(|| {
        let operation = register_at(&user(1), 0, 1, BOTH);
        assert_eq!(classical(&user(1), call(operation.clone())), Ok(()));
        assert_refused(Error::KeyExists, || classical(&user(1), call(operation)));
    });
}

#[test]
fn an_account_has_at_most_sixteen_active_keys() {
    execute(|| {
        let max = u16::try_from(KEYS_PER_OWNER_MAX).expect("a few");
        (0..max).for_each(|n| register(&user(1), n, BOTH));
        let one_more = register_at(&user(1), nonce(&user(1)), max, BOTH);
        assert_refused(Error::TooManyKeys, || classical(&user(1), call(one_more)));
        // Keys that ended do not count.
        assert_eq!(classical(&user(1), crate::Call::revoke { key: id(3) }), Ok(()));
        register(&user(1), max, BOTH);
        assert_eq!(KeyLedger::owner_view(&user(1)).keys.len(), 16);
    });
}

#[test]
fn it_takes_a_signed_origin() {
    execute(|| {
        use frame_support::traits::UnfilteredDispatchable;
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call: RuntimeCall = call(register_at(&user(1), 0, 1, BOTH)).into();
            let refused = call.dispatch_bypass_filter(origin).expect_err("nobody signed");
            assert_eq!(refused.error, sp_runtime::DispatchError::BadOrigin);
        }
    });
}

#[test]
fn who_cannot_pay_the_deposit_registers_nothing() {
    execute(|| {
        let operation = register_at(&user(9), 0, 1, BOTH);
        undone(|| {
            use frame_support::traits::fungible::Mutate;
            let almost = KEY_DEPOSIT + RECORD_DEPOSIT + ENTRY_DEPOSIT + ED - 1;
            Balances::mint_into(&user(9), almost).expect("it is minted");
            let refused = classical(&user(9), call(operation.clone()));
            assert_eq!(refused, Err(TokenError::FundsUnavailable.into()));
            assert!(!Keys::<Test>::contains_key(id(1)));
            Balances::mint_into(&user(9), 1).expect("it is minted");
            assert_eq!(classical(&user(9), call(operation)), Ok(()));
        });
    });
}

#[test]
fn a_nonce_does_not_wrap() {
    execute(|| {
        register(&user(1), 1, BOTH);
        undone(|| {
            Owners::<Test>::mutate(user(1), |owner| {
                owner.as_mut().expect("an owner").nonce = u32::MAX;
            });
            let last = register_at(&user(1), u32::MAX, 2, BOTH);
            assert_eq!(classical(&user(1), call(last)), Err(ArithmeticError::Overflow.into()));
        });
    });
}
