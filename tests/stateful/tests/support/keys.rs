//! Post-quantum keys of the people on the presets, and calls of the key ledger that are proved as they must be.

use super::{chain::apply, people::signer_account, transaction::genesis};
use qc_pqc::{KeyId, Purpose, SecretKey};
use qc_runtime::{AccountId, KeyLedger, Runtime, RuntimeCall};
use qc_types::Capabilities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::generic::Era;
use std::{collections::BTreeMap, sync::OnceLock};

/// Key number `n`: the same on every run.
pub fn key(n: u8) -> SecretKey {
    SecretKey::from_seed(&[n; 32])
}

/// Id of a key.
pub fn id(key: &SecretKey) -> KeyId {
    KeyId::of(key.public())
}

/// One of the account's active keys, by any number; `None` if it has none, or none of those that [`key`] makes.
pub fn active(owner: &AccountId, n: u8) -> Option<SecretKey> {
    static NUMBERS: OnceLock<BTreeMap<KeyId, u8>> = OnceLock::new();
    let numbers = NUMBERS.get_or_init(|| (0..=u8::MAX).map(|n| (id(&key(n)), n)).collect());
    let keys = KeyLedger::owner_view(owner).keys;
    let (id, _) = keys.get(usize::from(n).checked_rem(keys.len())?)?;
    numbers.get(id).map(|n| key(*n))
}

/// The nonce of the account's next operation.
pub fn ledger_nonce(owner: &AccountId) -> u32 {
    KeyLedger::owner_view(owner).nonce
}

/// The call that registers `key` for `owner`, with the proof that it wants.
pub fn register(owner: &AccountId, key: &SecretKey, capabilities: Capabilities) -> RuntimeCall {
    let payload = qc_traits::possession_payload(owner, ledger_nonce(owner), key.public(), capabilities);
    let proof = key
        .sign_deterministic(Purpose::Possession, &genesis(), &payload)
        .expect("a key can sign");
    pallet_key_ledger::Call::<Runtime>::register {
        public_key: key.public().clone(),
        capabilities,
        proof,
    }
    .into()
}

/// The call that puts `to` in the place of `from`, signed by both.
pub fn rotate(owner: &AccountId, from: &SecretKey, to: &SecretKey) -> RuntimeCall {
    let capabilities = KeyLedger::key_view(id(from)).map_or(Capabilities::NONE, |view| view.record.capabilities);
    let nonce = ledger_nonce(owner);
    let payload = qc_traits::rotation_payload(owner, nonce, &id(from), to.public(), capabilities);
    let sign = |key: &SecretKey| {
        key.sign_deterministic(Purpose::Rotation, &genesis(), &payload)
            .expect("a key can sign")
    };
    pallet_key_ledger::Call::<Runtime>::rotate {
        from: id(from),
        public_key: to.public().clone(),
        by_old: sign(from),
        by_new: sign(to),
    }
    .into()
}

/// Registers keys 1 and 2, which may do everything, for a signer, and has the account require post-quantum keys.
pub fn protect(who: Sr25519Keyring) -> (AccountId, SecretKey, SecretKey) {
    let (owner, first, second) = (who.to_account_id(), key(1), key(2));
    for key in [&first, &second] {
        let call = register(&owner, key, Capabilities::ALL);
        assert_eq!(
            apply(&super::transaction::sign(who, call, Era::Immortal, 0)),
            Ok(Ok(()))
        );
    }
    let require = pallet_key_ledger::Call::<Runtime>::require_pqc {}.into();
    assert_eq!(
        apply(&super::transaction::sign_by_key(&owner, &first, require)),
        Ok(Ok(()))
    );
    (owner, first, second)
}

/// A transfer of one FLX to signer `n`.
pub fn pay(n: u8) -> RuntimeCall {
    pallet_balances::Call::<Runtime>::transfer_keep_alive {
        dest: signer_account(n).into(),
        value: qc_runtime::FLX,
    }
    .into()
}
