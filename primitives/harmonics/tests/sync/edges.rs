//! Where a bound is, to the last unit.

use super::support::{judged, reporters, with_densities, PIP};
use codec::{DecodeWithMemLimit, Encode};
use qc_harmonics::{
    symbols::Symbols,
    sync::{observed_gradients, Densities, Submission, TooManyShards, DENSITY_OBSERVED_MAX, REPORTED_SHARDS_MAX},
};

/// A sixteenth of what a gradient can be: eight of them add up, and one unit more does not.
#[test]
fn the_largest_density_that_is_observed() {
    assert_eq!(DENSITY_OBSERVED_MAX, 10_633_823_966_279_326_983_230_456_482_242_756_607);
    let gradient = |largest: u128| {
        let reports: Vec<_> = (0..4).map(|_| with_densities(&[(0, 0), (1, largest)])).collect();
        let mut all = reporters(reports.iter().map(Submission::Report));
        all.iter_mut().for_each(|one| one.shard = Some(0));
        observed_gradients(&Symbols::default(), &[(0, 1)], &all)
    };
    assert_eq!(
        gradient(DENSITY_OBSERVED_MAX),
        [i128::try_from(DENSITY_OBSERVED_MAX).ok()]
    );
    assert_eq!(gradient(DENSITY_OBSERVED_MAX + 1), [None]);
}

/// Exactly δ_max/2 from Ψ* is not more than that.
#[test]
fn half_the_spread_is_not_far() {
    let verdict = judged(&[9_500, 9_600, 9_675, 9_700, 9_730, 9_800, 9_900], 0);
    assert_eq!(verdict.trimmed, Some((9_675 * PIP, 9_730 * PIP)));
    assert_eq!(verdict.spread_shards, [4], "0.0030 is, 0.0025 is not");
}

#[test]
fn densities_are_about_these_shards_and_in_this_order() {
    let two = Densities::new(vec![(1, 5), (4, 6)]).expect("two");
    assert!(two.is_about(&[1, 4]));
    for other in [&[][..], &[1], &[4, 1], &[1, 4, 5], &[1, 5]] {
        assert!(!two.is_about(other), "{other:?}");
    }
}

#[test]
fn too_many_shards_are_said() {
    let fault = Densities::new(vec![(0, 0); REPORTED_SHARDS_MAX + 1]).expect_err("one too many");
    assert_eq!(fault, TooManyShards(12));
    assert_eq!(fault.to_string(), "12 shards, but a report has at most 11");
}

/// What decoding takes is counted, so that a list of reports cannot take more than it is let.
#[test]
fn decoding_counts_its_memory() {
    let all = Densities::new(vec![(7, 9); REPORTED_SHARDS_MAX]).expect("as many as there may be");
    let taken = REPORTED_SHARDS_MAX * size_of::<(u8, u128)>();
    let decode = |limit| Densities::decode_with_mem_limit(&mut &all.encode()[..], limit);
    // The limit itself is out of bounds.
    assert_eq!(decode(taken + 1), Ok(all.clone()));
    assert!(decode(taken).is_err());
}
