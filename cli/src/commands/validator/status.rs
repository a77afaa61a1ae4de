//! `qc validator status`.

use super::sheet::{features_json, rows_text, Row, Sheet};
use crate::cli::ValidatorStatus as Command;
use crate::client::{Chain, NodeError};
use crate::commands::view::View;
use crate::commands::{Context, Look};
use crate::errors::Result;
use crate::field::fixed::{exact, short};
use crate::field::{DueReports, ReportStatus};
use crate::keystore::Keystore;
use crate::output::amount_json;
use crate::parties::Party;
use crate::ss58::Account;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// How many questions to a node are under way at a time.
const AT_ONCE: usize = 16;

/// Shows one validator, or the set.
pub async fn run(context: &Context, keystore: &Keystore, command: Command) -> Result<()> {
    let party = command
        .account
        .as_deref()
        .map(|word| Party::resolve(word, keystore))
        .transpose()?;
    let chain = context.chain().await?;
    let look = context.look(&chain, command.best).await?;
    match party {
        Some(party) => one(context, keystore, chain, look, &party).await,
        None => set(context, keystore, &chain, look).await,
    }
}

async fn one(context: &Context, keystore: &Keystore, chain: Chain, look: Look, party: &Party) -> Result<()> {
    let sheet = Sheet::ask(&chain, party, look.at).await?;
    sheet.check_somebody(party)?;
    let view = View::now(chain, keystore).await?;
    let mut machine = sheet.json(party);
    machine["block"] = look.json();
    let human = sheet.lines(party, |id| view.name(id)).join("\n");
    context.output.result(&human, &machine)
}

/// The running set with how each stands, and who waits for a seat.
async fn set(context: &Context, keystore: &Keystore, chain: &Chain, look: Look) -> Result<()> {
    let ((set, _), candidates, due, outcome, epoch) = futures::try_join!(
        chain.validator_set(look.at),
        chain.candidates(look.at),
        chain.due_reports(look.at),
        chain.closed_epoch(look.at),
        chain.epoch(look.at)
    )?;
    let names = names(keystore);
    let waiting: Vec<Account> = candidates.into_iter().filter(|who| !set.contains(who)).collect();
    let seated = rows(chain, look, &set, due.as_ref(), &names).await?;
    let others = rows(chain, look, &waiting, due.as_ref(), &names).await?;
    let coherence = match &outcome {
        Some(outcome) => format!("; epoch {} closed with Ĉ {}", outcome.epoch, short(outcome.coherence)),
        None => String::new(),
    };
    let mut human = format!(
        "epoch {epoch}: {} validators{coherence}\n{}",
        set.len(),
        rows_text(&seated)
    );
    if !others.is_empty() {
        human = format!("{human}\n\ncandidates without a seat\n{}", rows_text(&others));
    }
    let of = |accounts: &[Account], rows: &[Row]| accounts.iter().zip(rows).map(row_json).collect::<Vec<_>>();
    let machine = json!({
        "block": look.json(),
        "epoch": epoch,
        "reportsOnEpoch": due.as_ref().map(|due| due.epoch),
        "boundaryBlock": due.as_ref().map(|due| due.boundary),
        "harmonicsVersion": due.as_ref().map(|due| due.harmonics_version),
        "validators": of(&set, &seated),
        "candidates": of(&waiting, &others),
    });
    context.output.result(&human, &machine)
}

/// The names that accounts have here. They are a comfort: a keystore that cannot be read is said elsewhere.
fn names(keystore: &Keystore) -> BTreeMap<Account, String> {
    let entries = keystore.list().unwrap_or_default().into_iter();
    entries
        .filter_map(|(name, entry)| Some((entry.ok()?.account, name)))
        .collect()
}

async fn rows(
    chain: &Chain,
    look: Look,
    accounts: &[Account],
    due: Option<&DueReports>,
    names: &BTreeMap<Account, String>,
) -> Result<Vec<Row>, NodeError> {
    let asking = accounts.iter().map(|who| async move {
        let (view, strikes) = futures::try_join!(chain.validator(*who, look.at), chain.strikes(*who, look.at))?;
        let report = due.and_then(|due| due.validators.iter().find(|(account, _)| account == who));
        Ok(Row {
            name: match names.get(who) {
                Some(name) => format!("{name} {who}"),
                None => who.to_string(),
            },
            view,
            report: report.map_or(ReportStatus::NotDue, |(_, status)| *status),
            strikes: strikes.len(),
        })
    });
    stream::iter(asking).buffered(AT_ONCE).try_collect().await
}

/// A line of the table for programs.
fn row_json((who, row): (&Account, &Row)) -> Value {
    let view = row.view.as_ref();
    json!({
        "address": who.to_string(),
        "status": view.map(|view| view.status.word()),
        "stake": view.map(|view| amount_json(view.stake)),
        "psi": view.map(|view| exact(view.psi)),
        "features": view.map(features_json),
        "multiplier": view.and_then(|view| view.multiplier).map(exact),
        "graceEpochs": view.map(|view| view.grace_epochs),
        "strikes": row.strikes,
        "report": row.report.word(),
    })
}
