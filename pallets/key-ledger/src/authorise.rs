//! What the version 1 transaction extension does here, and what others may ask about keys.

use crate::{
    types::{KeyStatus, LedgerHead},
    Authorised, Config, Head, Keys, Pallet, PublicKeys,
};
use qc_pqc::{KeyId, PublicKey, Purpose, Signature};
use qc_traits::{DebitGate, KeyInfo, KeyInspect};
use qc_types::Capabilities;

/// Why a key does not authorise a transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AuthoriseError {
    /// There is no key of this id.
    KeyUnknown,
    /// Another key took its place.
    KeyRotatedOut,
    /// It was revoked.
    KeyRevoked,
    /// It may not do what the call needs.
    CapabilityMissing,
    /// It did not sign this, on this chain.
    SignatureWrong,
}

impl<T: Config> Pallet<T> {
    /// Whom a transaction acts for that `key` signed (purpose `Transaction`) with `signature` over the genesis hash and
    /// `payload`, and whose calls need `required`. What is cheap to find is looked at first; at most one signature is
    /// verified, and only that of an active key which has the capabilities. Changes nothing.
    pub fn authorise(
        key: &KeyId,
        required: Capabilities,
        payload: &[u8],
        signature: &Signature,
    ) -> Result<T::AccountId, AuthoriseError> {
        let record = Keys::<T>::get(key).ok_or(AuthoriseError::KeyUnknown)?;
        match record.status {
            KeyStatus::Active => {}
            KeyStatus::RotatedOut { .. } => return Err(AuthoriseError::KeyRotatedOut),
            KeyStatus::Revoked => return Err(AuthoriseError::KeyRevoked),
        }
        if !record.capabilities.contains(required) {
            return Err(AuthoriseError::CapabilityMissing);
        }
        let public_key = PublicKeys::<T>::get(key).ok_or(AuthoriseError::KeyUnknown)?;
        if !Self::is_signed(&public_key, Purpose::Transaction, payload, signature) {
            return Err(AuthoriseError::SignatureWrong);
        }
        Ok(record.owner)
    }

    /// A transaction begins that [`Self::authorise`] let through: until [`Self::end`] it acts for `owner` by `key`. Counts
    /// the use.
    pub fn begin(owner: &T::AccountId, key: &KeyId) {
        Authorised::<T>::put((owner, key));
        let now = frame_system::Pallet::<T>::block_number();
        Keys::<T>::mutate_extant(key, |record| {
            // A count that cannot rise any more stays; nothing hangs on it.
            record.uses = record.uses.checked_add(1).unwrap_or(record.uses);
            record.last_used = now.try_into().ok();
        });
    }

    /// The transaction is over: nobody is authorised by a post-quantum key any more.
    pub fn end() {
        Authorised::<T>::kill();
    }

    /// The end of the chain of entries.
    pub fn head() -> LedgerHead {
        Head::<T>::get()
    }
}

impl<T: Config> KeyInspect<T::AccountId> for Pallet<T> {
    fn key(id: &KeyId) -> Option<KeyInfo<T::AccountId>> {
        Keys::<T>::get(id).map(|record| KeyInfo {
            owner: record.owner,
            capabilities: record.capabilities,
            active: record.status == KeyStatus::Active,
        })
    }

    fn public_key(id: &KeyId) -> Option<PublicKey> {
        PublicKeys::<T>::get(id)
    }

    fn requires_pqc(who: &T::AccountId) -> bool {
        Self::is_pqc_required(who)
    }

    fn authorised() -> Option<(T::AccountId, KeyId)> {
        Authorised::<T>::get()
    }
}

impl<T: Config> DebitGate<T::AccountId> for Pallet<T> {
    fn may_debit(who: &T::AccountId) -> bool {
        !Self::is_pqc_required(who) || Authorised::<T>::get().is_some_and(|(owner, _)| owner == *who)
    }
}
