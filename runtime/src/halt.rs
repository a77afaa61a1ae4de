//! What is halted, and what goes on all the same.
//!
//! Every place that must stop asks one gate: the transaction extension [`crate::extensions::CheckHalt`] (validity and
//! dispatch), the call filter [`crate::filter::LawfulCalls`] (nested dispatch, and scheduled calls that are not Root's), the
//! pausable clock, and the pallets with hooks. Until the incidents of protocol section 10 exist the gate is `()`.

use crate::RuntimeCall;

/// The gate that all ask.
pub type Gate = ();

/// Whether a call belongs to the way out of a halt of the whole chain. Nothing does yet but the inherents, without which
/// there is no block at all.
pub fn is_way_out(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::Timestamp(pallet_timestamp::Call::set { .. }))
}
