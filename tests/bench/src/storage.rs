//! Storage keys, and the few values that are read without metadata.

use sp_crypto_hashing::{blake2_128, twox_128};

/// Key of a value, or prefix of a map.
pub fn item(pallet: &str, name: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(name.as_bytes())].concat()
}

/// `Blake2_128Concat` of a map's key.
pub fn blake2_128_concat(key: &[u8]) -> Vec<u8> {
    [&blake2_128(key)[..], key].concat()
}

/// Key of `System::Account`.
pub fn account(who: &[u8; 32]) -> Vec<u8> {
    [item("System", "Account"), blake2_128_concat(who)].concat()
}

/// Key of `Assets::Account`.
pub fn asset_account(asset: u32, who: &[u8; 32]) -> Vec<u8> {
    [
        item("Assets", "Account"),
        blake2_128_concat(&asset.to_le_bytes()),
        blake2_128_concat(who),
    ]
    .concat()
}

/// Nonce and free FLX in the raw value of `System::Account` {nonce, consumers, providers, sufficients: u32, free: u128, …}.
pub fn nonce_and_free(value: &[u8]) -> Option<(u32, u128)> {
    let nonce = u32::from_le_bytes(value.get(..4)?.try_into().ok()?);
    Some((nonce, u128::from_le_bytes(value.get(16..32)?.try_into().ok()?)))
}

/// The u32 that a raw value begins with: the ledger nonce in `KeyLedger::Owners` {nonce: u32, …}.
pub fn leading_u32(value: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(value.get(..4)?.try_into().ok()?))
}

/// Reserved FLX, what is held included, in the raw value of `System::Account`.
pub fn reserved(value: &[u8]) -> Option<u128> {
    Some(u128::from_le_bytes(value.get(32..48)?.try_into().ok()?))
}

/// Balance in the raw value of `Assets::Account` {balance: u128, …}.
pub fn asset_balance(value: &[u8]) -> Option<u128> {
    Some(u128::from_le_bytes(value.get(..16)?.try_into().ok()?))
}
