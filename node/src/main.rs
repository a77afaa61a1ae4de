//! The Quantum Currency node: validators run it; wallets and dApps speak JSON-RPC to it.

// The errors of sc-cli and sc-service are large; the node makes at most one of them.
#![allow(clippy::result_large_err)]

#[cfg(feature = "benchmark")]
mod benchmarking;
mod chain_spec;
mod check_block;
mod cli;
mod command;
mod metrics;
mod rpc;
mod service;
mod session_keys;
mod verify_ahead;
mod well_known;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
