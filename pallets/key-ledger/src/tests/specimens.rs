//! What the benchmarks verify costs what a signature costs: it is refused at the very last step and not before.

use crate::{
    mock::*,
    specimens::{public_key, signature, COMMITMENT_BYTES},
};
use qc_pqc::{verify, Purpose};
use sha3::{
    digest::{ExtendableOutput, Update, XofReader},
    Shake256,
};

fn shake256(parts: &[&[u8]]) -> [u8; 64] {
    let mut state = Shake256::default();
    parts.iter().for_each(|part| state.update(part));
    let mut digest = [0; 64];
    state.finalize_xof().read(&mut digest);
    digest
}

/// Under the key whose bytes are all zero A·z − c·t₁·2ᵈ is 0 for z = 0, whatever c is, so the c̃ that verifies can be computed (FIPS
/// 204, algorithm 8). With it the specimen *does* verify: everything before the comparison lets it through. With any other it does
/// not.
#[test]
fn a_specimen_fails_at_nothing_but_the_comparison() {
    let key = public_key(0).expect("its length is right");
    let context = Purpose::Transaction.context();
    let length = u8::try_from(context.len()).expect("a short context");
    let (genesis, payload) = ([0xc4; 32], b"payload");
    let tr = shake256(&[key.as_bytes()]);
    let mu = shake256(&[&tr, &[0, length], context, &genesis, payload]);
    let commitment = shake256(&[&mu, &[0; 1_024]]);
    let verifies = |commitment: [u8; COMMITMENT_BYTES]| {
        let specimen = signature(commitment).expect("its length is right");
        verify(&key, Purpose::Transaction, &genesis, payload, &specimen)
    };
    assert!(verifies(commitment));
    for byte in [0, 63] {
        let mut other = commitment;
        other[byte] ^= 1;
        assert!(!verifies(other));
    }
}

/// Outside of benchmarks nobody gets in with one.
#[test]
fn a_specimen_proves_nothing() {
    execute(|| {
        let operation = crate::types::Operation::Register {
            public_key: public_key(1).expect("its length is right"),
            capabilities: qc_types::Capabilities::ALL,
            proof: signature([1; COMMITMENT_BYTES]).expect("its length is right"),
        };
        assert_refused(crate::Error::PossessionUnproven, || {
            classical(&user(1), call(operation))
        });
    });
}
