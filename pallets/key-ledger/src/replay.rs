//! Replays the ledger: from its entries alone to the head and to the state of every key (law KEY-1). A pure function, which
//! the checker of the law runs on the chain's own storage and the offline program on what was exported from it.
//!
//! `scripts/replay-key-ledger.py` does the same, written independently.

use crate::types::{BlockNumber, Change, Entry, KeyStatus, LedgerHead, Protection};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use core::fmt;
use qc_pqc::{KeyId, Scheme};
use qc_types::Capabilities;

/// What an entry says that cannot be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Its index is not the number of entries before it.
    IndexWrong,
    /// Its previous hash is not that of the entry before it.
    PreviousWrong,
    /// Its hash is not that of its canonical encoding.
    HashWrong,
    /// Its block is before the block of the entry before it.
    BlockFell,
    /// It changes nothing.
    NothingChanged,
    /// It makes a key of an id that was used before.
    KeyExists,
    /// It names a key that was never registered.
    KeyUnknown,
    /// It changes a key of another account.
    KeyForeign,
    /// It changes a key that was rotated out or revoked before.
    KeyEnded,
    /// It changes protection as it cannot from where it stood.
    ProtectionWrong,
    /// It is one operation more than a nonce can count.
    NonceOutOfRange,
}

impl Fault {
    /// What it is, in words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IndexWrong => "its index is not the number of entries before it",
            Self::PreviousWrong => "its previous hash is not that of the entry before it",
            Self::HashWrong => "its hash is not that of its canonical encoding",
            Self::BlockFell => "its block is before the block of the entry before it",
            Self::NothingChanged => "it changes nothing",
            Self::KeyExists => "it makes a key of an id that was used before",
            Self::KeyUnknown => "it names a key that was never registered",
            Self::KeyForeign => "it changes a key of another account",
            Self::KeyEnded => "it changes a key that was rotated out or revoked before",
            Self::ProtectionWrong => "it changes protection as it cannot from where it stood",
            Self::NonceOutOfRange => "it is one operation more than a nonce can count",
        }
    }
}

/// The first entry that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReplayError {
    /// Its place in the sequence, from 0.
    pub at: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "entry {} does not hold: {}", self.at, self.fault.sentence())
    }
}

/// A key, as far as entries tell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReplayedKey<AccountId> {
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
}

/// An account, as far as entries tell.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ReplayedOwner {
    /// How many operations its keys have gone through.
    pub nonce: u32,
    /// Its active keys, oldest first; a key that took another one's place stands in that place.
    pub keys: Vec<KeyId>,
    /// How it is protected. The entries do not tell the pausable clock, so a leave stays `Leaving` until another entry.
    pub protection: Protection,
}

/// What the entries so far come to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerState<AccountId: Ord> {
    /// The end of the chain.
    pub head: LedgerHead,
    /// The block of the last entry.
    pub block: BlockNumber,
    /// Every key there ever was.
    pub keys: BTreeMap<KeyId, ReplayedKey<AccountId>>,
    /// Every account that ever had a key.
    pub owners: BTreeMap<AccountId, ReplayedOwner>,
}

impl<AccountId: Ord> Default for LedgerState<AccountId> {
    fn default() -> Self {
        Self {
            head: LedgerHead::default(),
            block: 0,
            keys: BTreeMap::new(),
            owners: BTreeMap::new(),
        }
    }
}

/// Replays entries from the first on.
pub fn replay<'a, AccountId: Clone + Encode + Ord + 'a>(
    entries: impl IntoIterator<Item = &'a Entry<AccountId>>,
) -> Result<LedgerState<AccountId>, ReplayError> {
    let mut state = LedgerState::default();
    for entry in entries {
        let at = state.head.count;
        state.apply(entry).map_err(|fault| ReplayError { at, fault })?;
    }
    Ok(state)
}

impl<AccountId: Clone + Encode + Ord> LedgerState<AccountId> {
    /// Applies the next entry. After a fault the state is of no use.
    pub fn apply(&mut self, entry: &Entry<AccountId>) -> Result<(), Fault> {
        ensure(entry.index == self.head.count, Fault::IndexWrong)?;
        ensure(entry.previous == self.head.hash, Fault::PreviousWrong)?;
        ensure(entry.hash == entry.canonical_hash(), Fault::HashWrong)?;
        ensure(entry.block >= self.block, Fault::BlockFell)?;
        ensure(!entry.changes.is_empty(), Fault::NothingChanged)?;
        for change in &entry.changes {
            self.change(entry.block, &entry.owner, *change)?;
        }
        self.block = entry.block;
        self.head = entry.head().ok_or(Fault::IndexWrong)?;
        Ok(())
    }

    fn change(&mut self, block: BlockNumber, owner: &AccountId, change: Change) -> Result<(), Fault> {
        match change {
            Change::Registered {
                key,
                scheme,
                capabilities,
            } => {
                self.enter(block, owner, key, scheme, capabilities)?;
                let active = self.count_operation(owner)?;
                active.push(key);
            }
            Change::Rotated { from, to, scheme } => {
                let capabilities = self.active(owner, &from)?.capabilities;
                self.enter(block, owner, to, scheme, capabilities)?;
                self.end(block, owner, &from, KeyStatus::RotatedOut { to })?;
                let active = self.count_operation(owner)?;
                active.iter_mut().filter(|key| **key == from).for_each(|key| *key = to);
            }
            Change::CapabilitiesSet { key, capabilities } => {
                self.active(owner, &key)?.capabilities = capabilities;
                self.count_operation(owner)?;
            }
            Change::Revoked { key } => {
                self.end(block, owner, &key, KeyStatus::Revoked)?;
                self.count_operation(owner)?.retain(|one| *one != key);
            }
            Change::PqcRequired => self.protect(owner, Protection::PqcRequired, |before| {
                !matches!(before, Protection::PqcRequired)
            })?,
            Change::PqcLeaving { at, by } => {
                self.active(owner, &by)?;
                self.protect(owner, Protection::Leaving { at, by }, |before| {
                    matches!(before, Protection::PqcRequired)
                })?;
            }
            Change::PqcKept => self.protect(owner, Protection::PqcRequired, |before| {
                matches!(before, Protection::Leaving { .. })
            })?,
        }
        Ok(())
    }

    fn enter(
        &mut self,
        block: BlockNumber,
        owner: &AccountId,
        id: KeyId,
        scheme: Scheme,
        capabilities: Capabilities,
    ) -> Result<(), Fault> {
        let key = ReplayedKey {
            owner: owner.clone(),
            scheme,
            capabilities,
            status: KeyStatus::Active,
            since: block,
            ended: None,
        };
        ensure(self.keys.insert(id, key).is_none(), Fault::KeyExists)
    }

    fn active(&mut self, owner: &AccountId, id: &KeyId) -> Result<&mut ReplayedKey<AccountId>, Fault> {
        let key = self.keys.get_mut(id).ok_or(Fault::KeyUnknown)?;
        ensure(key.owner == *owner, Fault::KeyForeign)?;
        ensure(key.status == KeyStatus::Active, Fault::KeyEnded)?;
        Ok(key)
    }

    fn end(&mut self, block: BlockNumber, owner: &AccountId, id: &KeyId, status: KeyStatus) -> Result<(), Fault> {
        let key = self.active(owner, id)?;
        key.status = status;
        key.ended = Some(block);
        Ok(())
    }

    /// Counts an operation of an account and gives its active keys.
    fn count_operation(&mut self, owner: &AccountId) -> Result<&mut Vec<KeyId>, Fault> {
        let owner = self.owners.entry(owner.clone()).or_default();
        owner.nonce = owner.nonce.checked_add(1).ok_or(Fault::NonceOutOfRange)?;
        Ok(&mut owner.keys)
    }

    fn protect(
        &mut self,
        owner: &AccountId,
        protection: Protection,
        may_follow: impl FnOnce(&Protection) -> bool,
    ) -> Result<(), Fault> {
        let owner = self.owners.get_mut(owner).ok_or(Fault::ProtectionWrong)?;
        ensure(may_follow(&owner.protection), Fault::ProtectionWrong)?;
        owner.protection = protection;
        Ok(())
    }
}

fn ensure(holds: bool, otherwise: Fault) -> Result<(), Fault> {
    if holds {
        Ok(())
    } else {
        Err(otherwise)
    }
}
