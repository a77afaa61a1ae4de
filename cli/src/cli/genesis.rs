//! `qc genesis` on the command line.

use super::parse::hash;
use super::Password;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The genesis ceremony: founders start a network together, and anyone can check what they started.
///
/// What is signed is the harmonic genesis hash: SHA-256 of a canonical JSON document with everything in it, the hash of the
/// runtime's code included. DOCUMENT is such a document, or a chain spec, of which it is computed. Keys are those of qc key.
/// There are no secrets in any of the files, and no command but verify --running asks a node.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
The ceremony, in this order:
  the coordinator writes a plan, and fills it in
    qc genesis plan --out plan.toml
  every founder makes a key, and a card for the coordinator
    qc key new ada
    qc genesis founder ada --name Ada
  every validator makes a key that seals, session keys on the machine that will validate, and a card
    qc key new seal
    qc-node session-keys --owner ADDRESS --base-path DIR --chain-id qc-main --json > keys.json
    qc genesis validator seal --account ADDRESS --session-keys keys.json
  the coordinator makes the document, and hands it to everybody
    qc genesis assemble --plan plan.toml --code RUNTIME.wasm *.founder.json *.validator.json
  everybody reads it, number by number, and compares the hash with the others, by telephone
    qc genesis review genesis.json --code RUNTIME.wasm
  every founder signs, and every validator with the key that seals
    qc genesis sign genesis.json --by-key ada --hash 0x…
  the coordinator makes the file with which nodes start
    qc genesis spec genesis.json --code RUNTIME.wasm --out qc-main.json
  anyone verifies it, before starting a node, and ever after, of the running network
    qc genesis verify genesis.json *.signature.json --spec qc-main.json
    qc --url ws://… genesis verify genesis.json *.signature.json --running

Who changes anything afterwards, also a single digit, gets another hash, and everybody signs
again. docs/operators/runtime-code.md says how to build the runtime again, bit for bit.

Making block 0 compiles the runtime, which takes seconds. QC_RUNTIME_CACHE=DIR, an absolute path,
keeps what was compiled in DIR for the next command. It is run as it is there, so nobody else may
be able to write to DIR.")]
pub enum Genesis {
    /// Print a plan to fill in, with a word on every entry
    #[command(after_help = "Example:\n  qc genesis plan --out plan.toml")]
    Plan(GenesisPlan),
    /// Make a founder's card: the name, and the public key with which the founder will sign
    #[command(after_help = "Examples:\n  qc key new ada\n  qc genesis founder ada --name \"Ada L.\"")]
    Founder(GenesisFounder),
    /// Make a founding validator's card: session keys with the proof whose they are, and the key that seals
    #[command(
        after_help = "FILE is what qc-node session-keys --json printed on the machine that will validate.\n\n\
        Example:\n  qc genesis validator seal --account eE7z… --session-keys session-keys.json --name \"Validator 1\""
    )]
    Validator(GenesisValidator),
    /// Make the document of a plan and everybody's cards; the runtime's own code checks it
    #[command(
        after_help = "Example:\n  qc genesis assemble --plan plan.toml --code RUNTIME.wasm --out genesis.json *.founder.json *.validator.json"
    )]
    Assemble(GenesisAssemble),
    /// Show everything that a document says, and its hash
    #[command(
        after_help = "With the blob (or of a chain spec, which has it) block 0 is built by the runtime's own code, and its hash shown.\n\n\
        Examples:\n  qc genesis review genesis.json\n  qc genesis review qc-main.json"
    )]
    Review(GenesisReview),
    /// Sign a document as a founder or as a validator; which of the two follows from the key
    #[command(
        after_help = "Review it first. With --hash nothing is asked: it signs what has that hash and nothing else.\n\n\
        Example:\n  qc genesis sign genesis.json --by-key ada"
    )]
    Sign(GenesisSign),
    /// Write the chain spec of a document: the file with which nodes start
    #[command(
        after_help = "Addresses of nodes to ask first are no part of what is signed; they can be changed later.\n\n\
        Example:\n  qc genesis spec genesis.json --code RUNTIME.wasm --out qc-main.json \
        --bootnode /dns/boot.example.org/tcp/30333/p2p/12D3KooW…"
    )]
    Spec(GenesisSpec),
    /// Verify the signatures of all founders and validators, and that a spec, a blob or a running chain is what they signed
    #[command(
        after_help = "Exactly one signature of everybody is needed. Exit code 0 says that everything asked for holds.\n\n\
        Examples:\n  qc genesis verify genesis.json *.signature.json --spec qc-main.json\n  \
        qc genesis verify qc-main.json *.signature.json\n  \
        qc --url wss://rpc.example.org genesis verify genesis.json *.signature.json --running"
    )]
    Verify(GenesisVerify),
}

/// Where to write a file.
#[derive(Args, Debug)]
pub struct Out {
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file if there is one
    #[arg(long)]
    pub force: bool,
}

/// `qc genesis plan`.
#[derive(Args, Debug)]
#[command(mut_arg("force", |force| force.requires("out")))]
pub struct GenesisPlan {
    /// Where to write it [default: standard output].
    #[command(flatten)]
    pub out: Out,
}

/// `qc genesis founder`.
#[derive(Args, Debug)]
pub struct GenesisFounder {
    /// The founder's key: a name in the keystore
    pub key: String,
    /// The founder's name, as it will stand on the chain for ever [default: the key's]
    #[arg(long)]
    pub name: Option<String>,
    /// Where to write it [default: KEY.founder.json].
    #[command(flatten)]
    pub out: Out,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
}

/// `qc genesis validator`.
#[derive(Args, Debug)]
pub struct GenesisValidator {
    /// The key that will seal: a name in the keystore
    pub key: String,
    /// The account that will stake: a name in the keystore, an address or 0x…
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,
    /// The session keys that the node made
    #[arg(long, value_name = "FILE")]
    pub session_keys: PathBuf,
    /// The validator's name in the plan [default: the key's]
    #[arg(long)]
    pub name: Option<String>,
    /// Where to write it [default: KEY.validator.json].
    #[command(flatten)]
    pub out: Out,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
}

/// `qc genesis assemble`.
#[derive(Args, Debug)]
pub struct GenesisAssemble {
    /// The cards, in any order: of all whom the plan names, and of nobody else
    #[arg(required = true, value_name = "CARD")]
    pub cards: Vec<PathBuf>,
    /// The plan
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    /// The runtime's blob
    #[arg(long, value_name = "FILE")]
    pub code: PathBuf,
    /// Where to write it [default: genesis.json].
    #[command(flatten)]
    pub out: Out,
}

/// `qc genesis review`.
#[derive(Args, Debug)]
pub struct GenesisReview {
    /// The document or chain spec
    pub document: PathBuf,
    /// The runtime's blob, to see whether it is the one, and what block 0 it makes
    #[arg(long, value_name = "FILE")]
    pub code: Option<PathBuf>,
}

/// `qc genesis sign`.
#[derive(Args, Debug)]
pub struct GenesisSign {
    /// The document or chain spec
    pub document: PathBuf,
    /// The key: a name in the keystore
    #[arg(long, value_name = "KEY")]
    pub by_key: String,
    /// Sign only what has this hash, and do not ask
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub hash: Option<[u8; 32]>,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// Where to write it [default: KEY.signature.json].
    #[command(flatten)]
    pub out: Out,
    /// Where the password comes from.
    #[command(flatten)]
    pub password: Password,
}

/// `qc genesis spec`.
#[derive(Args, Debug)]
pub struct GenesisSpec {
    /// The document
    pub document: PathBuf,
    /// The runtime's blob
    #[arg(long, value_name = "FILE")]
    pub code: PathBuf,
    /// The address of a node that new ones ask first; may be given more than once
    #[arg(long, value_name = "MULTIADDR")]
    pub bootnode: Vec<String>,
    /// Where to write it [default: the chain's id and .json].
    #[command(flatten)]
    pub out: Out,
}

/// `qc genesis verify`.
#[derive(Args, Debug)]
pub struct GenesisVerify {
    /// The document or chain spec
    pub document: PathBuf,
    /// The signatures, in any order
    #[arg(value_name = "SIGNATURE")]
    pub signatures: Vec<PathBuf>,
    /// A chain spec that is to be of this document
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// A blob that is to be this document's
    #[arg(long, value_name = "FILE")]
    pub code: Option<PathBuf>,
    /// Compare block 0 of the chain at --url, whose code is fetched if no blob is given
    #[arg(long)]
    pub running: bool,
}
