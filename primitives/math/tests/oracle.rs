//! MATH-1 against an arbitrary-precision oracle: 10^4 random points a function. The long run is `scripts/math-proof.sh`.

mod support;

use support::{
    functions::Function,
    oracle::Oracle,
    points::{random_point, Random},
};

const POINTS: u32 = 10_000;

fn agrees_with_the_oracle(function: Function) {
    let mut oracle = Oracle::new();
    let mut random = Random::new(0x6d61_7468_2d31);
    for _ in 0..POINTS {
        let point = random_point(function, &mut random);
        assert_eq!(
            function.call(point),
            oracle.answer(function, point).result,
            "{function:?} at {point:?}"
        );
    }
}

#[test]
fn math_1_sqrt_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Sqrt);
}

#[test]
fn math_1_ln_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Ln);
}

#[test]
fn math_1_log2_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Log2);
}

#[test]
fn math_1_exp_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Exp);
}

#[test]
fn math_1_exp2_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Exp2);
}

#[test]
fn math_1_pow_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Pow);
}

#[test]
fn math_1_phi_series_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::PhiSeries);
}

#[test]
fn math_1_tanh_is_the_floor_at_random_points() {
    agrees_with_the_oracle(Function::Tanh);
}
