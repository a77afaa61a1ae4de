//! The proofs that calls carry, as far as they can be known before the calls are dispatched: so that a node can verify them
//! ahead. Nothing is decided here.

use crate::{
    types::{Operation, OPERATIONS_MAX},
    Call, Config, Owners, Pallet, PublicKeys,
};
use alloc::{vec, vec::Vec};
use codec::{Decode, Encode};
use qc_pqc::{PublicKey, Purpose, Signature};
use qc_traits::{possession_payload, rotation_payload};
use qc_types::Capabilities;
use scale_info::TypeInfo;

/// One verification that a block will ask for.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct SignatureCheck {
    /// The key.
    pub key: PublicKey,
    /// What the signature is for.
    pub purpose: Purpose,
    /// What is signed after the genesis hash.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Signature,
}

impl<T: Config> Pallet<T> {
    /// The proofs of possession and rotation that `call` would have verified if `owner` made it now.
    pub fn proofs_of_call(owner: &T::AccountId, call: &Call<T>) -> Vec<SignatureCheck> {
        let operations = match call.clone() {
            Call::register {
                public_key,
                capabilities,
                proof,
            } => vec![Operation::Register {
                public_key,
                capabilities,
                proof,
            }],
            Call::rotate {
                from,
                public_key,
                by_old,
                by_new,
            } => vec![Operation::Rotate {
                from,
                public_key,
                by_old,
                by_new,
            }],
            Call::commit { operations } => operations.into_inner(),
            _ => return Vec::new(),
        };
        let nonce = Owners::<T>::get(owner).map_or(0, |record| record.nonce);
        (0..OPERATIONS_MAX)
            .zip(operations)
            .filter_map(|(place, operation)| Some((nonce.checked_add(place)?, operation)))
            .flat_map(|(nonce, operation)| Self::proofs_of_operation(owner, nonce, operation))
            .collect()
    }

    fn proofs_of_operation(owner: &T::AccountId, nonce: u32, operation: Operation) -> Vec<SignatureCheck> {
        match operation {
            Operation::Register {
                public_key,
                capabilities,
                proof,
            } => vec![SignatureCheck {
                payload: possession_payload(owner, nonce, &public_key, capabilities),
                key: public_key,
                purpose: Purpose::Possession,
                signature: proof,
            }],
            Operation::Rotate {
                from,
                public_key,
                by_old,
                by_new,
            } => {
                let capabilities = crate::Keys::<T>::get(from).map_or(Capabilities::NONE, |old| old.capabilities);
                let payload = rotation_payload(owner, nonce, &from, &public_key, capabilities);
                let check = |key, signature| SignatureCheck {
                    key,
                    purpose: Purpose::Rotation,
                    payload: payload.clone(),
                    signature,
                };
                let old = PublicKeys::<T>::get(from).map(|key| check(key, by_old));
                old.into_iter().chain([check(public_key, by_new)]).collect()
            }
            Operation::SetCapabilities { .. } | Operation::Revoke { .. } => Vec::new(),
        }
    }
}
