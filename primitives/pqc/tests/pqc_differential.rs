//! Four implementations of ML-DSA-87 answer alike, and as they should, on claims made to divide them; and the claims would
//! divide them if one had a fault that verifiers have had.

mod support;

use qc_pqc::{
    cache::{verify_uncached, Claim},
    SecretKey,
};
use std::{collections::BTreeMap, fs, thread};
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

/// Catches the step to libcrux's dispatching functions, which answer by the processor: the crate is named in one file, and
/// of its functions only those of `portable`. (Types are the same for all paths.)
#[test]
fn only_the_portable_path_decides() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut named = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        let text = fs::read_to_string(&path).expect("sources are text");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        named.extend(code.filter(|line| line.contains("libcrux")).map(str::to_owned));
    }
    assert_eq!(
        named,
        ["use libcrux_ml_dsa::ml_dsa_87::{portable, MLDSA87Signature, MLDSA87SigningKey, MLDSA87VerificationKey};"]
    );
}

/// Catches a verification that needs more stack than a thread of the node or of an executor has to spare: 1 MiB is half of
/// what Rust gives a thread.
#[test]
fn a_small_stack_is_enough() {
    let small = thread::Builder::new().stack_size(1 << 20).spawn(|| {
        let key = SecretKey::from_seed(&[1; 32]);
        let signature = key.sign_with(b"", b"", [0; 32]).expect("it can be signed");
        let claim = Claim {
            public_key: key.public().as_bytes(),
            context: b"",
            message: b"",
            signature: signature.as_bytes(),
        };
        verify_uncached(&claim)
    });
    assert!(small.expect("a thread starts").join().expect("it does not overflow"));
}
