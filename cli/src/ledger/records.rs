//! What the key ledger keeps, as the chain tells it. Fields are found by name, through the metadata.

use super::entry::{Change, Entry, Head};
use crate::client::{Chain, NodeError};
use crate::records::account_value;
use crate::ss58::Account;
use codec::Decode;
use qc_pqc::{KeyId, PublicKey, Scheme};
use qc_types::{Balance, Capabilities};
use subxt::config::substrate::H256;
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;

/// The runtime API of the ledger.
const API: &str = "KeyLedgerApi";

/// The most active keys that an account may have.
pub const KEYS_PER_OWNER_MAX: usize = 16;

/// The fewest active MANAGE keys that an account needs to require post-quantum keys.
pub const MANAGE_KEYS_MIN: usize = 2;

/// The most entries that a node gives at a time.
const PAGE_ENTRIES_MAX: u32 = 256;

/// Whether a key may be used, and if not, why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// It may be used as far as its capabilities go.
    Active,
    /// Another key took its place.
    RotatedOut {
        /// That key.
        to: KeyId,
    },
    /// It was given up.
    Revoked,
}

/// A key, as the ledger knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyRecord {
    /// The account that it acts for.
    pub owner: Account,
    /// What it may be used for while it is active.
    pub capabilities: Capabilities,
    /// Whether it is active.
    pub status: Status,
    /// The block in which it was registered or took another key's place.
    pub since: u32,
    /// The block in which it ended.
    pub ended: Option<u32>,
    /// How many transactions it authorised.
    pub uses: u64,
    /// The block of the last one.
    pub last_used: Option<u32>,
    /// FLX in plancks that are held for it until it ends.
    pub deposit: Balance,
}

/// How an account is protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Protection {
    /// Classical signatures act for it, and its post-quantum keys too.
    Classical,
    /// Only post-quantum keys act for it.
    PqcRequired,
    /// That ends at a block of the pausable clock.
    Leaving {
        /// That block.
        at: u32,
        /// The key that asked for it.
        by: KeyId,
    },
}

/// An account, as the ledger knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnerRecord {
    /// The nonce that its next proof is signed over.
    pub nonce: u32,
    /// How it is protected.
    pub protection: Protection,
    /// Whether only post-quantum keys act for it now.
    pub requires_pqc: bool,
    /// FLX in plancks held for ever for its records and entries.
    pub deposit: Balance,
    /// Its active keys, oldest first.
    pub keys: Vec<(KeyId, KeyRecord)>,
}

impl OwnerRecord {
    /// Its active keys that may MANAGE.
    pub fn manage_keys(&self) -> impl Iterator<Item = &(KeyId, KeyRecord)> {
        self.keys
            .iter()
            .filter(|(_, record)| record.capabilities.contains(Capabilities::MANAGE))
    }
}

/// What is held for what, in plancks of FLX.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Prices {
    /// For a public key; given back when the key ends.
    pub key: Balance,
    /// For the record of a key, for ever.
    pub record: Balance,
    /// For each change in an entry, for ever.
    pub entry: Balance,
}

/// A `KeyStatus`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum StatusShown {
    Active,
    RotatedOut { to: [u8; 32] },
    Revoked,
}

/// A `KeyRecord`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct KeyRecordShown {
    owner: [u8; 32],
    capabilities: u8,
    status: StatusShown,
    since: u32,
    ended: Option<u32>,
    uses: u64,
    last_used: Option<u32>,
    deposit: Balance,
}

/// A `KeyView`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct KeyViewShown {
    id: [u8; 32],
    record: KeyRecordShown,
}

/// A `Protection`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum ProtectionShown {
    Classical,
    PqcRequired,
    Leaving { at: u32, by: [u8; 32] },
}

/// An `OwnerView`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct OwnerShown {
    nonce: u32,
    protection: ProtectionShown,
    requires_pqc: bool,
    deposit: Balance,
    keys: Vec<([u8; 32], KeyRecordShown)>,
}

/// A `Scheme`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum SchemeShown {
    MlDsa87,
}

/// A `Change`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum ChangeShown {
    Registered {
        key: [u8; 32],
        scheme: SchemeShown,
        capabilities: u8,
    },
    Rotated {
        from: [u8; 32],
        to: [u8; 32],
        scheme: SchemeShown,
    },
    CapabilitiesSet {
        key: [u8; 32],
        capabilities: u8,
    },
    Revoked {
        key: [u8; 32],
    },
    PqcRequired,
    PqcLeaving {
        at: u32,
        by: [u8; 32],
    },
    PqcKept,
}

/// An `Entry`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct EntryShown {
    index: u64,
    previous: [u8; 32],
    block: u32,
    owner: [u8; 32],
    changes: Vec<ChangeShown>,
    hash: [u8; 32],
}

/// A `LedgerHead`, as the metadata describe it.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct HeadShown {
    count: u64,
    hash: [u8; 32],
}

impl TryFrom<KeyRecordShown> for KeyRecord {
    type Error = NodeError;

    fn try_from(shown: KeyRecordShown) -> Result<Self, NodeError> {
        let capabilities = Capabilities::from_bits(shown.capabilities)
            .ok_or_else(|| NodeError::nonsense(API, "a capability that there is not"))?;
        Ok(Self {
            owner: Account(shown.owner),
            capabilities,
            status: match shown.status {
                StatusShown::Active => Status::Active,
                StatusShown::RotatedOut { to } => Status::RotatedOut { to: KeyId(to) },
                StatusShown::Revoked => Status::Revoked,
            },
            since: shown.since,
            ended: shown.ended,
            uses: shown.uses,
            last_used: shown.last_used,
            deposit: shown.deposit,
        })
    }
}

impl From<SchemeShown> for Scheme {
    fn from(shown: SchemeShown) -> Self {
        match shown {
            SchemeShown::MlDsa87 => Self::MlDsa87,
        }
    }
}

impl From<ChangeShown> for Change {
    fn from(shown: ChangeShown) -> Self {
        match shown {
            ChangeShown::Registered {
                key,
                scheme,
                capabilities,
            } => Self::Registered {
                key: KeyId(key),
                scheme: scheme.into(),
                capabilities,
            },
            ChangeShown::Rotated { from, to, scheme } => Self::Rotated {
                from: KeyId(from),
                to: KeyId(to),
                scheme: scheme.into(),
            },
            ChangeShown::CapabilitiesSet { key, capabilities } => Self::CapabilitiesSet {
                key: KeyId(key),
                capabilities,
            },
            ChangeShown::Revoked { key } => Self::Revoked { key: KeyId(key) },
            ChangeShown::PqcRequired => Self::PqcRequired(()),
            ChangeShown::PqcLeaving { at, by } => Self::PqcLeaving { at, by: KeyId(by) },
            ChangeShown::PqcKept => Self::PqcKept(()),
        }
    }
}

impl From<EntryShown> for Entry {
    fn from(shown: EntryShown) -> Self {
        Self {
            index: shown.index,
            previous: H256(shown.previous),
            block: shown.block,
            owner: H256(shown.owner),
            changes: shown.changes.into_iter().map(Change::from).collect(),
            hash: H256(shown.hash),
        }
    }
}

/// A key id as an argument.
fn id_value(id: &KeyId) -> Value {
    Value::from_bytes(id.0)
}

impl Chain {
    /// A key that the ledger knows, active or not.
    pub async fn key(&self, id: &KeyId, at: H256) -> Result<Option<KeyRecord>, NodeError> {
        let shown: Option<KeyViewShown> = self.api(API, "key", vec![id_value(id)], at).await?;
        match shown {
            Some(shown) if shown.id != id.0 => Err(NodeError::nonsense(API, "another key than was asked for")),
            Some(shown) => Ok(Some(shown.record.try_into()?)),
            None => Ok(None),
        }
    }

    /// The public key of an active key, which must be the one that the id names.
    pub async fn public_key(&self, id: &KeyId, at: H256) -> Result<Option<PublicKey>, NodeError> {
        const WHAT: &str = "KeyLedger::PublicKeys";
        let found = self
            .storage_bytes("KeyLedger", "PublicKeys", vec![id_value(id)], at)
            .await?;
        let Some(bytes) = found else {
            return Ok(None);
        };
        let mut rest = &*bytes;
        let key = PublicKey::decode(&mut rest).map_err(|error| NodeError::nonsense(WHAT, error))?;
        if rest.is_empty() && KeyId::of(&key) == *id {
            Ok(Some(key))
        } else {
            Err(NodeError::nonsense(WHAT, "another public key than the id names"))
        }
    }

    /// What the ledger knows of an account; every account has something, if only a nonce of 0.
    pub async fn owner(&self, owner: Account, at: H256) -> Result<OwnerRecord, NodeError> {
        let shown: OwnerShown = self.api(API, "keys_of", vec![account_value(owner)], at).await?;
        let keys = shown
            .keys
            .into_iter()
            .map(|(id, record)| Ok((KeyId(id), record.try_into()?)));
        Ok(OwnerRecord {
            nonce: shown.nonce,
            protection: match shown.protection {
                ProtectionShown::Classical => Protection::Classical,
                ProtectionShown::PqcRequired => Protection::PqcRequired,
                ProtectionShown::Leaving { at, by } => Protection::Leaving { at, by: KeyId(by) },
            },
            requires_pqc: shown.requires_pqc,
            deposit: shown.deposit,
            keys: keys.collect::<Result<_, NodeError>>()?,
        })
    }

    /// The end of the chain of entries.
    pub async fn ledger_head(&self, at: H256) -> Result<Head, NodeError> {
        let shown: HeadShown = self.api(API, "head", vec![], at).await?;
        Ok(Head {
            count: shown.count,
            hash: H256(shown.hash),
        })
    }

    /// All entries, page by page; `told` hears how many there are so far.
    pub async fn entries(&self, at: H256, told: impl Fn(usize)) -> Result<Vec<Entry>, NodeError> {
        let head = self.ledger_head(at).await?;
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let from = u64::try_from(entries.len()).map_err(|error| NodeError::nonsense(API, error))?;
            if from >= head.count {
                return Ok(entries);
            }
            let arguments = vec![Value::u128(from.into()), Value::u128(PAGE_ENTRIES_MAX.into())];
            let page: Vec<EntryShown> = self.api(API, "entries", arguments, at).await?;
            if page.is_empty() {
                return Err(NodeError::nonsense(
                    API,
                    format!("{from} entries where the head counts {}", head.count),
                ));
            }
            entries.extend(page.into_iter().map(Entry::from));
            told(entries.len());
        }
    }

    /// What keys cost in deposits.
    pub fn prices(&self) -> Result<Prices, NodeError> {
        let constant = |name: &str| {
            let found = self.constant("KeyLedger", name);
            found.ok_or_else(|| NodeError::nonsense(format!("KeyLedger::{name}"), "there is no such constant"))
        };
        Ok(Prices {
            key: constant("KeyDeposit")?,
            record: constant("RecordDeposit")?,
            entry: constant("EntryDeposit")?,
        })
    }

    /// Milliseconds between two blocks, if the chain says so.
    pub fn block_time_ms(&self) -> Option<u64> {
        self.constant("Aura", "SlotDuration")
    }
}
