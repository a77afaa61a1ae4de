//! The golden cases, which a Python and a Node.js program judge too: `independent/sync/check.sh`.

use qc_harmonics::{
    symbols::Symbols,
    sync::{is_in_window, judge, observed_gradients, Densities, Report, Reporter, Submission, Truth, Verdict},
};
use serde_json::{json, Value};

fn golden() -> Value {
    serde_json::from_str(include_str!("../../independent/sync/golden.json")).expect("it is JSON")
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("an array")
}

/// A number written as text.
fn big(value: &Value) -> u128 {
    value.as_str().expect("text").parse().expect("a number")
}

fn small<N: TryFrom<u64>>(value: &Value) -> N {
    let number = value.as_u64().expect("a number");
    N::try_from(number).ok().expect("it fits")
}

/// A hash that the file writes as the byte that it is all of.
fn hash(value: &Value) -> [u8; 32] {
    [small(value); 32]
}

fn option<N>(value: &Value, read: impl Fn(&Value) -> N) -> Option<N> {
    (!value.is_null()).then(|| read(value))
}

fn densities(value: &Value) -> Densities {
    let pairs = array(value, "densities")
        .iter()
        .map(|one| (small(&one[0]), big(&one[1])));
    Densities::new(pairs.collect()).expect("no more than 11")
}

/// What a validator of the file handed in: nothing, two reports, or one.
enum Handed {
    Missing,
    Void,
    Report(Report),
}

fn handed(value: &Value) -> Handed {
    match value {
        Value::Null => Handed::Missing,
        Value::String(_) => Handed::Void,
        report => Handed::Report(Report {
            version: 1,
            epoch: 0,
            coherence: big(&report["coherence"]),
            densities: densities(report),
            boundary: [0; 32],
            code_hash: hash(&report["code"]),
        }),
    }
}

/// A verdict as the file writes it.
fn written(verdict: &Verdict, gradients: &[Option<i128>]) -> Value {
    let text = |value: &Option<u128>| value.map(|value| value.to_string());
    let each = |of: fn(&qc_harmonics::sync::Judgement) -> Value| verdict.judgements.iter().map(of).collect::<Vec<_>>();
    json!({
        "came": verdict.came,
        "void": verdict.void,
        "consensus": text(&verdict.consensus),
        "trimmed": verdict.trimmed.map(|(low, high)| [low.to_string(), high.to_string()]),
        "deviating": verdict.deviating,
        "breach": verdict.breach.map(|breach| format!("{breach:?}")),
        "spreadShards": verdict.spread_shards,
        "shardMedians": verdict.shard_medians.iter().map(text).collect::<Vec<_>>(),
        "conformity": each(|one| json!(one.conformity.map(|f2| f2.to_string()))),
        "struck": each(|one| json!(one.struck)),
        "tampered": each(|one| json!(one.tampered)),
        "gradients": gradients.iter().map(|one| one.map(|one| one.to_string())).collect::<Vec<_>>(),
    })
}

#[test]
fn every_case() {
    let golden = golden();
    let cases = array(&golden, "cases");
    assert!(cases.len() >= 200, "{} cases", cases.len());
    for case in cases {
        let symbols = Symbols {
            eps_sync: big(&case["epsSync"]),
            delta_max: big(&case["deltaMax"]),
            observers_min: small(&case["observersMin"]),
            ..Symbols::default()
        };
        let truth = &case["truth"];
        let own: Vec<u128> = array(truth, "densities").iter().map(big).collect();
        let truth = Truth {
            coherence: option(&truth["coherence"], big),
            densities: &own,
            code_hash: option(&truth["code"], hash),
        };
        let edges: Vec<(u8, u8)> = array(case, "edges")
            .iter()
            .map(|edge| (small(&edge[0]), small(&edge[1])))
            .collect();
        let handed: Vec<(Option<u8>, Handed)> = array(case, "reporters")
            .iter()
            .map(|one| (option(&one["shard"], small), handed(&one["report"])))
            .collect();
        let reporters: Vec<Reporter<'_>> = handed
            .iter()
            .map(|(shard, handed)| Reporter {
                shard: *shard,
                submission: match handed {
                    Handed::Missing => Submission::Missing,
                    Handed::Void => Submission::Void,
                    Handed::Report(report) => Submission::Report(report),
                },
            })
            .collect();
        let verdict = judge(&symbols, small(&case["shards"]), &reporters, &truth).expect("ε_sync is not 0");
        let gradients = observed_gradients(&symbols, &edges, &reporters);
        assert_eq!(written(&verdict, &gradients), case["verdict"], "{}", case["name"]);
    }
}

#[test]
fn every_payload() {
    for one in array(&golden(), "payloads") {
        let report = Report {
            version: small(&one["version"]),
            epoch: small(&one["epoch"]),
            coherence: big(&one["coherence"]),
            densities: densities(one),
            boundary: hash(&one["boundary"]),
            code_hash: hash(&one["code"]),
        };
        let hex: String = report.payload().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, one["payload"].as_str().expect("text"));
    }
}

#[test]
fn every_window() {
    for row in array(&golden(), "windows") {
        let symbols = Symbols {
            strike_window_epochs: small(&row[0]),
            ..Symbols::default()
        };
        let counts = is_in_window(&symbols, small(&row[1]), small(&row[2]));
        assert_eq!(Some(counts), row[3].as_bool(), "{row}");
    }
}
