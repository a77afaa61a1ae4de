//! A genesis with many accounts: the load accounts, put into a raw chain spec, with FLX out of the treasury. The totals that the
//! meter keeps are moved with it, so that the laws hold in the first block already.

use serde_json::{Map, Value as Json};
use sp_crypto_hashing::blake2_256;

use crate::accounts::Account;
use crate::{hex, storage, Error, Result};

/// The treasury's account: `modl`, the pallet id, zeros.
const TREASURY: &[u8; 12] = b"modlqc/trsry";
/// Shards of the presets.
const SHARDS: u8 = 5;
/// `Home` in SCALE.
const GROUND: &[u8] = &[1];
/// Where the free balance stands in `System::Account`.
const FREE: std::ops::Range<usize> = 16..32;

/// Adds `accounts` with `plancks` of FLX each to the raw chain spec `spec`. Errors: the spec is not raw, or not of this chain,
/// or the treasury has not as much.
pub fn add(spec: &mut Json, accounts: &[Account], plancks: u128) -> Result<()> {
    let top = spec.pointer_mut("/genesis/raw/top").and_then(Json::as_object_mut);
    let top = top.ok_or_else(|| odd("it is no raw chain spec"))?;
    let mut treasury = [0; 32];
    treasury[..TREASURY.len()].copy_from_slice(TREASURY);
    let treasury_key = storage::account(&treasury);
    let mut template = read(top, &treasury_key)?;
    if template.len() < FREE.end {
        return Err(odd("its treasury is no account"));
    }
    let count = u128::try_from(accounts.len()).unwrap_or(u128::MAX);
    let spent = count
        .checked_mul(plancks)
        .ok_or_else(|| odd("so much FLX there is not"))?;
    change(top, &treasury_key, FREE, |free| free.checked_sub(spent))?;
    // A runtime with plain Balances, to measure against, has no meter.
    let is_metered = top.contains_key(&hex::encode(&total_key(GROUND)));
    if is_metered {
        change(top, &total_key(GROUND), 0..16, |total| total.checked_sub(spent))?;
    }

    template[..16].fill(0);
    template[8] = 1; // one provider: its own balance
    template[FREE].copy_from_slice(&plancks.to_le_bytes());
    let value = hex::encode(&template);
    let mut residents = [0u128; SHARDS as usize];
    for account in accounts {
        let key = hex::encode(&storage::account(&account.id));
        if top.insert(key, Json::String(value.clone())).is_some() {
            return Err(odd("it has one of the accounts already"));
        }
        residents[usize::from(home(&account.id))] += 1;
    }
    for (shard, count) in (0..SHARDS).zip(residents).filter(|_| is_metered) {
        change(top, &total_key(&[0, shard]), 0..16, |total| {
            total.checked_add(count * plancks)
        })?;
    }
    Ok(())
}

/// The home shard of an account that never moved: its hash as a big-endian number, modulo the number of shards.
fn home(who: &[u8; 32]) -> u8 {
    let rest = blake2_256(who)
        .iter()
        .fold(0u16, |rest, byte| (rest * 256 + u16::from(*byte)) % u16::from(SHARDS));
    u8::try_from(rest).unwrap_or(0)
}

fn total_key(home: &[u8]) -> Vec<u8> {
    [storage::item("Economy", "FlxTotals"), home.to_vec()].concat()
}

fn odd(detail: &str) -> Error {
    Error::Answer {
        method: "the chain spec".into(),
        detail: detail.into(),
    }
}

fn read(top: &Map<String, Json>, key: &[u8]) -> Result<Vec<u8>> {
    let value = top.get(&hex::encode(key)).and_then(Json::as_str);
    hex::decode(
        "the chain spec",
        value.ok_or_else(|| odd("it lacks the treasury or the meter"))?,
    )
}

/// Changes the u128 at a place of a stored value.
fn change(
    top: &mut Map<String, Json>,
    key: &[u8],
    place: std::ops::Range<usize>,
    to: impl FnOnce(u128) -> Option<u128>,
) -> Result<()> {
    let mut value = read(top, key)?;
    let bytes = value.get_mut(place).ok_or_else(|| odd("a value is too short"))?;
    let number = <[u8; 16]>::try_from(&*bytes).map_err(|_| odd("a value is too short"))?;
    let changed = to(u128::from_le_bytes(number)).ok_or_else(|| odd("the treasury has not as much"))?;
    bytes.copy_from_slice(&changed.to_le_bytes());
    top.insert(hex::encode(key), Json::String(hex::encode(&value)));
    Ok(())
}
