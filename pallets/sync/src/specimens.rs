//! A key and a signature that nobody made, well-formed all the same: what benchmarks verify where nothing can sign.
//!
//! The signature is decoded and recomputed to the last step of ML-DSA.Verify, the comparison of the commitment hashes, which
//! fails; and a failure is never cached by the host. Since the signature is the last thing that the authorisation looks at,
//! refusing such a report costs what letting a good one through costs: no benchmark has to pass over a verification.

use alloc::vec::Vec;
use qc_pqc::{LengthError, PublicKey, Signature, ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES};

/// Bytes of c̃, the commitment hash that a signature of ML-DSA-87 begins with (FIPS 204, table 1 and algorithm 26).
const COMMITMENT_BYTES: usize = 64;

/// Pairs of coefficients of its vector z: 7 polynomials of 256.
const RESPONSE_PAIRS: usize = 7 * 256 / 2;

/// Two coefficients 0 of z: γ₁ − 0 = 2¹⁹ in 20 bits, twice.
const ZERO_PAIR: [u8; 5] = [0x00, 0x00, 0x08, 0x00, 0x80];

/// A signature of some c̃, z = 0 and no hint.
pub(crate) fn signature() -> Result<Signature, LengthError> {
    let mut bytes = [0x5a; COMMITMENT_BYTES].to_vec();
    bytes.extend(ZERO_PAIR.repeat(RESPONSE_PAIRS));
    bytes.resize(ML_DSA_87_SIGNATURE_BYTES, 0);
    Signature::ml_dsa_87(&bytes)
}

/// A public key of its own for each number. Any bytes are one, and nobody has a secret key to these.
pub(crate) fn public_key(n: u32) -> Result<PublicKey, LengthError> {
    let bytes: Vec<u8> = n
        .to_le_bytes()
        .into_iter()
        .cycle()
        .take(ML_DSA_87_PUBLIC_KEY_BYTES)
        .collect();
    PublicKey::ml_dsa_87(&bytes)
}
