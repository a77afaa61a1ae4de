//! The host function, by which the runtime has the node verify.

// The SDK's macro asks for `cfg(substrate_runtime)`, which substrate-wasm-builder sets and the compiler does not know.
#![allow(unexpected_cfgs)]

use sp_runtime_interface::{pass_by::PassFatPointerAndRead, runtime_interface};

/// Host functions for ML-DSA (FIPS 204).
///
/// A version, once a chain has run with it, stays as it is for ever: what verifies in block N has to verify for everyone who
/// syncs block N later. Another implementation or another answer is another version.
#[runtime_interface]
pub trait MlDsa {
    /// Whether `signature` is an ML-DSA-87 signature of `message` under `context` by `public_key`: FIPS 204, algorithm 3
    /// (`ML-DSA.Verify`), pure, not pre-hashed.
    ///
    /// Every argument may have any length: a public key of other than 2,592 bytes, a signature of other than 4,627 or a
    /// context of more than 255 is `false`.
    fn ml_dsa_87_verify(
        public_key: PassFatPointerAndRead<&[u8]>,
        context: PassFatPointerAndRead<&[u8]>,
        message: PassFatPointerAndRead<&[u8]>,
        signature: PassFatPointerAndRead<&[u8]>,
    ) -> bool {
        crate::cache::verify_cached(&crate::cache::Claim {
            public_key,
            context,
            message,
            signature,
        })
    }
}

/// What a node hands to its executor beside the SDK's own host functions.
#[cfg(feature = "std")]
pub type HostFunctions = (ml_dsa::HostFunctions,);
