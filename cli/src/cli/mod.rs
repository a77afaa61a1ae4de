//! The command line.

mod account;
mod chain;
mod field;
mod genesis;
mod key;
mod parse;
mod sending;
mod transfer;
mod tx;
mod validator;

pub use account::Account;
pub use chain::{BlockName, Chain, ChainPart, Code};
pub use field::{Coherence, Field};
pub use genesis::{
    Genesis, GenesisAssemble, GenesisFounder, GenesisPlan, GenesisReview, GenesisSign, GenesisSpec, GenesisValidator,
    GenesisVerify, Out,
};
pub use key::{Capable, Entries, Key, Of, Protect, Prove, Register, Replay, Rotate};
pub use sending::{Sending, Signing, Terms, Wait};
pub use transfer::{Fee, Goods, Transfer, What};
pub use tx::{Action, Prepare, Sign, Step, Submit, Tx};
pub use validator::{Acting, SessionKeys, Validator, ValidatorStatus};

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Where a node is looked for.
const DEFAULT_URL: &str = "ws://127.0.0.1:9944";

/// The heading of options that every command has.
const EVERYWHERE: &str = "Everywhere";

const EXAMPLES: &str = "\
Examples:
  qc-node --dev --tmp &                                start a development chain
  qc chain                                             what it is and how it does
  qc balance alice                                     a dev account: its key is public
  qc account new savings                               a new mnemonic, and an encrypted file
  qc transfer --from alice --to savings --amount 1.5   asks before it signs
  qc watch --finalised                                 blocks as they become final
  qc key new vault                                     a post-quantum key: the first step to a quantum-safe account
  qc coherence --watch                                 how coherent the network is, epoch by epoch

Exit codes:
  0  done
  1  the chain refused it, or what was compared differs
  2  the command line asks for something that cannot be done, or was not confirmed
  3  the node cannot be reached, does not answer, or answers nonsense; nothing was sent
  4  a key, a file that holds one, or a password
  5  the transaction was sent, and what became of it is not known: see qc tx
  70 a fault in qc";

/// qc, the command-line client of Quantum Currency.
///
/// It speaks with any node over its public WebSocket RPC, keeps keys in encrypted files on this machine, and never sends a
/// key anywhere. Results go to standard output, everything else to standard error.
#[derive(Debug, Parser)]
#[command(name = "qc", version, after_help = EXAMPLES, propagate_version = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The node's WebSocket address
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "QC_URL", default_value = DEFAULT_URL, value_name = "URL")]
    pub url: String,
    /// Print one line of JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// Print results and errors only
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub quiet: bool,
    /// Directory of account and key files [default: ${XDG_DATA_HOME:-~/.local/share}/qc/accounts]
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR")]
    pub keystore: Option<PathBuf>,
    /// Seconds to wait for each answer of the node
    #[arg(long, global = true, help_heading = EVERYWHERE, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make, import, list, show and remove accounts
    #[command(subcommand)]
    Account(Account),
    /// Post-quantum keys: make, register, rotate and revoke them, and require them
    #[command(subcommand)]
    Key(Box<Key>),
    /// Show what an account has of the five tokens
    Balance(Balance),
    /// Move FLX or another token to somebody else
    Transfer(Transfer),
    /// Estimate what a transfer costs, without a key and without sending anything
    Fee(Fee),
    /// Print blocks as they come, one line each, until interrupted
    Watch(Watch),
    /// Show what chain the node is on and how it does, or which code it runs
    Chain(Chain),
    /// Show the field of the last closed epoch: the graph of shards, ψ, gradients, flows, curls
    Field(Field),
    /// Show how coherent the network is, what validators reported, and open incidents
    Coherence(Coherence),
    /// Show validators; become one, stake, leave
    #[command(subcommand)]
    Validator(Box<Validator>),
    /// The genesis ceremony: plan, cards, document, signatures, chain spec; and verify what a network began with
    #[command(subcommand)]
    Genesis(Box<Genesis>),
    /// Look for a transaction in the latest blocks; or prepare, sign and submit one on different machines
    Tx(Box<Tx>),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  qc completions bash > ~/.local/share/bash-completion/completions/qc")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How to write an account file or a key file.
#[derive(Args, Debug)]
pub struct Writing {
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
    /// Replace the file of that name; without its mnemonic, the old key is lost
    #[arg(long)]
    pub force: bool,
}

/// Where the password comes from.
#[derive(Args, Clone, Debug)]
pub struct Password {
    /// Read the password from the first line of a file that only you can read
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Read the password from the first line of standard input
    #[arg(long, conflicts_with = "password_file")]
    pub password_stdin: bool,
}

/// Balances.
#[derive(Args, Debug)]
#[command(
    after_help = "Columns: free is neither reserved nor held; held is staked, bonded or deposited; transferable is what \
    could be moved now, by the chain's own word.\n\nExamples:\n  qc balance              every account of the keystore\n  \
    qc balance savings\n  qc --json balance alice | jq -r '.accounts[0].balances[] | \"\\(.token) \\(.free.amount)\"'"
)]
pub struct Balance {
    /// A name, a dev name, an address or 0x… [default: every account of the keystore]
    pub account: Option<String>,
    /// As of the best block, which may still be replaced, instead of the last finalised one
    #[arg(long)]
    pub best: bool,
}

/// Watching.
#[derive(Args, Debug)]
#[command(
    after_help = "The connection is made again when it is lost. Finalised blocks missed meanwhile are printed then; of more \
    than 1,000, the last one and how many they were.\n\n\
    Examples:\n  qc watch\n  qc --json watch --finalised --count 10"
)]
pub struct Watch {
    /// Only blocks that are final, each once
    #[arg(long)]
    pub finalised: bool,
    /// Stop after so many lines
    #[arg(long, value_name = "LINES")]
    pub count: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn secrets_have_no_place_on_the_command_line() {
        fn arguments(command: &clap::Command) -> Vec<String> {
            let own = command.get_arguments().map(|argument| argument.get_id().to_string());
            own.chain(command.get_subcommands().flat_map(arguments)).collect()
        }
        let help = arguments(&Cli::command());
        assert!(help.len() > 100, "the tree is walked");
        for name in ["password", "mnemonic", "seed", "phrase", "secret", "suri"] {
            assert!(!help.iter().any(|argument| argument == name), "{name}");
        }
    }
}
