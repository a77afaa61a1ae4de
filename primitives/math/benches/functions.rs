//! What a call costs, beside substrate-fixed's functions on I64F64 (where it has the function) and, for scale, f64.
//! `scripts/math-bench.sh` prints the ratios. Each measurement runs over 64 arguments spread over an everyday range.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]
#![allow(clippy::disallowed_types, reason = "f64 is the measure of comparison here")]

use criterion::{criterion_group, criterion_main, BenchmarkGroup, Criterion, Throughput};
use qc_math::{exp, exp2, ln, log2, mul_div_floor, phi_series, pow, sqrt, tanh, ONE};
use std::{hint::black_box, time::Duration};
use substrate_fixed::{transcendental, types::I64F64};

const ARGUMENTS: usize = 64;

type Group<'a> = BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// Evenly spread numbers, in units of 10^-18.
fn spread(from: f64, to: f64) -> Vec<i128> {
    (0..ARGUMENTS)
        .map(|i| ((from + (to - from) * (i as f64 + 0.37) / ARGUMENTS as f64) * 1e18) as i128)
        .collect()
}

fn float(units: i128) -> f64 {
    units as f64 / 1e18
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(ARGUMENTS as u64)).sample_size(20);
    group
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1200));
    group
}

/// One function over all arguments.
fn measure<T: Copy, R>(group: &mut Group, id: &str, arguments: &[T], function: impl Fn(T) -> R) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| {
            for argument in arguments {
                black_box(function(black_box(*argument)));
            }
        })
    });
}

/// Certified, substrate-fixed and f64 for a function of one argument.
fn compare<R, S, F>(
    criterion: &mut Criterion,
    name: &str,
    arguments: &[i128],
    certified: fn(i128) -> R,
    fixed: Option<fn(I64F64) -> S>,
    float_function: fn(f64) -> F,
) {
    let mut group = group(criterion, name);
    measure(&mut group, "certified", arguments, certified);
    let floats: Vec<f64> = arguments.iter().map(|x| float(*x)).collect();
    if let Some(fixed) = fixed {
        let numbers: Vec<I64F64> = floats.iter().map(|x| I64F64::from_num(*x)).collect();
        measure(&mut group, "substrate-fixed", &numbers, fixed);
    }
    measure(&mut group, "f64", &floats, float_function);
}

type Fixed = Result<I64F64, ()>;

fn one_argument(criterion: &mut Criterion) {
    let none: Option<fn(I64F64) -> Fixed> = None;
    let positive = spread(0.01, 100.0);
    compare(
        criterion,
        "sqrt",
        &positive,
        |x| sqrt(x.unsigned_abs()),
        Some(transcendental::sqrt::<I64F64, I64F64>),
        f64::sqrt,
    );
    compare(
        criterion,
        "ln",
        &positive,
        |x| ln(x.unsigned_abs()),
        Some(transcendental::ln::<I64F64, I64F64>),
        f64::ln,
    );
    compare(
        criterion,
        "log2",
        &positive,
        |x| log2(x.unsigned_abs()),
        Some(transcendental::log2::<I64F64, I64F64>),
        f64::log2,
    );
    compare(
        criterion,
        "exp",
        &spread(-5.0, 20.0),
        exp,
        Some(transcendental::exp::<I64F64, I64F64>),
        f64::exp,
    );
    compare(criterion, "exp2", &spread(-8.0, 30.0), exp2, none, f64::exp2);
    compare(
        criterion,
        "phi_series",
        &spread(0.0, 1.0),
        |x| phi_series(x.unsigned_abs()),
        none,
        f64::atan,
    );
    compare(criterion, "tanh", &spread(-4.0, 4.0), tanh, none, f64::tanh);
}

fn two_arguments(criterion: &mut Criterion) {
    let pairs: Vec<(i128, i128)> = spread(0.5, 8.0).into_iter().zip(spread(-3.0, 5.0)).collect();
    let floats: Vec<(f64, f64)> = pairs.iter().map(|(b, y)| (float(*b), float(*y))).collect();
    let fixed: Vec<(I64F64, I64F64)> = floats
        .iter()
        .map(|(b, y)| (I64F64::from_num(*b), I64F64::from_num(*y)))
        .collect();
    let mut group = group(criterion, "pow");
    measure(&mut group, "certified", &pairs, |(b, y)| pow(b.unsigned_abs(), y));
    measure(&mut group, "substrate-fixed", &fixed, |(b, y)| {
        transcendental::pow::<I64F64, I64F64>(b, y)
    });
    measure(&mut group, "f64", &floats, |(b, y)| b.powf(y));
    group.finish();
    let mut group = crate::group(criterion, "mul_div_floor");
    let wide: Vec<u128> = (0..ARGUMENTS as u128).map(|i| u128::MAX / (i + 3)).collect();
    measure(&mut group, "certified", &wide, |x| mul_div_floor(x, ONE / 3, ONE));
    group.finish();
}

criterion_group!(functions, one_argument, two_arguments);
criterion_main!(functions);
