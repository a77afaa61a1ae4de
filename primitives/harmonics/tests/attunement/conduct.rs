//! Falls, slashes, removals, and outages that drop them.

use crate::unit;
use proptest::{collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{close_conduct, slash_ceil, Observation, Standing, Verdict},
    symbols::Symbols,
};
use qc_math::ONE;

const SOUND: u128 = 9 * ONE / 10;
const LOW: u128 = 69 * ONE / 100;

/// A network of validators whose Ψ is told by a function of (validator, epoch).
struct Network {
    standings: Vec<Standing>,
    psis: Vec<u128>,
    epoch: u32,
    /// (epoch, validator, verdict) where there was one.
    verdicts: Vec<(u32, usize, Verdict)>,
}

impl Network {
    fn of(size: usize) -> Self {
        Self {
            standings: vec![Standing::default(); size],
            psis: vec![SOUND; size],
            epoch: 0,
            verdicts: Vec::new(),
        }
    }

    fn run(mut self, epochs: u32, psi: impl Fn(usize, u32) -> u128) -> Self {
        for _ in 0..epochs {
            let after: Vec<u128> = (0..self.psis.len()).map(|v| psi(v, self.epoch)).collect();
            let seen = self.psis.iter().zip(&after).map(|(before, after)| Observation::Active {
                psi_before: *before,
                psi_after: *after,
            });
            let entries: Vec<_> = self.standings.iter().copied().zip(seen).collect();
            let size = u32::try_from(entries.len()).unwrap();
            let closed = close_conduct(&Symbols::default(), size, &entries).unwrap();
            for (validator, (_, verdict)) in closed.iter().enumerate() {
                if *verdict != Verdict::default() {
                    self.verdicts.push((self.epoch, validator, *verdict));
                }
            }
            self.standings = closed.into_iter().map(|(standing, _)| standing).collect();
            self.psis = after;
            self.epoch += 1;
        }
        self
    }
}

const SLASH: Verdict = Verdict {
    slash: true,
    remove: false,
    dropped: false,
};
const REMOVE: Verdict = Verdict {
    slash: false,
    remove: true,
    dropped: false,
};
const BOTH: Verdict = Verdict {
    slash: true,
    remove: true,
    dropped: false,
};
const DROPPED: Verdict = Verdict {
    slash: false,
    remove: false,
    dropped: true,
};

#[test]
fn a_short_fall_is_slashed_once_fifteen_epochs_later() {
    let network = Network::of(4).run(60, |v, e| if v == 2 && (10..13).contains(&e) { LOW } else { SOUND });
    assert_eq!(network.verdicts, [(25, 2, SLASH)]);
    assert!(network
        .standings
        .iter()
        .all(|standing| *standing == Standing::default()));
}

#[test]
fn a_long_fall_is_slashed_and_removed_at_once() {
    let network = Network::of(4).run(26, |v, e| if v == 2 && e >= 10 { LOW } else { SOUND });
    assert_eq!(network.verdicts, [(25, 2, BOTH)]);
    // One epoch less below, and it stays.
    let network = Network::of(4).run(40, |v, e| if v == 2 && (10..25).contains(&e) { LOW } else { SOUND });
    assert_eq!(network.verdicts, [(25, 2, SLASH)]);
}

#[test]
fn every_crossing_is_slashed() {
    let low = |e: u32| (10..12).contains(&e) || (14..15).contains(&e);
    let network = Network::of(4).run(60, |v, e| if v == 2 && low(e) { LOW } else { SOUND });
    assert_eq!(network.verdicts, [(25, 2, SLASH), (29, 2, SLASH)]);
}

/// Two of five is more than a third; two of six is not.
#[test]
fn an_outage_drops_what_was_due() {
    let both = |v: usize, e: u32| if v < 2 && (10..14).contains(&e) { LOW } else { SOUND };
    assert_eq!(
        Network::of(5).run(60, both).verdicts,
        [(25, 0, DROPPED), (25, 1, DROPPED)]
    );
    assert_eq!(Network::of(6).run(60, both).verdicts, [(25, 0, SLASH), (25, 1, SLASH)]);
}

#[test]
fn the_window_is_fifteen_epochs_either_side() {
    let verdicts = |second: u32| {
        let falls = move |v: usize, e: u32| (v == 0 && e == 40) || (v == 1 && e == second);
        let network = Network::of(5).run(90, move |v, e| if falls(v, e) { LOW } else { SOUND });
        let mut of_first: Vec<_> = network.verdicts.into_iter().filter(|(_, v, _)| *v == 0).collect();
        of_first.pop().unwrap().2
    };
    for (second, expected) in [(24, SLASH), (25, DROPPED), (40, DROPPED), (55, DROPPED), (56, SLASH)] {
        assert_eq!(verdicts(second), expected, "second fall at {second}");
    }
}

/// One who falls again and again counts once: it cannot make an outage of itself.
#[test]
fn one_cannot_feign_an_outage() {
    let network = Network::of(4).run(60, |v, e| {
        if v == 2 && (10..30).contains(&e) && e.is_multiple_of(2) {
            LOW
        } else {
            SOUND
        }
    });
    assert_eq!(network.verdicts.len(), 10);
    assert!(network
        .verdicts
        .iter()
        .all(|(_, v, verdict)| *v == 2 && *verdict == SLASH));
}

/// Who stays below is removed (not slashed) as soon as the outage is past the window.
#[test]
fn the_dead_are_removed_after_an_outage() {
    let network = Network::of(6).run(60, |v, e| {
        let dead = v == 0 && e >= 10;
        let out = v < 3 && (10..20).contains(&e);
        if dead || out {
            LOW
        } else {
            SOUND
        }
    });
    for (epoch, validator, verdict) in &network.verdicts {
        let expected = if *epoch <= 40 { DROPPED } else { REMOVE };
        assert_eq!(*verdict, expected, "epoch {epoch}");
        assert!(*validator == 0 || *epoch == 25);
    }
    assert_eq!(network.verdicts.last(), Some(&(59, 0, REMOVE)));
    assert!(network.verdicts.iter().all(|(_, _, verdict)| !verdict.slash));
}

/// One validator alone, and one of two, are more than a third: the network is theirs.
#[test]
fn one_of_few_is_the_network() {
    for size in [1, 2] {
        let network = Network::of(size).run(30, |v, e| if v == 0 && e == 10 { LOW } else { SOUND });
        assert_eq!(network.verdicts, [(25, 0, DROPPED)]);
    }
    let network = Network::of(3).run(30, |v, e| if v == 0 && e == 10 { LOW } else { SOUND });
    assert_eq!(network.verdicts, [(25, 0, SLASH)]);
}

fn close_one(standing: Standing, observation: Observation) -> (Standing, Verdict) {
    close_conduct(&Symbols::default(), 10, &[(standing, observation)]).unwrap()[0]
}

/// Nothing is slashed for the time in grace; who is still low when it ends is removed after fifteen epochs, not slashed.
#[test]
fn grace_is_not_judged() {
    let mut standing = Standing::default();
    for _ in 0..40 {
        let (next, verdict) = close_one(standing, Observation::InGrace);
        assert_eq!((next, verdict), (Standing::default(), Verdict::default()));
        standing = next;
    }
    let low = Observation::Active {
        psi_before: LOW,
        psi_after: LOW,
    };
    for epoch in 0..=15 {
        let (next, verdict) = close_one(standing, low);
        standing = next;
        let expected = if epoch == 15 { REMOVE } else { Verdict::default() };
        assert_eq!(verdict, expected, "epoch {epoch}");
    }
}

/// A slash that is due is not escaped by leaving the set.
#[test]
fn leaving_does_not_help() {
    let crossing = Observation::Active {
        psi_before: SOUND,
        psi_after: LOW,
    };
    let (mut standing, _) = close_one(Standing::default(), crossing);
    for epoch in 1..=40 {
        let (next, verdict) = close_one(standing, Observation::Absent);
        standing = next;
        let expected = if epoch == 15 { SLASH } else { Verdict::default() };
        assert_eq!(verdict, expected, "epoch {epoch}");
    }
    assert_eq!(standing, Standing::default());
}

#[test]
fn amounts_round_up_and_never_exceed_the_stake() {
    assert_eq!(slash_ceil(1_000, ONE / 20), Ok(50));
    assert_eq!(slash_ceil(1_001, ONE / 20), Ok(51));
    assert_eq!(slash_ceil(1, ONE / 20), Ok(1));
    assert_eq!(slash_ceil(0, ONE), Ok(0));
    assert_eq!(slash_ceil(u128::MAX, ONE), Ok(u128::MAX));
}

proptest! {
    /// Against a plain reading of the rules over the whole record.
    #[test]
    fn slashes_are_the_crossings_without_the_outages(
        table in vec(vec(proptest::bool::weighted(0.12), 60), 1..8),
    ) {
        let low = |v: usize, e: u32| table[v][usize::try_from(e).unwrap()];
        let size = table.len();
        let network = Network::of(size).run(60, |v, e| if low(v, e) { LOW } else { SOUND });
        let crossed = |v: usize, e: u32| low(v, e) && (e == 0 || !low(v, e - 1));
        let mut expected = Vec::new();
        for e in 15_u32..60 {
            for v in 0..size {
                let fell = |w: usize| ((e - 15).saturating_sub(15)..=e).any(|at| crossed(w, at));
                let outage = 3 * (0..size).filter(|w| fell(*w)).count() > size;
                if crossed(v, e - 15) && !outage {
                    expected.push((e, v));
                }
            }
        }
        let slashes = network.verdicts.iter().filter(|(_, _, verdict)| verdict.slash);
        let found: Vec<_> = slashes.map(|(e, v, _)| (*e, *v)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_slash_is_a_part(stake in any::<u128>(), fraction in unit()) {
        prop_assert!(slash_ceil(stake, fraction).unwrap() <= stake);
    }
}
