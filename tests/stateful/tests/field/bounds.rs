//! Storage under attack. The attacks go on until the bounds of the field's maps are met, and then for longer.

use super::*;
use crate::support::{
    equivocation::equivocation,
    founders::{Founder, Network},
    keys::{self, key},
    storage::bounded_counts,
    transaction::sign,
    validators::{as_newcomer, enrol, join, newcomer},
};
use pallet_attunement::types::CANDIDATES_MAX;
use pallet_cir::types::{CLOSED_MAX, OPEN_MAX};
use qc_runtime::{epoch::HISTORICAL_SESSIONS, AccountId, Incidents, Runtime, RuntimeCall, FLX};
use qc_traits::{IncidentCause, NoteDuty, OnEpochEnd, RaiseIncident};
use qc_types::{Capabilities, CirCode, Scope};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::generic::Era;
use std::collections::BTreeMap;

/// How many epochs the siege takes: more than the longest of the rings that it is to fill, of 128.
const SIEGE_EPOCHS: u32 = 135;

/// How many accounts come and go.
const COMERS: u16 = 6;

/// No map has more entries than its bound; the most that were ever seen are noted.
fn note(most: &mut BTreeMap<String, u64>) {
    for (map, found) in bounded_counts() {
        let most = most.entry(map).or_default();
        *most = found.max(*most);
    }
}

fn attempt(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> bool {
    matches!(apply(&sign(who, call.into(), Era::Immortal, 0)), Ok(Ok(())))
}

fn attempt_by(founder: &Founder, call: impl Into<RuntimeCall>) -> bool {
    matches!(apply(&founder.sign(call)), Ok(Ok(())))
}

type Staking = pallet_attunement::Call<Runtime>;

/// Eve's accounts unbond, leave, come back and withdraw, each in its own rhythm, as often as they are let.
fn come_and_go(epoch: u32) {
    for n in 0..COMERS {
        let act = |call: Staking| attempt(Eve, as_newcomer(n, call.into()));
        let _ = act(Staking::unbond {
            amount: u128::from(n) + 1,
        });
        let _ = act(Staking::withdraw {});
        if (epoch + u32::from(n)).is_multiple_of(3) {
            let _ = act(Staking::leave {});
        } else {
            let _ = act(Staking::enrol_validator { stake: 1_000 * FLX });
        }
    }
}

/// Alice and Bob enrol as participants and leave, and are named again and again in between.
fn take_part_and_leave(epoch: u32) {
    for (n, who) in [(1, Alice), (2, Bob)] {
        let account = who.to_account_id();
        if epoch == 0 {
            assert!(attempt(who, keys::register(&account, &key(n), Capabilities::ALL)));
        }
        let key = keys::id(&key(n));
        // From the epoch before.
        let _ = attempt(who, Staking::leave_participant {});
        assert!(attempt(who, Staking::enrol_participant { key }));
        Attunement::note_duty(&account);
        if !epoch.is_multiple_of(4) {
            assert!(attempt(who, Staking::leave_participant {}));
            assert!(attempt(who, Staking::enrol_participant { key }));
        }
    }
}

/// Forty incidents of as many scopes, which nobody raises again.
fn raise_incidents(epoch: u32) {
    for n in 0..40u8 {
        let mut who = [n; 32];
        who[..4].copy_from_slice(&epoch.to_le_bytes());
        let scope = Scope::Account(AccountId::new(who));
        Incidents::raise(CirCode::LocalDissonance, scope, IncidentCause::Mathematics);
    }
}

/// One founder tampers, one speaks with two tongues, one votes twice, the others are honest; who is barred enrols again
/// as soon as it may.
fn misbehave(founders: &[Founder], epoch: u32) {
    let running = Session::validators();
    for (n, founder) in founders.iter().enumerate() {
        if !running.contains(&founder.account) {
            let _ = attempt_by(founder, Staking::withdraw {});
            let _ = attempt_by(founder, enrol(1_000 * FLX));
            continue;
        }
        match n {
            6 => {
                let _ = apply(&equivocation(founder, epoch.into()));
                let _ = apply(&equivocation(founder, u64::from(epoch) + 1_000));
            }
            5 => {
                let _ = apply(&founder.report(|report| report.code_hash = [9; 32]));
            }
            4 => {
                let _ = apply(&founder.report(|_| ()));
                let _ = apply(&founder.report(|report| report.coherence += 1));
                assert!(apply(&founder.report(|report| report.coherence += 2)).is_err());
            }
            _ => assert_eq!(apply(&founder.report(|_| ())), Ok(Ok(()))),
        }
    }
}

/// All of it at once, for 135 epochs: after each of them no map of the watched pallets has more entries than its bound,
/// and at the end those that are rings are exactly full. Without the modulo of the rings, the removal of what has ended
/// (blacklistings, unbondings, filings, candidates who left) or the limit on incidents, this fails.
#[test]
fn no_map_grows_beyond_its_bound_in_a_long_siege() {
    let mut network = Network::around_the_ring(7, |genesis| {
        genesis["clock"]["epochBlocks"] = json!(5);
        let symbols = &mut genesis["attunement"]["symbols"];
        symbols["blacklistEpochs"] = json!(6);
        symbols["fallEpochs"] = json!(3);
    });
    network.close_epoch();
    let Network { chain, founders } = &mut network;
    chain.block(|| {
        // No genesis lets a stake unbond so soon; here it has to, or nothing would be withdrawn while the siege lasts.
        pallet_attunement::Symbols::<Runtime>::mutate(|symbols| symbols.unbonding_epochs = 4);
        (0..COMERS).for_each(|n| assert!(attempt(Eve, join(Eve, n, 1_000 * FLX)), "newcomer {n}"));
    });
    let mut most = BTreeMap::<String, u64>::new();
    for epoch in 0..SIEGE_EPOCHS {
        chain.empty_blocks(1);
        chain.block(|| misbehave(founders, epoch));
        chain.block(|| {
            come_and_go(epoch);
            take_part_and_leave(epoch);
            raise_incidents(epoch);
            assert!(Incidents::open_incidents().len() <= OPEN_MAX as usize);
            note(&mut most);
        });
        close_epoch(chain);
        chain.look(|| note(&mut most));
    }
    for (ring, size) in [
        ("Field.Histories", u64::from(pallet_field::types::HISTORY_EPOCHS)),
        ("Sync.History", u64::from(pallet_sync::types::HISTORY_EPOCHS)),
        ("Incidents.ClosedIncidents", CLOSED_MAX),
    ] {
        assert_eq!(most[ring], size, "the attack was too weak to fill {ring}");
    }
    // Two rounds a session were shown, and none of it is kept but the session and the offender.
    assert_eq!(most["Offences.Reports"] + most["Offences.ConcurrentReportsIndex"], 0);
    // What comes and goes leaves no more behind than there are accounts that did.
    let accounts = founders.len() as u64 + u64::from(COMERS);
    assert!(most["Attunement.CandidatePlaces"] <= accounts && most["Attunement.UnbondingQueues"] <= accounts);
    assert!(
        most["Attunement.Blacklist"] >= 2 && most["Attunement.Blacklist"] <= 3,
        "three were barred"
    );
    assert!(most["Attunement.Offences"] > 1 && most["Sync.Filings"] > 4, "{most:?}");
}

/// The list of candidates ends at 200: one more with as little as the least finds it full; one with more takes the
/// place of the poorest, whose stake unbonds. Without the bound the choice of the set would take longer with every
/// account.
#[test]
fn two_hundred_candidates_are_the_most() {
    let mut network = Network::around_the_ring(4, |genesis| {
        genesis["attunement"]["symbols"]["stakeMin"] = json!(FLX);
    });
    network.close_epoch();
    let chain = &mut network.chain;
    let newcomers = u16::try_from(CANDIDATES_MAX).expect("small") - 4;
    let all: Vec<u16> = (0..newcomers).collect();
    for some in all.chunks(28) {
        chain.block(|| {
            for n in some {
                assert!(attempt(Eve, join(Eve, *n, FLX)), "newcomer {n}");
            }
        });
    }
    chain.block(|| {
        assert_eq!(pallet_attunement::Candidates::<Runtime>::count(), CANDIDATES_MAX);
        assert!(!attempt(Eve, join(Eve, newcomers, FLX)), "it is full");
        assert!(attempt(Eve, join(Eve, newcomers, FLX + 1)), "for the poorest");
        assert_eq!(pallet_attunement::Candidates::<Runtime>::count(), CANDIDATES_MAX);
        assert_eq!(pallet_attunement::UnbondingQueues::<Runtime>::iter().count(), 1);
        assert!(Attunement::validator_view(&newcomer(Eve, newcomers)).is_some());
        note(&mut BTreeMap::new());
    });
    network.close_epoch();
    network.close_epoch();
    network.chain.look(|| {
        note(&mut BTreeMap::new());
        let outcome = pallet_attunement::LastOutcome::<Runtime>::get().expect("epochs close all the same");
        assert_eq!(outcome.epoch + 1, Session::current_index());
    });
}

/// An equivocation is remembered for as long as it can be proved, 1,008 sessions, and then no longer. Without the
/// forgetting the record of offences would grow for ever; with less of it an old proof would be punished twice.
#[test]
fn an_offence_is_forgotten_when_nobody_can_prove_it() {
    let mut network = Network::around_the_ring(7, |_| ());
    network.close_epoch();
    let Network { chain, founders } = &mut network;
    let session = chain.block(|| {
        assert_eq!(apply(&equivocation(&founders[6], 1)), Ok(Ok(())));
        Session::current_index()
    });
    for (later, remembered) in [(HISTORICAL_SESSIONS - 1, 1), (HISTORICAL_SESSIONS, 0)] {
        chain.tried(|chain| {
            chain.look(|| {
                let _ = Attunement::on_epoch_end(session + later);
                assert_eq!(pallet_attunement::Offences::<Runtime>::iter().count(), remembered);
            })
        });
    }
}
