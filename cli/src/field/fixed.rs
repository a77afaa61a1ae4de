//! Numbers of the field as the chain keeps them, integers in units of 10⁻¹⁸, for people and for programs. No floating point.

use crate::amount;

/// Decimals of a fixed-point number.
const DECIMALS: usize = 18;

/// One.
pub const ONE: u128 = 1_000_000_000_000_000_000;

/// What six decimals cannot show.
const SHORT_MIN: u128 = 1_000_000_000_000;

/// How many decimals people are shown.
const SHORT_DECIMALS: usize = 6;

/// A number with as many decimals as it needs, to the last digit: `0.97`.
pub fn exact(value: u128) -> String {
    let fraction = format!("{:0DECIMALS$}", value % ONE);
    match fraction.trim_end_matches('0') {
        "" => (value / ONE).to_string(),
        fraction => format!("{}.{fraction}", value / ONE),
    }
}

/// As [`exact`], with a sign where it is below 0.
pub fn exact_signed(value: i128) -> String {
    signed(value, exact)
}

/// A number with six decimals, the rest cut off; what is not 0 and would look like it in powers of ten: `0.970123`, `3.2e-9`.
pub fn short(value: u128) -> String {
    if value == 0 || value >= SHORT_MIN {
        let decimals = (value % ONE) / SHORT_MIN;
        return format!("{}.{decimals:0SHORT_DECIMALS$}", value / ONE);
    }
    let digits = value.to_string();
    let power = DECIMALS.saturating_sub(digits.len()).saturating_add(1);
    let (first, rest) = digits.split_at(1);
    let rest: String = rest.chars().take(2).collect();
    match rest.trim_end_matches('0') {
        "" => format!("{first}e-{power}"),
        rest => format!("{first}.{rest}e-{power}"),
    }
}

/// As [`short`], with a sign where it is below 0.
pub fn short_signed(value: i128) -> String {
    signed(value, short)
}

/// Plancks that may be below 0 as whole tokens.
pub fn amount_signed(plancks: i128) -> String {
    signed(plancks, amount::format)
}

fn signed(value: i128, text: impl Fn(u128) -> String) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", text(value.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_exact_for_programs_and_short_for_people() {
        for (value, whole, cut) in [
            (0, "0", "0.000000"),
            (1, "0.000000000000000001", "1e-18"),
            (12_340, "0.00000000000001234", "1.23e-14"),
            (999_999_999_999, "0.000000999999999999", "9.99e-7"),
            (1_000_000_000_000, "0.000001", "0.000001"),
            (970_123_999_999_999_999, "0.970123999999999999", "0.970123"),
            (ONE, "1", "1.000000"),
            (12 * ONE + ONE / 2, "12.5", "12.500000"),
        ] {
            assert_eq!((&*exact(value), &*short(value)), (whole, cut), "{value}");
        }
        assert_eq!(exact_signed(-1_500_000_000_000_000_000), "-1.5");
        assert_eq!(short_signed(-3_200_000_000), "-3.2e-9");
        assert_eq!(amount_signed(-12_500_000_000_000), "-12.5");
        assert_eq!(exact_signed(i128::MIN), "-170141183460469231731.687303715884105728");
    }

    /// Whole and fraction, read back.
    fn read(text: &str) -> u128 {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        whole.parse::<u128>().unwrap() * ONE + format!("{fraction:0<18}").parse::<u128>().unwrap()
    }

    proptest! {
        #[test]
        fn what_is_written_exactly_is_read_back(value: u128) {
            prop_assert_eq!(read(&exact(value)), value);
        }

        /// What people see is never more than what is, and less by no more than the last digit shown.
        #[test]
        fn what_is_short_is_cut_off(value in SHORT_MIN..=u128::MAX) {
            let seen = read(&short(value));
            prop_assert!(seen <= value && value - seen < SHORT_MIN);
        }

        /// Nothing that is not 0 looks like it, and nothing looks larger than what six decimals can show.
        #[test]
        fn what_is_small_does_not_vanish(value in 1..SHORT_MIN) {
            let text = short(value);
            let (mantissa, power) = text.split_once("e-").unwrap();
            let seen = read(mantissa) / 10u128.pow(power.parse().unwrap());
            prop_assert!(seen > 0 && seen <= value && (7..=18).contains(&power.parse().unwrap()));
        }
    }
}
