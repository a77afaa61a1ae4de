//! PSI-1 and PSI-2 on the real runtime: validators who report ψ such that the gradients of an edge, as observed, go
//! round in circles.

use super::*;
use crate::support::founders::Network;
use pallet_attunement::types::CandidateStatus;
use qc_harmonics::sync::{Breach, Densities};
use qc_math::ONE;
use qc_runtime::{AccountId, Incidents, Runtime, Sync};
use qc_traits::{IncidentCause, SyncInspect};
use qc_types::{CirCode, Scope, ShardId};
use serde_json::json;

/// Ten founders, two in every shard, so that each edge of the ring has four observers: 0 and 5 in shard 0, 1 and 6 in
/// shard 1.
fn ten() -> Network {
    let mut network = Network::around_the_ring(10, |genesis| genesis["clock"]["epochBlocks"] = json!(5));
    network.close_epoch();
    network.honest_epoch();
    network
}

/// Lowers the reported ψ of shard 1. So ĝ of the edge 0-1 falls if two of its four observers say so; and of the edge
/// 1-2, whose lower median is the second lowest of four, it stays.
fn lower_psi_of_shard_1(report: &mut Report, by: u128) {
    let pairs = report.densities.pairs().iter();
    let pairs = pairs.map(|(shard, psi)| (*shard, if *shard == 1 { psi - by } else { *psi }));
    report.densities = Densities::new(pairs.collect()).expect("as many as before");
}

/// An epoch in which all report, and of these some lower ψ of shard 1 by so much.
fn fake(network: &mut Network, lies: &[(usize, u128)]) {
    let all: Vec<usize> = (0..network.founders.len()).collect();
    network.epoch(&all, |n, report| {
        if let Some((_, by)) = lies.iter().find(|(liar, _)| *liar == n) {
            lower_psi_of_shard_1(report, *by);
        }
    });
}

fn curls() -> (Vec<Option<i128>>, Vec<ShardId>) {
    let record = pallet_field::Curls::<Runtime>::get().expect("an epoch has closed");
    (record.curls.into_inner(), record.anomalies.into_inner())
}

fn standing(who: &AccountId) -> (CandidateStatus, u128) {
    let view = Attunement::validator_view(who).expect("a founder");
    (view.status, view.stake)
}

fn open() -> Vec<(CirCode, Scope<AccountId>, IncidentCause)> {
    Incidents::open_incidents()
        .into_iter()
        .map(|one| (one.code, one.scope, one.cause))
        .collect()
}

/// PSI-1: honest reports have no curl, to the last digit, whatever ψ is. If gradients came from anywhere but one ψ,
/// this fails.
#[test]
fn honest_reports_have_no_curl() {
    let mut network = ten();
    for _ in 0..3 {
        network.honest_epoch();
        network.chain.look(|| {
            assert_eq!(curls(), (vec![Some(0)], vec![]));
            assert_eq!(Sync::observed_gradients().len(), 5);
            assert!(Sync::observed_gradients().iter().all(Option::is_some), "four observers");
        });
    }
}

/// Three of ten make a curl, and it is theirs alone: they are barred and slashed, and no shard is concerned. Were 412
/// raised for any curl, as few as two validators could halt the shards of others.
#[test]
fn a_curl_faked_by_fewer_than_a_third_is_dealt_with_liar_by_liar() {
    let mut network = ten();
    let before = network.chain.look(|| standing(&network.founders[0].account).1);
    fake(&mut network, &[(0, ONE / 2), (5, ONE / 2), (1, ONE / 2)]);
    let Network { chain, founders } = &mut network;
    chain.look(|| {
        assert_eq!(
            curls(),
            (vec![Some(-((ONE / 2) as i128))], vec![]),
            "seen, and nobody named"
        );
        assert!(!Sync::is_breached());
        for (n, founder) in founders.iter().enumerate() {
            let expected = match n {
                0 | 1 | 5 => (CandidateStatus::Barred, before - before / 5),
                _ => (CandidateStatus::Seeking, before),
            };
            assert_eq!(standing(&founder.account), expected, "founder {n}");
        }
        let mut due: Vec<_> = [0, 1, 5]
            .map(|n: usize| {
                let scope = Scope::Account(founders[n].account.clone());
                (CirCode::FieldAnomaly, scope, IncidentCause::Tampering)
            })
            .to_vec();
        let mut open = open();
        due.sort_by_key(|(_, scope, _)| scope.clone());
        open.sort_by_key(|(_, scope, _)| scope.clone());
        assert_eq!(open, due);
        // What the chain itself holds true did not move.
        assert_eq!(
            crate::support::validators::densities(),
            crate::support::validators::recomputed().1
        );
    });
}

/// PSI-2: four of ten, each with another lie. 412 for the shards of the cycle, and nobody is punished. Without the
/// third that protects the four would be barred; without the curl the breach would concern nobody.
#[test]
fn a_curl_with_more_than_a_third_deviating_concerns_the_cycle() {
    let mut network = ten();
    let before = network.chain.look(|| standing(&network.founders[0].account).1);
    let lies = [(0, ONE / 2), (5, ONE / 2 + 1), (1, ONE / 2 + 2), (6, ONE / 2 + 3)];
    fake(&mut network, &lies);
    let Network { chain, founders } = &mut network;
    chain.look(|| {
        let cycle: Vec<ShardId> = (0..5).map(ShardId).collect();
        // Of −½, −½ − 1, −½ − 2, −½ − 3 the second lowest.
        assert_eq!(curls(), (vec![Some(-((ONE / 2) as i128 + 2))], cycle.clone()));
        let outcome = Sync::last_outcome().expect("reports were due");
        assert_eq!((outcome.breach, outcome.deviating), (Some(Breach::Scattered), 4));
        for founder in founders.iter() {
            assert_eq!(standing(&founder.account), (CandidateStatus::Seeking, before));
            assert!(Sync::strikes_of(&founder.account).is_empty());
        }
        let due: Vec<_> = cycle
            .into_iter()
            .map(|shard| (CirCode::FieldAnomaly, Scope::Shard(shard), IncidentCause::Curl))
            .collect();
        assert_eq!(open(), due);
    });
}

/// A breach without a curl names no shard, and a curl of δ_curl is none yet: one unit more is.
#[test]
fn what_is_no_curl_names_nobody() {
    let mut network = ten();
    let delta = network
        .chain
        .look(|| pallet_attunement::Symbols::<Runtime>::get().delta_curl);
    // The second lowest of −δ − 3, −δ − x, −δ + 1, −δ + 1 is −δ − x.
    for (excess, concerned) in [(0, 0), (1, 5)] {
        let lies = [(0, delta - 1), (5, delta + excess), (1, delta + 3), (6, delta - 1)];
        let Network { chain, founders } = &mut network;
        chain.tried(|chain| {
            chain.empty_blocks(1);
            chain.block(|| {
                for (n, founder) in founders.iter().enumerate() {
                    let lie = lies.iter().find(|(liar, _)| *liar == n);
                    let report = founder.report(|report| {
                        if let Some((_, by)) = lie {
                            lower_psi_of_shard_1(report, *by);
                        }
                    });
                    assert_eq!(apply(&report), Ok(Ok(())));
                }
            });
            close_epoch(chain);
            chain.look(|| {
                assert_eq!(curls().0, [Some(-((delta + excess) as i128))]);
                assert!(Sync::is_breached());
                assert_eq!(curls().1.len(), concerned, "an excess of {excess}");
            });
        });
    }
    let all: Vec<usize> = (0..10).collect();
    network.epoch(&all, |n, report| {
        if n < 4 {
            report.coherence += 10_000_000_000_000_000 * (n as u128 + 1);
        }
    });
    network.chain.look(|| {
        assert!(Sync::is_breached());
        assert_eq!(curls(), (vec![Some(0)], vec![]));
    });
}
