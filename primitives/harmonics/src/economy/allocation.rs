//! Who holds at genesis what no account was given: the commons pots, so that the constraints of protocol section 12 hold to the
//! planck.

use super::{sum, whole_to_plancks, Whole, CHR_ISSUANCE, FLX_ISSUANCE, PLANCKS_PER_WHOLE};
use alloc::vec::Vec;
use core::fmt;

/// What an account of a genesis is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Grant {
    /// The shard that it is at home in.
    pub shard: u8,
    /// CHR, plancks.
    pub chr: u128,
    /// FLX, plancks.
    pub flx: u128,
}

/// What a shard's commons pot begins with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pot {
    /// CHR, plancks.
    pub chr: u128,
    /// FLX, plancks.
    pub flx: u128,
}

/// Why there is no such allocation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AllocationFault {
    /// The CHR of all shards is not 10¹⁰ whole (CHR-1), but so much, whole.
    ChrShares(u128),
    /// The treasury is given more FLX than there is, plancks.
    Treasury(u128),
    /// An account is at home in a shard that there is not.
    ShardUnknown {
        /// Its shard.
        shard: u8,
        /// How many there are.
        shards: usize,
    },
    /// The accounts of a shard are given more CHR than it has.
    ChrExceeded(Excess),
    /// The accounts of a shard are given more FLX than it has.
    FlxExceeded(Excess),
    /// The validators of a shard stake more ATR than it may.
    StakeExceeded(Excess),
    /// An amount is beyond what can be computed with.
    Overflow,
}

/// How much of a token was given to the accounts of a shard, and how much it has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Excess {
    /// Which shard.
    pub shard: u8,
    /// What its accounts are given, plancks.
    pub given: u128,
    /// What it has, plancks.
    pub available: u128,
}

impl fmt::Display for AllocationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut exceeded = |token: &str, verb: &str, excess: &Excess| {
            let (shard, given, available) = (excess.shard, Whole(excess.given), Whole(excess.available));
            write!(
                f,
                "{token}: the accounts of shard {shard} {verb} {given} whole, but the shard has {available}"
            )
        };
        match self {
            Self::ChrExceeded(excess) => exceeded("CHR", "are given", excess),
            Self::FlxExceeded(excess) => exceeded("FLX", "are given", excess),
            Self::StakeExceeded(excess) => exceeded("ATR", "stake", excess),
            Self::ChrShares(found) => write!(
                f,
                "CHR-1: the CHR of all shards must be {} whole, but is {found}",
                CHR_ISSUANCE / PLANCKS_PER_WHOLE
            ),
            Self::Treasury(found) => write!(
                f,
                "FLX: the treasury is given {} whole, but there are {}",
                Whole(*found),
                Whole(FLX_ISSUANCE)
            ),
            Self::ShardUnknown { shard, shards } => {
                write!(
                    f,
                    "an account is at home in shard {shard}, but there are {shards}, counted from 0"
                )
            }
            Self::Overflow => write!(f, "an amount is out of range"),
        }
    }
}

/// What the commons pots hold, by ascending shard, so that
///
/// * Σ CHR of accounts and pots is 10¹⁰ whole (CHR-1), that of each shard what `chr_whole` says;
/// * Σ FLX of accounts, pots and the treasury is 6,180,339,887 whole (FLX-1), that of each shard its part of what the treasury
///   does not have, in proportion to its CHR. So every shard's FLX, its part of the treasury counted, is CHR/φ within 10⁻⁵.
///
/// Shares of FLX are rounded down; the fewer than N plancks that remain are the first shard's.
///
/// * `chr_whole`: CHR of each shard in whole tokens, its pot included; for the ring of five
///   [`CHR_OF_FIVE`](super::CHR_OF_FIVE).
/// * `treasury_flx`: FLX of the treasury, plancks.
/// * `grants`: what every account is given, the treasury and the pots aside.
pub fn allocate(chr_whole: &[u128], treasury_flx: u128, grants: &[Grant]) -> Result<Vec<Pot>, AllocationFault> {
    let chr_issuance_whole = CHR_ISSUANCE / PLANCKS_PER_WHOLE;
    let chr_sum = sum(chr_whole.iter().copied()).ok_or(AllocationFault::Overflow)?;
    if chr_sum != chr_issuance_whole {
        return Err(AllocationFault::ChrShares(chr_sum));
    }
    let shared_flx = FLX_ISSUANCE
        .checked_sub(treasury_flx)
        .ok_or(AllocationFault::Treasury(treasury_flx))?;
    // At most 6.2·10²¹ plancks · 10¹⁰ whole: in whole CHR the product stays below 2¹²⁸.
    let share = |chr: &u128| shared_flx.checked_mul(*chr)?.checked_div(chr_issuance_whole);
    let mut flx: Vec<u128> = chr_whole
        .iter()
        .map(share)
        .collect::<Option<_>>()
        .ok_or(AllocationFault::Overflow)?;
    let flx_sum = sum(flx.iter().copied()).ok_or(AllocationFault::Overflow)?;
    let residue = shared_flx.checked_sub(flx_sum).ok_or(AllocationFault::Overflow)?;
    if let Some(first) = flx.first_mut() {
        *first = first.checked_add(residue).ok_or(AllocationFault::Overflow)?;
    }
    let given_chr = given(chr_whole.len(), grants.iter().map(|grant| (grant.shard, grant.chr)))?;
    let given_flx = given(chr_whole.len(), grants.iter().map(|grant| (grant.shard, grant.flx)))?;
    let chr = whole_to_plancks(chr_whole).ok_or(AllocationFault::Overflow)?;
    let chr = left(&chr, &given_chr, AllocationFault::ChrExceeded)?;
    let flx = left(&flx, &given_flx, AllocationFault::FlxExceeded)?;
    Ok(chr.into_iter().zip(flx).map(|(chr, flx)| Pot { chr, flx }).collect())
}

/// What the commons pots stake beside the validators, by ascending shard, plancks of ATR: so much that every shard stakes what
/// `staked_whole` says.
///
/// * `staked_whole`: ATR that is staked in each shard in whole tokens; for the ring of five
///   [`STAKED_ATR_OF_FIVE`](super::STAKED_ATR_OF_FIVE).
/// * `stakes`: shard and plancks of ATR of each validator.
pub fn anchors(staked_whole: &[u128], stakes: &[(u8, u128)]) -> Result<Vec<u128>, AllocationFault> {
    let staked = whole_to_plancks(staked_whole).ok_or(AllocationFault::Overflow)?;
    let given = given(staked.len(), stakes.iter().copied())?;
    left(&staked, &given, AllocationFault::StakeExceeded)
}

/// What was given in each shard.
fn given(shards: usize, grants: impl Iterator<Item = (u8, u128)>) -> Result<Vec<u128>, AllocationFault> {
    let mut sums = alloc::vec![0u128; shards];
    for (shard, amount) in grants {
        let sum = sums
            .get_mut(usize::from(shard))
            .ok_or(AllocationFault::ShardUnknown { shard, shards })?;
        *sum = sum.checked_add(amount).ok_or(AllocationFault::Overflow)?;
    }
    Ok(sums)
}

/// What is left in each shard of what it has.
fn left(
    available: &[u128],
    given: &[u128],
    exceeded: fn(Excess) -> AllocationFault,
) -> Result<Vec<u128>, AllocationFault> {
    let shards = (0u8..).zip(available.iter().zip(given));
    shards
        .map(|(shard, (available, given))| {
            available.checked_sub(*given).ok_or(exceeded(Excess {
                shard,
                given: *given,
                available: *available,
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::{check_genesis, GenesisTotals, ShardAllocation, CHR_OF_FIVE, STAKED_ATR_OF_FIVE};
    use alloc::string::ToString;
    use proptest::prelude::*;

    const WHOLE: u128 = PLANCKS_PER_WHOLE;
    const TREASURY: u128 = 618_033_988 * WHOLE;

    fn grant(shard: u8, chr: u128, flx: u128) -> Grant {
        Grant { shard, chr, flx }
    }

    /// What an allocation comes to, checked by the genesis' own checker.
    fn totals(
        pots: &[Pot],
        treasury_flx: u128,
        grants: &[Grant],
        anchors: &[u128],
        stakes: &[(u8, u128)],
    ) -> GenesisTotals {
        let of = |shard: usize| grants.iter().filter(move |grant| usize::from(grant.shard) == shard);
        let shards = pots.iter().enumerate().map(|(shard, pot)| ShardAllocation {
            chr: pot.chr + of(shard).map(|grant| grant.chr).sum::<u128>(),
            flx: pot.flx + of(shard).map(|grant| grant.flx).sum::<u128>(),
            staked_atr: anchors[shard]
                + stakes
                    .iter()
                    .filter(|(home, _)| usize::from(*home) == shard)
                    .map(|(_, stake)| stake)
                    .sum::<u128>(),
        });
        GenesisTotals {
            shards: shards.collect(),
            treasury_flx,
            existential_deposit: 0,
            epoch_blocks: 150,
        }
    }

    #[test]
    fn nothing_given_leaves_everything_to_the_pots() {
        let pots = allocate(&CHR_OF_FIVE, TREASURY, &[]).unwrap();
        // 5,562,305,899 whole, of which shards have 30, 25, 20, 15 and 10 hundredths: all exact in plancks.
        let flx = [
            1_668_691_769_700,
            1_390_576_474_750,
            1_112_461_179_800,
            834_345_884_850,
            556_230_589_900,
        ];
        for ((pot, chr), flx_milli) in pots.iter().zip(CHR_OF_FIVE).zip(flx) {
            assert_eq!((pot.chr, pot.flx), (chr * WHOLE, flx_milli * (WHOLE / 1_000)));
        }
        let staked = anchors(&STAKED_ATR_OF_FIVE, &[]).unwrap();
        assert_eq!(staked, STAKED_ATR_OF_FIVE.map(|whole| whole * WHOLE));
    }

    #[test]
    fn the_residue_is_the_first_shards() {
        let pots = allocate(&CHR_OF_FIVE, TREASURY + 1, &[]).unwrap();
        let sum: u128 = pots.iter().map(|pot| pot.flx).sum();
        assert_eq!(sum, FLX_ISSUANCE - TREASURY - 1);
        // Without it each loses its part of a planck, rounded down, so a whole one: 1,668,691,769.7 less 1, and 4 of residue.
        assert_eq!(pots[0].flx, 1_668_691_769_700 * (WHOLE / 1_000) - 1 + 4);
        assert_eq!(pots[4].flx, 556_230_589_900 * (WHOLE / 1_000) - 1);
    }

    #[test]
    fn who_is_given_too_much_is_named() {
        let fault = |grants: &[Grant]| allocate(&CHR_OF_FIVE, TREASURY, grants).unwrap_err();
        let chr = 1_000_000_000 * WHOLE;
        assert_eq!(
            fault(&[grant(4, chr, 0), grant(4, 1, 0)]),
            AllocationFault::ChrExceeded(Excess {
                shard: 4,
                given: chr + 1,
                available: chr
            })
        );
        assert_eq!(
            fault(&[grant(2, 0, u128::MAX)]).to_string(),
            "FLX: the accounts of shard 2 are given 340282366920938463463374607.431768211455 whole, but the shard has \
             1112461179.800000000000"
        );
        assert_eq!(
            fault(&[grant(5, 0, 0)]),
            AllocationFault::ShardUnknown { shard: 5, shards: 5 }
        );
        assert_eq!(
            fault(&[grant(1, u128::MAX, 0), grant(1, 1, 0)]),
            AllocationFault::Overflow
        );
        let stakes = [(3, 19_999 * WHOLE), (3, WHOLE), (3, 1)];
        assert_eq!(anchors(&STAKED_ATR_OF_FIVE, &stakes[..2]).unwrap()[3], 0);
        let message = anchors(&STAKED_ATR_OF_FIVE, &stakes).unwrap_err().to_string();
        assert_eq!(
            message,
            "ATR: the accounts of shard 3 stake 20000.000000000001 whole, but the shard has 20000.000000000000"
        );
    }

    #[test]
    fn totals_that_cannot_be_are_refused() {
        assert_eq!(allocate(&[1, 2, 3], 0, &[]), Err(AllocationFault::ChrShares(6)));
        assert_eq!(allocate(&[u128::MAX, 1, 1], 0, &[]), Err(AllocationFault::Overflow));
        let too_much = FLX_ISSUANCE + 1;
        assert_eq!(
            allocate(&CHR_OF_FIVE, too_much, &[]),
            Err(AllocationFault::Treasury(too_much))
        );
        assert_eq!(
            allocate(&CHR_OF_FIVE, too_much, &[]).unwrap_err().to_string(),
            "FLX: the treasury is given 6180339887.000000000001 whole, but there are 6180339887.000000000000"
        );
        assert_eq!(
            allocate(&[1, 2, 3], 0, &[]).unwrap_err().to_string(),
            "CHR-1: the CHR of all shards must be 10000000000 whole, but is 6"
        );
    }

    /// 3 to 50 shards that share all CHR, in whole tokens.
    fn shares() -> impl Strategy<Value = Vec<u128>> {
        prop::collection::vec(1u128..1_000, 3..=50).prop_map(|weights| {
            let (all, weight) = (CHR_ISSUANCE / WHOLE, weights.iter().sum::<u128>());
            let mut shares: Vec<u128> = weights.iter().map(|part| all * part / weight).collect();
            shares[0] += all - shares.iter().sum::<u128>();
            shares
        })
    }

    proptest! {
        /// CHR-1, FLX-1, and FLX_i = CHR_i/φ within 10⁻⁵, whatever was given to whom, for every graph.
        #[test]
        fn every_allocation_is_a_sound_genesis(
            chr_whole in shares(),
            treasury in 1..=FLX_ISSUANCE / 2,
            given in prop::collection::vec((any::<u8>(), 0..2_000 * WHOLE, 0..800 * WHOLE), 0..40),
        ) {
            let shards = u8::try_from(chr_whole.len()).unwrap();
            // The five of the ring must have the shares that the protocol names: another test.
            prop_assume!(shards != 5);
            let grants: Vec<_> = given.iter().map(|(shard, chr, flx)| grant(shard % shards, *chr, *flx)).collect();
            let pots = allocate(&chr_whole, treasury, &grants).unwrap();
            let anchors = alloc::vec![0; shards.into()];
            let totals = totals(&pots, treasury, &grants, &anchors, &[]);
            for (shard, whole) in totals.shards.iter().zip(&chr_whole) {
                prop_assert_eq!(shard.chr, whole * WHOLE);
            }
            prop_assert_eq!(check_genesis(&totals), Ok(()));
        }

        /// The ring of five, with validators: sound to the planck.
        #[test]
        fn the_ring_of_five_is_sound(
            treasury in 1..=FLX_ISSUANCE / 2,
            given in prop::collection::vec((0u8..5, 0..20_000_000 * WHOLE, 0..7_000_000 * WHOLE), 0..40),
            stakes in prop::collection::vec((0u8..5, 0..1_000 * WHOLE), 0..10),
        ) {
            let grants: Vec<_> = given.iter().map(|(shard, chr, flx)| grant(*shard, *chr, *flx)).collect();
            let pots = allocate(&CHR_OF_FIVE, treasury, &grants).unwrap();
            let anchors = anchors(&STAKED_ATR_OF_FIVE, &stakes).unwrap();
            prop_assert_eq!(check_genesis(&totals(&pots, treasury, &grants, &anchors, &stakes)), Ok(()));
        }
    }
}
