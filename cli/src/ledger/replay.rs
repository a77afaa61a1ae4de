//! Replays exported entries (law KEY-1): recomputes every hash, the head, and the state of every key and account.
//!
//! Written from the rules of docs/protocol/keys.md, since a client leans on no pallet; `scripts/replay-key-ledger.py` and
//! the chain's own replay are to come to the same.

use super::entry::{Change, Entry, Head};
use qc_pqc::{KeyId, Scheme};
use qc_types::Capabilities;
use serde::Serialize;
use std::collections::BTreeMap;
use subxt::config::substrate::H256;
use thiserror::Error;

/// The most changes that one entry has.
const CHANGES_MAX: usize = 9;

/// The first entry that does not hold.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("entry {at} does not hold: {fault}")]
pub struct ReplayError {
    /// Its place, from 0.
    pub at: usize,
    /// What is wrong with it.
    pub fault: &'static str,
}

/// Whether a key is active, as JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum ReplayedStatus {
    Active(()),
    RotatedOut { to: KeyId },
    Revoked(()),
}

/// A key, as far as entries tell.
#[derive(Clone, Copy, Debug, Serialize)]
struct ReplayedKey {
    id: KeyId,
    owner: H256,
    scheme: Scheme,
    capabilities: u8,
    status: ReplayedStatus,
    since: u32,
    ended: Option<u32>,
}

/// How an account is protected, as JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum ReplayedProtection {
    Classical(()),
    PqcRequired(()),
    Leaving { at: u32, by: KeyId },
}

/// An account, as far as entries tell.
#[derive(Clone, Debug, Serialize)]
struct ReplayedOwner {
    owner: H256,
    nonce: u32,
    keys: Vec<KeyId>,
    protection: ReplayedProtection,
}

/// What the entries so far come to.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// The end of the chain.
    pub head: Head,
    block: u32,
    keys: BTreeMap<KeyId, ReplayedKey>,
    owners: BTreeMap<H256, ReplayedOwner>,
}

type Fault<T> = Result<T, &'static str>;

fn need(holds: bool, otherwise: &'static str) -> Fault<()> {
    if holds {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// Replays entries from the first on.
pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Replay, ReplayError> {
    let mut state = Replay::default();
    for (at, entry) in entries.into_iter().enumerate() {
        state.apply(entry).map_err(|fault| ReplayError { at, fault })?;
    }
    Ok(state)
}

impl Replay {
    /// How many keys there ever were.
    pub fn keys_ever(&self) -> usize {
        self.keys.len()
    }

    /// How many of them are active.
    pub fn keys_active(&self) -> usize {
        let active = |key: &&ReplayedKey| key.status == ReplayedStatus::Active(());
        self.keys.values().filter(active).count()
    }

    /// How many accounts ever had a key.
    pub fn owners(&self) -> usize {
        self.owners.len()
    }

    /// All of it as JSON: head, keys, owners.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "head": self.head,
            "keys": self.keys.values().collect::<Vec<_>>(),
            "owners": self.owners.values().collect::<Vec<_>>(),
        })
    }

    /// Applies the next entry.
    fn apply(&mut self, entry: &Entry) -> Fault<()> {
        need(
            entry.changes.len() <= CHANGES_MAX,
            "it has more changes than an entry can have",
        )?;
        need(
            entry.index == self.head.count,
            "its index is not the number of entries before it",
        )?;
        need(
            entry.previous == self.head.hash,
            "its previous hash is not that of the entry before it",
        )?;
        need(
            entry.hash == entry.canonical_hash(),
            "its hash is not that of its canonical encoding",
        )?;
        need(
            entry.block >= self.block,
            "its block is before the block of the entry before it",
        )?;
        need(!entry.changes.is_empty(), "it changes nothing")?;
        for change in &entry.changes {
            self.change(entry.block, entry.owner, *change)?;
        }
        self.block = entry.block;
        self.head = Head {
            count: entry
                .index
                .checked_add(1)
                .ok_or("its index is the last that there can be")?,
            hash: entry.hash,
        };
        Ok(())
    }

    fn change(&mut self, block: u32, owner: H256, change: Change) -> Fault<()> {
        match change {
            Change::Registered {
                key,
                scheme,
                capabilities,
            } => {
                self.enter(block, owner, key, scheme, capabilities)?;
                self.operation(owner)?.keys.push(key);
            }
            Change::Rotated { from, to, scheme } => {
                let capabilities = self.active(owner, from)?.capabilities;
                self.enter(block, owner, to, scheme, capabilities)?;
                self.end(block, owner, from, ReplayedStatus::RotatedOut { to })?;
                let keys = &mut self.operation(owner)?.keys;
                keys.iter_mut().filter(|key| **key == from).for_each(|key| *key = to);
            }
            Change::CapabilitiesSet { key, capabilities } => {
                check_capabilities(capabilities)?;
                self.active(owner, key)?.capabilities = capabilities;
                self.operation(owner)?;
            }
            Change::Revoked { key } => {
                self.end(block, owner, key, ReplayedStatus::Revoked(()))?;
                self.operation(owner)?.keys.retain(|one| *one != key);
            }
            Change::PqcRequired(()) => {
                let after = ReplayedProtection::PqcRequired(());
                self.protect(owner, after, |before| before != after)?;
            }
            Change::PqcLeaving { at, by } => {
                self.active(owner, by)?;
                let before = ReplayedProtection::PqcRequired(());
                self.protect(owner, ReplayedProtection::Leaving { at, by }, |found| found == before)?;
            }
            Change::PqcKept(()) => self.protect(owner, ReplayedProtection::PqcRequired(()), |before| {
                matches!(before, ReplayedProtection::Leaving { .. })
            })?,
        }
        Ok(())
    }

    fn enter(&mut self, block: u32, owner: H256, id: KeyId, scheme: Scheme, capabilities: u8) -> Fault<()> {
        check_capabilities(capabilities)?;
        let key = ReplayedKey {
            id,
            owner,
            scheme,
            capabilities,
            status: ReplayedStatus::Active(()),
            since: block,
            ended: None,
        };
        let before = self.keys.insert(id, key);
        need(before.is_none(), "it makes a key of an id that was used before")
    }

    fn active(&mut self, owner: H256, id: KeyId) -> Fault<&mut ReplayedKey> {
        let key = self
            .keys
            .get_mut(&id)
            .ok_or("it names a key that was never registered")?;
        need(key.owner == owner, "it changes a key of another account")?;
        need(
            key.status == ReplayedStatus::Active(()),
            "it changes a key that was rotated out or revoked before",
        )?;
        Ok(key)
    }

    fn end(&mut self, block: u32, owner: H256, id: KeyId, status: ReplayedStatus) -> Fault<()> {
        let key = self.active(owner, id)?;
        key.status = status;
        key.ended = Some(block);
        Ok(())
    }

    /// Counts an operation of an account.
    fn operation(&mut self, owner: H256) -> Fault<&mut ReplayedOwner> {
        let account = self.owners.entry(owner).or_insert_with(|| ReplayedOwner {
            owner,
            nonce: 0,
            keys: Vec::new(),
            protection: ReplayedProtection::Classical(()),
        });
        let next = account.nonce.checked_add(1);
        account.nonce = next.ok_or("it is one operation more than a nonce can count")?;
        Ok(account)
    }

    fn protect(
        &mut self,
        owner: H256,
        after: ReplayedProtection,
        may_follow: impl FnOnce(ReplayedProtection) -> bool,
    ) -> Fault<()> {
        const WRONG: &str = "it changes protection as it cannot from where it stood";
        let account = self.owners.get_mut(&owner).ok_or(WRONG)?;
        need(may_follow(account.protection), WRONG)?;
        account.protection = after;
        Ok(())
    }
}

fn check_capabilities(byte: u8) -> Fault<()> {
    need(
        Capabilities::from_bits(byte).is_some(),
        "a capability that there is not",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALICE: H256 = H256([0xa1; 32]);
    const BOB: H256 = H256([0xb0; 32]);

    fn id(byte: u8) -> KeyId {
        KeyId([byte; 32])
    }

    fn registered(byte: u8) -> Change {
        Change::Registered {
            key: id(byte),
            scheme: Scheme::MlDsa87,
            capabilities: 65,
        }
    }

    /// A chain of entries, each of one account.
    fn chain(steps: &[(u32, H256, &[Change])]) -> Vec<Entry> {
        let (mut previous, mut entries) = (H256::default(), Vec::new());
        for (at, (block, owner, changes)) in steps.iter().enumerate() {
            let mut entry = Entry {
                index: u64::try_from(at).unwrap(),
                previous,
                block: *block,
                owner: *owner,
                changes: changes.to_vec(),
                hash: H256::default(),
            };
            entry.hash = entry.canonical_hash();
            previous = entry.hash;
            entries.push(entry);
        }
        entries
    }

    fn a_life() -> Vec<Entry> {
        let rotated = Change::Rotated {
            from: id(1),
            to: id(3),
            scheme: Scheme::MlDsa87,
        };
        chain(&[
            (5, ALICE, &[registered(1)]),
            (5, BOB, &[registered(9)]),
            (
                6,
                ALICE,
                &[
                    registered(2),
                    Change::CapabilitiesSet {
                        key: id(2),
                        capabilities: 64,
                    },
                ],
            ),
            (7, ALICE, &[Change::PqcRequired(())]),
            (9, ALICE, &[Change::PqcLeaving { at: 77, by: id(1) }]),
            (9, ALICE, &[rotated, Change::PqcKept(())]),
            (12, ALICE, &[Change::Revoked { key: id(2) }]),
        ])
    }

    #[test]
    fn a_life_comes_to_its_head_and_state() {
        let entries = a_life();
        let state = replay(&entries).unwrap();
        assert_eq!((state.head.count, state.head.hash), (7, entries[6].hash));
        assert_eq!((state.keys_ever(), state.keys_active(), state.owners()), (4, 2, 2));
        let json = state.to_json();
        assert_eq!(json["owners"][0]["keys"], serde_json::json!([id(3)]));
        assert_eq!(json["owners"][0]["nonce"], 5, "protection is no operation");
        assert_eq!(
            json["owners"][0]["protection"],
            serde_json::json!({ "pqcRequired": null })
        );
        assert_eq!(
            json["keys"][0]["status"],
            serde_json::json!({ "rotatedOut": { "to": id(3) } })
        );
        assert_eq!(json["keys"][1]["status"], serde_json::json!({ "revoked": null }));
    }

    /// The hash of the first entry of `a_life`, computed by `scripts/replay-key-ledger.py`'s `canonical` and `hashlib`.
    #[test]
    fn the_hash_is_what_another_implementation_computes() {
        let first = &a_life()[0];
        assert_eq!(
            hex::encode(first.hash.0),
            "96abf2a84e40c69a2c3a5a6f8aa9d539fe6aa86df28244b008be5e1d3a7d04c1",
            "{}",
            hex::encode(first.canonical())
        );
    }

    #[test]
    fn the_json_is_read_back_and_nothing_else() {
        let entries = a_life();
        let text = serde_json::to_string(&entries).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Entry>>(&text).unwrap(), entries);
        assert!(
            text.contains(r#"{"pqcRequired":null}"#) && text.contains(r#""scheme":"MlDsa87""#),
            "{text}"
        );
        for wrong in [
            text.replacen("\"index\":0", "\"index\":0,\"more\":1", 1),
            text.replacen("MlDsa87", "Falcon", 1),
            text.replacen("pqcRequired", "pqcForbidden", 1),
            text.replacen("\"block\":5", "\"block\":4294967296", 1),
        ] {
            assert!(serde_json::from_str::<Vec<Entry>>(&wrong).is_err(), "{wrong}");
        }
    }

    /// Each fault by name; an entry sealed anew after it was changed is caught by its successor or by the rules.
    #[test]
    fn what_cannot_be_is_named() {
        let fault = |entries: &[Entry]| replay(entries).map(|_| ()).unwrap_err().fault;
        let mut cut = a_life();
        cut.remove(1);
        assert!(fault(&cut).contains("index"));
        let mut sealed = a_life();
        sealed[1].block = 6;
        sealed[1].hash = sealed[1].canonical_hash();
        assert_eq!(replay(&sealed).map(|_| ()).unwrap_err().at, 2);
        let one = |changes: &[Change]| fault(&chain(&[(5, ALICE, &[registered(1)]), (5, BOB, changes)]));
        assert!(one(&[registered(1)]).contains("used before"));
        assert!(one(&[Change::Revoked { key: id(1) }]).contains("another account"));
        assert!(one(&[Change::Revoked { key: id(7) }]).contains("never registered"));
        assert!(one(&[
            registered(2),
            Change::Revoked { key: id(2) },
            Change::Revoked { key: id(2) }
        ])
        .contains("rotated out or revoked"));
        assert!(one(&[Change::PqcKept(())]).contains("protection"));
        assert!(one(&[registered(2), Change::PqcKept(())]).contains("protection"));
        assert!(one(&[]).contains("nothing"));
        assert!(one(&[registered(2); 10]).contains("more changes"));
        assert!(one(&[Change::Registered {
            key: id(2),
            scheme: Scheme::MlDsa87,
            capabilities: 128
        }])
        .contains("capability"));
        assert!(fault(&chain(&[(5, ALICE, &[registered(1)]), (4, ALICE, &[registered(2)])])).contains("block"));
    }

    proptest! {
        /// No byte of an exported ledger can be changed without being found out.
        #[test]
        fn whatever_is_changed_is_found_out(at in 0usize..7, byte in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut entries = a_life();
            let entry = &mut entries[at];
            let mut fields = [entry.previous.0, entry.owner.0, entry.hash.0].concat();
            let place = byte.index(fields.len());
            fields[place] ^= 1 << bit;
            entry.previous = H256::from_slice(&fields[..32]);
            entry.owner = H256::from_slice(&fields[32..64]);
            entry.hash = H256::from_slice(&fields[64..]);
            prop_assert!(replay(&entries).is_err());
        }
    }
}
