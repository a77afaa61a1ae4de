//! Every call that the metadata names needs exactly one capability, and nothing that is wrapped around it needs less.

use super::*;
use crate::support::{
    chain::{undone, Chain},
    generate::Generator,
    keys::{key, pay},
    people::{others, signer_account},
    transaction::sign_by_key,
};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo},
    weights::Weight,
};
use qc_runtime::{authority, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::traits::{BlakeTwo256, Hash};

const SNAPSHOT: &str = include_str!("capabilities.snapshot.txt");
const REWRITE: &str = "QC_REWRITE=1 cargo test --workspace --test stateful keys::capabilities";
const ONE_BY_ONE: [Capabilities; 7] = [
    Capabilities::TRANSFER,
    Capabilities::GOVERN,
    Capabilities::VALIDATE,
    Capabilities::SEAL,
    Capabilities::RECOVER,
    Capabilities::BRIDGE,
    Capabilities::MANAGE,
];

/// The calls that carry calls: what the test below wraps everything in. One that is new is found by the list of all calls.
const WRAPPERS: [&str; 17] = [
    "Multisig.as_multi",
    "Multisig.as_multi_threshold_1",
    "Proxy.proxy",
    "Proxy.proxy_announced",
    "Scheduler.schedule",
    "Scheduler.schedule_after",
    "Scheduler.schedule_named",
    "Scheduler.schedule_named_after",
    "Utility.as_derivative",
    "Utility.batch",
    "Utility.batch_all",
    "Utility.dispatch_as",
    "Utility.dispatch_as_fallible",
    "Utility.force_batch",
    "Utility.if_else",
    "Utility.with_weight",
    "Utility.if_else's fallback",
];

fn wrap(kind: &str, call: &RuntimeCall) -> RuntimeCall {
    type Utility = pallet_utility::Call<Runtime>;
    type Scheduler = pallet_scheduler::Call<Runtime>;
    type Proxy = pallet_proxy::Call<Runtime>;
    let boxed = || Box::new(call.clone());
    let calls = || vec![pay(1), call.clone()];
    let as_origin = || Box::new(frame_system::RawOrigin::Signed(signer_account(1)).into());
    let (real, delegate) = (signer_account(1).into(), signer_account(2).into());
    let (maybe_periodic, priority, id) = (None, 0, [0; 32]);
    match kind {
        "Multisig.as_multi" => pallet_multisig::Call::<Runtime>::as_multi {
            threshold: 2,
            other_signatories: others(0, &[1]),
            maybe_timepoint: None,
            call: boxed(),
            max_weight: Weight::MAX,
        }
        .into(),
        "Multisig.as_multi_threshold_1" => pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
            other_signatories: others(0, &[1]),
            call: boxed(),
        }
        .into(),
        "Proxy.proxy" => Proxy::proxy {
            real,
            force_proxy_type: None,
            call: boxed(),
        }
        .into(),
        "Proxy.proxy_announced" => Proxy::proxy_announced {
            delegate,
            real,
            force_proxy_type: None,
            call: boxed(),
        }
        .into(),
        "Scheduler.schedule" => Scheduler::schedule {
            when: 9,
            maybe_periodic,
            priority,
            call: boxed(),
        }
        .into(),
        "Scheduler.schedule_after" => Scheduler::schedule_after {
            after: 9,
            maybe_periodic,
            priority,
            call: boxed(),
        }
        .into(),
        "Scheduler.schedule_named" => Scheduler::schedule_named {
            id,
            when: 9,
            maybe_periodic,
            priority,
            call: boxed(),
        }
        .into(),
        "Scheduler.schedule_named_after" => Scheduler::schedule_named_after {
            id,
            after: 9,
            maybe_periodic,
            priority,
            call: boxed(),
        }
        .into(),
        "Utility.as_derivative" => Utility::as_derivative {
            index: 0,
            call: boxed(),
        }
        .into(),
        "Utility.batch" => Utility::batch { calls: calls() }.into(),
        "Utility.batch_all" => Utility::batch_all { calls: calls() }.into(),
        "Utility.force_batch" => Utility::force_batch { calls: calls() }.into(),
        "Utility.dispatch_as" => Utility::dispatch_as {
            as_origin: as_origin(),
            call: boxed(),
        }
        .into(),
        "Utility.dispatch_as_fallible" => Utility::dispatch_as_fallible {
            as_origin: as_origin(),
            call: boxed(),
        }
        .into(),
        "Utility.if_else" => Utility::if_else {
            main: boxed(),
            fallback: Box::new(pay(1)),
        }
        .into(),
        "Utility.if_else's fallback" => Utility::if_else {
            main: Box::new(pay(1)),
            fallback: boxed(),
        }
        .into(),
        "Utility.with_weight" => Utility::with_weight {
            call: boxed(),
            weight: Weight::zero(),
        }
        .into(),
        other => panic!("{other} is not made here"),
    }
}

/// The list of all calls and what each needs, under version control: a call that is new is looked at before it is there.
#[test]
fn every_call_needs_what_the_list_says() {
    Chain::new("development").look(|| {
        let mut generator = Generator::new(3);
        let mut names = generator.names();
        names.sort();
        let mut list = String::new();
        for name in &names {
            let text = name.to_string();
            let made: Vec<_> = (0..20).filter_map(|_| generator.call(name)).collect();
            let needed: Vec<_> = made.iter().map(authority::required).collect();
            let says = if WRAPPERS.contains(&text.as_str()) {
                "what is in it".to_string()
            } else if needed.is_empty() {
                "impossible".to_string()
            } else {
                let needed = needed.iter().copied().reduce(|a, b| {
                    assert_eq!(a, b, "{text} needs different things with different arguments");
                    a
                });
                let needed = needed.unwrap_or_default();
                let alone = ONE_BY_ONE.contains(&needed);
                assert!(alone || needed == Capabilities::ALL, "{text} needs {needed:?}");
                if alone {
                    needed.names().collect()
                } else {
                    "all: only a hash is seen".to_string()
                }
            };
            list += &format!("{text}: {says}\n");
        }
        if std::env::var_os("QC_REWRITE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/capabilities.snapshot.txt");
            std::fs::write(path, &list).expect("it can be written");
            return;
        }
        assert_eq!(list, SNAPSHOT, "look at what changed, then: {REWRITE}");
    });
}

/// Whatever is put around a call, needs at least what the call needs: two wrappers deep, for every call there is.
#[test]
fn no_wrapper_needs_less_than_what_is_in_it() {
    Chain::new("development").look(|| {
        let mut generator = Generator::new(4);
        for name in generator.names() {
            for _ in 0..3 {
                let Some(call) = generator.call(&name) else { continue };
                let needed = authority::required(&call);
                for outer in WRAPPERS {
                    let wrapped = wrap(outer, &call);
                    assert!(authority::required(&wrapped).contains(needed), "{name} in {outer}");
                    let twice = wrap(WRAPPERS[generator.draw.below(WRAPPERS.len())], &wrapped);
                    assert!(
                        authority::required(&twice).contains(needed),
                        "{name} in {outer}, wrapped again"
                    );
                }
            }
        }
    });
}

/// The same, where it counts: the transaction of a key that lacks one capability that its call needs is refused, as it is and
/// in every wrapper; that of a key with all of them is not refused for that.
#[test]
fn a_capability_that_a_key_lacks_cannot_be_smuggled() {
    let mut chain = Chain::new("development");
    let owner = signer_account(0);
    let weak: Vec<_> = (20..27).map(key).collect();
    chain.block(|| {
        for (key, lacks) in weak.iter().zip(ONE_BY_ONE) {
            register_classically(Alice, key, Capabilities::ALL.without(lacks));
        }
    });
    chain.block(|| {
        let mut generator = Generator::new(5);
        for name in generator.names() {
            let Some(call) = generator.call(&name) else { continue };
            // An inherent is no transaction, whoever signs it.
            if call.get_dispatch_info().class == DispatchClass::Mandatory {
                continue;
            }
            let needed = authority::required(&call);
            let wrapped = wrap(WRAPPERS[generator.draw.below(WRAPPERS.len())], &call);
            for (key, lacks) in weak.iter().zip(ONE_BY_ONE) {
                if !needed.contains(lacks) {
                    continue;
                }
                for call in [&call, &wrapped] {
                    assert_refused(&sign_by_key(&owner, key, call.clone()), CAPABILITY_MISSING);
                }
                // One is enough where all are needed.
                break;
            }
        }
    });
}

/// A key that cannot MANAGE gives nobody else the power that it lacks.
#[test]
fn a_delegation_needs_manage() {
    let mut chain = Chain::new("development");
    chain.block(|| register_classically(Alice, &key(1), Capabilities::ALL.without(Capabilities::MANAGE)));
    chain.block(|| {
        let owner = signer_account(0);
        let hidden = pallet_key_ledger::Call::<Runtime>::set_capabilities {
            key: crate::support::keys::id(&key(1)),
            capabilities: Capabilities::ALL,
        };
        let hash = BlakeTwo256::hash(&RuntimeCall::from(hidden.clone()).encode());
        let by_hash = pallet_multisig::Call::<Runtime>::approve_as_multi {
            threshold: 2,
            other_signatories: others(0, &[1]),
            maybe_timepoint: None,
            call_hash: hash.0,
            max_weight: Weight::zero(),
        };
        let announced = pallet_proxy::Call::<Runtime>::announce {
            real: signer_account(1).into(),
            call_hash: hash,
        };
        for call in [RuntimeCall::from(hidden), by_hash.into(), announced.into()] {
            assert_refused(&sign_by_key(&owner, &key(1), call), CAPABILITY_MISSING);
        }
        undone(|| assert_done(&sign_by_key(&owner, &key(1), pay(1))));
    });
}
