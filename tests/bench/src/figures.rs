//! What a post-quantum key and its transactions cost on a running node: bytes on the wire and in state, the deposit, and how
//! long the runtime, in the node's Wasm executor, takes to validate a transaction whose signature the node's cache knows or
//! does not know.
//!
//! Time is that of `state_call` of `TaggedTransactionQueue_validate_transaction`, one call after the other on one connection.
//! The same call on the same transaction a second time differs from the first by one thing: the signature is in the cache. So
//! the difference of the two is what the cache saves, and everything else (RPC, instance, decoding, state) cancels out.

use std::time::{Duration, Instant};

use codec::Encode;
use serde::Serialize;
use serde_json::Value as Json;

use crate::accounts::{self, Account, FLX};
use crate::by_key::{self, record_item, LoadKey};
use crate::chain::Chain;
use crate::compare::median;
use crate::kind::Kind;
use crate::rpc::Rpc;
use crate::{hex, storage, Error, Result};

/// The word under which the measured accounts are derived.
const FAMILY: &str = "figures";
/// The account whose key is measured, and one that is paid.
const ACCOUNTS: u32 = 2;
/// Whole FLX that they have.
const FUND: u128 = 20;
/// Calls before anything is timed.
const WARM_UP: usize = 20;
/// Keys of one page.
const PAGE: u64 = 1_000;
/// Wait between two looks at the head.
const PAUSE: Duration = Duration::from_millis(500);
/// `TransactionSource::External`.
const EXTERNAL: u8 = 2;
/// Begins a valid answer: `Ok`.
const VALID: u8 = 0;
/// Where a version 1 transaction's signature begins: length (2), format and version (2), key (32), scheme (1).
const SIGNATURE_AT: usize = 37;

/// A storage item that a registration added.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Pallet and name, or the prefix if we do not know it.
    pub name: String,
    /// Bytes of its key.
    pub key_bytes: usize,
    /// Bytes of its value.
    pub value_bytes: usize,
}

/// Median microseconds of a validation, by what signed it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Microseconds {
    /// A post-quantum signature that is not in the cache.
    pub ml_dsa_cold: f64,
    /// The same one once more.
    pub ml_dsa_cached: f64,
    /// A post-quantum signature that is wrong in its first byte: verified to the end each time, since failures are not kept.
    pub ml_dsa_wrong: f64,
    /// The transaction of the classical key that moves the same.
    pub classical: f64,
    /// `Core_version`: the call itself, hardly any runtime.
    pub nothing: f64,
}

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The runtime's name and version.
    pub runtime: String,
    /// Bytes of a transfer that a classical key signed, length prefix included.
    pub classical_bytes: usize,
    /// Bytes of the same transfer that a post-quantum key signed.
    pub ml_dsa_bytes: usize,
    /// Bytes of the transaction that registers a key.
    pub registration_bytes: usize,
    /// What a first registration added to the state.
    pub items: Vec<Item>,
    /// Plancks held for it.
    pub deposit: u128,
    /// Times, medians.
    pub microseconds: Microseconds,
}

/// Measures with `count` transactions, none of which is sent. Errors: the chain has the key already, or refuses what it should
/// not.
pub async fn measure(url: &str, count: u32) -> Result<Figures> {
    let rpc = Rpc::connect(url).await?;
    let chain = Chain::read(&rpc).await?;
    let mut accounts = accounts::derive_family(FAMILY, ACCOUNTS)?;
    accounts::fund(&rpc, &chain, &mut accounts, FUND * FLX).await?;
    let [owner, receiver] = &accounts[..] else {
        return Err(odd("no two accounts".into()));
    };
    let key = LoadKey::of(&owner.id);
    if rpc.storage(&record_item(&key.id), None).await?.is_some() {
        return Err(odd("the key is registered already: a fresh chain is needed".into()));
    }
    let before = State::read(&rpc, &owner.id).await?;
    let call = chain.register_key(&owner.id, 0, &key)?;
    let registration_bytes = chain.sign(&owner.key, &call, &chain.plain(owner.nonce)).len();
    by_key::register(&rpc, &chain, url, &accounts[..1], std::slice::from_ref(&key)).await?;
    let after = State::read(&rpc, &owner.id).await?;
    let deposit = after.reserved.checked_sub(before.reserved);
    let items = after
        .items
        .into_iter()
        .filter(|(key, _)| !before.items.iter().any(|(old, _)| old == key));
    let items = items.map(|(key, value_bytes)| item(&key, value_bytes)).collect();

    let transfers = Transfers::sign(&rpc, &chain, owner, &receiver.id, &key, count).await?;
    let shown = transfers.classical.first().zip(transfers.by_key.first());
    let (classical_bytes, ml_dsa_bytes) = shown.map_or((0, 0), |(classical, by_key)| (classical.len(), by_key.len()));
    let public = key.secret.public().as_bytes();
    if transfers
        .by_key
        .iter()
        .any(|bytes| bytes.windows(64).any(|window| Some(window) == public.get(..64)))
    {
        return Err(odd("a transaction carries the public key".into()));
    }
    Ok(Figures {
        runtime: format!("{} {}", chain.spec_name, chain.spec_version),
        classical_bytes,
        ml_dsa_bytes,
        registration_bytes,
        items,
        deposit: deposit.ok_or_else(|| odd("registering freed FLX".into()))?,
        microseconds: transfers.time(&rpc).await?,
    })
}

fn odd(detail: String) -> Error {
    Error::Answer {
        method: "--key-figures".into(),
        detail,
    }
}

/// What the chain keeps that a registration can add to, and what the owner has reserved.
struct State {
    items: Vec<(String, usize)>,
    reserved: u128,
}

impl State {
    async fn read(rpc: &Rpc, owner: &[u8; 32]) -> Result<Self> {
        let at = hex::encode(&rpc.block_hash(rpc.best_height().await?).await?.unwrap_or_default());
        let mut items = Vec::new();
        for pallet in ["KeyLedger", "Balances"] {
            let prefix = hex::encode(&sp_crypto_hashing::twox_128(pallet.as_bytes()));
            let page = vec![prefix.into(), PAGE.into(), Json::Null, at.clone().into()];
            let keys = rpc.call("state_getKeysPaged", page).await?;
            for key in keys.as_array().into_iter().flatten().filter_map(Json::as_str) {
                let size = rpc
                    .call("state_getStorageSize", vec![key.into(), at.clone().into()])
                    .await?;
                let size = size.as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
                items.push((key.to_owned(), size));
            }
        }
        let account = rpc.storage(&storage::account(owner), None).await?;
        let reserved = account.as_deref().and_then(storage::reserved).unwrap_or(0);
        Ok(Self { items, reserved })
    }
}

fn item(key: &str, value_bytes: usize) -> Item {
    let known = [
        ("KeyLedger", "Keys"),
        ("KeyLedger", "PublicKeys"),
        ("KeyLedger", "Owners"),
        ("KeyLedger", "Entries"),
        ("KeyLedger", "Head"),
        ("Balances", "Holds"),
    ];
    let named = known
        .iter()
        .find(|(pallet, name)| key.starts_with(&hex::encode(&storage::item(pallet, name))));
    let name = match named {
        Some((pallet, name)) => format!("{pallet}.{name}"),
        None => key.chars().take(66).collect(),
    };
    Item {
        name,
        key_bytes: key.len().saturating_sub(2) / 2,
        value_bytes,
    }
}

/// Transactions of one account, all of the same nonce, each of another amount: each can be validated, none is sent.
struct Transfers {
    by_key: Vec<Vec<u8>>,
    classical: Vec<Vec<u8>>,
}

impl Transfers {
    async fn sign(
        rpc: &Rpc,
        chain: &Chain,
        owner: &Account,
        receiver: &[u8; 32],
        key: &LoadKey,
        count: u32,
    ) -> Result<Self> {
        let (nonce, _) = accounts::read_one(rpc, &owner.id).await?;
        let mut made = Self {
            by_key: Vec::new(),
            classical: Vec::new(),
        };
        for number in 0..count {
            let call = Kind::MlDsaTransfer.call(chain, receiver)?;
            // Another tip each, so that no two are the same; of the same length, so that they cost the same.
            let choice = crate::chain::Choice {
                tip: 1_000_000 + u128::from(number),
                ..chain.plain(nonce)
            };
            made.by_key.push(chain.sign_by_key(key, &call, &choice)?);
            made.classical.push(chain.sign(&owner.key, &call, &choice));
        }
        Ok(made)
    }

    async fn time(&self, rpc: &Rpc) -> Result<Microseconds> {
        let mut parent = Head::wait(rpc).await?;
        for bytes in self.classical.iter().take(WARM_UP) {
            validate(rpc, bytes, &parent).await?;
        }
        let mut times: [Vec<f64>; 5] = Default::default();
        for (by_key, classical) in self.by_key.iter().zip(&self.classical) {
            if parent.read_at.elapsed() > Duration::from_secs(10) {
                parent = Head::wait(rpc).await?;
            }
            let mut wrong = by_key.clone();
            if let Some(byte) = wrong.get_mut(SIGNATURE_AT) {
                *byte ^= 1;
            }
            for (place, (bytes, is_valid)) in [(by_key, true), (by_key, true), (&wrong, false), (classical, true)]
                .into_iter()
                .enumerate()
            {
                let (took, valid) = validate(rpc, bytes, &parent).await?;
                if valid != is_valid {
                    return Err(odd(format!("validating number {place} of a round: valid is {valid}")));
                }
                times[place].push(took);
            }
            let began = Instant::now();
            rpc.state_call("Core_version", &[]).await?;
            times[4].push(began.elapsed().as_secs_f64() * 1e6);
        }
        let [cold, cached, wrong, classical, nothing] = times.map(|times| median(&times).unwrap_or_default());
        Ok(Microseconds {
            ml_dsa_cold: cold,
            ml_dsa_cached: cached,
            ml_dsa_wrong: wrong,
            classical,
            nothing,
        })
    }
}

/// A block on which transactions are validated.
struct Head {
    hash: [u8; 32],
    text: String,
    read_at: Instant,
}

impl Head {
    /// Of the block that comes next, so that the author has just done its work.
    async fn wait(rpc: &Rpc) -> Result<Self> {
        let height = rpc.best_height().await?;
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            let now = rpc.best_height().await?;
            if now > height {
                let hash = rpc.block_hash(now).await?.unwrap_or_default();
                return Ok(Self {
                    hash,
                    text: hex::encode(&hash),
                    read_at: Instant::now(),
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::TimedOut {
            what: "a block".into(),
            seconds: 60,
        })
    }
}

/// Microseconds that the call took, and whether the runtime found the transaction valid.
async fn validate(rpc: &Rpc, transaction: &[u8], head: &Head) -> Result<(f64, bool)> {
    let mut arguments = EXTERNAL.encode();
    arguments.extend_from_slice(transaction);
    arguments.extend_from_slice(&head.hash);
    let function = "TaggedTransactionQueue_validate_transaction";
    let params = vec![
        function.into(),
        hex::encode(&arguments).into(),
        head.text.clone().into(),
    ];
    let began = Instant::now();
    let answer = rpc.call_text("state_call", params).await?;
    let took = began.elapsed().as_secs_f64() * 1e6;
    Ok((took, hex::decode(function, &answer)?.first() == Some(&VALID)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_key::owner_item;

    /// Catches an item that is counted under another name.
    #[test]
    fn items_are_named() {
        let owner = [7; 32];
        let key = hex::encode(&owner_item(&owner));
        let named = item(&key, 5);
        assert_eq!(
            (named.name.as_str(), named.key_bytes, named.value_bytes),
            ("KeyLedger.Owners", 80, 5)
        );
        assert!(item("0x00", 0).name.starts_with("0x00"));
    }
}
