//! The choice of the set.

use proptest::{collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{choose_set, entry_stake, removals_max, Candidate, Claim},
    symbols::Symbols,
};
use qc_math::{MathError, ONE};

const WHOLE: u128 = 1_000_000_000_000;

fn seated(stake: u128) -> Candidate {
    Candidate {
        stake: stake * WHOLE,
        psi_eff: ONE,
        newcomer: false,
        active: true,
        claim: Claim::Seat,
    }
}

fn outside(stake: u128) -> Candidate {
    Candidate {
        active: false,
        ..seated(stake)
    }
}

fn newcomer(stake: u128) -> Candidate {
    Candidate {
        psi_eff: 0,
        newcomer: true,
        active: false,
        ..seated(stake)
    }
}

fn with(claim: Claim, candidate: Candidate) -> Candidate {
    Candidate { claim, ..candidate }
}

fn choose(candidates: &[Candidate]) -> Vec<usize> {
    choose_set(&Symbols::default(), candidates).unwrap()
}

#[test]
fn removals() {
    let table = [(0, 0), (1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (100, 33)];
    for (n, max) in table {
        assert_eq!(removals_max(n), max, "{n}");
    }
}

#[test]
fn the_established_are_kept_and_joined_by_newcomers_below_a_third() {
    let mut candidates = vec![seated(50_000), seated(40_000), seated(30_000), seated(20_000)];
    assert_eq!(choose(&candidates), [0, 1, 2, 3]);
    // One of five is fewer than a third, two of six are not.
    candidates.extend([newcomer(10_000), newcomer(12_000), newcomer(11_000)]);
    assert_eq!(choose(&candidates), [0, 1, 2, 3, 5]);
}

#[test]
fn cheap_ones_do_not_enter() {
    // Lower median 30,000: a quarter of it is 7,500.
    let mut candidates = vec![seated(50_000), seated(40_000), seated(30_000), seated(20_000)];
    assert_eq!(entry_stake(&Symbols::default(), &candidates), Ok(7_500 * WHOLE));
    candidates.extend(vec![newcomer(7_499); 50]);
    candidates.extend(vec![outside(7_499); 50]);
    assert_eq!(choose(&candidates), [0, 1, 2, 3]);
    candidates.push(newcomer(7_500));
    assert_eq!(choose(&candidates), [0, 1, 2, 3, 104]);
    assert_eq!(entry_stake(&Symbols::default(), &[]), Ok(1_000 * WHOLE));
}

/// Who takes his stake out again, to enter once more with it, loses the seat.
#[test]
fn a_stake_counts_once() {
    let mut candidates = vec![seated(40_000); 6];
    candidates.push(seated(9_999));
    assert_eq!(choose(&candidates), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn at_genesis_all_are_newcomers_and_stay() {
    let founder = Candidate {
        newcomer: true,
        psi_eff: 0,
        ..seated(10_000)
    };
    assert_eq!(choose(&[founder; 4]), [0, 1, 2, 3]);
    assert_eq!(choose(&[founder; 1]), [0]);
    let others = [founder, founder, founder, founder, newcomer(10_000), newcomer(10_000)];
    assert_eq!(choose(&others), [0, 1, 2, 3, 4]);
}

#[test]
fn nobody_left_changes_nothing() {
    assert_eq!(choose(&[]), Vec::<usize>::new());
    assert_eq!(choose(&[with(Claim::Leave, seated(9)); 7]), Vec::<usize>::new());
}

#[test]
fn the_set_never_comes_below_four() {
    let mut candidates = vec![seated(10_000); 4];
    candidates[1].claim = Claim::Bar;
    assert_eq!(choose(&candidates), [0, 1, 2, 3]);
    // With one to take the place, it goes.
    candidates.push(outside(10_000));
    assert_eq!(choose(&candidates), [0, 2, 3, 4]);
    let dev = Symbols {
        validators_min: 1,
        ..Symbols::default()
    };
    candidates.pop();
    assert_eq!(choose_set(&dev, &candidates), Ok(vec![0, 2, 3]));
}

#[test]
fn the_most_urgent_go_first() {
    let mut candidates = vec![seated(10_000); 10];
    candidates[1].claim = Claim::Leave;
    candidates[2].claim = Claim::Remove;
    candidates[3].claim = Claim::Bar;
    candidates[4].claim = Claim::Bar;
    // Of ten, three may go: the blacklisted two, and the one to be removed.
    assert_eq!(choose(&candidates), [0, 1, 5, 6, 7, 8, 9]);
}

#[test]
fn a_full_set_has_room_for_newcomers() {
    let symbols = Symbols {
        validators_max: 10,
        ..Symbols::default()
    };
    let mut candidates = vec![seated(10_000); 10];
    candidates[6].stake -= 1;
    candidates.push(newcomer(5_000));
    candidates.push(newcomer(5_000));
    // A tenth of the seats: one. The lowest established makes room, of two alike the first takes it.
    assert_eq!(
        choose_set(&symbols, &candidates),
        Ok(vec![0, 1, 2, 3, 4, 5, 7, 8, 9, 10])
    );
}

/// As many newcomers as the symbols let sit are four of ten, as many as the rule of a third lets, three. No seat is kept for a fourth.
#[test]
fn no_seat_is_kept_for_who_may_not_sit() {
    let symbols = Symbols {
        validators_max: 10,
        newcomer_seats_share: 33 * ONE / 100,
        ..Symbols::default()
    };
    let sits = Candidate {
        active: true,
        ..newcomer(5_000)
    };
    let mut candidates = vec![seated(10_000); 7];
    candidates.extend(vec![outside(9_000); 7]);
    candidates.extend([sits, sits, sits, newcomer(5_000)]);
    assert_eq!(
        choose_set(&symbols, &candidates),
        Ok(vec![0, 1, 2, 3, 4, 5, 6, 14, 15, 16])
    );
}

#[test]
fn rank_is_stake_times_psi() {
    let symbols = Symbols {
        validators_max: 4,
        ..Symbols::default()
    };
    let mut candidates = vec![seated(10_000); 4];
    candidates[2].psi_eff = ONE / 2;
    candidates.push(outside(5_001));
    assert_eq!(choose_set(&symbols, &candidates), Ok(vec![0, 1, 3, 4]));
    candidates[4].stake = 5_000 * WHOLE;
    assert_eq!(choose_set(&symbols, &candidates), Ok(vec![0, 1, 2, 3]));
}

/// Three established and blacklisted leave, and would leave newcomers a third: a newcomer goes in the place of one of them.
#[test]
fn newcomers_stay_few_when_others_go() {
    let sitting = Candidate {
        active: true,
        ..newcomer(10_000)
    };
    let mut candidates = vec![seated(10_000); 7];
    candidates.extend([sitting; 3]);
    for barred in &mut candidates[..3] {
        barred.claim = Claim::Bar;
    }
    // Three of seven would be a third. Two go, and the last newcomer: two of seven are fewer.
    assert_eq!(choose(&candidates), [0, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_stake_beyond_reach_is_an_error() {
    let candidates = [
        seated(1),
        seated(1),
        Candidate {
            stake: u128::MAX,
            psi_eff: 2 * ONE,
            ..seated(1)
        },
    ];
    assert_eq!(choose_set(&Symbols::default(), &candidates), Err(MathError::Overflow));
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let claim = prop_oneof![
        6 => Just(Claim::Seat),
        1 => Just(Claim::Leave),
        1 => Just(Claim::Remove),
        1 => Just(Claim::Bar),
    ];
    let stake = prop_oneof![500_u128..2_000, 500_u128..100_000, Just(10_000)];
    let percent = 0_u128..=100;
    (stake, percent, any::<bool>(), any::<bool>(), claim).prop_map(|(stake, percent, newcomer, active, claim)| {
        Candidate {
            stake: stake * WHOLE,
            psi_eff: percent * ONE / 100,
            newcomer,
            active,
            claim,
        }
    })
}

/// Candidates of whom those in the set obey the rule for newcomers, as every set does that was chosen.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    vec(candidate(), 0..40).prop_map(|mut candidates| {
        let mut established = candidates.iter().filter(|one| one.active && !one.newcomer).count();
        let mut newcomers = 0;
        for one in &mut candidates {
            if one.active && one.newcomer {
                if 2 * (newcomers + 1) < established {
                    newcomers += 1;
                } else {
                    one.newcomer = false;
                    established += 1;
                }
            }
        }
        candidates
    })
}

proptest! {
    /// SYBIL: newcomers never get a third, enter at no less than the entry stake, and the bounds of every session hold.
    #[test]
    fn sybils_stay_few_and_bounds_hold(
        candidates in candidates(),
        validators_max in 1_u32..=30,
        validators_min in 1_u32..=6,
    ) {
        let symbols = Symbols { validators_max, validators_min: validators_min.min(validators_max), ..Symbols::default() };
        let chosen = choose_set(&symbols, &candidates).unwrap();
        let before: Vec<usize> = (0..candidates.len()).filter(|index| candidates[*index].active).collect();
        let n = before.len();
        if chosen.is_empty() {
            return Ok(());
        }
        prop_assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
        let removed = before.iter().filter(|index| !chosen.contains(index)).count();
        prop_assert!(removed <= removals_max(n), "{removed} of {n}");
        let min = usize::try_from(symbols.validators_min).unwrap();
        prop_assert!(chosen.len() >= n.min(min));
        let entry = entry_stake(&symbols, &candidates).unwrap();
        for index in chosen.iter().filter(|index| !before.contains(index)) {
            prop_assert!(candidates[*index].stake >= entry);
            prop_assert_eq!(candidates[*index].claim, Claim::Seat);
        }
        let max = usize::try_from(validators_max).unwrap();
        prop_assert!(chosen.len() <= max.max(n));
        let founding = !candidates.iter().any(|one| one.active && !one.newcomer);
        let is_newcomer = |index: &&usize| candidates[**index].newcomer && !(founding && candidates[**index].active);
        let newcomers = chosen.iter().filter(is_newcomer).count();
        prop_assert!(newcomers == 0 || 3 * newcomers < chosen.len(), "{newcomers} of {}", chosen.len());
    }

    /// Many sessions of nothing but cheap newcomers: those who were there keep more than two thirds.
    #[test]
    fn a_crowd_of_newcomers_takes_no_third(founders in 4_usize..20, crowd in 1_usize..60, rich in 10_000_u128..1_000_000) {
        let mut candidates = vec![seated(10_000); founders];
        candidates.extend(vec![newcomer(rich); crowd]);
        for _ in 0..10 {
            let chosen = choose_set(&Symbols::default(), &candidates).unwrap();
            for (index, one) in candidates.iter_mut().enumerate() {
                one.active = chosen.contains(&index);
            }
            let sitting = candidates.iter().filter(|one| one.active).count();
            prop_assert!(candidates[..founders].iter().all(|one| one.active));
            prop_assert!(3 * (sitting - founders) < sitting);
        }
    }

    /// What is chosen is stable: choosing again from it changes nothing.
    #[test]
    fn it_settles(candidates in candidates()) {
        let mut candidates = candidates;
        let mut last = Vec::new();
        for _ in 0..40 {
            let chosen = choose_set(&Symbols::default(), &candidates).unwrap();
            if chosen.is_empty() || chosen == last {
                return Ok(());
            }
            for (index, one) in candidates.iter_mut().enumerate() {
                one.active = chosen.contains(&index);
            }
            last = chosen;
        }
        prop_assert!(false, "40 sessions did not settle");
    }
}
