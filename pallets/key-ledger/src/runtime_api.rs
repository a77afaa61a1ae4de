//! What wallets, auditors and dApps may ask of the key ledger without a transaction.

// The macro repeats the bound of the trait on each of its methods.
#![allow(clippy::multiple_bound_locations)]

use crate::types::{Entry, KeyView, LedgerHead, OwnerView};
use alloc::vec::Vec;
use codec::Codec;
use qc_pqc::KeyId;

sp_api::decl_runtime_apis! {
    /// Keys, their accounts, and the chain of entries.
    pub trait KeyLedgerApi<AccountId: Codec> {
        /// A key, whether active or not; `None` if there never was one of that id.
        fn key(id: KeyId) -> Option<KeyView<AccountId>>;

        /// An account's active keys, the nonce for its next proof, and how it is protected.
        fn keys_of(owner: AccountId) -> OwnerView<AccountId>;

        /// Up to `count` entries from index `from` on, at most 256; fewer where the chain ends.
        fn entries(from: u64, count: u32) -> Vec<Entry<AccountId>>;

        /// How many entries there are, and the hash of the last one.
        fn head() -> LedgerHead;
    }
}
