//! The features.

use crate::unit;
use proptest::{collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{conformity, duty, harmony, slots, Forgiveness},
    symbols::Symbols,
};
use qc_math::{MathError, ONE};

#[test]
fn duties() {
    assert_eq!(duty(0, 0), Ok(None));
    assert_eq!(duty(0, 5), Ok(Some(0)));
    assert_eq!(duty(5, 5), Ok(Some(ONE)));
    assert_eq!(duty(1, 3), Ok(Some(333_333_333_333_333_333)));
    assert_eq!(duty(2, 1), Err(MathError::AboveOne));
}

#[test]
fn one_miss_in_ten_epochs_is_forgiven() {
    let symbols = Symbols::default();
    let mut forgiveness = Forgiveness::default();
    let mut forgiven = Vec::new();
    for epoch in 0..25 {
        // Two of 30 slots missed each epoch.
        let (feature, next) = slots(&symbols, forgiveness, 30, 28).unwrap();
        forgiveness = next;
        if feature == Some(29 * ONE / 30) {
            forgiven.push(epoch);
        } else {
            assert_eq!(feature, Some(28 * ONE / 30));
        }
    }
    assert_eq!(forgiven, [0, 10, 20]);
}

#[test]
fn time_passes_without_slots_and_without_misses() {
    let symbols = Symbols::default();
    let (feature, mut forgiveness) = slots(&symbols, Forgiveness::default(), 1, 0).unwrap();
    assert_eq!(feature, Some(ONE));
    for _ in 0..9 {
        (_, forgiveness) = slots(&symbols, forgiveness, 0, 0).unwrap();
    }
    assert_eq!(forgiveness, Forgiveness::default());
    assert_eq!(slots(&symbols, forgiveness, 1, 2), Err(MathError::AboveOne));
}

#[test]
fn conformity_falls_in_a_line() {
    let symbols = Symbols::default();
    let star = 9 * ONE / 10;
    let of = |report| conformity(&symbols, report, Some(star)).unwrap();
    assert_eq!(conformity(&symbols, Some(star), None), Ok(None));
    assert_eq!(of(None), Some(0));
    assert_eq!(of(Some(star)), Some(ONE));
    assert_eq!(of(Some(star + symbols.eps_sync / 2)), Some(ONE / 2));
    assert_eq!(of(Some(star - symbols.eps_sync / 2)), Some(ONE / 2));
    assert_eq!(of(Some(star + symbols.eps_sync)), Some(0));
    assert_eq!(of(Some(0)), Some(0));
    // A unit off costs the loss of 1/0.002, rounded against the reporter.
    assert_eq!(of(Some(star + 1)), Some(ONE - 500));
}

#[test]
fn harmony_of_a_clean_one_is_one() {
    assert_eq!(harmony(0), Ok(ONE));
    assert_eq!(harmony(ONE), Ok(ONE / 2));
    assert_eq!(harmony(u128::MAX - ONE), Ok(0));
    assert_eq!(harmony(u128::MAX), Err(MathError::Overflow));
}

proptest! {
    /// In no ten epochs running is more than one miss forgiven, whatever the pattern; and f0 is never below the plain ratio.
    #[test]
    fn never_two_in_ten(epochs in vec((0_u32..6, 0_u32..6), 1..60)) {
        let symbols = Symbols::default();
        let mut forgiveness = Forgiveness::default();
        let mut forgiven = Vec::new();
        for (epoch, (assigned, missed)) in epochs.into_iter().enumerate() {
            let authored = assigned - missed.min(assigned);
            let (feature, next) = slots(&symbols, forgiveness, assigned, authored).unwrap();
            forgiveness = next;
            let plain = duty(authored, assigned).unwrap();
            prop_assert!(feature >= plain);
            if feature > plain {
                forgiven.push(epoch);
            }
        }
        prop_assert!(forgiven.windows(2).all(|pair| pair[1] - pair[0] >= 10), "{:?}", forgiven);
    }

    #[test]
    fn conformity_is_monotone(star in unit(), near in unit(), far in unit()) {
        let symbols = Symbols::default();
        let (near, far) = if near.abs_diff(star) <= far.abs_diff(star) { (near, far) } else { (far, near) };
        let of = |report| conformity(&symbols, Some(report), Some(star)).unwrap().unwrap();
        prop_assert!(of(near) >= of(far));
        prop_assert!(of(near) <= ONE);
    }

    #[test]
    fn harmony_falls(d in any::<u64>(), more in any::<u64>()) {
        let (d, more) = (u128::from(d), u128::from(more));
        prop_assert!(harmony(d).unwrap() >= harmony(d + more).unwrap());
    }
}
