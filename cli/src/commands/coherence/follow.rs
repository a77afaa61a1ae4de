//! `qc coherence --watch`: epochs as they become final.

use super::{epochs, first_of, show};
use crate::client::{Chain, Header, NodeError, Subscription};
use crate::commands::Context;
use crate::errors::{Error, Result};
use std::time::Duration;
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// How long nothing may come before the node is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(20);

/// How long to wait before connecting again: doubled each time, up to the last.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(16);

/// The most epochs that are made up for after a gap.
const CATCH_UP_MAX: u32 = 2_016;

/// What has been printed so far.
struct Printer<'a> {
    context: &'a Context,
    /// How many epochs to begin with.
    begin: u32,
    /// The last epoch that was printed.
    last: Option<u32>,
    left: Option<u64>,
    waiting_said: bool,
}

/// Why following stopped.
enum Stop {
    /// As many lines as were asked for.
    Enough,
    /// The connection was lost.
    Lost(NodeError),
    /// What will fail again.
    Failed(Error),
}

impl From<NodeError> for Stop {
    fn from(error: NodeError) -> Self {
        match error {
            // It is not a matter of the connection, and no other one will mend it.
            NodeError::OtherVersion { .. } | NodeError::OtherChain { .. } => Self::Failed(error.into()),
            error => Self::Lost(error),
        }
    }
}

/// Prints epochs until interrupted. The first connection has to succeed; a later one is tried for as long as it takes. Each
/// connection reads the chain's types anew, so an upgrade of the runtime is no more than a lost connection.
pub async fn run(context: &Context, history: Option<u32>, count: Option<u64>) -> Result<()> {
    let mut printer = Printer {
        context,
        begin: history.unwrap_or(1),
        last: None,
        left: count,
        waiting_said: false,
    };
    if printer.left == Some(0) {
        return Ok(());
    }
    let mut chain = Some(context.chain().await?);
    let mut retry = RETRY_FIRST;
    loop {
        let followed = async {
            let connected = match chain.take() {
                Some(chain) => chain,
                None => context.chain().await?,
            };
            follow(&connected, &mut printer, &mut retry).await
        };
        let stop = tokio::select! {
            stop = followed => stop,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        match stop {
            Ok(()) | Err(Stop::Enough) => return Ok(()),
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Lost(error)) => context
                .output
                .note(&format!("{error}; trying again in {} s", retry.as_secs())),
        }
        tokio::select! {
            () = tokio::time::sleep(retry) => {}
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
        retry = (retry * 2).min(RETRY_LAST);
    }
}

/// Prints what one connection brings.
async fn follow(chain: &Chain, printer: &mut Printer<'_>, retry: &mut Duration) -> Result<(), Stop> {
    let heads = chain.node.subscribe::<Header>(
        "chain_subscribeFinalizedHeads",
        rpc_params![],
        "chain_unsubscribeFinalizedHeads",
    );
    let mut finalised: Subscription<Header> = heads.await?;
    let mut told = None;
    loop {
        let at = chain.node.finalised_head().await?;
        if told != Some(at) {
            printer.tell(chain, at).await?;
            told = Some(at);
        }
        *retry = RETRY_FIRST;
        // Silence may be a chain at rest or a dead connection; the question above tells.
        tokio::select! {
            header = finalised.next() => drop(header?),
            () = tokio::time::sleep(SILENCE) => {}
        }
    }
}

impl Printer<'_> {
    /// Prints the epochs that have closed as of a block and were not printed before.
    async fn tell(&mut self, chain: &Chain, at: H256) -> Result<(), Stop> {
        let Some(outcome) = chain.closed_epoch(at).await? else {
            if !self.waiting_said {
                self.context
                    .output
                    .note("no epoch has closed yet; waiting for the first");
                self.waiting_said = true;
            }
            return Ok(());
        };
        let Some(first) = first_due(self.last, self.begin, outcome.epoch) else {
            return Ok(());
        };
        if self.last.is_none() && !self.context.output.json {
            self.print(&show::heads())?;
        }
        for epoch in epochs(chain, first, outcome.epoch, at).await? {
            let (human, machine) = (show::line(&epoch), show::epoch_json(&epoch));
            self.context.output.result(&human, &machine).map_err(Stop::Failed)?;
            self.last = Some(epoch.outcome.epoch);
            if let Some(left) = &mut self.left {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    return Err(Stop::Enough);
                }
            }
        }
        Ok(())
    }

    fn print(&self, text: &str) -> Result<(), Stop> {
        let nothing = serde_json::Value::Null;
        self.context.output.result(text, &nothing).map_err(Stop::Failed)
    }
}

/// The first epoch that is still to be printed, where `closed` closed last; `None` if there is none.
fn first_due(printed: Option<u32>, begin: u32, closed: u32) -> Option<u32> {
    let first = match printed {
        Some(printed) => printed.checked_add(1)?.max(first_of(CATCH_UP_MAX, closed)),
        None => first_of(begin, closed),
    };
    (first <= closed).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_begins_where_it_was_asked_to() {
        assert_eq!(first_due(None, 1, 0), Some(0));
        assert_eq!(first_due(None, 1, 41), Some(41));
        assert_eq!(first_due(None, 50, 41), Some(0));
        assert_eq!(first_due(Some(41), 50, 41), None);
        assert_eq!(first_due(Some(41), 1, 44), Some(42));
        assert_eq!(first_due(Some(u32::MAX), 1, u32::MAX), None);
    }

    proptest! {
        /// Whatever closes when: every epoch is printed once and in order, and none is skipped but after a gap that is longer
        /// than what the chain remembers.
        #[test]
        fn every_epoch_is_printed_once(steps in prop::collection::vec(0u32..2_500, 1..20), begin in 1u32..100) {
            let (mut printed, mut closed) = (None, 0u32);
            for step in steps {
                closed += step;
                let Some(first) = first_due(printed, begin, closed) else {
                    prop_assert_eq!(step, 0);
                    continue;
                };
                prop_assert!(first <= closed);
                if let Some(before) = printed {
                    prop_assert!(first > before);
                    prop_assert!(first == before + 1 || closed - first + 1 == CATCH_UP_MAX);
                }
                printed = Some(closed);
            }
        }
    }
}
