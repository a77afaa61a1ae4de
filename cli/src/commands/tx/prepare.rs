//! `qc tx prepare`: online, without a key.

use super::file::{describe, Prepared};
use crate::cli::{Action, Prepare};
use crate::client::Chain;
use crate::commands::key::{check_proof, read_proof};
use crate::commands::send::{fee_text, Wished};
use crate::commands::transfer::read_goods;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::{Call, EXTENSIONS};
use crate::keystore::Keystore;
use crate::ledger::{self, Proof, Proven};
use crate::signer::{usable, KeyWord};
use qc_types::Capabilities;

/// What is to be done, with everything of it read that needs no node.
enum Ready {
    /// A call that `qc` makes.
    Call(Box<Call>),
    /// A call that a proof is for, once the proof is looked at.
    Proof(Box<Proof>),
    /// Any call, encoded.
    Encoded(Vec<u8>),
}

/// Prints a file that says all that is to be signed.
pub async fn run(context: &Context, command: Prepare) -> Result<()> {
    let keystore = context.keystore()?;
    let (action, offline) = command.parts();
    let key = KeyWord::resolve(&offline.by_key, &keystore)?;
    let wished = Wished::of(&offline.tip, offline.lifetime, offline.nonce)?;
    let ready = ready(action, &keystore)?;
    let chain = context.chain().await?;
    chain.check_version_1(&EXTENSIONS).await?;
    let best = chain.node.best_head().await?;
    let record = usable(&chain, &key.id, Capabilities::NONE, best).await?;
    let with_metadata = offline.with_metadata || matches!(ready, Ready::Encoded(_));
    let call = match ready {
        Ready::Call(call) => chain.call_bytes(&call)?,
        Ready::Encoded(bytes) => bytes,
        Ready::Proof(proof) => {
            let owner = chain.owner(record.owner, best).await?;
            let rotation = matches!(proof.proven, Proven::Rotation { .. });
            check_proof(&chain, &proof, record.owner, &owner, rotation, best).await?;
            chain.call_bytes(&proof.call())?
        }
    };
    let described = describe(&call, Some(chain.offline.metadata_ref()))?;
    // Once more, now that it is known what for.
    usable(&chain, &key.id, described.needs.unwrap_or(Capabilities::NONE), best).await?;
    let terms = wished.terms(&chain, record.owner).await?;
    let fee = chain.fee_by_key(&call, terms, best).await?;
    let metadata = with_metadata.then(|| chain.metadata.as_slice());
    let unsigned = chain.unsigned(&call, terms);
    let prepared = Prepared::new(key.id, record.owner.to_string(), &unsigned, &described, fee, metadata);
    context.output.note(&told(&chain, &prepared, &fee_text(fee, terms.tip)));
    print(context, &prepared)
}

/// Reads what is to be done.
fn ready(action: Action, keystore: &Keystore) -> Result<Ready> {
    let call = |call| Ok(Ready::Call(Box::new(call)));
    match action {
        Action::Transfer(goods) => call(read_goods(&goods, keystore)?.call()),
        Action::Proof(file) => Ok(Ready::Proof(Box::new(read_proof(&file)?))),
        Action::Capabilities(key, can) => call(ledger::set_capabilities(&KeyWord::resolve(&key, keystore)?.id, can)),
        Action::Revoke(key) => call(ledger::revoke(&KeyWord::resolve(&key, keystore)?.id)),
        Action::Require => call(ledger::require_pqc()),
        Action::Leave => call(ledger::leave_pqc()),
        Action::Keep => call(ledger::keep_pqc()),
        Action::Call(text) => {
            let digits = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
            digits.map(Ready::Encoded).ok_or_else(|| {
                Error::usage(
                    "bad_call",
                    "the call is not hexadecimal",
                    "give 0x and the hexadecimal digits of an encoded call",
                )
            })
        }
    }
}

/// What was prepared, for people.
fn told(chain: &Chain, prepared: &Prepared, fee: &str) -> String {
    let last = match prepared.mortality {
        Some(era) => format!("it expires after block {}", era.last_block()),
        None => "it does not expire".into(),
    };
    format!(
        "for {} by key {}\n{}\nfee       {fee}\n{last}; sign it with qc tx sign, send it with qc tx submit (node {})",
        prepared.owner,
        prepared.key,
        prepared.does.join("\n"),
        chain.node.url()
    )
}

/// Prints a file: indented for people, one line for programs.
pub fn print(context: &Context, file: &impl serde::Serialize) -> Result<()> {
    let internal = |error: serde_json::Error| Error::Internal(error.to_string());
    let machine = serde_json::to_value(file).map_err(internal)?;
    let human = serde_json::to_string_pretty(file).map_err(internal)?;
    context.output.result(&human, &machine)
}
