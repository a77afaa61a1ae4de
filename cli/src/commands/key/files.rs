//! Key files: made, imported, listed, shown, removed.

use crate::cli::Writing;
use crate::commands::account::password_source;
use crate::commands::view::{ask_ledger, View};
use crate::commands::{backup, Context};
use crate::errors::Result;
use crate::keystore::{KeyEntry, KeySecret, Keystore, KeystoreError, Kind, Sealing};
use crate::output::table;
use crate::secrets::Source;
use crate::signer::KeyWord;
use serde_json::{json, Value};

/// Makes a key from new randomness.
pub fn new(
    context: &Context,
    keystore: &Keystore,
    name: &str,
    words: &str,
    unchecked: bool,
    writing: &Writing,
) -> Result<()> {
    keystore.check_free(Kind::Key, name, writing.force)?;
    backup::check_possible(context, unchecked)?;
    let count = backup::count(words)?;
    let password = password_source(writing).read_new_password(Kind::Key)?;
    let secret = KeySecret::generate(count)?;
    if !unchecked {
        backup::check(Kind::Key, &secret.words())?;
    }
    let entry = keystore.create_key(name, &secret, Sealing::new(&password, writing.force))?;
    context
        .output
        .warn("whoever has these words has the key; whoever loses them and the file has lost it");
    let words = secret.words().join(" ");
    // Where the check was made the words have been shown, and once is enough.
    let human = if unchecked {
        format!("{words}\n{}", made(&entry))
    } else {
        made(&entry)
    };
    let mut machine = entry_json(&entry);
    machine["mnemonic"] = json!(words);
    context.output.result(&human, &machine)
}

/// Makes a key from a mnemonic that its owner has.
pub fn import(
    context: &Context,
    keystore: &Keystore,
    name: &str,
    index: u32,
    source: &Source,
    writing: &Writing,
) -> Result<()> {
    keystore.check_free(Kind::Key, name, writing.force)?;
    let words = source.read("Mnemonic (12 or 24 words, not shown): ")?;
    let secret = KeySecret::from_mnemonic(&words, index)?;
    let password = password_source(writing).read_new_password(Kind::Key)?;
    let entry = keystore.create_key(name, &secret, Sealing::new(&password, writing.force))?;
    context.output.result(&made(&entry), &entry_json(&entry))
}

/// Lists keys; those that cannot be read with the reason.
pub fn list(context: &Context, keystore: &Keystore) -> Result<()> {
    let (mut rows, mut machine) = (Vec::new(), Vec::new());
    for (name, entry) in keystore.keys()? {
        match entry {
            Ok(entry) => {
                rows.push(vec![name, entry.id.to_string(), format!("index {}", entry.index)]);
                machine.push(entry_json(&entry));
            }
            Err(error) => {
                rows.push(vec![name.clone(), String::new(), format!("cannot be read: {error}")]);
                machine.push(json!({ "name": name, "error": { "code": error.code(), "message": error.to_string() } }));
            }
        }
    }
    if rows.is_empty() {
        context.output.note(&format!(
            "no keys in {}; make one: qc key new NAME",
            keystore.dir().display()
        ));
    }
    let machine = json!({ "keystore": keystore.dir(), "keys": machine });
    context.output.result(&table(&rows), &machine)
}

/// Shows a key: its file, and what the ledger knows of it.
pub async fn show(context: &Context, keystore: &Keystore, word: &str, offline: bool) -> Result<()> {
    let key = KeyWord::resolve(word, keystore)?;
    let entry = match &key.name {
        Some(name) => Some(keystore.key(name)?),
        None => None,
    };
    let file = match &entry {
        Some(entry) => format!("{} (encrypted), index {}", entry.path.display(), entry.index),
        None => "not here: only the id is known".into(),
    };
    let name = key.name.clone().unwrap_or_else(|| "-".into());
    let mut lines = vec![
        format!("name        {name}"),
        format!("id          {}", key.id),
        "scheme      ML-DSA-87".into(),
        format!("file        {file}"),
    ];
    let mut machine = json!({ "name": key.name, "id": key.id, "scheme": "ml-dsa-87", "ledger": null });
    if let Some(entry) = &entry {
        machine = entry_json(entry);
        machine["ledger"] = Value::Null;
    }
    let asked = async {
        let view = View::now(context.chain().await?, keystore).await?;
        let record = view.chain.key(&key.id, view.best).await?;
        Ok((view, record))
    };
    if let Some((view, record)) = ask_ledger(context, offline, asked).await? {
        match record {
            Some(record) => {
                lines.extend(view.key_lines(&record));
                machine["ledger"] = view.key_json(&key.id, &record);
            }
            None => {
                lines.push("ledger      not registered on this chain".into());
                machine["ledger"] = json!({ "status": "unknown" });
            }
        }
    }
    context.output.result(&lines.join("\n"), &machine)
}

/// Deletes a key file.
pub fn remove(context: &Context, keystore: &Keystore, name: &str, yes: bool) -> Result<()> {
    // A damaged file may be removed too, but what is not there need not be confirmed.
    match keystore.key(name) {
        Err(error @ (KeystoreError::NotFound { .. } | KeystoreError::BadName { .. })) => return Err(error.into()),
        Ok(entry) => context.output.note(&format!("{name} is {}", entry.id)),
        Err(error) => context.output.note(&error.to_string()),
    }
    if !yes {
        context.output.confirm(
            "Delete its file? Without the mnemonic the key is lost for good, and with the last key of an account that \
             requires post-quantum keys the account.",
        )?;
    }
    let path = keystore.remove(Kind::Key, name)?;
    context
        .output
        .result(&format!("removed {}", path.display()), &json!({ "removed": path }))
}

/// What was made, for people.
fn made(entry: &KeyEntry) -> String {
    format!("{} {}\nkept in {}", entry.name, entry.id, entry.path.display())
}

/// An entry for programs.
fn entry_json(entry: &KeyEntry) -> Value {
    json!({
        "name": entry.name, "id": entry.id, "scheme": "ml-dsa-87", "index": entry.index, "file": entry.path,
    })
}
