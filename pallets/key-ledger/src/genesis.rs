//! The keys of the genesis.

use crate::{draft::Draft, types::KEYS_PER_OWNER_MAX, Config, Pallet};
use alloc::collections::{BTreeMap, BTreeSet};
use core::fmt;
use frame_support::pallet_prelude::DispatchResult;
use qc_pqc::{KeyId, PublicKey};
use qc_types::Capabilities;

/// What is wrong with the keys of a genesis.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GenesisFault {
    /// This key is named twice.
    KeyTwice(KeyId),
    /// The account of this key has more than [`KEYS_PER_OWNER_MAX`].
    TooManyKeys(KeyId),
}

impl fmt::Display for GenesisFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyTwice(key) => write!(formatter, "the key {key} is named twice"),
            Self::TooManyKeys(key) => write!(
                formatter,
                "the account of the key {key} has more than {KEYS_PER_OWNER_MAX} keys"
            ),
        }
    }
}

/// Whether a genesis can be built with these keys, and if not, the first that is one too many.
pub fn check_genesis_keys<AccountId: Ord>(keys: &[(AccountId, PublicKey, Capabilities)]) -> Result<(), GenesisFault> {
    let mut seen = BTreeSet::new();
    let mut counts = BTreeMap::<&AccountId, u32>::new();
    for (owner, public_key, _) in keys {
        let key = KeyId::of(public_key);
        if !seen.insert(key) {
            return Err(GenesisFault::KeyTwice(key));
        }
        let count = counts.entry(owner).or_default();
        *count = count
            .checked_add(1)
            .filter(|count| *count <= KEYS_PER_OWNER_MAX)
            .ok_or(GenesisFault::TooManyKeys(key))?;
    }
    Ok(())
}

impl<T: Config> Pallet<T> {
    /// Makes an entry of each, in their order.
    pub(crate) fn build_genesis(keys: &[(T::AccountId, PublicKey, Capabilities)]) -> DispatchResult {
        for (owner, public_key, capabilities) in keys {
            let mut draft = Draft::<T>::open_free(owner.clone())?;
            draft.register_unproved(public_key.clone(), *capabilities)?;
            draft.close()?;
        }
        Ok(())
    }
}
