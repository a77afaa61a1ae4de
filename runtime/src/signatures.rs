//! Which post-quantum signatures a block will have verified, so that a node can do it ahead, on all cores.

use crate::{
    authority::for_each_act,
    extensions::{AfterAuthorizer, AuthorizeByKey, TxExtensionV1},
    Address, KeyLedger, RuntimeCall, Signature, TxExtension, UncheckedExtrinsic,
};
use alloc::vec::Vec;
use codec::Decode;
use qc_pqc::Purpose;
use qc_traits::KeyInspect;
use sp_runtime::{
    generic::Preamble,
    traits::{ExtensionVariant, PipelineAtVers, TransactionExtension},
    MultiAddress,
};

pub use pallet_key_ledger::SignatureCheck;

sp_api::decl_runtime_apis! {
    /// What a node may ask to verify signatures before it executes a block. Nothing depends on the answer: what the block
    /// itself verifies, it verifies, and an answer only fills the cache of what is already known to be right.
    pub trait SignatureApi {
        /// The checks that executing these extrinsics on this state would make, as far as they can be known before: of the
        /// signatures of version 1, and of the proofs of possession and rotation that calls carry. What does not decode or
        /// names no active key is left out.
        fn signature_checks(extrinsics: Vec<Vec<u8>>) -> Vec<SignatureCheck>;
    }
}

type Variant = ExtensionVariant<TxExtension, PipelineAtVers<1, TxExtensionV1>>;

/// The checks of an extrinsic: of the signature that authorises it, and of the proofs in its calls.
pub fn checks_of(extrinsic: &[u8]) -> Vec<SignatureCheck> {
    let Ok(extrinsic) = UncheckedExtrinsic::decode(&mut &extrinsic[..]) else {
        return Vec::new();
    };
    let mut checks = Vec::new();
    let preamble: &Preamble<Address, Signature, TxExtension, PipelineAtVers<1, TxExtensionV1>> = &extrinsic.preamble;
    let signer = match preamble {
        Preamble::Signed(MultiAddress::Id(signer), ..) => Some(signer.clone()),
        Preamble::General(Variant::Other(pipeline)) => {
            let (by_key, following) = &pipeline.extension;
            checks.extend(check_of_authoriser(by_key, following, &extrinsic.function));
            KeyLedger::key(&by_key.key).map(|info| info.owner)
        }
        _ => None,
    };
    if let Some(signer) = signer {
        for_each_act(&extrinsic.function, &signer, &mut |who, call| {
            if let RuntimeCall::KeyLedger(call) = call {
                checks.extend(KeyLedger::proofs_of_call(who, call));
            }
        });
    }
    checks
}

fn check_of_authoriser(
    AuthorizeByKey { key, signature }: &AuthorizeByKey,
    following: &AfterAuthorizer,
    call: &RuntimeCall,
) -> Option<SignatureCheck> {
    let implicit = following.implicit().ok()?;
    Some(SignatureCheck {
        key: KeyLedger::public_key(key)?,
        purpose: Purpose::Transaction,
        payload: AuthorizeByKey::payload(&(1u8, call, following, implicit)).to_vec(),
        signature: signature.clone(),
    })
}
