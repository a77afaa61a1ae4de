//! `qc coherence`.

mod follow;
mod show;

use super::field::no_epoch_closed;
use super::Context;
use crate::cli::Coherence as Command;
use crate::client::{Chain, NodeError};
use crate::errors::Result;
use crate::field::{Outcome, SyncOutcome};
use serde_json::json;
use subxt::config::substrate::H256;

/// The chain remembers what so many syncs came to.
const SYNCS_KEPT: u32 = 128;

/// An epoch, and what the reports that closed with it came to: those on the epoch before.
struct Epoch {
    outcome: Outcome,
    sync: Option<SyncOutcome>,
}

/// Shows the epoch that closed last, the last few, or epochs as they close.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    if command.watch {
        return follow::run(context, command.history, command.count).await;
    }
    let chain = context.chain().await?;
    let look = context.look(&chain, command.best).await?;
    let Some(outcome) = chain.closed_epoch(look.at).await? else {
        return Err(no_epoch_closed(&chain, look).await?);
    };
    if let Some(count) = command.history {
        let epochs = epochs(&chain, first_of(count, outcome.epoch), outcome.epoch, look.at).await?;
        let machine = json!({
            "block": look.json(), "epochs": epochs.iter().map(show::epoch_json).collect::<Vec<_>>(),
        });
        return context.output.result(&show::epochs_text(&epochs), &machine);
    }
    let (sync, incidents) = futures::try_join!(chain.sync_outcome(look.at), chain.open_incidents(look.at))?;
    let human = show::now_text(&outcome, sync.as_ref(), &incidents);
    let mut machine = show::outcome_json(&outcome);
    machine["block"] = look.json();
    machine["sync"] = show::sync_json(sync.as_ref());
    machine["incidents"] = incidents.iter().map(show::incident_json).collect();
    context.output.result(&human, &machine)
}

/// The first of `count` epochs of which `last` is the last.
fn first_of(count: u32, last: u32) -> u32 {
    last.saturating_sub(count.saturating_sub(1))
}

/// The epochs `first..=last` that the chain remembers, with what the reports that closed with them came to.
async fn epochs(chain: &Chain, first: u32, last: u32, at: H256) -> Result<Vec<Epoch>, NodeError> {
    let first_sync = first.max(first_of(SYNCS_KEPT, last)).saturating_sub(1);
    let (outcomes, mut syncs) = futures::try_join!(
        chain.closed_epochs(first, last, at),
        chain.sync_history(first_sync, last.saturating_sub(1), at)
    )?;
    let with_sync = |outcome: Outcome| {
        let place = syncs
            .iter()
            .position(|sync| sync.epoch.checked_add(1) == Some(outcome.epoch));
        Epoch {
            outcome,
            sync: place.map(|place| syncs.swap_remove(place)),
        }
    };
    Ok(outcomes.into_iter().map(with_sync).collect())
}
