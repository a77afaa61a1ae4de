//! Post-quantum keys of load accounts: made, registered, signing version 1 transactions (docs/protocol/keys.md).
//!
//! ```text
//! Compact(length) ‖ 0x45 ‖ 0x01 ‖ key id (32) ‖ signature (0x00 ‖ 4,627) ‖ what follows ‖ call
//! ```
//!
//! What follows carries and covers the same bytes as the extensions of version 0, so they are taken from there.

use std::sync::atomic::AtomicBool;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use codec::Encode;
use qc_pqc::{KeyId, Purpose, SecretKey};
use serde_json::Value as Json;
use sp_crypto_hashing::blake2_256;

use crate::accounts::Account;
use crate::chain::{general, hash, Chain, Choice};
use crate::rpc::Rpc;
use crate::send::{self, Plan};
use crate::sign::{sender_place, Signed};
use crate::{hex, storage, Error, Result};

/// The version of the extensions that begins with a key.
pub const EXTENSION_VERSION: u8 = 1;
/// The capabilities of a load key: TRANSFER.
const CAPABILITIES: u8 = 1;
/// Storage keys asked for in one request.
const KEYS_PER_REQUEST: usize = 500;
/// Longest wait for all registrations to be in the best block.
const REGISTRATION_SECONDS_MAX: u64 = 600;
/// Connections, and requests on each, by which registrations are sent.
const CONNECTIONS: usize = 4;
const IN_FLIGHT: usize = 32;

/// A load account's post-quantum key.
pub struct LoadKey {
    /// By what the ledger knows it.
    pub id: KeyId,
    /// The key; everybody can make it.
    pub secret: SecretKey,
}

impl LoadKey {
    /// The key of an account: its seed is a hash of the account, the same on each run.
    pub fn of(account: &[u8; 32]) -> Self {
        let seed = blake2_256(&[b"qc-load key of ", &account[..]].concat());
        let secret = SecretKey::from_seed(&seed);
        Self {
            id: KeyId::of(secret.public()),
            secret,
        }
    }
}

/// The keys of `senders` accounts of a population, in the order of the senders, made on every core.
pub fn derive(population: &[Account], senders: usize) -> Result<Vec<LoadKey>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = senders.div_ceil(workers).max(1);
    let one = |sender: usize| LoadKey::of(&population[sender_place(sender, senders, population.len())].id);
    thread::scope(|scope| {
        let handles: Vec<_> = (0..senders)
            .step_by(share)
            .map(|start| scope.spawn(move || (start..senders.min(start + share)).map(one).collect::<Vec<_>>()))
            .collect();
        let mut all = Vec::with_capacity(senders);
        for handle in handles {
            all.extend(handle.join().map_err(|_| Error::Thread("making keys".into()))?);
        }
        Ok(all)
    })
}

impl Chain {
    /// A version 1 transaction that `key` signed, length prefix included.
    pub fn sign_by_key(&self, key: &LoadKey, call: &[u8], choice: &Choice) -> Result<Vec<u8>> {
        let following = self.explicit(choice);
        let covered = [&[EXTENSION_VERSION], call, &following, &self.implicit(choice)].concat();
        let signature = key
            .secret
            .sign(Purpose::Transaction, &choice.genesis, &blake2_256(&covered))
            .map_err(|error| Error::Key(error.to_string()))?;
        let explicit = [(key.id, &signature).encode(), following].concat();
        Ok(general(EXTENSION_VERSION, &explicit, call))
    }

    /// The call that registers `key` for `owner`, whose next operation has the number `ledger_nonce`, with its proof.
    pub fn register_key(&self, owner: &[u8; 32], ledger_nonce: u32, key: &LoadKey) -> Result<Vec<u8>> {
        let missing = || Error::Metadata("no call KeyLedger.register".into());
        let pallet = self.metadata().pallet_by_name("KeyLedger").ok_or_else(missing)?;
        let call = pallet.call_variant_by_name("register").ok_or_else(missing)?;
        let public = key.secret.public();
        let payload = (owner, ledger_nonce, public, CAPABILITIES).encode();
        let proof = key
            .secret
            .sign(Purpose::Possession, &self.genesis, &payload)
            .map_err(|error| Error::Key(error.to_string()))?;
        Ok((pallet.call_index(), call.index, public, CAPABILITIES, proof).encode())
    }
}

/// Storage key of a key's record.
pub fn record_item(id: &KeyId) -> Vec<u8> {
    [storage::item("KeyLedger", "Keys"), id.encode()].concat()
}

/// Storage key of what the ledger keeps of an account.
pub fn owner_item(owner: &[u8; 32]) -> Vec<u8> {
    [storage::item("KeyLedger", "Owners"), storage::blake2_128_concat(owner)].concat()
}

/// Registers the keys of those senders whose key the ledger does not know, by classical transactions, and waits until it knows
/// them all. How many there were. The accounts' nonces are to be read again afterwards.
pub async fn register(rpc: &Rpc, chain: &Chain, url: &str, population: &[Account], keys: &[LoadKey]) -> Result<usize> {
    let owners: Vec<&Account> = (0..keys.len())
        .map(|sender| &population[sender_place(sender, keys.len(), population.len())])
        .collect();
    let known = values(rpc, keys.iter().map(|key| record_item(&key.id))).await?;
    let records = values(rpc, owners.iter().map(|owner| owner_item(&owner.id))).await?;
    let mut signed = Vec::new();
    let mut waited_for = Vec::new();
    for (((owner, key), known), record) in owners.iter().zip(keys).zip(known).zip(records) {
        if known.is_some() {
            continue;
        }
        let ledger_nonce = record.as_deref().and_then(storage::leading_u32).unwrap_or(0);
        let call = chain.register_key(&owner.id, ledger_nonce, key)?;
        let bytes = chain.sign(&owner.key, &call, &chain.plain(owner.nonce));
        let hash = hash(&bytes);
        signed.push(Signed { bytes, hash });
        waited_for.push(record_item(&key.id));
    }
    if signed.is_empty() {
        return Ok(0);
    }
    let plan = Plan {
        url: url.into(),
        connections: CONNECTIONS,
        in_flight: IN_FLIGHT,
        rate: 0,
        deadline: Instant::now() + Duration::from_secs(REGISTRATION_SECONDS_MAX),
    };
    let sent = send::all(&plan, &Arc::new(signed), &Arc::new(AtomicBool::new(false))).await?;
    if sent.given_up > 0 {
        let refusals = format!("{} of {} refused: {:?}", sent.given_up, waited_for.len(), sent.refusals);
        return Err(Error::Key(format!("registering: {refusals}")));
    }
    wait_for(rpc, &waited_for, plan.deadline).await?;
    Ok(waited_for.len())
}

async fn wait_for(rpc: &Rpc, items: &[Vec<u8>], deadline: Instant) -> Result<()> {
    let mut missing = items.to_vec();
    while Instant::now() < deadline {
        let there = values(rpc, missing.iter().cloned()).await?;
        let mut there = there.into_iter();
        missing.retain(|_| there.next().flatten().is_none());
        if missing.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(Error::TimedOut {
        what: "the load accounts' keys".into(),
        seconds: REGISTRATION_SECONDS_MAX,
    })
}

/// The values under storage keys at the best block.
async fn values(rpc: &Rpc, items: impl Iterator<Item = Vec<u8>>) -> Result<Vec<Option<Vec<u8>>>> {
    let method = "state_queryStorageAt";
    let items: Vec<String> = items.map(|item| hex::encode(&item)).collect();
    let mut all = Vec::with_capacity(items.len());
    for chunk in items.chunks(KEYS_PER_REQUEST) {
        let answer = rpc.call(method, vec![Json::from(chunk.to_vec())]).await?;
        let changes = answer.pointer("/0/changes").and_then(Json::as_array);
        let changes = changes.filter(|changes| changes.len() == chunk.len());
        let changes = changes.ok_or_else(|| Error::Answer {
            method: method.into(),
            detail: "not a change for each key".into(),
        })?;
        for change in changes {
            let value = change.get(1).and_then(Json::as_str);
            all.push(value.map(|text| hex::decode(method, text)).transpose()?);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Catches a key that depends on the run, and accounts that share one.
    #[test]
    fn an_account_has_one_key_and_no_other_has_it() {
        let (one, again, other) = (LoadKey::of(&[1; 32]), LoadKey::of(&[1; 32]), LoadKey::of(&[2; 32]));
        assert_eq!(one.id, again.id);
        assert_ne!(one.id, other.id);
    }

    /// Catches a record looked for in the wrong place: ids are not hashed, accounts are.
    #[test]
    fn items_are_where_the_ledger_keeps_them() {
        let id = KeyId([7; 32]);
        assert!(record_item(&id).ends_with(&[7; 32]));
        assert_eq!(record_item(&id).len(), 64);
        assert_eq!(owner_item(&[7; 32]).len(), 80);
    }
}
