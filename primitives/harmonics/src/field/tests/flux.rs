//! Flux and alignment.

use crate::field::{alignment, flux, FieldFault};
use proptest::prelude::*;
use qc_math::{MathError, ONE};

/// One, signed.
const UNIT: i128 = ONE as i128;

#[test]
fn flux_is_the_flow_s_share_times_the_gradient() {
    // A tenth of all FLX up a gradient of ½; a fifth down a gradient of ½; none.
    let found = flux(&[10, 20, 0], &[UNIT / 2, -UNIT / 2, UNIT], 100);
    assert_eq!(found, Ok(vec![UNIT / 20, -UNIT / 10, 0]));
    // Against the gradient, and with it backwards.
    assert_eq!(
        flux(&[-10, -10], &[UNIT / 2, -UNIT / 2], 100),
        Ok(vec![-UNIT / 20, UNIT / 20])
    );
}

#[test]
fn flux_is_rounded_down() {
    assert_eq!(flux(&[1, 1, -1, 2], &[1, -1, 1, 2], 3), Ok(vec![0, -1, -1, 1]));
}

#[test]
fn without_flx_there_is_no_flux() {
    assert_eq!(flux(&[5, -5], &[UNIT, UNIT], 0), Ok(vec![0, 0]));
}

#[test]
fn flux_out_of_range_is_an_error() {
    let overflow = Err(FieldFault::Math(MathError::Overflow));
    assert_eq!(flux(&[i128::MAX], &[2], 1), overflow);
    assert_eq!(flux(&[1], &[1], 1 << 127), overflow);
    assert_eq!(flux(&[i128::MAX], &[1], 1), Ok(vec![i128::MAX]));
    assert_eq!(flux(&[1, 2], &[1], 1), Err(FieldFault::EdgeCount));
    assert_eq!(flux(&[1], &[1, 2], 1), Err(FieldFault::EdgeCount));
}

#[test]
fn alignment_is_one_along_the_gradient_and_minus_one_against_it() {
    assert_eq!(alignment(&[3, -6, 9], &[UNIT, -2 * UNIT, 3 * UNIT]), Ok(UNIT));
    assert_eq!(alignment(&[-3, 6, -9], &[UNIT, -2 * UNIT, 3 * UNIT]), Ok(-UNIT));
    assert_eq!(alignment(&[1], &[i128::MAX]), Ok(UNIT));
    assert_eq!(alignment(&[i128::MIN], &[1]), Ok(-UNIT));
}

#[test]
fn alignment_is_a_cosine() {
    // 60°: (1, 0, 0) against (1, 1, 1, 1).
    assert_eq!(alignment(&[7, 0, 0, 0], &[5, 5, 5, 5]), Ok(UNIT / 2));
    assert_eq!(alignment(&[7, 0, 0, 0], &[-5, 5, 5, -5]), Ok(-UNIT / 2));
    // 45°, rounded down: √½.
    assert_eq!(alignment(&[1, 0], &[1, 1]), Ok(707_106_781_186_547_524));
    // At right angles.
    assert_eq!(alignment(&[1, 1], &[1, -1]), Ok(0));
    // 3 · 4 + 4 · 3 of 5 · 5; the scaling to 2²⁷ rounds ¾ to no harm.
    assert_eq!(alignment(&[3, 4], &[4, 3]), Ok(960_000_000_000_000_000));
}

#[test]
fn alignment_is_nothing_where_nothing_flows_or_nothing_slopes() {
    assert_eq!(alignment(&[0, 0], &[1, 2]), Ok(0));
    assert_eq!(alignment(&[1, 2], &[0, 0]), Ok(0));
    assert_eq!(alignment(&[], &[]), Ok(0));
    assert_eq!(alignment(&[1], &[]), Err(FieldFault::EdgeCount));
}

/// Entries are rounded towards 0: with (2²⁸ − 1)/2²⁸ of the largest on both sides nothing tips over.
#[test]
fn entries_are_scaled_towards_zero() {
    let small = (1i128 << 28) - 1;
    let found = alignment(&[1 << 28, small], &[1 << 28, -small]);
    // (2²⁷)² − (2²⁷ − 1)² of (2²⁷)² + (2²⁷ − 1)².
    let (a, b) = (1u128 << 54, ((1u128 << 27) - 1).pow(2));
    let quotient = (a - b).pow(2) * ONE / (a + b).pow(2);
    assert_eq!(found, Ok((quotient * ONE).isqrt() as i128));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn alignment_is_within_one(vectors in prop::collection::vec((any::<i128>(), any::<i128>()), 1..=250)) {
        let (flows, gradients): (Vec<i128>, Vec<i128>) = vectors.into_iter().unzip();
        let found = alignment(&flows, &gradients).expect("in range");
        prop_assert!((-UNIT..=UNIT).contains(&found));
        prop_assert_eq!(alignment(&gradients, &flows), Ok(found), "symmetric");
        prop_assert_eq!(alignment(&flows, &flows), Ok(UNIT));
    }

    /// Neither the size of all flows nor the order of the edges matters; turned round, the sign turns.
    #[test]
    fn alignment_is_of_the_direction(
        vectors in prop::collection::vec((-1_000_000i128..1_000_000, -1_000_000i128..1_000_000), 1..=250),
        times in 1i128..1_000_000,
        turn in 0usize..250,
    ) {
        let (flows, gradients): (Vec<i128>, Vec<i128>) = vectors.iter().copied().unzip();
        let found = alignment(&flows, &gradients).expect("in range");
        let larger: Vec<i128> = flows.iter().map(|flow| flow * times).collect();
        prop_assert_eq!(alignment(&larger, &gradients), Ok(found));
        let turned: Vec<i128> = flows.iter().map(|flow| -flow).collect();
        prop_assert_eq!(alignment(&turned, &gradients), Ok(-found));
        let mut reordered = vectors;
        let turn = turn % reordered.len();
        reordered.rotate_left(turn);
        let (flows, gradients): (Vec<i128>, Vec<i128>) = reordered.into_iter().unzip();
        prop_assert_eq!(alignment(&flows, &gradients), Ok(found));
    }
}
