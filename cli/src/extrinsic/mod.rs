//! Transactions: the call, the fee, the signature. Version 0 are ordinary signed extrinsics as every Substrate wallet makes
//! them; version 1 (`by_key.rs`) is for post-quantum keys.

mod by_key;
mod call;
mod known;
mod show;
mod staking;

pub use by_key::{take_apart, Parts, Target, Unsigned, EXTENSIONS};
pub use call::{Arguments, Call, Portion, Transfer};
pub use known::{names_of, Known};
pub use show::show_call;
pub use staking::Staking;

use crate::client::{Chain, NodeError, QcConfig};
use crate::errors::Result;
use crate::ss58::Account;
use codec::{Compact, Decode, Encode};
use qc_pqc::SecretKey;
use qc_types::Balance;
use serde::{Deserialize, Serialize};
use subxt::config::substrate::{BlakeTwo256, H256};
use subxt::config::{DefaultExtrinsicParamsBuilder, Hasher};
use subxt::utils::{AccountId32, MultiSignature};
use subxt_signer::sr25519::Keypair;

/// What is signed along with the call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Terms {
    /// The sender's nonce.
    pub nonce: u64,
    /// FLX in plancks on top of the fee, for a place before others.
    pub tip: Balance,
    /// `None` for a transaction that never expires.
    pub mortality: Option<Mortality>,
}

/// When a transaction expires.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed {
    /// As it goes to the node.
    pub bytes: Vec<u8>,
    /// Its hash, by which it is found again.
    pub hash: H256,
}

impl Signed {
    /// Of the bytes that go to the node.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self {
            hash: hash(&bytes),
            bytes,
        }
    }
}

impl Chain {
    /// What a classical transaction costs now without its tip, in plancks of FLX. Needs no key: the length counts, not the
    /// signature.
    pub async fn fee(&self, call: &Call, from: Account, terms: Terms, at: H256) -> Result<Balance> {
        let nobody = MultiSignature::Sr25519([0; 64]);
        let unsigned = self.encode(call, from, terms, |_| nobody)?;
        self.fee_of(unsigned, at).await
    }

    /// What a transaction by a post-quantum key costs now without its tip, in plancks of FLX; no key is needed either.
    pub async fn fee_by_key(&self, call: &[u8], terms: Terms, at: H256) -> Result<Balance> {
        self.fee_of(self.unsigned(call, terms).unproved(), at).await
    }

    /// What any transaction costs now without its tip.
    async fn fee_of(&self, transaction: Signed, at: H256) -> Result<Balance> {
        const WHAT: &str = "TransactionPaymentApi_query_info";
        let length = u32::try_from(transaction.bytes.len()).map_err(|error| NodeError::nonsense(WHAT, error))?;
        let mut arguments = transaction.bytes;
        length.encode_to(&mut arguments);
        let answer = self.node.state_call(WHAT, &arguments, at).await?;
        // RuntimeDispatchInfo: weight (time and proof size), class, fee.
        let (_, _, _, fee) = <(Compact<u64>, Compact<u64>, u8, Balance)>::decode(&mut &*answer)
            .map_err(|error| NodeError::nonsense(WHAT, error))?;
        Ok(fee)
    }

    /// Signs a call classically.
    pub fn sign(&self, call: &Call, keypair: &Keypair, terms: Terms) -> Result<Signed> {
        let from = Account(keypair.public_key().0);
        self.encode(call, from, terms, |payload| {
            MultiSignature::Sr25519(keypair.sign(payload).0)
        })
    }

    /// Signs a call with a post-quantum key.
    pub fn sign_by_key(&self, call: &Call, key: &SecretKey, terms: Terms) -> Result<Signed> {
        self.unsigned(&self.call_bytes(call)?, terms).sign(key)
    }

    /// A version 1 transaction for this chain.
    pub fn unsigned(&self, call: &[u8], terms: Terms) -> Unsigned {
        Unsigned {
            call: call.to_vec(),
            terms,
            target: self.target(),
        }
    }

    /// What version 1 signatures are bound to here.
    pub fn target(&self) -> Target {
        Target {
            genesis: self.genesis,
            spec_version: self.spec_version,
            transaction_version: self.transaction_version,
        }
    }

    /// The bytes of a call, which the metadata must be able to read back, to the last one.
    pub fn call_bytes(&self, call: &Call) -> Result<Vec<u8>> {
        let nonsense = |error: &dyn std::fmt::Display| NodeError::nonsense("the runtime's metadata", error);
        let bytes = self.offline.tx().call_data(call).map_err(|error| nonsense(&error))?;
        show_call(self.offline.metadata_ref(), &bytes).map_err(|error| nonsense(&error))?;
        Ok(bytes)
    }

    /// Puts a classical transaction together with whatever signature `sign` gives.
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
        Ok(Signed::of(signed.into_encoded()))
    }
}

/// The hash by which a transaction is known.
pub fn hash(bytes: &[u8]) -> H256 {
    // The hasher of this chain is fixed; metadata do not matter to it.
    BlakeTwo256.hash(bytes)
}
