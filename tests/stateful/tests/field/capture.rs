//! Many new validators of one person, each as cheap as can be, and founders that are bribed to go.

use super::*;
use crate::support::{
    founders::Network,
    transaction::sign,
    validators::{join, newcomer},
};
use qc_math::ONE;
use qc_runtime::{AccountId, Balance, Runtime, FLX};
use serde_json::{json, Value};
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::generic::Era;
use std::collections::BTreeSet;

/// How many accounts Eve brings.
const NEWCOMERS: u16 = 30;

/// Ten founders who stake 2,000 ATR each and have Ψ = 1, at the beginning of their grace period of `grace` epochs.
fn ten_in_grace(grace: u32, change: impl FnOnce(&mut Value)) -> Network {
    Network::around_the_ring(10, |genesis| {
        genesis["attunement"]["psiStart"] = json!(ONE);
        genesis["attunement"]["symbols"]["graceEpochs"] = json!(grace);
        genesis["clock"]["epochBlocks"] = json!(5);
        change(&mut genesis["attunement"]["symbols"]);
    })
}

/// The same ones out of it.
fn ten(grace: u32, change: impl FnOnce(&mut Value)) -> Network {
    let mut network = ten_in_grace(grace, change);
    for _ in 0..=grace {
        network.close_epoch();
    }
    network
}

/// All of Eve's accounts become candidates, the first 20 with `most`, the others with `least`.
fn storm(network: &mut Network, most: Balance, least: Balance) {
    for accounts in [0..10, 10..20, 20..NEWCOMERS] {
        network.chain.block(|| {
            for n in accounts {
                let call = join(Eve, n, if n < 20 { most } else { least });
                assert_eq!(apply(&sign(Eve, call, Era::Immortal, 0)), Ok(Ok(())), "newcomer {n}");
            }
        });
    }
}

fn seats() -> BTreeSet<AccountId> {
    Session::validators().into_iter().collect()
}

/// Sits for an epoch, and checks what holds of every set: newcomers fewer than a third, and no more than ⌊(n − 1)/3⌋ of
/// the set before are gone. Returns the founders and the newcomers who sit.
fn next_set(network: &mut Network) -> (usize, Vec<AccountId>) {
    let before = network.chain.look(seats);
    network.close_epoch();
    let now = network.chain.look(seats);
    let gone = before.difference(&now).count();
    assert!(gone <= (before.len() - 1) / 3, "{gone} of {} are gone", before.len());
    let founders = network.founders.iter().filter(|one| now.contains(&one.account)).count();
    let newcomers: Vec<_> = (0..NEWCOMERS)
        .map(|n| newcomer(Eve, n))
        .filter(|who| now.contains(who))
        .collect();
    assert_eq!(founders + newcomers.len(), now.len());
    (founders, newcomers)
}

/// Thirty at once, into a set that is not full: four get a seat beside ten founders, since five would be a third of
/// fifteen; and it stays so for as long as their grace lasts. Without the bound of a third they would have thirty of
/// forty seats after two rotations. Seats go to those of them who stake most, never to who is below the entry stake.
#[test]
fn thirty_newcomers_have_four_seats_beside_ten_founders() {
    let mut network = ten(10, |symbols| {
        // Three quarters of the founders' 2,000.
        symbols["entryStakeShare"] = json!(750_000_000_000_000_000u64);
    });
    storm(&mut network, 1_500 * FLX, 1_500 * FLX - 1);
    let mut seated = Vec::new();
    for _ in 0..10 {
        let (founders, newcomers) = next_set(&mut network);
        assert_eq!(founders, 10, "the founders stay");
        assert!(
            newcomers.len() * 3 < newcomers.len() + 10,
            "newcomers are fewer than a third"
        );
        seated = newcomers;
    }
    assert_eq!(seated.len(), 4, "4 · 3 < 14 and 5 · 3 = 15");
    network.chain.look(|| {
        let paid = |who: &AccountId| Attunement::validator_view(who).is_some_and(|view| view.stake >= 1_500 * FLX);
        assert!(seated.iter().all(paid));
        assert_eq!(
            pallet_attunement::Candidates::<Runtime>::count(),
            10 + u32::from(NEWCOMERS)
        );
    });
}

/// The same while the founders are in grace themselves, as they are after genesis: who has sat longest is established. Were
/// it everybody who sits while all are in grace, the newcomers of one session would vouch for more of them in the next.
#[test]
fn founders_in_grace_are_not_outnumbered_either() {
    let mut network = ten_in_grace(20, |_| ());
    storm(&mut network, 1_500 * FLX, 1_500 * FLX);
    let seated: Vec<_> = (0..10).map(|_| next_set(&mut network)).collect();
    assert!(seated.iter().all(|(founders, _)| *founders == 10), "the founders stay");
    let most = seated.iter().map(|(_, newcomers)| newcomers.len()).max();
    assert_eq!(most, Some(4), "4 · 3 < 14 and 5 · 3 = 15");
}

/// Into a full set one of ten comes, the reserved tenth; when its grace ends it is ranked by stake × Ψ like everybody,
/// and has next to no Ψ. So however often grace begins anew, nine founders sit. Were newcomers not ranked by Ψ
/// afterwards, or were more seats theirs, each wave would stay and the next one come.
#[test]
fn wave_after_wave_takes_one_seat_of_a_full_set() {
    let mut network = ten(2, |symbols| symbols["validatorsMax"] = json!(10));
    storm(&mut network, 1_999 * FLX, 1_000 * FLX);
    let mut seated = BTreeSet::new();
    for epoch in 0..20 {
        let (founders, newcomers) = next_set(&mut network);
        assert!(
            founders >= 9 && newcomers.len() <= 1,
            "{founders} founders in epoch {epoch}"
        );
        seated.extend(newcomers);
    }
    assert!(seated.len() > 2, "several had their turn: {}", seated.len());
}

/// Seven of ten founders leave at once, and thirty newcomers wait. A session lets ⌊(n − 1)/3⌋ go, newcomers stay fewer
/// than a third of whoever is left, and four are left in any case. Without the limit the next set would be three
/// founders and whoever stands at the door.
#[test]
fn founders_who_are_bribed_go_a_third_at_a_time() {
    let mut network = ten(20, |_| ());
    storm(&mut network, 1_000 * FLX, 1_000 * FLX);
    network.chain.block(|| {
        for founder in &network.founders[..7] {
            let leave = pallet_attunement::Call::<Runtime>::leave {};
            assert_eq!(apply(&founder.sign(leave)), Ok(Ok(())));
        }
    });
    let mut sizes = Vec::new();
    for _ in 0..12 {
        let (founders, newcomers) = next_set(&mut network);
        let size = founders + newcomers.len();
        assert!(
            newcomers.is_empty() || newcomers.len() * 3 < size,
            "{founders} and {}",
            newcomers.len()
        );
        assert!(size >= 4);
        sizes.push((founders, newcomers.len()));
    }
    let (founders, newcomers) = sizes[sizes.len() - 1];
    assert!(founders >= 3 && founders > newcomers, "{sizes:?}");
    assert!(
        sizes
            .windows(2)
            .all(|two| two[0].0 - two[1].0 <= (two[0].0 + two[0].1 - 1) / 3),
        "{sizes:?}"
    );
}
