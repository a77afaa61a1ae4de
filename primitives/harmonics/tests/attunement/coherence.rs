//! R, the means, Ĉ and H: bounds, conventions, certified rounding.

use crate::{input, stake, symbols, unit};
use proptest::{array::uniform4, collection::vec, prelude::*};
use qc_harmonics::{
    attunement::{
        caf, close, entropy, entropy_rate, mean_psi, network_coherence, resonance, start, Phase, ValidatorInput,
    },
    symbols::Symbols,
};
use qc_math::{MathError, ONE};

/// ⌊√x⌋ and whether it is exact, by Newton's method: another way than the code's.
fn root(x: u128) -> u128 {
    if x < 2 {
        return x;
    }
    let mut guess = 1_u128 << (x.ilog2() / 2 + 1);
    loop {
        let next = (guess + x / guess) / 2;
        if next >= guess {
            return guess;
        }
        guess = next;
    }
}

/// The mean cosine in O(n²), to about 17 digits, for components above 10⁻³.
fn mean_cosine(vectors: &[[u128; 4]]) -> u128 {
    let mut sum = 0;
    let mut pairs = 0;
    for (at, one) in vectors.iter().enumerate() {
        for other in &vectors[at + 1..] {
            let dot: u128 = one.iter().zip(other).map(|(a, b)| a * b).sum();
            let norm = |vector: &[u128; 4]| root(vector.iter().map(|a| a * a).sum());
            let product = norm(one) * norm(other);
            sum += dot / (product / ONE);
            pairs += 1;
        }
    }
    sum / pairs
}

#[test]
fn conventions_for_few() {
    assert_eq!(resonance(&[]), Ok(0));
    assert_eq!(resonance(&[[0; 4]]), Ok(ONE));
    assert_eq!(resonance(&[[0; 4]; 2]), Ok(0));
    assert_eq!(entropy(&[]), Ok(0));
    assert_eq!(entropy(&[0]), Ok(ONE));
    assert_eq!(entropy(&[0, 0]), Ok(0));
    assert_eq!(entropy(&[ONE, 0]), Ok(0));
    assert_eq!(mean_psi(&[], &[]), Ok(0));
    assert_eq!(mean_psi(&[0, 0], &[ONE, ONE]), Ok(0));
    assert_eq!(entropy_rate(None, ONE), 0);
    assert_eq!(entropy_rate(Some(3), 5), 2);
    assert_eq!(entropy_rate(Some(5), 3), 2);
    let closing = close(&Symbols::default(), &[], 0).unwrap();
    assert_eq!((closing.coherence, closing.entropy, closing.caf), (0, 0, ONE));
}

#[test]
fn orthogonal_and_parallel_vectors() {
    let axes = [[ONE, 0, 0, 0], [0, 7, 0, 0], [0, 0, ONE / 3, 0], [0, 0, 0, 1]];
    assert_eq!(resonance(&axes), Ok(0));
    // A norm that is a whole number of units gives exactly one.
    assert_eq!(resonance(&[[ONE / 2; 4]; 100]), Ok(ONE));
    assert_eq!(resonance(&[[3, 4, 0, 0], [30, 40, 0, 0]]), Ok(ONE));
    // Else it stays just below.
    let below = resonance(&[[ONE, ONE, 0, 0]; 100]).unwrap();
    assert!((ONE - 5..ONE).contains(&below), "{below}");
}

#[test]
fn too_many_and_too_large_are_refused() {
    assert_eq!(resonance(&[[2 * ONE; 4]; 2]), Ok(ONE));
    assert_eq!(resonance(&[[u128::MAX; 4]; 2]), Err(MathError::Overflow));
    assert!(resonance(&[[ONE, 0, 0, 0]; 340]).is_ok());
    assert_eq!(resonance(&[[ONE, 0, 0, 0]; 400]), Err(MathError::Overflow));
    assert_eq!(mean_psi(&[u128::MAX; 2], &[ONE; 2]), Err(MathError::Overflow));
    assert_eq!(caf(&Symbols::default(), ONE + 1), Err(MathError::AboveOne));
    assert_eq!(caf(&Symbols::default(), ONE), Ok(11 * ONE / 10));
    assert_eq!(network_coherence(97 * ONE / 100, 11 * ONE / 10), Ok(ONE));
}

#[test]
fn those_in_grace_do_not_count_unless_all_are() {
    let symbols = Symbols::default();
    let sound = ValidatorInput {
        phases: [Phase {
            omega: ONE,
            integral: 0,
            was_due: true,
        }; 4],
        features: [Some(ONE); 4],
        stake: 5,
        in_grace: false,
    };
    let newcomer = ValidatorInput {
        phases: start(0),
        features: [Some(0); 4],
        stake: 1_000_000,
        in_grace: true,
    };
    let with = close(&symbols, &[sound, sound, newcomer], 0).unwrap();
    assert_eq!((with.coherence, with.entropy), (ONE, ONE));
    assert_eq!(with.validators.len(), 3);
    let alone = close(&symbols, &[newcomer, newcomer], 0).unwrap();
    assert_eq!((alone.coherence, alone.resonance), (0, 0));
    let young = ValidatorInput {
        in_grace: true,
        ..sound
    };
    let all_young = close(&symbols, &[young, young], 0).unwrap();
    assert_eq!(all_young.coherence, ONE);
}

/// A feature that becomes due, at the Ψ it starts from, does not move R.
#[test]
fn resonance_does_not_jump_when_a_feature_becomes_due() {
    let known = Phase {
        omega: 9 * ONE / 10,
        integral: 0,
        was_due: true,
    };
    let validator = |phases| ValidatorInput {
        phases,
        features: [None; 4],
        stake: 1,
        in_grace: false,
    };
    let three = validator([known, Phase::default(), known, known]);
    let four = validator([known; 4]);
    let closing = close(&Symbols::default(), &[three, four], 0).unwrap();
    assert_eq!(closing.resonance, ONE);
}

#[test]
fn equal_shares_have_entropy_one() {
    for n in 2..=100 {
        assert_eq!(entropy(&vec![123_456_789; n]), Ok(ONE), "{n}");
    }
}

proptest! {
    #[test]
    fn everything_is_within_its_range(
        symbols in symbols(),
        inputs in vec(input(), 0..30),
        node_memory in unit(),
    ) {
        let closing = close(&symbols, &inputs, node_memory).unwrap();
        prop_assert_eq!(closing.validators.len(), inputs.len());
        for number in [closing.resonance, closing.core, closing.coherence, closing.entropy] {
            prop_assert!(number <= ONE);
        }
        prop_assert!(closing.core <= closing.resonance);
        prop_assert!((ONE..=ONE + symbols.gamma).contains(&closing.caf));
        prop_assert!(closing.coherence >= closing.core);
    }

    /// Neither the order of the validators nor the unit of the stakes matters.
    #[test]
    fn order_does_not_matter(mut inputs in vec(input(), 2..12), turn in 0_usize..12) {
        let symbols = Symbols::default();
        let one = close(&symbols, &inputs, 0).unwrap();
        let turn = turn % inputs.len();
        inputs.rotate_left(turn);
        let other = close(&symbols, &inputs, 0).unwrap();
        prop_assert_eq!(one.coherence, other.coherence);
        prop_assert_eq!(one.entropy, other.entropy);
    }

    #[test]
    fn resonance_is_the_mean_cosine(vectors in vec(uniform4(ONE / 1_000..=ONE), 2..12)) {
        let certified = resonance(&vectors).unwrap();
        let plain = mean_cosine(&vectors);
        prop_assert!(certified.abs_diff(plain) < 20_000, "{certified} and {plain}");
    }

    /// A better feature of everybody's at once cannot lower Ĉ where all are alike.
    #[test]
    fn coherence_of_alike_ones_is_monotone(low in unit(), high in unit(), n in 1_usize..10) {
        let (low, high) = (low.min(high), low.max(high));
        let alike = |omega| {
            let phase = Phase { omega, integral: 0, was_due: true };
            let input = ValidatorInput { phases: [phase; 4], features: [None; 4], stake: 7, in_grace: false };
            close(&Symbols::default(), &vec![input; n], 0).unwrap().coherence
        };
        prop_assert!(alike(low) <= alike(high));
    }

    /// More stake on one who is above the mean does not lower it.
    #[test]
    fn the_mean_is_a_mean(stakes in vec((stake(), unit()), 1..20)) {
        let (stakes, psis): (Vec<_>, Vec<_>) = stakes.into_iter().unzip();
        let mean = mean_psi(&stakes, &psis).unwrap();
        if stakes.iter().any(|stake| *stake > 0) {
            prop_assert!(mean <= *psis.iter().max().unwrap());
            prop_assert!(mean >= *psis.iter().min().unwrap());
        }
        // Exact where everything fits: stakes below 2^60.
        if stakes.iter().all(|stake| *stake < 1 << 60) {
            let total: u128 = stakes.iter().sum();
            let exact: u128 = stakes.iter().zip(&psis).map(|(stake, psi)| stake * psi).sum();
            prop_assert_eq!(mean, exact.checked_div(total).unwrap_or(0));
        }
    }

    /// Moving Ψ from a larger share to a smaller one never lowers H by more than rounding.
    #[test]
    fn entropy_grows_with_evenness(psis in vec(ONE / 1_000..=ONE, 2..10), part in 0_u128..=100) {
        let mut evened = psis.clone();
        evened.sort_unstable();
        let last = evened.len() - 1;
        let moved = (evened[last] - evened[0]) / 2 * part / 100;
        evened[0] += moved;
        evened[last] -= moved;
        prop_assert!(entropy(&evened).unwrap() + 100 >= entropy(&psis).unwrap());
    }
}
