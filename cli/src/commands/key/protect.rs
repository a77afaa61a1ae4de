//! `qc key require`, `leave` and `keep`: whether only post-quantum keys act for an account.

use crate::cli::Protect;
use crate::client::Chain;
use crate::commands::send::{confirm, fee_text, passwords, Decided, Wished};
use crate::commands::view::View;
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::Call;
use crate::keystore::Keystore;
use crate::ledger::{self, standing, OwnerRecord, Standing, MANAGE_KEYS_MIN};
use crate::parties::Party;
use crate::signer::{KeyWord, Signer, Wanted};
use qc_pqc::KeyId;
use qc_types::{Capabilities, TokenId};
use serde_json::{json, Value};

/// An account whose protection is to change, with what is known of it.
struct Case {
    party: Party,
    view: View,
    owner: OwnerRecord,
    signer: Signer,
    wished: Wished,
}

impl Case {
    /// Connects and asks, up to who signs.
    async fn open(context: &Context, keystore: &Keystore, command: &Protect) -> Result<Self> {
        let party = Party::resolve(&command.account, keystore)?;
        let by_key = command.by_key.as_deref();
        let named = by_key.map(|word| KeyWord::resolve(word, keystore)).transpose()?;
        let wished = Wished::read(&command.terms)?;
        let view = View::now(context.chain().await?, keystore).await?;
        let owner = view.chain.owner(party.account, view.best).await?;
        let key = match named {
            Some(key) => key,
            None => manage_key(&owner, &party, keystore)?,
        };
        let wanted = Wanted::Key(key, Some(party.clone()));
        wanted.check_can_sign()?;
        let signer = wanted.meet(&view.chain, Capabilities::MANAGE, view.best).await?;
        Ok(Self {
            party,
            view,
            owner,
            signer,
            wished,
        })
    }

    fn chain(&self) -> &Chain {
        &self.view.chain
    }

    /// Tells, asks, signs and sends.
    async fn settle(
        self,
        context: &Context,
        keystore: &Keystore,
        command: &Protect,
        call: Call,
        deed: &str,
        told: Told,
    ) -> Result<()> {
        let terms = self.wished.terms(self.chain(), self.party.account).await?;
        let fee = self.signer.fee(self.chain(), &call, terms, self.view.best).await?;
        let mut lines = told.lines;
        lines.push(format!("account {}", self.signer.describe()));
        lines.push(format!("fee     {}", fee_text(fee, terms.tip)));
        context.output.note(&lines.join("\n"));
        for warning in &told.warnings {
            context.output.warn(warning);
        }
        confirm(context, &command.sending, !told.warnings.is_empty())?;
        let decided = Decided {
            context,
            chain: self.chain(),
            signer: &self.signer,
            call: &call,
            terms,
            fee,
            token: TokenId::Flx,
            deed: format!("{} {deed}", self.party.account),
            machine: told.machine,
        };
        decided
            .carry_out(keystore, &passwords(&command.sending), &command.sending)
            .await
    }
}

/// What is said before anything is asked.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    warnings: Vec<String>,
    machine: Value,
}

/// A key of the account that may MANAGE and whose file is here.
fn manage_key(owner: &OwnerRecord, party: &Party, keystore: &Keystore) -> Result<KeyWord> {
    for (id, _) in owner.manage_keys() {
        if let Some(entry) = keystore.key_of(id)? {
            return Ok(KeyWord {
                id: *id,
                name: Some(entry.name),
            });
        }
    }
    let count = owner.manage_keys().count();
    let hint = if count == 0 {
        "register one first: qc key new NAME, then qc key register --account ACCOUNT --key NAME --can TRANSFER,MANAGE"
    } else {
        "import one of them (qc key import NAME), or sign where it is: qc tx prepare, qc tx sign, qc tx submit"
    };
    Err(Error::usage(
        "no_manage_key",
        format!(
            "{} has {count} post-quantum keys that may MANAGE, none of them in this keystore",
            party.describe()
        ),
        hint,
    ))
}

/// Leaves protection, or calls that off.
pub async fn change(context: &Context, keystore: &Keystore, command: Protect, call: Call, deed: &str) -> Result<()> {
    let case = Case::open(context, keystore, &command).await?;
    let told = Told {
        lines: case.view.owner_lines(&case.owner),
        warnings: Vec::new(),
        machine: json!({ "account": case.party.account.to_string(), "before": case.view.owner_json(&case.owner) }),
    };
    case.settle(context, keystore, &command, call, deed, told).await
}

/// Lets only post-quantum keys act for an account, after showing what that ends.
pub async fn require(context: &Context, keystore: &Keystore, command: Protect) -> Result<()> {
    let case = Case::open(context, keystore, &command).await?;
    let standing = standing(case.chain(), case.party.account, case.view.best).await?;
    let mut lines = vec!["What changes once the account requires post-quantum keys:".to_owned()];
    lines.extend(standing.lines().into_iter().map(|line| format!("  * {line}")));
    lines.push("Its keys:".into());
    lines.extend(
        case.view
            .owner_lines(&case.owner)
            .into_iter()
            .map(|line| format!("  {}", line.replace('\n', "\n  "))),
    );
    let told = Told {
        lines,
        warnings: warnings(&case.owner, &standing, keystore),
        machine: json!({
            "account": case.party.account.to_string(),
            "standing": standing.machine(),
            "before": case.view.owner_json(&case.owner),
        }),
    };
    let deed = "requires post-quantum keys: nothing classical acts for it any more";
    case.settle(context, keystore, &command, ledger::require_pqc(), deed, told)
        .await
}

/// What speaks against protecting the account now.
fn warnings(owner: &OwnerRecord, standing: &Standing, keystore: &Keystore) -> Vec<String> {
    let mut warnings = Vec::new();
    if owner.requires_pqc {
        warnings.push(
            "the account requires post-quantum keys already: the chain will refuse this, and keep the fee".into(),
        );
    }
    if standing.blocks() {
        warnings.push(
            "others may still act for the account (above): the chain will refuse this, and keep the fee; first remove the \
             proxies, announcements and approvals"
                .into(),
        );
    }
    let manage: Vec<&KeyId> = owner.manage_keys().map(|(id, _)| id).collect();
    if manage.len() < MANAGE_KEYS_MIN {
        warnings.push(format!(
            "{} active key may MANAGE, {MANAGE_KEYS_MIN} are needed, one as backup: the chain will refuse this, and keep the fee",
            manage.len()
        ));
    }
    if !owner
        .keys
        .iter()
        .any(|(_, record)| record.capabilities.contains(Capabilities::TRANSFER))
    {
        warnings.push("no key of the account may TRANSFER: what it holds cannot be moved until one may".into());
    }
    let unused = owner.manage_keys().filter(|(_, record)| record.uses == 0);
    for (id, _) in unused {
        let here = matches!(keystore.key_of(id), Ok(Some(_)));
        let place = if here { "in this keystore" } else { "elsewhere" };
        warnings.push(format!(
            "the key {id} ({place}) was never used: make sure that you have its mnemonic, and that it works"
        ));
    }
    warnings
        .push("if every key that may MANAGE is lost, nobody can get at the account again: there is no recovery".into());
    warnings
}
