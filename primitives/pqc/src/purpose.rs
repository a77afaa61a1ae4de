//! What a signature is for, and the bytes that are signed.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What a signature is for. Each purpose has a context string of its own (FIPS 204, the parameter `ctx`), so that a signature
/// made for one purpose is none for another.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, Hash, Ord, PartialEq, PartialOrd, TypeInfo)]
pub enum Purpose {
    /// Authorises a version 1 transaction.
    Transaction,
    /// Shows that who registers a public key has its secret key.
    Possession,
    /// Replaces one key by another; both sign.
    Rotation,
    /// Stands under a validator's report of measurements.
    Report,
    /// Stands under a seal of the chain's state.
    Seal,
    /// Stands under the genesis of a chain that is yet to start: a founder's or a founding validator's. There is no genesis
    /// hash then; the harmonic genesis hash is in its place.
    Genesis,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 6] = [
        Self::Transaction,
        Self::Possession,
        Self::Rotation,
        Self::Report,
        Self::Seal,
        Self::Genesis,
    ];

    /// The context string: ASCII, at most 255 bytes as FIPS 204 asks, different for each purpose.
    pub const fn context(self) -> &'static [u8] {
        match self {
            Self::Transaction => b"qc/transaction/v1",
            Self::Possession => b"qc/possession/v1",
            Self::Rotation => b"qc/rotation/v1",
            Self::Report => b"qc/report/v1",
            Self::Seal => b"qc/seal/v1",
            Self::Genesis => b"qc/genesis/v1",
        }
    }
}

/// The message that is signed: the genesis hash, 32 bytes, and then the payload as it is.
pub fn message(genesis: &[u8; 32], payload: &[u8]) -> Vec<u8> {
    [genesis.as_slice(), payload].concat()
}
