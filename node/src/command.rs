//! What each command does.

use crate::{
    chain_spec, check_block,
    cli::{Cli, ReportArgs, Subcommand},
    service,
    worker::{self, key::ReportingKey},
};
use qc_runtime::OpaqueBlock as Block;
use sc_cli::{DatabasePruningMode, RunCmd, SubstrateCli};
use sc_network::config::NetworkBackendType;
use sc_service::{Configuration, PartialComponents, TaskManager};
use sp_core::crypto::{set_default_ss58_version, Ss58AddressFormat};
use std::path::PathBuf;

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Quantum Currency Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        "Runs a node of Quantum Currency: a validator, or a full node that wallets and dApps speak JSON-RPC to.".into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "docs/operators/ of the source".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id)?))
    }
}

/// Reads the command line and does what it says.
pub fn run() -> sc_cli::Result<()> {
    set_default_ss58_version(Ss58AddressFormat::custom(qc_types::SS58_PREFIX));
    let cli = Cli::from_args();
    // A node whose cryptography is broken (a miscompiled binary, bad memory) would leave the chain, or lead others off it.
    qc_pqc::self_check().map_err(|error| sc_cli::Error::Application(Box::new(error)))?;
    match &cli.subcommand {
        None => {
            // Before anything is started or logged: the terminal may be asked for a password.
            let key = reporting_key(&cli.report)?;
            let runner = cli.create_runner(&with_history_in_dev(&cli.run))?;
            runner.run_node_until_exit(|config| async move { run_node(config, key).await })
        }
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::SessionKeys(cmd)) => cmd.run().map_err(|error| sc_cli::Error::Application(Box::new(error))),
        Some(Subcommand::ExportChainSpec(cmd)) => {
            let spec = cli.load_spec(&cmd.chain)?;
            if !cmd.raw {
                // What is written as it was read is not built; built it is all the same, and so checked.
                spec.as_json(true)?;
            }
            cmd.run(spec)
        }
        Some(Subcommand::PurgeChain(cmd)) => {
            let runner = cli.create_runner(cmd)?;
            runner.sync_run(|config| cmd.run(config.database))
        }
        Some(Subcommand::ChainInfo(cmd)) => {
            let runner = cli.create_runner(cmd)?;
            runner.sync_run(|config| cmd.run::<Block>(&config))
        }
        #[cfg(feature = "benchmark")]
        Some(Subcommand::Benchmark(cmd)) => crate::benchmarking::run(&cli, cmd),
        Some(subcommand) => run_on_blocks(&cli, subcommand),
    }
}

/// A development chain keeps every state and block, unless told otherwise, so that everything that a node can serve can be
/// tried on it: `archive_v1` above all.
fn with_history_in_dev(run: &RunCmd) -> RunCmd {
    let mut run = run.clone();
    let pruning = &mut run.import_params.pruning_params;
    if run.shared_params.is_dev() && pruning.state_pruning.is_none() {
        pruning.state_pruning = Some(DatabasePruningMode::Archive);
        pruning.blocks_pruning = DatabasePruningMode::Archive;
    }
    run
}

/// The key that the command line names for reports.
fn reporting_key(args: &ReportArgs) -> sc_cli::Result<Option<ReportingKey>> {
    let open = |file: &PathBuf| worker::key::open(file, args.pqc_password_file.as_deref());
    let key = args.pqc_key_file.as_ref().map(open).transpose();
    key.map_err(|error| sc_cli::Error::Application(Box::new(error)))
}

async fn run_node(config: Configuration, key: Option<ReportingKey>) -> sc_cli::Result<TaskManager> {
    type Hash = qc_runtime::Hash;
    // Where blocking is allowed: when the RPC server cannot start, for instance because its port is taken, `sc-service` drops
    // a tokio runtime on its way out, which elsewhere would panic instead of saying what is wrong.
    let task_manager = tokio::task::block_in_place(|| match config.network.network_backend {
        NetworkBackendType::Libp2p => service::new_full::<sc_network::NetworkWorker<Block, Hash>>(config, key),
        NetworkBackendType::Litep2p => service::new_full::<sc_network::Litep2pNetworkBackend>(config, key),
    });
    task_manager.map_err(sc_cli::Error::Service)
}

/// The commands that work on the blocks of a database.
fn run_on_blocks(cli: &Cli, subcommand: &Subcommand) -> sc_cli::Result<()> {
    match subcommand {
        Subcommand::CheckBlock(cmd) => cli.create_runner(cmd)?.sync_run(|config| {
            let parts = service::new_partial(&config)?;
            let checked = check_block::check(&parts.client, cmd.input.parse()?)
                .map_err(|error| sc_cli::Error::Application(Box::new(error)))?;
            println!("{checked}");
            Ok(())
        }),
        Subcommand::ExportBlocks(cmd) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client, task_manager, ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Subcommand::ExportState(cmd) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client, task_manager, ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Subcommand::ImportBlocks(cmd) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::new_partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Subcommand::Revert(cmd) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = service::new_partial(&config)?;
            let revert_grandpa = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
        // By name, so that a new command finds its place when it is compiled.
        Subcommand::Key(_)
        | Subcommand::SessionKeys(_)
        | Subcommand::ExportChainSpec(_)
        | Subcommand::PurgeChain(_)
        | Subcommand::ChainInfo(_) => Err("not a command on blocks".into()),
        #[cfg(feature = "benchmark")]
        Subcommand::Benchmark(_) => Err("not a command on blocks".into()),
    }
}
