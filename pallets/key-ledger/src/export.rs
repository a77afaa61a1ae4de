//! The ledger as JSON, as it is exported for those who replay it offline (docs/protocol/keys.md has the format).
//!
//! ```json
//! {"index": 0, "previous": "0x…", "block": 7, "owner": "0x…", "hash": "0x…",
//!  "changes": [{"registered": {"key": "0x…", "scheme": "MlDsa87", "capabilities": 65}}, {"pqcKept": null}]}
//! ```

use crate::{
    replay::{replay, LedgerState, ReplayError},
    types::{BlockNumber, Change, Changes, Entry, KeyStatus, Protection},
};
use alloc::{string::String, vec::Vec};
use core::fmt;
use qc_pqc::{KeyId, Scheme};
use qc_types::Capabilities;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::AccountId32;

/// An entry as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedEntry {
    /// [`Entry::index`].
    pub index: u64,
    /// [`Entry::previous`].
    pub previous: H256,
    /// [`Entry::block`].
    pub block: BlockNumber,
    /// [`Entry::owner`], its 32 bytes.
    pub owner: H256,
    /// [`Entry::changes`].
    pub changes: Vec<ExportedChange>,
    /// [`Entry::hash`].
    pub hash: H256,
}

/// A [`Change`] as JSON; `capabilities` is the byte.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum ExportedChange {
    Registered {
        key: KeyId,
        scheme: Scheme,
        capabilities: u8,
    },
    Rotated {
        from: KeyId,
        to: KeyId,
        scheme: Scheme,
    },
    CapabilitiesSet {
        key: KeyId,
        capabilities: u8,
    },
    Revoked {
        key: KeyId,
    },
    PqcRequired(()),
    PqcLeaving {
        at: BlockNumber,
        by: KeyId,
    },
    PqcKept(()),
}

/// What a replay comes to, as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedState {
    /// The end of the chain.
    pub head: ExportedHead,
    /// Every key, by ascending id.
    pub keys: Vec<ExportedKey>,
    /// Every account that ever had a key, by ascending bytes.
    pub owners: Vec<ExportedOwner>,
}

/// The end of the chain, as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedHead {
    /// How many entries there are.
    pub count: u64,
    /// Hash of the last one.
    pub hash: H256,
}

/// A key, as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedKey {
    /// Its id.
    pub id: KeyId,
    /// The account it acts for, its 32 bytes.
    pub owner: H256,
    /// The scheme it signs by.
    pub scheme: Scheme,
    /// The byte of what it may be used for.
    pub capabilities: u8,
    /// Whether it is active.
    pub status: ExportedStatus,
    /// The block in which it was registered or took another key's place.
    pub since: BlockNumber,
    /// The block in which it was rotated out or revoked.
    pub ended: Option<BlockNumber>,
}

/// A [`KeyStatus`] as JSON.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum ExportedStatus {
    Active(()),
    RotatedOut { to: KeyId },
    Revoked(()),
}

/// An account, as JSON.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedOwner {
    /// Its 32 bytes.
    pub owner: H256,
    /// How many operations its keys have gone through.
    pub nonce: u32,
    /// Its active keys, in the order of the ledger.
    pub keys: Vec<KeyId>,
    /// How it is protected, as far as entries tell.
    pub protection: ExportedProtection,
}

/// A [`Protection`] as JSON.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum ExportedProtection {
    Classical(()),
    PqcRequired(()),
    Leaving { at: BlockNumber, by: KeyId },
}

/// Why an export comes to nothing.
#[derive(Debug)]
pub enum ExportError {
    /// It is not JSON of the format.
    NotTheFormat(serde_json::Error),
    /// The entry at this place has more changes than an entry can have, or a capability that there is not.
    NoSuchEntry(usize),
    /// An entry does not hold.
    Replay(ReplayError),
}

impl fmt::Display for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTheFormat(error) => write!(formatter, "this is not an exported ledger: {error}"),
            Self::NoSuchEntry(at) => write!(formatter, "entry {at} does not hold: no entry can have these changes"),
            Self::Replay(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ExportError {}

/// Replays exported entries, a JSON array: recomputes every hash, the head, and the state of every key and account.
pub fn replay_json(entries: &str) -> Result<ExportedState, ExportError> {
    let exported: Vec<ExportedEntry> = serde_json::from_str(entries).map_err(ExportError::NotTheFormat)?;
    // An entry that cannot be one stops the replay, but only after those before it were found to hold.
    let read: Vec<_> = exported.iter().map_while(ExportedEntry::to_entry).collect();
    let state = replay(&read).map_err(ExportError::Replay)?;
    if read.len() < exported.len() {
        return Err(ExportError::NoSuchEntry(read.len()));
    }
    Ok(ExportedState::from(&state))
}

fn bytes(owner: &AccountId32) -> H256 {
    H256(*AsRef::<[u8; 32]>::as_ref(owner))
}

impl From<&Entry<AccountId32>> for ExportedEntry {
    fn from(entry: &Entry<AccountId32>) -> Self {
        Self {
            index: entry.index,
            previous: H256(entry.previous),
            block: entry.block,
            owner: bytes(&entry.owner),
            changes: entry.changes.iter().map(ExportedChange::from).collect(),
            hash: H256(entry.hash),
        }
    }
}

impl ExportedEntry {
    /// The entry; `None` if it has more changes than an entry can have, or a capability that there is not.
    pub fn to_entry(&self) -> Option<Entry<AccountId32>> {
        let changes: Option<Vec<Change>> = self.changes.iter().map(ExportedChange::change).collect();
        Some(Entry {
            index: self.index,
            previous: self.previous.0,
            block: self.block,
            owner: AccountId32::new(self.owner.0),
            changes: Changes::try_from(changes?).ok()?,
            hash: self.hash.0,
        })
    }
}

impl From<&Change> for ExportedChange {
    fn from(change: &Change) -> Self {
        match *change {
            Change::Registered {
                key,
                scheme,
                capabilities,
            } => Self::Registered {
                key,
                scheme,
                capabilities: capabilities.bits(),
            },
            Change::Rotated { from, to, scheme } => Self::Rotated { from, to, scheme },
            Change::CapabilitiesSet { key, capabilities } => Self::CapabilitiesSet {
                key,
                capabilities: capabilities.bits(),
            },
            Change::Revoked { key } => Self::Revoked { key },
            Change::PqcRequired => Self::PqcRequired(()),
            Change::PqcLeaving { at, by } => Self::PqcLeaving { at, by },
            Change::PqcKept => Self::PqcKept(()),
        }
    }
}

impl ExportedChange {
    fn change(&self) -> Option<Change> {
        Some(match *self {
            Self::Registered {
                key,
                scheme,
                capabilities,
            } => Change::Registered {
                key,
                scheme,
                capabilities: Capabilities::from_bits(capabilities)?,
            },
            Self::Rotated { from, to, scheme } => Change::Rotated { from, to, scheme },
            Self::CapabilitiesSet { key, capabilities } => Change::CapabilitiesSet {
                key,
                capabilities: Capabilities::from_bits(capabilities)?,
            },
            Self::Revoked { key } => Change::Revoked { key },
            Self::PqcRequired(()) => Change::PqcRequired,
            Self::PqcLeaving { at, by } => Change::PqcLeaving { at, by },
            Self::PqcKept(()) => Change::PqcKept,
        })
    }
}

impl From<&LedgerState<AccountId32>> for ExportedState {
    fn from(state: &LedgerState<AccountId32>) -> Self {
        let keys = state.keys.iter().map(|(id, key)| ExportedKey {
            id: *id,
            owner: bytes(&key.owner),
            scheme: key.scheme,
            capabilities: key.capabilities.bits(),
            status: match key.status {
                KeyStatus::Active => ExportedStatus::Active(()),
                KeyStatus::RotatedOut { to } => ExportedStatus::RotatedOut { to },
                KeyStatus::Revoked => ExportedStatus::Revoked(()),
            },
            since: key.since,
            ended: key.ended,
        });
        let owners = state.owners.iter().map(|(who, owner)| ExportedOwner {
            owner: bytes(who),
            nonce: owner.nonce,
            keys: owner.keys.clone(),
            protection: match owner.protection {
                Protection::Classical => ExportedProtection::Classical(()),
                Protection::PqcRequired => ExportedProtection::PqcRequired(()),
                Protection::Leaving { at, by } => ExportedProtection::Leaving { at, by },
            },
        });
        Self {
            head: ExportedHead {
                count: state.head.count,
                hash: H256(state.head.hash),
            },
            keys: keys.collect(),
            owners: owners.collect(),
        }
    }
}

/// The state as indented JSON, a line feed at the end.
pub fn to_text(state: &ExportedState) -> String {
    // Nothing in it is of a kind that JSON cannot say.
    let mut text = serde_json::to_string_pretty(state).unwrap_or_default();
    text.push('\n');
    text
}
