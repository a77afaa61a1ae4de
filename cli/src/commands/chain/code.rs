//! `qc chain code`: which runtime code the chain runs, and whether a file is it.

use crate::cli::{BlockName, Code as Command};
use crate::client::{Node, NodeError, StoredCode};
use crate::commands::{Context, Look};
use crate::errors::{Error, Result};
use qc_genesis::canonical::{blake2_256, sha256};
use serde::Deserialize;
use serde_json::{json, Value};
use sp_maybe_compressed_blob::{decompress, CODE_BLOB_BOMB_LIMIT};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// The longest file that is compared.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a Wasm module begins with.
const WASM_MAGIC: &[u8] = b"\0asm";

/// Where to read more.
const DOCS: &str = "docs/operators/runtime-code.md";

/// The version of a runtime, as the node tells it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Version {
    spec_name: String,
    spec_version: u32,
    transaction_version: u32,
}

/// The code in the state of a block.
struct OnChain {
    name: String,
    genesis: H256,
    block: Look,
    version: Version,
    stored: StoredCode,
}

/// How a file that is the chain's code holds it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Match {
    /// Byte by byte.
    Identical,
    /// The same Wasm; one of the two is compressed, or both are, differently.
    Packing,
}

/// Prints the code's hashes, and compares it with a file.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let file = command.compare.as_deref().map(read_file).transpose()?;
    let node = Node::connect(&context.global.url, context.timeout()).await?;
    let block = look(context, &node, &command).await?;
    let chain = ask(&node, block).await?;
    let Some((path, file)) = command.compare.as_deref().zip(file) else {
        return context.output.result(&chain.human(), &chain.machine());
    };
    let found = compare(&chain, path, &file)?;
    let mut machine = chain.machine();
    machine["file"] = file_json(path, &file);
    machine["match"] = found.word().into();
    let human = format!("{}\n\n{}", chain.human(), found.human(path, &chain));
    context.output.result(&human, &machine)
}

/// The block that is meant.
async fn look(context: &Context, node: &Node, command: &Command) -> Result<Look> {
    let (at, state) = match command.at {
        Some(BlockName::Hash(hash)) => (H256(hash), "named"),
        Some(BlockName::Number(number)) => match node.block_hash(Some(number)).await? {
            Some(hash) => (hash, "named"),
            None => {
                return Err(Error::usage(
                    "block_unknown",
                    format!("the node has no block {number} yet"),
                    "qc chain tells how far it is",
                ))
            }
        },
        None if command.best => (node.best_head().await?, "best"),
        None => (node.finalised_head().await?, "finalised"),
    };
    let number = node.header(at).await?.number;
    context.output.note(&format!("as of {state} block {number}"));
    Ok(Look { at, number, state })
}

/// Asks for everything about the code in the state of a block.
async fn ask(node: &Node, block: Look) -> Result<OnChain, NodeError> {
    let name: String = node.request("system_chain", rpc_params![]).await?;
    let genesis = node.block_hash(Some(0)).await?;
    let version = node.request("state_getRuntimeVersion", rpc_params![block.at]).await?;
    Ok(OnChain {
        name,
        genesis: genesis.ok_or_else(|| NodeError::nonsense("chain_getBlockHash", "no block 0"))?,
        block,
        version,
        stored: node.code(block.at).await?,
    })
}

/// The Wasm in a blob; `None` if it does not unpack, or is none.
fn unpacked(blob: &[u8]) -> Option<Vec<u8>> {
    let wasm = decompress(blob, CODE_BLOB_BOMB_LIMIT).ok()?;
    wasm.starts_with(WASM_MAGIC).then(|| wasm.into_owned())
}

fn is_compressed(blob: &[u8]) -> bool {
    !blob.starts_with(WASM_MAGIC)
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let message = format!("{} cannot be read: {error}", path.display());
        Error::usage(
            "blob_unreadable",
            message,
            "name the file of a runtime that was built here",
        )
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(unreadable(&"it is larger than any runtime"));
    }
    if unpacked(&bytes).is_none() {
        return Err(Error::usage(
            "no_runtime_blob",
            format!("{} is no Wasm module, compressed or not", path.display()),
            format!("name qc_runtime.compact.compressed.wasm of a build: {DOCS}"),
        ));
    }
    Ok(bytes)
}

/// Whether a file is the chain's code.
///
/// Errors: [`Error::Differs`], with what is known of both.
fn compare(chain: &OnChain, path: &Path, file: &[u8]) -> Result<Match> {
    if blake2_256(file) == chain.stored.blake2_256.0 {
        return Ok(Match::Identical);
    }
    let inner = (chain.stored.code.as_deref().and_then(unpacked), unpacked(file));
    if let (Some(there), Some(here)) = inner {
        if there == here {
            return Ok(Match::Packing);
        }
    }
    let mut details = serde_json::Map::new();
    details.insert("chain".into(), chain.machine());
    details.insert("file".into(), file_json(path, file));
    Err(Error::Differs {
        code: "code_differs",
        message: format!(
            "{} is not the code of {} at block {}: BLAKE2b-256 {:?} ({} bytes) here, {:?} ({} bytes) there",
            path.display(),
            chain.name,
            chain.block.number,
            H256(blake2_256(file)),
            file.len(),
            chain.stored.blake2_256,
            chain.stored.bytes,
        ),
        hint: hint(file, &chain.version),
        details,
    })
}

/// What to do about a file that is not the chain's code.
fn hint(file: &[u8], version: &Version) -> String {
    let which = if is_compressed(file) {
        "build the commit that the network was released from"
    } else {
        "an uncompressed file counts only if it is qc_runtime.compact.wasm; compare qc_runtime.compact.compressed.wasm, which the \
         chain holds, of the commit that the network was released from"
    };
    format!(
        "{which} ({} version {}), with the compiler that is pinned: scripts/reproducible-runtime.sh, {DOCS}",
        version.spec_name, version.spec_version
    )
}

fn file_json(path: &Path, file: &[u8]) -> Value {
    json!({
        "path": path.display().to_string(),
        "bytes": file.len(),
        "compressed": is_compressed(file),
        "blake2_256": format!("{:?}", H256(blake2_256(file))),
        "sha256": format!("{:?}", H256(sha256(file))),
    })
}

impl Match {
    /// For programs.
    fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Packing => "packing",
        }
    }

    /// For people.
    fn human(self, path: &Path, chain: &OnChain) -> String {
        let path = path.display();
        match self {
            Self::Identical => format!("{path} is the code of this chain, byte by byte"),
            Self::Packing => format!(
                "{path} is the code of this chain in another packing: what the chain holds {}, and it unpacks to the same Wasm",
                match chain.stored.code.as_deref().is_some_and(is_compressed) {
                    true => "is compressed",
                    false => "is not compressed",
                }
            ),
        }
    }
}

impl OnChain {
    /// For programs.
    fn machine(&self) -> Value {
        let code = self.stored.code.as_deref();
        json!({
            "name": self.name,
            "genesis": format!("{:?}", self.genesis),
            "block": self.block.json(),
            "specName": self.version.spec_name,
            "specVersion": self.version.spec_version,
            "transactionVersion": self.version.transaction_version,
            "bytes": self.stored.bytes,
            "blake2_256": format!("{:?}", self.stored.blake2_256),
            "sha256": code.map(|code| format!("{:?}", H256(sha256(code)))),
            "compressed": code.map(is_compressed),
            "unpackedBytes": code.and_then(unpacked).map(|wasm| wasm.len()),
        })
    }

    /// For people.
    fn human(&self) -> String {
        let version = &self.version;
        let (sha256, size) = match self.stored.code.as_deref() {
            Some(code) => (format!("{:?}", H256(sha256(code))), size_text(code)),
            None => (
                "not known: the code is too long to be fetched".into(),
                format!("{} bytes", self.stored.bytes),
            ),
        };
        let facts = [
            ("chain", self.name.clone()),
            ("genesis", format!("{:?}", self.genesis)),
            ("block", format!("{} {:?}", self.block.number, self.block.at)),
            (
                "runtime",
                format!(
                    "{} {}, transactions of version {}",
                    version.spec_name, version.spec_version, version.transaction_version
                ),
            ),
            ("size", size),
            ("BLAKE2b-256", format!("{:?}", self.stored.blake2_256)),
            ("SHA-256", sha256),
        ];
        let lines = facts.iter().map(|(name, fact)| format!("{name:<13}{fact}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn size_text(code: &[u8]) -> String {
    match unpacked(code) {
        Some(wasm) if is_compressed(code) => {
            format!("{} bytes, compressed; {} bytes of Wasm", code.len(), wasm.len())
        }
        Some(_) => format!("{} bytes of Wasm, not compressed", code.len()),
        None => format!("{} bytes that are no Wasm, compressed or not", code.len()),
    }
}

#[cfg(test)]
mod tests;
