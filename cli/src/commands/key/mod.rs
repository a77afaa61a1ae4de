//! `qc key`.

mod change;
mod entries;
mod files;
mod protect;
mod prove;

pub use change::{check_proof, read_proof};
pub use prove::read_json_file;

use super::Context;
use crate::cli::Key as Command;
use crate::errors::Result;
use crate::ledger;

/// Makes, shows, registers, rotates and revokes post-quantum keys, and requires them.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let keystore = context.keystore()?;
    match command {
        Command::New {
            name,
            words,
            no_backup_check,
            writing,
        } => files::new(context, &keystore, &name, &words, no_backup_check, &writing),
        Command::Import {
            name,
            index,
            mnemonic_file,
            mnemonic_stdin,
            writing,
        } => {
            let source = crate::secrets::Source::new(mnemonic_file.as_ref(), mnemonic_stdin);
            files::import(context, &keystore, &name, index, &source, &writing)
        }
        Command::List => files::list(context, &keystore),
        Command::Show { key, offline } => files::show(context, &keystore, &key, offline).await,
        Command::Remove { name, yes } => files::remove(context, &keystore, &name, yes),
        Command::Prove(command) => prove::run(context, &keystore, command).await,
        Command::Register(command) => change::register(context, &keystore, *command).await,
        Command::Rotate(command) => change::rotate(context, &keystore, *command).await,
        Command::Capabilities(command) => change::capabilities(context, &keystore, *command).await,
        Command::Revoke(command) => change::revoke(context, &keystore, *command).await,
        Command::Entries(command) => entries::export(context, &keystore, command).await,
        Command::Replay(command) => entries::replay_file(context, command),
        Command::Require(command) => protect::require(context, &keystore, *command).await,
        Command::Leave(command) => {
            let deed = "asked to leave protection; it ends in seven days of the chain's clock";
            protect::change(context, &keystore, *command, ledger::leave_pqc(), deed).await
        }
        Command::Keep(command) => {
            let deed = "stays protected";
            protect::change(context, &keystore, *command, ledger::keep_pqc(), deed).await
        }
    }
}
