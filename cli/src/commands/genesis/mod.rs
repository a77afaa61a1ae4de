//! `qc genesis`: the ceremony of a network's start.

mod assemble;
mod cards;
mod files;
mod review;
mod sign;
mod verify;

use super::Context;
use crate::block_zero::{Blob, BlockZero, NoBlock};
use crate::cli::Genesis;
use crate::errors::{Error, Result};
use qc_genesis::canonical::sha256;
use qc_genesis::document::SPEC_BYTES_MAX;
use qc_genesis::json::{self, Json};
use qc_genesis::{Document, GenesisError, Source};
use serde_json::{Map, Value};
use std::path::Path;

/// The largest blob, bytes.
const CODE_BYTES_MAX: usize = 16 << 20;

/// Does what is asked for.
pub async fn run(context: &Context, command: Genesis) -> Result<()> {
    match command {
        Genesis::Plan(command) => assemble::plan(context, &command),
        Genesis::Founder(command) => cards::founder(context, command),
        Genesis::Validator(command) => cards::validator(context, command),
        Genesis::Assemble(command) => assemble::run(context, &command),
        Genesis::Review(command) => review::run(context, &command),
        Genesis::Sign(command) => sign::run(context, command),
        Genesis::Spec(command) => review::spec(context, &command),
        Genesis::Verify(command) => verify::run(context, &command).await,
    }
}

/// What is wrong with a file of the ceremony.
fn wrong(file: Option<&Path>, error: impl Into<GenesisError>) -> Error {
    let error = error.into();
    let message = match file {
        Some(file) => format!("{}: {error}", file.display()),
        None => error.to_string(),
    };
    match error.code() {
        // Those are no files that one has by mistake: somebody else's word does not hold.
        code if code.starts_with("signature_") || code == "development_key" => differs(code, message, error.hint()),
        code => Error::usage(code, message, error.hint()),
    }
}

/// What is not as it was signed.
fn differs(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::Differs {
        code,
        message: message.into(),
        hint: hint.into(),
        details: Map::new(),
    }
}

/// Reads a document or a chain spec.
fn read_source(path: &Path) -> Result<Source> {
    let bytes = files::read(path, SPEC_BYTES_MAX)?;
    Source::parse(&bytes).map_err(|fault| wrong(Some(path), fault))
}

/// Reads a blob and checks that it is the document's.
fn read_code(path: &Path, document: &Document) -> Result<Vec<u8>> {
    let code = files::read(path, CODE_BYTES_MAX)?;
    check_code(&code, document, &path.display().to_string())?;
    Ok(code)
}

fn check_code(code: &[u8], document: &Document, what: &str) -> Result<()> {
    let found = sha256(code);
    if found == *document.code_sha256() {
        return Ok(());
    }
    Err(differs(
        "code_differs",
        format!(
            "{what} is another code: its SHA-256 is 0x{}, the document has 0x{}",
            hex::encode(found),
            hex::encode(document.code_sha256())
        ),
        "take the blob of the release that was agreed on, as it is in the chain spec (compressed); \
         docs/operators/runtime-code.md says how to build it again",
    ))
}

/// Builds block 0 of a document with its code; `is_patch` if its config only changes the runtime's default.
fn block_zero(context: &Context, document: &Document, code: &[u8], is_patch: bool) -> Result<BlockZero> {
    let progress = context.output.progress();
    progress.waiting("the runtime builds its genesis");
    let blob = Blob::new(code);
    let mut config = document.config_json();
    if is_patch {
        let default = blob.default_config().map_err(refused)?;
        let default = json::parse(&default).map_err(|error| refused(NoBlock::NotRuntime(error.to_string())))?;
        config = default.patched(&config);
    }
    blob.block_zero(&config.to_canonical()).map_err(refused)
}

fn refused(no_block: NoBlock) -> Error {
    let (code, hint) = match no_block {
        NoBlock::NotRuntime(_) => (
            "not_a_runtime",
            "give the runtime's blob: …compact.compressed.wasm of a build, or of a release",
        ),
        NoBlock::Refused(_) => (
            "runtime_refuses",
            "the message names what is broken: correct the plan and assemble again",
        ),
    };
    differs(code, no_block.to_string(), hint)
}

/// JSON as `serde_json` has it, for the output.
fn value(json: &Json) -> Result<Value> {
    serde_json::from_str(&json.to_canonical()).map_err(|error| Error::Internal(error.to_string()))
}

/// 0x and hexadecimal digits.
fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
