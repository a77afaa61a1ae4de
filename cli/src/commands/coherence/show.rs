//! Coherence, for people and for programs.

use super::Epoch;
use crate::field::fixed::{exact, short, ONE};
use crate::field::{Breach, Incident, Outcome, SyncOutcome};
use crate::output::table;
use serde_json::{json, Value};

/// The protocol's targets, units of 10⁻¹⁸: the least Ĉ, CAF and H, and the largest entropy rate.
const COHERENCE_MIN: u128 = ONE / 100 * 97;
const CAF_MIN: u128 = ONE / 100 * 105;
const ENTROPY_MIN: u128 = ONE / 100 * 98;
const ENTROPY_RATE_MAX: u128 = ONE / 1_000 * 2;

/// Whether a value meets its target.
fn met(is_met: bool) -> &'static str {
    if is_met {
        "met"
    } else {
        "not met"
    }
}

/// The epoch that closed last.
pub fn now_text(outcome: &Outcome, sync: Option<&SyncOutcome>, incidents: &[Incident]) -> String {
    let at_least = |value: u128, least: u128, text: &str| format!("target {text} and more: {}", met(value >= least));
    let rate = format!(
        "target 0.002 and less: {}",
        met(outcome.entropy_rate <= ENTROPY_RATE_MAX)
    );
    let rows = [
        (
            "Ĉ",
            outcome.coherence,
            at_least(outcome.coherence, COHERENCE_MIN, "0.97"),
        ),
        ("R", outcome.resonance, String::new()),
        ("C_core", outcome.core, String::new()),
        ("CAF", outcome.caf, at_least(outcome.caf, CAF_MIN, "1.05")),
        ("H", outcome.entropy, at_least(outcome.entropy, ENTROPY_MIN, "0.98")),
        ("entropy rate", outcome.entropy_rate, rate),
        ("α", outcome.alpha, String::new()),
        ("λ", outcome.lambda, String::new()),
    ];
    let mut lines = vec![format!(
        "epoch {}: {} validators, {} participants acted",
        outcome.epoch, outcome.validators, outcome.participants
    )];
    lines.extend(rows.map(|(name, value, target)| {
        format!("{name:<13} {:>9}  {target}", short(value))
            .trim_end()
            .to_owned()
    }));
    lines.push(String::new());
    lines.extend(sync_lines(sync));
    lines.push(String::new());
    lines.push(incidents_text(incidents));
    lines.join("\n")
}

fn sync_lines(sync: Option<&SyncOutcome>) -> Vec<String> {
    let Some(sync) = sync else {
        return vec!["ΨSync: no reports were due in the last closed epoch".into()];
    };
    let consensus = match sync.consensus {
        Some(consensus) => format!("Ψ* {}", short(consensus)),
        None => "no Ψ*, for no more than two thirds reported".into(),
    };
    let mut lines = vec![format!(
        "ΨSync on epoch {}: {consensus}; {} of {} reports counted, {} void",
        sync.epoch, sync.came, sync.validators, sync.void
    )];
    if let Some(own) = sync.own {
        lines.push(format!("the chain's own Ĉ of that epoch: {}", short(own)));
    }
    if let Some(spread) = sync.spread() {
        lines.push(format!("spread of the reports: {}", short(spread)));
    }
    if sync.deviating > 0 || sync.struck > 0 || sync.tampered > 0 {
        lines.push(format!(
            "{} deviated, {} got a strike, {} tampered",
            sync.deviating, sync.struck, sync.tampered
        ));
    }
    match sync.breach {
        Some(Breach::ChainInDoubt) => {
            lines.push("breach: more than a third share one same other value; the chain itself is in doubt".into());
        }
        Some(Breach::Scattered) => lines.push("breach: more than a third deviate, each in another way".into()),
        None => {}
    }
    if !sync.spread_shards.is_empty() {
        let shards: Vec<String> = sync.spread_shards.iter().map(u8::to_string).collect();
        lines.push(format!("too wide a spread, in shards {}", shards.join(", ")));
    }
    lines
}

fn incidents_text(incidents: &[Incident]) -> String {
    if incidents.is_empty() {
        return "no open incidents".into();
    }
    let mut rows = vec![["open incident", "code", "of", "cause", "since epoch", "last", "times"]
        .map(String::from)
        .to_vec()];
    rows.extend(incidents.iter().map(|incident| {
        vec![
            incident.number.to_string(),
            incident.code.to_string(),
            incident.scope.clone(),
            incident.cause.into(),
            incident.epoch.to_string(),
            incident.last_epoch.to_string(),
            incident.times.to_string(),
        ]
    }));
    table(&rows)
}

/// The widths of the columns of [`epochs_text`] and [`line()`], and their heads.
const COLUMNS: [(&str, usize); 11] = [
    ("epoch", 7),
    ("Ĉ", 9),
    ("R", 9),
    ("C_core", 9),
    ("CAF", 9),
    ("H", 9),
    ("rate", 9),
    ("α", 9),
    ("λ", 9),
    ("Ψ* before", 10),
    ("reports", 8),
];

fn columns(cells: [String; COLUMNS.len()]) -> String {
    let padded = cells
        .iter()
        .zip(COLUMNS)
        .map(|(cell, (_, width))| format!("{cell:>width$}"));
    padded.collect::<Vec<_>>().join(" ")
}

/// The heads of the columns of [`line()`].
pub fn heads() -> String {
    columns(COLUMNS.map(|(head, _)| head.to_owned()))
}

/// One epoch on one line.
pub fn line(epoch: &Epoch) -> String {
    let Epoch { outcome, sync } = epoch;
    let consensus = sync.as_ref().and_then(|sync| sync.consensus);
    let reports = sync.as_ref().map(|sync| format!("{}/{}", sync.came, sync.validators));
    columns([
        outcome.epoch.to_string(),
        short(outcome.coherence),
        short(outcome.resonance),
        short(outcome.core),
        short(outcome.caf),
        short(outcome.entropy),
        short(outcome.entropy_rate),
        short(outcome.alpha),
        short(outcome.lambda),
        consensus.map_or_else(|| "-".into(), short),
        reports.unwrap_or_else(|| "-".into()),
    ])
}

/// Epochs, a line each.
pub fn epochs_text(epochs: &[Epoch]) -> String {
    let lines = std::iter::once(heads()).chain(epochs.iter().map(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// An epoch for programs.
pub fn outcome_json(outcome: &Outcome) -> Value {
    json!({
        "epoch": outcome.epoch,
        "validators": outcome.validators,
        "participants": outcome.participants,
        "coherence": exact(outcome.coherence),
        "resonance": exact(outcome.resonance),
        "core": exact(outcome.core),
        "caf": exact(outcome.caf),
        "entropy": exact(outcome.entropy),
        "entropyRate": exact(outcome.entropy_rate),
        "alpha": exact(outcome.alpha),
        "lambda": exact(outcome.lambda),
    })
}

/// What reports came to, for programs.
pub fn sync_json(sync: Option<&SyncOutcome>) -> Value {
    let Some(sync) = sync else {
        return Value::Null;
    };
    json!({
        "epoch": sync.epoch,
        "validators": sync.validators,
        "came": sync.came,
        "void": sync.void,
        "consensus": sync.consensus.map(exact),
        "own": sync.own.map(exact),
        "trimmed": sync.trimmed.map(|(low, high)| [exact(low), exact(high)]),
        "spread": sync.spread().map(exact),
        "deviating": sync.deviating,
        "struck": sync.struck,
        "tampered": sync.tampered,
        "breach": sync.breach.map(|breach| match breach {
            Breach::ChainInDoubt => "chain-in-doubt",
            Breach::Scattered => "scattered",
        }),
        "spreadShards": sync.spread_shards,
    })
}

/// An epoch with what the reports on the one before came to, for programs.
pub fn epoch_json(epoch: &Epoch) -> Value {
    let mut machine = outcome_json(&epoch.outcome);
    machine["sync"] = sync_json(epoch.sync.as_ref());
    machine
}

/// An incident for programs.
pub fn incident_json(incident: &Incident) -> Value {
    json!({
        "number": incident.number,
        "code": incident.code,
        "scope": incident.scope,
        "cause": incident.cause,
        "block": incident.block,
        "epoch": incident.epoch,
        "lastEpoch": incident.last_epoch,
        "times": incident.times,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome() -> Outcome {
        Outcome {
            epoch: 41,
            validators: 4,
            participants: 2,
            resonance: ONE,
            core: ONE / 100 * 97,
            caf: ONE,
            coherence: ONE / 100 * 97,
            entropy: ONE / 100 * 98 - 1,
            entropy_rate: ONE / 1_000 * 2,
            alpha: ONE,
            lambda: ONE / 10 * 6,
        }
    }

    fn sync() -> SyncOutcome {
        SyncOutcome {
            epoch: 40,
            validators: 4,
            came: 3,
            void: 1,
            consensus: Some(ONE / 100 * 96),
            trimmed: Some((ONE / 100 * 95, ONE / 100 * 96)),
            own: Some(ONE / 100 * 96),
            deviating: 2,
            struck: 0,
            tampered: 0,
            breach: Some(Breach::Scattered),
            spread_shards: vec![1, 2],
        }
    }

    /// A target is met at its very value, and not a unit before.
    #[test]
    fn what_is_met_is_said_to_the_last_unit() {
        let text = now_text(&outcome(), Some(&sync()), &[]);
        let line = |name: &str| {
            text.lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(line("Ĉ"), "Ĉ              0.970000  target 0.97 and more: met");
        assert!(line("entropy rate").ends_with("0.002 and less: met"), "{text}");
        assert!(line("H").ends_with("0.98 and more: not met"), "{text}");
        assert!(line("CAF").ends_with("not met"), "{text}");
        for part in [
            "ΨSync on epoch 40: Ψ* 0.960000; 3 of 4 reports counted, 1 void",
            "spread of the reports: 0.010000",
            "2 deviated",
            "more than a third deviate",
            "in shards 1, 2",
            "no open incidents",
        ] {
            assert!(text.contains(part), "{part:?} in\n{text}");
        }
    }

    #[test]
    fn no_reports_and_no_consensus_are_told_apart() {
        assert!(now_text(&outcome(), None, &[]).contains("no reports were due"));
        let silent = SyncOutcome {
            consensus: None,
            trimmed: None,
            breach: None,
            ..sync()
        };
        let text = now_text(&outcome(), Some(&silent), &[]);
        assert!(text.contains("no Ψ*") && !text.contains("spread of"), "{text}");
        let json = sync_json(Some(&silent));
        assert_eq!(
            (&json["consensus"], &json["spread"], &json["breach"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(sync_json(Some(&sync()))["spread"], "0.01");
    }

    #[test]
    fn lines_stand_under_their_heads() {
        let with = Epoch {
            outcome: outcome(),
            sync: Some(sync()),
        };
        let without = Epoch {
            outcome: outcome(),
            sync: None,
        };
        let text = epochs_text(&[with, without]);
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        assert!(text.lines().nth(1).unwrap().ends_with("0.960000      3/4"), "{text}");
        assert!(text.lines().nth(2).unwrap().ends_with("-        -"), "{text}");
    }

    #[test]
    fn incidents_are_listed() {
        let incident = Incident {
            number: 3,
            code: 412,
            scope: "shard 2".into(),
            cause: "curl",
            block: 400,
            epoch: 39,
            last_epoch: 40,
            times: 2,
        };
        let text = incidents_text(std::slice::from_ref(&incident));
        assert!(text.contains("412  shard 2   curl           39    40      2"), "{text}");
        assert_eq!(incident_json(&incident)["code"], 412);
    }
}
