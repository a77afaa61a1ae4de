//! `qc watch`.

use super::Context;
use crate::cli::Watch;
use crate::client::{Header, Node, NodeError, Subscription};
use crate::errors::{Error, Result};
use crate::extrinsic::hash;
use codec::Encode;
use serde_json::json;
use std::time::Duration;
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// How long nothing may come before the node is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(20);

/// How long to wait before connecting again: doubled each time, up to the last.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(16);

/// The most finalised blocks that are made up for after a gap; of more, only the number is told.
const CATCH_UP_MAX: u64 = 1_000;

/// What has been printed so far.
struct Printer<'a> {
    context: &'a Context,
    finalised: Option<u64>,
    left: Option<u64>,
    only_finalised: bool,
}

/// Why watching stopped.
enum Stop {
    /// As many lines as were asked for.
    Enough,
    /// The connection was lost.
    Lost(NodeError),
    /// Printing failed, and will fail again.
    Failed(Error),
}

impl From<NodeError> for Stop {
    fn from(error: NodeError) -> Self {
        Self::Lost(error)
    }
}

/// Prints blocks until interrupted. The first connection has to succeed; a later one is tried for as long as it takes.
pub async fn run(context: &Context, command: Watch) -> Result<()> {
    let mut printer = Printer {
        context,
        finalised: None,
        left: command.count,
        only_finalised: command.finalised,
    };
    if printer.left == Some(0) {
        return Ok(());
    }
    let mut node = Some(Node::connect(&context.global.url, context.timeout()).await?);
    let mut retry = RETRY_FIRST;
    loop {
        let watched = async {
            let connected = match node.take() {
                Some(node) => node,
                None => Node::connect(&context.global.url, context.timeout()).await?,
            };
            watch(&connected, &mut printer, &mut retry).await
        };
        let stop = tokio::select! {
            stop = watched => stop,
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
async fn watch(node: &Node, printer: &mut Printer<'_>, retry: &mut Duration) -> Result<(), Stop> {
    let heads = |method, unsubscribe| node.subscribe::<Header>(method, rpc_params![], unsubscribe);
    let mut finalised = heads("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads").await?;
    let mut best: Option<Subscription<Header>> = match printer.only_finalised {
        true => None,
        false => Some(heads("chain_subscribeNewHeads", "chain_unsubscribeNewHeads").await?),
    };
    loop {
        let next_best = async {
            match &mut best {
                Some(best) => best.next().await,
                None => std::future::pending().await,
            }
        };
        let header = tokio::select! {
            header = next_best => Some((header?, false)),
            header = finalised.next() => Some((header?, true)),
            () = tokio::time::sleep(SILENCE) => None,
        };
        match header {
            Some((header, true)) => printer.finalised(node, &header).await?,
            Some((header, false)) => printer.line("best", header.number, block_hash(&header))?,
            // Silence may be a chain at rest or a dead connection; an answer tells.
            None => drop(node.best_head().await?),
        }
        *retry = RETRY_FIRST;
    }
}

/// A block's hash is its header's.
fn block_hash(header: &Header) -> H256 {
    hash(&header.encode())
}

impl Printer<'_> {
    /// Prints a finalised block, and before it those that finality, or a gap in the connection, skipped.
    async fn finalised(&mut self, node: &Node, header: &Header) -> Result<(), Stop> {
        let first = match self.finalised {
            Some(last) if header.number <= last => return Ok(()),
            Some(last) => last.saturating_add(1),
            None => header.number,
        };
        let skipped = header.number.saturating_sub(first);
        if skipped > CATCH_UP_MAX {
            self.context
                .output
                .note(&format!("{skipped} blocks became final meanwhile"));
        } else {
            for number in first..header.number {
                if let Some(hash) = node.block_hash(Some(number)).await? {
                    self.line("finalised", number, hash)?;
                    self.finalised = Some(number);
                }
            }
        }
        self.line("finalised", header.number, block_hash(header))?;
        self.finalised = Some(header.number);
        Ok(())
    }

    /// Prints one line.
    fn line(&mut self, state: &str, number: u64, hash: H256) -> Result<(), Stop> {
        let machine = json!({ "state": state, "number": number, "hash": format!("{hash:?}") });
        self.context
            .output
            .result(&format!("{state:<9} {number:>9} {hash:?}"), &machine)
            .map_err(Stop::Failed)?;
        match &mut self.left {
            Some(0 | 1) => Err(Stop::Enough),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}
