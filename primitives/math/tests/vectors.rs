//! MATH-1 and MATH-3, natively: every golden vector, row by row.

use qc_math::{exp, exp2, ln, log2, phi_series, pow, sqrt, tanh, MathError};
use std::{fmt::Display, fs, path::Path, str::FromStr};

/// The rows of `vectors/<name>.csv`, inputs and expected output.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/{name}.csv"));
    let text = fs::read_to_string(path).expect("the vectors are committed");
    let rows: Vec<Vec<String>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    assert!(rows.len() >= 1000, "{name}: {} rows", rows.len());
    rows
}

/// A result as the vectors write it.
fn written<T: Display>(result: Result<T, MathError>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => format!("!{error:?}"),
    }
}

fn parsed<T: FromStr>(field: &str) -> T {
    field.parse().ok().expect("vectors hold integers that fit")
}

fn check<X: FromStr, T: Display>(name: &str, function: fn(X) -> Result<T, MathError>) {
    for row in rows(name) {
        assert_eq!(written(function(parsed(&row[0]))), row[1], "{name}({})", row[0]);
    }
}

#[test]
fn math_1_sqrt_reproduces_its_vectors() {
    check("sqrt", sqrt);
}

#[test]
fn math_1_ln_reproduces_its_vectors() {
    check("ln", ln);
}

#[test]
fn math_1_log2_reproduces_its_vectors() {
    check("log2", log2);
}

#[test]
fn math_1_exp_reproduces_its_vectors() {
    check("exp", exp);
}

#[test]
fn math_1_exp2_reproduces_its_vectors() {
    check("exp2", exp2);
}

#[test]
fn math_1_pow_reproduces_its_vectors() {
    for row in rows("pow") {
        assert_eq!(
            written(pow(parsed(&row[0]), parsed(&row[1]))),
            row[2],
            "pow({}, {})",
            row[0],
            row[1]
        );
    }
}

#[test]
fn math_1_phi_series_reproduces_its_vectors() {
    check("phi_series", phi_series);
}

#[test]
fn math_1_tanh_reproduces_its_vectors() {
    check("tanh", tanh);
}
