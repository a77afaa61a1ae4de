//! `qc account` on the command line.

use super::Writing;
use clap::Subcommand;
use std::path::PathBuf;

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
    /// Show an account, without its secrets: its file, whether it requires post-quantum keys, and which it has
    Show {
        /// A name, a dev name or an address
        account: String,
        /// Do not ask a node
        #[arg(long)]
        offline: bool,
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
