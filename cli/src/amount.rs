//! Amounts as people write them: exact decimals, never floating point.

use qc_types::{Balance, DECIMALS, PLANCKS_PER_WHOLE};
use thiserror::Error;

/// What is wrong with an amount that somebody typed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AmountError {
    /// Nothing was given.
    #[error("the amount is empty")]
    Empty,
    /// A minus sign.
    #[error("the amount {0} is negative")]
    Negative(String),
    /// Something other than digits and at most one dot between digits.
    #[error("{0:?} is not an amount")]
    Malformed(String),
    /// Finer than one planck.
    #[error("{text} has {found} decimals, a token has {DECIMALS}")]
    TooManyDecimals {
        /// What was given.
        text: String,
        /// How many decimals it has.
        found: usize,
    },
    /// More than any account can ever hold.
    #[error("the amount {0} is too large")]
    Overflow(String),
    /// Zero, where something has to move.
    #[error("the amount is zero")]
    Zero,
}

impl AmountError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::Malformed(_) => "amount_malformed",
            Self::Negative(_) => "amount_negative",
            Self::TooManyDecimals { .. } => "amount_too_many_decimals",
            Self::Overflow(_) => "amount_too_large",
            Self::Zero => "amount_zero",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::TooManyDecimals { .. } => {
                format!("the smallest amount is one planck, {}", format(1))
            }
            Self::Zero => "give more than 0, or --all for everything that can be moved".into(),
            _ => "write whole tokens with a decimal point and no separators, for instance 1.5".into(),
        }
    }
}

/// Reads an amount of whole tokens, for instance `"1.5"`, into plancks.
pub fn parse(text: &str) -> Result<Balance, AmountError> {
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    if text.starts_with('-') {
        return Err(AmountError::Negative(text.into()));
    }
    let malformed = || AmountError::Malformed(text.into());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(malformed()),
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(malformed());
    }
    let decimals = usize::from(DECIMALS);
    if fraction.len() > decimals {
        return Err(AmountError::TooManyDecimals {
            text: text.into(),
            found: fraction.len(),
        });
    }
    let overflow = || AmountError::Overflow(text.into());
    let whole: Balance = whole.parse().map_err(|_| overflow())?;
    // Right-padded to twelve digits, a fraction is a number of plancks.
    let fraction: Balance = format!("{fraction:0<decimals$}").parse().map_err(|_| malformed())?;
    whole
        .checked_mul(PLANCKS_PER_WHOLE)
        .and_then(|plancks| plancks.checked_add(fraction))
        .ok_or_else(overflow)
}

/// As [`parse`], for what has to be more than nothing.
pub fn parse_positive(text: &str) -> Result<Balance, AmountError> {
    match parse(text)? {
        0 => Err(AmountError::Zero),
        plancks => Ok(plancks),
    }
}

/// Writes plancks as whole tokens with as many decimals as they need; [`parse`] reads it back.
pub fn format(plancks: Balance) -> String {
    let (whole, fraction) = (plancks / PLANCKS_PER_WHOLE, plancks % PLANCKS_PER_WHOLE);
    if fraction == 0 {
        return whole.to_string();
    }
    let fraction = format!("{fraction:0width$}", width = usize::from(DECIMALS));
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        assert_eq!(parse("1.5"), Ok(1_500_000_000_000));
        assert_eq!(parse("0.000000000001"), Ok(1));
        assert_eq!(parse("007"), Ok(7 * PLANCKS_PER_WHOLE));
        assert_eq!(parse("6180339887"), Ok(6_180_339_887 * PLANCKS_PER_WHOLE));
        assert_eq!(parse("340282366920938463463374607.431768211455"), Ok(Balance::MAX));
        for text in [
            "340282366920938463463374607.431768211456",
            "340282366920938463463374608",
            &"9".repeat(60),
        ] {
            assert_eq!(parse(text), Err(AmountError::Overflow(text.into())));
        }
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(parse(""), Err(AmountError::Empty));
        assert_eq!(parse("-1"), Err(AmountError::Negative("-1".into())));
        assert_eq!(parse_positive("0.0"), Err(AmountError::Zero));
        assert_eq!(
            parse("0.0000000000001").map_err(|e| e.code()),
            Err("amount_too_many_decimals")
        );
        for text in [
            ".", "1.", ".5", "1,5", "1.5.5", "1e3", "+1", " 1", "1 ", "0x10", "١", "1_000", "NaN", "inf",
        ] {
            assert_eq!(parse(text), Err(AmountError::Malformed(text.into())), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(plancks: u128) {
            prop_assert_eq!(parse(&format(plancks)), Ok(plancks));
        }

        #[test]
        fn anything_typed_is_an_amount_or_an_error(text in ".{0,60}") {
            if let Ok(plancks) = parse(&text) {
                prop_assert_eq!(parse(&format(plancks)), Ok(plancks));
            }
        }

        #[test]
        fn a_larger_number_reads_as_more(a: u64, b: u64, fraction in 0u64..1_000_000_000_000) {
            let read = |whole: u64| parse(&format!("{whole}.{fraction:012}")).unwrap();
            prop_assert_eq!(a.cmp(&b), read(a).cmp(&read(b)));
        }
    }
}
