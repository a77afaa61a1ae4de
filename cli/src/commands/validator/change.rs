//! What validators ask of the chain: staking, leaving, boosts.

use super::sheet::Sheet;
use crate::cli::Acting;
use crate::commands::send::{confirm, fee_text, passwords, Decided, Wished};
use crate::commands::Context;
use crate::errors::Result;
use crate::extrinsic::Staking;
use crate::field::CandidateStatus;
use crate::keystore::Keystore;
use crate::output::{amount_json, amount_text};
use crate::parties::Party;
use crate::records::Holding;
use crate::signer::Wanted;
use qc_types::TokenId;
use serde_json::{json, Value};

/// The most parts of a stake that unbond at a time.
const UNBONDINGS_MAX: usize = 8;

/// Looks how the account stands, tells what it comes to, asks, signs, sends.
pub async fn run(context: &Context, keystore: &Keystore, staking: Staking, acting: &Acting) -> Result<()> {
    let wanted = Wanted::read(acting.account.as_deref(), acting.by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let wished = Wished::read(&acting.terms)?;
    let chain = context.chain().await?;
    let best = chain.node.best_head().await?;
    let signer = wanted.meet(&chain, staking.needs(), best).await?;
    let account = signer.account();
    let party = Party::resolve(&account.to_string(), keystore)?;
    let (sheet, holding) = futures::try_join!(
        Sheet::ask(&chain, &party, best),
        chain.holding(account, staking.token(), best)
    )?;
    let terms = wished.terms(&chain, account).await?;
    let call = staking.call();
    // Whatever the metadata make of it must be what is meant.
    chain.call_bytes(&call)?;
    let fee = signer.fee(&chain, &call, terms, best).await?;
    let mut lines = vec![format!("account {}", signer.describe())];
    lines.extend(told(&staking, &sheet));
    lines.push(format!("fee     {}", fee_text(fee, terms.tip)));
    context.output.note(&lines.join("\n"));
    let warnings = warnings(&staking, &sheet, &holding);
    for warning in &warnings {
        context.output.warn(warning);
    }
    confirm(context, &acting.sending, !warnings.is_empty())?;
    let decided = Decided {
        context,
        chain: &chain,
        signer: &signer,
        call: &call,
        terms,
        fee,
        token: staking.token(),
        deed: deed(&staking, &sheet),
        machine: machine(&staking, &sheet),
    };
    decided
        .carry_out(keystore, &passwords(&acting.sending), &acting.sending)
        .await?;
    if let Some(remains) = remains(&staking, &sheet) {
        context.output.note(&remains);
    }
    Ok(())
}

/// What is still to be done afterwards.
fn remains(staking: &Staking, sheet: &Sheet) -> Option<String> {
    matches!(staking, Staking::Leave).then(|| {
        format!(
            "keep the node running until qc validator status says that the account is in no set;\n\
             {} epochs later qc validator withdraw gives the stake back",
            sheet.symbols.unbonding_epochs
        )
    })
}

fn atr(plancks: u128) -> String {
    amount_text(plancks, TokenId::Atr)
}

/// What it comes to, a line each.
fn told(staking: &Staking, sheet: &Sheet) -> Vec<String> {
    let stake = sheet.view.as_ref().map_or(0, |view| view.stake);
    let unbonding = sheet.symbols.unbonding_epochs;
    match staking {
        // A sum that no account can hold is refused by the chain.
        Staking::Enrol(more) | Staking::BondExtra(more) => vec![
            format!("stakes  {}", atr(*more)),
            format!("in all  {}", atr(stake.saturating_add(*more))),
        ],
        Staking::Unbond(less) => vec![
            format!("unbonds {}, to be had back after {unbonding} epochs", atr(*less)),
            format!("leaves  {}", atr(stake.saturating_sub(*less))),
        ],
        Staking::Withdraw => vec![format!("back    {}", atr(sheet.withdrawable()))],
        Staking::Leave => vec![format!(
            "unbonds {} once it has left the set, to be had back {unbonding} epochs later",
            atr(stake)
        )],
        Staking::Boost(burnt) => vec![
            format!("burns   {}, for ever", amount_text(*burnt, TokenId::Psy)),
            format!(
                "for     {} epochs of more rewards; {} make a full boost",
                sheet.symbols.boost_epochs,
                amount_text(sheet.symbols.boost_psy, TokenId::Psy)
            ),
        ],
        Staking::SetKeys { .. } => staking.lines(),
    }
}

/// What speaks against it.
fn warnings(staking: &Staking, sheet: &Sheet, holding: &Holding) -> Vec<String> {
    const REFUSED: &str = "the chain will refuse this, and keep the fee";
    let mut warnings = Vec::new();
    let mut refused = |what: String| warnings.push(format!("{what}: {REFUSED}"));
    let least = sheet.symbols.stake_min;
    let (stake, status) = match &sheet.view {
        Some(view) => (view.stake, Some(view.status)),
        None => (0, None),
    };
    match staking {
        Staking::Enrol(_) | Staking::BondExtra(_) | Staking::Boost(_) => {
            let wanted = match staking {
                Staking::Enrol(wanted) | Staking::BondExtra(wanted) | Staking::Boost(wanted) => *wanted,
                _ => 0,
            };
            // PSY may be burnt though it may not be moved; ATR that can be staked is what can be moved.
            let there = match holding.token {
                TokenId::Psy => holding.free,
                _ => holding.transferable,
            };
            if wanted > there {
                refused(format!(
                    "the account has {} for that",
                    amount_text(there, holding.token)
                ));
            }
        }
        _ => {}
    }
    match (staking, status) {
        (Staking::Enrol(_), _) if sheet.blacklisting.is_some() => refused("the account is blacklisted".into()),
        (Staking::Enrol(_), Some(CandidateStatus::Seeking)) => refused("the account is a candidate already".into()),
        (Staking::Enrol(_), Some(CandidateStatus::Barred)) => refused("the account is on its way out".into()),
        (Staking::Enrol(_), Some(CandidateStatus::Removed)) if sheet.in_set || sheet.in_next_set => {
            refused("the account is on its way out".into());
        }
        (Staking::BondExtra(_) | Staking::Unbond(_) | Staking::Leave, None) => {
            refused("the account is no candidate".into());
        }
        (Staking::BondExtra(_) | Staking::Unbond(_) | Staking::Leave, Some(status))
            if status != CandidateStatus::Seeking =>
        {
            refused("the account is leaving already".into());
        }
        (Staking::Unbond(less), _) if *less > stake => refused(format!("only {} is staked", atr(stake))),
        (Staking::Unbond(less), _) if stake.saturating_sub(*less) < least => refused(format!(
            "less than {} would be left, the least there may be; to take all back, leave",
            atr(least)
        )),
        (Staking::Unbond(_), _) if sheet.unbondings.len() >= UNBONDINGS_MAX => {
            refused(format!("{UNBONDINGS_MAX} parts of the stake are unbonding"));
        }
        (Staking::Withdraw, _) if sheet.withdrawable() == 0 => refused("nothing has unbonded yet".into()),
        (Staking::Boost(burnt), _) if *burnt > sheet.symbols.boost_psy => refused(format!(
            "a full boost takes {}",
            amount_text(sheet.symbols.boost_psy, TokenId::Psy)
        )),
        _ => {}
    }
    if let Staking::Enrol(more) = staking {
        if sheet.session_keys.is_none() {
            refused("the account has no session keys (qc validator keys)".into());
        }
        if stake.saturating_add(*more) < least {
            refused(format!("the least stake is {}", atr(least)));
        }
        if sheet.seal_keys.is_empty() {
            warnings.push(
                "no key of the account may SEAL: its node could not report, and Ψ would fall for it (qc key register --can \
                 SEAL)"
                    .into(),
            );
        }
    }
    warnings
}

/// What it came to, in words.
fn deed(staking: &Staking, sheet: &Sheet) -> String {
    match staking {
        Staking::Enrol(stake) => format!("enrolled with {} more at stake", atr(*stake)),
        Staking::BondExtra(more) => format!("{} more at stake", atr(*more)),
        Staking::Unbond(less) => format!("{} began to unbond", atr(*less)),
        Staking::Withdraw => format!("{} back", atr(sheet.withdrawable())),
        Staking::Leave => "asked to leave".into(),
        Staking::Boost(burnt) => format!("{} burnt for a boost", amount_text(*burnt, TokenId::Psy)),
        Staking::SetKeys { .. } => "session keys registered".into(),
    }
}

/// What programs are told.
fn machine(staking: &Staking, sheet: &Sheet) -> Value {
    let (pallet, call) = staking.names();
    let amount = match staking {
        Staking::Enrol(amount) | Staking::BondExtra(amount) | Staking::Unbond(amount) | Staking::Boost(amount) => {
            Some(amount_json(*amount))
        }
        Staking::Withdraw => Some(amount_json(sheet.withdrawable())),
        Staking::Leave | Staking::SetKeys { .. } => None,
    };
    json!({ "call": format!("{pallet}.{call}"), "token": staking.token(), "amount": amount })
}

#[cfg(test)]
mod tests;
