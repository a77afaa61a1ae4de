//! The chapter docs/protocol/attunement.md says what the code computes: its examples, one test for each formula.

use qc_harmonics::{
    attunement::{
        add_boost, advance_all, caf, choose_set, close, close_conduct, conformity, core_coherence, duty, effective_psi,
        entropy_rate, entry_stake, harmony, lambda, mean_omega, mean_psi, multipliers, network_coherence, psi,
        recalibrate, slash_ceil, slots, Boost, Candidate, Claim, Forgiveness, History, Observation, Phase,
        Recalibration, Standing, ValidatorInput, Verdict, PARTICIPANT_WEIGHTS, VALIDATOR_WEIGHTS,
    },
    symbols::Symbols,
};
use qc_math::ONE;

const CHAPTER: &str = include_str!("../../../../docs/protocol/attunement.md");

/// A whole token in plancks.
const WHOLE: u128 = 1_000_000_000_000;

/// The chapter says this, wherever its lines break, and no digit follows.
#[track_caller]
pub fn on_the_page(text: &str) {
    let page = CHAPTER.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = |at: usize| !page[at + text.len()..].starts_with(|next: char| next.is_ascii_digit());
    let is_there = page.match_indices(text).any(|(at, _)| ends(at));
    assert!(is_there, "docs/protocol/attunement.md does not say: {text}");
}

/// A number without zeros at the end, in units of one.
fn text(number: u128) -> String {
    let digits = format!("{}.{:018}", number / ONE, number % ONE);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The chapter says that `what` is this number.
#[track_caller]
fn said(what: &str, number: u128) {
    on_the_page(&format!("{what} = {}", text(number)));
}

fn percent(percent: u128) -> u128 {
    percent * ONE / 100
}

fn due(omega: u128, integral: u128) -> Phase {
    Phase {
        omega,
        integral,
        was_due: true,
    }
}

#[test]
fn features_and_a_forgiven_miss() {
    let symbols = Symbols::default();
    let (first, forgiveness) = slots(&symbols, Forgiveness::default(), 37, 35).unwrap();
    said("f0", first.unwrap());
    assert_eq!((first, forgiveness.barred_epochs), (Some(36 * ONE / 37), 9));
    on_the_page("barred becomes 9");
    let (second, forgiveness) = slots(&symbols, forgiveness, 37, 35).unwrap();
    said("f0", second.unwrap());
    assert_eq!((second, forgiveness.barred_epochs), (Some(35 * ONE / 37), 8));
    on_the_page("barred becomes 8");
    said("f1", duty(2, 3).unwrap().unwrap());
    let star = percent(97);
    let report = star + 5 * ONE / 10_000;
    said("f2", conformity(&symbols, Some(report), Some(star)).unwrap().unwrap());
    said("f3", harmony(percent(25)).unwrap());
    assert_eq!(harmony(percent(25)), Ok(percent(80)));
}

#[test]
fn a_step_of_the_phases() {
    let symbols = Symbols::default();
    let (f0, _) = slots(&symbols, Forgiveness { barred_epochs: 9 }, 37, 36).unwrap();
    said("f0", f0.unwrap());
    let never = Phase::default();
    let input = ValidatorInput {
        phases: [due(percent(90), 10 * ONE), never, never, due(percent(80), 10 * ONE)],
        features: [f0, None, Some(percent(75)), Some(harmony(0).unwrap())],
        stake: 1,
        in_grace: false,
    };
    let before = psi(&VALIDATOR_WEIGHTS, &input.phases).unwrap();
    on_the_page(&format!("Ψ = (0.3 · 0.9 + 0.2 · 0.8)/0.5 = {}", text(before)));
    let closing = close(&symbols, &[input], 0).unwrap();
    let [slots, _, conformity, harmony] = closing.validators[0].phases;
    assert_eq!(slots, due(905_837_837_837_837_837, 10_705_837_837_837_837_837));
    assert_eq!(conformity, due(851_200_000_000_000_000, 851_200_000_000_000_000));
    assert_eq!(closing.validators[0].psi, 864_559_073_359_073_358);
    said("ω0", slots.omega);
    said("I0", slots.integral);
    on_the_page(&format!("ω2 = 0.92 · 0.86 + 0.08 · 0.75 = {}", text(conformity.omega)));
    said("I2", conformity.integral);
    said("ω3", harmony.omega);
    let after = text(closing.validators[0].psi);
    on_the_page(&format!("Ψ = (0.3 ω0 + 0.2 ω2 + 0.2 ω3)/0.7 = {after}"));
}

#[test]
fn a_step_of_a_participant() {
    let phases = [due(percent(90), 0), due(percent(50), 0)];
    let before = psi(&PARTICIPANT_WEIGHTS, &phases).unwrap();
    on_the_page(&format!("Ψ = 0.6 · 0.9 + 0.4 · 0.5 = {}", text(before)));
    let accepted = duty(2, 3).unwrap();
    let features = [accepted, duty(0, 0).unwrap()];
    let symbols = Symbols::default();
    let (phases, after) = advance_all(&symbols, &PARTICIPANT_WEIGHTS, &phases, &features).unwrap();
    let (f, omega) = (text(accepted.unwrap()), text(phases[0].omega));
    on_the_page(&format!("ω of packets = 0.92 · 0.9 + 0.08 · {f} = {omega}"));
    assert_eq!(phases[1], due(percent(50), 0));
    said("Ψ", after);
}

#[test]
fn coherence_of_three() {
    let validator = |omegas: [u128; 4], stake: u128| ValidatorInput {
        phases: omegas.map(|omega| due(percent(omega), 0)),
        features: [None; 4],
        stake: stake * WHOLE,
        in_grace: false,
    };
    let inputs = [
        validator([100; 4], 50_000),
        validator([90, 80, 90, 100], 30_000),
        validator([50, 50, 0, 100], 20_000),
    ];
    let closing = close(&Symbols::default(), &inputs, 0).unwrap();
    assert_eq!(closing.resonance, 883_341_098_530_718_448);
    said("R", closing.resonance);
    let psis: Vec<u128> = closing.validators.iter().map(|closed| closed.psi).collect();
    let [one, two, three] = [0, 1, 2].map(|index: usize| text(psis[index]));
    on_the_page(&format!("Ψ = {one}, {two}, {three}"));
    let stakes = inputs.map(|input| input.stake);
    said("mean", mean_psi(&stakes, &psis).unwrap());
    assert_eq!(closing.core, closing.coherence);
    said("C_core = Ĉ", closing.coherence);
    said("H", closing.entropy);
    let before = 966 * ONE / 1_000;
    let rate = text(entropy_rate(Some(before), closing.entropy));
    on_the_page(&format!(
        "If H was {} in the epoch before, the entropy rate is {rate}",
        text(before)
    ));
}

#[test]
fn memory_raises_the_coherence() {
    let symbols = Symbols::default();
    let caf = caf(&symbols, percent(50)).unwrap();
    said("CAF", caf);
    for core in [90, 98].map(percent) {
        let coherence = text(network_coherence(core, caf).unwrap());
        on_the_page(&format!("C_core = {} gives Ĉ = {coherence}", text(core)));
    }
    assert_eq!(core_coherence(percent(90), percent(50)), Ok(percent(45)));
}

#[test]
fn multipliers_of_three() {
    let never = Phase::default();
    let mean = mean_omega(&[due(ONE, 0), never, due(percent(50), 0), due(percent(75), 0)]).unwrap();
    said("mean_v", mean);
    let lambda = lambda(percent(120), percent(90)).unwrap();
    said("λ", lambda);
    let means = [100, 75, 50].map(|omega| mean_omega(&[due(percent(omega), 0); 4]).unwrap());
    let found = multipliers(&Symbols::default(), lambda, &means).unwrap();
    let [one, two, three] = [0, 1, 2].map(|index: usize| text(found[index]));
    on_the_page(&format!("means 1, 0.75, 0.5: m = {one}, {two}, {three}"));
}

#[test]
fn alpha_is_tried_kept_and_taken_back() {
    let symbols = Symbols::default();
    let mut state = Recalibration::default();
    let mut alphas = Vec::new();
    for epoch in 1..=35 {
        let (coherence, boost) = match epoch {
            1..=10 => (900, 0),
            11..=20 => (910, 0),
            21..=30 => (905, 0),
            _ => (840, 100),
        };
        state = recalibrate(&symbols, state, coherence * ONE / 1_000, boost * ONE / 1_000).unwrap();
        if state.elapsed_epochs == 0 {
            alphas.push((epoch, text(state.alpha), state.rising));
        }
    }
    let expected = [
        (10, "1.02", true),
        (20, "1.04", true),
        (30, "1", false),
        (35, "1.04", true),
    ];
    assert_eq!(
        alphas,
        expected.map(|(epoch, alpha, rising)| (epoch, alpha.to_owned(), rising))
    );
    on_the_page("Ĉ = 0.9, the first trial begins, α = 1.02. Ĉ = 0.91, it is kept, α = 1.04.");
    on_the_page("Ĉ = 0.905, it is not: 1.02 comes back, the direction turns, α = 1.");
    on_the_page("Ĉ fell again, so 1.02 comes back, the direction turns, α = 1.04");
}

#[test]
fn boosts_add_up_over_what_is_left() {
    let symbols = Symbols::default();
    let first = add_boost(&symbols, Boost::default(), 100, 400 * WHOLE).unwrap();
    on_the_page(&format!("b = {} and z = {}", text(first.level), first.ends));
    let second = add_boost(&symbols, first, 130, 300 * WHOLE).unwrap();
    let left = text(first.level * 20 / 50);
    on_the_page(&format!(
        "b = {left} + 0.3 = {} and z = {}",
        text(second.level),
        second.ends
    ));
    for psi in [90, 98].map(percent) {
        let effective = text(effective_psi(&symbols, psi, second.level).unwrap());
        on_the_page(&format!("Ψ = {} gives Ψ_eff = {effective}", text(psi)));
    }
}

#[test]
fn an_average_of_days() {
    let symbols = Symbols::default();
    let mut history = History::enrolled_on(100);
    for (day, psi) in [(100, 90), (100, 80), (102, 100)] {
        history.record(day, percent(psi)).unwrap();
    }
    said("(0.85 + 0 + 1)/7", history.mean(&symbols, 102).unwrap());
    said("1.85/10", history.mean(&symbols, 109).unwrap());
    // A founder, with seven credited days.
    let mut history = History::founded_on(&symbols, 100, percent(90)).unwrap();
    history.record(100, ONE).unwrap();
    said("(7 · 0.9 + 1)/8", history.mean(&symbols, 100).unwrap());
}

/// What epoch ends up to 115 make of ten validators, of whom these fell from 0.71 to 0.69 at these and stay there: the last
/// verdict on the first.
fn verdict_at_115(falls: &[u32]) -> Verdict {
    let symbols = Symbols::default();
    let mut standings = [Standing::default(); 10];
    let mut verdict = Verdict::default();
    for end in 80..=115 {
        let entry = |index: usize| {
            let fell = falls.get(index).copied().unwrap_or(u32::MAX);
            let psi = |since: u32| if since > end { percent(71) } else { percent(69) };
            // A fourth comes back at once.
            let psi_after = if index == 3 && end > fell {
                percent(71)
            } else {
                psi(fell)
            };
            let psi_before = psi(fell.saturating_add(1));
            (standings[index], Observation::Active { psi_before, psi_after })
        };
        let entries: Vec<_> = (0..10).map(entry).collect();
        let closed = close_conduct(&symbols, 10, &entries).unwrap();
        for (kept, (standing, _)) in standings.iter_mut().zip(&closed) {
            *kept = *standing;
        }
        verdict = closed[0].1;
        assert!(end == 115 || verdict == Verdict::default(), "nothing is due at {end}");
    }
    verdict
}

#[test]
fn a_fall_and_an_outage() {
    on_the_page("At the end of 115, its 16th running below");
    let both = Verdict {
        slash: true,
        remove: true,
        dropped: false,
    };
    let dropped = Verdict {
        slash: false,
        remove: false,
        dropped: true,
    };
    for falls in [&[100][..], &[100; 3]] {
        assert_eq!(verdict_at_115(falls), both, "{falls:?}");
    }
    on_the_page("With a fourth who fell at one of the ends 85 to 115 both are dropped");
    for (fourth, expected) in [(84, both), (85, dropped), (115, dropped), (116, both)] {
        assert_eq!(verdict_at_115(&[100, 100, 100, fourth]), expected, "{fourth}");
    }
    let (stake, fraction) = (1_000 * WHOLE + 1, Symbols::default().slash_fraction);
    let slash = slash_ceil(stake, fraction).unwrap();
    let [stake, slash] = [stake, slash].map(|plancks| format!("{}.{:012}", plancks / WHOLE, plancks % WHOLE));
    on_the_page(&format!("of 1,{} ATR {slash} are slashed", &stake[1..]));
}

/// Sitting ones, whose grace is over.
fn seated(stake: u128) -> Candidate {
    Candidate {
        stake: stake * WHOLE,
        psi_eff: ONE,
        active: true,
        ..Candidate::default()
    }
}

#[test]
fn entry_stake_and_ranks() {
    on_the_page("m = 8,000, the entry stake is 2,000");
    let set = [4_000, 8_000, 9_000, 12_000].map(seated);
    assert_eq!(entry_stake(&Symbols::default(), &set), Ok(2_000 * WHOLE));
    on_the_page("2,700 against 2,660");
    // Of two who want the fifth seat, the one with less stake and more Ψ_eff has it.
    let symbols = Symbols {
        validators_max: 5,
        ..Symbols::default()
    };
    let waiting = |stake: u128, psi_eff: u128| Candidate {
        psi_eff: percent(psi_eff),
        active: false,
        ..seated(stake)
    };
    for (three, expected) in [(90, 5), (88, 4)] {
        let mut all = set.to_vec();
        all.extend([waiting(2_800, 95), waiting(3_000, three)]);
        assert_eq!(choose_set(&symbols, &all), Ok(vec![0, 1, 2, 3, expected]));
    }
}

#[test]
fn seats_of_newcomers() {
    for (established, newcomers, seats) in [(98, 20, 10), (4, 3, 1)] {
        on_the_page(&format!("M = 100, x = {established}, y = {newcomers}: k = {seats}"));
        let newcomer = Candidate {
            newcomer: true,
            active: false,
            ..seated(10_000)
        };
        let mut all = vec![seated(10_000); established];
        all.extend(vec![newcomer; newcomers]);
        let chosen = choose_set(&Symbols::default(), &all).unwrap();
        assert_eq!(chosen.iter().filter(|index| **index >= established).count(), seats);
        assert_eq!(chosen.len(), seats + established.min(100 - seats));
    }
}

#[test]
fn a_third_less_one_may_go() {
    on_the_page("⌊6/3⌋ = 2 lose their seats, the blacklisted ones, and the third sits on");
    let mut all = vec![seated(10_000); 7];
    for (index, claim) in [(2, Claim::Leave), (4, Claim::Bar), (6, Claim::Bar)] {
        all[index].claim = claim;
    }
    assert_eq!(choose_set(&Symbols::default(), &all), Ok(vec![0, 1, 2, 3, 5]));
}
