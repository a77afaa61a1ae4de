//! What wallets, operators and dApps may ask of the attunement without a transaction. Everything is as of the last closed epoch.

// The macro repeats the bound of the trait on each of its methods.
#![allow(clippy::multiple_bound_locations)]

use crate::types::{BlacklistRecord, EpochOutcome, ParticipantView, ValidatorOutcome, ValidatorView};
use alloc::vec::Vec;
use codec::Codec;
use qc_harmonics::{
    attunement::{Recalibration, ValidatorInput},
    symbols::Symbols,
};
use qc_types::EpochIndex;

sp_api::decl_runtime_apis! {
    /// Validators, participants, and how coherent they are.
    pub trait AttunementApi<AccountId: Codec> {
        /// A candidate, with a seat or without; `None` if the account is none.
        fn validator(who: AccountId) -> Option<ValidatorView>;

        /// All candidates, in the order of accounts.
        fn candidates() -> Vec<AccountId>;

        /// The running set, in the order of the session, and what the last closed epoch came to for its own set.
        fn set() -> (Vec<AccountId>, Vec<(AccountId, ValidatorOutcome)>);

        /// What the last closed epoch came to; `None` before there was one.
        fn outcome() -> Option<EpochOutcome>;

        /// Up to `count` closed epochs from epoch `from` on, at most 256; those of the last 2,016.
        fn outcomes(from: u32, count: u32) -> Vec<EpochOutcome>;

        /// A participant; `None` if the account is none.
        fn participant(who: AccountId) -> Option<ParticipantView>;

        /// What an account is blacklisted for, and until when; `None` if it is not.
        fn blacklisting(who: AccountId) -> Option<BlacklistRecord>;

        /// What is computed with.
        fn symbols() -> Symbols;

        /// What the last closed epoch was computed from: the epoch, and of each validator of its set, in order, its phases before
        /// it, f0…f3, its stake and whether it was in its grace period.
        fn inputs() -> (EpochIndex, Vec<(AccountId, ValidatorInput)>);

        /// α and the trial that is running.
        fn recalibration() -> Recalibration;
    }
}
