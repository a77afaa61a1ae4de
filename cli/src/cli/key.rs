//! `qc key` on the command line.

use super::parse::{capabilities, hash};
use super::{Sending, Signing, Terms, Writing};
use clap::{Args, Subcommand};
use qc_types::Capabilities;
use std::path::PathBuf;

/// Post-quantum keys. KEY is a name in the keystore or a key's id; ACCOUNT a name, a dev name or an address.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a new mnemonic, show it once, and keep its first key in an encrypted file
    #[command(
        after_help = "The mnemonic is the key: write it on paper. The file and its password only spare you typing it.\n\n\
        Examples:\n  qc key new vault\n  \
        qc --json key new robot --password-file pw --no-backup-check > robot.json   in a script"
    )]
    New {
        /// The name of the key: a-z, 0-9, - and _
        name: String,
        /// How many words
        #[arg(long, default_value = "24", value_parser = ["12", "24"])]
        words: String,
        /// Do not ask for words of the mnemonic to see that it was written down; needed where nobody can be asked
        #[arg(long)]
        no_backup_check: bool,
        /// How to write the file.
        #[command(flatten)]
        writing: Writing,
    },
    /// Keep a key of a mnemonic that you have in an encrypted file
    #[command(
        after_help = "The mnemonic is asked for, or read from a file or standard input; it is never taken from the command line.\n\n\
        Examples:\n  qc key import vault\n  qc key import spare --index 1"
    )]
    Import {
        /// The name of the key: a-z, 0-9, - and _
        name: String,
        /// Which of the mnemonic's keys
        #[arg(long, default_value_t = 0)]
        index: u32,
        /// Read the mnemonic from the first line of a file that only you can read
        #[arg(long, value_name = "FILE")]
        mnemonic_file: Option<PathBuf>,
        /// Read the mnemonic from the first line of standard input
        #[arg(long, conflicts_with_all = ["mnemonic_file", "password_stdin"])]
        mnemonic_stdin: bool,
        /// How to write the file.
        #[command(flatten)]
        writing: Writing,
    },
    /// List the keys in the keystore
    List,
    /// Show a key: its file, and what the key ledger knows of it (account, capabilities, age, use)
    Show {
        /// A name in the keystore, or the key's id
        key: String,
        /// Do not ask a node
        #[arg(long)]
        offline: bool,
    },
    /// Delete the file of a key for good; the ledger keeps the key: revoke it first
    Remove {
        /// The name of the key
        name: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Let a new key prove that it is to act for an account, on a machine without a network; for register and rotate
    Prove(Prove),
    /// Register a key for an account
    Register(Box<Register>),
    /// Put a new key in an old one's place; it gets the same capabilities
    Rotate(Box<Rotate>),
    /// Set what a key may be used for
    #[command(after_help = "Example:\n  qc key capabilities till --can TRANSFER --by-key vault")]
    Capabilities(Box<Capable>),
    /// Revoke a key: from the next transaction on it authorises nothing, for ever
    #[command(after_help = "Example:\n  qc key revoke till --by-key vault")]
    Revoke(Box<Of>),
    /// Print the entries of the key ledger, to be replayed
    Entries(Entries),
    /// Replay exported entries without a node: recompute every hash, the head, and the state of every key
    Replay(Replay),
    /// Let only post-quantum keys act for an account; shows first what would stop working
    Require(Box<Protect>),
    /// Ask that an account act classically again, after seven days
    Leave(Box<Protect>),
    /// Call off that an account leaves its protection
    Keep(Box<Protect>),
}

/// A proof of possession, or of a rotation.
#[derive(Args, Debug)]
#[command(
    after_help = "With --nonce and --genesis no node is needed: qc account show ACCOUNT and qc chain tell both.\n\n\
    Examples:\n  qc key prove vault --owner eE7z… --can TRANSFER,MANAGE --nonce 0 --genesis 0x1c… > proof.json\n  \
    qc key register --account savings --proof proof.json                         online"
)]
pub struct Prove {
    /// The new key: a name in the keystore
    pub name: String,
    /// The account that it is to act for
    #[arg(long, value_name = "ACCOUNT")]
    pub owner: String,
    /// The key in whose place it comes: a name in the keystore
    #[arg(long, value_name = "NAME")]
    pub replaces: Option<String>,
    /// What it may be used for; of a key that it replaces, what that one may be
    #[arg(long, value_name = "CAPABILITIES", value_parser = capabilities)]
    pub can: Capabilities,
    /// The account's ledger nonce [default: the node is asked]
    #[arg(long, requires = "genesis")]
    pub nonce: Option<u32>,
    /// The hash of the chain's first block [default: the node is asked]
    #[arg(long, value_name = "HASH", value_parser = hash, requires = "nonce")]
    pub genesis: Option<[u8; 32]>,
    /// Where the passwords come from.
    #[command(flatten)]
    pub password: super::Password,
}

/// Registering a key.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  qc key register --account alice --key vault --can TRANSFER,MANAGE\n  \
    qc key register --by-key vault --key spare --can MANAGE\n  \
    qc key register --account alice --proof proof.json\n\n\
    Capabilities: TRANSFER moves what the account holds; MANAGE changes its keys and who acts for it; GOVERN, VALIDATE, SEAL, \
    RECOVER and BRIDGE are for what their names say. Deposits in FLX are held: one until the key ends, others for ever."
)]
pub struct Register {
    /// The new key: a name in the keystore
    #[arg(long, value_name = "NAME", requires = "can", required_unless_present = "proof")]
    pub key: Option<String>,
    /// What it may be used for, for instance TRANSFER,MANAGE
    #[arg(long, value_name = "CAPABILITIES", value_parser = capabilities)]
    pub can: Option<Capabilities>,
    /// Register the key of a proof that qc key prove made elsewhere
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "can"])]
    pub proof: Option<PathBuf>,
    /// Who signs.
    #[command(flatten)]
    pub signing: Signing,
}

/// Rotating a key.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  qc key rotate --from vault --to vault2          signed by vault, if it may MANAGE\n  \
    qc key rotate --from till --to till2 --by-key vault"
)]
pub struct Rotate {
    /// The old key: a name in the keystore
    #[arg(long, value_name = "NAME", requires = "to", required_unless_present = "proof")]
    pub from: Option<String>,
    /// The new key: a name in the keystore
    #[arg(long, value_name = "NAME", requires = "from")]
    pub to: Option<String>,
    /// Rotate by a proof that qc key prove --replaces made elsewhere
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    pub proof: Option<PathBuf>,
    /// Let the account sign classically
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Sign with a key of the account that may MANAGE [default: the old key]
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// Tip, lifetime, nonce.
    #[command(flatten)]
    pub terms: Terms,
    /// Password, waiting.
    #[command(flatten)]
    pub sending: Sending,
}

/// Setting capabilities.
#[derive(Args, Debug)]
pub struct Capable {
    /// The key: a name in the keystore, or its id
    pub key: String,
    /// What it may be used for from then on, for instance TRANSFER,MANAGE; or all, or none
    #[arg(long, value_name = "CAPABILITIES", value_parser = capabilities)]
    pub can: Capabilities,
    /// Who signs.
    #[command(flatten)]
    pub signing: Signing,
}

/// What is done to one key.
#[derive(Args, Debug)]
pub struct Of {
    /// The key: a name in the keystore, or its id
    pub key: String,
    /// Who signs.
    #[command(flatten)]
    pub signing: Signing,
}

/// Exporting the ledger.
#[derive(Args, Debug)]
#[command(
    after_help = "As of the last finalised block. All entries are replayed before anything is printed.\n\n\
    Examples:\n  qc --json key entries > entries.json\n  qc key entries --account alice"
)]
pub struct Entries {
    /// Only what is about this account; cannot be replayed
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
}

/// Replaying the ledger.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  qc key replay entries.json")]
pub struct Replay {
    /// A JSON array of entries, by qc --json key entries; - for standard input
    pub file: PathBuf,
    /// Fail unless the entries come to this head
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub head: Option<[u8; 32]>,
}

/// Protecting an account.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  qc key require savings --by-key vault")]
pub struct Protect {
    /// The account
    pub account: String,
    /// The key that signs; it must be one of the account's that may MANAGE [default: one in the keystore]
    #[arg(long, value_name = "KEY")]
    pub by_key: Option<String>,
    /// Tip, lifetime, nonce.
    #[command(flatten)]
    pub terms: Terms,
    /// Password, waiting.
    #[command(flatten)]
    pub sending: Sending,
}
