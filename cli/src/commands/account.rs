//! `qc account`.

use super::view::{ask_ledger, View};
use super::{backup, Context};
use crate::cli::{Account as Command, Writing};
use crate::errors::Result;
use crate::keystore::{Entry, Keystore, KeystoreError, Kind, Origin, Sealing, Secret};
use crate::output::table;
use crate::parties::{dev_path, Party, DEV_NAMES};
use crate::secrets::Source;
use serde_json::{json, Value};
use std::path::PathBuf;

/// Makes, imports, lists, shows and removes accounts.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let keystore = context.keystore()?;
    match command {
        Command::New {
            name,
            words,
            no_backup_check,
            writing,
        } => new(context, &keystore, &name, &words, no_backup_check, &writing),
        Command::Import {
            name,
            mnemonic_file,
            mnemonic_stdin,
            path,
            dev,
            writing,
        } => {
            let secret = match &dev {
                Some(dev) => From::Dev(dev.clone()),
                None => From::Mnemonic(Source::new(mnemonic_file.as_ref(), mnemonic_stdin), path),
            };
            import(context, &keystore, &name, secret, &writing)
        }
        Command::List { dev } => list(context, &keystore, dev),
        Command::Show { account, offline } => show(context, &keystore, &account, offline).await,
        Command::ExportAddress { account, hex } => {
            let party = Party::resolve(&account, &keystore)?;
            let text = if hex {
                party.account.hex()
            } else {
                party.account.to_string()
            };
            context.output.result(
                &text,
                &json!({ "address": party.account.to_string(), "accountId": party.account.hex() }),
            )
        }
        Command::Remove { name, yes } => remove(context, &keystore, &name, yes),
    }
}

/// Where an imported account comes from.
enum From {
    /// A dev account.
    Dev(String),
    /// A mnemonic and a path.
    Mnemonic(Source, String),
}

/// Makes an account from new randomness.
fn new(
    context: &Context,
    keystore: &Keystore,
    name: &str,
    words: &str,
    unchecked: bool,
    writing: &Writing,
) -> Result<()> {
    keystore.check_free(Kind::Account, name, writing.force)?;
    backup::check_possible(context, unchecked)?;
    let count = backup::count(words)?;
    let password = password_source(writing).read_new_password(Kind::Account)?;
    let secret = Secret::generate(count)?;
    if !unchecked {
        backup::check(Kind::Account, &secret.words())?;
    }
    let sealing = Sealing::new(&password, writing.force);
    let entry = keystore.create(name, &secret, Origin::Mnemonic, sealing)?;
    context
        .output
        .warn("whoever has these words has the account; whoever loses them and the file has lost it");
    let words = secret.words();
    // Where the check was made the words have been shown, and once is enough.
    let human = if unchecked {
        format!("{}\n{}", words.join(" "), made(&entry))
    } else {
        made(&entry)
    };
    let mut machine = entry_json(&entry);
    if let Value::Object(fields) = &mut machine {
        fields.insert("mnemonic".into(), json!(words.join(" ")));
    }
    context.output.result(&human, &machine)
}

/// Makes an account from what its owner has.
fn import(context: &Context, keystore: &Keystore, name: &str, from: From, writing: &Writing) -> Result<()> {
    keystore.check_free(Kind::Account, name, writing.force)?;
    let (secret, origin) = match from {
        From::Dev(dev) => (Secret::dev(&dev_path(&dev)?)?, Origin::Dev),
        From::Mnemonic(source, path) => {
            // A path that cannot be is better said before the words are typed.
            Secret::dev(&path)?;
            let words = source.read("Mnemonic (12 or 24 words, not shown): ")?;
            (Secret::from_mnemonic(&words, &path)?, Origin::Mnemonic)
        }
    };
    let password = password_source(writing).read_new_password(Kind::Account)?;
    let entry = keystore.create(name, &secret, origin, Sealing::new(&password, writing.force))?;
    if origin == Origin::Dev {
        context
            .output
            .warn("this is a dev account: everybody has its key, use it on development chains only");
    }
    context.output.result(&made(&entry), &entry_json(&entry))
}

/// Where a new file's password comes from.
pub(super) fn password_source(writing: &Writing) -> Source {
    Source::new(writing.password.password_file.as_ref(), writing.password.password_stdin)
}

/// Lists accounts; those that cannot be read with the reason.
fn list(context: &Context, keystore: &Keystore, dev: bool) -> Result<()> {
    let mut rows = Vec::new();
    let mut machine = Vec::new();
    for (name, entry) in keystore.list()? {
        match entry {
            Ok(entry) => {
                rows.push(vec![name, entry.account.to_string(), origin_text(entry.origin).into()]);
                machine.push(entry_json(&entry));
            }
            Err(error) => {
                rows.push(vec![name.clone(), String::new(), format!("cannot be read: {error}")]);
                machine.push(json!({ "name": name, "error": { "code": error.code(), "message": error.to_string() } }));
            }
        }
    }
    for name in DEV_NAMES.iter().filter(|_| dev) {
        let party = Party::dev(name)?;
        rows.push(vec![
            (*name).into(),
            party.account.to_string(),
            origin_text(Origin::Dev).into(),
        ]);
        machine.push(json!({
            "name": name, "address": party.account.to_string(), "accountId": party.account.hex(), "origin": Origin::Dev,
            "keyIsPublic": true, "file": null,
        }));
    }
    if rows.is_empty() {
        context.output.note(&format!(
            "no accounts in {}; make one: qc account new NAME",
            keystore.dir().display()
        ));
    }
    context.output.result(
        &table(&rows),
        &json!({ "keystore": keystore.dir(), "accounts": machine }),
    )
}

/// Shows one account.
async fn show(context: &Context, keystore: &Keystore, word: &str, offline: bool) -> Result<()> {
    let party = Party::resolve(word, keystore)?;
    let entry = keystore.entry(word).ok();
    let file: Option<PathBuf> = entry.as_ref().map(|entry| entry.path.clone());
    let kept = match (&file, party.is_public()) {
        (Some(file), true) => format!("{} (encrypted, yet everybody has this dev key)", file.display()),
        (Some(file), false) => format!("{} (encrypted)", file.display()),
        (None, true) => "nowhere: it is a dev key, which everybody has".into(),
        (None, false) => "not here: only the address is known".into(),
    };
    let name = party.label.clone().unwrap_or_else(|| "-".into());
    let mut human = format!(
        "name        {name}\naddress     {}\naccount id  {}\nscheme      sr25519\nkey         {kept}",
        party.account,
        party.account.hex()
    );
    let mut machine = json!({
        "name": party.label, "address": party.account.to_string(), "accountId": party.account.hex(),
        "keyIsPublic": party.is_public(), "file": file, "ledger": null,
    });
    let asked = async {
        let view = View::now(context.chain().await?, keystore).await?;
        let owner = view.chain.owner(party.account, view.best).await?;
        Ok((view.owner_lines(&owner), view.owner_json(&owner)))
    };
    if let Some((lines, owner)) = ask_ledger(context, offline, asked).await? {
        human = format!("{human}\n{}", lines.join("\n"));
        machine["ledger"] = owner;
    }
    context.output.result(&human, &machine)
}

/// Deletes an account file.
fn remove(context: &Context, keystore: &Keystore, name: &str, yes: bool) -> Result<()> {
    // A damaged file may be removed too, but what is not there need not be confirmed.
    match keystore.entry(name) {
        Err(error @ (KeystoreError::NotFound { .. } | KeystoreError::BadName { .. })) => return Err(error.into()),
        Ok(entry) => context.output.note(&format!("{name} is {}", entry.account)),
        Err(error) => context.output.note(&error.to_string()),
    }
    if !yes {
        context
            .output
            .confirm("Delete its file? Without the mnemonic the account is lost for good.")?;
    }
    let path = keystore.remove(Kind::Account, name)?;
    context
        .output
        .result(&format!("removed {}", path.display()), &json!({ "removed": path }))
}

/// Where a key came from, for people.
fn origin_text(origin: Origin) -> &'static str {
    match origin {
        Origin::Mnemonic => "encrypted file",
        Origin::Dev => "PUBLIC dev key",
    }
}

/// What was made, for people.
fn made(entry: &Entry) -> String {
    format!("{} {}\nkept in {}", entry.name, entry.account, entry.path.display())
}

/// An entry for programs.
fn entry_json(entry: &Entry) -> Value {
    json!({
        "name": entry.name, "address": entry.account.to_string(), "accountId": entry.account.hex(),
        "origin": entry.origin, "keyIsPublic": entry.origin == Origin::Dev, "file": entry.path,
    })
}
