//! What wallets and dApps may ask of the economy without a transaction.

// The macro repeats the bound of the trait on each of its methods.
#![allow(clippy::multiple_bound_locations)]

use crate::types::HomeTotals;
use alloc::vec::Vec;
use codec::Codec;
use qc_types::{Balance, Home, TokenId};

sp_api::decl_runtime_apis! {
    /// Totals and limits of the five tokens.
    pub trait EconomyApi<AccountId: Codec> {
        /// Total issuance of each token in plancks, in the order of `TokenId::ALL`.
        fn totals() -> Vec<(TokenId, Balance)>;

        /// FLX and CHR of every shard by ascending number, then of the ground.
        fn shard_totals() -> Vec<HomeTotals>;

        /// Where what an account holds is counted. Every account has a home, also one that does not exist yet.
        fn home_shard(who: AccountId) -> Home;

        /// How much of a token the account could send away now, in plancks; 0 if it does not exist.
        fn transferable(who: AccountId, token: TokenId) -> Balance;
    }
}
