//! Reports made quickly.

use qc_harmonics::{
    symbols::Symbols,
    sync::{judge, Densities, Report, Reporter, Submission, Truth, Verdict, HARMONICS_VERSION},
};
use qc_math::ONE;

/// A ten-thousandth: 9,700 of them are 0.97.
pub const PIP: u128 = ONE / 10_000;

/// A report with this Ĉ and no ψ, by the code of `[0xc0; 32]`.
pub fn report(coherence: u128) -> Report {
    Report {
        version: HARMONICS_VERSION,
        epoch: 0,
        coherence,
        densities: Densities::default(),
        boundary: [0; 32],
        code_hash: [0xc0; 32],
    }
}

/// A report with these ψ, and Ĉ = 0.97.
pub fn with_densities(pairs: &[(u8, u128)]) -> Report {
    Report {
        densities: Densities::new(pairs.to_vec()).expect("no more than 11"),
        ..report(9_700 * PIP)
    }
}

/// What a chain knows that has this Ĉ and knows no ψ.
pub fn truth(coherence: u128) -> Truth<'static> {
    Truth {
        coherence: Some(coherence),
        densities: &[],
        code_hash: Some([0xc0; 32]),
    }
}

/// Validators at home in shards 0, 1, 2, …, which hand these in.
pub fn reporters<'a>(submissions: impl IntoIterator<Item = Submission<'a>>) -> Vec<Reporter<'a>> {
    (0..)
        .zip(submissions)
        .map(|(shard, submission)| Reporter {
            shard: Some(shard),
            submission,
        })
        .collect()
}

/// Judges reports of these Ĉ, in pips, and as many missing ones as named, by the protocol's table and a chain that has 0.97.
pub fn judged(pips: &[u128], missing: usize) -> Verdict {
    let reports: Vec<Report> = pips.iter().map(|pips| report(pips * PIP)).collect();
    let submissions = reports.iter().map(Submission::Report);
    let all = reporters(submissions.chain(std::iter::repeat_n(Submission::Missing, missing)));
    judge(&Symbols::default(), 50, &all, &truth(9_700 * PIP)).expect("ε_sync is not 0")
}
