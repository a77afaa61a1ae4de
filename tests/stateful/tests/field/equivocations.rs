//! A validator that votes twice for finality.

use super::*;
use crate::support::{equivocation::equivocation, founders::Network};
use pallet_attunement::types::CandidateStatus;
use qc_runtime::{AccountId, Runtime};

fn stake(who: &AccountId) -> u128 {
    Attunement::validator_view(who).map_or(0, |view| view.stake)
}

/// 20 % are burnt once a session, whatever else of it is shown, and the validator is barred and disabled. Without the
/// record of offences a second round shown in the same session would burn as much again.
#[test]
fn two_votes_cost_a_fifth_once_a_session() {
    let mut network = Network::around_the_ring(7, |_| ());
    network.close_epoch();
    let Network { chain, founders } = &mut network;
    let culprit = &founders[6];
    let before = chain.look(|| stake(&culprit.account));
    chain.block(|| {
        assert_eq!(apply(&equivocation(culprit, 5)), Ok(Ok(())));
        assert_eq!(stake(&culprit.account), before - before / 5);
        let view = Attunement::validator_view(&culprit.account).expect("a founder");
        assert_eq!(view.status, CandidateStatus::Barred);
        assert_eq!(Session::disabled_validators().len(), 1, "at once");
    });
    chain.block(|| {
        assert_eq!(apply(&equivocation(culprit, 6)), Ok(Ok(())), "another round");
        assert!(apply(&equivocation(culprit, 5)).is_err(), "the same again");
        assert_eq!(stake(&culprit.account), before - before / 5, "is the same offence");
        let noted = pallet_attunement::Offences::<Runtime>::get(Session::current_index());
        assert_eq!(noted.into_inner(), std::slice::from_ref(&culprit.account));
        assert!(founders[..6].iter().all(|one| stake(&one.account) == before));
    });
    close_epoch(chain);
    close_epoch(chain);
    chain.look(|| {
        assert!(
            !Session::validators().contains(&culprit.account),
            "out two rotations later"
        )
    });
}
