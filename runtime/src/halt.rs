//! What is halted, and what goes on all the same.
//!
//! Every place that must stop asks one gate: the transaction extension [`crate::extensions::CheckHalt`] (validity and
//! dispatch), the call filter [`crate::filter::LawfulCalls`] (nested dispatch, and scheduled calls that are not Root's), the
//! pausable clock, and the pallets with hooks. Until the incidents of protocol section 10 exist the gate is `()`.

use crate::RuntimeCall;

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;

/// The gate that all ask.
pub type Gate = ();

/// Whether a call belongs to the way out of a halt of the whole chain: the inherents, without which there is no block at all,
/// the reports of validators, by which it is seen that they agree again, and the revocation of a key, so that who stole one
/// gains nothing by the halt.
pub fn is_way_out(call: &RuntimeCall) -> bool {
    matches!(
        call,
        RuntimeCall::Timestamp(pallet_timestamp::Call::set { .. })
            | RuntimeCall::Sync(pallet_sync::Call::report { .. })
            | RuntimeCall::KeyLedger(pallet_key_ledger::Call::revoke { .. })
    )
}
