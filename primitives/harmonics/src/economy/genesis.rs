//! What a genesis must hold of the economy (protocol section 12). The fault that is found says what is broken.

use super::{over_phi, sum, whole_to_plancks, Whole, CHR_ISSUANCE, FLX_ISSUANCE, PLANCKS_PER_WHOLE};
use alloc::vec::Vec;
use core::fmt;

/// The shortest epoch, blocks: long enough for GRANDPA to finalise a boundary before the next one.
pub const EPOCH_BLOCKS_MIN: u32 = 5;

/// The longest epoch, blocks: four hours of 2 s. The protocol's time constants are counted in epochs of five minutes.
pub const EPOCH_BLOCKS_MAX: u32 = 7_200;

/// The CHR of the genesis shards in whole tokens, by ascending shard number, for the ring of five.
pub const CHR_OF_FIVE: [u128; 5] = [
    3_000_000_000,
    2_500_000_000,
    2_000_000_000,
    1_500_000_000,
    1_000_000_000,
];

/// The ATR that is staked in the genesis shards in whole tokens, by ascending shard number, for the ring of five.
pub const STAKED_ATR_OF_FIVE: [u128; 5] = [50_000, 40_000, 30_000, 20_000, 10_000];

/// FLX_i = CHR_i/φ must hold to one part in this many.
const RATIO_PARTS: u128 = 100_000;

/// What a shard holds at genesis, its commons pot included, plancks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ShardAllocation {
    /// CHR of its accounts.
    pub chr: u128,
    /// FLX of its accounts.
    pub flx: u128,
    /// ATR that is staked in it.
    pub staked_atr: u128,
}

/// The totals that a genesis comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GenesisTotals {
    /// By ascending shard number.
    pub shards: Vec<ShardAllocation>,
    /// FLX of the treasury, plancks.
    pub treasury_flx: u128,
    /// The smallest amount of FLX that an account may hold, plancks.
    pub existential_deposit: u128,
    /// Length of an epoch, blocks.
    pub epoch_blocks: u32,
}

/// The constraint that a genesis breaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GenesisFault {
    /// There are fewer than 3 shards or more than 50.
    ShardCount(usize),
    /// The epoch is too short or too long.
    EpochBlocks(u32),
    /// Σ CHR, in plancks, is not 10¹⁰ whole (CHR-1).
    ChrIssuance(u128),
    /// Σ FLX, in plancks, is not 6,180,339,887 whole (FLX-1).
    FlxIssuance(u128),
    /// A shard of the ring of five does not hold the CHR that it must.
    ShardChr {
        /// Which shard.
        shard: usize,
        /// What it must hold, plancks.
        expected: u128,
        /// What it holds, plancks.
        found: u128,
    },
    /// A shard of the ring of five does not stake the ATR that it must.
    ShardStake {
        /// Which shard.
        shard: usize,
        /// What it must stake, plancks.
        expected: u128,
        /// What it stakes, plancks.
        found: u128,
    },
    /// A shard's FLX, its part of the treasury counted, is not CHR/φ within 10⁻⁵.
    ShardRatio {
        /// Which shard.
        shard: usize,
        /// CHR/φ, plancks.
        expected: u128,
        /// FLX with its part of the treasury, plancks.
        found: u128,
    },
    /// The treasury holds less than the existential deposit.
    TreasuryBelowExistentialDeposit(u128),
    /// An amount is beyond what can be computed with.
    Overflow,
}

impl fmt::Display for GenesisFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShardCount(found) => write!(f, "the number of shards must be 3 to 50, but is {found}"),
            Self::EpochBlocks(found) => {
                write!(f, "an epoch must be {EPOCH_BLOCKS_MIN} to {EPOCH_BLOCKS_MAX} blocks, but is {found}")
            }
            Self::ChrIssuance(found) => {
                write!(f, "CHR-1: all CHR must be {} whole, but is {}", Whole(CHR_ISSUANCE), Whole(*found))
            }
            Self::FlxIssuance(found) => {
                write!(f, "FLX-1: all FLX must be {} whole, but is {}", Whole(FLX_ISSUANCE), Whole(*found))
            }
            Self::ShardChr { shard, expected, found } => write!(
                f,
                "shard {shard} must hold {} whole CHR, its commons pot included, but holds {}",
                Whole(*expected),
                Whole(*found)
            ),
            Self::ShardStake { shard, expected, found } => write!(
                f,
                "shard {shard} must stake {} whole ATR, its anchor included, but stakes {}",
                Whole(*expected),
                Whole(*found)
            ),
            Self::ShardRatio { shard, expected, found } => write!(
                f,
                "shard {shard} must hold CHR/φ = {} whole FLX within 10^-5, its part of the treasury counted, but holds {}",
                Whole(*expected),
                Whole(*found)
            ),
            Self::TreasuryBelowExistentialDeposit(found) => {
                write!(f, "the treasury must hold at least the existential deposit, but holds {} whole FLX", Whole(*found))
            }
            Self::Overflow => write!(f, "an amount is out of range"),
        }
    }
}

/// Checks the constraints of section 12 that concern totals, ratios and the length of an epoch; the first that is broken is
/// the error.
pub fn check_genesis(totals: &GenesisTotals) -> Result<(), GenesisFault> {
    let shards = totals.shards.len();
    if !(3..=50).contains(&shards) {
        return Err(GenesisFault::ShardCount(shards));
    }
    if !(EPOCH_BLOCKS_MIN..=EPOCH_BLOCKS_MAX).contains(&totals.epoch_blocks) {
        return Err(GenesisFault::EpochBlocks(totals.epoch_blocks));
    }
    let chr = sum(totals.shards.iter().map(|shard| shard.chr)).ok_or(GenesisFault::Overflow)?;
    if chr != CHR_ISSUANCE {
        return Err(GenesisFault::ChrIssuance(chr));
    }
    let flx = totals.shards.iter().map(|shard| shard.flx).chain([totals.treasury_flx]);
    let flx = sum(flx).ok_or(GenesisFault::Overflow)?;
    if flx != FLX_ISSUANCE {
        return Err(GenesisFault::FlxIssuance(flx));
    }
    if totals.treasury_flx < totals.existential_deposit {
        return Err(GenesisFault::TreasuryBelowExistentialDeposit(totals.treasury_flx));
    }
    check_shares_of_five(&totals.shards)?;
    totals
        .shards
        .iter()
        .enumerate()
        .try_for_each(|(shard, held)| check_ratio(shard, *held, totals.treasury_flx))
}

/// A graph of five shards is the genesis ring, whose CHR and staked ATR the protocol names; other graphs share them as they
/// like.
fn check_shares_of_five(shards: &[ShardAllocation]) -> Result<(), GenesisFault> {
    if shards.len() != CHR_OF_FIVE.len() {
        return Ok(());
    }
    let chr = whole_to_plancks(&CHR_OF_FIVE).ok_or(GenesisFault::Overflow)?;
    let staked_atr = whole_to_plancks(&STAKED_ATR_OF_FIVE).ok_or(GenesisFault::Overflow)?;
    let expected = chr.into_iter().zip(staked_atr);
    for (shard, (held, (chr, staked_atr))) in shards.iter().zip(expected).enumerate() {
        if held.chr != chr {
            return Err(GenesisFault::ShardChr {
                shard,
                expected: chr,
                found: held.chr,
            });
        }
        if held.staked_atr != staked_atr {
            return Err(GenesisFault::ShardStake {
                shard,
                expected: staked_atr,
                found: held.staked_atr,
            });
        }
    }
    Ok(())
}

fn check_ratio(shard: usize, held: ShardAllocation, treasury_flx: u128) -> Result<(), GenesisFault> {
    // In whole CHR, so that the product stays below 2^128: 6.2·10^21 plancks · 10^10.
    let part = treasury_flx
        .checked_mul(held.chr / PLANCKS_PER_WHOLE)
        .and_then(|product| product.checked_div(CHR_ISSUANCE / PLANCKS_PER_WHOLE))
        .ok_or(GenesisFault::Overflow)?;
    let found = held.flx.checked_add(part).ok_or(GenesisFault::Overflow)?;
    let expected = over_phi(held.chr).ok_or(GenesisFault::Overflow)?;
    let within = expected
        .abs_diff(found)
        .checked_mul(RATIO_PARTS)
        .ok_or(GenesisFault::Overflow)?
        <= expected;
    if within {
        Ok(())
    } else {
        Err(GenesisFault::ShardRatio { shard, expected, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn sound() -> GenesisTotals {
        let treasury_flx = 600_000_000 * PLANCKS_PER_WHOLE;
        let shards: Vec<_> = CHR_OF_FIVE
            .iter()
            .zip(STAKED_ATR_OF_FIVE)
            .map(|(whole, staked)| {
                let chr = whole * PLANCKS_PER_WHOLE;
                ShardAllocation {
                    chr,
                    flx: over_phi(chr).unwrap() - treasury_flx * whole / 10_000_000_000,
                    staked_atr: staked * PLANCKS_PER_WHOLE,
                }
            })
            .collect();
        let allocated: u128 = shards.iter().map(|shard| shard.flx).sum();
        GenesisTotals {
            treasury_flx: FLX_ISSUANCE - allocated,
            shards,
            existential_deposit: 1,
            epoch_blocks: 10,
        }
    }

    fn fault(change: impl FnOnce(&mut GenesisTotals)) -> GenesisFault {
        let mut totals = sound();
        change(&mut totals);
        check_genesis(&totals).expect_err("a broken genesis must be refused")
    }

    #[test]
    fn a_sound_genesis_passes() {
        assert_eq!(check_genesis(&sound()), Ok(()));
    }

    #[test]
    fn each_constraint_is_named_when_broken() {
        assert_eq!(fault(|t| t.shards.truncate(2)), GenesisFault::ShardCount(2));
        assert_eq!(
            fault(|t| t.shards = t.shards.iter().cycle().take(51).copied().collect()),
            GenesisFault::ShardCount(51)
        );
        assert_eq!(fault(|t| t.epoch_blocks = 4), GenesisFault::EpochBlocks(4));
        assert_eq!(fault(|t| t.epoch_blocks = 7_201), GenesisFault::EpochBlocks(7_201));
        assert_eq!(
            fault(|t| t.shards[0].chr += 1),
            GenesisFault::ChrIssuance(CHR_ISSUANCE + 1)
        );
        assert_eq!(
            fault(|t| t.treasury_flx -= 1),
            GenesisFault::FlxIssuance(FLX_ISSUANCE - 1)
        );
        assert_eq!(fault(|t| t.shards[0].flx = u128::MAX), GenesisFault::Overflow);
        assert_eq!(
            fault(|t| t.existential_deposit = t.treasury_flx + 1),
            GenesisFault::TreasuryBelowExistentialDeposit(sound().treasury_flx)
        );
    }

    /// Protocol section 12, by its own numbers.
    #[test]
    fn the_ring_of_five_shares_as_the_protocol_says() {
        const CHR: [u128; 5] = [
            3_000_000_000_000_000_000_000,
            2_500_000_000_000_000_000_000,
            2_000_000_000_000_000_000_000,
            1_500_000_000_000_000_000_000,
            1_000_000_000_000_000_000_000,
        ];
        const STAKED_ATR: [u128; 5] = [
            50_000_000_000_000_000,
            40_000_000_000_000_000,
            30_000_000_000_000_000,
            20_000_000_000_000_000,
            10_000_000_000_000_000,
        ];
        assert_eq!(sound().shards.iter().map(|shard| shard.chr).collect::<Vec<_>>(), CHR);
        // Of the last shard the sum says it.
        for (shard, chr) in CHR.iter().enumerate().take(4) {
            let found = chr + 1;
            let moved = fault(|t| {
                t.shards[shard].chr += 1;
                t.shards[4].chr -= 1;
            });
            let expected = CHR[shard];
            assert_eq!(moved, GenesisFault::ShardChr { shard, expected, found });
        }
        for (shard, expected) in STAKED_ATR.into_iter().enumerate() {
            for found in [expected - 1, expected + 1] {
                let staked = fault(|t| t.shards[shard].staked_atr = found);
                assert_eq!(staked, GenesisFault::ShardStake { shard, expected, found });
            }
        }
    }

    #[test]
    fn a_shards_flx_is_within_a_part_in_a_hundred_thousand() {
        // Ten-millionths of what shard 3 must have, from it to the larger shard 2 or back.
        let moved = |parts: u128, gives: usize, takes: usize| {
            let mut totals = sound();
            let part = over_phi(totals.shards[3].chr).unwrap() / 10_000_000 * parts;
            totals.shards[gives].flx -= part;
            totals.shards[takes].flx += part;
            check_genesis(&totals)
        };
        for (gives, takes) in [(3, 2), (2, 3)] {
            assert_eq!(moved(90, gives, takes), Ok(()));
            let refused = moved(110, gives, takes);
            assert!(
                matches!(refused, Err(GenesisFault::ShardRatio { shard: 3, .. })),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn messages_say_what_must_be_and_what_is() {
        let message = fault(|t| t.shards[0].chr += 1).to_string();
        assert!(message.contains("10000000000.000000000000"), "{message}");
        assert!(message.contains("10000000000.000000000001"), "{message}");
    }
}
