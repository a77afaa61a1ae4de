//! The golden rows, which a program in Python wrote from the chapter, and the chapter's own examples.

use crate::field::{
    alignment, anomalies, curls, densities, flows, flux, gradients, FieldFault, ShardInput, Topology, TopologyFault,
};
use core::str::FromStr;
use qc_math::MathError;
use serde_json::{json, Value};

/// Written by `independent/field/field.py --write`.
const GOLDEN: &str = include_str!("../../../independent/field/golden.jsonl");

/// Its examples are rows in blocks of `jsonl`.
const CHAPTER: &str = include_str!("../../../../../docs/protocol/field.md");

fn number<N: FromStr>(value: &Value) -> N {
    let text = value.as_str().expect("a number is a string");
    text.parse().ok().expect("it is in range")
}

fn numbers<N: FromStr>(value: &Value) -> Vec<N> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn small(value: &Value) -> u8 {
    u8::try_from(value.as_u64().expect("a small number")).expect("below 256")
}

fn strings<N: ToString>(values: &[N]) -> Value {
    values.iter().map(ToString::to_string).collect()
}

fn options(values: &[Option<i128>]) -> Value {
    values
        .iter()
        .map(|value| value.map(|value| value.to_string()))
        .collect()
}

fn graph(row: &Value) -> Result<Topology, Value> {
    let end = |edge: &Value, at: usize| small(&edge[at]);
    let edges = row["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| (end(edge, 0), end(edge, 1)));
    Topology::build(small(&row["shards"]), &edges.collect::<Vec<_>>()).map_err(|fault| match fault {
        TopologyFault::ShardCount { shards } => json!(["ShardCount", shards]),
        TopologyFault::ShardUnknown { shard, shards } => json!(["ShardUnknown", shard, shards]),
        TopologyFault::Loop { shard } => json!(["Loop", shard]),
        TopologyFault::EdgeTwice { lower, higher } => json!(["EdgeTwice", lower, higher]),
        TopologyFault::Degree { shard, degree } => json!(["Degree", shard, degree]),
        TopologyFault::NotConnected { shard } => json!(["NotConnected", shard]),
        TopologyFault::CycleTooLong { shard, length } => json!(["CycleTooLong", shard, length]),
    })
}

fn named(fault: FieldFault) -> Value {
    match fault {
        FieldFault::Math(MathError::Overflow) => json!(["Overflow"]),
        FieldFault::NotConserved { sum } => json!(["NotConserved", sum.to_string()]),
        other => panic!("no row has this fault: {other}"),
    }
}

fn psi(row: &Value) -> Result<Value, Value> {
    let shards = row["shards"]
        .as_array()
        .expect("shards")
        .iter()
        .map(|shard| ShardInput {
            chr: number(&shard["chr"]),
            staked_atr: number(&shard["atr"]),
            flx: 0,
            dissonance: number(&shard["d"]),
        });
    let psi = densities(&shards.collect::<Vec<_>>()).map_err(|error| named(error.into()))?;
    Ok(json!({ "psi": strings(&psi) }))
}

fn curl(row: &Value) -> Result<Value, Value> {
    let topology = graph(row)?;
    let observed = row["observed"].as_array().expect("a list");
    let observed: Vec<Option<i128>> = observed
        .iter()
        .map(|one| (!one.is_null()).then(|| number(one)))
        .collect();
    let found = curls(&topology, &observed).map_err(named)?;
    let is_breached = row["breached"].as_bool().expect("a truth");
    let named = anomalies(&topology, &found, number(&row["curlMax"]), is_breached).map_err(named)?;
    Ok(json!({ "curls": options(&found), "anomalies": named }))
}

/// What a row's inputs give, under the names that the row has for it; or the fault.
fn answer(row: &Value) -> Result<Value, Value> {
    let pairs = || (numbers::<i128>(&row["flows"]), numbers::<i128>(&row["gradients"]));
    match row["kind"].as_str().expect("a kind") {
        "topology" => {
            let topology = graph(row)?;
            let edges: Vec<[u8; 2]> = topology.edges().iter().map(|(i, j)| [*i, *j]).collect();
            Ok(json!({ "canonical": edges, "cycles": topology.cycles() }))
        }
        "densities" => psi(row),
        "gradients" => {
            let found = gradients(&graph(row)?, &numbers::<u128>(&row["psi"])).map_err(named)?;
            Ok(json!({ "gradients": strings(&found) }))
        }
        "flows" => {
            let found = flows(&graph(row)?, &numbers::<i128>(&row["net"])).map_err(named)?;
            Ok(json!({ "flows": strings(&found.edges), "ground": strings(&found.ground) }))
        }
        "flux" => {
            let (flows, gradients) = pairs();
            let found = flux(&flows, &gradients, number(&row["total"])).map_err(named)?;
            Ok(json!({ "flux": strings(&found) }))
        }
        "alignment" => {
            let (flows, gradients) = pairs();
            let found = alignment(&flows, &gradients).map_err(named)?;
            Ok(json!({ "alignment": found.to_string() }))
        }
        "curl" => curl(row),
        other => panic!("no kind of row: {other}"),
    }
}

/// Recomputes rows; returns how many there are of each kind, by name.
fn recompute<'a>(rows: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for line in rows {
        let row: Value = serde_json::from_str(line).expect("JSON");
        match answer(&row) {
            Err(fault) => assert_eq!(row["fault"], fault, "{line}"),
            Ok(found) => {
                assert!(row["fault"].is_null(), "no fault: {line}");
                for (name, value) in found.as_object().expect("an object") {
                    assert_eq!(&row[name], value, "{name} of {line}");
                }
            }
        }
        *counts
            .entry(row["kind"].as_str().expect("a kind").to_string())
            .or_default() += 1;
    }
    counts.into_iter().collect()
}

#[test]
fn the_golden_rows() {
    let counts = recompute(GOLDEN.lines());
    let expected = [
        ("alignment", 52),
        ("curl", 40),
        ("densities", 50),
        ("flows", 83),
        ("flux", 30),
        ("gradients", 5),
        ("topology", 49),
    ];
    assert_eq!(counts, expected.map(|(kind, count)| (kind.to_string(), count)));
}

/// Every formula of the chapter has a worked example, and each is right.
#[test]
fn the_chapter_s_examples() {
    let mut is_open = false;
    let rows = CHAPTER.lines().filter(|line| {
        if line.starts_with("```") {
            is_open = *line == "```jsonl";
            return false;
        }
        is_open
    });
    let kinds: Vec<String> = recompute(rows).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            "alignment",
            "curl",
            "densities",
            "flows",
            "flux",
            "gradients",
            "topology"
        ]
    );
}
