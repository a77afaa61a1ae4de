//! H: how evenly Ψ is shared among the validators.

use super::wide::Wide;
use alloc::vec::Vec;
use qc_math::{div_floor, ln, MathError, ONE};

/// H = −Σ p_v ln p_v / ln n, p_v = Ψ_v/ΣΨ. Range: [0, 1].
///
/// Computed as ⌊E/⌊ln n⌋⌋ with E = ⌊Σ Ψ_v ⌊ln ⌊ΣΨ/Ψ_v⌋⌋ / ΣΨ⌋, every ⌊⌋ in units of 10⁻¹⁸. E is not above the exact entropy,
/// which is not above ln n, so H ≤ 1; and equal Ψ give exactly 1. Ψ_v = 0 adds nothing; ΣΨ = 0 gives 0; one validator gives
/// 1, none 0. Errors: `Overflow` for more than 340 validators.
/// Cost: a logarithm for each *different* Ψ and one more, at most n + 1.
pub fn entropy(psis: &[u128]) -> Result<u128, MathError> {
    let n = u128::try_from(psis.len()).map_err(|_| MathError::Overflow)?;
    if n < 2 {
        return Ok(if n == 1 { ONE } else { 0 });
    }
    let mut sorted: Vec<u128> = psis.iter().copied().filter(|psi| *psi > 0).collect();
    sorted.sort_unstable();
    let mut total = 0_u128;
    for psi in &sorted {
        total = total.checked_add(*psi).ok_or(MathError::Overflow)?;
    }
    if total == 0 {
        return Ok(0);
    }
    let (mut weighted, mut last) = (Wide::default(), None);
    for psi in sorted {
        let surprise = match last {
            Some((same, surprise)) if same == psi => surprise,
            _ => surprise(total, psi)?,
        };
        last = Some((psi, surprise));
        weighted = weighted.add_product(psi, surprise)?;
    }
    let ln_n = ln(n.checked_mul(ONE).ok_or(MathError::Overflow)?)?;
    div_floor(weighted.over(total)?, ln_n.unsigned_abs())
}

/// ln(total/psi) ≥ 0, both floored.
fn surprise(total: u128, psi: u128) -> Result<u128, MathError> {
    // total ≥ psi, so that the quotient is 1 or more and its logarithm 0 or more.
    Ok(ln(div_floor(total, psi)?)?.unsigned_abs())
}

/// |H(e) − H(e−1)|, units of 10⁻¹⁸, range [0, 1]; 0 in the first epoch, which has none before it.
pub fn entropy_rate(before: Option<u128>, now: u128) -> u128 {
    before.map_or(0, |before| before.abs_diff(now))
}
