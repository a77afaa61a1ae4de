//! More than a third that is at odds with the chain: nobody can say who is right, so nobody is punished. Where they
//! agree with each other the chain itself is in doubt.

use super::*;
use pallet_attunement::types::CandidateStatus;
use qc_harmonics::sync::{Breach, Densities};
use qc_runtime::{Incidents, Runtime, Sync};
use qc_traits::{IncidentCause, SyncInspect};
use qc_types::{CirCode, Scope, ShardId};
use sp_keyring::Sr25519Keyring::{Charlie, Dave};

/// What came of an epoch in which Charlie and Dave, two of four, report something else: how it was judged, and what was
/// raised for the chain. Asserts that `deviating` of the four counted as such, and that nobody was punished for it.
fn judged(
    deviating: u32,
    change: impl Fn(Sr25519Keyring, &mut Report),
) -> (Option<Breach>, Vec<(CirCode, IncidentCause)>) {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 1);
    let stakes = || {
        FOUR.map(|who| {
            let view = Attunement::validator_view(&who.to_account_id()).expect("a founder");
            (view.stake, view.status)
        })
    };
    let before = chain.look(stakes);
    epoch_with_reports(&mut chain, &FOUR, |who, report| {
        if matches!(who, Charlie | Dave) {
            change(who, report);
        }
    });
    chain.look(|| {
        assert_eq!(stakes(), before, "nobody loses stake or standing");
        assert!(before.iter().all(|(_, status)| *status == CandidateStatus::Seeking));
        assert!(FOUR.iter().all(|who| Sync::strikes_of(&who.to_account_id()).is_empty()));
        assert_eq!(pallet_attunement::Blacklist::<Runtime>::iter().count(), 0);
        assert!(Sync::is_breached());
        let outcome = Sync::last_outcome().expect("reports were due");
        assert_eq!((outcome.deviating, outcome.struck, outcome.tampered), (deviating, 0, 0));
        let of_chain = Incidents::open_incidents()
            .into_iter()
            .filter(|one| one.scope == Scope::Chain);
        (outcome.breach, of_chain.map(|one| (one.code, one.cause)).collect())
    })
}

const DOUBT: (CirCode, IncidentCause) = (CirCode::ChainHalt, IncidentCause::ChainInDoubt);

/// A shard that Charlie and Dave both report on: in the ring of five any two neighbourhoods of three meet.
fn shard_of_both() -> u8 {
    let of = |who: Sr25519Keyring| Sync::shards_due(&who.to_account_id());
    let (one, other) = (of(Charlie), of(Dave));
    let ShardId(shard) = one
        .into_iter()
        .find(|shard| other.contains(shard))
        .expect("there is one");
    shard
}

fn raise_density(report: &mut Report, shard: u8, by: u128) {
    let pairs = report.densities.pairs().iter();
    let pairs = pairs.map(|(one, psi)| (*one, if *one == shard { psi + by } else { *psi }));
    report.densities = Densities::new(pairs.collect()).expect("as many as before");
}

/// Without the third that protects, two validators who are right against a wrong chain would be struck; without the
/// comparison of their values nobody would hear of it.
#[test]
fn one_same_other_coherence_of_more_than_a_third_is_doubt() {
    // The lower of two values is the median of four: so the honest two are as far from it as the others from the chain.
    let (breach, raised) = judged(4, |_, report| report.coherence = 123_456_789);
    assert_eq!((breach, raised), (Some(Breach::ChainInDoubt), vec![DOUBT]));
}

/// Without the comparison shard by shard, a chain with one wrong ψ would bar those who see it.
#[test]
fn one_same_other_psi_of_more_than_a_third_is_doubt() {
    let (breach, raised) = judged(2, |_, report| raise_density(report, shard_of_both(), 1));
    assert_eq!((breach, raised), (Some(Breach::ChainInDoubt), vec![DOUBT]));
}

/// Two of four with different lies: a breach, and no doubt. If any deviation of a third were doubt, a third of liars
/// could halt the chain by noise.
#[test]
fn different_lies_of_more_than_a_third_are_no_doubt() {
    let (breach, raised) = judged(2, |who, report| match who {
        Charlie => raise_density(report, shard_of_both(), 1),
        _ => raise_density(report, shard_of_both(), 2),
    });
    assert_eq!((breach, raised), (Some(Breach::Scattered), vec![]));
    let (breach, raised) = judged(2, |who, report| match who {
        Charlie => report.coherence = 1,
        _ => report.code_hash = [1; 32],
    });
    assert_eq!((breach, raised), (Some(Breach::Scattered), vec![]));
}
