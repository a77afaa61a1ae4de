//! Transactions: the call, the fee, the signature; ordinary signed extrinsics as every Substrate wallet makes them.

use crate::client::{Chain, NodeError, QcConfig};
use crate::errors::Result;
use crate::records::account_value;
use crate::ss58::Account;
use codec::{Compact, Decode, Encode};
use qc_types::{Balance, TokenId};
use subxt::config::substrate::{BlakeTwo256, H256};
use subxt::config::{DefaultExtrinsicParamsBuilder, Hasher};
use subxt::dynamic::Value;
use subxt::ext::scale_value::Composite;
use subxt::tx::DynamicPayload;
use subxt::utils::{AccountId32, MultiSignature};
use subxt_signer::sr25519::Keypair;

/// A call with its arguments.
pub type Call = DynamicPayload<Composite<()>>;

/// How much is to move.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Portion {
    /// So many plancks.
    Exactly(Balance),
    /// All that can be moved.
    All,
}

/// A transfer, as the command line asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Transfer {
    /// Who pays.
    pub from: Account,
    /// Who receives.
    pub to: Account,
    /// Of what.
    pub token: TokenId,
    /// How much.
    pub portion: Portion,
    /// Whether the sender's account must live on.
    pub keep_alive: bool,
}

/// What is signed along with the call.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The sender's nonce.
    pub nonce: u64,
    /// FLX in plancks on top of the fee, for a place before others.
    pub tip: Balance,
    /// `None` for a transaction that never expires.
    pub mortality: Option<Mortality>,
}

/// When a transaction expires.
#[derive(Clone, Copy, Debug)]
pub struct Mortality {
    /// Through how many blocks it can be included: a power of two, 4 to 65536.
    pub blocks: u64,
    /// The number of the block from which that counts.
    pub from_number: u64,
    /// That block's hash.
    pub from_hash: H256,
}

impl Mortality {
    /// The last block that can include the transaction.
    pub fn last_block(&self) -> u64 {
        self.from_number.saturating_add(self.blocks).saturating_sub(1)
    }
}

/// A signed transaction.
#[derive(Clone, Debug)]
pub struct Signed {
    /// As it goes to the node.
    pub bytes: Vec<u8>,
    /// Its hash, by which it is found again.
    pub hash: H256,
}

impl Transfer {
    /// The call that does it.
    pub fn call(&self) -> Call {
        let to = || Value::unnamed_variant("Id", [account_value(self.to)]);
        let mut fields: Vec<(&str, Value)> = Vec::new();
        let (pallet, name) = match (self.token.asset_id(), self.portion, self.keep_alive) {
            (None, Portion::Exactly(_), true) => ("Balances", "transfer_keep_alive"),
            (None, Portion::Exactly(_), false) => ("Balances", "transfer_allow_death"),
            (None, Portion::All, _) => ("Balances", "transfer_all"),
            (Some(_), Portion::Exactly(_), true) => ("Assets", "transfer_keep_alive"),
            (Some(_), Portion::Exactly(_), false) => ("Assets", "transfer"),
            (Some(_), Portion::All, _) => ("Assets", "transfer_all"),
        };
        if let Some(id) = self.token.asset_id() {
            fields.push(("id", Value::u128(u128::from(id))));
        }
        match (self.token.asset_id(), self.portion) {
            (None, Portion::Exactly(plancks)) => fields.extend([("dest", to()), ("value", Value::u128(plancks))]),
            (Some(_), Portion::Exactly(plancks)) => fields.extend([("target", to()), ("amount", Value::u128(plancks))]),
            (_, Portion::All) => fields.extend([("dest", to()), ("keep_alive", Value::bool(self.keep_alive))]),
        }
        subxt::tx::dynamic(pallet, name, Composite::named(fields))
    }
}

impl Chain {
    /// What a transaction costs now without its tip, in plancks of FLX. Needs no key: the length counts, not the signature.
    pub async fn fee(&self, call: &Call, from: Account, terms: Terms, at: H256) -> Result<Balance> {
        const WHAT: &str = "TransactionPaymentApi_query_info";
        let nobody = MultiSignature::Sr25519([0; 64]);
        let unsigned = self.encode(call, from, terms, |_| nobody)?;
        let length = u32::try_from(unsigned.bytes.len()).map_err(|error| NodeError::nonsense(WHAT, error))?;
        let mut arguments = unsigned.bytes;
        length.encode_to(&mut arguments);
        let answer = self.node.state_call(WHAT, &arguments, at).await?;
        // RuntimeDispatchInfo: weight (time and proof size), class, fee.
        let (_, _, _, fee) = <(Compact<u64>, Compact<u64>, u8, Balance)>::decode(&mut &*answer)
            .map_err(|error| NodeError::nonsense(WHAT, error))?;
        Ok(fee)
    }

    /// Signs a call.
    pub fn sign(&self, call: &Call, keypair: &Keypair, terms: Terms) -> Result<Signed> {
        let from = Account(keypair.public_key().0);
        self.encode(call, from, terms, |payload| {
            MultiSignature::Sr25519(keypair.sign(payload).0)
        })
    }

    /// Puts a transaction together with whatever signature `sign` gives.
    fn encode(
        &self,
        call: &Call,
        from: Account,
        terms: Terms,
        sign: impl FnOnce(&[u8]) -> MultiSignature,
    ) -> Result<Signed> {
        let nonsense = |error: &dyn std::fmt::Display| NodeError::nonsense("the runtime's metadata", error);
        let params = DefaultExtrinsicParamsBuilder::<QcConfig>::new()
            .nonce(terms.nonce)
            .tip(terms.tip);
        let params = match terms.mortality {
            Some(era) => params.mortal_from_unchecked(era.blocks, era.from_number, era.from_hash),
            None => params.immortal(),
        };
        let mut transaction = self
            .offline
            .tx()
            .create_v4_signable_offline(call, params.build())
            .map_err(|error| nonsense(&error))?;
        let signature = sign(&transaction.signer_payload().map_err(|error| nonsense(&error))?);
        let signed = transaction
            .sign_with_account_and_signature(&AccountId32(from.0), &signature)
            .map_err(|error| nonsense(&error))?;
        let bytes = signed.into_encoded();
        Ok(Signed {
            hash: hash(&bytes),
            bytes,
        })
    }
}

/// The hash by which a transaction is known.
pub fn hash(bytes: &[u8]) -> H256 {
    // The hasher of this chain is fixed; metadata do not matter to it.
    BlakeTwo256.hash(bytes)
}
