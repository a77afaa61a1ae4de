//! That whoever makes a validator's session keys made them for the account that will stake: the proof of the SDK's release
//! 2609, checked as the runtime checks it.

use crate::address::Account;
use sp_core::{ed25519, proof_of_possession::statement_of_ownership, sr25519, Pair};

/// Length of a proof: an sr25519 and an ed25519 signature, one after the other.
pub const PROOF_BYTES: usize = 128;

/// Whether `proof` is that of the session keys for `owner`: each key signs `POP_` and the owner's 32 bytes.
pub fn is_owned(owner: &Account, aura: &[u8; 32], grandpa: &[u8; 32], proof: &[u8; PROOF_BYTES]) -> bool {
    let statement = statement_of_ownership(&owner.0);
    let (by_aura, by_grandpa) = proof.split_at(PROOF_BYTES / 2);
    let (Ok(by_aura), Ok(by_grandpa)) = (
        sr25519::Signature::try_from(by_aura),
        ed25519::Signature::try_from(by_grandpa),
    ) else {
        return false;
    };
    sr25519::Pair::verify(&by_aura, &statement, &sr25519::Public::from_raw(*aura))
        && ed25519::Pair::verify(&by_grandpa, &statement, &ed25519::Public::from_raw(*grandpa))
}
