//! What keys and signatures cost, beside sr25519 as the known measure and other implementations of ML-DSA-87.
//! `scripts/pqc-bench.sh` prints the table.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

use criterion::{criterion_group, criterion_main, BatchSize, Criterion};
use qc_pqc::{
    cache::{verify_cached, verify_uncached, Claim},
    SecretKey,
};
use sp_core::{sr25519, Pair};
use std::{hint::black_box, time::Duration};

#[path = "../tests/support/mod.rs"]
mod support;

/// A transfer's payload, about: genesis hash and what a version 1 transaction signs.
const MESSAGE: [u8; 200] = [5; 200];
const CONTEXT: &[u8] = b"qc/transaction/v1";

fn signatures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pqc");
    group
        .sample_size(50)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));

    let key = SecretKey::from_seed(&[3; 32]);
    let signature = key.sign_with(CONTEXT, &MESSAGE, [0; 32]).expect("it can be signed");
    let claim = Claim {
        public_key: key.public().as_bytes(),
        context: CONTEXT,
        message: &MESSAGE,
        signature: signature.as_bytes(),
    };
    // Fails at the very last comparison, so that all the work is done, and is never cached.
    let mut wrong = signature.as_bytes().to_vec();
    wrong[0] ^= 1;
    let cold = Claim {
        signature: &wrong,
        ..claim
    };
    assert!(verify_cached(&claim) && !verify_cached(&cold));

    group.bench_function("verify uncached", |b| b.iter(|| verify_uncached(black_box(&claim))));
    group.bench_function("verify cold, cache included", |b| {
        b.iter(|| verify_cached(black_box(&cold)))
    });
    group.bench_function("verify cached", |b| b.iter(|| verify_cached(black_box(&claim))));
    group.bench_function("digest of a claim", |b| b.iter(|| black_box(&claim).digest()));
    group.bench_function("keygen", |b| b.iter(|| SecretKey::from_seed(black_box(&[9; 32]))));
    let mut number = 0_u64;
    group.bench_function("sign", |b| {
        // Attempts until one is not rejected differ from message to message: the mean over many is what a signature costs.
        b.iter_batched(
            || {
                number += 1;
                let mut message = MESSAGE;
                message[..8].copy_from_slice(&number.to_le_bytes());
                message
            },
            |message| key.sign_with(CONTEXT, &message, [0; 32]),
            BatchSize::SmallInput,
        )
    });

    let classical = sr25519::Pair::from_seed(&[3; 32]);
    let classical_signature = classical.sign(&MESSAGE);
    group.bench_function("sr25519 verify", |b| {
        b.iter(|| sr25519::Pair::verify(black_box(&classical_signature), MESSAGE, &classical.public()))
    });
    group.bench_function("sr25519 sign", |b| b.iter(|| classical.sign(black_box(&MESSAGE))));

    group.bench_function("fips204 verify", |b| b.iter(|| support::by_fips204(black_box(&claim))));
    group.bench_function("ml-dsa verify", |b| {
        b.iter(|| support::by_rust_crypto(black_box(&claim)))
    });
    group.bench_function("libcrux dispatching verify", |b| {
        b.iter(|| support::by_dispatching_libcrux(black_box(&claim)))
    });
    group.finish();
}

criterion_group!(benches, signatures);
criterion_main!(benches);
