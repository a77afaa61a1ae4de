//! SYNC-1: with fewer than n/3 lying arbitrarily, Ψ* lies in the range of the honest reports.

use crate::support::*;
use proptest::prelude::*;
use qc_harmonics::{
    symbols::Symbols,
    sync::{judge, obeys_sync_1, Report, Submission},
};

/// What n validators hand in: liars what they like (also two reports that void each other), others nothing, the rest something
/// honest that may differ a little.
#[derive(Clone, Debug)]
struct Configuration {
    lies: Vec<Option<u128>>,
    missing: usize,
    honest: Vec<u128>,
}

/// Any n from 1 to 100, any number of liars below n/3, any number of others away down to the quorum (and one below it).
fn configurations() -> impl Strategy<Value = Configuration> {
    (1usize..=100)
        .prop_flat_map(|n| (Just(n), 0..=(n - 1) / 3))
        .prop_flat_map(|(n, liars)| {
            let away_most = n - 2 * n / 3;
            (Just(n), Just(liars), 0..=away_most.min(n - liars))
        })
        .prop_flat_map(|(n, liars, missing)| {
            let near = 9_690 * PIP..=9_710 * PIP;
            let lie = prop_oneof![
                Just(Some(0)),
                Just(Some(u128::MAX)),
                Just(None),
                any::<u128>().prop_map(Some),
                (9_600 * PIP..=9_800 * PIP).prop_map(Some),
            ];
            (
                proptest::collection::vec(lie, liars),
                Just(missing),
                proptest::collection::vec(near, n - liars - missing),
            )
        })
        .prop_map(|(lies, missing, honest)| Configuration { lies, missing, honest })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn sync_1(one in configurations(), turn in any::<prop::sample::Index>()) {
        let n = one.lies.len() + one.missing + one.honest.len();
        let lies: Vec<Option<Report>> = one.lies.iter().map(|lie| lie.map(report)).collect();
        let honest: Vec<Report> = one.honest.iter().copied().map(report).collect();
        let mut submissions: Vec<Submission<'_>> = lies
            .iter()
            .map(|lie| lie.as_ref().map_or(Submission::Void, Submission::Report))
            .chain(std::iter::repeat_n(Submission::Missing, one.missing))
            .chain(honest.iter().map(Submission::Report))
            .collect();
        // Who lies does not depend on the place in the set.
        submissions.rotate_left(turn.index(n));
        let all = reporters(submissions);
        let verdict = judge(&Symbols::default(), 50, &all, &truth(9_700 * PIP)).expect("ε_sync is not 0");

        prop_assert_eq!(verdict.consensus.is_some(), 3 * verdict.came > 2 * n);
        if let Some(star) = verdict.consensus {
            prop_assert!(obeys_sync_1(star, &one.honest), "{star} of {one:?}");
            let (low, high) = verdict.trimmed.expect("where there is a Ψ*");
            prop_assert!(low <= star && star <= high);
            // What is left after the trimming is in the honest range too, so the state shows it.
            prop_assert!(obeys_sync_1(low, &one.honest) && obeys_sync_1(high, &one.honest));
        }
        // Fewer than a third cannot make a breach, and nobody honest is punished.
        prop_assert_eq!(verdict.breach, None);
        let found = all.iter().zip(&verdict.judgements);
        for (one, judgement) in found {
            let honest = matches!(one.submission, Submission::Report(report) if (9_690 * PIP..=9_710 * PIP).contains(&report.coherence));
            prop_assert!(!honest || (!judgement.struck && !judgement.tampered));
        }
    }
}

/// The bound is sharp: a third of the set is enough to move Ψ* out of the honest range once enough others are away.
#[test]
fn a_third_can_move_it() {
    // Two of six lie; five came. The lower median of {x, x, 0.97, 0.97, 0.97} is honest …
    assert_eq!(judged(&[1, 1, 9_700, 9_700, 9_700], 1).consensus, Some(9_700 * PIP));
    // … but three of seven lie and two are away, and that of {x, x, x, 0.97, 0.97} is theirs.
    let verdict = judged(&[1, 1, 1, 9_700, 9_700], 2);
    assert_eq!(verdict.consensus, Some(PIP));
    assert!(!obeys_sync_1(PIP, &[9_700 * PIP; 2]));
}

#[test]
fn the_checker_sees_both_ends() {
    assert!(obeys_sync_1(5, &[3, 5]) && obeys_sync_1(3, &[5, 3]) && obeys_sync_1(4, &[3, 5]));
    assert!(!obeys_sync_1(2, &[3, 5]) && !obeys_sync_1(6, &[3, 5]) && !obeys_sync_1(0, &[]));
}
