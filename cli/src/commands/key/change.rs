//! Changes of an account's keys: registering, rotating, capabilities, revoking.

use super::read_json_file;
use crate::cli::{Capable, Of, Register, Rotate, Sending};
use crate::client::Chain;
use crate::commands::send::{confirm, fee_text, passwords, Decided, Wished};
use crate::commands::Context;
use crate::errors::{Error, Result};
use crate::extrinsic::{names_of, Call, Terms};
use crate::keystore::Keystore;
use crate::ledger::{self, About, OwnerRecord, Prices, Proof, Proven, KEYS_PER_OWNER_MAX, MANAGE_KEYS_MIN};
use crate::output::{amount_json, amount_text};
use crate::secrets::Passwords;
use crate::signer::{usable, KeyWord, Signer, Wanted};
use crate::ss58::Account;
use qc_pqc::KeyId;
use qc_types::{Balance, Capabilities, TokenId};
use serde_json::{json, Value};
use std::path::Path;
use subxt::config::substrate::H256;

/// What a change of keys is decided with.
struct Table<'a> {
    context: &'a Context,
    keystore: &'a Keystore,
    sending: &'a Sending,
    chain: Chain,
    best: H256,
    signer: Signer,
    owner: OwnerRecord,
    terms: Terms,
}

impl<'a> Table<'a> {
    /// Connects, and asks everything that every change needs.
    async fn set(
        context: &'a Context,
        keystore: &'a Keystore,
        sending: &'a Sending,
        wanted: Wanted,
        wished: Wished,
    ) -> Result<Self> {
        let chain = context.chain().await?;
        let best = chain.node.best_head().await?;
        let signer = wanted.meet(&chain, Capabilities::MANAGE, best).await?;
        let account = signer.account();
        let (owner, terms) = (chain.owner(account, best).await?, wished.terms(&chain, account).await?);
        Ok(Self {
            context,
            keystore,
            sending,
            chain,
            best,
            signer,
            owner,
            terms,
        })
    }

    fn about(&self, capabilities: Capabilities) -> About {
        About {
            owner: self.signer.account(),
            nonce: self.owner.nonce,
            genesis: self.chain.genesis,
            capabilities,
        }
    }

    /// Tells what is going to happen, with its cost; asks; gives the fee.
    async fn agree(&self, call: &Call, lines: &[String], warnings: &[String]) -> Result<Balance> {
        let fee = self.signer.fee(&self.chain, call, self.terms, self.best).await?;
        let mut text = vec![format!("account {}", self.signer.describe())];
        text.extend_from_slice(lines);
        text.push(format!("fee     {}", fee_text(fee, self.terms.tip)));
        self.context.output.note(&text.join("\n"));
        for warning in warnings {
            self.context.output.warn(warning);
        }
        confirm(self.context, self.sending, !warnings.is_empty())?;
        Ok(fee)
    }

    /// Signs and sends.
    async fn carry_out(
        &self,
        call: &Call,
        fee: Balance,
        deed: String,
        machine: Value,
        passwords: &Passwords,
    ) -> Result<()> {
        let decided = Decided {
            context: self.context,
            chain: &self.chain,
            signer: &self.signer,
            call,
            terms: self.terms,
            fee,
            token: TokenId::Flx,
            deed,
            machine,
        };
        decided.carry_out(self.keystore, passwords, self.sending).await
    }
}

/// Registers a key.
pub async fn register(context: &Context, keystore: &Keystore, command: Register) -> Result<()> {
    let signing = &command.signing;
    let wanted = Wanted::read(signing.account.as_deref(), signing.by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let proof = command.proof.as_deref().map(read_proof).transpose()?;
    let key = command.key.as_deref().map(|name| own_key(name, keystore)).transpose()?;
    let wished = Wished::read(&signing.terms)?;
    let table = Table::set(context, keystore, &signing.sending, wanted, wished).await?;
    let (id, capabilities) = match (&proof, &key, command.can) {
        (Some(proof), _, _) => {
            check_proof(
                &table.chain,
                proof,
                table.signer.account(),
                &table.owner,
                false,
                table.best,
            )
            .await?;
            (proof.key, proof.capabilities)
        }
        (None, Some(key), Some(capabilities)) => (key.id, capabilities),
        _ => {
            return Err(Error::usage(
                "usage",
                "no key is named",
                "give --key and --can, or --proof",
            ))
        }
    };
    check_unregistered(&table.chain, &id, table.best).await?;
    let prices = table.chain.prices()?;
    let estimate = Proof::empty(table.about(capabilities), false).call();
    let lines = vec![
        format!("key     {}", described(&key, &id)),
        format!("for     {}", names_of(capabilities)),
        format!("deposit {}", deposit_text(prices)),
    ];
    let mut warnings = Vec::new();
    if table.owner.keys.len() >= KEYS_PER_OWNER_MAX {
        warnings.push(format!(
            "the account has {KEYS_PER_OWNER_MAX} active keys already: the chain will refuse another, and keep the fee"
        ));
    }
    let fee = table.agree(&estimate, &lines, &warnings).await?;
    let passwords = passwords(table.sending);
    let proof = match (proof, key) {
        (Some(proof), _) => proof,
        (None, Some(key)) => Proof::make(table.about(capabilities), &key.unlock(keystore, &passwords)?, None)?,
        (None, None) => return Err(Error::Internal("no key to register".into())),
    };
    let machine = json!({
        "key": id, "capabilities": capabilities, "deposit": prices_json(prices),
    });
    let deed = format!("{id} registered");
    table.carry_out(&proof.call(), fee, deed, machine, &passwords).await
}

/// Puts a new key in an old one's place.
pub async fn rotate(context: &Context, keystore: &Keystore, command: Rotate) -> Result<()> {
    let proof = command.proof.as_deref().map(read_proof).transpose()?;
    let own = |name: &Option<String>| name.as_deref().map(|name| own_key(name, keystore)).transpose();
    let (from, to) = (own(&command.from)?, own(&command.to)?);
    // Unless somebody else is named, the old key signs its own end.
    let old_signs = command.account.is_none() && command.by_key.is_none();
    let by_key = if old_signs {
        command.from.clone()
    } else {
        command.by_key.clone()
    };
    let wanted = Wanted::read(command.account.as_deref(), by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let wished = Wished::read(&command.terms)?;
    let table = Table::set(context, keystore, &command.sending, wanted, wished).await?;
    let (old, new) = match (&proof, &from, &to) {
        (Some(proof), _, _) => {
            check_proof(
                &table.chain,
                proof,
                table.signer.account(),
                &table.owner,
                true,
                table.best,
            )
            .await?;
            (replaced(proof)?, proof.key)
        }
        (None, Some(from), Some(to)) => (from.id, to.id),
        _ => {
            return Err(Error::usage(
                "usage",
                "no keys are named",
                "give --from and --to, or --proof",
            ))
        }
    };
    check_unregistered(&table.chain, &new, table.best).await?;
    let record = owned(&table, &old).await?;
    let estimate = Proof::empty(table.about(record.capabilities), true).call();
    let prices = table.chain.prices()?;
    let lines = vec![
        format!("ends    {}", described(&from, &old)),
        format!("begins  {}", described(&to, &new)),
        format!("for     {}", names_of(record.capabilities)),
        format!("deposit {}", deposit_text(prices)),
    ];
    let fee = table.agree(&estimate, &lines, &[]).await?;
    let passwords = passwords(table.sending);
    let proof = match (proof, from, to) {
        (Some(proof), _, _) => proof,
        (None, Some(from), Some(to)) => {
            let (old, new) = (from.unlock(keystore, &passwords)?, to.unlock(keystore, &passwords)?);
            Proof::make(table.about(record.capabilities), &new, Some(&old))?
        }
        _ => return Err(Error::Internal("no keys to rotate".into())),
    };
    let machine = json!({ "from": old, "to": new, "capabilities": record.capabilities });
    let deed = format!("{new} took the place of {old}");
    table.carry_out(&proof.call(), fee, deed, machine, &passwords).await
}

/// Sets what a key may be used for.
pub async fn capabilities(context: &Context, keystore: &Keystore, command: Capable) -> Result<()> {
    let signing = &command.signing;
    let wanted = Wanted::read(signing.account.as_deref(), signing.by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let key = KeyWord::resolve(&command.key, keystore)?;
    let wished = Wished::read(&signing.terms)?;
    let table = Table::set(context, keystore, &signing.sending, wanted, wished).await?;
    let record = owned(&table, &key.id).await?;
    let call = ledger::set_capabilities(&key.id, command.can);
    let lines = vec![
        format!("key     {}", key.describe()),
        format!("before  {}", names_of(record.capabilities)),
        format!("after   {}", names_of(command.can)),
    ];
    let loses = record.capabilities.contains(Capabilities::MANAGE) && !command.can.contains(Capabilities::MANAGE);
    let warnings = if loses {
        manage_warnings(&table.owner, &key.id)
    } else {
        Vec::new()
    };
    let fee = table.agree(&call, &lines, &warnings).await?;
    let machine = json!({ "key": key.id, "capabilities": command.can, "before": record.capabilities });
    let deed = format!("{} may now {}", key.id, names_of(command.can));
    table
        .carry_out(&call, fee, deed, machine, &passwords(table.sending))
        .await
}

/// Revokes a key.
pub async fn revoke(context: &Context, keystore: &Keystore, command: Of) -> Result<()> {
    let signing = &command.signing;
    let wanted = Wanted::read(signing.account.as_deref(), signing.by_key.as_deref(), keystore)?;
    wanted.check_can_sign()?;
    let key = KeyWord::resolve(&command.key, keystore)?;
    let wished = Wished::read(&signing.terms)?;
    let table = Table::set(context, keystore, &signing.sending, wanted, wished).await?;
    let record = owned(&table, &key.id).await?;
    let call = ledger::revoke(&key.id);
    let lines = vec![
        format!("ends    {}, for ever", key.describe()),
        format!("frees   {}", amount_text(record.deposit, TokenId::Flx)),
    ];
    let warnings = if record.capabilities.contains(Capabilities::MANAGE) {
        manage_warnings(&table.owner, &key.id)
    } else {
        Vec::new()
    };
    let fee = table.agree(&call, &lines, &warnings).await?;
    let machine = json!({ "key": key.id, "freed": amount_json(record.deposit) });
    let deed = format!("{} revoked", key.id);
    table
        .carry_out(&call, fee, deed, machine, &passwords(table.sending))
        .await
}

/// What speaks against taking MANAGE from a key.
fn manage_warnings(owner: &OwnerRecord, key: &KeyId) -> Vec<String> {
    let left = owner.manage_keys().filter(|(id, _)| id != key).count();
    if left >= MANAGE_KEYS_MIN {
        return Vec::new();
    }
    let keys = if left == 1 { "one key" } else { "no key" };
    let more = match (left, owner.requires_pqc) {
        (0, true) => ": the chain will refuse this, and keep the fee",
        (_, true) => ": if it is lost, so is the account",
        _ => "",
    };
    vec![format!("{keys} that may MANAGE would be left{more}")]
}

/// A key of the keystore that has to be there.
fn own_key(name: &str, keystore: &Keystore) -> Result<KeyWord> {
    let entry = keystore.key(name)?;
    Ok(KeyWord {
        id: entry.id,
        name: Some(entry.name),
    })
}

fn described(key: &Option<KeyWord>, id: &KeyId) -> String {
    key.as_ref().map_or_else(|| id.to_string(), KeyWord::describe)
}

/// An active key of the account that signs.
async fn owned(table: &Table<'_>, key: &KeyId) -> Result<ledger::KeyRecord> {
    let record = usable(&table.chain, key, Capabilities::NONE, table.best).await?;
    if record.owner == table.signer.account() {
        return Ok(record);
    }
    Err(Error::usage(
        "key_of_another_account",
        format!("{key} is a key of {}", record.owner),
        "an account changes its own keys only: qc account show lists them",
    ))
}

/// No id is used twice.
async fn check_unregistered(chain: &Chain, id: &KeyId, at: H256) -> Result<()> {
    match chain.key(id, at).await? {
        None => Ok(()),
        Some(record) => Err(Error::usage(
            "key_registered",
            format!("{id} is registered already, for {}", record.owner),
            "no key is registered twice, not even after it was revoked: make a new one with qc key new NAME",
        )),
    }
}

/// Reads a file by `qc key prove`.
pub fn read_proof(path: &Path) -> Result<Proof> {
    let text = read_json_file(path)?;
    Proof::read(&text).map_err(|error| {
        Error::usage(
            "bad_proof_file",
            format!("{} is not a proof by qc key prove: {error}", path.display()),
            "make it again: qc key prove",
        )
    })
}

/// The key that a rotation ends.
fn replaced(proof: &Proof) -> Result<KeyId> {
    match proof.proven {
        Proven::Rotation { from, .. } => Ok(from),
        Proven::Possession { .. } => Err(Error::usage(
            "bad_proof_file",
            "the proof is for registering a key, not for rotating one",
            "use qc key register --proof, or make it again with qc key prove --replaces",
        )),
    }
}

/// Refuses a proof that the chain would refuse.
pub async fn check_proof(
    chain: &Chain,
    proof: &Proof,
    account: Account,
    owner: &OwnerRecord,
    rotation: bool,
    at: H256,
) -> Result<()> {
    let wrong = |what: String| {
        Err(Error::usage(
            "proof_does_not_fit",
            what,
            "make a new proof: qc key prove",
        ))
    };
    let old = match proof.proven {
        Proven::Rotation { from, .. } => chain.public_key(&from, at).await?,
        Proven::Possession { .. } if rotation => return replaced(proof).map(|_| ()),
        Proven::Possession { .. } => None,
    };
    if !rotation && matches!(proof.proven, Proven::Rotation { .. }) {
        return wrong("the proof is for rotating a key: use qc key rotate --proof".into());
    }
    if proof.genesis != chain.genesis {
        return wrong(format!(
            "the proof is for the chain {:?}, this one is {:?}",
            proof.genesis, chain.genesis
        ));
    }
    if proof.owner() != Ok(account) {
        return wrong(format!("the proof is not for {account}, who signs"));
    }
    if proof.nonce != owner.nonce {
        return wrong(format!(
            "the proof is for key nonce {}, the account is at {}",
            proof.nonce, owner.nonce
        ));
    }
    if !proof.holds(old.as_ref()) {
        return wrong("the proof's signatures are not what they should be".into());
    }
    Ok(())
}

/// What is held for a new key.
fn deposit_text(prices: Prices) -> String {
    let for_ever = prices.entry.saturating_add(prices.record);
    format!(
        "{} until the key ends, and {} for ever",
        amount_text(prices.key, TokenId::Flx),
        amount_text(for_ever, TokenId::Flx)
    )
}

/// The same for programs.
fn prices_json(prices: Prices) -> Value {
    json!({
        "untilTheKeyEnds": amount_json(prices.key),
        "forEver": amount_json(prices.record.saturating_add(prices.entry)),
    })
}
