use super::*;
use proptest::prelude::*;

/// A transfer of 1.5 FLX, written down by hand: Balances, transfer_keep_alive, an account by its id, Compact(1.5 · 10¹²).
const CALL: &str = "0a0300bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0b0098f73e5d01";

/// What follows the signature: era (64 blocks from 1,234,567), Compact(300), Compact(2 · 10⁹), no metadata hash.
const EXPLICIT: &str = "7500b104030094357700";

/// BLAKE2b-256(0x01 ‖ call ‖ explicit ‖ implicit), computed with Python's hashlib from the layout of docs/protocol/keys.md.
const PAYLOAD: &str = "ec2056a2effe89131a929ac2f8209b5ee3421e58875e803cbe69f7ec1357cfb0";

/// The same for nonce 0, no tip, and no expiry.
const PAYLOAD_IMMORTAL: &str = "7ec8b3f75e28fc303031235536383b3ed42326beae4829f6e7e7c35bba22ed44";

fn unsigned() -> Unsigned {
    Unsigned {
        call: hex::decode(CALL).unwrap(),
        terms: Terms {
            nonce: 300,
            tip: 2_000_000_000,
            mortality: Some(Mortality {
                blocks: 64,
                from_number: 1_234_567,
                from_hash: H256([7; 32]),
            }),
        },
        target: Target {
            genesis: H256([9; 32]),
            spec_version: 105,
            transaction_version: 3,
        },
    }
}

fn key() -> SecretKey {
    SecretKey::from_seed(&[42; 32])
}

/// Field by field, as the chain reads it.
#[test]
fn every_field_is_where_the_chain_looks_for_it() {
    let (unsigned, key) = (unsigned(), key());
    assert_eq!(hex::encode(unsigned.payload()), PAYLOAD);
    let signature = key
        .sign_deterministic(Purpose::Transaction, &[9; 32], &unsigned.payload())
        .unwrap();
    let signed = unsigned.put_together(&KeyId::of(key.public()), &signature);
    let mut rest = signed.bytes.as_slice();
    let mut take = |count: usize| {
        let (taken, left) = rest.split_at(count);
        rest = left;
        taken
    };
    let explicit = hex::decode(EXPLICIT).unwrap();
    let body = 2 + 32 + 1 + 4_627 + explicit.len() + unsigned.call.len();
    assert_eq!(take(2), Compact(u32::try_from(body).unwrap()).encode());
    assert_eq!(take(1), [0x45], "a general transaction of format 5");
    assert_eq!(take(1), [0x01], "version 1 of the extensions");
    assert_eq!(take(32), KeyId::of(key.public()).0);
    assert_eq!(take(1), [0x00], "ML-DSA-87");
    let bytes: [u8; 4_627] = take(4_627).try_into().unwrap();
    assert_eq!(take(explicit.len()), explicit);
    assert_eq!(take(unsigned.call.len()), unsigned.call);
    assert_eq!(rest, b"", "nothing is left over");
    assert_eq!(signed.hash, super::super::hash(&signed.bytes));

    // The public key is nowhere in it, and the signature is the key's over the genesis and the payload.
    assert!(!signed
        .bytes
        .windows(64)
        .any(|window| window == &key.public().as_bytes()[..64]));
    let signature = Signature::ml_dsa_87(&bytes).unwrap();
    let payload: [u8; 32] = hex::decode(PAYLOAD).unwrap().try_into().unwrap();
    assert!(qc_pqc::verify(
        key.public(),
        Purpose::Transaction,
        &[9; 32],
        &payload,
        &signature
    ));
    for purpose in Purpose::ALL
        .into_iter()
        .filter(|purpose| *purpose != Purpose::Transaction)
    {
        assert!(
            !qc_pqc::verify(key.public(), purpose, &[9; 32], &payload, &signature),
            "{purpose:?}"
        );
    }
}

#[test]
fn without_expiry_the_birth_block_is_the_genesis() {
    let mut unsigned = unsigned();
    unsigned.terms = Terms {
        nonce: 0,
        tip: 0,
        mortality: None,
    };
    assert_eq!(hex::encode(unsigned.payload()), PAYLOAD_IMMORTAL);
}

#[test]
fn what_is_signed_is_taken_apart_again() {
    let (unsigned, key) = (unsigned(), key());
    let signed = unsigned.sign(&key).unwrap();
    let parts = take_apart(&signed.bytes).unwrap();
    assert_eq!(
        (parts.nonce, parts.tip, &parts.call),
        (300, 2_000_000_000, &unsigned.call)
    );
    assert_eq!(parts.era, Era::mortal(64, 1_234_567));
    assert_eq!(parts.key, KeyId::of(key.public()));
    assert!(unsigned.is_signed_by(key.public(), &parts.signature));
    // Signatures are hedged: two of the same differ, and both are good.
    let again = unsigned.sign(&key).unwrap();
    assert_ne!(again.hash, signed.hash);
    assert_eq!(
        unsigned.unproved().bytes.len(),
        signed.bytes.len(),
        "the fee depends on the length"
    );
}

/// A signature is for one call, nonce, tip, expiry, chain and runtime, and for nothing else.
#[test]
fn a_signature_covers_everything() {
    let (original, key) = (unsigned(), key());
    let signature = take_apart(&original.sign(&key).unwrap().bytes).unwrap().signature;
    let changes: [fn(&mut Unsigned); 10] = [
        |it| it.call[10] ^= 1,
        |it| it.call.push(0),
        |it| it.terms.nonce += 1,
        |it| it.terms.tip += 1,
        |it| it.terms.mortality = None,
        |it| {
            it.terms.mortality = it.terms.mortality.map(|era| Mortality {
                from_number: 1_234_568,
                ..era
            })
        },
        |it| {
            it.terms.mortality = it.terms.mortality.map(|era| Mortality {
                from_hash: H256([8; 32]),
                ..era
            })
        },
        |it| it.target.genesis = H256([8; 32]),
        |it| it.target.spec_version += 1,
        |it| it.target.transaction_version += 1,
    ];
    assert!(original.is_signed_by(key.public(), &signature));
    for (number, change) in changes.iter().enumerate() {
        let mut other = original.clone();
        change(&mut other);
        assert!(!other.is_signed_by(key.public(), &signature), "change {number}");
    }
    assert!(!original.is_signed_by(SecretKey::from_seed(&[43; 32]).public(), &signature));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_put_together_is_taken_apart(
        call in prop::collection::vec(any::<u8>(), 0..300), nonce: u32, tip: u128, mortal: bool, exponent in 2u32..12, number: u32,
    ) {
        let mortality = mortal.then(|| Mortality {
            blocks: 1 << exponent,
            from_number: number.into(),
            from_hash: H256([7; 32]),
        });
        let terms = Terms { nonce: nonce.into(), tip, mortality };
        let unsigned = Unsigned { call, terms, ..unsigned() };
        let parts = take_apart(&unsigned.unproved().bytes).unwrap();
        prop_assert_eq!((parts.nonce, parts.tip, parts.call), (u64::from(nonce), tip, unsigned.call));
        prop_assert_eq!(parts.era, era(mortality));
    }

    #[test]
    fn any_bytes_are_a_transaction_or_not(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(take_apart(&bytes), None);
    }

    /// A transaction that was cut or grew is none.
    #[test]
    fn a_wrong_length_is_refused(cut in 1usize..4_000, more in prop::collection::vec(any::<u8>(), 1..5)) {
        let bytes = unsigned().unproved().bytes;
        prop_assert_eq!(take_apart(&bytes[..bytes.len() - cut]), None);
        prop_assert_eq!(take_apart(&[bytes, more].concat()), None);
    }
}
