//! The lower median.

use crate::MathError;

/// The lower median: of n values the one of rank ceil(n/2), so that at least half are not above it.
///
/// Sorts `values` once, in place, ascending by their whole `Ord`. Ties are broken by that order alone: integers that are
/// equal cannot be told apart, and records that tie on a number must order by something unique next (an account id, say,
/// as the second place of a pair), so that the result never depends on the order in which the values came.
///
/// * Domain: one value or more. Range: one of the values. Rounding: none, nothing is averaged.
/// * Errors: [`EmptySet`](MathError::EmptySet).
/// * Cost: one sort, O(n log n) comparisons, no allocation.
pub fn lower_median<T: Ord + Copy>(values: &mut [T]) -> Result<T, MathError> {
    let last = values.len().checked_sub(1).ok_or(MathError::EmptySet)?;
    values.sort_unstable();
    values.get(last / 2).copied().ok_or(MathError::EmptySet)
}
