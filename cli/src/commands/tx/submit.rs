//! `qc tx submit`: online, without a key.

use super::file::SignedFile;
use crate::cli::Submit;
use crate::client::Chain;
use crate::commands::key::read_json_file;
use crate::commands::send::follow;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::{Parts, Unsigned, EXTENSIONS};
use crate::progress::Follower;
use crate::signer::usable;
use qc_types::{Capabilities, TokenId};
use serde_json::json;
use std::time::Duration;
use subxt::config::substrate::H256;

/// Checks a signed file against the chain, sends it, and follows it.
pub async fn run(context: &Context, command: Submit) -> Result<()> {
    let (file, signed, parts) = SignedFile::read(&read_json_file(&command.file)?)?;
    let chain = context.chain().await?;
    chain.check_version_1(&EXTENSIONS).await?;
    let prepared = &file.prepared;
    check_target(&chain, &prepared.unsigned()?)?;
    let (unsigned, described) = prepared.shown(Some(chain.offline.metadata_ref()))?;
    let best = chain.node.best_head().await?;
    let needs = described.needs.unwrap_or(Capabilities::NONE);
    let record = usable(&chain, &parts.key, needs, best).await?;
    check_signature(&chain, &unsigned, &parts, best).await?;
    if record.owner.to_string() != prepared.owner {
        return Err(Error::usage(
            "key_of_another_account",
            format!("the file says {}, and the key is {}'s", prepared.owner, record.owner),
            "somebody changed the file: prepare and sign it again",
        ));
    }
    context.output.note(&format!(
        "account   {}\nby key    {}\n{}",
        record.owner,
        parts.key,
        prepared.does.join("\n")
    ));
    if !command.yes {
        context.output.confirm("Send?")?;
    }
    let follower = Follower {
        chain: &chain,
        signed: &signed,
        by_key: true,
        token: TokenId::Flx,
        mortality: prepared.mortality,
        wait: command.wait,
        patience: Duration::from_secs(command.patience),
    };
    let machine = json!({
        "signer": record.owner.to_string(), "byKey": parts.key, "nonce": unsigned.terms.nonce, "does": prepared.does,
    });
    let deed = prepared
        .does
        .first()
        .map_or("", |line| line.trim_start_matches("call").trim());
    follow(context, follower, &format!("{deed} done"), machine, &signed).await
}

/// A signature is good for one chain and one version of its runtime.
fn check_target(chain: &Chain, unsigned: &Unsigned) -> Result<()> {
    let (signed, here) = (unsigned.target, chain.target());
    if signed.genesis != here.genesis {
        return Err(Error::usage(
            "another_chain",
            format!(
                "it was signed for the chain {:?}, and this one is {:?}",
                signed.genesis, here.genesis
            ),
            "name a node of that chain with --url",
        ));
    }
    if signed != here {
        return Err(Error::usage(
            "runtime_upgraded",
            format!(
                "it was signed for runtime version {} (transactions {}), and the chain has {} ({})",
                signed.spec_version, signed.transaction_version, here.spec_version, here.transaction_version
            ),
            "prepare and sign it again",
        ));
    }
    Ok(())
}

/// Found out here, a wrong signature costs nobody anything.
async fn check_signature(chain: &Chain, unsigned: &Unsigned, parts: &Parts, best: H256) -> Result<()> {
    let public = chain.public_key(&parts.key, best).await?;
    let signed = public.is_some_and(|public| unsigned.is_signed_by(&public, &parts.signature));
    if signed {
        return Ok(());
    }
    Err(Error::usage(
        "signature_wrong",
        "the signature is not the key's over what the file says",
        "somebody changed the file: prepare and sign it again",
    ))
}
