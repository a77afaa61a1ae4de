//! `qc field`.

use super::{Context, Look};
use crate::amount;
use crate::cli::Field as Command;
use crate::client::Chain;
use crate::errors::{Error, Result};
use crate::field::fixed::{amount_signed, exact, exact_signed, short, short_signed};
use crate::field::{Curls, FieldView, Fields, Inputs, PastField, Topology};
use crate::output::{amount_json, table};
use serde_json::{json, Value};

/// Prints the field of the epoch that closed last, or of the last few.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let chain = context.chain().await?;
    let look = context.look(&chain, command.best).await?;
    let (topology, view) = chain.field(look.at).await?;
    let Some(fields) = &view.fields else {
        return Err(no_epoch_closed(&chain, look).await?);
    };
    if let Some(count) = command.history {
        let first = fields.epoch.saturating_sub(count.saturating_sub(1));
        let past = chain.field_history(first, fields.epoch, look.at).await?;
        return context.output.result(
            &past_text(&past),
            &json!({ "block": look.json(), "epochs": past_json(&past) }),
        );
    }
    let mut machine = field_json(&topology, fields, &view);
    machine["block"] = look.json();
    context.output.result(&field_text(&topology, fields, &view), &machine)
}

/// What is said where no epoch has closed yet.
pub async fn no_epoch_closed(chain: &Chain, look: Look) -> Result<Error> {
    let epoch = chain.epoch(look.at).await?;
    Ok(Error::usage(
        "no_epoch_closed",
        format!(
            "no epoch has closed yet: the chain is in epoch {epoch} at {} block {}",
            look.state, look.number
        ),
        "wait for the end of the epoch; qc coherence --watch prints each as it closes, and qc chain tells how the node does",
    ))
}

fn edge_text((i, j): (u8, u8)) -> String {
    format!("{i}-{j}")
}

fn cycle_text(cycle: &[u8]) -> String {
    cycle.iter().map(u8::to_string).collect::<Vec<_>>().join("-")
}

/// The field for people.
fn field_text(topology: &Topology, fields: &Fields, view: &FieldView) -> String {
    let mut parts = vec![format!(
        "epoch {}: {} shards, {} edges, alignment {}",
        fields.epoch,
        topology.shards,
        topology.edges.len(),
        short_signed(fields.alignment)
    )];
    parts.push(shards_text(fields, view.inputs.as_ref()));
    parts.push(edges_text(topology, fields));
    parts.push(match &view.curls {
        Some(curls) => curls_text(topology, curls),
        None => "no curls yet: they are of what validators report in the next epoch".into(),
    });
    parts.join("\n\n")
}

fn shards_text(fields: &Fields, inputs: Option<&Inputs>) -> String {
    let inputs = inputs.filter(|inputs| inputs.epoch == fields.epoch);
    let heads = [
        "shard",
        "ψ",
        "CHR",
        "staked ATR",
        "dissonance",
        "FLX",
        "FLX from ground",
    ];
    let mut rows = vec![heads.map(String::from).to_vec()];
    for (shard, (psi, from_ground)) in fields.densities.iter().zip(&fields.ground_flows).enumerate() {
        let had = inputs.and_then(|inputs| inputs.shards.get(shard));
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        rows.push(vec![
            format!("shard {shard}"),
            short(*psi),
            text(had.map(|had| amount::format(had.chr))),
            text(had.map(|had| amount::format(had.staked_atr))),
            text(had.map(|had| short(had.dissonance))),
            text(had.map(|had| amount::format(had.flx))),
            amount_signed(*from_ground),
        ]);
    }
    let mut text = table(&rows);
    if let Some(inputs) = inputs {
        text = format!("{text}\nground: {} FLX", amount::format(inputs.ground_flx));
    }
    text
}

fn edges_text(topology: &Topology, fields: &Fields) -> String {
    let mut rows = vec![["edge", "gradient", "flow FLX", "flux"].map(String::from).to_vec()];
    rows.extend(edges(topology, fields).iter().map(|edge| {
        vec![
            edge_text(edge.ends),
            short_signed(edge.gradient),
            amount_signed(edge.flow),
            short_signed(edge.flux),
        ]
    }));
    table(&rows)
}

/// An edge with what is told of it.
struct Edge {
    ends: (u8, u8),
    gradient: i128,
    flow: i128,
    flux: i128,
}

/// Every edge with its gradient, flow and flux.
fn edges(topology: &Topology, fields: &Fields) -> Vec<Edge> {
    let values = fields.gradients.iter().zip(&fields.flows).zip(&fields.flux);
    let edges = topology.edges.iter().zip(values);
    edges
        .map(|(ends, ((gradient, flow), flux))| Edge {
            ends: *ends,
            gradient: *gradient,
            flow: *flow,
            flux: *flux,
        })
        .collect()
}

fn curls_text(topology: &Topology, curls: &Curls) -> String {
    let observed = match curls.epoch.checked_sub(1) {
        Some(before) => format!("of the reports on epoch {before}"),
        None => "no report was due yet".into(),
    };
    let mut rows = vec![["cycle", "curl"].map(String::from).to_vec()];
    rows.extend(topology.cycles.iter().zip(&curls.curls).map(|(cycle, curl)| {
        let curl = curl.map_or_else(|| "too few reports".into(), short_signed);
        vec![cycle_text(cycle), curl]
    }));
    let mut text = format!("{}\n{observed}; at most {}", table(&rows), short(curls.curl_max));
    if curls.is_breached {
        text.push_str("\nmore than a third of the set deviated");
    }
    if !curls.anomalies.is_empty() {
        text = format!("{text}\nanomaly (412) in shards {}", cycle_text(&curls.anomalies));
    }
    text
}

/// The field for programs.
fn field_json(topology: &Topology, fields: &Fields, view: &FieldView) -> Value {
    let inputs = view.inputs.as_ref().filter(|inputs| inputs.epoch == fields.epoch);
    let shard = |(shard, (psi, from_ground)): (usize, (&u128, &i128))| {
        let had = inputs.and_then(|inputs| inputs.shards.get(shard));
        json!({
            "shard": shard,
            "psi": exact(*psi),
            "chr": had.map(|had| amount_json(had.chr)),
            "stakedAtr": had.map(|had| amount_json(had.staked_atr)),
            "flx": had.map(|had| amount_json(had.flx)),
            "dissonance": had.map(|had| exact(had.dissonance)),
            "flowFromGround": signed_amount_json(*from_ground),
        })
    };
    let shards: Vec<Value> = fields
        .densities
        .iter()
        .zip(&fields.ground_flows)
        .enumerate()
        .map(shard)
        .collect();
    let edge = |edge: &Edge| {
        json!({
            "from": edge.ends.0, "to": edge.ends.1, "gradient": exact_signed(edge.gradient),
            "flow": signed_amount_json(edge.flow), "flux": exact_signed(edge.flux),
        })
    };
    let edges: Vec<Value> = edges(topology, fields).iter().map(edge).collect();
    json!({
        "epoch": fields.epoch,
        "alignment": exact_signed(fields.alignment),
        "shards": shards,
        "groundFlx": inputs.map(|inputs| amount_json(inputs.ground_flx)),
        "edges": edges,
        "cycles": topology.cycles,
        "curls": view.curls.as_ref().map(curls_json),
    })
}

fn curls_json(curls: &Curls) -> Value {
    json!({
        "reportsOnEpoch": curls.epoch.checked_sub(1),
        "curls": curls.curls.iter().map(|curl| curl.map(exact_signed)).collect::<Vec<_>>(),
        "max": exact(curls.curl_max),
        "breached": curls.is_breached,
        "anomalies": curls.anomalies,
    })
}

/// An amount that may be below 0, for programs.
fn signed_amount_json(plancks: i128) -> Value {
    json!({ "plancks": plancks.to_string(), "amount": amount_signed(plancks) })
}

/// Past epochs for people.
fn past_text(past: &[PastField]) -> String {
    let shards = past.iter().map(|epoch| epoch.densities.len()).max().unwrap_or(0);
    let mut heads = vec!["epoch".to_owned(), "alignment".to_owned()];
    heads.extend((0..shards).map(|shard| format!("ψ {shard}")));
    let mut rows = vec![heads];
    rows.extend(past.iter().map(|epoch| {
        let mut row = vec![epoch.epoch.to_string(), short_signed(epoch.alignment)];
        row.extend(epoch.densities.iter().map(|psi| short(*psi)));
        row
    }));
    table(&rows)
}

/// Past epochs for programs.
fn past_json(past: &[PastField]) -> Vec<Value> {
    past.iter()
        .map(|epoch| {
            json!({
                "epoch": epoch.epoch,
                "alignment": exact_signed(epoch.alignment),
                "psi": epoch.densities.iter().map(|psi| exact(*psi)).collect::<Vec<_>>(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::fixed::ONE;
    use crate::testing::field::{chain, run, AT};

    /// The ring of three of the small chain, for people and for programs.
    #[test]
    fn the_field_is_shown_whole() {
        let chain = chain();
        let (topology, view) = run(chain.field(AT)).unwrap();
        let fields = view.fields.clone().unwrap();
        let text = field_text(&topology, &fields, &view);
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        for line in [
            "epoch 41: 3 shards, 3 edges, alignment -0.250000",
            "shard 0 4.500000 10 5 0.500000 100 -2",
            "ground: 7 FLX",
            "0-1 -3.500000 1.5 -3.2e-9",
            "1-2 -1.000000 -0.000000000001 0.000000",
            "0-1-2 0.000000",
            "of the reports on epoch 40; at most 0.010000",
            "anomaly (412) in shards 1-2",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line:?} in\n{text}");
        }
        let json = field_json(&topology, &fields, &view);
        assert_eq!(json["shards"][0]["psi"], "4.5");
        assert_eq!(
            json["edges"][0]["flow"],
            json!({ "plancks": "1500000000000", "amount": "1.5" })
        );
        assert_eq!(
            (&json["edges"][0]["from"], &json["edges"][0]["to"]),
            (&json!(0), &json!(1))
        );
        assert_eq!(json["edges"][0]["flux"], "-0.0000000032");
        assert_eq!(json["curls"]["curls"], json!(["0"]));
        assert_eq!(json["alignment"], "-0.25");
    }

    /// Inputs of another epoch than the field's say nothing of it.
    #[test]
    fn inputs_of_another_epoch_are_not_shown() {
        let chain = chain();
        let (topology, mut view) = run(chain.field(AT)).unwrap();
        let fields = view.fields.clone().unwrap();
        view.inputs.as_mut().unwrap().epoch = 42;
        view.curls = None;
        let text = field_text(&topology, &fields, &view);
        assert!(!text.contains("ground:") && text.contains("no curls yet"), "{text}");
        assert_eq!(field_json(&topology, &fields, &view)["shards"][0]["chr"], Value::Null);
    }

    #[test]
    fn past_epochs_are_lines() {
        let past = [
            PastField {
                epoch: 9,
                densities: vec![ONE, 0],
                alignment: 0,
            },
            PastField {
                epoch: 10,
                densities: vec![ONE / 2, 1],
                alignment: -1,
            },
        ];
        assert_eq!(
            past_text(&past),
            "epoch  alignment       ψ 0       ψ 1\n\
             9       0.000000  1.000000  0.000000\n\
             10        -1e-18  0.500000     1e-18"
        );
        assert_eq!(past_json(&past)[1]["psi"], json!(["0.5", "0.000000000000000001"]));
    }
}
