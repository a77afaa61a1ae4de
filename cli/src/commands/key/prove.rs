//! `qc key prove`: what a new key signs before it is registered, possibly on a machine without a network.

use crate::cli::Prove;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::keystore::Keystore;
use crate::ledger::{About, Proof};
use crate::parties::Party;
use crate::secrets::{Passwords, Source};
use crate::signer::KeyWord;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use subxt::config::substrate::H256;

/// The largest JSON file that is read: metadata may be in it.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Prints a proof.
pub async fn run(context: &Context, keystore: &Keystore, command: Prove) -> Result<()> {
    let owner = Party::resolve(&command.owner, keystore)?;
    let own = |name: &str| -> Result<KeyWord> {
        let entry = keystore.key(name)?;
        Ok(KeyWord {
            id: entry.id,
            name: Some(entry.name),
        })
    };
    let new = own(&command.name)?;
    let old = command.replaces.as_deref().map(own).transpose()?;
    let (nonce, genesis) = match (command.nonce, command.genesis) {
        (Some(nonce), Some(genesis)) => (nonce, H256(genesis)),
        _ => {
            let chain = context.chain().await?;
            let best = chain.node.best_head().await?;
            (chain.owner(owner.account, best).await?.nonce, chain.genesis)
        }
    };
    let about = About {
        owner: owner.account,
        nonce,
        genesis,
        capabilities: command.can,
    };
    let password = &command.password;
    let passwords = Passwords::new(Source::new(password.password_file.as_ref(), password.password_stdin));
    let new = new.unlock(keystore, &passwords)?;
    let old = old.map(|old| old.unlock(keystore, &passwords)).transpose()?;
    let proof = Proof::make(about, &new, old.as_ref())?;
    let machine = serde_json::to_value(&proof).map_err(|error| Error::Internal(error.to_string()))?;
    let human = serde_json::to_string_pretty(&proof).map_err(|error| Error::Internal(error.to_string()))?;
    context.output.note(&format!(
        "for {} at key nonce {nonce}; it is good until the account's keys change",
        owner.describe()
    ));
    context.output.result(&human, &machine)
}

/// Reads a JSON file, or standard input for `-`.
pub fn read_json_file(path: &Path) -> Result<String> {
    let failed = |error: std::io::Error| {
        Error::usage(
            "file_unreadable",
            format!("{}: {error}", path.display()),
            "check the path; - is standard input",
        )
    };
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(FILE_BYTES_MAX).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text))
    }
    .map_err(failed)?;
    Ok(text)
}
