//! `qc chain` on the command line.

use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::str::FromStr;

/// The chain.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  qc chain\n  qc chain code\n  qc chain code --compare qc_runtime.compact.compressed.wasm"
)]
pub struct Chain {
    /// What of it.
    #[command(subcommand)]
    pub part: Option<ChainPart>,
}

/// A part of the chain to look at.
#[derive(Debug, Subcommand)]
pub enum ChainPart {
    /// Show the hashes of the runtime code that the chain runs, and compare it with a file
    Code(Code),
}

/// The chain's code.
#[derive(Args, Debug)]
#[command(after_help = "\
The code is what stands under :code in the state of a block: the runtime that executes the blocks after it. BLAKE2b-256 of it is
what state_getStorageHash tells, what validators' reports name (ΨSync), and what an upgrade is authorised by; SHA-256 is what
sha256sum prints, and what the harmonic genesis hash covers.

--compare tells whether a file is that code. A build leaves three files; the chain holds the last one, which is the second,
compressed:
  qc_runtime.wasm                        as the compiler made it
  qc_runtime.compact.wasm                made smaller
  qc_runtime.compact.compressed.wasm     and compressed (zstd, with a mark of 8 bytes before it)
The second is recognised: it is the same code. How to build the same bytes: scripts/reproducible-runtime.sh,
docs/operators/runtime-code.md.

It ends with 0 if the file is the code, with 1 if it is not.

Examples:
  qc chain code
  qc chain code --at 0                   what the chain began with
  qc chain code --compare qc_runtime.compact.compressed.wasm
  qc --json chain code | jq -r .blake2_256")]
pub struct Code {
    /// In the state of this block, a number or a hash, instead of the last finalised one
    #[arg(long, value_name = "BLOCK")]
    pub at: Option<BlockName>,
    /// In the state of the best block, which may still be replaced
    #[arg(long, conflicts_with = "at")]
    pub best: bool,
    /// Compare with a blob that was built here
    #[arg(long, value_name = "FILE")]
    pub compare: Option<PathBuf>,
}

/// Which block is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockName {
    /// The one of this number on the best chain.
    Number(u64),
    /// The one of this hash.
    Hash([u8; 32]),
}

impl FromStr for BlockName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("0x") {
            return super::parse::hash(text).map(Self::Hash);
        }
        let number = text.parse().map(Self::Number);
        number.map_err(|_| "give a block's number, or its hash: 0x and 64 hexadecimal digits".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_numbers_and_hashes() {
        assert_eq!("0".parse(), Ok(BlockName::Number(0)));
        let hash = format!("0x{}", "ab".repeat(32));
        assert_eq!(hash.parse(), Ok(BlockName::Hash([0xab; 32])));
        for wrong in ["", "-1", "ten", "0x", "0x12", &hash[..65]] {
            assert!(wrong.parse::<BlockName>().is_err(), "{wrong}");
        }
    }
}
