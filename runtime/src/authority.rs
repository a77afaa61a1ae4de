//! For whom a call acts, and what a key must be able to do to authorise it: protocol section 9.
//!
//! A transaction may carry other calls inside its own: batches, derivatives, proxies, multisigs. Two questions are asked of
//! the whole tree, and both are answered here so that they cannot differ in what they look at:
//!
//! * [`required`]: every leaf maps to one capability; a wrapper needs the union of its leaves; delegation needs MANAGE; where
//!   only the hash of a call is given, nothing can be seen of it, and every capability is needed.
//! * [`for_each_act`]: with whose origin each part will be dispatched, if it is.

use crate::{AccountId, Address, Multisig, RuntimeCall};
use alloc::vec::Vec;
use pallet_assets::Call as Assets;
use pallet_attunement::Call as Staking;
use pallet_multisig::Call as Msig;
use pallet_proxy::Call as Proxy;
use pallet_scheduler::Call as Scheduler;
use pallet_utility::Call as Utility;
use qc_types::Capabilities;
use sp_runtime::MultiAddress;

/// What a key must be able to do to authorise `call`: the union over every call in it. A wrapper around nothing needs
/// TRANSFER, like everything that costs a fee and does no more.
pub fn required(call: &RuntimeCall) -> Capabilities {
    match own(call) {
        Needs::This(capabilities) => capabilities,
        Needs::Inner => union(call, Capabilities::TRANSFER),
        Needs::InnerAnd(capabilities) => union(call, capabilities),
    }
}

fn union(call: &RuntimeCall, least: Capabilities) -> Capabilities {
    let mut all: Option<Capabilities> = None;
    for_each_inner(call, |inner| {
        let needed = required(inner);
        all = Some(all.map_or(needed, |all| all.union(needed)));
    });
    match (all, least == Capabilities::TRANSFER) {
        (Some(all), true) => all,
        (Some(all), false) => all.union(least),
        (None, _) => least,
    }
}

/// What a call itself asks for, whatever is in it.
enum Needs {
    /// A leaf: one capability (all of them where a call is named by its hash alone).
    This(Capabilities),
    /// A wrapper: what its leaves need.
    Inner,
    /// A wrapper that also delegates.
    InnerAnd(Capabilities),
}

/// Every pallet, and of those that wrap or delegate every call, by name: what a new version adds does not compile until it
/// is placed here.
fn own(call: &RuntimeCall) -> Needs {
    use Needs::{Inner, InnerAnd, This};
    match call {
        RuntimeCall::System(_)
        | RuntimeCall::Timestamp(_)
        | RuntimeCall::Economy(_)
        | RuntimeCall::Balances(_)
        | RuntimeCall::Preimage(_)
        | RuntimeCall::MultiBlockMigrations(_) => This(Capabilities::TRANSFER),
        RuntimeCall::Assets(Assets::approve_transfer { .. } | Assets::cancel_approval { .. }) => {
            This(Capabilities::MANAGE)
        }
        RuntimeCall::Assets(_) => This(Capabilities::TRANSFER),
        RuntimeCall::Session(_) | RuntimeCall::Grandpa(_) => This(Capabilities::VALIDATE),
        RuntimeCall::Attunement(call) => match call {
            Staking::enrol_validator { .. }
            | Staking::bond_extra { .. }
            | Staking::unbond { .. }
            | Staking::withdraw { .. }
            | Staking::leave { .. } => This(Capabilities::VALIDATE),
            Staking::enrol_participant { .. } | Staking::leave_participant { .. } | Staking::boost { .. } => {
                This(Capabilities::TRANSFER)
            }
            Staking::__Ignore(..) => This(Capabilities::ALL),
        },
        // Authorised by the key that signs the report itself; nobody sends it in another way.
        RuntimeCall::Sync(_) => This(Capabilities::SEAL),
        RuntimeCall::KeyLedger(_) => This(Capabilities::MANAGE),
        RuntimeCall::Utility(call) => match call {
            Utility::batch { .. }
            | Utility::batch_all { .. }
            | Utility::force_batch { .. }
            | Utility::as_derivative { .. }
            | Utility::with_weight { .. }
            | Utility::if_else { .. } => Inner,
            Utility::dispatch_as { .. } | Utility::dispatch_as_fallible { .. } => InnerAnd(Capabilities::MANAGE),
            Utility::__Ignore(..) => This(Capabilities::ALL),
        },
        RuntimeCall::Proxy(call) => match call {
            Proxy::proxy { .. } | Proxy::proxy_announced { .. } => Inner,
            Proxy::announce { .. } => This(Capabilities::ALL),
            Proxy::add_proxy { .. }
            | Proxy::remove_proxy { .. }
            | Proxy::remove_proxies { .. }
            | Proxy::create_pure { .. }
            | Proxy::kill_pure { .. }
            | Proxy::remove_announcement { .. }
            | Proxy::reject_announcement { .. } => This(Capabilities::MANAGE),
            Proxy::poke_deposit { .. } => This(Capabilities::TRANSFER),
            Proxy::__Ignore(..) => This(Capabilities::ALL),
        },
        RuntimeCall::Multisig(call) => match call {
            Msig::as_multi { .. } | Msig::as_multi_threshold_1 { .. } => Inner,
            Msig::approve_as_multi { .. } => This(Capabilities::ALL),
            Msig::cancel_as_multi { .. } => This(Capabilities::MANAGE),
            Msig::poke_deposit { .. } => This(Capabilities::TRANSFER),
            Msig::__Ignore(..) => This(Capabilities::ALL),
        },
        RuntimeCall::Scheduler(call) => match call {
            Scheduler::schedule { .. }
            | Scheduler::schedule_named { .. }
            | Scheduler::schedule_after { .. }
            | Scheduler::schedule_named_after { .. } => InnerAnd(Capabilities::MANAGE),
            Scheduler::cancel { .. }
            | Scheduler::cancel_named { .. }
            | Scheduler::set_retry { .. }
            | Scheduler::set_retry_named { .. }
            | Scheduler::cancel_retry { .. }
            | Scheduler::cancel_retry_named { .. } => This(Capabilities::MANAGE),
            Scheduler::__Ignore(..) => This(Capabilities::ALL),
        },
    }
}

/// The calls directly inside a call.
fn for_each_inner(call: &RuntimeCall, mut visit: impl FnMut(&RuntimeCall)) {
    match call {
        RuntimeCall::Utility(
            Utility::batch { calls } | Utility::batch_all { calls } | Utility::force_batch { calls },
        ) => calls.iter().for_each(visit),
        RuntimeCall::Utility(Utility::if_else { main, fallback }) => {
            visit(main);
            visit(fallback);
        }
        RuntimeCall::Utility(
            Utility::as_derivative { call, .. }
            | Utility::with_weight { call, .. }
            | Utility::dispatch_as { call, .. }
            | Utility::dispatch_as_fallible { call, .. },
        )
        | RuntimeCall::Proxy(Proxy::proxy { call, .. } | Proxy::proxy_announced { call, .. })
        | RuntimeCall::Multisig(Msig::as_multi { call, .. } | Msig::as_multi_threshold_1 { call, .. })
        | RuntimeCall::Scheduler(
            Scheduler::schedule { call, .. }
            | Scheduler::schedule_named { call, .. }
            | Scheduler::schedule_after { call, .. }
            | Scheduler::schedule_named_after { call, .. },
        ) => visit(call),
        _ => {}
    }
}

/// Calls `visit` with every call in `call`, itself included, and the account it would act for, if `who` signs. What only Root
/// may dispatch acts for nobody here, and an address that names no account is refused when it is dispatched.
pub fn for_each_act(call: &RuntimeCall, who: &AccountId, visit: &mut impl FnMut(&AccountId, &RuntimeCall)) {
    visit(who, call);
    let other = match call {
        RuntimeCall::Utility(Utility::as_derivative { index, .. }) => {
            Some(pallet_utility::derivative_account_id(who.clone(), *index))
        }
        RuntimeCall::Proxy(Proxy::proxy { real, .. } | Proxy::proxy_announced { real, .. }) => match account(real) {
            Some(real) => Some(real),
            None => return,
        },
        RuntimeCall::Multisig(Msig::as_multi_threshold_1 { other_signatories, .. }) => {
            Some(multisig(who, other_signatories, 1))
        }
        RuntimeCall::Multisig(Msig::as_multi {
            threshold,
            other_signatories,
            ..
        }) => Some(multisig(who, other_signatories, *threshold)),
        RuntimeCall::Scheduler(_) => return,
        RuntimeCall::Utility(Utility::dispatch_as { .. } | Utility::dispatch_as_fallible { .. }) => return,
        _ => None,
    };
    let who = other.as_ref().unwrap_or(who);
    for_each_inner(call, |inner| for_each_act(inner, who, visit));
}

/// How often the account changes at most while [`for_each_act`] goes through a call, the first one included.
pub fn actor_changes(call: &RuntimeCall) -> u64 {
    // argued: a call has fewer than 2^32 parts, and this only feeds a weight
    switches(call).saturating_mul(2).saturating_add(1)
}

fn switches(call: &RuntimeCall) -> u64 {
    let one = matches!(
        call,
        RuntimeCall::Utility(Utility::as_derivative { .. })
            | RuntimeCall::Proxy(Proxy::proxy { .. } | Proxy::proxy_announced { .. })
            | RuntimeCall::Multisig(Msig::as_multi_threshold_1 { .. } | Msig::as_multi { .. })
    );
    let mut count = u64::from(one);
    for_each_inner(call, |inner| {
        // argued: as above
        count = count.saturating_add(switches(inner));
    });
    count
}

/// Whether a call gives somebody without a key of the ledger power over the account that makes it: a proxy, an announcement
/// that anybody may carry out, an approval to take assets.
pub fn gives_classical_power(call: &RuntimeCall) -> bool {
    matches!(
        call,
        RuntimeCall::Proxy(Proxy::add_proxy { .. } | Proxy::announce { .. })
            | RuntimeCall::Assets(Assets::approve_transfer { .. })
    )
}

fn account(address: &Address) -> Option<AccountId> {
    match address {
        MultiAddress::Id(id) => Some(id.clone()),
        _ => None,
    }
}

fn multisig(who: &AccountId, others: &[AccountId], threshold: u16) -> AccountId {
    let mut signatories: Vec<_> = others.to_vec();
    // As pallet-multisig does; with others out of order it refuses the call.
    let place = signatories.binary_search(who).unwrap_or_else(|place| place);
    signatories.insert(place, who.clone());
    Multisig::multi_account_id(&signatories, threshold)
}
