//! `qc tx` on the command line.

use super::parse::{capabilities, lifetime};
use super::{Goods, Password, Wait};
use clap::{Args, Subcommand};
use qc_types::Capabilities;
use std::path::PathBuf;

/// Looking for a transaction, or making one in steps.
#[derive(Args, Debug)]
#[command(
    subcommand_negates_reqs = true,
    after_help = "A node does not index transactions, so this reads blocks backwards from the best one, and then the node's pool. \
    \"Not found\" means: not in those blocks; a transaction that waits for one with a smaller nonce is not listed by nodes. One that expired unfound will never be included.\n\n\
    Example:\n  qc tx 0x5f1c…e07a --blocks 1000\n\n\
    Signing on a machine without a network:\n  \
    qc tx prepare transfer --by-key 0x93…1b --to bob --amount 5 > unsigned.json   online\n  \
    qc tx sign unsigned.json --by-key vault > signed.json                         where the key is\n  \
    qc tx submit signed.json                                                      online"
)]
pub struct Tx {
    /// Making a transaction in steps
    #[command(subcommand)]
    pub step: Option<Step>,
    /// The hash that qc transfer printed
    #[arg(required = true)]
    pub hash: Option<String>,
    /// How many blocks to read
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub blocks: u64,
}

/// The steps of a transaction that is signed on another machine.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// Write down what is to be signed by a post-quantum key: nonce, expiry, chain, call; needs a node and no key
    #[command(subcommand)]
    Prepare(Prepare),
    /// Show what a prepared file does, and sign it; needs the key and no node
    Sign(Sign),
    /// Check a signed file, send it, and follow it until it is final
    Submit(Submit),
}

/// What a prepared transaction does.
#[derive(Debug, Subcommand)]
pub enum Prepare {
    /// Move FLX or another token to somebody else
    Transfer {
        /// What moves.
        #[command(flatten)]
        goods: Goods,
        /// Key, expiry.
        #[command(flatten)]
        offline: Offline,
    },
    /// Register the key of a proof, or put it in another one's place: a file by qc key prove
    Proof {
        /// The file
        file: PathBuf,
        /// Key, expiry.
        #[command(flatten)]
        offline: Offline,
    },
    /// Set what a key may be used for
    Capabilities {
        /// The key: a name in the keystore, or its id
        key: String,
        /// What it may be used for from then on, for instance TRANSFER,MANAGE
        #[arg(long, value_name = "CAPABILITIES", value_parser = capabilities)]
        can: Capabilities,
        /// Key, expiry.
        #[command(flatten)]
        offline: Offline,
    },
    /// Revoke a key for ever
    Revoke {
        /// The key: a name in the keystore, or its id
        key: String,
        /// Key, expiry.
        #[command(flatten)]
        offline: Offline,
    },
    /// From then on only post-quantum keys act for the account; look at qc key require --dry-run first
    Require(Offline),
    /// Ask to act classically again, after seven days
    Leave(Offline),
    /// Call that off
    Keep(Offline),
    /// Any other call, encoded, in hexadecimal; it is shown by the chain's metadata, which go into the file
    Call {
        /// The call: 0x and hexadecimal digits
        call: String,
        /// Key, expiry.
        #[command(flatten)]
        offline: Offline,
    },
}

/// What is to be done, without who signs it.
#[derive(Debug)]
pub enum Action {
    /// Tokens move.
    Transfer(Goods),
    /// A proof is used.
    Proof(PathBuf),
    /// A key's capabilities are set.
    Capabilities(String, Capabilities),
    /// A key is revoked.
    Revoke(String),
    /// The account is protected.
    Require,
    /// The account asks for the end of that.
    Leave,
    /// The account calls that off.
    Keep,
    /// Any other call.
    Call(String),
}

impl Prepare {
    /// What is to be done, and by which key.
    pub fn parts(self) -> (Action, Offline) {
        match self {
            Self::Transfer { goods, offline } => (Action::Transfer(goods), offline),
            Self::Proof { file, offline } => (Action::Proof(file), offline),
            Self::Capabilities { key, can, offline } => (Action::Capabilities(key, can), offline),
            Self::Revoke { key, offline } => (Action::Revoke(key), offline),
            Self::Require(offline) => (Action::Require, offline),
            Self::Leave(offline) => (Action::Leave, offline),
            Self::Keep(offline) => (Action::Keep, offline),
            Self::Call { call, offline } => (Action::Call(call), offline),
        }
    }
}

/// Which key will sign, and until when.
#[derive(Args, Clone, Debug)]
pub struct Offline {
    /// The key that will sign: its id, or a name in the keystore
    #[arg(long, value_name = "KEY")]
    pub by_key: String,
    /// FLX on top of the fee, for a place before others
    #[arg(long, default_value = "0", allow_hyphen_values = true, value_name = "AMOUNT")]
    pub tip: String,
    /// Blocks until the transaction expires: a power of two from 4 to 2048 (over an hour), or 0 for never
    #[arg(long, default_value_t = 2_048, value_parser = lifetime, value_name = "BLOCKS")]
    pub lifetime: u64,
    /// The account's nonce [default: the next one, waiting transactions counted]
    #[arg(long)]
    pub nonce: Option<u64>,
    /// Put the chain's metadata into the file, to be compared with what qc knows of the call
    #[arg(long)]
    pub with_metadata: bool,
}

/// Signing a prepared file.
#[derive(Args, Debug)]
#[command(
    after_help = "What is shown is read from the very bytes that are signed. What qc itself prepares it also knows by itself; \
    any other call is shown by metadata, which whoever made the file could have forged: give your own with --metadata.\n\n\
    Example:\n  qc tx sign unsigned.json --by-key vault > signed.json"
)]
pub struct Sign {
    /// The file by qc tx prepare, or - for standard input
    pub file: PathBuf,
    /// The key: a name in the keystore
    #[arg(long, value_name = "KEY")]
    pub by_key: String,
    /// Metadata of the chain that you trust (version 15, as a node gives them, in bytes or in hexadecimal)
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
    /// Do not ask before signing
    #[arg(long, short)]
    pub yes: bool,
}

/// Sending a signed file.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  qc tx submit signed.json")]
pub struct Submit {
    /// The file by qc tx sign, or - for standard input
    pub file: PathBuf,
    /// Do not ask before sending
    #[arg(long, short)]
    pub yes: bool,
    /// How settled it has to be before qc returns
    #[arg(long, value_enum, default_value_t = Wait::Finalised)]
    pub wait: Wait,
    /// Seconds to wait for that at most
    #[arg(long, default_value_t = 180, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub patience: u64,
}
