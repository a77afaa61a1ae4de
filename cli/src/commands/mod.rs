//! One file for each command.

mod account;
mod backup;
mod balance;
mod chain;
mod coherence;
mod field;
mod genesis;
mod key;
mod send;
mod transfer;
mod tx;
mod validator;
mod view;
mod watch;

use crate::cli::{Cli, Command, Global};
use crate::client::{Chain, NodeError};
use crate::errors::Result;
use crate::keystore::Keystore;
use crate::output::Output;
use clap::CommandFactory;
use serde_json::{json, Value};
use std::time::Duration;
use subxt::config::substrate::H256;

/// What every command works with.
struct Context {
    global: Global,
    output: Output,
}

impl Context {
    /// The account files. Nothing is read yet.
    fn keystore(&self) -> Result<Keystore> {
        Ok(Keystore::new(self.global.keystore.clone())?)
    }

    /// The time that every answer of the node may take.
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.global.timeout)
    }

    /// The block that is looked at: the best one, or the last finalised one.
    async fn look(&self, chain: &Chain, best: bool) -> Result<Look, NodeError> {
        let at = if best {
            chain.node.best_head().await?
        } else {
            chain.node.finalised_head().await?
        };
        let look = Look {
            at,
            number: chain.node.header(at).await?.number,
            state: if best { "best" } else { "finalised" },
        };
        self.output.note(&format!("as of {} block {}", look.state, look.number));
        Ok(look)
    }

    /// Connects to the chain.
    async fn chain(&self) -> Result<Chain, NodeError> {
        let chain = Chain::connect(&self.global.url, self.timeout()).await?;
        if let Some(prefix) = chain.other_prefix() {
            self.output.warn(&format!(
                "this chain states the address prefix {prefix}, and qc prints another"
            ));
        }
        Ok(chain)
    }
}

/// A block that is looked at.
#[derive(Clone, Copy)]
struct Look {
    at: H256,
    number: u64,
    state: &'static str,
}

impl Look {
    /// For programs.
    fn json(&self) -> Value {
        json!({ "number": self.number, "hash": format!("{:?}", self.at), "state": self.state })
    }
}

/// Does what the command line asks for.
pub async fn run(cli: Cli) -> Result<()> {
    let output = Output {
        json: cli.global.json,
        quiet: cli.global.quiet,
    };
    let context = Context {
        global: cli.global,
        output,
    };
    match cli.command {
        Command::Account(command) => account::run(&context, command).await,
        Command::Key(command) => key::run(&context, *command).await,
        Command::Balance(command) => balance::run(&context, command).await,
        Command::Transfer(command) => transfer::run(&context, command).await,
        Command::Fee(command) => transfer::estimate(&context, command).await,
        Command::Watch(command) => watch::run(&context, command).await,
        Command::Chain(command) => chain::run(&context, command).await,
        Command::Field(command) => field::run(&context, command).await,
        Command::Coherence(command) => coherence::run(&context, command).await,
        Command::Validator(command) => validator::run(&context, *command).await,
        Command::Genesis(command) => genesis::run(&context, *command).await,
        Command::Tx(command) => tx::run(&context, *command).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "qc", &mut std::io::stdout());
            Ok(())
        }
    }
}
