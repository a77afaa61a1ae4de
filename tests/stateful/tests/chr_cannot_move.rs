//! Every way round the bonds of CHR and PSY, from calls enumerated out of the metadata: alone and inside every wrapper there
//! is, nobody's call moves, mints, burns or holds any of either.

use crate::support::{
    chain::{undone, Chain},
    generate::{CallName, Generator},
    people::{derived, everybody, multisig, others, signer_account},
    watch::{Bound, CHR, PSY},
};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo, RawOrigin},
    traits::{fungible, fungibles::Mutate, tokens::Preservation::Preserve, OnInitialize, UnfilteredDispatchable},
    weights::Weight,
};
use pallet_utility::Call as UtilityCall;
use qc_runtime::{
    configs::ProxyType, AccountId, Assets, Balances, Economy, Runtime, RuntimeCall, RuntimeOrigin, Scheduler, System,
    FLX,
};
use qc_traits::CommonsMutate;
use qc_types::AssetId;
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

/// How many variations of every call are tried in every way.
const VARIATIONS: usize = 24;

/// Signers 0 to 2 are tried: their proxies, multisigs and derived accounts hold CHR and PSY as well.
const TRIED: usize = 3;

fn dispatch(who: AccountId, call: RuntimeCall) -> DispatchResult {
    call.dispatch(RuntimeOrigin::signed(who))
        .map(|_| ())
        .map_err(|error| error.error)
}

/// Gives everybody something to lose, and everybody leave to take it.
fn prepare() {
    for n in 0..3 {
        for joint in [derived(n, 0), multisig(n, &[n + 1], 1), multisig(n, &[n + 1], 2)] {
            <Balances as fungible::Mutate<_>>::transfer(&signer_account(5), &joint, 10_000 * FLX, Preserve)
                .expect("Ferdie has it");
            Economy::award_chr(&joint, 100_000 * FLX).expect("the pot has it");
            Assets::mint_into(PSY, &joint, 10_000 * FLX).expect("the tests may mint PSY");
            Assets::mint_into(3, &joint, 10_000 * FLX).expect("the tests may mint ATR");
        }
        let delegate = signer_account(n + 1).into();
        let add = pallet_proxy::Call::<Runtime>::add_proxy {
            delegate,
            proxy_type: ProxyType::Any,
            delay: 0,
        };
        dispatch(signer_account(n), add.into()).expect("a proxy can be added");
        for id in [CHR, PSY, 3, 4] {
            for delegate in [signer_account(0), signer_account(1), signer_account(2), derived(0, 0)] {
                let approve = pallet_assets::Call::<Runtime>::approve_transfer {
                    id: id.into(),
                    delegate: delegate.into(),
                    amount: 100_000 * FLX,
                };
                dispatch(signer_account(n), approve.into()).expect("an approval can be given");
            }
        }
    }
}

fn nested(call: &RuntimeCall) -> Box<RuntimeCall> {
    Box::new(call.clone())
}

fn signed(n: u8) -> Box<qc_runtime::OriginCaller> {
    Box::new(RawOrigin::Signed(signer_account(n)).into())
}

type Way = fn(u8, &RuntimeCall) -> DispatchResult;

fn by_two(n: u8, call: &RuntimeCall) -> DispatchResult {
    let half = |n: u8, other: u8, maybe_timepoint| {
        let as_multi = pallet_multisig::Call::<Runtime>::as_multi {
            threshold: 2,
            other_signatories: others(n, &[other]),
            maybe_timepoint,
            call: nested(call),
            max_weight: Weight::MAX,
        };
        dispatch(signer_account(n), as_multi.into())
    };
    half(n, n + 1, None)?;
    half(n + 1, n, Some(pallet_multisig::Pallet::<Runtime>::timepoint()))
}

/// By a bare extrinsic, which an author can put into a block. Not the time: that is the author's to set, and the block is void
/// if it is not the slot's.
fn by_nobody(_: u8, call: &RuntimeCall) -> DispatchResult {
    if call.get_dispatch_info().class == DispatchClass::Mandatory {
        return Err(DispatchError::BadOrigin);
    }
    call.clone()
        .dispatch(RuntimeOrigin::none())
        .map(|_| ())
        .map_err(|error| error.error)
}

/// By the scheduler, as if Root had scheduled that the signer do it: also past the call filter.
fn by_the_scheduler(n: u8, call: &RuntimeCall) -> DispatchResult {
    let as_signer = UtilityCall::<Runtime>::dispatch_as {
        as_origin: signed(n),
        call: nested(call),
    };
    let when = System::block_number() + 1;
    Scheduler::schedule(RuntimeOrigin::root(), when, None, 0, Box::new(as_signer.into()))?;
    System::set_block_number(when);
    Scheduler::on_initialize(when);
    Ok(())
}

/// Every way in which signer `n` can have a call dispatched.
const WAYS: [(&str, Way); 14] = [
    ("alone", |n, call| dispatch(signer_account(n), call.clone())),
    ("by nobody", by_nobody),
    ("in a batch", |n, call| {
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::batch {
                calls: vec![call.clone(), call.clone()],
            }
            .into(),
        )
    }),
    ("in a batch of all", |n, call| {
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::batch_all {
                calls: vec![call.clone()],
            }
            .into(),
        )
    }),
    ("in a forced batch", |n, call| {
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::force_batch {
                calls: vec![call.clone(), call.clone()],
            }
            .into(),
        )
    }),
    ("as the other choice", |n, call| {
        let main = frame_system::Call::<Runtime>::set_code { code: vec![] }.into();
        let either = UtilityCall::<Runtime>::if_else {
            main: Box::new(main),
            fallback: nested(call),
        };
        dispatch(signer_account(n), either.into())
    }),
    ("by a derived account", |n, call| {
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::as_derivative {
                index: 0,
                call: nested(call),
            }
            .into(),
        )
    }),
    ("by a proxy", |n, call| {
        let real = signer_account(n).into();
        let proxy = pallet_proxy::Call::<Runtime>::proxy {
            real,
            force_proxy_type: None,
            call: nested(call),
        };
        dispatch(signer_account(n + 1), proxy.into())
    }),
    ("by a multisig of one", |n, call| {
        let other_signatories = others(n, &[n + 1]);
        let multi = pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
            other_signatories,
            call: nested(call),
        };
        dispatch(signer_account(n), multi.into())
    }),
    ("by a multisig of two", by_two),
    ("as somebody", |n, call| {
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::dispatch_as {
                as_origin: signed(n + 1),
                call: nested(call),
            }
            .into(),
        )
    }),
    ("as Root", |n, call| {
        let as_origin = Box::new(RawOrigin::Root.into());
        dispatch(
            signer_account(n),
            UtilityCall::<Runtime>::dispatch_as {
                as_origin,
                call: nested(call),
            }
            .into(),
        )
    }),
    ("by the scheduler", by_the_scheduler),
    ("past the filter", |n, call| {
        let past = call
            .clone()
            .dispatch_bypass_filter(RuntimeOrigin::signed(signer_account(n)));
        past.map(|_| ()).map_err(|error| error.error)
    }),
];

/// For whom signer `n` acts in a way; `None` where a call comes to nobody.
fn acting(way: &str, n: u8) -> Option<AccountId> {
    match way {
        "by nobody" | "as somebody" | "as Root" => None,
        "by a derived account" => Some(derived(n, 0)),
        "by a multisig of one" => Some(multisig(n, &[n + 1], 1)),
        "by a multisig of two" => Some(multisig(n, &[n + 1], 2)),
        _ => Some(signer_account(n)),
    }
}

/// What came of it all, for the asserts at the end: a test whose calls all fail on their first check shows nothing.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<CallName, usize>,
    done: BTreeMap<&'static str, BTreeSet<String>>,
}

fn try_every_way(generator: &mut Generator, name: &CallName, bound: &Bound, tally: &mut Tally) {
    let mut made = 0;
    for _ in 0..20 * VARIATIONS {
        let Some(call) = generator.call(name) else { continue };
        let n = generator.draw.below(TRIED) as u8;
        for (way, dispatch) in WAYS {
            undone(|| {
                if dispatch(n, &call).is_ok() {
                    tally.done.entry(way).or_default().insert(name.to_string());
                }
                bound.assert_unmoved(|| format!("{name}, {way}, by signer {n}: {call:?}"));
                assert!(!pallet_economy::is_guard_open(), "{name} left the guard open");
            });
        }
        made += 1;
        if made == VARIATIONS {
            break;
        }
    }
    tally.tried.insert(name.clone(), made);
}

#[test]
fn no_call_of_the_metadata_moves_chr_or_psy_in_any_way() {
    let mut chain = Chain::new("development");
    chain.look(|| {
        System::set_block_number(1);
        prepare();
        let bound = Bound::now();
        let mut generator = Generator::new(0x0c4e);
        let mut tally = Tally::default();
        for name in generator.names() {
            try_every_way(&mut generator, &name, &bound, &mut tally);
        }
        for (name, made) in &tally.tried {
            assert_eq!(*made, VARIATIONS, "{name} could not be made so often");
        }
        let done = |way: &str| tally.done.get(way).cloned().unwrap_or_default();
        for refused in ["as somebody", "as Root"] {
            assert_eq!(done(refused), BTreeSet::new(), "{refused}");
        }
        // A remark asks for no origin and leaves nothing.
        assert_eq!(done("by nobody"), BTreeSet::from(["System.remark".to_string()]));
        // Some answer `Ok` whatever came of the call within: that each does lead to it, the next test shows.
        for (way, _) in WAYS.iter().filter(|(way, _)| acting(way, 0).is_some()) {
            assert!(done(way).len() > 10, "{way}: only {:?} were ever done", done(way));
        }
    });
}

/// The other side of the same measure: ATR, which may be sent, is sent in every way that leads anywhere.
#[test]
fn every_way_moves_what_is_not_bound() {
    const ATR: AssetId = 3;
    let mut chain = Chain::new("development");
    chain.look(|| {
        System::set_block_number(1);
        prepare();
        let send: RuntimeCall = pallet_assets::Call::<Runtime>::transfer {
            id: ATR.into(),
            target: signer_account(7).into(),
            amount: FLX,
        }
        .into();
        for ((way, dispatch), n) in WAYS.iter().flat_map(|way| (0..TRIED as u8).map(move |n| (way, n))) {
            let before = everybody().into_iter().map(|who| (Assets::balance(ATR, &who), who));
            let before: Vec<_> = before.collect();
            undone(|| {
                let outcome = dispatch(n, &send);
                let losers: BTreeSet<_> = before
                    .iter()
                    .filter(|(had, who)| Assets::balance(ATR, who) < *had)
                    .map(|(_, who)| who.clone())
                    .collect();
                assert_eq!(
                    losers,
                    acting(way, n).into_iter().collect(),
                    "{way}, by signer {n}: {outcome:?}"
                );
            });
        }
    });
}

/// One call may open the door for the next: an approval for a transfer, a proxy for a call, a touched account for a refund.
#[test]
fn no_sequence_of_calls_moves_chr_or_psy() {
    let mut chain = Chain::new("development");
    chain.look(|| {
        System::set_block_number(1);
        prepare();
        let bound = Bound::now();
        let mut generator = Generator::new(0x5e9);
        let names = generator.names();
        let of_assets: Vec<_> = names.iter().filter(|name| name.pallet == "Assets").cloned().collect();
        for _ in 0..2_000 {
            undone(|| {
                let mut sequence = Vec::new();
                for _ in 0..8 {
                    let name = generator
                        .draw
                        .one_of(if sequence.len().is_multiple_of(2) {
                            &of_assets
                        } else {
                            &names
                        })
                        .clone();
                    let Some(call) = generator.call(&name) else { continue };
                    let n = generator.draw.below(TRIED) as u8;
                    let (way, dispatch) = *generator.draw.one_of(&WAYS);
                    sequence.push(format!("{way} by signer {n}: {call:?}"));
                    let _ = dispatch(n, &call);
                }
                bound.assert_unmoved(|| sequence.join("\n"));
            });
        }
    });
}

/// The attacks that a person would think of first, so that it does not hang on a draw that each of them is made.
#[test]
fn no_holder_sends_what_is_bound() {
    type Call = pallet_assets::Call<Runtime>;
    let mut chain = Chain::new("development");
    chain.look(|| {
        System::set_block_number(1);
        prepare();
        let bound = Bound::now();
        for (id, amount) in [CHR, PSY]
            .into_iter()
            .flat_map(|id| [1, 2, 9_999 * FLX, 10_000 * FLX, 100_000 * FLX].map(|x| (id, x)))
        {
            for to in everybody() {
                let (owner, destination) = (signer_account(0).into(), to.clone().into());
                let calls: [RuntimeCall; 4] = [
                    Call::transfer {
                        id: id.into(),
                        target: to.clone().into(),
                        amount,
                    }
                    .into(),
                    Call::transfer_keep_alive {
                        id: id.into(),
                        target: to.clone().into(),
                        amount,
                    }
                    .into(),
                    Call::transfer_all {
                        id: id.into(),
                        dest: to.clone().into(),
                        keep_alive: amount == 1,
                    }
                    .into(),
                    Call::transfer_approved {
                        id: id.into(),
                        owner,
                        destination,
                        amount,
                    }
                    .into(),
                ];
                for (call, (way, dispatch)) in calls.iter().flat_map(|call| WAYS.map(|way| (call, way))) {
                    undone(|| {
                        let _ = dispatch(0, call);
                        bound.assert_unmoved(|| format!("{way}: {call:?}"));
                    });
                }
            }
        }
    });
}
