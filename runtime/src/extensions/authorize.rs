//! [`AuthorizeByKey`]: a post-quantum key signs for its owner.

use super::{code, protection};
use crate::{authority, AccountId, KeyLedger, Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{pallet_prelude::Weight, traits::OriginTrait};
use pallet_key_ledger::{AuthoriseError, WeightInfo as _};
use qc_pqc::{KeyId, Signature};
use scale_info::TypeInfo;
use sp_io::hashing::blake2_256;
use sp_runtime::{
    traits::{DispatchInfoOf, PostDispatchInfoOf, TransactionExtension, ValidateResult},
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction},
    DispatchResult,
};

/// Begins version 1: names a key of the key ledger and carries its signature over everything that follows. The public key
/// itself never travels.
///
/// The signed message is `genesis hash ‖ blake2_256(version ‖ call ‖ the other extensions ‖ their implicit data)` under the
/// context `qc/transaction/v1` (docs/protocol/keys.md). If the key is active, may do what the call and every call in it asks
/// for, and has signed, the origin becomes its owner's.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct AuthorizeByKey {
    /// The key that signs.
    pub key: KeyId,
    /// Its signature.
    pub signature: Signature,
}

impl AuthorizeByKey {
    /// What is signed of a transaction, before the genesis hash is put in front: the hash of what follows the extension.
    pub fn payload(following: &impl Encode) -> [u8; 32] {
        following.using_encoded(blake2_256)
    }
}

/// Bytes of [`AuthorizeByKey::payload`].
const PAYLOAD_BYTES: u32 = 32;

fn refusal(error: AuthoriseError) -> TransactionValidityError {
    let invalid = match error {
        AuthoriseError::KeyUnknown => InvalidTransaction::Custom(code::KEY_UNKNOWN),
        AuthoriseError::KeyRotatedOut | AuthoriseError::KeyRevoked => InvalidTransaction::Custom(code::KEY_ENDED),
        AuthoriseError::CapabilityMissing => InvalidTransaction::Custom(code::CAPABILITY_MISSING),
        AuthoriseError::SignatureWrong => InvalidTransaction::BadProof,
    };
    invalid.into()
}

impl TransactionExtension<RuntimeCall> for AuthorizeByKey {
    const IDENTIFIER: &'static str = "AuthorizeByKey";
    type Implicit = ();
    type Val = (AccountId, KeyId);
    type Pre = ();

    fn weight(&self, call: &RuntimeCall) -> Weight {
        let authorise = crate::weights::pallet_key_ledger::WeightInfo::<Runtime>::authorise(PAYLOAD_BYTES);
        // argued: two weights far below the type's bound; a sum that were not would fill the block
        authorise.saturating_add(protection::weight_of(call))
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
        _: Self::Implicit,
        inherited_implication: &impl Encode,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        // A transaction is authorised once: the origin of a general transaction that nobody has spoken for is none.
        if !matches!(origin.as_system_ref(), Some(frame_system::RawOrigin::None)) {
            return Err(InvalidTransaction::BadSigner.into());
        }
        let payload = Self::payload(inherited_implication);
        let needed = authority::required(call);
        let owner = KeyLedger::authorise(&self.key, needed, &payload, &self.signature).map_err(refusal)?;
        protection::check(call, &owner, Some(&owner))?;
        let mut authorised = origin;
        authorised.set_caller_from_signed(owner.clone());
        Ok((ValidTransaction::default(), (owner, self.key), authorised))
    }

    fn prepare(
        self,
        (owner, key): Self::Val,
        _: &RuntimeOrigin,
        _: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        KeyLedger::begin(&owner, &key);
        Ok(())
    }

    fn post_dispatch_details(
        _: Self::Pre,
        _: &DispatchInfoOf<RuntimeCall>,
        _: &PostDispatchInfoOf<RuntimeCall>,
        _: usize,
        _: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        KeyLedger::end();
        Ok(Weight::zero())
    }
}
