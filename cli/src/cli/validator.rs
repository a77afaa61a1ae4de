//! `qc validator` on the command line.

use super::{Sending, Terms};
use clap::{Args, Subcommand};

/// Validators: how they stand, becoming one, staking.
///
/// A validator is an account with session keys, a stake of ATR and a node that runs; the node reports on every epoch with a
/// post-quantum key of the account that may SEAL.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Becoming a validator, in this order:
  qc key new seal                                                 a post-quantum key for the node's reports
  qc key register --account till --key seal --can SEAL            let it seal for the account
  qc validator keys --account till                                session keys: made by your node, registered by you
  qc validator enrol 1000 --account till                          stake ATR
  qc validator status till                                        what is still missing, and how it goes")]
pub enum Validator {
    /// Show how a validator or candidate stands; without ACCOUNT, the whole set in a table
    Status(ValidatorStatus),
    /// Let your own node make session keys, register them, and say what else a validator needs
    Keys(Box<SessionKeys>),
    /// Become a candidate with a stake of ATR, or come back with more of it after leaving
    Enrol(Box<Staked>),
    /// Add to your stake
    BondExtra(Box<Staked>),
    /// Take a part of your stake off; it stays held, and may be slashed, until it has unbonded
    Unbond(Box<Staked>),
    /// Get back what has unbonded
    Withdraw(Box<Acting>),
    /// Ask to leave the set; the whole stake unbonds when you have left
    Leave(Box<Acting>),
    /// Burn PSY for more rewards and a higher rank for a seat over a while; opens no gate, averts no slash
    #[command(after_help = "Example:\n  qc validator boost 200 --by-key vault\n\n\
        A full boost takes 1000 PSY unless the chain says otherwise. The PSY is burnt: nobody gets it back.")]
    Boost(Box<Staked>),
}

/// Who acts.
#[derive(Args, Clone, Debug)]
pub struct Acting {
    /// The validator's account; signs classically, unless --by-key is given
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "by_key")]
    pub account: Option<String>,
    /// Sign with a post-quantum key of the account: a name in the keystore, or its id. It must be allowed to VALIDATE (to
    /// TRANSFER, for a boost)
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// Tip, lifetime, nonce.
    #[command(flatten)]
    pub terms: Terms,
    /// Password, waiting.
    #[command(flatten)]
    pub sending: Sending,
}

/// An amount, and who acts.
#[derive(Args, Debug)]
pub struct Staked {
    /// How much, in whole tokens, for instance 1500.5
    #[arg(allow_hyphen_values = true, value_name = "AMOUNT")]
    pub amount: String,
    /// Who acts.
    #[command(flatten)]
    pub acting: Acting,
}

/// A look at validators.
#[derive(Args, Debug)]
#[command(after_help = "\
  Ψ            how coherent the validator is, from 0 to 1: the weighted mean of its features, of those that were ever due
  slots        blocks made of those that were its turn (weight 3)
  seals        checkpoints sealed of those due (weight 3; not due until checkpoints are part of the chain)
  conformity   how close its reports are to Ψ* (weight 2)
  harmony      1 over 1 + its dissonance (weight 2)
  m            the multiplier of its rewards
  grace        epochs in the set for which a newcomer is neither counted nor slashed
  report       of the epoch that closed last, made by its node: due until the next epoch closes

Below Ψ = 0.70 a part of the stake is slashed fifteen epochs later, and after as long below the validator is removed; neither, if
more than a third of the set fell with it.

Examples:
  qc validator status                  the set
  qc validator status till             one of it, or one who wants in
  qc --json validator status | jq -r '.validators[] | select(.report == \"missing\") | .address'")]
pub struct ValidatorStatus {
    /// A name, a dev name, an address or 0x… [default: the whole set]
    pub account: Option<String>,
    /// As of the best block, which may still be replaced, instead of the last finalised one
    #[arg(long)]
    pub best: bool,
}

/// Making and registering session keys.
#[derive(Args, Debug)]
#[command(after_help = "\
Run this on the machine of your validator's node, with --url at its local RPC port: the node makes the session keys, keeps their
secrets in its own keystore, and proves to the chain that it has them; qc registers the public halves with your account. The call
that makes them (author_rotateKeysWithOwner) is one of the node's unsafe ones, which it answers on its own machine. For a node
elsewhere qc wants --yes: whoever runs the node at --url will validate with your stake.

Where the account's session keys are in the node's keystore already, nothing is made or sent, unless --rotate is given. Keys that
were made and then not registered are never used.

Examples:
  qc validator keys --account till
  qc validator keys --by-key vault --url ws://127.0.0.1:9945
  qc validator keys --account till --rotate          new keys; the old ones are used until the epoch after the next begins")]
pub struct SessionKeys {
    /// Make new session keys though the node has the registered ones
    #[arg(long)]
    pub rotate: bool,
    /// Who acts.
    #[command(flatten)]
    pub acting: Acting,
}
