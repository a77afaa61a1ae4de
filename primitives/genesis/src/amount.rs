//! Amounts as people write them: whole tokens, with decimals.

use qc_types::{Balance, DECIMALS, PLANCKS_PER_WHOLE};

/// Reads whole tokens, for instance `"1.5"`, as plancks; `None` of anything else, also of more decimals than a token has.
pub fn parse(text: &str) -> Option<Balance> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let decimals = usize::from(DECIMALS);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > decimals {
        return None;
    }
    let fraction: Balance = format!("{fraction:0<decimals$}").parse().ok()?;
    let whole: Balance = whole.parse().ok()?;
    whole.checked_mul(PLANCKS_PER_WHOLE)?.checked_add(fraction)
}

/// Writes plancks as whole tokens with as many decimals as they need, and a comma between thousands.
pub fn format(plancks: Balance) -> String {
    let (whole, fraction) = (plancks / PLANCKS_PER_WHOLE, plancks % PLANCKS_PER_WHOLE);
    let whole = grouped(&whole.to_string());
    if fraction == 0 {
        return whole;
    }
    let fraction = format!("{fraction:0width$}", width = usize::from(DECIMALS));
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

/// Digits with a comma before every three.
pub fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_what_people_do() {
        assert_eq!(parse("1.5"), Some(1_500_000_000_000));
        assert_eq!(parse("0.000000000001"), Some(1));
        assert_eq!(format(1_234_567_500_000_000_000), "1,234,567.5");
        assert_eq!((format(0), format(999 * PLANCKS_PER_WHOLE)), ("0".into(), "999".into()));
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1,5",
            "1e3",
            " 1",
            "0.0000000000001",
            "1.5.5",
            "9".repeat(40).as_str(),
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(plancks: u128) {
            prop_assert_eq!(parse(&format(plancks).replace(',', "")), Some(plancks));
        }
    }
}
