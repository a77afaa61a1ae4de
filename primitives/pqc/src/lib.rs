#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

mod hex;
mod host;
mod key;
mod purpose;

#[cfg(feature = "std")]
pub mod cache;
#[cfg(feature = "std")]
pub mod derive;
#[cfg(feature = "std")]
mod ml_dsa_87;
#[cfg(feature = "std")]
mod secret;
#[cfg(feature = "std")]
mod self_check;

pub use hex::HexError;
pub use host::ml_dsa;
pub use key::{
    KeyId, LengthError, PublicKey, Scheme, Signature, ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES,
};
pub use purpose::{message, Purpose};

#[cfg(feature = "std")]
pub use host::HostFunctions;
#[cfg(feature = "std")]
pub use secret::{SecretKey, SignError};
#[cfg(feature = "std")]
pub use self_check::{self_check, SelfCheckError};

/// Whether `signature` is `key`'s over `genesis ‖ payload` under the context of `purpose`.
///
/// In the runtime it is one call of the host function [`ml_dsa::ml_dsa_87_verify`]; natively the same function without the
/// border. The answer depends on the arguments alone: the host's cache of what verified never changes it.
///
/// * `genesis`: the hash of the chain's block 0, so that a signature for one chain says nothing on another.
/// * `payload`: any length; what it is made of is the caller's business and must be unambiguous.
pub fn verify(key: &PublicKey, purpose: Purpose, genesis: &[u8; 32], payload: &[u8], signature: &Signature) -> bool {
    match (key, signature) {
        (PublicKey::MlDsa87(key), Signature::MlDsa87(signature)) => ml_dsa::ml_dsa_87_verify(
            key.as_slice(),
            purpose.context(),
            &message(genesis, payload),
            signature.as_slice(),
        ),
    }
}
