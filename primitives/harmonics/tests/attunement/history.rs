//! Ψ̄ against a plain list of days.

use crate::unit;
use codec::{Encode, MaxEncodedLen};
use proptest::{collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{History, HISTORY_DAYS},
    symbols::Symbols,
};
use qc_math::{MathError, ONE};
use std::collections::BTreeMap;

const PACKED: u128 = 1_000_000_000;

#[test]
fn the_first_week_divides_by_seven() {
    let symbols = Symbols::default();
    let mut history = History::enrolled_on(1_000);
    assert_eq!(history.mean(&symbols, 1_000), Ok(0));
    for day in 0..10 {
        history.record(1_000 + day, ONE).unwrap();
        history.record(1_000 + day, ONE).unwrap();
        let expected = ONE / PACKED * u128::from(day + 1) * PACKED / u128::from(7.max(day + 1));
        assert_eq!(history.mean(&symbols, 1_000 + day), Ok(expected), "day {day}");
    }
}

#[test]
fn missing_days_are_zero_and_old_ones_leave() {
    let symbols = Symbols::default();
    let mut history = History::enrolled_on(0);
    history.record(0, ONE).unwrap();
    assert_eq!(history.mean(&symbols, 9), Ok(ONE / 10));
    assert_eq!(history.mean(&symbols, 89), Ok(ONE / PACKED * PACKED / 90));
    assert_eq!(history.mean(&symbols, 90), Ok(0));
    assert_eq!(history.mean(&symbols, u32::MAX), Ok(0));
    history.record(u32::MAX, ONE).unwrap();
    assert_eq!(history.mean(&symbols, u32::MAX), Ok(ONE / PACKED * PACKED / 90));
}

#[test]
fn a_founder_starts_with_a_week() {
    let symbols = Symbols::default();
    let mut history = History::founded_on(&symbols, 3, 9 * ONE / 10).unwrap();
    // Seven days of 0.9 and one without a record, over eight.
    assert_eq!(history.mean(&symbols, 3), Ok(63 * ONE / 80));
    history.record(3, 9 * ONE / 10).unwrap();
    assert_eq!(history.mean(&symbols, 3), Ok(9 * ONE / 10));
    // The start leaves after 90 days like any other: the last day of it is day 2.
    assert_eq!(history.mean(&symbols, 3 + 90), Ok(0));
    assert_eq!(history.mean(&symbols, 2 + 90), Ok(ONE / 100));
    assert_eq!(History::founded_on(&symbols, 3, ONE + 1), Err(MathError::AboveOne));
}

/// As many days as the least divisor has, but never the day itself.
#[test]
fn a_founder_is_credited_89_days_at_most() {
    let symbols = Symbols {
        psi_min_history_days: 90,
        ..Symbols::default()
    };
    let history = History::founded_on(&symbols, 300, ONE).unwrap();
    assert_eq!(history.mean(&symbols, 300), Ok(89 * ONE / 90));
}

#[test]
fn a_clock_that_goes_back_is_today() {
    let symbols = Symbols::default();
    let mut history = History::enrolled_on(5);
    assert_eq!(history.open_day(), 5);
    history.record(6, ONE).unwrap();
    history.record(2, 0).unwrap();
    assert_eq!(history.open_day(), 6);
    assert_eq!(history.mean(&symbols, 6), Ok(ONE / 14));
    assert_eq!(history.record(6, ONE + 1), Err(MathError::AboveOne));
}

#[test]
fn it_has_one_size() {
    assert_eq!(History::enrolled_on(0).encode().len(), History::max_encoded_len());
    assert_eq!(History::max_encoded_len(), 392);
}

proptest! {
    #[test]
    fn it_is_the_mean_of_the_days(
        enrolled in 0_u32..200,
        records in vec((0_u32..30, unit()), 0..120),
        later in 0_u32..120,
        start in proptest::option::of(unit()),
    ) {
        let symbols = Symbols::default();
        let mut history = match start {
            Some(psi) => History::founded_on(&symbols, enrolled, psi).unwrap(),
            None => History::enrolled_on(enrolled),
        };
        let mut days: BTreeMap<i64, Vec<u128>> = BTreeMap::new();
        let mut day = enrolled;
        for back in 1..=7 {
            if let Some(psi) = start {
                days.insert(i64::from(enrolled) - back, vec![psi]);
            }
        }
        for (pause, psi) in records {
            // Mostly the same day, now and then a gap.
            day += pause.saturating_sub(25);
            history.record(day, psi).unwrap();
            days.entry(i64::from(day)).or_default().push(psi);
        }
        let at = day + later;
        let since = i64::from(at) - 89;
        let sum: u128 = days
            .range(since..)
            .map(|(_, psis)| psis.iter().sum::<u128>() / u128::try_from(psis.len()).unwrap() / PACKED)
            .sum();
        let lived = at - enrolled + 1 + if start.is_some() { 7 } else { 0 };
        let expected = sum * PACKED / u128::from(lived.clamp(7, HISTORY_DAYS));
        let found = history.mean(&symbols, at).unwrap();
        prop_assert_eq!(found, expected);
        prop_assert!(found <= ONE);
    }
}
