//! Replays an exported key ledger offline: recomputes every hash, the head and the state of every key and account, and prints
//! them as JSON. Ends with code 1 and names the first entry that does not hold, if one does not.
//!
//! ```sh
//! cargo run -p pallet-key-ledger --example replay-key-ledger -- FILE
//! ```
//!
//! FILE is a JSON array of entries (docs/protocol/keys.md has the format); `-` is standard input.

use pallet_key_ledger::export::{replay_json, to_text};
use std::{env, fs, io, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: replay-key-ledger FILE (a JSON array of entries; - is standard input)");
        return ExitCode::from(2);
    };
    let text = match file.as_str() {
        "-" => io::read_to_string(io::stdin()),
        file => fs::read_to_string(file),
    };
    let text = match text {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    match replay_json(&text) {
        Ok(state) => {
            print!("{}", to_text(&state));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
