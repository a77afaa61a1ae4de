//! What a user may want, as a value that can be drawn, printed and made smaller.

use crate::support::{keys, people};
use codec::Encode;
use pallet_key_ledger::types::Operation;
use proptest::prelude::*;
use qc_runtime::{configs::ProxyType, AccountId, Balance, Runtime, RuntimeCall, EXISTENTIAL_DEPOSIT, FLX};
use qc_types::{Capabilities, ShardId};
use sp_core::{crypto::ByteArray, Pair};
use sp_runtime::traits::{BlakeTwo256, Hash as _};

/// What a user may want. Numbers that name people, kinds and ids are taken modulo what there is.
#[derive(Clone, Debug)]
pub enum Act {
    /// A transfer of FLX, of one kind or another.
    Pay { kind: u8, to: u8, amount: Balance },
    /// Something with an asset.
    Asset {
        kind: u8,
        id: u32,
        owner: u8,
        to: u8,
        amount: Balance,
    },
    /// A call that is closed to everybody.
    Closed { kind: u8, id: u32, amount: Balance },
    /// A move of home, or calling it off.
    Home { to: Option<u8> },
    /// Several at once.
    Batch { kind: u8, acts: Vec<Act> },
    /// In the name of a derived account.
    Derived { index: u16, act: Box<Act> },
    /// With proxies.
    Proxy {
        kind: u8,
        whom: u8,
        scope: u8,
        delay: u32,
        act: Box<Act>,
    },
    /// With others.
    Multisig {
        kind: u8,
        threshold: u16,
        other: u8,
        act: Box<Act>,
    },
    /// Preimages.
    Preimage { noted: bool, length: u16 },
    /// Session keys.
    Session { kind: u8 },
    /// Something with post-quantum keys.
    Key {
        kind: u8,
        key: u8,
        other: u8,
        capabilities: u8,
    },
    /// Something with ATR that is staked, or with taking part.
    Stake { kind: u8, key: u8, amount: Balance },
    /// A word.
    Remark { length: u16 },
    /// What only Root could do.
    Root { kind: u8, act: Box<Act> },
}

/// Somebody; a signer every second time, or all FLX would soon be where nobody has a key.
fn party(n: u8) -> AccountId {
    if n.is_multiple_of(2) {
        return people::signer_account(n / 2);
    }
    let everybody = people::everybody();
    everybody[usize::from(n) % everybody.len()].clone()
}

fn session_call(n: u8, kind: u8) -> RuntimeCall {
    if kind.is_multiple_of(4) {
        return pallet_session::Call::<Runtime>::purge_keys {}.into();
    }
    // Kind 1: keys of one's own. Kind 2: those of Alice, which are taken. Kind 3: a proof for somebody else.
    let seed = if kind % 4 == 2 {
        "//Alice".to_string()
    } else {
        format!("//session//{n}")
    };
    let aura = sp_core::sr25519::Pair::from_string(&seed, None).expect("a seed");
    let grandpa = sp_core::ed25519::Pair::from_string(&seed, None).expect("a seed");
    let owner = people::signer_account(if kind % 4 == 3 { n + 1 } else { n });
    let statement = [b"POP_", owner.as_slice()].concat();
    let proof = (aura.sign(&statement), grandpa.sign(&statement)).encode();
    let keys = qc_runtime::SessionKeys {
        aura: aura.public().into(),
        grandpa: grandpa.public().into(),
    };
    pallet_session::Call::<Runtime>::set_keys { keys, proof }.into()
}

/// With keys of the signer's own, most of the time: with any, ids are taken and owners foreign.
fn key_call(n: u8, kind: u8, key: u8, other: u8, bits: u8) -> RuntimeCall {
    type Ledger = pallet_key_ledger::Call<Runtime>;
    let owner = people::signer_account(n);
    let capabilities = Capabilities::from_bits(bits & 127).unwrap_or(Capabilities::ALL);
    let (fresh, active) = (
        keys::key(other),
        keys::active(&owner, key).unwrap_or_else(|| keys::key(key)),
    );
    let id = keys::id(&active);
    match kind % 12 {
        0 | 1 => keys::register(&owner, &fresh, Capabilities::ALL),
        2 => keys::register(&owner, &fresh, capabilities),
        3 | 4 => keys::rotate(&owner, &active, &fresh),
        5 => Ledger::set_capabilities { key: id, capabilities }.into(),
        6 => Ledger::revoke { key: id }.into(),
        7 => {
            let operations = vec![
                Operation::SetCapabilities { key: id, capabilities },
                Operation::Revoke {
                    key: keys::id(&keys::key(key)),
                },
            ];
            Ledger::commit {
                operations: operations.try_into().unwrap_or_default(),
            }
            .into()
        }
        8 => Ledger::leave_pqc {}.into(),
        9 => Ledger::keep_pqc {}.into(),
        _ => Ledger::require_pqc {}.into(),
    }
}

/// Amounts are drawn for FLX; a stake is a thousand times as much.
fn stake_call(n: u8, kind: u8, key: u8, amount: Balance) -> RuntimeCall {
    type Staking = pallet_attunement::Call<Runtime>;
    let amount = amount.saturating_mul(1_000);
    let key = keys::active(&people::signer_account(n), key).unwrap_or_else(|| keys::key(key));
    match kind % 10 {
        0 | 1 => Staking::enrol_validator { stake: amount },
        2 => Staking::bond_extra { amount },
        3 => Staking::unbond { amount },
        4 => Staking::withdraw {},
        5 => Staking::leave {},
        6 | 7 => Staking::enrol_participant { key: keys::id(&key) },
        8 => Staking::leave_participant {},
        _ => Staking::boost { amount: amount / 1_000 },
    }
    .into()
}

fn closed_call(kind: u8, id: u32, amount: Balance) -> RuntimeCall {
    type Assets = pallet_assets::Call<Runtime>;
    let (who, id) = (party(0), id.into());
    match kind % 12 {
        0 => pallet_balances::Call::<Runtime>::burn {
            value: amount,
            keep_alive: false,
        }
        .into(),
        1 => Assets::mint {
            id,
            beneficiary: who.into(),
            amount,
        }
        .into(),
        2 => Assets::burn {
            id,
            who: who.into(),
            amount,
        }
        .into(),
        3 => Assets::refund { id, allow_burn: true }.into(),
        4 => Assets::touch { id }.into(),
        5 => Assets::touch_other { id, who: who.into() }.into(),
        6 => Assets::force_transfer {
            id,
            source: who.clone().into(),
            dest: who.into(),
            amount,
        }
        .into(),
        7 => Assets::create {
            id,
            admin: who.into(),
            min_balance: amount,
        }
        .into(),
        8 => Assets::start_destroy { id }.into(),
        9 => Assets::freeze_asset { id }.into(),
        10 => Assets::set_min_balance {
            id,
            min_balance: amount,
        }
        .into(),
        _ => Assets::block { id, who: who.into() }.into(),
    }
}

fn root_call(kind: u8, act: &Act, n: u8) -> RuntimeCall {
    let call = Box::new(act.call(n));
    let who = party(1);
    match kind % 7 {
        0 => frame_system::Call::<Runtime>::set_code { code: vec![0; 8] }.into(),
        1 => frame_system::Call::<Runtime>::kill_prefix {
            prefix: vec![],
            subkeys: 100,
        }
        .into(),
        2 => pallet_balances::Call::<Runtime>::force_set_balance {
            who: who.into(),
            new_free: FLX,
        }
        .into(),
        3 => pallet_balances::Call::<Runtime>::force_transfer {
            source: who.into(),
            dest: party(2).into(),
            value: FLX,
        }
        .into(),
        4 => pallet_scheduler::Call::<Runtime>::schedule_after {
            after: 1,
            maybe_periodic: None,
            priority: 0,
            call,
        }
        .into(),
        5 => {
            let origin = frame_system::RawOrigin::Signed(who).into();
            pallet_utility::Call::<Runtime>::dispatch_as {
                as_origin: Box::new(origin),
                call,
            }
            .into()
        }
        _ => pallet_utility::Call::<Runtime>::with_weight {
            call,
            weight: Default::default(),
        }
        .into(),
    }
}

impl Act {
    /// The call by which signer `n` would do it.
    pub fn call(&self, n: u8) -> RuntimeCall {
        match self {
            Self::Pay { kind, to, amount } => Self::pay(*kind, *to, *amount),
            Self::Asset {
                kind,
                id,
                owner,
                to,
                amount,
            } => Self::asset(*kind, *id, *owner, *to, *amount),
            Self::Closed { kind, id, amount } => closed_call(*kind, *id, *amount),
            Self::Home { to: Some(to) } => {
                pallet_economy::Call::<Runtime>::request_home_move { to: ShardId(*to) }.into()
            }
            Self::Home { to: None } => pallet_economy::Call::<Runtime>::cancel_home_move {}.into(),
            Self::Batch { kind, acts } => {
                let calls = acts.iter().map(|act| act.call(n)).collect();
                match kind % 3 {
                    0 => pallet_utility::Call::<Runtime>::batch { calls }.into(),
                    1 => pallet_utility::Call::<Runtime>::batch_all { calls }.into(),
                    _ => pallet_utility::Call::<Runtime>::force_batch { calls }.into(),
                }
            }
            Self::Derived { index, act } => pallet_utility::Call::<Runtime>::as_derivative {
                index: *index,
                call: Box::new(act.call(n)),
            }
            .into(),
            Self::Proxy {
                kind,
                whom,
                scope,
                delay,
                act,
            } => Self::proxy(*kind, *whom, *scope, *delay, act.call(n)),
            Self::Multisig {
                kind,
                threshold,
                other,
                act,
            } => Self::multisig(n, *kind, *threshold, *other, act.call(n)),
            Self::Preimage { noted: true, length } => pallet_preimage::Call::<Runtime>::note_preimage {
                bytes: vec![7; usize::from(*length)],
            }
            .into(),
            Self::Preimage { noted: false, length } => {
                let hash = BlakeTwo256::hash(&vec![7; usize::from(*length)]);
                pallet_preimage::Call::<Runtime>::unnote_preimage { hash }.into()
            }
            Self::Session { kind } => session_call(n, *kind),
            Self::Key {
                kind,
                key,
                other,
                capabilities,
            } => key_call(n, *kind, *key, *other, *capabilities),
            Self::Stake { kind, key, amount } => stake_call(n, *kind, *key, *amount),
            Self::Remark { length } => frame_system::Call::<Runtime>::remark_with_event {
                remark: vec![1; usize::from(*length)],
            }
            .into(),
            Self::Root { kind, act } => root_call(*kind, act, n),
        }
    }

    fn pay(kind: u8, to: u8, value: Balance) -> RuntimeCall {
        type Balances = pallet_balances::Call<Runtime>;
        let dest = party(to).into();
        match kind % 5 {
            0 | 1 => Balances::transfer_allow_death { dest, value }.into(),
            2 => Balances::transfer_keep_alive { dest, value }.into(),
            3 => Balances::transfer_all {
                dest,
                keep_alive: value.is_multiple_of(2),
            }
            .into(),
            _ => Balances::upgrade_accounts { who: vec![party(to)] }.into(),
        }
    }

    fn asset(kind: u8, id: u32, owner: u8, to: u8, amount: Balance) -> RuntimeCall {
        type Assets = pallet_assets::Call<Runtime>;
        let id = id.into();
        match kind % 7 {
            0 => Assets::transfer {
                id,
                target: party(to).into(),
                amount,
            },
            1 => Assets::transfer_keep_alive {
                id,
                target: party(to).into(),
                amount,
            },
            2 => Assets::transfer_all {
                id,
                dest: party(to).into(),
                keep_alive: amount.is_multiple_of(2),
            },
            3 => Assets::approve_transfer {
                id,
                delegate: party(to).into(),
                amount,
            },
            4 => Assets::cancel_approval {
                id,
                delegate: party(to).into(),
            },
            _ => Assets::transfer_approved {
                id,
                owner: party(owner).into(),
                destination: party(to).into(),
                amount,
            },
        }
        .into()
    }

    fn proxy(kind: u8, whom: u8, scope: u8, delay: u32, call: RuntimeCall) -> RuntimeCall {
        type Proxy = pallet_proxy::Call<Runtime>;
        let proxy_type = [ProxyType::Any, ProxyType::NonTransfer, ProxyType::CancelProxy][usize::from(scope % 3)];
        let delegate = people::signer_account(whom).into();
        let call_hash = BlakeTwo256::hash_of(&call);
        match kind % 8 {
            0 => Proxy::add_proxy {
                delegate,
                proxy_type,
                delay,
            },
            1 => Proxy::remove_proxy {
                delegate,
                proxy_type,
                delay,
            },
            2 => Proxy::remove_proxies {},
            3 => Proxy::create_pure {
                proxy_type,
                delay,
                index: u16::from(scope),
            },
            4 => Proxy::announce {
                real: delegate,
                call_hash,
            },
            5 => Proxy::remove_announcement {
                real: delegate,
                call_hash,
            },
            6 => Proxy::reject_announcement { delegate, call_hash },
            _ => Proxy::proxy {
                real: delegate,
                force_proxy_type: None,
                call: Box::new(call),
            },
        }
        .into()
    }

    fn multisig(n: u8, kind: u8, threshold: u16, other: u8, call: RuntimeCall) -> RuntimeCall {
        type Multisig = pallet_multisig::Call<Runtime>;
        let other_signatories = people::others(n, &[other]);
        let call_hash = BlakeTwo256::hash_of(&call).into();
        let all = people::multisig(n, &[other], threshold);
        let maybe_timepoint = pallet_multisig::Multisigs::<Runtime>::get(all, call_hash).map(|multisig| multisig.when);
        let max_weight = frame_support::weights::Weight::from_parts(1_000_000_000, 100_000);
        match (kind % 4, maybe_timepoint) {
            (0, _) => Multisig::as_multi_threshold_1 {
                other_signatories,
                call: Box::new(call),
            },
            (1, _) => Multisig::approve_as_multi {
                threshold,
                other_signatories,
                maybe_timepoint,
                call_hash,
                max_weight,
            },
            (2, Some(timepoint)) => Multisig::cancel_as_multi {
                threshold,
                other_signatories,
                timepoint,
                call_hash,
            },
            _ => Multisig::as_multi {
                threshold,
                other_signatories,
                maybe_timepoint,
                call: Box::new(call),
                max_weight,
            },
        }
        .into()
    }
}

/// Amounts at the edges: of existence, of what somebody has, of the type.
pub fn amount() -> impl Strategy<Value = Balance> {
    prop_oneof![
        6 => 0..100 * FLX,
        2 => (0u32..20).prop_map(|power| 10u128.pow(power)),
        2 => EXISTENTIAL_DEPOSIT - 2..EXISTENTIAL_DEPOSIT + 2,
        1 => 999_000 * FLX..1_000_001 * FLX,
        1 => Just(100_000 * FLX),
        1 => Just(u128::MAX),
    ]
}

/// Anything that a user may want.
pub fn act() -> impl Strategy<Value = Act> {
    let leaf = prop_oneof![
        6 => (any::<u8>(), any::<u8>(), amount()).prop_map(|(kind, to, amount)| Act::Pay { kind, to, amount }),
        6 => (any::<u8>(), 0..6u32, any::<u8>(), any::<u8>(), amount())
            .prop_map(|(kind, id, owner, to, amount)| Act::Asset { kind, id, owner, to, amount }),
        2 => (any::<u8>(), 0..6u32, amount()).prop_map(|(kind, id, amount)| Act::Closed { kind, id, amount }),
        4 => proptest::option::weighted(0.7, 0..6u8).prop_map(|to| Act::Home { to }),
        2 => (any::<bool>(), 0..3_000u16).prop_map(|(noted, length)| Act::Preimage { noted, length: length / 1_000 }),
        2 => any::<u8>().prop_map(|kind| Act::Session { kind }),
        5 => (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>())
            .prop_map(|(kind, key, other, capabilities)| Act::Key { kind, key, other, capabilities }),
        4 => (any::<u8>(), any::<u8>(), amount()).prop_map(|(kind, key, amount)| Act::Stake { kind, key, amount }),
        1 => (0..2_000u16).prop_map(|length| Act::Remark { length }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => (any::<u8>(), proptest::collection::vec(inner.clone(), 0..4))
                .prop_map(|(kind, acts)| Act::Batch { kind, acts }),
            1 => (0..2u16, inner.clone()).prop_map(|(index, act)| Act::Derived { index, act: Box::new(act) }),
            4 => (any::<u8>(), 0..8u8, 0..3u8, prop_oneof![4 => Just(0u32), 1 => 1..3u32], inner.clone()).prop_map(
                |(kind, whom, scope, delay, act)| Act::Proxy { kind, whom, scope, delay, act: Box::new(act) }
            ),
            3 => (any::<u8>(), 1..3u16, 0..4u8, inner.clone()).prop_map(
                |(kind, threshold, other, act)| Act::Multisig { kind, threshold, other, act: Box::new(act) }
            ),
            1 => (any::<u8>(), inner).prop_map(|(kind, act)| Act::Root { kind, act: Box::new(act) }),
        ]
    })
}
