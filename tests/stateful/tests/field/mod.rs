//! The field on the real runtime: epochs that close, validators that report, and what liars come to. Every test goes through
//! the transaction pipeline with real signatures, and every block ends with every law.

mod boosts;
mod bounds;
mod capture;
mod configurations;
mod curl;
mod doubt;
mod empty_shards;
mod equivocations;
mod farming;
mod liars;
mod life;
mod outages;
mod random;
mod strangers;

use crate::support::{
    chain::{apply, Chain},
    validators::{report_of, FOUR},
};
use qc_harmonics::sync::Report;
use qc_runtime::{Attunement, Session};
use sp_keyring::Sr25519Keyring;

/// The network of four.
fn four() -> Chain {
    Chain::new("local_testnet")
}

/// Goes on to the boundary block of the running epoch, and makes it.
fn close_epoch(chain: &mut Chain) {
    let rest = chain.blocks_to_boundary();
    chain.empty_blocks(rest);
}

/// From a boundary block to the next one: in the second block all `reporters` report, changed by `change`.
fn epoch_with_reports(chain: &mut Chain, reporters: &[Sr25519Keyring], change: impl Fn(Sr25519Keyring, &mut Report)) {
    chain.empty_blocks(1);
    chain.block(|| {
        for who in reporters {
            let report = report_of(*who, |report| change(*who, report));
            assert_eq!(apply(&report), Ok(Ok(())), "the report of {who:?}");
        }
    });
    close_epoch(chain);
}

/// So many epochs in which all four report what is right.
fn honest_epochs(chain: &mut Chain, count: u32) {
    for _ in 0..count {
        epoch_with_reports(chain, &FOUR, |_, _| ());
    }
}

/// The validators of the running set.
fn set() -> Vec<Sr25519Keyring> {
    let known = |who| FOUR.into_iter().find(|key| key.to_account_id() == who);
    Session::validators().into_iter().filter_map(known).collect()
}

/// Ψ of one of the four, as the attunement has it.
fn psi(who: Sr25519Keyring) -> u128 {
    Attunement::validator_view(&who.to_account_id()).map_or(0, |view| view.psi)
}
