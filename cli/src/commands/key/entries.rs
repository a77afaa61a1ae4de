//! The chain of entries: exported, and replayed.

use super::read_json_file;
use crate::cli::{Entries, Replay as Command};
use crate::client::NodeError;
use crate::commands::view::View;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::names_of;
use crate::keystore::Keystore;
use crate::ledger::{replay, Change, Entry, Replay};
use crate::output::table;
use crate::parties::Party;
use crate::ss58::Account;
use qc_types::Capabilities;
use subxt::config::substrate::H256;

/// Prints the entries as of the last finalised block. All of them are replayed first: what does not hold is not printed.
pub async fn export(context: &Context, keystore: &Keystore, command: Entries) -> Result<()> {
    let account = command
        .account
        .as_deref()
        .map(|word| Party::resolve(word, keystore))
        .transpose()?;
    let view = View::now(context.chain().await?, keystore).await?;
    let chain = &view.chain;
    let finalised = chain.node.finalised_head().await?;
    let progress = context.output.progress();
    let entries = chain
        .entries(finalised, |read| progress.waiting(&format!("{read} entries")))
        .await?;
    drop(progress);
    let state = replay(&entries).map_err(|error| NodeError::nonsense("KeyLedgerApi_entries", error))?;
    let head = chain.ledger_head(finalised).await?;
    if state.head != head {
        let what = format!("the entries come to {:?}, the head is {:?}", state.head, head);
        return Err(NodeError::nonsense("KeyLedgerApi_head", what).into());
    }
    context
        .output
        .note(&format!("{}, all of which hold", head_text(&state)));
    let wanted = |entry: &&Entry| {
        account
            .as_ref()
            .is_none_or(|party| entry.owner == H256(party.account.0))
    };
    let shown: Vec<&Entry> = entries.iter().filter(wanted).collect();
    let mut rows = Vec::new();
    for entry in &shown {
        for change in &entry.changes {
            rows.push(vec![
                entry.index.to_string(),
                format!("block {}", entry.block),
                Account(entry.owner.0).to_string(),
                change_text(&view, change),
            ]);
        }
    }
    let machine = serde_json::to_value(&shown).map_err(|error| Error::Internal(error.to_string()))?;
    context.output.result(&table(&rows), &machine)
}

/// Replays exported entries.
pub fn replay_file(context: &Context, command: Command) -> Result<()> {
    let text = read_json_file(&command.file)?;
    let entries: Vec<Entry> = serde_json::from_str(&text).map_err(|error| {
        Error::usage(
            "not_entries",
            format!("{} is not an exported ledger: {error}", command.file.display()),
            "export it with qc --json key entries",
        )
    })?;
    let broken = |what: String| {
        Error::usage(
            "ledger_broken",
            what,
            "somebody changed the file, or the node that it came from lied: export it again from another node",
        )
    };
    let state = replay(&entries).map_err(|error| broken(error.to_string()))?;
    if let Some(head) = command.head.map(H256).filter(|head| *head != state.head.hash) {
        return Err(broken(format!(
            "the entries come to {:?}, and not to {head:?}",
            state.head.hash
        )));
    }
    context.output.result(&head_text(&state), &state.to_json())
}

/// What a replay came to, for people.
fn head_text(state: &Replay) -> String {
    format!(
        "head {:?}: {} entries, {} keys ({} active) of {} accounts",
        state.head.hash,
        state.head.count,
        state.keys_ever(),
        state.keys_active(),
        state.owners()
    )
}

/// A change for people.
fn change_text(view: &View, change: &Change) -> String {
    let may = |byte| Capabilities::from_bits(byte).map_or_else(|| format!("capabilities {byte}"), names_of);
    match change {
        Change::Registered { key, capabilities, .. } => {
            format!("registered {} for {}", view.name(key), may(*capabilities))
        }
        Change::Rotated { from, to, .. } => format!("{} took the place of {}", view.name(to), view.name(from)),
        Change::CapabilitiesSet { key, capabilities } => format!("{} may {}", view.name(key), may(*capabilities)),
        Change::Revoked { key } => format!("revoked {}", view.name(key)),
        Change::PqcRequired(()) => "post-quantum keys required".into(),
        Change::PqcLeaving { at, by } => format!("{} asked to leave at clock block {at}", view.name(by)),
        Change::PqcKept(()) => "leave called off".into(),
    }
}
