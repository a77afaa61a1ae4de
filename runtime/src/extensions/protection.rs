//! [`CheckProtection`]: nothing classical acts for an account that requires post-quantum keys.

use super::code;
use crate::{authority, AccountId, KeyLedger, Runtime, RuntimeCall};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{pallet_prelude::Weight, traits::OriginTrait};
use qc_traits::KeyInspect;
use scale_info::TypeInfo;
use sp_runtime::{
    impl_tx_ext_default,
    traits::{DispatchInfoOf, DispatchOriginOf, TransactionExtension, ValidateResult},
    transaction_validity::{InvalidTransaction, TransactionSource, ValidTransaction},
};

/// Refuses a transaction if it, or a call inside it, would act for an account that requires post-quantum keys, unless it is
/// that account's own key that signed: not a classical signature, a proxy, an approval of a multisig or a derivative. Carries
/// nothing, so wallets sign as before.
///
/// This sees every origin that a transaction can come to; [`qc_traits::DebitGate`] stands behind it, for what moves FLX or
/// assets in other ways.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct CheckProtection;

/// Refuses `call`, signed for `who`, if a part of it would act for an account that requires post-quantum keys and is not
/// `authorised`, whose own key signed; or if it would give somebody classical power over such an account.
pub(super) fn check(
    call: &RuntimeCall,
    who: &AccountId,
    authorised: Option<&AccountId>,
) -> Result<(), InvalidTransaction> {
    let mut found = Ok(());
    let mut last: Option<(AccountId, bool)> = None;
    authority::for_each_act(call, who, &mut |actor, part| {
        if found.is_err() {
            return;
        }
        let is_protected = match &last {
            Some((known, is_protected)) if known == actor => *is_protected,
            _ => {
                let is_protected = KeyLedger::requires_pqc(actor);
                last = Some((actor.clone(), is_protected));
                is_protected
            }
        };
        if is_protected && authorised != Some(actor) {
            found = Err(InvalidTransaction::Custom(code::PQC_REQUIRED));
        } else if is_protected && authority::gives_classical_power(part) {
            found = Err(InvalidTransaction::Custom(code::DELEGATION_BARRED));
        }
    });
    found
}

/// What [`check`] costs at most: a read whenever the account changes.
pub(super) fn weight_of(call: &RuntimeCall) -> Weight {
    <Runtime as frame_system::Config>::DbWeight::get().reads(authority::actor_changes(call))
}

impl TransactionExtension<RuntimeCall> for CheckProtection {
    const IDENTIFIER: &'static str = "CheckProtection";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, call: &RuntimeCall) -> Weight {
        weight_of(call)
    }

    fn validate(
        &self,
        origin: DispatchOriginOf<RuntimeCall>,
        call: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
        _: Self::Implicit,
        _: &impl Encode,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        if let Some(frame_system::RawOrigin::Signed(who)) = origin.as_system_ref() {
            check(call, who, None)?;
        }
        Ok((ValidTransaction::default(), (), origin))
    }

    impl_tx_ext_default!(RuntimeCall; prepare);
}
