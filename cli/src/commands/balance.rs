//! `qc balance`.

use super::Context;
use crate::cli::Balance;
use crate::client::{Chain, NodeError};
use crate::errors::{Error, Result};
use crate::output::{amount_json, table};
use crate::parties::Party;
use crate::records::{home_text, Holding};
use crate::{amount, keystore::Keystore};
use futures::future::try_join_all;
use qc_types::{Home, TokenId};
use serde_json::{json, Value};
use subxt::config::substrate::H256;

/// What one account has.
struct Sheet {
    party: Party,
    home: Home,
    holdings: Vec<Holding>,
}

/// Prints what accounts have of the five tokens.
pub async fn run(context: &Context, command: Balance) -> Result<()> {
    let keystore = context.keystore()?;
    let parties = match &command.account {
        Some(word) => vec![Party::resolve(word, &keystore)?],
        None => everybody(context, &keystore)?,
    };
    let chain = context.chain().await?;
    let at = if command.best {
        chain.node.best_head().await?
    } else {
        chain.node.finalised_head().await?
    };
    let number = chain.node.header(at).await?.number;
    let mut sheets = Vec::with_capacity(parties.len());
    for party in parties {
        sheets.push(sheet(&chain, party, at).await?);
    }
    let state = if command.best { "best" } else { "finalised" };
    let human = sheets.iter().map(human).collect::<Vec<_>>().join("\n\n");
    let machine = json!({
        "block": { "number": number, "hash": format!("{at:?}"), "state": state },
        "accounts": sheets.iter().map(machine).collect::<Vec<_>>(),
    });
    context.output.note(&format!("as of {state} block {number}"));
    context.output.result(&human, &machine)
}

/// Every account of the keystore that can be read.
fn everybody(context: &Context, keystore: &Keystore) -> Result<Vec<Party>> {
    let mut parties = Vec::new();
    for (name, entry) in keystore.list()? {
        match entry {
            Ok(_) => parties.push(Party::resolve(&name, keystore)?),
            Err(error) => context.output.warn(&format!("{name} is left out: {error}")),
        }
    }
    if parties.is_empty() {
        return Err(Error::usage(
            "no_account",
            format!("there is no account in {}", keystore.dir().display()),
            "name one (qc balance alice), or make one with qc account new NAME",
        ));
    }
    Ok(parties)
}

/// Asks for everything at one block, all at once.
async fn sheet(chain: &Chain, party: Party, at: H256) -> Result<Sheet, NodeError> {
    let holdings = try_join_all(TokenId::ALL.map(|token| chain.holding(party.account, token, at)));
    let (home, holdings) = futures::try_join!(chain.home_shard(party.account, at), holdings)?;
    Ok(Sheet { party, home, holdings })
}

/// A sheet for people.
fn human(sheet: &Sheet) -> String {
    let mut rows = vec![["token", "free", "held", "transferable"].map(String::from).to_vec()];
    for holding in &sheet.holdings {
        rows.push(vec![
            holding.token.symbol().into(),
            amount::format(holding.free),
            amount::format(holding.held),
            amount::format(holding.transferable),
        ]);
    }
    format!(
        "{}\nhome: {}\n{}",
        sheet.party.describe(),
        home_text(sheet.home),
        table(&rows)
    )
}

/// A sheet for programs.
fn machine(sheet: &Sheet) -> Value {
    let balance = |holding: &Holding| {
        json!({
            "token": holding.token,
            "free": amount_json(holding.free),
            "held": amount_json(holding.held),
            "total": amount_json(holding.total()),
            "transferable": amount_json(holding.transferable),
        })
    };
    json!({
        "address": sheet.party.account.to_string(),
        "accountId": sheet.party.account.hex(),
        "name": sheet.party.label,
        "keyIsPublic": sheet.party.is_public(),
        "home": sheet.home,
        "balances": sheet.holdings.iter().map(balance).collect::<Vec<_>>(),
    })
}
