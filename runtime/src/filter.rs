//! The calls that nobody may make, alone or inside another call, because they would break a law.

use crate::{
    halt::{is_way_out, Gate},
    AccountId, RuntimeCall,
};
use frame_support::traits::Contains;
use pallet_assets::Call as AssetsCall;
use pallet_balances::Call as BalancesCall;
use pallet_session::Call as SessionCall;
use qc_traits::HaltGate;

/// The calls that keep the laws, while the chain is not halted; the way out of it, while it is.
pub struct LawfulCalls;

impl Contains<RuntimeCall> for LawfulCalls {
    fn contains(call: &RuntimeCall) -> bool {
        keeps_the_laws(call) && goes_on::<Gate>(call)
    }
}

/// Whether the gate lets a call go on: every one, or, while it halts the chain, the way out. Of any gate, so that a test can
/// halt it.
pub(crate) fn goes_on<Gate: HaltGate<AccountId>>(call: &RuntimeCall) -> bool {
    !Gate::is_chain_halted() || is_way_out(call)
}

/// CHR-1, FLX-1: nothing is burnt and no asset is managed. Of `pallet-assets` only what a holder may do with what is their
/// own is open; a call that a new version of it adds is closed until it is named here.
fn keeps_the_laws(call: &RuntimeCall) -> bool {
    match call {
        RuntimeCall::Balances(call) => !matches!(call, BalancesCall::burn { .. }),
        RuntimeCall::Assets(call) => matches!(
            call,
            AssetsCall::transfer { .. }
                | AssetsCall::transfer_keep_alive { .. }
                | AssetsCall::transfer_all { .. }
                | AssetsCall::approve_transfer { .. }
                | AssetsCall::cancel_approval { .. }
                | AssetsCall::transfer_approved { .. }
        ),
        // A validator without session keys drops out of the set at once, whatever the limits on removals; if all did, nobody
        // would be left. Who validates no more is chosen no more, with keys or without.
        RuntimeCall::Session(call) => !matches!(call, SessionCall::purge_keys { .. }),
        _ => true,
    }
}
