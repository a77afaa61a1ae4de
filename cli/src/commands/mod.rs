//! One file for each command.

mod account;
mod backup;
mod balance;
mod chain;
mod key;
mod send;
mod transfer;
mod tx;
mod view;
mod watch;

use crate::cli::{Cli, Command, Global};
use crate::client::{Chain, NodeError};
use crate::errors::Result;
use crate::keystore::Keystore;
use crate::output::Output;
use clap::CommandFactory;
use std::time::Duration;

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
        Command::Chain => chain::run(&context).await,
        Command::Tx(command) => tx::run(&context, *command).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "qc", &mut std::io::stdout());
            Ok(())
        }
    }
}
