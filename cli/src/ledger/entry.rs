//! Entries of the ledger: their canonical bytes, and their JSON, which is that of `scripts/replay-key-ledger.py`.

use codec::Encode;
use qc_pqc::{KeyId, Scheme};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subxt::config::substrate::H256;

/// What the bytes that an entry's hash is taken of begin with.
const DOMAIN: &[u8] = b"qc/key-ledger/v1";

/// One thing that happened to an account's keys or protection.
#[derive(Clone, Copy, Debug, Deserialize, Encode, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Change {
    /// A key was registered.
    #[codec(index = 0)]
    Registered {
        /// The key.
        key: KeyId,
        /// The scheme it signs by.
        scheme: Scheme,
        /// The byte of what it may be used for.
        capabilities: u8,
    },
    /// A new key took an old one's place.
    #[codec(index = 1)]
    Rotated {
        /// The old key.
        from: KeyId,
        /// The new one.
        to: KeyId,
        /// The scheme that the new one signs by.
        scheme: Scheme,
    },
    /// A key's capabilities were set.
    #[codec(index = 2)]
    CapabilitiesSet {
        /// The key.
        key: KeyId,
        /// The byte of what it may be used for.
        capabilities: u8,
    },
    /// A key was revoked.
    #[codec(index = 3)]
    Revoked {
        /// The key.
        key: KeyId,
    },
    /// Only post-quantum keys act for the account.
    #[codec(index = 4)]
    PqcRequired(()),
    /// The account asked to act classically again.
    #[codec(index = 5)]
    PqcLeaving {
        /// The block of the pausable clock at which it may.
        at: u32,
        /// The key that asked for it.
        by: KeyId,
    },
    /// That was called off.
    #[codec(index = 6)]
    PqcKept(()),
}

/// One link of the chain.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number: 0, 1, 2, …
    pub index: u64,
    /// The hash of the entry before it; zeros for the first.
    pub previous: H256,
    /// The block in which it was made.
    pub block: u32,
    /// The account it is about.
    pub owner: H256,
    /// What happened.
    pub changes: Vec<Change>,
    /// SHA-256 of [`Entry::canonical`].
    pub hash: H256,
}

impl Entry {
    /// The canonical bytes: the domain, then SCALE of index, previous hash, block, owner and changes.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = DOMAIN.to_vec();
        (self.index, self.previous.0, self.block, self.owner.0, &self.changes).encode_to(&mut bytes);
        bytes
    }

    /// What the entry's hash must be.
    pub fn canonical_hash(&self) -> H256 {
        H256(Sha256::digest(self.canonical()).into())
    }
}

/// The end of the chain.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Head {
    /// How many entries there are.
    pub count: u64,
    /// The hash of the last one; zeros if there is none.
    pub hash: H256,
}
