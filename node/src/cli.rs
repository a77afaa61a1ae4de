//! The command line.

use crate::session_keys::{self, SessionKeysCmd};
use sc_cli::RunCmd;
use std::path::PathBuf;

/// Options of the node.
#[derive(Debug, clap::Parser)]
#[command(after_help = "EXAMPLES:\n  \
    qc-node --dev --tmp                     a chain of one validator that forgets everything when it stops\n  \
    qc-node --dev --base-path ./data        the same, kept in ./data\n  \
    qc-node --chain local --alice           the first of four validators on one machine\n  \
    qc-node --chain FILE --validator --pqc-key-file seal.key --pqc-password-file seal.password\n  \
    \x20                                       a validator that reports on every epoch\n  \
    qc-node session-keys --owner ADDRESS --base-path DIR --chain-id ID\n  \
    \x20                                       a validator's session keys before its chain runs\n  \
    qc-node export-chain-spec --chain dev   the chain spec as JSON\n\n\
    ENVIRONMENT:\n  \
    QC_RUNTIME_CACHE=DIR                    keep compiled runtimes in DIR, an absolute path: the next start does not compile\n  \
    \x20                                       them again, which takes seconds. What is there is run as it is, so nobody\n  \
    \x20                                       else may be able to write to it")]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// How to run a node.
    #[clap(flatten)]
    pub run: RunCmd,

    /// With which key to report.
    #[clap(flatten)]
    pub report: ReportArgs,
}

/// The key that a validator reports with.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ReportArgs {
    /// The file of the post-quantum key that this validator signs its reports with, as `qc key new` makes it. The key needs
    /// the capability SEAL. The well-known validators of development chains need none.
    #[arg(long, value_name = "PATH")]
    pub pqc_key_file: Option<PathBuf>,

    /// A file, readable by its owner only, whose first line is the password of the key file. Without it the node asks at the
    /// terminal.
    #[arg(long, value_name = "PATH", requires = "pqc_key_file")]
    pub pqc_password_file: Option<PathBuf>,
}

/// What the node can do besides running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
    /// Make, inspect and store keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Make the session keys of a validator, before its chain runs.
    #[command(long_about = session_keys::HELP, after_help = session_keys::EXAMPLES)]
    SessionKeys(SessionKeysCmd),

    /// Write a chain spec as JSON; the genesis is checked while it is built.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Execute a block of the database again, on the state before it.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state at a block as a raw chain spec.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the whole database of a chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back some blocks that are not finalised.
    Revert(sc_cli::RevertCmd),

    /// Show what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure pallets, blocks, storage and the machine.
    #[cfg(feature = "benchmark")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}
