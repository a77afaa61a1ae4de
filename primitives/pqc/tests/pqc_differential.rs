//! Four implementations of ML-DSA-87 answer alike, and as they should, on claims made to divide them; and the claims would
//! divide them if one had a fault that verifiers have had.

mod support;

use std::{collections::BTreeMap, thread};
use support::{
    cases::{kinds, Cases},
    reference::{self, Flaw},
    IMPLEMENTATIONS,
};

/// Cases of each of two threads; a million and more are `scripts/pqc-fuzz.sh`.
const CASES: usize = 5_000;

/// Catches an implementation that accepts or refuses what the standard does not.
#[test]
fn implementations_agree_on_ten_thousand_mutated_claims() {
    let run = |seed| {
        move || {
            let mut cases = Cases::new(seed, 4);
            let mut met = BTreeMap::<&str, usize>::new();
            for number in 0..CASES {
                let case = cases.next_case();
                for one in IMPLEMENTATIONS {
                    let answer = (one.verify)(&case.claim());
                    assert_eq!(
                        answer, case.valid,
                        "{}: {}, case {number} of seed {seed}",
                        one.name, case.kind
                    );
                }
                *met.entry(case.kind).or_default() += 1;
            }
            met
        }
    };
    let threads = [1, 2].map(|seed| thread::spawn(run(seed)));
    let met = threads.map(|one| one.join().expect("the implementations agree"));
    for kind in kinds() {
        assert!(
            met.iter().all(|met| met.get(kind).is_some_and(|count| *count > 50)),
            "{kind}: hardly any"
        );
    }
}

/// Catches cases that would not notice: each published fault of a verifier, put into the reference, shows.
#[test]
fn the_cases_notice_every_fault_that_verifiers_have_had() {
    let mut cases = Cases::new(3, 2);
    let mut open = Flaw::ALL.to_vec();
    for _ in 0..3_000 {
        let case = cases.next_case();
        open.retain(|flaw| reference::verify(&case.claim(), *flaw) == case.valid);
        if open.is_empty() {
            return;
        }
    }
    panic!("not noticed: {open:?}");
}
