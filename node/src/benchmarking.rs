//! The `benchmark` command: how the weights under `runtime/src/weights/` are made.

use crate::{cli::Cli, service};
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use qc_runtime::OpaqueBlock as Block;
use sc_cli::SubstrateCli;

/// Runs a benchmark.
pub fn run(cli: &Cli, cmd: &BenchmarkCmd) -> sc_cli::Result<()> {
    let runner = cli.create_runner(cmd)?;
    runner.sync_run(|config| match cmd {
        BenchmarkCmd::Pallet(cmd) => {
            cmd.run_with_spec::<sp_runtime::traits::HashingFor<Block>, ()>(Some(config.chain_spec))
        }
        BenchmarkCmd::Block(cmd) => cmd.run(service::new_partial(&config)?.client),
        BenchmarkCmd::Machine(cmd) => cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
        BenchmarkCmd::Storage(_) => {
            Err("reads and writes cost what the SDK measured for ParityDB (docs/decisions/0005)".into())
        }
        BenchmarkCmd::Overhead(_) | BenchmarkCmd::Extrinsic(_) => {
            Err("measured with the load program instead: see tests/bench".into())
        }
    })
}
