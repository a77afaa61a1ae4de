//! The one implementation of ML-DSA-87 that decides in consensus, on its one code path: the `portable` module of
//! libcrux-ml-dsa (docs/decisions/0020). Nothing else in this crate names libcrux.
//!
//! Never the functions of `libcrux_ml_dsa::ml_dsa_87` itself: they look at the processor and may take an AVX2 or Neon path, and
//! such a path has once accepted what the portable one refuses (RUSTSEC-2026-0125).

use crate::{cache::Claim, key::ML_DSA_87_PUBLIC_KEY_BYTES};
use libcrux_ml_dsa::ml_dsa_87::{portable, MLDSA87Signature, MLDSA87SigningKey, MLDSA87VerificationKey};
use zeroize::Zeroize;

/// The expanded secret key (FIPS 204, `sk`), on the heap and wiped when dropped.
pub(crate) struct Expanded(Box<MLDSA87SigningKey>);

impl Drop for Expanded {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl Expanded {
    /// FIPS 204, algorithm 1 with the seed ξ given: the expanded secret key and the public key.
    pub(crate) fn generate(seed: &[u8; 32]) -> (Self, Box<[u8; ML_DSA_87_PUBLIC_KEY_BYTES]>) {
        let mut pair = portable::generate_key_pair(*seed);
        let expanded = Self(Box::new(pair.signing_key.clone()));
        pair.signing_key.as_mut_slice().zeroize();
        (expanded, Box::new(*pair.verification_key.as_ref()))
    }

    /// FIPS 204, algorithm 2 (`ML-DSA.Sign`) with its randomness given: all zero is the deterministic variant. `None` if 814
    /// attempts were all rejected, which happens once in 2²⁵⁶, or if the context is longer than 255 bytes.
    pub(crate) fn sign(&self, message: &[u8], context: &[u8], randomness: [u8; 32]) -> Option<MLDSA87Signature> {
        portable::sign(&self.0, message, context, randomness).ok()
    }
}

/// FIPS 204, algorithm 3 (`ML-DSA.Verify`). Lengths that are none of ML-DSA-87 are `false`.
pub(crate) fn verify(claim: &Claim) -> bool {
    let (Ok(key), Ok(signature)) = (claim.public_key.try_into(), claim.signature.try_into()) else {
        return false;
    };
    // libcrux takes its own structs: 7 KB are copied once, about 0.1 µs of 190.
    let (key, signature) = (MLDSA87VerificationKey::new(key), MLDSA87Signature::new(signature));
    portable::verify(&key, claim.message, claim.context, &signature).is_ok()
}
