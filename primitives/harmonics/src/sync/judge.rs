//! What the reports on an epoch come to: Ψ*, how well each agreed with it, who broke the rules, and whether the chain itself is
//! in doubt.

use super::{is_more_than_third, is_quorum, Breach, Report};
use crate::{attunement::conformity, symbols::Symbols};
use alloc::{vec, vec::Vec};
use qc_math::{lower_median, MathError};

/// What a validator handed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Submission<'a> {
    /// Nothing.
    Missing,
    /// Two different reports, which void each other.
    Void,
    /// One report.
    Report(&'a Report),
}

/// A validator of the set that reports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reporter<'a> {
    /// Its home shard; `None` if it is at home in no shard.
    pub shard: Option<u8>,
    /// What it handed in.
    pub submission: Submission<'a>,
}

/// What the chain itself holds true of the epoch. What it does not know is not compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Truth<'a> {
    /// Ĉ, units of 10⁻¹⁸.
    pub coherence: Option<u128>,
    /// ψ of each shard by ascending number, units of 10⁻¹⁸; empty if it knows none.
    pub densities: &'a [u128],
    /// Hash of the code in the state of the boundary block.
    pub code_hash: Option<[u8; 32]>,
}

/// What became of one validator.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Judgement {
    /// f2, units of 10⁻¹⁸, range [0, 1]; `None` where there is no Ψ*.
    pub conformity: Option<u128>,
    /// It gets a strike: for a Ĉ too far from Ψ*, or for two different reports.
    pub struck: bool,
    /// It reported a ψ or a code that is not the chain's.
    pub tampered: bool,
}

/// What the reports on an epoch come to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Reports that count: neither missing nor void.
    pub came: usize,
    /// Validators whose two different reports void each other.
    pub void: usize,
    /// Ψ*, units of 10⁻¹⁸; `None` unless more than ⅔ of the set reported.
    pub consensus: Option<u128>,
    /// The lowest and the highest reported Ĉ once ⌊n/3⌋ are taken off each end; `None` where there is no Ψ*.
    pub trimmed: Option<(u128, u128)>,
    /// Validators whose report deviates: Ĉ by more than ε_sync from Ψ* or from the chain's own, ψ or code at all.
    pub deviating: usize,
    /// Whether that is more than ⅓ of the set.
    pub breach: Option<Breach>,
    /// The shards concerned by a trimmed spread above δ_max, ascending; empty if it is not above.
    pub spread_shards: Vec<u8>,
    /// The lower median of Ĉ in each shard, for the record only.
    pub shard_medians: Vec<Option<u128>>,
    /// Of each validator, aligned with what was judged.
    pub judgements: Vec<Judgement>,
}

impl Verdict {
    /// Trimmed spread of the reported Ĉ, units of 10⁻¹⁸; `None` where there is no Ψ*.
    pub fn spread(&self) -> Option<u128> {
        self.trimmed.and_then(|(low, high)| high.checked_sub(low))
    }
}

/// Judges the reports of a set of validators on one epoch.
///
/// * `symbols`: of these ε_sync and δ_max.
/// * `shards`: how many shards there are.
/// * `reporters`: every active validator, whether it reported or not.
///
/// Source: protocol section 5. Nobody to report: no Ψ*, and nothing else. One validator: its report is Ψ*.
/// Errors: [`DivisionByZero`](MathError::DivisionByZero) if ε_sync is 0.
/// Rounding: f2 down.
pub fn judge(
    symbols: &Symbols,
    shards: u8,
    reporters: &[Reporter<'_>],
    truth: &Truth<'_>,
) -> Result<Verdict, MathError> {
    let n = reporters.len();
    let mut sorted: Vec<u128> = reports(reporters).map(|(_, report)| report.coherence).collect();
    let came = sorted.len();
    let consensus = if is_quorum(came, n) {
        Some(lower_median(&mut sorted)?)
    } else {
        None
    };
    let trimmed = consensus.and_then(|_| trim(&sorted, n / 3));
    let deviations: Vec<Deviation> = reporters
        .iter()
        .map(|one| Deviation::of(one, symbols, consensus, truth))
        .collect();
    let deviating = deviations.iter().filter(|one| one.any()).count();
    let breach = is_more_than_third(deviating, n).then(|| {
        if is_more_than_third(largest_agreement(reporters, &deviations, truth), n) {
            Breach::ChainInDoubt
        } else {
            Breach::Scattered
        }
    });
    let judgements = reporters
        .iter()
        .zip(&deviations)
        .map(|(one, deviation)| {
            let void = one.submission == Submission::Void;
            Ok(Judgement {
                conformity: conformity(symbols, reported(one.submission), consensus)?,
                struck: breach.is_none() && consensus.is_some() && (void || deviation.from_consensus),
                tampered: breach.is_none() && (deviation.densities || deviation.code),
            })
        })
        .collect::<Result<_, MathError>>()?;
    Ok(Verdict {
        came,
        void: reporters
            .iter()
            .filter(|one| one.submission == Submission::Void)
            .count(),
        consensus,
        trimmed,
        deviating,
        breach,
        spread_shards: spread_shards(reporters, consensus, trimmed, symbols.delta_max),
        shard_medians: (0..shards).map(|shard| shard_median(reporters, shard)).collect(),
        judgements,
    })
}

/// SYNC-1: whether Ψ* is in the range of the honest reports. There is none to be in where nobody honest reported.
pub fn obeys_sync_1(consensus: u128, honest: &[u128]) -> bool {
    match (honest.iter().min(), honest.iter().max()) {
        (Some(low), Some(high)) => (*low..=*high).contains(&consensus),
        _ => false,
    }
}

/// The reports that count, with their reporters' shards.
fn reports<'a>(reporters: &'a [Reporter<'a>]) -> impl Iterator<Item = (Option<u8>, &'a Report)> {
    reporters.iter().filter_map(|one| match one.submission {
        Submission::Report(report) => Some((one.shard, report)),
        Submission::Missing | Submission::Void => None,
    })
}

/// The Ĉ of a report that counts.
fn reported(submission: Submission<'_>) -> Option<u128> {
    match submission {
        Submission::Report(report) => Some(report.coherence),
        Submission::Missing | Submission::Void => None,
    }
}

/// The ends of ascending values once `cut` are taken off each end.
fn trim(sorted: &[u128], cut: usize) -> Option<(u128, u128)> {
    let kept = sorted.get(cut..sorted.len().checked_sub(cut)?)?;
    Some((*kept.first()?, *kept.last()?))
}

/// How one report deviates.
#[derive(Clone, Copy, Debug, Default)]
struct Deviation {
    /// Ĉ by more than ε_sync from Ψ*.
    from_consensus: bool,
    /// Ĉ by more than ε_sync from the chain's own.
    from_chain: bool,
    densities: bool,
    code: bool,
}

impl Deviation {
    fn of(reporter: &Reporter<'_>, symbols: &Symbols, consensus: Option<u128>, truth: &Truth<'_>) -> Self {
        let Submission::Report(report) = reporter.submission else {
            return Self::default();
        };
        let is_far = |from: u128| report.coherence.abs_diff(from) > symbols.eps_sync;
        Self {
            from_consensus: consensus.is_some_and(is_far),
            from_chain: truth.coherence.is_some_and(is_far),
            densities: false_densities(report, truth).next().is_some(),
            code: truth.code_hash.is_some_and(|own| own != report.code_hash),
        }
    }

    fn any(&self) -> bool {
        self.coherence() || self.densities || self.code
    }

    fn coherence(&self) -> bool {
        self.from_consensus || self.from_chain
    }
}

/// The ψ in a report that are not the chain's.
fn false_densities<'a>(report: &'a Report, truth: &'a Truth<'a>) -> impl Iterator<Item = (u8, u128)> + 'a {
    report.densities.pairs().iter().copied().filter(move |(shard, psi)| {
        let own = truth.densities.get(usize::from(*shard));
        own.is_some_and(|own| own != psi)
    })
}

/// How many share one same value that is not the chain's: the most that agree on one Ĉ, one code or one ψ of one shard.
fn largest_agreement(reporters: &[Reporter<'_>], deviations: &[Deviation], truth: &Truth<'_>) -> usize {
    let (mut coherences, mut codes, mut densities) = (vec![], vec![], vec![]);
    for (one, deviation) in reporters.iter().zip(deviations) {
        let Submission::Report(report) = one.submission else {
            continue;
        };
        if deviation.coherence() && truth.coherence != Some(report.coherence) {
            coherences.push(report.coherence);
        }
        if deviation.code {
            codes.push(report.code_hash);
        }
        densities.extend(false_densities(report, truth));
    }
    longest_run(coherences)
        .max(longest_run(codes))
        .max(longest_run(densities))
}

/// How often the most frequent value occurs.
fn longest_run<T: Ord>(mut values: Vec<T>) -> usize {
    values.sort_unstable();
    values
        .chunk_by(|left, right| left == right)
        .map(<[T]>::len)
        .max()
        .unwrap_or(0)
}

/// Where the trimmed spread is above δ_max: the home shards of the reports that were not trimmed and are more than δ_max/2 from
/// Ψ*. There is at least one report such, since Ψ* is between the two ends.
fn spread_shards(
    reporters: &[Reporter<'_>],
    consensus: Option<u128>,
    trimmed: Option<(u128, u128)>,
    delta_max: u128,
) -> Vec<u8> {
    let (Some(star), Some((low, high))) = (consensus, trimmed) else {
        return Vec::new();
    };
    if high.abs_diff(low) <= delta_max {
        return Vec::new();
    }
    let mut shards: Vec<u8> = reports(reporters)
        .filter(|(_, report)| (low..=high).contains(&report.coherence))
        // |x − Ψ*| > δ_max/2, without halving.
        .filter(|(_, report)| {
            let distance = report.coherence.abs_diff(star);
            distance.checked_mul(2).is_none_or(|twice| twice > delta_max)
        })
        .filter_map(|(shard, _)| shard)
        .collect();
    shards.sort_unstable();
    shards.dedup();
    shards
}

/// The lower median of the Ĉ that the validators of a shard reported.
fn shard_median(reporters: &[Reporter<'_>], shard: u8) -> Option<u128> {
    let mut values: Vec<u128> = reports(reporters)
        .filter(|(home, _)| *home == Some(shard))
        .map(|(_, report)| report.coherence)
        .collect();
    lower_median(&mut values).ok()
}
