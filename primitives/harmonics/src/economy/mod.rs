//! The five tokens: what there is of them, who begins with what, and where an account is at home.

use alloc::vec::Vec;
use core::fmt;

mod allocation;
mod genesis;
mod home;

pub use allocation::{allocate, anchors, AllocationFault, Excess, Grant, Pot};
pub use genesis::{
    check_genesis, GenesisFault, GenesisTotals, ShardAllocation, CHR_OF_FIVE, EPOCH_BLOCKS_MAX, EPOCH_BLOCKS_MIN,
    STAKED_ATR_OF_FIVE,
};
pub use home::home_of_hash;

/// Plancks in one whole token.
pub const PLANCKS_PER_WHOLE: u128 = 1_000_000_000_000;

/// CHR-1: all the CHR there ever is, plancks (10¹⁰ whole).
pub const CHR_ISSUANCE: u128 = 10_000_000_000 * PLANCKS_PER_WHOLE;

/// FLX-1: all the FLX there ever is, plancks (⌊10¹⁰/φ⌋ = 6,180,339,887 whole).
pub const FLX_ISSUANCE: u128 = 6_180_339_887 * PLANCKS_PER_WHOLE;

/// ⌊10¹⁸/φ⌋, φ = (1 + √5)/2.
const INVERSE_PHI_E18: u128 = 618_033_988_749_894_848;

const E18: u128 = 1_000_000_000_000_000_000;

/// ⌊x/φ⌋ to the precision of 18 decimals of 1/φ, for an amount in plancks: what a shard's FLX is to its CHR.
///
/// `None` if `x` is so large that a step would overflow: above about 2¹²⁷, far beyond any issuance.
pub const fn over_phi(x: u128) -> Option<u128> {
    let (quotient, rest) = (x / E18, x % E18);
    let Some(high) = quotient.checked_mul(INVERSE_PHI_E18) else {
        return None;
    };
    // rest < 10^18 and 1/φ < 1, so this product is below 10^36.
    high.checked_add(rest * INVERSE_PHI_E18 / E18)
}

/// An amount in plancks as whole tokens with all twelve decimals.
struct Whole(u128);

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:012}", self.0 / PLANCKS_PER_WHOLE, self.0 % PLANCKS_PER_WHOLE)
    }
}

/// `None` if it is 2¹²⁸ or more.
fn sum(mut amounts: impl Iterator<Item = u128>) -> Option<u128> {
    amounts.try_fold(0, u128::checked_add)
}

/// Whole tokens in plancks; `None` if one of them is 2¹²⁸ or more.
fn whole_to_plancks(whole: &[u128]) -> Option<Vec<u128>> {
    whole.iter().map(|whole| whole.checked_mul(PLANCKS_PER_WHOLE)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuance_of_flx_is_that_of_chr_over_phi_in_whole_tokens() {
        // The exact quotient is 6,180,339,887.498948…
        assert_eq!(
            over_phi(CHR_ISSUANCE).map(|x| x / PLANCKS_PER_WHOLE),
            Some(6_180_339_887)
        );
        assert_eq!(over_phi(CHR_ISSUANCE), Some(6_180_339_887_498_948_480_000));
    }

    #[test]
    fn one_over_phi_solves_its_equation() {
        // 1/φ is the positive root of y² + y = 1; one unit more in the last place is already too much.
        let square_and_itself = |y: u128| y * y + y * E18;
        assert!(square_and_itself(INVERSE_PHI_E18) < E18 * E18);
        assert!(square_and_itself(INVERSE_PHI_E18 + 1) > E18 * E18);
    }

    #[test]
    fn over_phi_reports_overflow() {
        assert_eq!(over_phi(0), Some(0));
        assert!(over_phi(u128::MAX).is_some());
    }
}
