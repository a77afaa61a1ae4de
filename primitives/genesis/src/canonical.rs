//! The canonical form of a genesis, and its hash.
//!
//! The form is RFC 8785 with one difference: a number is written as a string of its decimal digits. JCS writes numbers as
//! JavaScript does, which loses digits from 2⁵³ on; amounts of a genesis are larger. What has no such string (a fraction, an
//! exponent, a minus sign) cannot be read in the first place.

use crate::json::Json;
use sha2::{Digest, Sha256};
use std::fmt;

/// The harmonic genesis hash: SHA-256 of the canonical form.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GenesisHash(pub [u8; 32]);

impl fmt::Display for GenesisHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

/// The canonical form of a value.
pub fn canonical(value: &Json) -> String {
    value.clone().with_numbers_as_strings().to_canonical()
}

/// The harmonic genesis hash of a value.
pub fn harmonic_hash(value: &Json) -> GenesisHash {
    GenesisHash(sha256(canonical(value).as_bytes()))
}

/// BLAKE2b-256, the chain's own hash.
pub fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = blake2b_simd::Params::new().hash_length(hash.len()).hash(bytes);
    hash.copy_from_slice(digest.as_bytes());
    hash
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
