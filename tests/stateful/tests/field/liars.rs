//! Validators that report what is not so.

use super::*;
use crate::support::{chain::validate, founders::Network, validators::conformity};
use pallet_attunement::types::CandidateStatus;
use qc_harmonics::sync::Densities;
use qc_runtime::{Incidents, Sync};
use qc_traits::{IncidentCause, SyncInspect};
use qc_types::{CirCode, Scope};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave};
use sp_runtime::transaction_validity::InvalidTransaction;

fn status(who: Sr25519Keyring) -> Option<CandidateStatus> {
    Attunement::validator_view(&who.to_account_id()).map(|view| view.status)
}

fn stake(who: Sr25519Keyring) -> u128 {
    Attunement::validator_view(&who.to_account_id()).map_or(0, |view| view.stake)
}

fn open_incidents() -> Vec<(CirCode, IncidentCause)> {
    Incidents::open_incidents()
        .into_iter()
        .map(|one| (one.code, one.cause))
        .collect()
}

fn fake_psi(report: &mut Report) {
    let pairs = report
        .densities
        .pairs()
        .iter()
        .map(|(shard, psi)| (*shard, psi + 1))
        .collect();
    report.densities = Densities::new(pairs).expect("as many as before");
}

/// One planck of ψ is enough: who reports another ψ than the chain's has another state, or lies.
#[test]
fn a_faked_psi_costs_stake_and_seat() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 2);
    let before = chain.look(|| stake(Dave));
    epoch_with_reports(&mut chain, &FOUR, |who, report| {
        if who == Dave {
            fake_psi(report);
        }
    });
    chain.look(|| {
        assert_eq!(stake(Dave), before - before / 5, "20 % are burnt");
        assert_eq!(status(Dave), Some(CandidateStatus::Barred));
        assert!(open_incidents().contains(&(CirCode::FieldAnomaly, IncidentCause::Tampering)));
        let scopes: Vec<_> = Incidents::open_incidents().into_iter().map(|one| one.scope).collect();
        assert_eq!(scopes, [Scope::Account(Dave.to_account_id())], "it alone is concerned");
        let dave = Session::validators()
            .iter()
            .position(|who| *who == Dave.to_account_id());
        let disabled = Session::disabled_validators();
        assert!(
            dave.is_none_or(|index| disabled.contains(&u32::try_from(index).expect("small"))),
            "disabled at once"
        );
        assert!([Alice, Bob, Charlie].into_iter().all(|who| stake(who) == before));
    });
}

/// A faked code hash is the same crime.
#[test]
fn another_code_is_tampering_too() {
    let mut chain = four();
    close_epoch(&mut chain);
    epoch_with_reports(&mut chain, &FOUR, |who, report| {
        if who == Charlie {
            report.code_hash = [1; 32];
        }
    });
    chain.look(|| assert_eq!(status(Charlie), Some(CandidateStatus::Barred)));
}

/// Three times off Ψ* in ten epochs, and the validator is out.
#[test]
fn three_strikes_blacklist() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 3);
    for strike in 1..=3u32 {
        chain.look(|| assert_eq!(status(Dave), Some(CandidateStatus::Seeking), "before strike {strike}"));
        epoch_with_reports(&mut chain, &FOUR, |who, report| {
            if who == Dave {
                report.coherence += 3_000_000_000_000_000;
            }
        });
        chain.look(|| assert!(conformity(&Dave.to_account_id()) < Some(qc_math::ONE)));
    }
    chain.look(|| assert_eq!(status(Dave), Some(CandidateStatus::Barred)));
}

/// Two different reports void both, and a third is refused: the validator cannot speak with two tongues.
#[test]
fn two_tongues_void_both_reports() {
    let mut chain = four();
    close_epoch(&mut chain);
    chain.empty_blocks(1);
    chain.block(|| {
        for who in FOUR {
            assert_eq!(apply(&report_of(who, |_| ())), Ok(Ok(())));
        }
        assert_eq!(apply(&report_of(Dave, |report| report.coherence += 1)), Ok(Ok(())));
        let third = report_of(Dave, |report| report.coherence += 2);
        assert_eq!(validate(&third).err(), Some(InvalidTransaction::Custom(80).into()));
    });
    close_epoch(&mut chain);
    chain.look(|| {
        let outcome = Sync::last_outcome().expect("reports were due");
        assert_eq!((outcome.came, outcome.void), (3, 1));
        assert_eq!(Sync::strikes_of(&Dave.to_account_id()).len(), 1);
    });
}

/// Half of the set with one same other value: then nobody can say who is right. Nobody is punished, and the chain says so.
#[test]
fn a_third_that_agrees_on_something_else_puts_the_chain_in_doubt() {
    let mut chain = four();
    close_epoch(&mut chain);
    epoch_with_reports(&mut chain, &FOUR, |who, report| {
        if matches!(who, Charlie | Dave) {
            report.code_hash = [2; 32];
        }
    });
    chain.look(|| {
        assert!(FOUR
            .into_iter()
            .all(|who| status(who) == Some(CandidateStatus::Seeking)));
        assert!(open_incidents().contains(&(CirCode::ChainHalt, IncidentCause::ChainInDoubt)));
        assert!(Sync::is_breached());
    });
}

/// Of seven, whoever is blacklisted is out of the set two rotations later, and the set goes on. Without the bar it would keep its
/// seat, and lie on.
#[test]
fn the_blacklisted_leaves_the_set() {
    let mut network = Network::around_the_ring(7, |_| ());
    network.close_epoch();
    network.honest_epoch();
    let liar = network.founders[3].account.clone();
    network.epoch(&[0, 1, 2, 3, 4, 5, 6], |n, report| {
        if n == 3 {
            fake_psi(report);
        }
    });
    let supply = || qc_runtime::Economy::total_issuance(qc_types::TokenId::Atr);
    let before = network.chain.look(|| {
        assert!(Session::validators().contains(&liar));
        supply()
    });
    network.close_epoch();
    network.close_epoch();
    network.chain.look(|| {
        assert_eq!(Session::validators().len(), 6);
        assert!(!Session::validators().contains(&liar));
        assert_eq!(supply(), before, "slashed once");
    });
}
