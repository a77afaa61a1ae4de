//! `qc`, the command-line client of Quantum Currency: see `docs/developers/qc.md`, or `qc --help`.

mod amount;
mod block_zero;
mod cli;
mod client;
mod commands;
mod errors;
mod extrinsic;
mod field;
mod keystore;
mod ledger;
mod output;
mod parties;
mod progress;
mod records;
mod refusal;
mod secrets;
mod signer;
mod ss58;
#[cfg(test)]
mod testing;

use crate::cli::Cli;
use crate::errors::Error;
use crate::output::Output;
use clap::Parser;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = Output {
        json: cli.global.json,
        quiet: cli.global.quiet,
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has seen enough: `qc watch | head`.
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            error.exit_code()
        }
    }
}

/// Runs a command. A panic in a library, which only a node's nonsense could bring about, becomes an error like any other.
fn run(cli: Cli) -> errors::Result<()> {
    std::panic::set_hook(Box::new(|_| ()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::Internal(error.to_string()))?;
    let done = runtime.block_on(AssertUnwindSafe(commands::run(cli)).catch_unwind());
    // A prompt that nobody answered must not keep the process from ending.
    runtime.shutdown_background();
    done.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Error::Internal(text.unwrap_or("no message").to_owned()))
    })
}

/// Help and version as they are; a command line that cannot be read as JSON too, if it asks for that.
fn usage(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && json {
        let message = error.to_string();
        let message = message.split("\n\nUsage").next().unwrap_or_default().trim();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        let error = Error::usage("usage", message, "see qc --help");
        Output { json, quiet: false }.error(&error);
        return error.exit_code();
    }
    // Nothing is left to tell where even this cannot be printed.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}
