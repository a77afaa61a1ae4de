//! A boost is for rewards and for the ranking: it opens no gate and averts no slash.

use super::*;
use crate::support::{chain::genesis_json, transaction::sign, validators::give};
use pallet_attunement::types::ValidatorView;
use qc_harmonics::{attunement::slash_ceil, symbols::Symbols};
use qc_math::ONE;
use qc_runtime::{Runtime, RuntimeCall};
use qc_traits::AttunementInspect;
use qc_types::TokenId;
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Dave};
use sp_runtime::generic::Era;

/// The network of four, all at Ψ = 1 and out of grace after one epoch.
fn established() -> Chain {
    let mut genesis = genesis_json("local_testnet");
    genesis["attunement"]["psiStart"] = json!(ONE);
    genesis["attunement"]["symbols"]["graceEpochs"] = json!(1);
    let mut chain = Chain::of(&genesis);
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 1);
    chain
}

fn dave() -> ValidatorView {
    Attunement::validator_view(&Dave.to_account_id()).expect("a founder")
}

fn is_done(call: impl Into<RuntimeCall>) -> bool {
    matches!(apply(&sign(Dave, call.into(), Era::Immortal, 0)), Ok(Ok(())))
}

/// As much as there can be.
fn buys_a_boost(chain: &mut Chain, symbols: &Symbols) {
    chain.block(|| {
        let amount = symbols.boost_psy;
        assert!(is_done(pallet_attunement::Call::<Runtime>::boost { amount }));
    });
}

fn moves_psy(chain: &mut Chain) -> bool {
    chain.block(|| is_done(give(TokenId::Psy, &Alice.to_account_id(), 1)))
}

/// Goes on, with Dave away, until its raw Ψ is below `threshold`; returns what it is then.
fn fall_below(chain: &mut Chain, threshold: u128) -> ValidatorView {
    let present: Vec<_> = FOUR.into_iter().filter(|who| *who != Dave).collect();
    let place = chain.look(|| set().iter().position(|who| *who == Dave));
    chain.set_offline(&[place.expect("it is in the set") as u64]);
    for _ in 0..20 {
        epoch_with_reports(chain, &present, |_, _| ());
        let view = chain.look(dave);
        if view.psi < threshold {
            return view;
        }
    }
    panic!("Ψ of who is away does not fall below {threshold}");
}

/// Dave has a full boost when it falls, and buys another one after it: seen with the boost it is never below 0.70. It
/// is slashed all the same, fifteen epochs after it crossed, and the boost is gone. Were a crossing judged by the
/// boosted Ψ, or did the boost outlive the slash, this fails.
#[test]
fn no_boost_averts_a_slash_and_it_is_lost_with_it() {
    let mut chain = established();
    let symbols = chain.look(pallet_attunement::Symbols::<Runtime>::get);
    let before = chain.look(dave).stake;
    // Before the fall, late enough that it is whole when Ψ comes to 0.70.
    fall_below(&mut chain, symbols.psi_gate);
    buys_a_boost(&mut chain, &symbols);
    let fallen = fall_below(&mut chain, symbols.psi_slash);
    assert!(
        fallen.psi_eff >= symbols.psi_slash,
        "seen with the boost it has not: {fallen:?}"
    );
    chain.set_offline(&[]);
    buys_a_boost(&mut chain, &symbols);

    for epoch in 1..=symbols.fall_epochs {
        let view = chain.look(dave);
        assert_eq!(view.stake, before, "{epoch} epochs after the fall");
        assert!(view.psi_eff >= symbols.psi_slash, "with the boost it is never below");
        honest_epochs(&mut chain, 1);
    }
    let view = chain.look(dave);
    let slashed = slash_ceil(before, symbols.slash_fraction).expect("in range");
    assert_eq!(view.stake, before - slashed, "fifteen epochs after the fall");
    assert_eq!(view.psi_eff, view.psi, "the boost is gone");
    let record = chain.look(|| pallet_attunement::Candidates::<Runtime>::get(Dave.to_account_id()));
    assert_eq!(record.expect("a candidate").boost.level, 0);
}

/// Below 0.85 PSY stays where it is, whatever the boost makes of Ψ. Were eligibility judged by the boosted Ψ, a burn
/// would buy it.
#[test]
fn no_boost_opens_the_gate() {
    let mut chain = established();
    let symbols = chain.look(pallet_attunement::Symbols::<Runtime>::get);
    assert!(moves_psy(&mut chain), "at Ψ = 1 it moves");
    buys_a_boost(&mut chain, &symbols);
    let fallen = fall_below(&mut chain, symbols.psi_gate);
    assert!(fallen.psi_eff >= symbols.psi_gate, "seen with the boost: {fallen:?}");
    assert!(!chain.look(|| Attunement::may_move_psy(&Dave.to_account_id())));
    assert!(!moves_psy(&mut chain));
}
