//! `qc genesis founder` and `qc genesis validator`: cards for the coordinator.

use super::{files, hex_text, value, wrong};
use crate::cli::{GenesisFounder, GenesisValidator, Out, Password};
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::keystore::Kind;
use crate::parties::Party;
use crate::secrets::{Passwords, Source};
use qc_genesis::cards::{FounderCard, SessionKeyFile, ValidatorCard, CARD_BYTES_MAX};
use qc_genesis::json::Json;
use qc_pqc::{KeyId, SecretKey};
use qc_types::is_name;
use serde_json::json;
use std::path::Path;

/// Makes a founder's card.
pub fn founder(context: &Context, command: GenesisFounder) -> Result<()> {
    let path = files::target(&command.out, || format!("{}.founder.json", command.key))?;
    let name = name(command.name, &command.key)?;
    let secret = unlock(context, &command.key, &command.password)?;
    let card = FounderCard {
        name,
        public_key: secret.public().clone(),
    };
    let told = format!("founder {}, key {}", card.name, KeyId::of(&card.public_key));
    write(context, &path, &command.out, &card.to_json(), &told)
}

/// Makes a validator's card.
pub fn validator(context: &Context, command: GenesisValidator) -> Result<()> {
    let path = files::target(&command.out, || format!("{}.validator.json", command.key))?;
    let name = name(command.name, &command.key)?;
    let account = Party::resolve(&command.account, &context.keystore()?)?.account;
    let bytes = files::read(&command.session_keys, CARD_BYTES_MAX)?;
    let session = SessionKeyFile::parse(&bytes).map_err(|fault| wrong(Some(&command.session_keys), fault))?;
    if session.owner.0 != account.0 {
        return Err(Error::usage(
            "session_keys_of_another_account",
            format!(
                "the session keys of {} were made for {}, and --account is {account}",
                command.session_keys.display(),
                session.owner
            ),
            "make them again with qc-node session-keys --owner and this account",
        ));
    }
    let secret = unlock(context, &command.key, &command.password)?;
    let card = ValidatorCard {
        name,
        session,
        seal_key: secret.public().clone(),
    };
    let told = format!(
        "validator {}\naccount  {}\nSEAL key {}\nAura     {}\nGRANDPA  {}",
        card.name,
        card.session.owner,
        KeyId::of(&card.seal_key),
        hex_text(&card.session.aura),
        hex_text(&card.session.grandpa)
    );
    write(context, &path, &command.out, &card.to_json(), &told)
}

fn name(name: Option<String>, key: &str) -> Result<String> {
    let name = name.unwrap_or_else(|| key.to_owned());
    if is_name(&name) {
        return Ok(name);
    }
    Err(Error::usage(
        "genesis_bad_name",
        format!("{name:?} cannot be a name"),
        "use 1 to 64 bytes without characters that cannot be seen, or spaces at an end or in a row",
    ))
}

/// The secret key of that name, with whose public key the card is made.
pub fn unlock(context: &Context, key: &str, password: &Password) -> Result<SecretKey> {
    let keystore = context.keystore()?;
    let entry = keystore.key(key)?;
    let passwords = Passwords::new(Source::new(password.password_file.as_ref(), password.password_stdin));
    Ok(keystore.unlock_key(&entry.name, &passwords.of(Kind::Key, &entry.name)?)?)
}

fn write(context: &Context, path: &Path, out: &Out, card: &Json, told: &str) -> Result<()> {
    files::write(path, &card.to_pretty(), out.force)?;
    let human = format!("{told}\ncard     {}: give it to the coordinator", path.display());
    context
        .output
        .result(&human, &json!({ "file": path, "card": value(card)? }))
}
