//! Validators that are not there.

use super::*;
use pallet_attunement::types::CandidateStatus;
use qc_runtime::Runtime;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};

fn stakes() -> Vec<u128> {
    FOUR.map(|who| Attunement::validator_view(&who.to_account_id()).map_or(0, |view| view.stake))
        .to_vec()
}

fn coherence() -> u128 {
    pallet_attunement::LastOutcome::<Runtime>::get().map_or(0, |outcome| outcome.coherence)
}

/// A chain that nobody made a block of for an hour costs nobody anything. It is one long epoch in which everybody missed his
/// slots, and that takes κ of Ψ: far from a slash, which the rule for outages would avert if many fell.
#[test]
fn an_hour_without_blocks_slashes_nobody() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 50);
    let before = chain.look(stakes);
    chain.pass_slots(1_800);
    honest_epochs(&mut chain, 40);
    chain.look(|| {
        assert_eq!(stakes(), before);
        assert!(set().len() == 4);
        assert!(
            coherence() >= 970_000_000_000_000_000,
            "and it recovers: {}",
            coherence()
        );
    });
}

/// One of four is away for twenty epochs and comes back: the others' Ψ does not suffer, its own falls and rises again.
#[test]
fn one_that_was_away_comes_back() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 50);
    let away = chain.look(|| set().iter().position(|who| *who == Charlie).expect("it is in the set"));
    let before = chain.look(|| (psi(Alice), psi(Charlie)));
    chain.set_offline(&[away as u64]);
    let present: Vec<_> = FOUR.into_iter().filter(|who| *who != Charlie).collect();
    for _ in 0..20 {
        epoch_with_reports(&mut chain, &present, |_, _| ());
    }
    let fallen = chain.look(|| (psi(Alice), psi(Charlie)));
    assert!(fallen.0 >= before.0, "who was there did not lose");
    assert!(fallen.1 < before.1, "who was away did");
    chain.set_offline(&[]);
    honest_epochs(&mut chain, 10);
    chain.look(|| {
        let back = psi(Charlie);
        let view = Attunement::validator_view(&Charlie.to_account_id()).expect("it is a candidate");
        assert!(
            back > fallen.1 || view.status == CandidateStatus::Removed,
            "it rises again, or was removed for staying below: {view:?}"
        );
    });
}

/// All but one gone, and back: the one goes on, and nobody is slashed, for more than a third fell at once.
#[test]
fn all_but_one_gone_and_back() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 55);
    let before = chain.look(stakes);
    let here = chain.look(|| set().iter().position(|who| *who == Bob).expect("it is in the set"));
    let gone: Vec<u64> = (0..4).filter(|place| *place != here as u64).collect();
    chain.set_offline(&gone);
    for _ in 0..20 {
        epoch_with_reports(&mut chain, &[Bob], |_, _| ());
    }
    chain.set_offline(&[]);
    honest_epochs(&mut chain, 20);
    chain.look(|| {
        assert_eq!(stakes(), before, "it was the network");
        assert_eq!(set().len(), 4);
    });
}
