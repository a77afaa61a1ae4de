//! `require_pqc`: nothing classical acts for the account, whichever way it comes.

use super::*;
use crate::support::{
    chain::Chain,
    keys::{id, key, pay, protect, rotate},
    people::{derived, multisig, others, signer_account},
    transaction::sign_by_key,
};
use frame_support::{
    traits::{fungible, fungible::Inspect, tokens::Preservation::Preserve},
    weights::Weight,
};
use qc_runtime::{
    configs::ProxyType, AccountId, Balances, KeyLedger, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Scheduler,
    System, FLX,
};
use qc_traits::KeyInspect;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};

type Proxy = pallet_proxy::Call<Runtime>;
type Utility = pallet_utility::Call<Runtime>;
type Ledger = pallet_key_ledger::Call<Runtime>;

const DELEGATION_BARRED: InvalidTransaction = InvalidTransaction::Custom(code::DELEGATION_BARRED);

fn classical(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    sign(who, call.into(), Era::Immortal, 0)
}

fn add_proxy(delegate: u8) -> RuntimeCall {
    Proxy::add_proxy {
        delegate: signer_account(delegate).into(),
        proxy_type: ProxyType::Any,
        delay: 0,
    }
    .into()
}

fn approve(delegate: u8) -> RuntimeCall {
    pallet_assets::Call::<Runtime>::approve_transfer {
        id: 4.into(),
        delegate: signer_account(delegate).into(),
        amount: FLX,
    }
    .into()
}

/// The whole life: protect, refuse what is classical, rotate, and keep the address.
#[test]
fn the_account_lives_on_by_its_keys_alone() {
    Chain::new("development").block(|| {
        let (alice, first, second) = protect(Alice);
        assert_refused(&classical(Alice, pay(1)), PQC_REQUIRED);
        assert_done(&sign_by_key(&alice, &first, pay(1)));
        let rotated = rotate(&alice, &first, &key(3));
        assert_done(&sign_by_key(&alice, &second, rotated));
        assert_refused(&sign_by_key(&alice, &first, pay(1)), KEY_ENDED);
        assert_done(&sign_by_key(&alice, &key(3), pay(1)));
        assert_eq!(KeyLedger::key(&id(&key(3))).map(|info| info.owner), Some(alice.clone()));
        // Others are not touched by it, and can pay Alice.
        assert_done(&classical(Bob, pay(0)));
        // The last but one MANAGE key may go, the last may not.
        let revoke = |key: &SecretKey| Ledger::revoke { key: id(key) }.into();
        assert_done(&sign_by_key(&alice, &second, revoke(&key(3))));
        let applied = apply(&sign_by_key(&alice, &second, revoke(&second)));
        assert_eq!(
            applied,
            Ok(Err(pallet_key_ledger::Error::<Runtime>::LastManageKey.into()))
        );
    });
}

#[test]
fn it_takes_two_keys_and_nobody_else_with_power() {
    Chain::new("development").block(|| {
        let alice = signer_account(0);
        type Error = pallet_key_ledger::Error<Runtime>;
        let require = || RuntimeCall::from(Ledger::require_pqc {});
        register_classically(Alice, &key(1), Capabilities::ALL);
        let applied = apply(&classical(Alice, require()));
        assert_eq!(applied, Ok(Err(Error::NotAuthorisedByKey.into())));
        let applied = apply(&sign_by_key(&alice, &key(1), require()));
        assert_eq!(applied, Ok(Err(Error::TooFewManageKeys.into())));
        register_classically(Alice, &key(2), Capabilities::ALL);
        let delegations: [(RuntimeCall, RuntimeCall); 2] = [
            (add_proxy(2), Proxy::remove_proxies {}.into()),
            (
                approve(2),
                pallet_assets::Call::<Runtime>::cancel_approval {
                    id: 4.into(),
                    delegate: signer_account(2).into(),
                }
                .into(),
            ),
        ];
        for (give, take) in delegations {
            assert_done(&classical(Alice, give));
            let applied = apply(&sign_by_key(&alice, &key(1), require()));
            assert_eq!(applied, Ok(Err(Error::DelegationsLive.into())));
            assert_done(&classical(Alice, take));
        }
        // Bob made Alice his proxy, and she announced a call: anybody could carry it out for Bob, in her name.
        assert_done(&classical(Bob, add_proxy(0)));
        let call_hash = sp_core::H256([5; 32]);
        let real = signer_account(1);
        assert_done(&classical(
            Alice,
            Proxy::announce {
                real: real.clone().into(),
                call_hash,
            },
        ));
        let applied = apply(&sign_by_key(&alice, &key(1), require()));
        assert_eq!(applied, Ok(Err(Error::DelegationsLive.into())));
        assert_done(&classical(
            Alice,
            Proxy::remove_announcement {
                real: real.into(),
                call_hash,
            },
        ));
        assert_done(&sign_by_key(&alice, &key(1), require()));
        // No new ones, not by its own key either, and not inside a batch.
        for give in [
            add_proxy(2),
            approve(2),
            Proxy::announce {
                real: signer_account(1).into(),
                call_hash,
            }
            .into(),
        ] {
            assert_refused(&sign_by_key(&alice, &key(1), give.clone()), DELEGATION_BARRED);
            let batch = Utility::batch {
                calls: vec![pay(1), give],
            };
            assert_refused(&sign_by_key(&alice, &key(1), batch.into()), DELEGATION_BARRED);
        }
    });
}

/// A derived account and a multisig, protected by keys of their own: those who once stood behind them cannot act for them.
#[test]
fn no_wrapper_acts_for_a_protected_account() {
    Chain::new("development").block(|| {
        let (child, joint) = (derived(0, 0), multisig(0, &[1], 1));
        for who in [&child, &joint] {
            <Balances as fungible::Mutate<_>>::transfer(&signer_account(5), who, 1_000 * FLX, Preserve)
                .expect("Ferdie has it");
        }
        let as_child = |call: RuntimeCall| Utility::as_derivative {
            index: 0,
            call: Box::new(call),
        };
        let as_joint = |call: RuntimeCall| pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
            other_signatories: others(0, &[1]),
            call: Box::new(call),
        };
        let mut next = 10;
        let mut guard = |who: &AccountId, wrap: &dyn Fn(RuntimeCall) -> RuntimeCall| {
            let keys = [key(next), key(next + 1)];
            next += 2;
            for key in &keys {
                assert_done(&classical(Alice, wrap(register(who, key, Capabilities::ALL))));
            }
            assert_done(&classical(Alice, wrap(pay(2))));
            assert_done(&sign_by_key(who, &keys[0], Ledger::require_pqc {}.into()));
            // Alone, in wrappers, and signed by a key of somebody else's that may do everything.
            let inner = wrap(pay(2));
            for outer in [
                inner.clone(),
                Utility::batch_all {
                    calls: vec![pay(2), inner.clone()],
                }
                .into(),
                Utility::force_batch {
                    calls: vec![inner.clone()],
                }
                .into(),
                Utility::if_else {
                    main: Box::new(pay(2)),
                    fallback: Box::new(inner.clone()),
                }
                .into(),
            ] {
                assert_refused(&classical(Alice, outer), PQC_REQUIRED);
            }
            assert_done(&sign_by_key(who, &keys[1], pay(2)));
        };
        guard(&child, &|call| as_child(call).into());
        guard(&joint, &|call| as_joint(call).into());
        register_classically(Alice, &key(1), Capabilities::ALL);
        assert_refused(
            &sign_by_key(&signer_account(0), &key(1), as_child(pay(2)).into()),
            PQC_REQUIRED,
        );
    });
}

/// A proxy's call, an approved multisig call and a scheduled one, all prepared while the account was not protected, and put
/// past the checks that would have cleared them away.
#[test]
fn nothing_prepared_before_moves_the_account() {
    let mut chain = Chain::new("development");
    let alice = signer_account(0);
    chain.block(|| {
        protect(Alice);
        // As a later pallet, or a mistake of ours, might leave it behind.
        let delegate = pallet_proxy::ProxyDefinition {
            delegate: signer_account(2),
            proxy_type: ProxyType::Any,
            delay: 0,
        };
        pallet_proxy::Proxies::<Runtime>::mutate(&alice, |(proxies, _)| {
            proxies.try_push(delegate).expect("there is room");
        });
        let by_proxy = Proxy::proxy {
            real: alice.clone().into(),
            force_proxy_type: None,
            call: Box::new(pay(2)),
        };
        assert_refused(&classical(Charlie, by_proxy), PQC_REQUIRED);
        let announced = Proxy::proxy_announced {
            delegate: signer_account(2).into(),
            real: alice.clone().into(),
            force_proxy_type: None,
            call: Box::new(pay(2)),
        };
        assert_refused(&classical(Bob, announced), PQC_REQUIRED);
        pallet_proxy::Proxies::<Runtime>::remove(&alice);
    });
    let had = chain.block(|| {
        let as_origin = Box::new(frame_system::RawOrigin::Signed(alice.clone()).into());
        let scheduled = Utility::dispatch_as {
            as_origin,
            call: Box::new(pay(2)),
        };
        let when = System::block_number() + 1;
        Scheduler::schedule(RuntimeOrigin::root(), when, None, 0, Box::new(scheduled.into())).expect("Root may");
        Balances::total_balance(&alice)
    });
    chain.block(|| {
        let carried_out = System::events().into_iter().find_map(|record| match record.event {
            RuntimeEvent::Utility(pallet_utility::Event::DispatchedAs { result }) => Some(result),
            _ => None,
        });
        let barred = pallet_economy::Error::<Runtime>::PqcRequired.into();
        assert_eq!(carried_out, Some(Err(barred)), "it was tried and refused");
        assert_eq!(Balances::total_balance(&alice), had);
    });
}

/// An approval of a multisig that a protected account gave before counts for the multisig, which is not protected: it is not
/// the account's own that moves. It can give no new one but by its key.
#[test]
fn a_protected_account_signs_for_a_multisig_by_its_key_alone() {
    Chain::new("development").block(|| {
        let (alice, first, _) = protect(Alice);
        let joint = multisig(0, &[1], 2);
        <Balances as fungible::Mutate<_>>::transfer(&signer_account(5), &joint, 1_000 * FLX, Preserve)
            .expect("Ferdie has it");
        let half = |n: u8, other: u8, maybe_timepoint| -> RuntimeCall {
            pallet_multisig::Call::<Runtime>::as_multi {
                threshold: 2,
                other_signatories: others(n, &[other]),
                maybe_timepoint,
                call: Box::new(pay(2)),
                max_weight: Weight::from_parts(1_000_000_000, 100_000),
            }
            .into()
        };
        assert_refused(&classical(Alice, half(0, 1, None)), PQC_REQUIRED);
        assert_done(&sign_by_key(&alice, &first, half(0, 1, None)));
        let had = Balances::balance(&joint);
        let now = pallet_multisig::Pallet::<Runtime>::timepoint();
        let when = pallet_multisig::Timepoint {
            index: now.index - 1,
            ..now
        };
        assert_done(&classical(Bob, half(1, 0, Some(when))));
        assert_eq!(Balances::balance(&joint), had - FLX);
    });
}

#[test]
fn who_leaves_stays_protected_for_seven_days_and_may_stay() {
    let mut chain = Chain::new("development");
    chain.block(|| {
        let (alice, first, second) = protect(Alice);
        assert_done(&sign_by_key(&alice, &first, Ledger::leave_pqc {}.into()));
        assert_refused(&classical(Alice, pay(1)), PQC_REQUIRED);
        // The thief of the first key asked; the owner revokes it, and what it had pending is gone (KEY-2).
        assert_done(&sign_by_key(&alice, &second, Ledger::revoke { key: id(&first) }.into()));
        let protection = KeyLedger::owner_view(&alice).protection;
        assert_eq!(protection, pallet_key_ledger::types::Protection::PqcRequired);
        assert_done(&sign_by_key(&alice, &second, Ledger::leave_pqc {}.into()));
        assert_done(&sign_by_key(&alice, &second, Ledger::keep_pqc {}.into()));
        assert!(KeyLedger::requires_pqc(&alice));
    });
}
