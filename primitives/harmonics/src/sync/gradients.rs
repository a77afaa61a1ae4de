//! What the reports say about the edges of the field graph.

use super::{Reporter, Submission};
use crate::symbols::Symbols;
use alloc::vec::Vec;
use qc_math::lower_median;

/// The largest ψ that counts as observed, units of 10⁻¹⁸: far above any that there can be (N² = 2,500), and such that eight
/// gradients, the longest cycle, add up without overflow. Who reports a larger one observed nothing.
pub const DENSITY_OBSERVED_MAX: u128 = (1 << 127) / 16 - 1;

/// ĝ of every edge, aligned with `edges`: the lower median of ψ_j − ψ_i over the reports of the validators at home in i or j,
/// units of 10⁻¹⁸. `None` where fewer than `observers_min` (4 by default) observed. Void reports observe nothing.
///
/// Source: protocol section 3. Range: ±[`DENSITY_OBSERVED_MAX`]; rounding: none.
pub fn observed_gradients(symbols: &Symbols, edges: &[(u8, u8)], reporters: &[Reporter<'_>]) -> Vec<Option<i128>> {
    edges
        .iter()
        .map(|edge| {
            let mut observed: Vec<i128> = reporters.iter().filter_map(|one| observation(*edge, one)).collect();
            let enough = u32::try_from(observed.len()).is_ok_and(|count| count >= symbols.observers_min);
            if !enough {
                return None;
            }
            lower_median(&mut observed).ok()
        })
        .collect()
}

/// What one validator observed of an edge.
fn observation((i, j): (u8, u8), reporter: &Reporter<'_>) -> Option<i128> {
    let Submission::Report(report) = reporter.submission else {
        return None;
    };
    if reporter.shard != Some(i) && reporter.shard != Some(j) {
        return None;
    }
    let (from, to) = (report.densities.of(i)?, report.densities.of(j)?);
    if from.max(to) > DENSITY_OBSERVED_MAX {
        return None;
    }
    i128::try_from(to).ok()?.checked_sub(i128::try_from(from).ok()?)
}
