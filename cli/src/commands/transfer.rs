//! `qc transfer` and `qc fee`.

use super::send::{confirm, fee_text, passwords, Decided, Wished};
use super::Context;
use crate::amount;
use crate::cli::{Fee, Goods, Transfer as Command, What};
use crate::client::Chain;
use crate::errors::Result;
use crate::extrinsic::{Portion, Terms, Transfer};
use crate::keystore::Keystore;
use crate::output::{amount_json, amount_text};
use crate::parties::Party;
use crate::records::Holding;
use crate::refusal::immobility;
use crate::signer::{Signer, Wanted};
use qc_types::{Balance, Capabilities, TokenId};
use serde_json::{json, Value};

/// A transfer with all that is known of it before it is signed.
struct Plan {
    signer: Signer,
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
    let (from, by_key) = (command.from.as_deref(), command.by_key.as_deref());
    let draft = Draft::read(from, by_key, &command.what, &keystore)?;
    draft.from.check_can_sign()?;
    let passwords = passwords(&command.sending);
    let chain = context.chain().await?;
    let plan = plan(&chain, draft).await?;
    context.output.note(&plan.describe());
    let warnings = plan.warnings();
    for warning in &warnings {
        context.output.warn(warning);
    }
    confirm(context, &command.sending, !warnings.is_empty())?;
    let decided = Decided {
        context,
        chain: &chain,
        signer: &plan.signer,
        call: &plan.transfer.call(),
        terms: plan.terms,
        fee: plan.fee,
        token: plan.transfer.token,
        deed: format!("{} sent", plan.amount()),
        machine: plan.machine(),
    };
    decided.carry_out(&keystore, &passwords, &command.sending).await
}

/// Estimates the fee of a transfer.
pub async fn estimate(context: &Context, command: Fee) -> Result<()> {
    let keystore = context.keystore()?;
    let (from, by_key) = (command.from.as_deref(), command.by_key.as_deref());
    let draft = Draft::read(from, by_key, &command.what, &keystore)?;
    let chain = context.chain().await?;
    let plan = plan(&chain, draft).await?;
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
    from: Wanted,
    to: Party,
    transfer: Transfer,
    wished: Wished,
}

impl Draft {
    fn read(from: Option<&str>, by_key: Option<&str>, what: &What, keystore: &Keystore) -> Result<Self> {
        let (portion, wished) = (portion(&what.goods)?, Wished::read(&what.terms)?);
        let from = Wanted::read(from, by_key, keystore)?;
        let to = Party::resolve(&what.goods.to, keystore)?;
        Ok(Self {
            from,
            transfer: transfer(&what.goods, portion, &to),
            to,
            wished,
        })
    }
}

/// How much is to move.
fn portion(goods: &Goods) -> Result<Portion> {
    Ok(match &goods.amount {
        Some(text) => Portion::Exactly(amount::parse_positive(text)?),
        None => Portion::All,
    })
}

/// The transfer that is asked for, of so much.
fn transfer(goods: &Goods, portion: Portion, to: &Party) -> Transfer {
    Transfer {
        to: to.account,
        token: goods.token,
        portion,
        keep_alive: goods.keep_alive || (goods.token == TokenId::Flx && !goods.allow_death),
    }
}

/// Reads what is to move where.
pub fn read_goods(goods: &Goods, keystore: &Keystore) -> Result<Transfer> {
    let portion = portion(goods)?;
    Ok(transfer(goods, portion, &Party::resolve(&goods.to, keystore)?))
}

/// Looks at everything that matters to a transfer, at the best block: the next block builds on it.
async fn plan(chain: &Chain, draft: Draft) -> Result<Plan> {
    let Draft {
        from,
        to,
        transfer,
        wished,
    } = draft;
    let best = chain.node.best_head().await?;
    let signer = from.meet(chain, Capabilities::TRANSFER, best).await?;
    let from = signer.account();
    let terms = wished.terms(chain, from).await?;
    let call = transfer.call();
    let fee = signer.fee(chain, &call, terms, best);
    let looks = futures::try_join!(
        chain.holding(from, transfer.token, best),
        chain.holding(from, TokenId::Flx, best),
        chain.holding(to.account, TokenId::Flx, best),
        chain.existential_deposit(TokenId::Flx, best)
    );
    let (holding, flx, receiver, deposit) = looks?;
    let fee = fee.await?;
    Ok(Plan {
        signer,
        to,
        transfer,
        terms,
        fee,
        holding,
        flx,
        receiver,
        deposit,
    })
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
        format!(
            "from    {}\nto      {}\namount  {}\nfee     {}",
            self.signer.describe(),
            self.to.describe(),
            self.amount(),
            fee_text(self.fee, self.terms.tip)
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
        if self.signer.account() == self.transfer.to {
            warnings.push("sender and receiver are the same account".into());
        }
        if self.to.is_public() {
            warnings.push("the receiver is a dev account: everybody has its key".into());
        }
        warnings
    }

    /// The plan for programs.
    fn machine(&self) -> Value {
        let amount = match self.transfer.portion {
            Portion::Exactly(plancks) => amount_json(plancks),
            Portion::All => Value::Null,
        };
        json!({
            "from": self.signer.account().to_string(),
            "to": self.transfer.to.to_string(),
            "token": self.transfer.token,
            "amount": amount,
            "all": self.transfer.portion == Portion::All,
        })
    }
}
