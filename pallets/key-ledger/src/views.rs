//! What the runtime API shows.

use crate::{
    types::{Entry, KeyView, OwnerView, PAGE_ENTRIES_MAX},
    Config, Entries, Head, Keys, Owners, Pallet, PublicKeys,
};
use alloc::vec::Vec;
use qc_pqc::KeyId;

impl<T: Config> Pallet<T> {
    /// A key; `None` if there never was one of that id.
    pub fn key_view(id: KeyId) -> Option<KeyView<T::AccountId>> {
        Keys::<T>::get(id).map(|record| KeyView {
            id,
            record,
            public_key: PublicKeys::<T>::get(id),
        })
    }

    /// What the ledger has of an account; of one that never had a key, nothing.
    pub fn owner_view(who: &T::AccountId) -> OwnerView<T::AccountId> {
        let owner = Owners::<T>::get(who).unwrap_or_default();
        OwnerView {
            nonce: owner.nonce,
            protection: owner.protection,
            requires_pqc: Self::is_protected(&owner.protection),
            deposit: owner.deposit,
            keys: owner
                .keys
                .into_iter()
                .filter_map(|id| Keys::<T>::get(id).map(|record| (id, record)))
                .collect(),
        }
    }

    /// Up to `count` entries from index `from` on, at most [`PAGE_ENTRIES_MAX`]; fewer where the chain ends.
    pub fn entries_page(from: u64, count: u32) -> Vec<Entry<T::AccountId>> {
        let count = u64::from(count.min(PAGE_ENTRIES_MAX));
        // argued: the chain ends long before the type does
        let end = from.saturating_add(count).min(Head::<T>::get().count);
        (from..end).filter_map(Entries::<T>::get).collect()
    }
}
