//! Secret keys: made from a seed, signing, wiped when dropped.

use crate::{
    key::{PublicKey, Signature},
    ml_dsa_87::Expanded,
    purpose::{message, Purpose},
};
use std::fmt;
use zeroize::Zeroizing;

/// The longest context that FIPS 204 allows.
const CONTEXT_BYTES_MAX: usize = 255;

/// A secret key. Seed and expanded key are wiped from memory when it is dropped (what the stack of a call held meanwhile is
/// not), and `Debug` shows neither.
pub struct SecretKey {
    seed: Zeroizing<[u8; 32]>,
    expanded: Expanded,
    public: PublicKey,
}

/// Why there is no signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignError {
    /// The operating system gave no randomness.
    NoRandomness(getrandom::Error),
    /// The context is longer than 255 bytes.
    ContextTooLong,
    /// Each of 814 attempts was rejected. FIPS 204 allows it with a probability of 2⁻²⁵⁶; more likely the machine is broken.
    Rejected,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoRandomness(error) => write!(f, "the operating system gave no randomness: {error}"),
            Self::ContextTooLong => f.write_str("a context has at most 255 bytes"),
            Self::Rejected => f.write_str("every attempt to sign was rejected"),
        }
    }
}

impl std::error::Error for SignError {}

impl SecretKey {
    /// The key of ML-DSA-87 that FIPS 204 makes of this seed (ξ in its algorithm 1).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let (expanded, public) = Expanded::generate(seed);
        Self {
            seed: Zeroizing::new(*seed),
            expanded,
            public: PublicKey::MlDsa87(public),
        }
    }

    /// A new key from the operating system's randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice())?;
        Ok(Self::from_seed(&seed))
    }

    /// The seed, which is all of the key that has to be kept. A secret.
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The public key that goes with it.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs `genesis ‖ payload` under the context of `purpose`, hedged: with the operating system's randomness, as FIPS 204
    /// recommends. Two signatures of the same message differ.
    pub fn sign(&self, purpose: Purpose, genesis: &[u8; 32], payload: &[u8]) -> Result<Signature, SignError> {
        let mut randomness = [0; 32];
        getrandom::fill(&mut randomness).map_err(SignError::NoRandomness)?;
        self.sign_with(purpose.context(), &message(genesis, payload), randomness)
    }

    /// As [`Self::sign`], deterministic: the same signature every time. For tests and vectors; without randomness, faults
    /// and what leaks from the machine tell more about the key.
    pub fn sign_deterministic(
        &self,
        purpose: Purpose,
        genesis: &[u8; 32],
        payload: &[u8],
    ) -> Result<Signature, SignError> {
        self.sign_with(purpose.context(), &message(genesis, payload), [0; 32])
    }

    /// FIPS 204, algorithm 2, with everything given: for vectors. `context` has at most 255 bytes, `randomness` of all zeroes
    /// is the deterministic variant.
    pub fn sign_with(&self, context: &[u8], message: &[u8], randomness: [u8; 32]) -> Result<Signature, SignError> {
        if context.len() > CONTEXT_BYTES_MAX {
            return Err(SignError::ContextTooLong);
        }
        let signature = self
            .expanded
            .sign(message, context, randomness)
            .ok_or(SignError::Rejected)?;
        Ok(Signature::MlDsa87(Box::new(*signature.as_ref())))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("SecretKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}
