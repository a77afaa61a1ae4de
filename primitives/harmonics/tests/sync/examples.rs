//! The worked examples of `docs/protocol/sync.md`, and the ends of every rule.

use crate::support::*;
use codec::{Decode, Encode, MaxEncodedLen};
use qc_harmonics::{
    symbols::Symbols,
    sync::{
        closed_neighbourhood, is_in_window, judge, observed_gradients, Breach, Densities, Report, Reporter, Submission,
        Truth, Verdict, DENSITY_OBSERVED_MAX,
    },
};
use qc_math::{MathError, ONE};

/// The page says what the test computes.
#[track_caller]
fn on_the_page(line: &str) {
    let page = include_str!("../../../../docs/protocol/sync.md");
    assert!(page.contains(line), "docs/protocol/sync.md does not say: {line}");
}

#[test]
fn consensus_of_six_of_seven() {
    on_the_page("0.1000, 0.9690, 0.9700, 0.9705, 0.9710, 1.0000");
    let verdict = judged(&[9_700, 9_705, 9_710, 9_690, 1_000, 10_000], 1);
    on_the_page("3 · 6 = 18 > 14 = 2 · 7");
    assert_eq!((verdict.came, verdict.consensus), (6, Some(9_700 * PIP)));
    on_the_page("Ψ* = 0.9700");

    // f2 of each, in the order of the reports; the seventh sent none.
    let f2: Vec<_> = verdict.judgements.iter().map(|one| one.conformity).collect();
    let quarter = ONE / 4;
    let expected = [ONE, 3 * quarter, 2 * quarter, 2 * quarter, 0, 0, 0].map(Some);
    on_the_page("1, 0.75, 0.5, 0.5, 0, 0 and 0");
    assert_eq!(f2, expected);

    let struck: Vec<_> = verdict.judgements.iter().map(|one| one.struck).collect();
    assert_eq!(struck, [false, false, false, false, true, true, false]);
    on_the_page("3 · 2 = 6 < 7");
    assert_eq!((verdict.deviating, verdict.breach), (2, None));

    on_the_page("{0.9700, 0.9705}");
    assert_eq!(verdict.trimmed, Some((9_700 * PIP, 9_705 * PIP)));
    assert_eq!((verdict.spread(), verdict.spread_shards), (Some(5 * PIP), vec![]));
}

#[test]
fn f2_is_rounded_down() {
    let symbols = Symbols {
        eps_sync: 30 * PIP,
        ..Symbols::default()
    };
    let reports = [9_700 * PIP, 9_700 * PIP, 9_700 * PIP + 1].map(report);
    let all = reporters(reports.iter().map(Submission::Report));
    let verdict = judge(&symbols, 3, &all, &truth(9_700 * PIP)).expect("ε_sync is not 0");
    on_the_page("0.999999999999999666");
    assert_eq!(verdict.judgements[2].conformity, Some(999_999_999_999_999_666));
}

#[test]
fn a_spread_that_is_too_wide() {
    on_the_page("0.950, 0.960, 0.966, 0.970, 0.972, 0.980, 0.990");
    let verdict = judged(&[9_500, 9_600, 9_660, 9_700, 9_720, 9_800, 9_900], 0);
    on_the_page("{0.966, 0.970, 0.972}");
    assert_eq!(verdict.trimmed, Some((9_660 * PIP, 9_720 * PIP)));
    assert_eq!(
        (verdict.consensus, verdict.spread()),
        (Some(9_700 * PIP), Some(60 * PIP))
    );
    // The third validator, at home in shard 2, is 0.004 from Ψ*; the fifth 0.002.
    assert_eq!(verdict.spread_shards, [2]);
    // At δ_max it is not too wide.
    let verdict = judged(&[9_500, 9_600, 9_660, 9_700, 9_710, 9_800, 9_900], 0);
    assert_eq!((verdict.spread(), verdict.spread_shards), (Some(50 * PIP), vec![]));
}

#[test]
fn medians_of_shards() {
    on_the_page("0.966, 0.970, 0.972 and 0.980 are reported, and a fifth validator is void: rank 2 of four, 0.970");
    let reports = [9_660, 9_700, 9_720, 9_800].map(|pips| report(pips * PIP));
    let mut all = reporters(reports.iter().map(Submission::Report).chain([Submission::Void]));
    for one in &mut all {
        one.shard = Some(1);
    }
    let verdict = judge(&Symbols::default(), 2, &all, &truth(9_700 * PIP)).expect("ε_sync is not 0");
    assert_eq!(verdict.shard_medians, [None, Some(9_700 * PIP)]);
}

#[test]
fn three_of_seven() {
    let with = |lies: [u128; 3]| judged(&[lies[0], lies[1], lies[2], 9_700, 9_700, 9_700, 9_700], 0);
    on_the_page("3 · 3 = 9 > 7");
    let together = with([5_000; 3]);
    assert_eq!((together.breach, together.deviating), (Some(Breach::ChainInDoubt), 3));
    let apart = with([5_000, 5_001, 5_000]);
    assert_eq!(apart.breach, Some(Breach::Scattered));
    for verdict in [together, apart] {
        assert!(verdict.judgements.iter().all(|one| !one.struck && !one.tampered));
        assert_eq!(verdict.consensus, Some(9_700 * PIP));
    }
}

#[test]
fn conventions_for_none_and_one() {
    let none = judged(&[], 0);
    assert_eq!(
        (none.came, none.consensus, none.breach, none.spread()),
        (0, None, None, None)
    );
    assert_eq!(none.shard_medians, vec![None; 50]);
    let one = judged(&[9_700], 0);
    assert_eq!((one.consensus, one.spread()), (Some(9_700 * PIP), Some(0)));
    assert_eq!(one.judgements[0].conformity, Some(ONE));
    let silent = judged(&[], 1);
    assert_eq!((silent.consensus, silent.judgements[0].conformity), (None, None));
}

#[test]
fn two_thirds_are_not_enough() {
    assert_eq!(judged(&[9_700; 6], 3).consensus, None);
    assert_eq!(judged(&[9_700; 7], 3).consensus, Some(9_700 * PIP));
    assert_eq!(judged(&[9_700; 2], 1).consensus, None);
}

#[test]
fn at_the_tolerance_there_is_no_strike() {
    let verdict = judged(&[9_720, 9_700, 9_700, 9_700], 0);
    assert_eq!(
        (verdict.judgements[0].conformity, verdict.judgements[0].struck),
        (Some(0), false)
    );
    let verdict = judged(&[9_721, 9_700, 9_700, 9_700], 0);
    assert!(verdict.judgements[0].struck);
}

#[test]
fn a_void_one_is_missing_and_struck() {
    let good = report(9_700 * PIP);
    let honest = Submission::Report(&good);
    let judged = |all: &[Submission<'_>]| -> Verdict {
        let all = reporters(all.iter().copied());
        judge(&Symbols::default(), 5, &all, &truth(9_700 * PIP)).expect("ε_sync is not 0")
    };
    let verdict = judged(&[Submission::Void, honest, honest, honest]);
    let first = verdict.judgements[0];
    assert_eq!((verdict.came, verdict.void, verdict.deviating), (3, 1, 0));
    assert_eq!((first.conformity, first.struck, first.tampered), (Some(0), true, false));
    // Without a Ψ* there are no strikes.
    let verdict = judged(&[Submission::Void, honest]);
    assert_eq!((verdict.consensus, verdict.judgements[0].struck), (None, false));
}

/// ψ and the code are the chain's to compare with, also where too few came for a Ψ*.
#[test]
fn tampering_needs_no_quorum() {
    let good = with_densities(&[(0, ONE)]);
    let bad = with_densities(&[(0, ONE + 1)]);
    let own = [ONE];
    let truth = Truth {
        densities: &own,
        ..truth(9_700 * PIP)
    };
    let submissions = [
        Submission::Report(&good),
        Submission::Report(&bad),
        Submission::Missing,
        Submission::Missing,
    ];
    let all = reporters(submissions);
    let verdict = judge(&Symbols::default(), 1, &all, &truth).expect("ε_sync is not 0");
    assert_eq!((verdict.consensus, verdict.breach), (None, None));
    let tampered: Vec<_> = verdict.judgements.iter().map(|one| one.tampered).collect();
    assert_eq!(tampered, [false, true, false, false]);
}

/// Everybody agrees, but not with the chain: its own computation is wrong.
#[test]
fn all_against_the_chain() {
    let reports = [report(9_700 * PIP), report(9_700 * PIP), report(9_700 * PIP)];
    let all = reporters(reports.iter().map(Submission::Report));
    let verdict = judge(&Symbols::default(), 3, &all, &truth(9_500 * PIP)).expect("ε_sync is not 0");
    assert_eq!(
        (verdict.consensus, verdict.breach),
        (Some(9_700 * PIP), Some(Breach::ChainInDoubt))
    );
    // Those who agree with the chain share no *other* value.
    let reports = [9_700, 9_700, 9_700, 9_700, 9_500, 9_500, 9_500].map(|pips| report(pips * PIP));
    let all = reporters(reports.iter().map(Submission::Report));
    let verdict = judge(&Symbols::default(), 3, &all, &truth(9_500 * PIP)).expect("ε_sync is not 0");
    assert_eq!(verdict.breach, Some(Breach::ChainInDoubt));
    let verdict = judge(&Symbols::default(), 3, &all[2..], &truth(9_500 * PIP)).expect("ε_sync is not 0");
    assert_eq!(
        (verdict.consensus, verdict.breach),
        (Some(9_500 * PIP), Some(Breach::ChainInDoubt))
    );
}

#[test]
fn a_tolerance_of_zero_is_an_error() {
    let symbols = Symbols {
        eps_sync: 0,
        ..Symbols::default()
    };
    let one = report(0);
    let all = reporters([Submission::Report(&one)]);
    assert_eq!(judge(&symbols, 1, &all, &truth(0)), Err(MathError::DivisionByZero));
}

#[test]
fn a_gradient_of_five_observers() {
    on_the_page("−3, 0.25, 0.25, 0.25, 0.5");
    let quarter = ONE / 4;
    let seen = |low: u128, high: u128| with_densities(&[(0, low), (1, high)]);
    let reports = [
        seen(4 * ONE, ONE),
        seen(ONE, ONE + quarter),
        seen(ONE, ONE + quarter),
        seen(ONE, ONE + quarter),
        seen(ONE, ONE + 2 * quarter),
    ];
    let all: Vec<Reporter<'_>> = (0u8..)
        .zip(&reports)
        .map(|(n, report)| Reporter {
            shard: Some(n % 2),
            submission: Submission::Report(report),
        })
        .collect();
    let symbols = Symbols::default();
    let observed = |reporters: &[Reporter<'_>]| observed_gradients(&symbols, &[(0, 1), (0, 2)], reporters);
    let gradient = i128::try_from(quarter).expect("small");
    assert_eq!(observed(&all), [Some(gradient), None]);
    assert_eq!(observed(&all[..4]), [Some(gradient), None]);
    assert_eq!(observed(&all[..3]), [None, None]);
    // Who is at home elsewhere does not observe it.
    let mut moved = all.clone();
    moved[0].shard = Some(2);
    moved[1].shard = None;
    assert_eq!(observed(&moved), [None, None]);
    // A ψ beyond what there can be is not an observation, so that eight gradients add up.
    let huge = seen(0, DENSITY_OBSERVED_MAX + 1);
    let mut lied = all[..4].to_vec();
    lied[0].submission = Submission::Report(&huge);
    assert_eq!(observed(&lied), [None, None]);
    let large = seen(0, DENSITY_OBSERVED_MAX);
    let of_large = vec![
        Reporter {
            shard: Some(0),
            submission: Submission::Report(&large)
        };
        4
    ];
    let most = observed(&of_large)[0].expect("four observed");
    assert!(most.checked_mul(8).is_some());
}

#[test]
fn a_strike_counts_in_ten_epochs() {
    on_the_page("A strike of epoch 100 counts in epochs 100 to 109");
    let symbols = Symbols::default();
    assert!(is_in_window(&symbols, 100, 100));
    assert!(is_in_window(&symbols, 100, 109));
    assert!(!is_in_window(&symbols, 100, 110));
}

#[test]
fn a_neighbourhood_is_closed() {
    let ring = [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)];
    on_the_page("0, 1 and 4");
    assert_eq!(closed_neighbourhood(0, &ring), [0, 1, 4]);
    assert_eq!(closed_neighbourhood(3, &ring), [2, 3, 4]);
    assert_eq!(closed_neighbourhood(9, &ring), [9]);
}

#[test]
fn a_report_has_at_most_eleven_shards() {
    let pairs = |count: u8| (0..count).map(|shard| (shard, ONE)).collect::<Vec<_>>();
    let eleven = Densities::new(pairs(11)).expect("eleven");
    assert_eq!(Densities::new(pairs(12)).map_err(|error| error.0), Err(12));
    assert_eq!(eleven.encoded_size(), Densities::max_encoded_len());
    assert_eq!(Densities::decode(&mut &eleven.encode()[..]), Ok(eleven.clone()));
    assert!(Densities::decode(&mut &pairs(12).encode()[..]).is_err());
    let full = Report {
        densities: eleven,
        ..report(0)
    };
    on_the_page("274 bytes");
    assert_eq!((full.encoded_size(), Report::max_encoded_len()), (274, 274));
}
