//! NIST's ACVP vectors and the accumulated vectors of C2SP.

use libcrux_ml_dsa::ml_dsa_87::{portable, MLDSA87Signature, MLDSA87SigningKey, MLDSA87VerificationKey};
use qc_pqc::{
    cache::{verify_uncached, Claim},
    SecretKey,
};
use serde::Deserialize;
use sha3::digest::{ExtendableOutput, Update, XofReader};

#[derive(Deserialize)]
struct KeyGeneration {
    #[serde(rename = "tcId")]
    id: u32,
    seed: String,
    pk: String,
    sk: String,
}

#[derive(Deserialize)]
struct Signing {
    #[serde(rename = "tcId")]
    id: u32,
    sk: String,
    message: String,
    rnd: Option<String>,
    signature: String,
}

#[derive(Deserialize)]
struct Verification {
    #[serde(rename = "tcId")]
    id: u32,
    pk: String,
    message: String,
    signature: String,
    #[serde(rename = "testPassed")]
    valid: bool,
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(digit).collect()
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    bytes(hex).try_into().expect("the right length")
}

fn load<T: for<'a> Deserialize<'a>>(json: &str, count: usize) -> Vec<T> {
    let tests: Vec<T> = serde_json::from_str(json).expect("the vectors can be read");
    assert_eq!(tests.len(), count);
    tests
}

/// Catches another expansion of seeds: keys would not come back from their mnemonic in another program.
#[test]
fn acvp_key_generation() {
    for test in load::<KeyGeneration>(include_str!("vectors/acvp-keygen-87.json"), 25) {
        let seed = array(&test.seed);
        let key = SecretKey::from_seed(&seed);
        assert_eq!(key.public().as_bytes(), bytes(&test.pk), "tcId {}", test.id);
        let pair = portable::generate_key_pair(seed);
        assert_eq!(pair.signing_key.as_slice(), bytes(&test.sk), "tcId {}", test.id);
    }
}

/// The vectors give the expanded secret key and M′ (the internal interface), which our own interface takes neither of: this is
/// the function that it calls, beneath.
#[test]
fn acvp_signing() {
    let tests = load::<Signing>(include_str!("vectors/acvp-siggen-87.json"), 20);
    assert_eq!(tests.iter().filter(|test| test.rnd.is_some()).count(), 10);
    for test in tests {
        let key = MLDSA87SigningKey::new(array(&test.sk));
        let randomness = test.rnd.as_deref().map_or([0; 32], array);
        let signature = portable::sign_internal(&key, &bytes(&test.message), randomness).expect("it can be signed");
        assert_eq!(signature.as_slice(), bytes(&test.signature), "tcId {}", test.id);
    }
}

#[test]
fn acvp_verification() {
    let tests = load::<Verification>(include_str!("vectors/acvp-sigver-87.json"), 15);
    assert!(tests.iter().any(|test| test.valid) && tests.iter().any(|test| !test.valid));
    for test in tests {
        let key = MLDSA87VerificationKey::new(array(&test.pk));
        let signature = MLDSA87Signature::new(array(&test.signature));
        let outcome = portable::verify_internal(&key, &bytes(&test.message), &signature);
        assert_eq!(outcome.is_ok(), test.valid, "tcId {}", test.id);
    }
}

/// C2SP/CCTV, ML-DSA/accumulated (CC0): keys and signatures of a stream of seeds, all hashed together. 100 here, 10,000 in
/// `scripts/pqc-fuzz.sh`.
#[test]
fn accumulated_vectors() {
    let mut seeds = sha3::Shake128::default().finalize_xof();
    let mut all = sha3::Shake128::default();
    for _ in 0..100 {
        let mut seed = [0; 32];
        seeds.read(&mut seed);
        let key = SecretKey::from_seed(&seed);
        let signature = key.sign_with(b"", b"", [0; 32]).expect("it can be signed");
        assert!(verify_uncached(&Claim {
            public_key: key.public().as_bytes(),
            context: b"",
            message: b"",
            signature: signature.as_bytes(),
        }));
        all.update(key.public().as_bytes());
        all.update(signature.as_bytes());
    }
    let mut hash = [0; 32];
    all.finalize_xof().read(&mut hash);
    assert_eq!(
        hash,
        array("8c3ad714777622b8f21ce31bb35f71394f23bc0fcf3c78ace5d608990f3b061b")
    );
}
