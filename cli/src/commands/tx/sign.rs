//! `qc tx sign`: with a key, without a network.

use super::file::{Prepared, SignedFile};
use super::prepare::print;
use crate::cli::Sign;
use crate::client::read_metadata_15;
use crate::commands::key::read_json_file;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::secrets::{Passwords, Source};
use crate::signer::KeyWord;
use std::path::Path;
use subxt::metadata::Metadata;

/// The largest file of metadata that is read.
const METADATA_BYTES_MAX: u64 = 64 << 20;

/// Shows what a prepared file does, made from the bytes that are signed, and signs it.
pub fn run(context: &Context, command: Sign) -> Result<()> {
    let keystore = context.keystore()?;
    let prepared = Prepared::read(&read_json_file(&command.file)?)?;
    let key = KeyWord::resolve(&command.by_key, &keystore)?;
    if key.id != prepared.key {
        return Err(Error::usage(
            "prepared_for_another_key",
            format!(
                "it was prepared for the key {}, and {} is {}",
                prepared.key, command.by_key, key.id
            ),
            "sign with that key, or prepare it again for this one",
        ));
    }
    let own = command.metadata.as_deref().map(read_metadata).transpose()?;
    let theirs = prepared.metadata()?;
    let trusted = own.is_some();
    let (unsigned, described) = prepared.shown(own.as_ref().or(theirs.as_ref()))?;
    if trusted && theirs.is_some() {
        // What came with the file must not say anything else either.
        prepared.shown(theirs.as_ref())?;
    }
    context.output.note(&format!(
        "key       {}\naccount   {} by the word of who prepared it: the ledger knows whose the key is\n{}",
        key.describe(),
        prepared.owner,
        prepared.does.join("\n")
    ));
    let unsure = described.needs.is_none() && !trusted;
    if unsure {
        context.output.warn(
            "qc does not know this call by itself: it is shown by metadata that came with the file, and whoever made the file \
             could have made them lie; give metadata that you trust with --metadata",
        );
    }
    if !command.yes {
        context
            .output
            .confirm(if unsure { "Sign nevertheless?" } else { "Sign?" })?;
    }
    let password = &command.password;
    let passwords = Passwords::new(Source::new(password.password_file.as_ref(), password.password_stdin));
    let secret = key.unlock(&keystore, &passwords)?;
    let signed = unsigned.sign(&secret)?;
    print(context, &SignedFile::new(prepared, &signed))
}

/// Reads metadata from a file, in bytes or in hexadecimal.
fn read_metadata(path: &Path) -> Result<Metadata> {
    use std::io::Read;
    let wrong = |error: String| {
        Error::usage(
            "bad_metadata_file",
            format!("{}: {error}", path.display()),
            "give the metadata of version 15 as a node gives them, in bytes or in hexadecimal with 0x",
        )
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(METADATA_BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|error| wrong(error.to_string()))?;
    if let Some(digits) = bytes.strip_prefix(b"0x") {
        bytes = hex::decode(digits.trim_ascii_end()).map_err(|error| wrong(error.to_string()))?;
    }
    read_metadata_15(&bytes).map_err(wrong)
}
