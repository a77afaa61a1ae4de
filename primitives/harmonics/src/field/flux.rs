//! Flux, and how well flows go along gradients.

use super::FieldFault;
use alloc::vec::Vec;
use qc_math::{mul_div_floor, signed_mul_div_floor, sqrt, MathError, ONE};

/// What the largest entry of a vector is scaled to before vectors are compared: 250 squares of it fit 62 bits.
const LARGEST: u128 = 1 << 27;

/// Φ of every edge, units of 10⁻¹⁸: `f · g`, f the edge's flow as a share of Σ FLX. Rounding: down. All 0 where Σ FLX = 0.
///
/// `flows` in plancks, `gradients` in units of 10⁻¹⁸, both in the topology's order; `total`, Σ FLX, in plancks.
/// Source: protocol section 3. Errors: lists of different lengths, [`MathError::Overflow`].
pub fn flux(flows: &[i128], gradients: &[i128], total: u128) -> Result<Vec<i128>, FieldFault> {
    let total = i128::try_from(total).map_err(|_| MathError::Overflow)?;
    let of = |(flow, gradient): (&i128, &i128)| match total {
        0 => Ok(0),
        total => Ok(signed_mul_div_floor(*flow, *gradient, total)?),
    };
    pairs(flows, gradients)?.map(of).collect()
}

/// The cosine of the angle between the flows and the gradients of all edges, units of 10⁻¹⁸, in [−1, 1]: 1 where FLX went
/// along the gradient and in proportion to it, 0 where either vanishes.
///
/// Each vector is scaled so that its largest entry is 2²⁷ and its entries are rounded towards 0; with U = Σ u v, the result
/// has the sign of U and the size `sqrt(⌊U² / (Σ u² Σ v²)⌋)`, both rounded down to 10⁻¹⁸. Good to about 10⁻⁷. Errors: lists
/// of different lengths.
pub fn alignment(flows: &[i128], gradients: &[i128]) -> Result<i128, FieldFault> {
    let (flows, gradients) = (scaled(flows)?, scaled(gradients)?);
    let product = dot(&flows, &gradients)?;
    let squares = dot(&flows, &flows)?
        .checked_mul(dot(&gradients, &gradients)?)
        .ok_or(MathError::Overflow)?;
    if squares == 0 {
        return Ok(0);
    }
    let square = product.unsigned_abs().checked_pow(2).ok_or(MathError::Overflow)?;
    let size = sqrt(mul_div_floor(square, ONE, squares.unsigned_abs())?)?;
    let size = i128::try_from(size).map_err(|_| MathError::Overflow)?;
    Ok(if product < 0 {
        size.checked_neg().ok_or(MathError::Overflow)?
    } else {
        size
    })
}

/// The entries as parts of the largest, which becomes [`LARGEST`], rounded towards 0. A vector of zeros stays one.
fn scaled(vector: &[i128]) -> Result<Vec<i128>, MathError> {
    let largest = vector
        .iter()
        .map(|entry| entry.unsigned_abs())
        .max()
        .unwrap_or_default();
    let scale = |entry: &i128| {
        if largest == 0 {
            return Ok(0);
        }
        let size = mul_div_floor(entry.unsigned_abs(), LARGEST, largest)?;
        let size = i128::try_from(size).map_err(|_| MathError::Overflow)?;
        Ok(if *entry < 0 {
            size.checked_neg().ok_or(MathError::Overflow)?
        } else {
            size
        })
    };
    vector.iter().map(scale).collect()
}

fn dot(a: &[i128], b: &[i128]) -> Result<i128, FieldFault> {
    let sum = pairs(a, b)?.try_fold(0_i128, |sum, (a, b)| sum.checked_add(a.checked_mul(*b)?));
    Ok(sum.ok_or(MathError::Overflow)?)
}

fn pairs<'a>(a: &'a [i128], b: &'a [i128]) -> Result<impl Iterator<Item = (&'a i128, &'a i128)>, FieldFault> {
    if a.len() == b.len() {
        Ok(a.iter().zip(b))
    } else {
        Err(FieldFault::EdgeCount)
    }
}
