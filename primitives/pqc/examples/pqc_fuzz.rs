//! The long differential run: four implementations of ML-DSA-87 on a million mutated claims and more, and the 10,000 keys and
//! signatures of C2SP's accumulated vectors. Prints Markdown on standard output, progress on standard error; started by
//! `scripts/pqc-fuzz.sh`. Ends with 1 at the first disagreement, which it prints whole.
//!
//! Usage: pqc_fuzz [--cases N] [--seed S]

#![allow(clippy::disallowed_types, reason = "a program that runs for long says how long")]

#[path = "../tests/support/mod.rs"]
mod support;

use qc_pqc::{cache::verify_uncached, SecretKey};
use sha3::digest::{ExtendableOutput, Update, XofReader};
use std::{
    collections::BTreeMap,
    env,
    process::ExitCode,
    time::{Duration, Instant},
};
use support::{
    by_dispatching_libcrux,
    cases::{kinds, Case, Cases},
    IMPLEMENTATIONS,
};

/// Cases that come from one set of keys; then others are made.
const CASES_PER_KEYS: u64 = 20_000;

/// What 10,000 keys and signatures hash to: C2SP/CCTV, ML-DSA/accumulated.
const ACCUMULATED: &str = "80a8cf39317f7d0be0e24972c51ac152bd2a3e09bc0c32ce29dd82c4e7385e60";

#[derive(Default)]
struct Tally {
    /// Valid and invalid cases of each kind.
    kinds: BTreeMap<&'static str, [u64; 2]>,
    /// Time of each implementation.
    times: [Duration; IMPLEMENTATIONS.len()],
    /// Cases in which libcrux's own choice for this processor answered otherwise.
    dispatching: u64,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn show(case: &Case, answers: &[bool]) {
    println!("Disagreement: {}, has to be {}", case.kind, case.valid);
    for (one, answer) in IMPLEMENTATIONS.iter().zip(answers) {
        println!("* {}: {answer}", one.name);
    }
    for (name, bytes) in [
        ("public key", &case.public_key),
        ("context", &case.context),
        ("message", &case.message),
        ("signature", &case.signature),
    ] {
        println!("* {name}: {}", hex(bytes));
    }
}

/// One case; whether all answered as they should.
fn check(case: &Case, tally: &mut Tally) -> bool {
    let claim = case.claim();
    let mut answers = [false; IMPLEMENTATIONS.len()];
    for (at, one) in IMPLEMENTATIONS.iter().enumerate() {
        let began = Instant::now();
        answers[at] = (one.verify)(&claim);
        tally.times[at] += began.elapsed();
    }
    tally.kinds.entry(case.kind).or_default()[usize::from(!case.valid)] += 1;
    tally.dispatching += u64::from(by_dispatching_libcrux(&claim) != case.valid);
    let right = answers.iter().all(|answer| *answer == case.valid);
    if !right {
        show(case, &answers);
    }
    right
}

/// C2SP's accumulated vectors: whether the hash is the published one.
fn accumulated() -> bool {
    let mut seeds = sha3::Shake128::default().finalize_xof();
    let mut all = sha3::Shake128::default();
    for number in 0..10_000 {
        if number % 2_000 == 0 {
            eprintln!("accumulated vectors: {number} of 10000");
        }
        let mut seed = [0; 32];
        seeds.read(&mut seed);
        let key = SecretKey::from_seed(&seed);
        let Ok(signature) = key.sign_with(b"", b"", [0; 32]) else {
            return false;
        };
        let claim = qc_pqc::cache::Claim {
            public_key: key.public().as_bytes(),
            context: b"",
            message: b"",
            signature: signature.as_bytes(),
        };
        if !verify_uncached(&claim) {
            return false;
        }
        all.update(claim.public_key);
        all.update(claim.signature);
    }
    let mut hash = [0; 32];
    all.finalize_xof().read(&mut hash);
    hex(&hash) == ACCUMULATED
}

fn print(tally: &Tally, cases: u64) {
    println!("{cases} cases, no disagreement: every implementation gave the right answer to each.");
    println!();
    println!("| kind of case | valid | invalid |");
    println!("| --- | --- | --- |");
    for kind in kinds() {
        let [valid, invalid] = tally.kinds.get(kind).copied().unwrap_or_default();
        println!("| {kind} | {valid} | {invalid} |");
    }
    println!();
    println!("| implementation | µs a case, of all kinds |");
    println!("| --- | --- |");
    for (one, time) in IMPLEMENTATIONS.iter().zip(tally.times) {
        println!("| {} | {} |", one.name, time.as_micros() / u128::from(cases.max(1)));
    }
    println!();
    println!(
        "libcrux as it chooses for this processor (AVX2 where there is; not what decides) answered otherwise in {} cases.",
        tally.dispatching
    );
    println!();
    println!("C2SP's accumulated vectors (10,000 keys and deterministic signatures): the hash is `{ACCUMULATED}`, as published.");
}

fn option(name: &str, default: u64) -> u64 {
    let mut arguments = env::args().skip_while(|argument| argument != name).skip(1);
    arguments
        .next()
        .map_or(default, |value| value.parse().expect("a number"))
}

fn main() -> ExitCode {
    let (cases, seed) = (option("--cases", 1_000_000), option("--seed", 2026));
    let began = Instant::now();
    let mut tally = Tally::default();
    let mut generator = Cases::new(seed, 8);
    for number in 0..cases {
        if number > 0 && number % CASES_PER_KEYS == 0 {
            let minutes = began.elapsed().as_secs() / 60;
            eprintln!("{number} of {cases} cases, {minutes} min");
            generator = Cases::new(seed.wrapping_add(number), 8);
        }
        if !check(&generator.next_case(), &mut tally) {
            return ExitCode::FAILURE;
        }
    }
    if !accumulated() {
        println!("The accumulated vectors give another hash.");
        return ExitCode::FAILURE;
    }
    print(&tally, cases);
    ExitCode::SUCCESS
}
