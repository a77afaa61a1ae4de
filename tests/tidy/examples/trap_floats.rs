//! Writes a runtime's blob anew, with a trap in place of every function that has floating point. A node that runs on it
//! shows that blocks need none of them:
//!
//! ```sh
//! cargo run -p qc-tidy --example trap_floats -- .../wbuild/qc-runtime/target/wasm32v1-none/release/qc_runtime.wasm DIR/trap.wasm
//! qc-node --dev --wasm-runtime-overrides DIR
//! ```

use qc_tidy::floats::Blob;
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        eprintln!("usage: trap_floats BLOB NEW-BLOB");
        return ExitCode::from(2);
    };
    let written = fs::read(from).map_err(|error| error.to_string()).and_then(|bytes| {
        let blob = Blob::read(&bytes)?;
        fs::write(to, blob.with_floats_trapping(&bytes)).map_err(|error| error.to_string())?;
        Ok(blob.with_floats().count())
    });
    match written {
        Ok(functions) => {
            println!("{functions} functions trap in {to}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{from}: {error}");
            ExitCode::FAILURE
        }
    }
}
