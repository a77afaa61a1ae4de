//! What the reports say about the edges.

use crate::mock::*;
use qc_math::ONE;
use qc_traits::SyncInspect;

#[test]
fn an_edge_with_four_observers_has_a_gradient() {
    execute(10, || {
        // Two validators in each shard: every edge has four.
        file_honest(1..=10);
        end_epoch();
        let gradients = [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)].map(|(i, j): (usize, usize)| {
            let psi = |n: usize| i128::try_from(DENSITIES[n]).expect("small");
            Some(psi(j) - psi(i))
        });
        assert_eq!(PsiSync::observed_gradients(), gradients);
    });
}

#[test]
fn one_with_three_has_none() {
    execute(10, || {
        file_honest(2..=10);
        end_epoch();
        // Validator 1 is away, and at home in shard 0.
        let seen: Vec<bool> = PsiSync::observed_gradients().iter().map(Option::is_some).collect();
        assert_eq!(seen, [false, false, true, true, true]);
    });
}

#[test]
fn a_minority_does_not_fake_one() {
    execute(10, || {
        assert_eq!(file(1, &with_density(1, 0, 2_000 * ONE)), Ok(()));
        file_honest(2..=10);
        end_epoch();
        let small = i128::try_from(DENSITIES[1] - DENSITIES[0]).expect("small");
        assert_eq!(PsiSync::observed_gradients()[0], Some(small));
    });
}

#[test]
fn who_is_void_observes_nothing() {
    execute(10, || {
        file_honest(1..=10);
        assert_eq!(file(1, &with_coherence(1, 5)), Ok(()));
        end_epoch();
        assert_eq!(PsiSync::observed_gradients()[0], None);
        // The next epoch has its own, and none is left of this one.
        end_epoch();
        assert_eq!(PsiSync::observed_gradients(), [None; 5]);
    });
}
