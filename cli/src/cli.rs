//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use qc_types::TokenId;
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

Exit codes:
  0  done
  1  the chain refused it
  2  the command line asks for something that cannot be done, or was not confirmed
  3  the node cannot be reached, does not answer, or answers nonsense; nothing was sent
  4  a key, an account file or a password
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
    /// Directory of account files [default: ${XDG_DATA_HOME:-~/.local/share}/qc/accounts]
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
    /// Show what an account has of the five tokens
    Balance(Balance),
    /// Move FLX or another token to somebody else
    Transfer(Transfer),
    /// Estimate what a transfer costs, without a key and without sending anything
    Fee(Fee),
    /// Print blocks as they come, one line each, until interrupted
    Watch(Watch),
    /// Show what chain the node is on and how it does
    Chain,
    /// Look for a transaction in the latest blocks
    Tx(Tx),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  qc completions bash > ~/.local/share/bash-completion/completions/qc")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make a new mnemonic, show it once, and keep it in an encrypted file
    #[command(
        after_help = "The mnemonic is the account: write it on paper. The file and its password only spare you typing it.\n\n\
        Examples:\n  qc account new savings\n  qc account new till --words 24\n  \
        qc --json account new robot --password-file pw --no-backup-check > robot.json   in a script"
    )]
    New {
        /// The name of the account: a-z, 0-9, - and _
        name: String,
        /// How many words
        #[arg(long, default_value = "12", value_parser = ["12", "24"])]
        words: String,
        /// Do not ask for words of the mnemonic to see that it was written down; needed where nobody can be asked
        #[arg(long)]
        no_backup_check: bool,
        /// How to write the file.
        #[command(flatten)]
        writing: Writing,
    },
    /// Keep a mnemonic that you have, or a public dev account, in an encrypted file
    #[command(
        after_help = "The mnemonic is asked for, or read from a file or standard input; it is never taken from the command line.\n\n\
        Examples:\n  qc account import savings\n  qc account import cold --path //savings//1\n  \
        qc account import till --mnemonic-file words.txt --password-file pw\n  qc account import play --dev //Alice//play"
    )]
    Import {
        /// The name of the account: a-z, 0-9, - and _
        name: String,
        /// Read the mnemonic from the first line of a file that only you can read
        #[arg(long, value_name = "FILE")]
        mnemonic_file: Option<PathBuf>,
        /// Read the mnemonic from the first line of standard input
        #[arg(long, conflicts_with_all = ["mnemonic_file", "password_stdin"])]
        mnemonic_stdin: bool,
        /// Derivation path, for instance //savings//1
        #[arg(long, default_value = "", hide_default_value = true, value_name = "PATH")]
        path: String,
        /// A dev account (alice, //Alice//stash, …): everybody has its key
        #[arg(long, value_name = "DEV", conflicts_with_all = ["mnemonic_file", "mnemonic_stdin", "path"])]
        dev: Option<String>,
        /// How to write the file.
        #[command(flatten)]
        writing: Writing,
    },
    /// List the accounts in the keystore
    List {
        /// List the dev accounts too; everybody has their keys
        #[arg(long)]
        dev: bool,
    },
    /// Show an account, without its secrets
    Show {
        /// A name, a dev name or an address
        account: String,
    },
    /// Print the address of an account, to be given to those who pay it
    ExportAddress {
        /// A name, a dev name or an address
        account: String,
        /// Print the account id in hexadecimal instead
        #[arg(long)]
        hex: bool,
    },
    /// Delete the file of an account for good
    Remove {
        /// The name of the account
        name: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

/// How to write an account file.
#[derive(Args, Debug)]
pub struct Writing {
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
    /// Replace the account of that name; without its mnemonic, the old key is lost
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

/// What a transfer and its estimate have in common.
#[derive(Args, Clone, Debug)]
pub struct What {
    /// Who receives: a name, a dev name, an address or 0x…
    #[arg(long, value_name = "ACCOUNT")]
    pub to: String,
    /// How much, in whole tokens, for instance 1.5
    #[arg(
        long,
        allow_hyphen_values = true,
        value_name = "AMOUNT",
        required_unless_present = "all"
    )]
    pub amount: Option<String>,
    /// All that can be moved
    #[arg(long, conflicts_with = "amount")]
    pub all: bool,
    /// FLX, CHR, PSY, ATR or RES
    #[arg(long, default_value = "FLX", value_parser = token)]
    pub token: TokenId,
    /// Fail rather than let the sender's account end; this is how FLX is always sent, unless --allow-death
    #[arg(long)]
    pub keep_alive: bool,
    /// Let the sender's account end if less than the existential deposit is left (what is left then goes to the treasury)
    #[arg(long, conflicts_with = "keep_alive")]
    pub allow_death: bool,
    /// FLX on top of the fee, for a place before others
    #[arg(long, default_value = "0", allow_hyphen_values = true, value_name = "AMOUNT")]
    pub tip: String,
    /// Blocks until the transaction expires: a power of two from 4 to 2048, or 0 for never
    #[arg(long, default_value_t = 64, value_parser = lifetime, value_name = "BLOCKS")]
    pub lifetime: u64,
    /// The sender's nonce [default: the next one, waiting transactions counted]
    #[arg(long)]
    pub nonce: Option<u64>,
}

/// A transfer.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  qc transfer --from alice --to bob --amount 1.5\n  \
    qc transfer --from savings --to eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB --token ATR --amount 10\n  \
    qc transfer --from till --to savings --all --password-file pw --yes     in a script\n\n\
    Fees are paid in FLX, whatever the token that moves. CHR cannot be moved by anybody; PSY only by an enrolled holder \
    whose coherence is at least 0.85. Ctrl-C after sending does not call a transaction back: look for it with qc tx.")]
pub struct Transfer {
    /// Who pays: a name in the keystore, or a dev name (alice, //Alice//stash, …)
    #[arg(long, value_name = "ACCOUNT")]
    pub from: String,
    /// What and how.
    #[command(flatten)]
    pub what: What,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
    /// Do not ask before signing
    #[arg(long, short)]
    pub yes: bool,
    /// How settled it has to be before qc returns
    #[arg(long, value_enum, default_value_t = Wait::Finalised)]
    pub wait: Wait,
    /// Seconds to wait for that at most
    #[arg(long, default_value_t = 180, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub patience: u64,
    /// Sign, print the transaction, and do not send it
    #[arg(long)]
    pub dry_run: bool,
}

/// An estimate.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  qc fee --from alice --to bob --amount 1.5 --token ATR")]
pub struct Fee {
    /// Who would pay: a name, a dev name, an address or 0x…
    #[arg(long, value_name = "ACCOUNT")]
    pub from: String,
    /// What and how.
    #[command(flatten)]
    pub what: What,
}

/// Watching.
#[derive(Args, Debug)]
#[command(
    after_help = "The connection is made again when it is lost, and finalised blocks missed meanwhile are printed then.\n\n\
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

/// Looking for a transaction.
#[derive(Args, Debug)]
#[command(
    after_help = "A node does not index transactions, so this reads blocks backwards from the best one, and then the node's pool. \
    \"Not found\" means: not in those blocks; a transaction that waits for one with a smaller nonce is not listed by nodes. One that expired unfound will never be included.\n\n\
    Example:\n  qc tx 0x5f1c…e07a --blocks 1000"
)]
pub struct Tx {
    /// The hash that qc transfer printed
    pub hash: String,
    /// How many blocks to read
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub blocks: u64,
}

/// How settled is settled enough.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Wait {
    /// Sent: the node has taken it
    None,
    /// In a block, which may still be replaced
    InBlock,
    /// In a block that is final
    #[value(alias = "finalized")]
    Finalised,
}

/// Reads a token's symbol.
fn token(text: &str) -> Result<TokenId, String> {
    let known = || TokenId::ALL.map(|token| token.symbol()).join(", ");
    TokenId::from_symbol(text).ok_or_else(|| format!("there is no such token; there are {}", known()))
}

/// Reads a lifetime: eras are powers of two, and the chain forgets the hashes of old blocks.
fn lifetime(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(0) => Ok(0),
        Ok(blocks) if blocks.is_power_of_two() && (4..=2_048).contains(&blocks) => Ok(blocks),
        _ => Err("give a power of two from 4 to 2048, or 0 for a transaction that never expires".into()),
    }
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
    fn tokens_and_lifetimes() {
        assert_eq!(token("atr"), Ok(TokenId::Atr));
        assert!(token("DOT").is_err_and(|message| message.contains("RES")));
        assert_eq!((lifetime("64"), lifetime("0")), (Ok(64), Ok(0)));
        for text in ["3", "65", "4096", "-1", "x"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_have_no_place_on_the_command_line() {
        let help: Vec<String> = Cli::command()
            .get_subcommands()
            .flat_map(|command| command.get_subcommands().chain(std::iter::once(command)))
            .flat_map(|command| command.get_arguments())
            .map(|argument| argument.get_id().to_string())
            .collect();
        for name in ["password", "mnemonic", "seed", "phrase", "suri"] {
            assert!(!help.iter().any(|argument| argument == name), "{name}");
        }
    }
}
