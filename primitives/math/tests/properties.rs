//! Properties at any input: MATH-2, domains and typed errors, ranges, and what rounding means for products and quotients.

use proptest::prelude::*;
use qc_math::{
    div_ceil, div_floor, exp, exp2, ln, log2, lower_median, mul_ceil, mul_div_ceil, mul_div_floor, mul_floor,
    phi_series, pow, signed_mul_div_ceil, signed_mul_div_floor, sqrt, tanh, MathError, ONE,
};

const ONE_SIGNED: i128 = 1_000_000_000_000_000_000;

/// All lengths in bits equally likely.
fn any_magnitude() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0_u32..128).prop_map(|(bits, shift)| bits >> shift)
}

fn any_signed() -> impl Strategy<Value = i128> {
    (any::<i128>(), 0_u32..128).prop_map(|(bits, shift)| bits >> shift)
}

/// `smaller <= larger`, an overflow or a quotient by zero counting as above everything.
fn in_order<T: PartialOrd>(smaller: Result<T, MathError>, larger: Result<T, MathError>) -> bool {
    match (smaller, larger) {
        (Ok(a), Ok(b)) => a <= b,
        (_, Err(MathError::Overflow | MathError::DivisionByZero)) => true,
        _ => false,
    }
}

/// a * b compared with c * d in 256 bits.
fn compare_products(a: u128, b: u128, c: u128, d: u128) -> std::cmp::Ordering {
    let ((low_1, high_1), (low_2, high_2)) = (a.carrying_mul(b, 0), c.carrying_mul(d, 0));
    (high_1, low_1).cmp(&(high_2, low_2))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn math_2_functions_of_unsigned_arguments_are_monotone(x in any_magnitude()) {
        if let Some(next) = x.checked_add(1) {
            prop_assert!(in_order(sqrt(x), sqrt(next)));
            prop_assert!(x == 0 || in_order(ln(x), ln(next)));
            prop_assert!(x == 0 || in_order(log2(x), log2(next)));
            prop_assert!(next > ONE || in_order(phi_series(x), phi_series(next)));
        }
    }

    #[test]
    fn math_2_functions_of_signed_arguments_are_monotone(x in any_signed()) {
        if let Some(next) = x.checked_add(1) {
            prop_assert!(in_order(exp(x), exp(next)));
            prop_assert!(in_order(exp2(x), exp2(next)));
            prop_assert!(in_order(tanh(x), tanh(next)));
        }
    }

    #[test]
    fn math_2_pow_is_monotone_in_both_arguments(base in any_magnitude(), exponent in any_signed()) {
        if let Some(next) = base.checked_add(1) {
            let (low, high) = (pow(base, exponent), pow(next, exponent));
            let ordered = if exponent >= 0 { in_order(low, high) } else { in_order(high, low) };
            prop_assert!(ordered);
        }
        if let Some(next) = exponent.checked_add(1) {
            let (low, high) = (pow(base, exponent), pow(base, next));
            let ordered = if base >= ONE { in_order(low, high) } else { in_order(high, low) };
            prop_assert!(ordered);
        }
    }

    #[test]
    fn results_stay_within_the_documented_ranges(x in any_magnitude(), y in any_signed()) {
        prop_assert!(sqrt(x).is_ok_and(|root| root <= 18_446_744_073_709_551_615_999_999_999));
        prop_assert!(x == 0 || ln(x).is_ok_and(|v| (-42 * ONE_SIGNED..48 * ONE_SIGNED).contains(&v)));
        prop_assert!(x == 0 || log2(x).is_ok_and(|v| (-60 * ONE_SIGNED..69 * ONE_SIGNED).contains(&v)));
        prop_assert!(phi_series(x % (ONE + 1)).is_ok_and(|v| v <= 785_398_163_397_448_309));
        prop_assert!(tanh(y).is_ok_and(|v| (-ONE_SIGNED..ONE_SIGNED).contains(&v)));
        prop_assert_eq!(exp(y).is_err(), y > 47_276_307_437_780_177_293);
        prop_assert_eq!(exp2(y).is_err(), y > 68_205_294_292_027_477_738);
        prop_assert!(matches!(pow(x, y), Ok(_) | Err(MathError::Overflow | MathError::DivisionByZero)));
    }

    #[test]
    fn squares_have_exact_roots(root in 0_u128..1 << 64) {
        // root * 10^9 units, squared, is on the grid.
        let square = root * root;
        prop_assert_eq!(sqrt(square), Ok(root * 1_000_000_000));
        prop_assert_eq!(pow(square.max(1), ONE_SIGNED / 2), Ok(root.max(1) * 1_000_000_000));
        if square > 1 {
            prop_assert_eq!(pow(square - 1, ONE_SIGNED / 2), sqrt(square - 1));
        }
    }

    #[test]
    fn floors_and_ceilings_enclose_the_exact_quotient(a in any_magnitude(), b in any_magnitude(), c in any_magnitude()) {
        match (mul_div_floor(a, b, c), mul_div_ceil(a, b, c)) {
            (Err(MathError::DivisionByZero), Err(MathError::DivisionByZero)) => prop_assert_eq!(c, 0),
            (Err(MathError::Overflow), Err(MathError::Overflow)) => prop_assert!(a.carrying_mul(b, 0).1 >= c),
            (Ok(floor), ceiling) => {
                prop_assert!(compare_products(floor, c, a, b).is_le());
                prop_assert!(floor == u128::MAX || compare_products(floor + 1, c, a, b).is_gt());
                let exact = compare_products(floor, c, a, b).is_eq();
                let expected = if exact { Ok(floor) } else { floor.checked_add(1).ok_or(MathError::Overflow) };
                prop_assert_eq!(ceiling, expected);
            },
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn signed_quotients_round_towards_their_infinity(a in any_signed(), b in any_signed(), c in any_signed()) {
        // Where the product fits, integer division with the right rounding is the definition.
        if let (Some(product), true) = (a.checked_mul(b), c != 0) {
            if let (Some(quotient), Some(rest)) = (product.checked_div(c), product.checked_rem(c)) {
                let below = rest != 0 && (rest < 0) != (c < 0);
                let above = rest != 0 && (rest < 0) == (c < 0);
                prop_assert_eq!(signed_mul_div_floor(a, b, c), Ok(quotient - i128::from(below)));
                prop_assert_eq!(signed_mul_div_ceil(a, b, c), Ok(quotient + i128::from(above)));
            }
        }
        // Where it does not, floor and ceiling mirror each other.
        if let Some(minus_a) = a.checked_neg() {
            if let (Ok(floor), Ok(ceiling)) = (signed_mul_div_floor(a, b, c), signed_mul_div_ceil(minus_a, b, c)) {
                prop_assert_eq!(Some(floor), ceiling.checked_neg());
            }
        }
    }

    #[test]
    fn fixed_point_products_and_quotients_are_those_by_one(a in any_magnitude(), b in any_magnitude()) {
        prop_assert_eq!(mul_floor(a, b), mul_div_floor(a, b, ONE));
        prop_assert_eq!(mul_ceil(a, b), mul_div_ceil(a, b, ONE));
        prop_assert_eq!(div_floor(a, b), mul_div_floor(a, ONE, b));
        prop_assert_eq!(div_ceil(a, b), mul_div_ceil(a, ONE, b));
    }

    #[test]
    fn the_lower_median_has_its_rank_whatever_the_order(mut values in prop::collection::vec((0_u8..9, any::<u16>()), 1..40)) {
        let median = lower_median(&mut values.clone()).unwrap();
        values.reverse();
        prop_assert_eq!(lower_median(&mut values), Ok(median));
        let below = values.iter().filter(|value| **value < median).count();
        let not_above = values.iter().filter(|value| **value <= median).count();
        let rank = values.len().div_ceil(2);
        prop_assert!(below < rank && rank <= not_above);
    }
}
