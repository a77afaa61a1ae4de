//! A validator that votes twice for finality.

use super::*;
use crate::support::{chain::validate_from, equivocation::equivocation, founders::Network};
use pallet_attunement::types::CandidateStatus;
use qc_runtime::{epoch::HISTORICAL_SESSIONS, AccountId, Runtime};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource};

fn stake(who: &AccountId) -> u128 {
    Attunement::validator_view(who).map_or(0, |view| view.stake)
}

/// 20 % are burnt once a session, whatever else of it is shown, and the validator is barred and disabled. Without the
/// record of offences a second round shown in the same session would burn as much again, and stay in the state for ever.
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
        for (round, what) in [(5, "the same again"), (6, "another round"), (u64::MAX, "a round to be")] {
            let again = apply(&equivocation(culprit, round));
            assert_eq!(again, Err(InvalidTransaction::Stale.into()), "{what}");
        }
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

/// The bare extrinsic that shows two votes is for who saw them: the node's own pool takes it, and once. From outside, where it
/// would cost its sender nothing, it is not taken.
#[test]
fn a_pool_takes_two_votes_from_its_own_node_only() {
    let mut network = Network::around_the_ring(7, |_| ());
    network.close_epoch();
    let Network { chain, founders } = &mut network;
    let epoch_blocks = chain.blocks_to_boundary();
    let shown = chain.look(|| equivocation(&founders[6], 5));
    chain.look(|| {
        let local = validate_from(TransactionSource::Local, &shown).expect("the node saw it");
        assert!(!local.provides.is_empty() && !local.propagate, "{local:?}");
        let provable = u64::from(HISTORICAL_SESSIONS) * u64::from(epoch_blocks);
        assert_eq!(local.longevity, provable, "as long as it can be proved");
        let outside = validate_from(TransactionSource::External, &shown);
        assert_eq!(outside, Err(InvalidTransaction::Call.into()));
    });
    chain.block(|| assert_eq!(apply(&shown), Ok(Ok(()))));
    chain.look(|| {
        let again = validate_from(TransactionSource::Local, &shown);
        assert_eq!(again, Err(InvalidTransaction::Stale.into()), "what is known");
    });
}
