//! Records read from bytes that were written by hand: see `testing/field.rs`.

use super::fixed::ONE;
use super::graph::pages;
use super::*;
use crate::client::Chain;
use crate::ss58::Account;
use crate::testing::field::{
    chain, chain_without_field, list, n16, n4, outcome, run, scripted, sync_outcome, AT, OTHER, VALIDATOR,
};
use proptest::prelude::*;

const PERCENT: u128 = ONE / 100;
const WHO: Account = Account(VALIDATOR);

#[test]
fn the_field_is_read() {
    let (topology, view) = run(chain().field(AT)).unwrap();
    assert_eq!(topology.edges, [(0, 1), (0, 2), (1, 2)]);
    assert_eq!(topology.cycles, [[0, 1, 2]]);
    let (inputs, fields, curls) = (view.inputs.unwrap(), view.fields.unwrap(), view.curls.unwrap());
    assert_eq!((inputs.epoch, inputs.shards.len()), (41, 3));
    assert_eq!((inputs.shards[2].staked_atr, inputs.shards[2].dissonance), (2, 4));
    assert_eq!(inputs.ground_flx, 7_000_000_000_000);
    assert_eq!(fields.densities, [450 * PERCENT, ONE, 0]);
    assert_eq!((fields.flows[2], fields.ground_flows[0]), (-1, -2_000_000_000_000));
    assert_eq!(curls.curls, [Some(0)]);
    assert_eq!((curls.curl_max, curls.is_breached), (PERCENT, false));
    let past = run(chain().field_history(40, 41, AT)).unwrap();
    assert_eq!(past.iter().map(|epoch| epoch.epoch).collect::<Vec<_>>(), [40, 41]);
}

#[test]
fn outcomes_are_read() {
    let chain = chain();
    let outcome = run(chain.closed_epoch(AT)).unwrap().unwrap();
    assert_eq!((outcome.epoch, outcome.validators, outcome.participants), (41, 2, 3));
    let fixed = [
        outcome.resonance,
        outcome.core,
        outcome.caf,
        outcome.coherence,
        outcome.entropy,
    ];
    assert_eq!(fixed, [97, 98, 100, 97, 99].map(|percent| percent * PERCENT));
    assert_eq!((outcome.alpha, outcome.lambda), (120 * PERCENT, 50 * PERCENT));
    let sync = run(chain.sync_outcome(AT)).unwrap().unwrap();
    assert_eq!((sync.epoch, sync.came, sync.void), (40, 3, 1));
    assert_eq!((sync.consensus, sync.own), (Some(96 * PERCENT), None));
    assert_eq!(sync.spread(), Some(2 * PERCENT));
    assert_eq!(
        (sync.breach, &*sync.spread_shards),
        (Some(Breach::Scattered), &[2u8][..])
    );
    let incidents = run(chain.open_incidents(AT)).unwrap();
    let told: Vec<_> = incidents
        .iter()
        .map(|one| (one.code, one.scope.as_str(), one.cause))
        .collect();
    let address = WHO.to_string();
    assert_eq!(
        told,
        [
            (412, "shard 2", "curl"),
            (412, address.as_str(), "tampering"),
            (511, "the chain", "chain-in-doubt")
        ]
    );
    assert_eq!(
        (incidents[0].epoch, incidents[0].last_epoch, incidents[0].times),
        (39, 40, 2)
    );
}

#[test]
fn validators_are_read() {
    let chain = chain();
    let view = run(chain.validator(WHO, AT)).unwrap().unwrap();
    assert_eq!((view.status, view.is_active), (CandidateStatus::Seeking, true));
    assert_eq!(
        (view.stake, view.unbonding),
        (1_500_000_000_000_000, 250_000_000_000_000)
    );
    assert_eq!(
        (view.psi, view.psi_mean, view.psi_eff),
        (90 * PERCENT, 80 * PERCENT, 92 * PERCENT)
    );
    let due: Vec<_> = view.phases.iter().map(|phase| phase.was_due).collect();
    assert_eq!(due, [true, false, true, true]);
    assert_eq!(view.phases[2].omega, 75 * PERCENT);
    let symbols = run(chain.symbols(AT)).unwrap();
    assert_eq!(
        (symbols.psi_slash, symbols.fall_epochs, symbols.unbonding_epochs),
        (70 * PERCENT, 15, 288)
    );
    // The crossing is 14 epochs old, so the slash comes at the next end; below for one epoch, so 15 more to removal.
    assert_eq!(view.standing.slashes_in(&symbols), [1]);
    assert_eq!(view.standing.removed_in(&symbols), Some(15));
    let (set, outcomes) = run(chain.validator_set(AT)).unwrap();
    assert_eq!(set, [WHO, Account(OTHER)]);
    assert_eq!(outcomes[0].1.multiplier, 3);
    assert_eq!(run(chain.planned_set(AT)).unwrap(), [Account(OTHER)]);
    let boost = run(chain.boost(WHO, AT)).unwrap().unwrap();
    assert_eq!((boost.level, boost.ends), (50 * PERCENT, 70));
    assert!(
        boost.lasts_in(69) && !boost.lasts_in(70),
        "the first epoch in which it has ended"
    );
    let (unbondings, tick) = run(chain.unbondings(WHO, AT)).unwrap();
    assert_eq!((unbondings.len(), unbondings[1].due, tick), (2, 45, 42));
    assert_eq!(
        run(chain.unbondings(Account(OTHER), AT)).unwrap(),
        (vec![], 42),
        "nothing stored is nothing"
    );
    assert_eq!(run(chain.session_keys(WHO, AT)).unwrap(), Some(vec![7; 64]));
    assert_eq!(run(chain.session_keys(Account(OTHER), AT)).unwrap(), None);
    let blacklisting = run(chain.blacklisting(WHO, AT)).unwrap().unwrap();
    assert_eq!(
        (blacklisting.misconduct, blacklisting.until),
        (Misconduct::SyncStrikes, 2_057)
    );
    let due = run(chain.due_reports(AT)).unwrap().unwrap();
    assert_eq!((due.epoch, due.boundary, due.harmonics_version), (41, 420, 1));
    assert_eq!(
        due.validators,
        [(WHO, ReportStatus::Reported), (Account(OTHER), ReportStatus::Missing)]
    );
    assert_eq!(run(chain.strikes(WHO, AT)).unwrap(), [37, 39]);
    assert_eq!(
        run(chain.conformities(AT)).unwrap(),
        [(WHO, 25 * PERCENT), (Account(OTHER), 0)]
    );
}

/// Asks for everything that the APIs give, and forgets it.
fn everything(chain: &Chain) -> Vec<(&'static str, Result<(), String>)> {
    let told = |error: crate::client::NodeError| error.code().to_owned();
    macro_rules! ask {
        ($($name:literal: $asking:expr),* $(,)?) => {
            vec![$(($name, run($asking).map(drop).map_err(told))),*]
        };
    }
    ask![
        "FieldApi_topology": chain.field(AT),
        "FieldApi_last_closed": chain.field(AT),
        "FieldApi_history": chain.field_history(40, 41, AT),
        "AttunementApi_outcome": chain.closed_epoch(AT),
        "AttunementApi_outcomes": chain.closed_epochs(40, 41, AT),
        "AttunementApi_validator": chain.validator(WHO, AT),
        "AttunementApi_set": chain.validator_set(AT),
        "AttunementApi_candidates": chain.candidates(AT),
        "AttunementApi_blacklisting": chain.blacklisting(WHO, AT),
        "AttunementApi_symbols": chain.symbols(AT),
        "SyncApi_due": chain.due_reports(AT),
        "SyncApi_strikes": chain.strikes(WHO, AT),
        "SyncApi_conformities": chain.conformities(AT),
        "SyncApi_last_outcome": chain.sync_outcome(AT),
        "SyncApi_history": chain.sync_history(39, 40, AT),
        "IncidentApi_open": chain.open_incidents(AT),
    ]
}

/// A record that ends too early, or too late, is not read as another one.
#[test]
fn a_byte_more_or_less_is_nonsense() {
    let (chain, script) = scripted();
    let names: Vec<_> = everything(&chain)
        .into_iter()
        .map(|(name, whole)| {
            assert_eq!(whole, Ok(()), "{name}");
            name
        })
        .collect();
    for name in names {
        let good = script.apis.lock().unwrap()[name].clone();
        let put = |bytes: Vec<u8>| script.apis.lock().unwrap().insert(name.into(), bytes);
        for length in [0, 1, good.len() / 2, good.len() - 1] {
            put(good[..length].to_vec());
            assert_eq!(result(&chain, name), Err("node_nonsense".into()), "{name} {length}");
        }
        put([good.clone(), vec![0]].concat());
        assert_eq!(result(&chain, name), Err("node_nonsense".into()), "{name}");
        put(good);
    }
}

fn result(chain: &Chain, name: &str) -> Result<(), String> {
    let all = everything(chain);
    all.into_iter().find(|(asked, _)| *asked == name).unwrap().1
}

/// A chain that is ours and older says what it lacks, and that it is a matter of versions.
#[test]
fn a_chain_without_a_field_is_named() {
    for (name, result) in everything(&chain_without_field()) {
        assert_eq!(result, Err("other_version".into()), "{name}");
    }
    let error = run(chain_without_field().closed_epoch(AT)).unwrap_err();
    assert!(error.to_string().contains("AttunementApi_outcome"), "{error}");
    assert!(error.hint().contains("qc chain"));
}

#[test]
fn before_the_first_epoch_closes_there_is_nothing() {
    let (chain, script) = scripted();
    script.apis.lock().unwrap().extend([
        ("FieldApi_last_closed".to_owned(), vec![0, 0, 0]),
        ("AttunementApi_outcome".to_owned(), vec![0]),
        ("SyncApi_last_outcome".to_owned(), vec![0]),
        ("SyncApi_due".to_owned(), vec![0]),
    ]);
    let (_, view) = run(chain.field(AT)).unwrap();
    assert_eq!((view.inputs, view.fields, view.curls), (None, None, None));
    assert_eq!(run(chain.closed_epoch(AT)).unwrap(), None);
    assert_eq!(run(chain.sync_outcome(AT)).unwrap(), None);
    assert_eq!(run(chain.due_reports(AT)).unwrap(), None);
}

/// Values are shown beside the shard, edge or cycle that they are of: what does not fit the graph is not shown at all.
#[test]
fn values_that_do_not_fit_the_graph_are_nonsense() {
    let (chain, script) = scripted();
    for topology in [
        &[0][..],
        &[1, 4, 12, 0, 1, 0, 2, 1, 2, 4, 12, 0, 1, 2],
        &[1, 3, 8, 0, 1, 0, 2, 4, 12, 0, 1, 2],
        &[1, 3, 12, 0, 1, 0, 2, 1, 2, 0],
    ] {
        script
            .apis
            .lock()
            .unwrap()
            .insert("FieldApi_topology".into(), topology.to_vec());
        assert_eq!(
            run(chain.field(AT)).unwrap_err().code(),
            "node_nonsense",
            "{topology:?}"
        );
    }
}

#[test]
fn epochs_out_of_order_are_nonsense() {
    let (chain, script) = scripted();
    for epochs in [[41, 40], [40, 40], [39, 40], [40, 42]] {
        let bytes = list(&epochs.map(outcome));
        script
            .apis
            .lock()
            .unwrap()
            .insert("AttunementApi_outcomes".into(), bytes);
        let error = run(chain.closed_epochs(40, 41, AT)).unwrap_err();
        assert_eq!(error.code(), "node_nonsense", "{epochs:?}");
    }
    let past = |epoch| [n4(epoch), list(&[]), n16(0)].concat();
    let bytes = list(&[past(41), past(40)]);
    script.apis.lock().unwrap().insert("FieldApi_history".into(), bytes);
    assert_eq!(
        run(chain.field_history(40, 41, AT)).unwrap_err().code(),
        "node_nonsense"
    );
}

/// More than a page is asked for page by page.
#[test]
fn pages_are_put_together() {
    let (chain, script) = scripted();
    script
        .apis
        .lock()
        .unwrap()
        .insert("SyncApi_history".into(), list(&[sync_outcome(7)]));
    assert_eq!(run(chain.sync_history(0, 63, AT)).unwrap().len(), 2, "two pages of 32");
    assert_eq!(run(chain.sync_history(0, 31, AT)).unwrap().len(), 1);
}

proptest! {
    /// Pages cover what was asked for, once, in order, none of them too long, and end.
    #[test]
    fn pages_cover_everything_once(first in prop_oneof![0u32..3_000, Just(u32::MAX - 5)], count in 0u32..3_000, page in 1u32..300) {
        let last = first.saturating_add(count);
        let mut next = Some(first);
        for (from, count) in pages(first, last, page) {
            prop_assert_eq!(Some(from), next);
            prop_assert!((1..=page).contains(&count));
            next = from.checked_add(count);
        }
        prop_assert_eq!(next, last.checked_add(1));
    }

    /// As the pallet: a crossing i epochs ago is slashed `fall_epochs` after it, so in `fall_epochs` − i ends.
    #[test]
    fn slashes_come_when_they_are_due(crossings: u32, fall_epochs in 1u32..=15, below_epochs in 0u32..40) {
        let mut symbols = run(chain().symbols(AT)).unwrap();
        symbols.fall_epochs = fall_epochs;
        let standing = Standing { falls: crossings, crossings, below_epochs };
        // What the pallet does at each end: shift by one, and slash where the bit has come to `fall_epochs`.
        let mut bits = u64::from(crossings) & ((1 << fall_epochs) - 1);
        let mut expected = Vec::new();
        for end in 1..=fall_epochs {
            bits <<= 1;
            if bits >> fall_epochs & 1 == 1 {
                expected.push(end);
            }
        }
        prop_assert_eq!(standing.slashes_in(&symbols), expected);
        let ends_below = standing.removed_in(&symbols);
        match below_epochs {
            0 => prop_assert_eq!(ends_below, None),
            below if below <= fall_epochs => prop_assert_eq!(below + ends_below.unwrap(), fall_epochs + 1),
            _ => prop_assert_eq!(ends_below, Some(0)),
        }
    }

    /// Whatever a node answers, there is a record or an error, and no panic.
    #[test]
    fn nonsense_is_an_error_or_a_record(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (chain, script) = scripted();
        let names: Vec<String> = script.apis.lock().unwrap().keys().filter(|name| name.contains("Api_")).cloned().collect();
        for name in names {
            script.apis.lock().unwrap().insert(name, bytes.clone());
        }
        drop(everything(&chain));
    }
}
