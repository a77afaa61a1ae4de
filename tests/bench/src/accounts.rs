//! Load accounts: derived, funded, and their nonces read.

use std::str::FromStr;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use subxt::ext::scale_value::Value;
use subxt_signer::sr25519::{dev, Keypair};
use subxt_signer::{DeriveJunction, SecretUri};

use crate::chain::{address, Chain};
use crate::rpc::Rpc;
use crate::{hex, storage, Error, Result};

/// Transfers in one funding transaction.
const TRANSFERS_PER_BATCH: usize = 100;
/// Funding transactions in the pool at a time.
const BATCHES_AT_ONCE: usize = 200;
/// Storage keys asked for in one request.
const KEYS_PER_REQUEST: usize = 500;
/// Longest wait for one round of funding.
const ROUND_SECONDS_MAX: u64 = 120;
/// Plancks in one FLX.
pub const FLX: u128 = 1_000_000_000_000;

/// An account that sends load.
pub struct Account {
    /// Its key.
    pub key: Keypair,
    /// Its public key, which is its address.
    pub id: [u8; 32],
    /// Its next nonce.
    pub nonce: u32,
    /// Its free FLX, in plancks.
    pub free: u128,
}

/// The development phrase with `//load//N`, for N below `count`: the same accounts on each run.
pub fn derive(count: u32) -> Result<Vec<Account>> {
    derive_family("load", count)
}

/// As [`derive()`], with another word than `load`, so that two runs at once have different accounts.
pub fn derive_family(family: &str, count: u32) -> Result<Vec<Account>> {
    let uri = SecretUri::from_str(&format!("//{family}")).map_err(|error| Error::Key(error.to_string()))?;
    let parent = Keypair::from_uri(&uri).map_err(|error| Error::Key(error.to_string()))?;
    let accounts = (0..count)
        .map(|index| {
            let key = parent.derive([DeriveJunction::hard(index)]);
            let id = key.public_key().0;
            Account {
                key,
                id,
                nonce: 0,
                free: 0,
            }
        })
        .collect();
    Ok(accounts)
}

/// Reads nonces and balances at the best block.
pub async fn refresh(rpc: &Rpc, accounts: &mut [Account]) -> Result<()> {
    let method = "state_queryStorageAt";
    for chunk in accounts.chunks_mut(KEYS_PER_REQUEST) {
        let keys: Vec<String> = chunk
            .iter()
            .map(|account| hex::encode(&storage::account(&account.id)))
            .collect();
        let answer = rpc.call(method, vec![keys.into()]).await?;
        let changes = answer
            .pointer("/0/changes")
            .and_then(Json::as_array)
            .ok_or_else(|| Error::Answer {
                method: method.into(),
                detail: "no changes".into(),
            })?;
        for (account, change) in chunk.iter_mut().zip(changes) {
            let value = change.get(1).and_then(Json::as_str);
            let value = value.map(|text| hex::decode(method, text)).transpose()?;
            (account.nonce, account.free) = value.as_deref().and_then(storage::nonce_and_free).unwrap_or_default();
        }
    }
    Ok(())
}

/// Reads the next nonces, counting what waits in the node's pool.
pub async fn refresh_nonces(rpc: &Rpc, accounts: &mut [Account]) -> Result<()> {
    for account in accounts {
        account.nonce = next_nonce(rpc, &account.key).await?;
    }
    Ok(())
}

/// The next nonce of an account, counting what waits in the node's pool.
pub async fn next_nonce(rpc: &Rpc, key: &Keypair) -> Result<u32> {
    let method = "system_accountNextIndex";
    let answer = rpc
        .call(method, vec![key.public_key().to_account_id().to_string().into()])
        .await?;
    let nonce = answer.as_u64().and_then(|nonce| u32::try_from(nonce).ok());
    nonce.ok_or_else(|| Error::Answer {
        method: method.into(),
        detail: answer.to_string(),
    })
}

/// Brings each account to `plancks` of free FLX at least, out of Alice's, in batches, round by round. How many were short.
pub async fn fund(rpc: &Rpc, chain: &Chain, accounts: &mut [Account], plancks: u128) -> Result<usize> {
    refresh(rpc, accounts).await?;
    let short: Vec<[u8; 32]> = accounts.iter().filter(|a| a.free < plancks).map(|a| a.id).collect();
    let alice = dev::alice();
    let mut nonce = read_one(rpc, &alice.public_key().0).await?.0;
    for round in short.chunks(TRANSFERS_PER_BATCH * BATCHES_AT_ONCE) {
        for batch in round.chunks(TRANSFERS_PER_BATCH) {
            let transfers = batch
                .iter()
                .map(|id| {
                    chain.call(
                        "Balances",
                        "transfer_allow_death",
                        vec![address(id), Value::u128(plancks * 2)],
                    )
                })
                .collect::<Result<Vec<_>>>()?;
            let call = chain.batch_all(&transfers)?;
            rpc.submit(&chain.sign(&alice, &call, &chain.plain(nonce))).await?;
            nonce += 1;
        }
        wait_until_funded(rpc, round, plancks).await?;
    }
    refresh(rpc, accounts).await?;
    Ok(short.len())
}

/// Nonce and free FLX of one account, zeros if there is none.
pub async fn read_one(rpc: &Rpc, who: &[u8; 32]) -> Result<(u32, u128)> {
    let value = rpc.storage(&storage::account(who), None).await?;
    Ok(value.as_deref().and_then(storage::nonce_and_free).unwrap_or_default())
}

async fn wait_until_funded(rpc: &Rpc, round: &[[u8; 32]], plancks: u128) -> Result<()> {
    let Some(last) = round.last() else { return Ok(()) };
    let start = Instant::now();
    while start.elapsed().as_secs() < ROUND_SECONDS_MAX {
        if read_one(rpc, last).await?.1 >= plancks {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(Error::TimedOut {
        what: "the load accounts' FLX".into(),
        seconds: ROUND_SECONDS_MAX,
    })
}
