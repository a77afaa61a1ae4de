//! The golden vectors that the independent programs recompute too.

use qc_harmonics::{
    attunement::{
        add_boost, advance_all, choose_set, close, close_conduct, conformity, effective_psi, entry_stake, harmony,
        lambda, mean_omega, multipliers, psi, recalibrate, slash_ceil, slots, Boost, Candidate, Claim, ClosedValidator,
        Forgiveness, History, Observation, Phase, Recalibration, Standing, Trial, ValidatorInput, PARTICIPANT_WEIGHTS,
    },
    symbols::Symbols,
};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;

const GOLDEN: &str = include_str!("../../vectors/attunement.jsonl");

fn number<T: std::str::FromStr>(value: &Value) -> T {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no number"));
    text.parse().unwrap_or_else(|_| panic!("{text} is out of range"))
}

fn option<T: std::str::FromStr>(value: &Value) -> Option<T> {
    (!value.is_null()).then(|| number(value))
}

fn list<T>(value: &Value, of: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap().iter().map(of).collect()
}

fn array<T: std::fmt::Debug, const N: usize>(value: &Value, of: impl Fn(&Value) -> T) -> [T; N] {
    list(value, of).try_into().unwrap()
}

fn text(number: impl std::fmt::Display) -> Value {
    Value::String(number.to_string())
}

fn texts<T: std::fmt::Display>(numbers: &[T]) -> Value {
    numbers.iter().map(text).collect()
}

/// The defaults, with the symbols that the case changes.
fn symbols(changed: &Map<String, Value>) -> Symbols {
    let mut json = serde_json::to_value(Symbols::default()).unwrap();
    for (name, value) in changed {
        assert!(json.get(name).is_some(), "no symbol {name}");
        json[name] = number::<u64>(value).into();
    }
    serde_json::from_value(json).unwrap()
}

fn phase(value: &Value) -> Phase {
    Phase {
        omega: number(&value[0]),
        integral: number(&value[1]),
        was_due: value[2].as_bool().unwrap(),
    }
}

fn phases_out(phases: &[Phase]) -> Value {
    let one = |phase: &Phase| json!([text(phase.omega), text(phase.integral), phase.was_due]);
    phases.iter().map(one).collect()
}

fn closed_out(closed: &ClosedValidator) -> Value {
    json!({"phases": phases_out(&closed.phases), "psi": text(closed.psi)})
}

fn closing(symbols: &Symbols, given: &Value) -> Value {
    let inputs = list(&given["validators"], |value| ValidatorInput {
        phases: array(&value["phases"], phase),
        features: array(&value["features"], option),
        stake: number(&value["stake"]),
        in_grace: value["grace"].as_bool().unwrap(),
    });
    let closing = close(symbols, &inputs, number(&given["memory"])).unwrap();
    json!({
        "validators": closing.validators.iter().map(closed_out).collect::<Value>(),
        "resonance": text(closing.resonance),
        "core": text(closing.core),
        "caf": text(closing.caf),
        "coherence": text(closing.coherence),
        "entropy": text(closing.entropy),
    })
}

fn participant(symbols: &Symbols, given: &Value) -> Value {
    let (phases, features) = (array(&given["phases"], phase), array(&given["features"], option));
    let (after, now) = advance_all(symbols, &PARTICIPANT_WEIGHTS, &phases, &features).unwrap();
    assert_eq!(psi(&PARTICIPANT_WEIGHTS, &after), Ok(now));
    json!({"phases": phases_out(&after), "psi": text(now)})
}

fn slots_of(symbols: &Symbols, given: &Value) -> Value {
    let forgiveness = Forgiveness {
        barred_epochs: number(&given["barred"]),
    };
    let (assigned, authored) = (number(&given["assigned"]), number(&given["authored"]));
    let (feature, next) = slots(symbols, forgiveness, assigned, authored).unwrap();
    json!([feature.map(text), text(next.barred_epochs)])
}

fn gains(symbols: &Symbols, given: &Value) -> Value {
    let lambda = lambda(number(&given["alpha"]), number(&given["coherence"])).unwrap();
    let means = list(&given["validators"], |value| mean_omega(&list(value, phase)).unwrap());
    let values = multipliers(symbols, lambda, &means).unwrap();
    json!([text(lambda), texts(&means), texts(&values)])
}

fn recalibrations(symbols: &Symbols, given: &Value) -> Value {
    let start = &given["state"];
    let trial = |value: &Value| Trial {
        alpha_before: number(&value[0]),
        coherence_before: number(&value[1]),
    };
    let mut state = Recalibration {
        alpha: number(&start["alpha"]),
        trial: (!start["trial"].is_null()).then(|| trial(&start["trial"])),
        rising: start["rising"].as_bool().unwrap(),
        elapsed_epochs: number(&start["elapsed"]),
    };
    let mut states = Vec::new();
    for epoch in given["epochs"].as_array().unwrap() {
        state = recalibrate(symbols, state, number(&epoch[0]), number(&epoch[1])).unwrap();
        states.push(json!({
            "alpha": text(state.alpha),
            "trial": state.trial.map(|trial| texts(&[trial.alpha_before, trial.coherence_before])),
            "rising": state.rising,
            "elapsed": text(state.elapsed_epochs),
        }));
    }
    states.into()
}

fn boosts(symbols: &Symbols, given: &Value) -> Value {
    let before = Boost {
        level: number(&given["level"]),
        ends: number(&given["ends"]),
    };
    let after = add_boost(symbols, before, number(&given["epoch"]), number(&given["burnt"])).unwrap();
    let effective = effective_psi(symbols, number(&given["psi"]), after.level).unwrap();
    json!([text(after.level), text(after.ends), text(effective)])
}

fn histories(symbols: &Symbols, given: &Value) -> Value {
    let enrolled = number(&given["enrolled"]);
    let mut history = match option(&given["start"]) {
        Some(psi) => History::founded_on(symbols, enrolled, psi).unwrap(),
        None => History::enrolled_on(enrolled),
    };
    for record in given["records"].as_array().unwrap() {
        history.record(number(&record[0]), number(&record[1])).unwrap();
    }
    let mean = |day: &Value| history.mean(symbols, number(day)).unwrap();
    texts(&list(&given["days"], mean))
}

fn observation(value: &Value) -> Observation {
    match value {
        Value::Null => Observation::Absent,
        Value::String(_) => Observation::InGrace,
        _ => Observation::Active {
            psi_before: number(&value[0]),
            psi_after: number(&value[1]),
        },
    }
}

fn conduct(symbols: &Symbols, given: &Value) -> Value {
    let table = given["table"].as_array().unwrap();
    let mut standings = vec![Standing::default(); table[0].as_array().unwrap().len()];
    let mut verdicts = Vec::new();
    for row in table {
        let entries: Vec<_> = standings.iter().copied().zip(list(row, observation)).collect();
        let closed = close_conduct(symbols, number(&given["size"]), &entries).unwrap();
        let of_epoch = closed
            .iter()
            .map(|(_, verdict)| json!([verdict.slash, verdict.remove, verdict.dropped]));
        verdicts.push(of_epoch.collect::<Value>());
        standings = closed.into_iter().map(|(standing, _)| standing).collect();
    }
    verdicts.into()
}

fn set(symbols: &Symbols, given: &Value) -> Value {
    let candidates = list(&given["candidates"], |value| Candidate {
        stake: number(&value[0]),
        psi_eff: number(&value[1]),
        newcomer: value[2].as_bool().unwrap(),
        active: value[3].as_bool().unwrap(),
        claim: match value[4].as_str().unwrap() {
            "seat" => Claim::Seat,
            "leave" => Claim::Leave,
            "remove" => Claim::Remove,
            "bar" => Claim::Bar,
            other => panic!("no claim {other}"),
        },
    });
    let chosen = choose_set(symbols, &candidates).unwrap();
    json!([text(entry_stake(symbols, &candidates).unwrap()), texts(&chosen)])
}

fn compute(of: &str, symbols: &Symbols, given: &Value) -> Value {
    match of {
        "close" => closing(symbols, given),
        "participant" => participant(symbols, given),
        "slots" => slots_of(symbols, given),
        "conformity" => {
            let feature = conformity(symbols, option(&given["report"]), option(&given["star"])).unwrap();
            feature.map_or(Value::Null, text)
        }
        "harmony" => text(harmony(number(&given["dissonance"])).unwrap()),
        "multipliers" => gains(symbols, given),
        "recalibrate" => recalibrations(symbols, given),
        "boost" => boosts(symbols, given),
        "history" => histories(symbols, given),
        "conduct" => conduct(symbols, given),
        "slash" => text(slash_ceil(number(&given["stake"]), symbols.slash_fraction).unwrap()),
        "set" => set(symbols, given),
        other => panic!("no case of {other}"),
    }
}

#[test]
fn every_golden_case_is_recomputed() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (at, line) in GOLDEN.lines().enumerate() {
        let mut case: Value = serde_json::from_str(line).unwrap();
        let of = case["of"].as_str().unwrap().to_owned();
        let symbols = symbols(case["symbols"].as_object().unwrap());
        let found = compute(&of, &symbols, &case["in"]);
        assert_eq!(found, case["out"].take(), "line {}: {of}", at + 1);
        *counts.entry(of).or_default() += 1;
    }
    let kinds: Vec<&str> = counts.keys().map(String::as_str).collect();
    let expected = [
        "boost",
        "close",
        "conduct",
        "conformity",
        "harmony",
        "history",
        "multipliers",
        "participant",
        "recalibrate",
        "set",
        "slash",
        "slots",
    ];
    assert_eq!(kinds, expected);
}
