//! What Root could do to the laws. No person is Root and no signed origin becomes it (`chr_cannot_move.rs`), so this is a list
//! of what governance must never be given unfiltered; `docs/protocol/tokens.md` has it with the argument.

use crate::support::{
    chain::{undone, Chain},
    generate::{Draw, Generator},
    people::{assets_owner, signer_account},
    watch::{is_bound_held, Bound, CHR},
};
use frame_support::{
    dispatch::RawOrigin,
    storage::storage_prefix,
    traits::{OnInitialize, UnfilteredDispatchable},
};
use pallet_utility::Call as UtilityCall;
use qc_runtime::{AccountId, Economy, Runtime, RuntimeCall, RuntimeOrigin, Scheduler, System, FLX};
use std::collections::BTreeSet;

/// The page that names all of them.
const CHAPTER: &str = include_str!("../../../docs/protocol/tokens.md");

/// Calls by which Root breaks a law at once, found by trying.
const BREAKERS: [&str; 7] = [
    "Balances.force_adjust_total_issuance",
    "Balances.force_set_balance",
    "System.kill_prefix",
    "System.kill_storage",
    "System.set_storage",
    "Utility.dispatch_as",
    "Utility.dispatch_as_fallible",
];

/// Calls by which Root puts other code in the place of the laws, or hands any call on.
const CARRIERS: [&str; 14] = [
    "Scheduler.schedule",
    "Scheduler.schedule_after",
    "Scheduler.schedule_named",
    "Scheduler.schedule_named_after",
    "System.apply_authorized_upgrade",
    "System.authorize_upgrade",
    "System.authorize_upgrade_without_checks",
    "System.set_code",
    "System.set_code_without_checks",
    "Utility.batch",
    "Utility.batch_all",
    "Utility.force_batch",
    "Utility.if_else",
    "Utility.with_weight",
];

fn by_root(call: RuntimeCall) -> bool {
    call.dispatch_bypass_filter(RuntimeOrigin::root()).is_ok()
}

/// Storage keys that a call with a key for an argument would be handed by somebody who means harm.
fn telling_keys() -> Vec<Vec<u8>> {
    let alice = signer_account(0);
    vec![
        Vec::new(),
        storage_prefix(b"Assets", b"Account").to_vec(),
        storage_prefix(b"Assets", b"Asset").to_vec(),
        pallet_assets::Asset::<Runtime>::hashed_key_for(CHR),
        pallet_assets::Account::<Runtime>::hashed_key_for(CHR, &alice),
        frame_system::Account::<Runtime>::hashed_key_for(&alice),
        storage_prefix(b"Economy", b"FlxTotals").to_vec(),
    ]
}

fn breaks_a_law(bound: &Bound) -> bool {
    bound.is_moved() || is_bound_held() || Economy::check_laws().is_err()
}

#[test]
fn by_trying_no_other_call_is_found_with_which_root_breaks_a_law() {
    Chain::new("development").look(|| {
        System::set_block_number(1);
        let bound = Bound::now();
        let mut generator = Generator::new(0x4007);
        generator.byte_strings = telling_keys();
        let mut found = BTreeSet::new();
        for name in generator.names() {
            for _ in 0..200 {
                let Some(call) = generator.call(&name) else { continue };
                if undone(|| by_root(call) && breaks_a_law(&bound)) {
                    found.insert(name.to_string());
                }
            }
        }
        for name in &found {
            let known = BREAKERS.contains(&name.as_str()) || CARRIERS.contains(&name.as_str());
            assert!(known, "Root breaks a law with {name}, and nobody wrote it down");
        }
        let at_least = [
            "Balances.force_set_balance",
            "System.kill_prefix",
            "System.set_storage",
            "Utility.force_batch",
        ];
        for name in at_least {
            assert!(
                found.contains(name),
                "the search is too weak: it missed {name} and found {found:?}"
            );
        }
    });
}

/// A call that Root makes in the name of a signed account.
fn in_the_name_of(who: AccountId, call: impl Into<RuntimeCall>) -> RuntimeCall {
    let as_origin = Box::new(RawOrigin::Signed(who).into());
    let call = Box::new(call.into());
    UtilityCall::<Runtime>::dispatch_as { as_origin, call }.into()
}

/// For each breaker a call that breaks a law; CHR for the owner of the assets, FLX for a holder.
#[rustfmt::skip]
fn witnesses() -> Vec<(&'static str, RuntimeCall)> {
    type System = frame_system::Call<Runtime>;
    let alice = signer_account(0);
    let key = pallet_assets::Account::<Runtime>::hashed_key_for(CHR, &alice);
    let mint = pallet_assets::Call::<Runtime>::mint { id: CHR.into(), beneficiary: alice.clone().into(), amount: 1 };
    let burn = pallet_balances::Call::<Runtime>::burn { value: FLX, keep_alive: true };
    let set = pallet_balances::Call::<Runtime>::force_set_balance { who: alice.clone().into(), new_free: FLX };
    let fallible = UtilityCall::<Runtime>::dispatch_as_fallible {
        as_origin: Box::new(RawOrigin::Signed(assets_owner()).into()),
        call: Box::new(mint.clone().into()),
    };
    vec![
        ("Balances.force_set_balance", set.into()),
        ("Balances.force_adjust_total_issuance", adjust_issuance()),
        ("System.set_storage", System::set_storage { items: vec![(key.clone(), vec![])] }.into()),
        ("System.kill_storage", System::kill_storage { keys: vec![key.clone()] }.into()),
        ("System.kill_prefix", System::kill_prefix { prefix: key, subkeys: 1 }.into()),
        ("Utility.dispatch_as", in_the_name_of(assets_owner(), mint)),
        ("Utility.dispatch_as", in_the_name_of(alice, burn)),
        ("Utility.dispatch_as_fallible", fallible.into()),
    ]
}

/// Each claim of the list, shown once: the fault is real.
#[test]
fn each_breaker_breaks_a_law() {
    let witnesses = witnesses();
    Chain::new("development").look(|| {
        System::set_block_number(1);
        let bound = Bound::now();
        for (name, call) in &witnesses {
            let is_broken = undone(|| by_root(call.clone()) && breaks_a_law(&bound));
            assert!(is_broken, "{name} breaks nothing: {call:?}");
        }
        let shown: BTreeSet<_> = witnesses.iter().map(|(name, _)| *name).collect();
        assert_eq!(shown, BTreeSet::from(BREAKERS));
    });
}

fn adjust_issuance() -> RuntimeCall {
    let direction = pallet_balances::AdjustmentDirection::Increase;
    pallet_balances::Call::<Runtime>::force_adjust_total_issuance { direction, delta: 1 }.into()
}

/// What one may not do as a signed origin, one may not have the scheduler do either; and none of the breakers works signed.
#[test]
fn nobody_becomes_root() {
    Chain::new("development").look(|| {
        System::set_block_number(1);
        let bound = Bound::now();
        let mut generator = Generator::new(0x7007);
        generator.byte_strings = telling_keys();
        let mut draw = Draw::new(3);
        for name in generator.names().into_iter().filter(|name| {
            BREAKERS.contains(&name.to_string().as_str()) || name.pallet == "Scheduler" || name.pallet == "System"
        }) {
            for _ in 0..60 {
                let Some(call) = generator.call(&name) else { continue };
                let who: AccountId = signer_account(draw.below(8) as u8);
                undone(|| {
                    let _ = call.clone().dispatch_bypass_filter(RuntimeOrigin::signed(who));
                    System::set_block_number(2);
                    Scheduler::on_initialize(2);
                    assert!(!breaks_a_law(&bound), "{call:?}");
                });
            }
        }
    });
}

#[test]
fn the_chapter_names_every_one_of_them() {
    let known: BTreeSet<_> = Generator::new(0).names().iter().map(|name| name.to_string()).collect();
    for name in BREAKERS.iter().chain(&CARRIERS) {
        assert!(known.contains(*name), "there is no call {name} any more");
        assert!(
            CHAPTER.contains(&format!("`{name}`")),
            "docs/protocol/tokens.md does not name {name}"
        );
    }
}
