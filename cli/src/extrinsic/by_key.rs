//! Version 1 transactions, encoded by hand: a post-quantum key signs for its owner (docs/protocol/keys.md).
//!
//! ```text
//! Compact(length) ‖ 0x45 ‖ 0x01 ‖ key id (32) ‖ signature (0x00 ‖ 4,627) ‖ what follows ‖ call
//! ```
//!
//! What follows, explicitly: era, Compact(nonce), Compact(tip), metadata hash mode 0. Implicitly: spec version, transaction
//! version, genesis hash, birth block's hash, no metadata hash. Signed is, under `qc/transaction/v1`, genesis hash ‖
//! BLAKE2b-256(0x01 ‖ call ‖ explicit ‖ implicit). The account is nowhere in it: the key ledger knows whose the key is.

use super::{Mortality, Signed, Terms};
use crate::errors::{Error, Result};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use codec::{Compact, Decode, Encode, Input};
use qc_pqc::{KeyId, PublicKey, Purpose, SecretKey, Signature, ML_DSA_87_SIGNATURE_BYTES};
use qc_types::Balance;
use subxt::config::substrate::H256;
use subxt::utils::Era;

/// A general transaction of format 5.
const GENERAL_V5: u8 = 0x45;

/// The version of the extensions that begins with a key.
const EXTENSION_VERSION: u8 = 1;

/// How metadata hashes are checked: not at all.
const NO_METADATA_HASH: u8 = 0;

/// The largest transaction that is looked into; a block is smaller.
const TRANSACTION_BYTES_MAX: usize = 8 << 20;

/// The extensions of version 1 in their order, by their names in the metadata. What this file encodes is for these and no
/// others.
pub const EXTENSIONS: [&str; 12] = [
    "AuthorizeByKey",
    "CheckNonZeroSender",
    "CheckSpecVersion",
    "CheckTxVersion",
    "CheckGenesis",
    "CheckMortality",
    "CheckNonce",
    "CheckWeight",
    "CheckHalt",
    "ChargeTransactionPayment",
    "CheckMetadataHash",
    "WeightReclaim",
];

/// The chain and runtime that a signature is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Target {
    /// The hash of block 0.
    pub genesis: H256,
    /// The runtime's version.
    pub spec_version: u32,
    /// The version of the runtime's transactions.
    pub transaction_version: u32,
}

/// A version 1 transaction before it is signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unsigned {
    /// The call, encoded.
    pub call: Vec<u8>,
    /// Nonce, tip and expiry.
    pub terms: Terms,
    /// For which chain and runtime.
    pub target: Target,
}

impl Unsigned {
    /// The extensions' bytes after the signature.
    fn explicit(&self) -> Vec<u8> {
        let Terms { nonce, tip, .. } = self.terms;
        (
            era(self.terms.mortality),
            Compact(nonce),
            Compact(tip),
            NO_METADATA_HASH,
        )
            .encode()
    }

    /// What the extensions have signed without carrying it.
    fn implicit(&self) -> Vec<u8> {
        let Target {
            genesis,
            spec_version,
            transaction_version,
        } = self.target;
        let birth = self.terms.mortality.map_or(genesis, |mortality| mortality.from_hash);
        (spec_version, transaction_version, genesis.0, birth.0, None::<[u8; 32]>).encode()
    }

    /// What is signed, without the genesis hash in front of it.
    pub fn payload(&self) -> [u8; 32] {
        Blake2b::<U32>::new()
            .chain_update([EXTENSION_VERSION])
            .chain_update(&self.call)
            .chain_update(self.explicit())
            .chain_update(self.implicit())
            .finalize()
            .into()
    }

    /// Signs it.
    pub fn sign(&self, key: &SecretKey) -> Result<Signed> {
        let signature = key
            .sign(Purpose::Transaction, &self.target.genesis.0, &self.payload())
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(self.put_together(&KeyId::of(key.public()), &signature))
    }

    /// Whether the signature is the key's over this.
    pub fn is_signed_by(&self, key: &PublicKey, signature: &Signature) -> bool {
        qc_pqc::verify(
            key,
            Purpose::Transaction,
            &self.target.genesis.0,
            &self.payload(),
            signature,
        )
    }

    /// The transaction with a signature.
    pub fn put_together(&self, key: &KeyId, signature: &Signature) -> Signed {
        let mut body = vec![GENERAL_V5, EXTENSION_VERSION];
        (key, signature).encode_to(&mut body);
        body.extend(self.explicit());
        body.extend_from_slice(&self.call);
        Signed::of(body.encode())
    }

    /// The transaction with nobody's signature, as long as a signed one.
    pub fn unproved(&self) -> Signed {
        let nobody = Signature::MlDsa87(Box::new([0; ML_DSA_87_SIGNATURE_BYTES]));
        self.put_together(&KeyId::default(), &nobody)
    }
}

/// The era of a lifetime.
fn era(mortality: Option<Mortality>) -> Era {
    mortality.map_or(Era::Immortal, |mortality| {
        Era::mortal(mortality.blocks, mortality.from_number)
    })
}

/// What a version 1 transaction carries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parts {
    /// The key that signed.
    pub key: KeyId,
    /// Its signature.
    pub signature: Signature,
    /// When it expires, without the block from which that counts.
    pub era: Era,
    /// The owner's nonce.
    pub nonce: u64,
    /// FLX in plancks on top of the fee.
    pub tip: Balance,
    /// The call, encoded.
    pub call: Vec<u8>,
}

/// Takes a version 1 transaction apart; `None` if it is none.
pub fn take_apart(bytes: &[u8]) -> Option<Parts> {
    if bytes.len() > TRANSACTION_BYTES_MAX {
        return None;
    }
    let mut rest = bytes;
    let length = Compact::<u32>::decode(&mut rest).ok()?.0;
    if u32::try_from(rest.len()) != Ok(length) {
        return None;
    }
    if [rest.read_byte().ok()?, rest.read_byte().ok()?] != [GENERAL_V5, EXTENSION_VERSION] {
        return None;
    }
    let (key, signature) = Decode::decode(&mut rest).ok()?;
    let (era, nonce, tip, mode) = <(Era, Compact<u64>, Compact<Balance>, u8)>::decode(&mut rest).ok()?;
    if mode != NO_METADATA_HASH {
        return None;
    }
    Some(Parts {
        key,
        signature,
        era,
        nonce: nonce.0,
        tip: tip.0,
        call: rest.to_vec(),
    })
}

#[cfg(test)]
mod tests;
