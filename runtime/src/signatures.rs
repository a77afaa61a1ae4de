//! Which post-quantum signatures a block will have verified, so that a node can do it ahead, on all cores.

use crate::{
    extensions::{AuthorizeByKey, TxExtensionV1},
    Address, KeyLedger, Signature, TxExtension, UncheckedExtrinsic,
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use qc_pqc::PublicKey;
use qc_traits::KeyInspect;
use scale_info::TypeInfo;
use sp_runtime::{
    generic::Preamble,
    traits::{ExtensionVariant, PipelineAtVers, TransactionExtension},
};

/// One verification: of a signature under the purpose `Transaction`, over the genesis hash and `payload`.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct SignatureCheck {
    /// The key, as of the state that was asked.
    pub key: PublicKey,
    /// What is signed after the genesis hash.
    pub payload: [u8; 32],
    /// The signature.
    pub signature: qc_pqc::Signature,
}

sp_api::decl_runtime_apis! {
    /// What a node may ask to verify signatures before it executes a block. Nothing depends on the answer: what the block
    /// itself verifies, it verifies, and an answer only fills the cache of what is already known to be right.
    pub trait SignatureApi {
        /// The checks that executing these extrinsics on this state would make, as far as they can be known before: an
        /// extrinsic that is none of version 1, does not decode or names no active key is left out.
        fn signature_checks(extrinsics: Vec<Vec<u8>>) -> Vec<SignatureCheck>;
    }
}

type Variant = ExtensionVariant<TxExtension, PipelineAtVers<1, TxExtensionV1>>;

/// The check of an extrinsic, if it has one.
pub fn check_of(extrinsic: &[u8]) -> Option<SignatureCheck> {
    let extrinsic = UncheckedExtrinsic::decode(&mut &extrinsic[..]).ok()?;
    let preamble: &Preamble<Address, Signature, TxExtension, PipelineAtVers<1, TxExtensionV1>> = &extrinsic.preamble;
    let Preamble::General(Variant::Other(pipeline)) = preamble else {
        return None;
    };
    let (AuthorizeByKey { key, signature }, following) = &pipeline.extension;
    let implicit = following.implicit().ok()?;
    Some(SignatureCheck {
        key: KeyLedger::public_key(key)?,
        payload: AuthorizeByKey::payload(&(1u8, &extrinsic.function, following, implicit)),
        signature: signature.clone(),
    })
}
