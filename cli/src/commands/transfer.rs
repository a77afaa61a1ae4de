//! `qc transfer` and `qc fee`.

use super::Context;
use crate::amount;
use crate::cli::{Fee, Transfer as Command, What};
use crate::client::{Chain, NodeError};
use crate::errors::{Error, Result};
use crate::extrinsic::{Mortality, Portion, Signed, Terms, Transfer};
use crate::keystore::Keystore;
use crate::output::{amount_json, amount_text};
use crate::parties::Party;
use crate::progress::{Follower, Included, Settled};
use crate::records::Holding;
use crate::refusal::immobility;
use crate::secrets::Source;
use qc_types::{Balance, TokenId};
use serde_json::{json, Value};
use std::time::Duration;

/// A transfer with all that is known of it before it is signed.
struct Plan {
    from: Party,
    to: Party,
    transfer: Transfer,
    terms: Terms,
    fee: Balance,
    holding: Holding,
    flx: Holding,
    receiver: Holding,
    deposit: Balance,
}

/// Moves tokens.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let keystore = context.keystore()?;
    let draft = Draft::read(&command.from, &command.what, &keystore)?;
    draft.from.check_can_sign()?;
    let password = Source::new(command.password.password_file.as_ref(), command.password.password_stdin);
    let chain = context.chain().await?;
    let plan = plan(&chain, draft, &command.what).await?;
    context.output.note(&plan.describe());
    let warnings = plan.warnings();
    for warning in &warnings {
        context.output.warn(warning);
    }
    if !command.yes && !command.dry_run {
        context.output.confirm(if warnings.is_empty() {
            "Sign and send?"
        } else {
            "Sign and send nevertheless?"
        })?;
    }
    let keypair = plan.from.unlock(&keystore, &password)?;
    // Somebody may have thought for long: the expiry counts from now.
    let terms = Terms {
        mortality: mortality(&chain, command.what.lifetime).await?,
        ..plan.terms
    };
    let signed = chain.sign(&plan.transfer.call(), &keypair, terms)?;
    if command.dry_run {
        let bytes = format!("0x{}", hex::encode(&signed.bytes));
        let mut machine = plan.machine(&signed, "not-sent");
        machine["signed"] = json!(bytes);
        return context.output.result(&bytes, &machine);
    }
    let follower = Follower {
        chain: &chain,
        signed: &signed,
        token: plan.transfer.token,
        mortality: terms.mortality,
        wait: command.wait,
        patience: Duration::from_secs(command.patience),
    };
    let settled = follower.send(&context.output).await?;
    report(context, &plan, &signed, settled)
}

/// Estimates the fee of a transfer.
pub async fn estimate(context: &Context, command: Fee) -> Result<()> {
    let draft = Draft::read(&command.from, &command.what, &context.keystore()?)?;
    let chain = context.chain().await?;
    let plan = plan(&chain, draft, &command.what).await?;
    for warning in plan.warnings() {
        context.output.warn(&warning);
    }
    let total = plan.fee.saturating_add(plan.terms.tip);
    let machine = json!({
        "fee": amount_json(plan.fee), "tip": amount_json(plan.terms.tip), "total": amount_json(total), "feeToken": "FLX",
    });
    context.output.result(&amount_text(total, TokenId::Flx), &machine)
}

/// What the command line asks for, before the chain is looked at.
struct Draft {
    from: Party,
    to: Party,
    transfer: Transfer,
    tip: Balance,
}

impl Draft {
    fn read(from: &str, what: &What, keystore: &Keystore) -> Result<Self> {
        let portion = match &what.amount {
            Some(text) => Portion::Exactly(amount::parse_positive(text)?),
            None => Portion::All,
        };
        let tip = amount::parse(&what.tip)?;
        let (from, to) = (Party::resolve(from, keystore)?, Party::resolve(&what.to, keystore)?);
        let keep_alive = what.keep_alive || (what.token == TokenId::Flx && !what.allow_death);
        let transfer = Transfer {
            from: from.account,
            to: to.account,
            token: what.token,
            portion,
            keep_alive,
        };
        Ok(Self {
            from,
            to,
            transfer,
            tip,
        })
    }
}

/// Looks at everything that matters to a transfer, at the best block: the next block builds on it.
async fn plan(chain: &Chain, draft: Draft, what: &What) -> Result<Plan> {
    let Draft {
        from,
        to,
        transfer,
        tip,
    } = draft;
    let best = chain.node.best_head().await?;
    let nonce = match what.nonce {
        Some(nonce) => nonce,
        None => chain.next_nonce(from.account).await?,
    };
    let terms = Terms {
        nonce,
        tip,
        mortality: mortality(chain, what.lifetime).await?,
    };
    let call = transfer.call();
    let fee = chain.fee(&call, from.account, terms, best);
    let looks = futures::try_join!(
        chain.holding(from.account, transfer.token, best),
        chain.holding(from.account, TokenId::Flx, best),
        chain.holding(to.account, TokenId::Flx, best),
        chain.existential_deposit(TokenId::Flx, best)
    );
    let (holding, flx, receiver, deposit) = looks?;
    Ok(Plan {
        from,
        to,
        transfer,
        terms,
        fee: fee.await?,
        holding,
        flx,
        receiver,
        deposit,
    })
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

impl Plan {
    /// How much moves, for people.
    fn amount(&self) -> String {
        let token = self.transfer.token;
        match self.transfer.portion {
            Portion::Exactly(plancks) => amount_text(plancks, token),
            Portion::All => format!("all that can be moved, about {}", amount_text(self.movable(), token)),
        }
    }

    /// What `--all` will move, as far as can be told.
    fn movable(&self) -> Balance {
        let transferable = self.holding.transferable;
        if self.transfer.token != TokenId::Flx {
            return transferable;
        }
        let stays = if self.transfer.keep_alive { self.deposit } else { 0 };
        transferable
            .min(self.flx.free.saturating_sub(stays))
            .saturating_sub(self.costs())
    }

    /// Fee and tip. Saturates: a broken node may claim any fee, and more than everything is too much anyhow.
    fn costs(&self) -> Balance {
        self.fee.saturating_add(self.terms.tip)
    }

    /// The plan for people.
    fn describe(&self) -> String {
        let tip = match self.terms.tip {
            0 => String::new(),
            tip => format!(" and a tip of {}", amount_text(tip, TokenId::Flx)),
        };
        let fee = amount_text(self.fee, TokenId::Flx);
        format!(
            "from    {}\nto      {}\namount  {}\nfee     about {fee}{tip}",
            self.from.describe(),
            self.to.describe(),
            self.amount()
        )
    }

    /// What speaks against it.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let token = self.transfer.token;
        let native = token == TokenId::Flx;
        let needed = match self.transfer.portion {
            Portion::Exactly(plancks) => plancks,
            Portion::All => 0,
        };
        if needed > self.holding.transferable || (needed == 0 && self.holding.transferable == 0) {
            let why = immobility(token).map(|why| format!(" ({why})")).unwrap_or_default();
            let movable = amount_text(self.holding.transferable, token);
            warnings.push(format!(
                "{movable} can be moved: the chain will refuse this, and keep the fee{why}"
            ));
        }
        let spent = if native { needed } else { 0 };
        let costs = spent.checked_add(self.costs());
        let left = costs.and_then(|costs| self.flx.free.checked_sub(costs));
        match left {
            None => warnings.push(format!(
                "the sender has {} free, which does not cover the fee{}",
                amount_text(self.flx.free, TokenId::Flx),
                if native { " and the amount" } else { "" }
            )),
            Some(left) if left < self.deposit => {
                let deposit = amount_text(self.deposit, TokenId::Flx);
                let left = amount_text(left, TokenId::Flx);
                let end = if self.transfer.keep_alive {
                    "the chain will refuse that"
                } else {
                    "the rest will be lost"
                };
                warnings.push(format!(
                    "{left} would be left, less than the existential deposit of {deposit}: {end}"
                ));
            }
            Some(_) => {}
        }
        if native && needed > 0 && self.receiver.total().saturating_add(needed) < self.deposit {
            let deposit = amount_text(self.deposit, TokenId::Flx);
            warnings.push(format!(
                "the receiver would hold less than the existential deposit of {deposit}: the chain will refuse that"
            ));
        }
        if self.transfer.from == self.transfer.to {
            warnings.push("sender and receiver are the same account".into());
        }
        if self.to.is_public() {
            warnings.push("the receiver is a dev account: everybody has its key".into());
        }
        warnings
    }

    /// The plan for programs, with what became of it.
    fn machine(&self, signed: &Signed, status: &str) -> Value {
        let amount = match self.transfer.portion {
            Portion::Exactly(plancks) => amount_json(plancks),
            Portion::All => Value::Null,
        };
        json!({
            "transaction": format!("{:?}", signed.hash),
            "status": status,
            "from": self.transfer.from.to_string(),
            "to": self.transfer.to.to_string(),
            "token": self.transfer.token,
            "amount": amount,
            "all": self.transfer.portion == Portion::All,
            "nonce": self.terms.nonce,
            "tip": amount_json(self.terms.tip),
            "feeEstimate": amount_json(self.fee),
        })
    }
}

/// Tells the end of it.
fn report(context: &Context, plan: &Plan, signed: &Signed, settled: Settled) -> Result<()> {
    let (status, included): (&str, Option<Included>) = match settled {
        Settled::Sent => ("sent", None),
        Settled::InBlock(included) => ("in-block", Some(included)),
        Settled::Finalised(included) => ("finalised", Some(included)),
    };
    let mut machine = plan.machine(signed, status);
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
    let human = format!(
        "{} sent, {settled} (block {}), fee {fee}\n{hash}",
        plan.amount(),
        included.number
    );
    context.output.result(&human, &machine)
}
