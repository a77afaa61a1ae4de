//! Ψ that is not earned: by waiting, by naming oneself, by leaving and coming back. It does not rise.

use super::*;
use crate::support::{
    founders::Network,
    keys::{self, key},
    transaction::sign,
    validators::{enrol, give, set_session_keys},
};
use qc_math::ONE;
use qc_runtime::{AccountId, Runtime, RuntimeCall, FLX};
use qc_traits::{AttunementInspect, NoteDuty};
use qc_types::{Capabilities, TokenId};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Eve};
use sp_runtime::generic::Era;

fn done(who: Sr25519Keyring, call: impl Into<RuntimeCall>) {
    let call = call.into();
    assert_eq!(
        apply(&sign(who, call.clone(), Era::Immortal, 0)),
        Ok(Ok(())),
        "{call:?}"
    );
}

/// Ψ and Ψ̄ are 0, and PSY cannot be moved.
fn assert_has_nothing(who: Sr25519Keyring) {
    let account = who.to_account_id();
    assert_eq!(Attunement::psi(&account), Some(0));
    assert_eq!(Attunement::psi_mean(&account), Some(0));
    assert!(!Attunement::may_move_psy(&account));
    let sale = give(TokenId::Psy, &Alice.to_account_id(), 1);
    assert!(!matches!(apply(&sign(who, sale, Era::Immortal, 0)), Ok(Ok(()))));
}

/// A participant of whom nothing is due, and who deals with itself all day: its Ψ stays 0, whatever it sends to itself
/// and however often it is named. Were a feature with nothing due counted as a duty done, it would rise by κ an epoch.
#[test]
fn a_participant_of_whom_nothing_is_due_stays_at_zero() {
    let mut chain = four();
    let eve = Eve.to_account_id();
    chain.block(|| {
        done(Eve, keys::register(&eve, &key(1), Capabilities::ALL));
        let key = keys::id(&key(1));
        done(Eve, pallet_attunement::Call::<Runtime>::enrol_participant { key });
    });
    for epoch in 0..12 {
        chain.block(|| {
            for _ in 0..5 {
                let to_itself = pallet_balances::Call::<Runtime>::transfer_keep_alive {
                    dest: eve.clone().into(),
                    value: FLX,
                };
                done(Eve, to_itself);
                // What packets and votes will do when there are any.
                Attunement::note_duty(&eve);
            }
            if epoch % 4 == 3 {
                let key = keys::id(&key(1));
                done(Eve, pallet_attunement::Call::<Runtime>::leave_participant {});
                done(Eve, pallet_attunement::Call::<Runtime>::enrol_participant { key });
            }
        });
        close_epoch(&mut chain);
        chain.block(|| assert_has_nothing(Eve));
    }
}

/// A candidate who never has a seat, and comes and goes. Were Ψ anything but 0 at the beginning, or a candidate without
/// a slot credited with none missed, this would pay.
#[test]
fn a_candidate_without_a_seat_stays_at_zero() {
    let mut genesis = crate::support::chain::genesis_json("local_testnet");
    // A seat takes as much as the median of the four has.
    genesis["attunement"]["symbols"]["entryStakeShare"] = json!(ONE);
    let mut chain = Chain::of(&genesis);
    let eve = Eve.to_account_id();
    chain.block(|| {
        done(Eve, set_session_keys(&eve, "Eve"));
        done(Eve, enrol(1_000 * FLX));
    });
    for epoch in 0..12 {
        chain.block(|| {
            done(Eve, pallet_attunement::Call::<Runtime>::leave {});
            // Twice out of three it thinks better of it; the third time it is gone at the epoch's end.
            if epoch % 3 != 2 {
                done(Eve, enrol(0));
            }
        });
        close_epoch(&mut chain);
        chain.block(|| {
            if epoch % 3 == 2 {
                assert_eq!(Attunement::psi(&eve), None);
                done(Eve, enrol(1_000 * FLX));
            }
            assert_has_nothing(Eve);
            assert!(!Session::validators().contains(&eve));
        });
    }
}

/// Leaving and coming back in one epoch, every epoch: neither Ψ nor the grace period is any different from another's.
#[test]
fn leaving_and_coming_back_changes_nothing() {
    let mut chain = four();
    close_epoch(&mut chain);
    for _ in 0..6 {
        chain.block(|| {
            done(Charlie, pallet_attunement::Call::<Runtime>::leave {});
            done(Charlie, enrol(0));
        });
        honest_epochs(&mut chain, 1);
        chain.look(|| {
            let view = |who: Sr25519Keyring| Attunement::validator_view(&who.to_account_id()).expect("a founder");
            let (charlie, bob) = (view(Charlie), view(Bob));
            assert_eq!(
                (charlie.psi, charlie.grace_epochs, charlie.stake),
                (bob.psi, bob.grace_epochs, bob.stake)
            );
            assert!(bob.psi > 0);
        });
    }
}

/// Who has gone for good begins at 0 when it comes back, with a whole grace period in which it earns no more than any
/// newcomer: a high Ψ cannot be kept while one does nothing.
#[test]
fn who_comes_back_begins_at_zero() {
    let mut network = Network::around_the_ring(7, |genesis| genesis["attunement"]["psiStart"] = json!(ONE));
    network.close_epoch();
    let Network { chain, founders } = &mut network;
    let founder = &founders[3];
    chain.block(|| {
        assert_eq!(Attunement::psi(&founder.account), Some(ONE));
        let leave = pallet_attunement::Call::<Runtime>::leave {};
        assert_eq!(apply(&founder.sign(leave)), Ok(Ok(())));
    });
    for _ in 0..4 {
        close_epoch(chain);
    }
    chain.block(|| {
        assert_eq!(Attunement::psi(&founder.account), None, "it is gone");
        assert_eq!(apply(&founder.sign(enrol(1_500 * FLX))), Ok(Ok(())));
        let view = Attunement::validator_view(&founder.account).expect("it is back");
        let symbols = pallet_attunement::Symbols::<Runtime>::get();
        assert_eq!(
            (view.psi, view.psi_mean, view.grace_epochs),
            (0, 0, symbols.grace_epochs)
        );
        assert!(!Attunement::may_move_psy(&founder.account));
    });
}

fn place(who: &AccountId) -> u64 {
    let place = Session::validators().iter().position(|one| one == who);
    place.expect("it is in the set") as u64
}

/// A validator who sits in the set and does nothing has its harmony, a weight of 0.2 of the 0.7 that are due, and
/// nothing else: far from what votes, what moves PSY and what is safe from the slash.
#[test]
fn an_idle_validator_has_its_harmony_and_no_more() {
    let mut network = Network::around_the_ring(4, |_| ());
    network.close_epoch();
    network.honest_epoch();
    let idle = network.founders[3].account.clone();
    let place = network.chain.look(|| place(&idle));
    network.chain.set_offline(&[place]);
    let most = ONE * 2 / 7;
    let mut before = ONE;
    for epoch in 0..25 {
        network.epoch(&[0, 1, 2], |_, _| ());
        network.chain.look(|| {
            let view = Attunement::validator_view(&idle).expect("a founder");
            assert!(view.psi <= most, "Ψ = {} after {epoch} epochs", view.psi);
            // One missed slot in ten epochs is forgiven, and there are more than one an epoch.
            let [slots, _, conformity, harmony] = view.phases;
            assert!(harmony.omega > 0);
            let others = (slots.omega, conformity.omega);
            assert!(
                others.0 <= ONE / 5 && others.1 <= ONE * 3 / 20,
                "{others:?} after {epoch} epochs"
            );
            // What it has is of the one epoch that it reported on: it falls from then on.
            assert!(conformity.omega < before, "{} after {epoch} epochs", conformity.omega);
            before = conformity.omega;
            assert!(!Attunement::may_move_psy(&idle));
        });
    }
}
