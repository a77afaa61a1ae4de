//! What every command that signs has in common.

use super::parse::lifetime;
use super::Password;
use clap::{Args, ValueEnum};

/// What is signed along with a call.
#[derive(Args, Clone, Debug)]
pub struct Terms {
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

/// Signing and sending.
#[derive(Args, Clone, Debug)]
pub struct Sending {
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

/// Who signs what changes an account's keys.
#[derive(Args, Clone, Debug)]
pub struct Signing {
    /// The account; signs classically, unless --by-key is given
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "by_key")]
    pub account: Option<String>,
    /// Sign with a post-quantum key of the account that may MANAGE: a name in the keystore, or its id
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// Tip, lifetime, nonce.
    #[command(flatten)]
    pub terms: Terms,
    /// Password, waiting.
    #[command(flatten)]
    pub sending: Sending,
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
