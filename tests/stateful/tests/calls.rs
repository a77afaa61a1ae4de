//! Every call that there is, and whether anybody may make it: a list under version control, so that a call that a new version
//! of a pallet brings is noticed, and looked at, before it is there.

use crate::support::{
    chain::Chain,
    generate::{CallName, Generator},
};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::Contains,
};
use qc_runtime::{filter::LawfulCalls, RuntimeCall};

const SNAPSHOT: &str = include_str!("calls.snapshot.txt");

/// How to write the list anew, once the new calls have been looked at.
const REWRITE: &str = "QC_REWRITE=1 cargo test --workspace --test stateful calls::";

fn standing(call: &RuntimeCall) -> &'static str {
    if call.get_dispatch_info().class == DispatchClass::Mandatory {
        "inherent"
    } else if LawfulCalls::contains(call) {
        "open"
    } else {
        "closed"
    }
}

/// The standing of a call; impossible if an argument of it has no value at all. It must not hang on the arguments. Where it stands is asked before it is dispatched, so it is the
/// same inside every wrapper.
fn standing_of(generator: &mut Generator, name: &CallName) -> &'static str {
    let mut found = None;
    for _ in 0..40 {
        let Some(call) = generator.call(name) else { continue };
        let now = standing(&call);
        assert_eq!(
            *found.get_or_insert(now),
            now,
            "{name} is {now} with some arguments only"
        );
    }
    found.unwrap_or("impossible")
}

#[test]
fn every_call_is_closed_open_or_inherent_as_the_list_says() {
    Chain::new("development").look(|| {
        let mut generator = Generator::new(1);
        let mut lines: Vec<_> = generator.names();
        lines.sort();
        let list: String = lines
            .iter()
            .map(|name| format!("{name} {}\n", standing_of(&mut generator, name)))
            .collect();
        if std::env::var_os("QC_REWRITE").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calls.snapshot.txt"), &list)
                .expect("it can be written");
            return;
        }
        for line in list.lines() {
            assert!(
                SNAPSHOT.lines().any(|known| known == line),
                "new or changed: {line}. Look at it, then: {REWRITE}"
            );
        }
        for known in SNAPSHOT.lines() {
            assert!(
                list.lines().any(|line| line == known),
                "gone or changed: {known}. Look at it, then: {REWRITE}"
            );
        }
    });
}

/// What the law asks to be closed is closed: this list is written from the protocol, not from the filter.
#[test]
fn what_would_break_a_law_is_closed() {
    let closed = |name: &str| SNAPSHOT.lines().any(|line| line == format!("{name} closed"));
    let of_protocol = [
        "Balances.burn",
        "Assets.refund",
        "Assets.refund_other",
        "Assets.touch",
        "Assets.touch_other",
        "Assets.create",
        "Assets.force_create",
        "Assets.start_destroy",
        "Assets.destroy_accounts",
        "Assets.destroy_approvals",
        "Assets.finish_destroy",
        "Assets.mint",
        "Assets.burn",
        "Assets.force_transfer",
        "Assets.freeze",
        "Assets.freeze_asset",
        "Assets.thaw",
        "Assets.thaw_asset",
        "Assets.block",
        "Assets.transfer_ownership",
        "Assets.set_team",
        "Assets.set_metadata",
        "Assets.clear_metadata",
        "Assets.force_set_metadata",
        "Assets.force_clear_metadata",
        "Assets.force_asset_status",
        "Assets.force_cancel_approval",
        "Assets.set_min_balance",
        "Assets.set_reserves",
    ];
    for name in of_protocol {
        assert!(closed(name), "{name} must be closed");
    }
}
