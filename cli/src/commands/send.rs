//! From a call to a settled transaction: nonce and expiry, signing, sending, following, and what is said about it.

use super::Context;
use crate::amount;
use crate::cli::{Sending, Terms as Asked};
use crate::client::{Chain, NodeError};
use crate::errors::{Error, Result};
use crate::extrinsic::{Call, Mortality, Signed, Terms};
use crate::keystore::Keystore;
use crate::output::{amount_json, amount_text};
use crate::progress::{Follower, Included, Settled};
use crate::secrets::{Passwords, Source};
use crate::signer::Signer;
use crate::ss58::Account;
use qc_types::{Balance, TokenId};
use serde_json::{json, Value};
use std::time::Duration;

/// What of the command line is signed along with a call, read before anything is connected to.
#[derive(Clone, Copy, Debug)]
pub struct Wished {
    tip: Balance,
    lifetime: u64,
    nonce: Option<u64>,
}

impl Wished {
    /// Reads it.
    pub fn read(asked: &Asked) -> Result<Self> {
        Self::of(&asked.tip, asked.lifetime, asked.nonce)
    }

    /// From its parts.
    pub fn of(tip: &str, lifetime: u64, nonce: Option<u64>) -> Result<Self> {
        Ok(Self {
            tip: amount::parse(tip)?,
            lifetime,
            nonce,
        })
    }

    /// Nonce and expiry as of now.
    pub async fn terms(&self, chain: &Chain, account: Account) -> Result<Terms> {
        let nonce = match self.nonce {
            Some(nonce) => nonce,
            None => chain.next_nonce(account).await?,
        };
        Ok(Terms {
            nonce,
            tip: self.tip,
            mortality: mortality(chain, self.lifetime).await?,
        })
    }
}

/// From when and how long a transaction is valid. It counts from the last finalised block, which stays, unless finality is
/// so far behind that the transaction would be old before it is sent.
async fn mortality(chain: &Chain, lifetime: u64) -> Result<Option<Mortality>, NodeError> {
    if lifetime == 0 {
        return Ok(None);
    }
    let (finalised, best) = futures::try_join!(chain.node.finalised_head(), chain.node.best_head())?;
    let (finalised_number, best_number) = futures::try_join!(chain.node.header(finalised), chain.node.header(best))?;
    let (finalised_number, best_number) = (finalised_number.number, best_number.number);
    let behind = best_number.saturating_sub(finalised_number) > lifetime / 4;
    let (from_number, from_hash) = if behind {
        (best_number, best)
    } else {
        (finalised_number, finalised)
    };
    Ok(Some(Mortality {
        blocks: lifetime,
        from_number,
        from_hash,
    }))
}

/// Where the password of the files that sign comes from.
pub fn passwords(sending: &Sending) -> Passwords {
    let password = &sending.password;
    Passwords::new(Source::new(password.password_file.as_ref(), password.password_stdin))
}

/// Asks whether to sign, unless that was answered on the command line.
pub fn confirm(context: &Context, sending: &Sending, warned: bool) -> Result<()> {
    if sending.yes || sending.dry_run {
        return Ok(());
    }
    context.output.confirm(if warned {
        "Sign and send nevertheless?"
    } else {
        "Sign and send?"
    })
}

/// Fee and tip for people.
pub fn fee_text(fee: Balance, tip: Balance) -> String {
    let fee = amount_text(fee, TokenId::Flx);
    match tip {
        0 => format!("about {fee}"),
        tip => format!("about {fee} and a tip of {}", amount_text(tip, TokenId::Flx)),
    }
}

/// What has been decided, and only has to be signed and sent.
pub struct Decided<'a> {
    /// How to speak.
    pub context: &'a Context,
    /// Where to.
    pub chain: &'a Chain,
    /// Who signs.
    pub signer: &'a Signer,
    /// What.
    pub call: &'a Call,
    /// Nonce, tip and expiry; the expiry is counted anew from the moment of signing.
    pub terms: Terms,
    /// The fee that was estimated.
    pub fee: Balance,
    /// Of what token a failure will have to be explained.
    pub token: TokenId,
    /// What it comes to, in words, if it succeeds: "1.5 FLX sent".
    pub deed: String,
    /// What programs are told of it.
    pub machine: Value,
}

impl Decided<'_> {
    /// Signs and sends.
    pub async fn carry_out(mut self, keystore: &Keystore, passwords: &Passwords, sending: &Sending) -> Result<()> {
        let unlocked = self.signer.unlock(keystore, passwords)?;
        // Somebody may have thought for long.
        let lifetime = self.terms.mortality.map_or(0, |mortality| mortality.blocks);
        self.terms.mortality = mortality(self.chain, lifetime).await?;
        let signed = unlocked.sign(self.chain, self.call, self.terms)?;
        // No secret is needed while waiting for finality.
        drop(unlocked);
        self.tell_terms(&signed);
        if sending.dry_run {
            let bytes = format!("0x{}", hex::encode(&signed.bytes));
            self.machine["status"] = json!("not-sent");
            self.machine["signed"] = json!(bytes);
            return self.context.output.result(&bytes, &self.machine);
        }
        let follower = Follower {
            chain: self.chain,
            signed: &signed,
            by_key: self.signer.key().is_some(),
            token: self.token,
            mortality: self.terms.mortality,
            wait: sending.wait,
            patience: Duration::from_secs(sending.patience),
        };
        let settled = follower.send(&self.context.output).await?;
        report(self.context, &self.deed, self.machine, &signed, settled)
    }

    /// What programs are told of every transaction.
    fn tell_terms(&mut self, signed: &Signed) {
        let own = json!({
            "transaction": format!("{:?}", signed.hash),
            "status": Value::Null,
            "signer": self.signer.account().to_string(),
            "byKey": self.signer.key(),
            "nonce": self.terms.nonce,
            "tip": amount_json(self.terms.tip),
            "feeEstimate": amount_json(self.fee),
        });
        if let (Value::Object(all), Value::Object(own)) = (&mut self.machine, own) {
            all.extend(own);
        }
    }
}

/// Follows a transaction that was signed elsewhere.
pub async fn follow(
    context: &Context,
    follower: Follower<'_>,
    deed: &str,
    mut machine: Value,
    signed: &Signed,
) -> Result<()> {
    machine["transaction"] = json!(format!("{:?}", signed.hash));
    let settled = follower.send(&context.output).await?;
    report(context, deed, machine, signed, settled)
}

/// Tells the end of it.
fn report(context: &Context, deed: &str, mut machine: Value, signed: &Signed, settled: Settled) -> Result<()> {
    let (status, included): (&str, Option<Included>) = match settled {
        Settled::Sent => ("sent", None),
        Settled::InBlock(included) => ("in-block", Some(included)),
        Settled::Finalised(included) => ("finalised", Some(included)),
    };
    machine["status"] = json!(status);
    let hash = format!("{:?}", signed.hash);
    let Some(included) = included else {
        return context
            .output
            .result(&format!("sent {hash}; follow it with: qc tx {hash}"), &machine);
    };
    if let Some(failure) = included.failure {
        return Err(Error::Refused(Box::new(failure)));
    }
    machine["block"] =
        json!({ "number": included.number, "hash": format!("{:?}", included.block), "index": included.index });
    machine["fee"] = included.fee.map_or(Value::Null, amount_json);
    let fee = included
        .fee
        .map_or_else(|| "unknown".into(), |fee| amount_text(fee, TokenId::Flx));
    let settled = if status == "finalised" {
        "finalised"
    } else {
        "in a block that is not final yet"
    };
    let human = format!("{deed}, {settled} (block {}), fee {fee}\n{hash}", included.number);
    context.output.result(&human, &machine)
}
