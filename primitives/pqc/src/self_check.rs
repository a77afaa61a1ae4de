//! The check that a node runs on itself before it takes part.

use crate::{
    cache::{verify_uncached, Claim},
    key::{ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES},
    secret::SecretKey,
};
use std::fmt;

/// Wycheproof, `mldsa_87_sign_seed_test.json`, `tcId` 3: a seed, its public key, and a deterministic signature.
const SEED: [u8; 32] = [0x2a; 32];
const MESSAGE: &[u8] = b"Hello world";
const CONTEXT: &[u8] = b"Context";
const PUBLIC_KEY: &[u8; ML_DSA_87_PUBLIC_KEY_BYTES] = include_bytes!("../vectors/public-key.bin");
const SIGNATURE: &[u8; ML_DSA_87_SIGNATURE_BYTES] = include_bytes!("../vectors/signature.bin");

/// Where z begins in a signature, and where the hint's places and its counters do (FIPS 204, algorithm 26).
const Z: usize = 64;
const HINT: usize = Z + 7 * 640;
const COUNTERS: usize = HINT + 75;

/// What the machine, the compiler or the library got wrong. A node with any of these does not start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SelfCheckError {
    /// The public key of a known seed is another.
    KeyGeneration,
    /// The deterministic signature of a known message by a known key is another.
    Signing,
    /// A valid signature is refused.
    ValidRefused,
    /// Something invalid is accepted; says what.
    InvalidAccepted(&'static str),
}

impl fmt::Display for SelfCheckError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("ML-DSA-87 is broken on this machine: ")?;
        match self {
            Self::KeyGeneration => f.write_str("a known seed gives another public key"),
            Self::Signing => f.write_str("a known key gives another signature"),
            Self::ValidRefused => f.write_str("a valid signature is refused"),
            Self::InvalidAccepted(what) => write!(f, "accepted with {what}"),
        }
    }
}

impl std::error::Error for SelfCheckError {}

/// Makes the known key, has it sign, and verifies: the known signature has to pass, ten claims each wrong in one respect have
/// to fail. Takes about 3 ms, and nothing of it touches the cache.
pub fn self_check() -> Result<(), SelfCheckError> {
    let key = SecretKey::from_seed(&SEED);
    let signature = key.sign_with(CONTEXT, MESSAGE, [0; 32]).ok();
    let signed = signature
        .as_ref()
        .map_or(&[] as &[u8], |signature| signature.as_bytes());
    check(key.public().as_bytes(), signed, verify_uncached)
}

/// The check of what an implementation made and of how it verifies.
fn check(made: &[u8], signed: &[u8], verify: fn(&Claim) -> bool) -> Result<(), SelfCheckError> {
    if made != PUBLIC_KEY {
        return Err(SelfCheckError::KeyGeneration);
    }
    if signed != SIGNATURE {
        return Err(SelfCheckError::Signing);
    }
    let valid = Claim {
        public_key: PUBLIC_KEY,
        context: CONTEXT,
        message: MESSAGE,
        signature: SIGNATURE,
    };
    if !verify(&valid) {
        return Err(SelfCheckError::ValidRefused);
    }
    for (what, public_key, context, message, signature) in invalid() {
        let claim = Claim {
            public_key: &public_key,
            context: &context,
            message: &message,
            signature: &signature,
        };
        if verify(&claim) {
            return Err(SelfCheckError::InvalidAccepted(what));
        }
    }
    Ok(())
}

type Invalid = (&'static str, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

/// Claims that are wrong in one respect each.
fn invalid() -> Vec<Invalid> {
    let with = |bytes: &[u8], at: usize, change: fn(u8) -> u8| {
        let mut bytes = bytes.to_vec();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = change(*byte);
        }
        bytes
    };
    let (key, context, message, signature) = (
        PUBLIC_KEY.to_vec(),
        CONTEXT.to_vec(),
        MESSAGE.to_vec(),
        SIGNATURE.to_vec(),
    );
    let signed = |what, signature| (what, key.clone(), context.clone(), message.clone(), signature);
    // The first coefficient of z becomes γ₁ (all its 20 bits zero): beyond the norm's bound.
    let norm = with(&with(&with(SIGNATURE, Z, |_| 0), Z + 1, |_| 0), Z + 2, |byte| {
        byte & 0xf0
    });
    vec![
        signed("another commitment", with(SIGNATURE, 0, |byte| byte ^ 1)),
        signed("another z", with(SIGNATURE, HINT - 1, |byte| byte ^ 0x80)),
        signed("a z beyond its bound", norm),
        signed("another hint", with(SIGNATURE, HINT, |byte| byte ^ 1)),
        signed("a hint of 255 places", with(SIGNATURE, COUNTERS + 7, |_| 255)),
        signed("a signature too short", signature.iter().skip(1).copied().collect()),
        (
            "another public key",
            with(PUBLIC_KEY, 40, |byte| byte ^ 1),
            context.clone(),
            message.clone(),
            signature.clone(),
        ),
        (
            "a public key too short",
            PUBLIC_KEY.iter().skip(1).copied().collect(),
            context.clone(),
            message.clone(),
            signature.clone(),
        ),
        (
            "another context",
            key.clone(),
            b"context".to_vec(),
            message.clone(),
            signature.clone(),
        ),
        (
            "another message",
            key.clone(),
            context.clone(),
            b"Hello World".to_vec(),
            signature.clone(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_passes() {
        assert_eq!(self_check(), Ok(()));
    }

    /// Catches a check that does not check: each fault of an implementation is found.
    #[test]
    fn a_broken_implementation_does_not_pass() {
        let other = |bytes: &[u8]| bytes.iter().map(|byte| byte ^ 1).collect::<Vec<_>>();
        let with = |made: &[u8], signed: &[u8], verify| check(made, signed, verify);
        assert_eq!(with(PUBLIC_KEY, SIGNATURE, verify_uncached), Ok(()));
        assert_eq!(
            with(&other(PUBLIC_KEY), SIGNATURE, verify_uncached),
            Err(SelfCheckError::KeyGeneration)
        );
        assert_eq!(
            with(PUBLIC_KEY, &other(SIGNATURE), verify_uncached),
            Err(SelfCheckError::Signing)
        );
        assert_eq!(
            with(PUBLIC_KEY, SIGNATURE, |_| false),
            Err(SelfCheckError::ValidRefused)
        );
        // Verifiers that forget one part of the claim, or look at lengths only.
        type Verifier = fn(&Claim) -> bool;
        let careless: [(Verifier, &str); 5] = [
            (|_| true, "another commitment"),
            (
                |claim| claim.signature.len() == SIGNATURE.len() && claim.signature[0] == SIGNATURE[0],
                "another z",
            ),
            (
                |claim| {
                    verify_uncached(&Claim {
                        public_key: PUBLIC_KEY,
                        ..*claim
                    })
                },
                "another public key",
            ),
            (
                |claim| {
                    verify_uncached(&Claim {
                        context: CONTEXT,
                        ..*claim
                    })
                },
                "another context",
            ),
            (
                |claim| {
                    verify_uncached(&Claim {
                        message: MESSAGE,
                        ..*claim
                    })
                },
                "another message",
            ),
        ];
        for (verify, what) in careless {
            assert_eq!(
                with(PUBLIC_KEY, SIGNATURE, verify),
                Err(SelfCheckError::InvalidAccepted(what))
            );
        }
    }

    /// Catches vectors that are invalid by accident, of two things at once or of nothing: none is what was signed.
    #[test]
    fn what_is_invalid_is_so_in_one_respect() {
        for (what, key, context, message, signature) in invalid() {
            let changed = [
                key != PUBLIC_KEY,
                context != CONTEXT,
                message != MESSAGE,
                signature != SIGNATURE,
            ];
            assert_eq!(changed.into_iter().filter(|one| *one).count(), 1, "{what}");
        }
    }
}
