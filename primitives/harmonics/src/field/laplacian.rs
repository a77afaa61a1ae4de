//! Potentials: the Laplacian of the graph with the ground, solved in integers.
//!
//! With the ground's potential 0, A p = b where A has degree + 1 on the diagonal and −1 for every edge. A is symmetric, its
//! off-diagonal is not positive and every row adds up to 1. So A⁻¹ has no negative entry and rows that add up to 1 too: the
//! largest error of p is at most the largest entry of the residual b − A p̃, which integers give exactly. That residual is
//! checked, so the bound on the error does not rest on an analysis of the elimination.

use super::{FieldFault, Topology};
use alloc::{vec, vec::Vec};
use qc_math::MathError;

/// Fractional bits of a potential: its unit is 2⁻¹⁶ planck.
const POTENTIAL_BITS: u32 = 16;

/// One planck as a potential.
const PLANCK: i128 = 1 << POTENTIAL_BITS;

/// Fractional bits of the factors of A.
const FACTOR_BITS: u32 = 32;

/// One, as a factor.
const FACTOR_ONE: i128 = 1 << FACTOR_BITS;

/// How often the residual is solved for. Each takes 17 bits or more off the error, and b has fewer than 78 + 16.
const ROUNDS: usize = 6;

/// The largest residual that is let through: a quarter of a planck, so that a difference of two potentials is within half a
/// one.
const RESIDUAL_MAX: u128 = 1 << (POTENTIAL_BITS - 2);

/// Row i of the factors of A = C D⁻¹ Cᵀ, units of 2⁻³².
struct Row {
    /// c_ik for k < i.
    eliminated: Vec<i128>,
    /// l_ik = c_ik / d_k for k < i.
    multipliers: Vec<i128>,
    /// d_i.
    pivot: i128,
}

/// p of every shard for the net changes b of the shards, units of 2⁻¹⁶ planck, within 2¹⁴ of the exact.
pub(super) fn potentials(topology: &Topology, net: &[i128]) -> Result<Vec<i128>, FieldFault> {
    let neighbours: Vec<Vec<u8>> = (0..topology.shards()).map(|shard| topology.neighbours(shard)).collect();
    let rows = factorise(&neighbours)?;
    let mut potentials = vec![0_i128; neighbours.len()];
    for _ in 0..ROUNDS {
        let rest = residual(&neighbours, net, &potentials)?;
        for (potential, step) in potentials.iter_mut().zip(solve(&rows, &rest)?) {
            *potential = potential.checked_add(step).ok_or(MathError::Overflow)?;
        }
    }
    check_residual(&residual(&neighbours, net, &potentials)?)?;
    Ok(potentials)
}

/// The residual, units of 2⁻¹⁶ planck, is at most a quarter of a planck everywhere.
pub(super) fn check_residual(residual: &[i128]) -> Result<(), FieldFault> {
    if residual.iter().all(|rest| rest.unsigned_abs() <= RESIDUAL_MAX) {
        Ok(())
    } else {
        Err(FieldFault::Unsettled)
    }
}

/// A potential, or a difference of two, in plancks: the nearest, a half away from 0.
pub(super) fn nearest_plancks(potential: i128) -> Result<i128, MathError> {
    let half = PLANCK / 2;
    let shifted = if potential < 0 {
        potential.checked_sub(half)
    } else {
        potential.checked_add(half)
    };
    shifted
        .and_then(|shifted| shifted.checked_div(PLANCK))
        .ok_or(MathError::Overflow)
}

/// Elimination without pivoting, row by row: c_ij = a_ij − Σ_{k<j} l_ik c_jk, l_ij = c_ij / d_j, d_i = a_ii − Σ_k l_ik
/// c_ik. Sums of products are exact and rounded down once.
fn factorise(neighbours: &[Vec<u8>]) -> Result<Vec<Row>, MathError> {
    let mut rows: Vec<Row> = Vec::with_capacity(neighbours.len());
    for joined in neighbours {
        let mut row = Row {
            eliminated: Vec::with_capacity(rows.len()),
            multipliers: Vec::with_capacity(rows.len()),
            pivot: 0,
        };
        for (column, above) in (0..).zip(&rows) {
            let entry = if joined.contains(&column) {
                FACTOR_ONE.checked_neg()
            } else {
                Some(0)
            };
            let eliminated = less_product(entry, &row.multipliers, &above.eliminated)?;
            row.multipliers.push(quotient(eliminated, above.pivot)?);
            row.eliminated.push(eliminated);
        }
        let degree = i128::try_from(joined.len()).map_err(|_| MathError::Overflow)?;
        let entry = degree.checked_add(1).and_then(|entry| entry.checked_mul(FACTOR_ONE));
        row.pivot = less_product(entry, &row.multipliers, &row.eliminated)?;
        rows.push(row);
    }
    Ok(rows)
}

/// x with A x ≈ b: forward through the multipliers, by the pivots, and back.
fn solve(rows: &[Row], net: &[i128]) -> Result<Vec<i128>, MathError> {
    let mut forward: Vec<i128> = Vec::with_capacity(rows.len());
    for (row, net) in rows.iter().zip(net) {
        forward.push(less_product(Some(*net), &row.multipliers, &forward)?);
    }
    let mut open = Vec::with_capacity(rows.len());
    for (row, value) in rows.iter().zip(forward) {
        open.push(quotient(value, row.pivot)?);
    }
    let mut solved = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let value = open.pop().ok_or(MathError::Overflow)?;
        for (above, multiplier) in open.iter_mut().zip(&row.multipliers) {
            *above = less_product(Some(*above), &[*multiplier], &[value])?;
        }
        solved.push(value);
    }
    solved.reverse();
    Ok(solved)
}

/// b − A p, exactly, units of 2⁻¹⁶ planck.
fn residual(neighbours: &[Vec<u8>], net: &[i128], potentials: &[i128]) -> Result<Vec<i128>, MathError> {
    let of = |shard: &u8| potentials.get(usize::from(*shard)).copied();
    let one = |joined: &Vec<u8>, net: i128, own: i128| {
        let diagonal = i128::try_from(joined.len()).ok()?.checked_add(1)?;
        let rest = net.checked_mul(PLANCK)?.checked_sub(diagonal.checked_mul(own)?)?;
        joined.iter().try_fold(rest, |rest, shard| rest.checked_add(of(shard)?))
    };
    neighbours
        .iter()
        .zip(net)
        .zip(potentials)
        .map(|((joined, net), own)| one(joined, *net, *own).ok_or(MathError::Overflow))
        .collect()
}

/// `value − ⌊Σ a_k b_k / 2³²⌋`.
fn less_product(value: Option<i128>, a: &[i128], b: &[i128]) -> Result<i128, MathError> {
    let product = a
        .iter()
        .zip(b)
        .try_fold(0_i128, |sum, (a, b)| sum.checked_add(a.checked_mul(*b)?));
    value
        .and_then(|value| value.checked_sub(product?.checked_div_euclid(FACTOR_ONE)?))
        .ok_or(MathError::Overflow)
}

/// `⌊value 2³² / pivot⌋`; a pivot is above 0.
fn quotient(value: i128, pivot: i128) -> Result<i128, MathError> {
    value
        .checked_mul(FACTOR_ONE)
        .and_then(|value| value.checked_div_euclid(pivot))
        .ok_or(MathError::Overflow)
}
