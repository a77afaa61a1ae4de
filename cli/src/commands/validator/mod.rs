//! `qc validator`.

mod change;
mod keys;
mod sheet;
mod status;

use super::Context;
use crate::amount;
use crate::cli::Validator as Command;
use crate::errors::Result;
use crate::extrinsic::Staking;

/// Shows validators, and does what they ask of the chain.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let keystore = context.keystore()?;
    let (staking, acting) = match command {
        Command::Status(command) => return status::run(context, &keystore, command).await,
        Command::Keys(command) => return keys::run(context, &keystore, *command).await,
        // Who comes back after leaving need not stake anything more.
        Command::Enrol(command) => (Staking::Enrol(amount::parse(&command.amount)?), command.acting),
        Command::BondExtra(command) => (Staking::BondExtra(positive(&command.amount)?), command.acting),
        Command::Unbond(command) => (Staking::Unbond(positive(&command.amount)?), command.acting),
        Command::Boost(command) => (Staking::Boost(positive(&command.amount)?), command.acting),
        Command::Withdraw(acting) => (Staking::Withdraw, *acting),
        Command::Leave(acting) => (Staking::Leave, *acting),
    };
    change::run(context, &keystore, staking, &acting).await
}

fn positive(text: &str) -> Result<u128> {
    Ok(amount::parse_positive(text)?)
}
