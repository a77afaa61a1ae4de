//! Records of the key ledger. Knows no `Config`.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use qc_pqc::{KeyId, PublicKey, Scheme, Signature};
use qc_types::{Balance, Capabilities};
use scale_info::TypeInfo;

/// Number of a block.
pub type BlockNumber = u32;

/// SHA-256 of an entry's canonical encoding.
pub type EntryHash = [u8; 32];

/// The most active keys that an account may have.
pub const KEYS_PER_OWNER_MAX: u32 = 16;

/// The most operations that one commit takes.
pub const OPERATIONS_MAX: u32 = 8;

/// The fewest operations of a commit: one alone has a call of its own.
pub const OPERATIONS_MIN: u32 = 2;

/// The most changes that one entry has: one for each operation, and one more where they call off a leave that was pending.
pub const CHANGES_MAX: u32 = OPERATIONS_MAX + 1;

/// The most entries that the runtime API gives at a time.
pub const PAGE_ENTRIES_MAX: u32 = 256;

/// The fewest active MANAGE keys that an account needs to require post-quantum keys: one to use, one as its backup.
pub const MANAGE_KEYS_MIN: usize = 2;

/// What the bytes that an entry's hash is taken of begin with.
pub const ENTRY_DOMAIN: &[u8; 16] = b"qc/key-ledger/v1";

/// Whether a key may be used, and if not, why.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum KeyStatus {
    /// It may be used as far as its capabilities go.
    #[codec(index = 0)]
    Active,
    /// Another key took its place. It authorises nothing any more.
    #[codec(index = 1)]
    RotatedOut {
        /// The key that took its place.
        to: KeyId,
    },
    /// It was given up. It authorises nothing any more.
    #[codec(index = 2)]
    Revoked,
}

/// A key, for ever: an id is never used again.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct KeyRecord<AccountId> {
    /// The account that it acts for.
    pub owner: AccountId,
    /// The scheme it signs by.
    pub scheme: Scheme,
    /// What it may be used for while it is active.
    pub capabilities: Capabilities,
    /// Whether it is active.
    pub status: KeyStatus,
    /// The block in which it was registered or took another key's place.
    pub since: BlockNumber,
    /// The block in which it was rotated out or revoked.
    pub ended: Option<BlockNumber>,
    /// How many transactions it authorised.
    pub uses: u64,
    /// The block of the last one.
    pub last_used: Option<BlockNumber>,
    /// FLX in plancks that its owner has held for the public key; given back when the key ends, 0 from then on. 0 for a key
    /// of the genesis.
    pub deposit: Balance,
}

/// How an account is protected.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Protection {
    /// Classical signatures act for the account as they always did, and its post-quantum keys too.
    #[codec(index = 0)]
    #[default]
    Classical,
    /// Only post-quantum keys act for the account.
    #[codec(index = 1)]
    PqcRequired,
    /// As `PqcRequired` until the pausable clock shows `at`, from then on as `Classical`.
    #[codec(index = 2)]
    Leaving {
        /// The block of the pausable clock at which protection ends.
        at: BlockNumber,
        /// The key that asked for it.
        by: KeyId,
    },
}

/// What the ledger keeps of an account that ever had a key.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct OwnerRecord {
    /// How many operations the account's keys have gone through: the nonce that the next proof is signed over.
    pub nonce: u32,
    /// The active keys, oldest first; a key that took another one's place stands in that place.
    pub keys: BoundedVec<KeyId, ConstU32<KEYS_PER_OWNER_MAX>>,
    /// How the account is protected.
    pub protection: Protection,
    /// FLX in plancks held for what stays for ever: the records of its keys and its entries. Never given back.
    pub deposit: Balance,
}

/// One thing that happened to an account's keys or protection. The indices are part of what is hashed.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum Change {
    /// A key was registered.
    #[codec(index = 0)]
    Registered {
        /// The key.
        key: KeyId,
        /// The scheme it signs by.
        scheme: Scheme,
        /// What it may be used for.
        capabilities: Capabilities,
    },
    /// A new key took an old one's place, of the same capabilities.
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
        /// What it may be used for from now on.
        capabilities: Capabilities,
    },
    /// A key was revoked.
    #[codec(index = 3)]
    Revoked {
        /// The key.
        key: KeyId,
    },
    /// From now on only post-quantum keys act for the account.
    #[codec(index = 4)]
    PqcRequired,
    /// The account asked to act classically again.
    #[codec(index = 5)]
    PqcLeaving {
        /// The block of the pausable clock at which it may, unless it is called off before.
        at: BlockNumber,
        /// The key that asked for it.
        by: KeyId,
    },
    /// The leave that was pending is called off.
    #[codec(index = 6)]
    PqcKept,
}

/// The changes of one entry, in the order in which they happened.
pub type Changes = BoundedVec<Change, ConstU32<CHANGES_MAX>>;

/// One link of the chain: what one call did to one account, all of it or nothing.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Entry<AccountId> {
    /// Its number: 0, 1, 2, …
    pub index: u64,
    /// Hash of the entry before it; 32 zero bytes for the first.
    pub previous: EntryHash,
    /// The block in which it was made; 0 for genesis.
    pub block: BlockNumber,
    /// The account it is about.
    pub owner: AccountId,
    /// What happened, at least one change.
    pub changes: Changes,
    /// SHA-256 of [`Entry::canonical`].
    pub hash: EntryHash,
}

impl<AccountId: Encode> Entry<AccountId> {
    /// The entry that follows a head.
    pub fn following(head: LedgerHead, block: BlockNumber, owner: AccountId, changes: Changes) -> Self {
        let mut entry = Self {
            index: head.count,
            previous: head.hash,
            block,
            owner,
            changes,
            hash: EntryHash::default(),
        };
        entry.hash = entry.canonical_hash();
        entry
    }

    /// The canonical encoding: `"qc/key-ledger/v1"`, then SCALE of index, previous hash, block, owner and changes.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = ENTRY_DOMAIN.to_vec();
        (self.index, self.previous, self.block, &self.owner, &self.changes).encode_to(&mut bytes);
        bytes
    }

    /// The end of the chain with this entry as the last; `None` if a number cannot count that many.
    pub fn head(&self) -> Option<LedgerHead> {
        Some(LedgerHead {
            count: self.index.checked_add(1)?,
            hash: self.hash,
        })
    }

    /// SHA-256 of the canonical encoding: what `hash` must be.
    pub fn canonical_hash(&self) -> EntryHash {
        sp_io::hashing::sha2_256(&self.canonical())
    }
}

/// The end of the chain.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct LedgerHead {
    /// How many entries there are.
    pub count: u64,
    /// Hash of the last one; 32 zero bytes if there is none.
    pub hash: EntryHash,
}

/// What a call does to one key. The indices are part of what wallets sign.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Operation {
    /// Registers a key.
    #[codec(index = 0)]
    Register {
        /// The key.
        public_key: PublicKey,
        /// What it may be used for.
        capabilities: Capabilities,
        /// The key's own signature, purpose `Possession`, over `qc_traits::possession_payload`.
        proof: Signature,
    },
    /// Puts a new key in an active one's place.
    #[codec(index = 1)]
    Rotate {
        /// The active key.
        from: KeyId,
        /// The new one. It gets the capabilities of the old one.
        public_key: PublicKey,
        /// The old key's signature, purpose `Rotation`, over `qc_traits::rotation_payload`.
        by_old: Signature,
        /// The new key's signature over the same.
        by_new: Signature,
    },
    /// Sets an active key's capabilities.
    #[codec(index = 2)]
    SetCapabilities {
        /// The key.
        key: KeyId,
        /// What it may be used for from now on.
        capabilities: Capabilities,
    },
    /// Revokes an active key.
    #[codec(index = 3)]
    Revoke {
        /// The key.
        key: KeyId,
    },
}

/// A key, as the runtime API shows it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct KeyView<AccountId> {
    /// Its id.
    pub id: KeyId,
    /// What the ledger has of it.
    pub record: KeyRecord<AccountId>,
    /// The public key, while it is active.
    pub public_key: Option<PublicKey>,
}

/// An account, as the runtime API shows it. Any account has one, whether it ever had a key or not.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OwnerView<AccountId> {
    /// The nonce that its next proof is to be signed over.
    pub nonce: u32,
    /// How it is protected.
    pub protection: Protection,
    /// Whether it acts by post-quantum keys only, now: `protection` on the pausable clock.
    pub requires_pqc: bool,
    /// FLX in plancks held for what stays for ever.
    pub deposit: Balance,
    /// Its active keys.
    pub keys: Vec<(KeyId, KeyRecord<AccountId>)>,
}
