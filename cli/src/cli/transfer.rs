//! `qc transfer` and `qc fee` on the command line.

use super::parse::token;
use super::{Sending, Terms};
use clap::Args;
use qc_types::TokenId;

/// What is to move where.
#[derive(Args, Clone, Debug)]
pub struct Goods {
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
}

/// What a transfer and its estimate have in common.
#[derive(Args, Clone, Debug)]
pub struct What {
    /// What moves.
    #[command(flatten)]
    pub goods: Goods,
    /// Tip, lifetime, nonce.
    #[command(flatten)]
    pub terms: Terms,
}

/// A transfer.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  qc transfer --from alice --to bob --amount 1.5\n  \
    qc transfer --from savings --to eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB --token ATR --amount 10\n  \
    qc transfer --from till --to savings --all --password-file pw --yes     in a script\n  \
    qc transfer --by-key vault --to bob --amount 1.5                        by a post-quantum key\n\n\
    Fees are paid in FLX, whatever the token that moves. CHR cannot be moved by anybody; PSY only by an enrolled holder \
    whose coherence is at least 0.85. Ctrl-C after sending does not call a transaction back: look for it with qc tx.")]
pub struct Transfer {
    /// Who pays: a name in the keystore, or a dev name (alice, //Alice//stash, …)
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "by_key")]
    pub from: Option<String>,
    /// Sign with a post-quantum key, a name in the keystore; its account pays
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// What and how.
    #[command(flatten)]
    pub what: What,
    /// Password, waiting.
    #[command(flatten)]
    pub sending: Sending,
}

/// An estimate.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  qc fee --from alice --to bob --amount 1.5 --token ATR")]
pub struct Fee {
    /// Who would pay: a name, a dev name, an address or 0x…
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "by_key")]
    pub from: Option<String>,
    /// Estimate for a post-quantum key, a name in the keystore or its id
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// What and how.
    #[command(flatten)]
    pub what: What,
}
