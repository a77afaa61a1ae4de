//! The command line.

use sc_cli::RunCmd;

/// Options of the node.
#[derive(Debug, clap::Parser)]
#[command(after_help = "EXAMPLES:\n  \
    qc-node --dev --tmp                     a chain of one validator that forgets everything when it stops\n  \
    qc-node --dev --base-path ./data        the same, kept in ./data\n  \
    qc-node --chain local --alice           the first of four validators on one machine\n  \
    qc-node export-chain-spec --chain dev   the chain spec as JSON")]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// How to run a node.
    #[clap(flatten)]
    pub run: RunCmd,
}

/// What the node can do besides running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
    /// Make, inspect and store keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain spec as JSON; the genesis is checked while it is built.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Check a block again.
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
