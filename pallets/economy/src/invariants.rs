//! One function per law. They serve `try_state`, the tests, the genesis and the end of every epoch.

use crate::{ChrTotals, Config, FlxTotals, HoldReason, HomeShards, MoveQueues, Pallet, PendingMoves};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::traits::{
    fungible::{self, InspectHold},
    fungibles::Inspect,
    Get,
};
use qc_harmonics::economy::{CHR_ISSUANCE, FLX_ISSUANCE};
use qc_types::{Balance, Home, TokenId};

/// A law of this pallet that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LawBreach {
    law: &'static str,
    token: TokenId,
    /// What the law says there must be.
    pub expected: Balance,
    /// What there is.
    pub found: Balance,
}

impl LawBreach {
    /// Which law, and what about it.
    pub const fn law(&self) -> &'static str {
        self.law
    }

    /// The token whose law it is.
    pub const fn token(&self) -> TokenId {
        self.token
    }
}

fn equal(law: &'static str, token: TokenId, expected: Balance, found: Balance) -> Result<(), LawBreach> {
    if expected == found {
        Ok(())
    } else {
        Err(LawBreach {
            law,
            token,
            expected,
            found,
        })
    }
}

/// `None`, an overflow, counts as the largest amount there is: no law allows it.
fn sum(amounts: impl Iterator<Item = Balance>) -> Balance {
    amounts
        .into_iter()
        .try_fold(0, Balance::checked_add)
        .unwrap_or(Balance::MAX)
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet, also those that take an iteration over all accounts.
    pub fn check_laws() -> Result<(), LawBreach> {
        Self::broken_totals().into_iter().next().map_or(Ok(()), Err)?;
        Self::check_flx_per_home()?;
        Self::check_chr_per_shard()?;
        Self::check_homes()?;
        Self::check_treasury()
    }

    /// CHR-1 and FLX-1 as far as totals show them: O(N), for every epoch's end.
    pub(crate) fn broken_totals() -> Vec<LawBreach> {
        let chr_of_shards = sum(Self::shards().map(ChrTotals::<T>::get));
        let flx_of_homes = sum(Self::shards()
            .map(Home::Shard)
            .chain([Home::Ground])
            .map(FlxTotals::<T>::get));
        [
            equal(
                "CHR-1: Σ CHR = 10^10 whole",
                TokenId::Chr,
                CHR_ISSUANCE,
                Self::total_issuance(TokenId::Chr),
            ),
            equal("CHR-1: Σ CHR of the shards", TokenId::Chr, CHR_ISSUANCE, chr_of_shards),
            equal(
                "FLX-1: Σ FLX = 6180339887 whole",
                TokenId::Flx,
                FLX_ISSUANCE,
                Self::total_issuance(TokenId::Flx),
            ),
            equal("FLX-1: Σ FLX of the homes", TokenId::Flx, FLX_ISSUANCE, flx_of_homes),
        ]
        .into_iter()
        .filter_map(Result::err)
        .collect()
    }

    /// FLX-1: the meter of every home is the sum of what its accounts hold.
    fn check_flx_per_home() -> Result<(), LawBreach> {
        let mut held = BTreeMap::<Home, Balance>::new();
        for (who, account) in frame_system::Account::<T>::iter() {
            let total = sum([account.data.free, account.data.reserved].into_iter());
            let home = held.entry(Self::home(&who)).or_default();
            *home = sum([*home, total].into_iter());
        }
        for home in Self::shards().map(Home::Shard).chain([Home::Ground]) {
            let found = held.remove(&home).unwrap_or_default();
            equal(
                "FLX-1: the meter of a home",
                TokenId::Flx,
                FlxTotals::<T>::get(home),
                found,
            )?;
        }
        equal(
            "FLX-1: a home outside the graph",
            TokenId::Flx,
            0,
            sum(held.into_values()),
        )
    }

    /// CHR-1: the total of every shard is the sum of what its accounts hold. CHR is a sufficient asset, so every holder has
    /// a system account.
    fn check_chr_per_shard() -> Result<(), LawBreach> {
        let mut held = BTreeMap::<Home, Balance>::new();
        for who in frame_system::Account::<T>::iter_keys() {
            let home = held.entry(Self::home(&who)).or_default();
            *home = sum([*home, T::Assets::total_balance(Self::CHR_ID, &who)].into_iter());
        }
        for shard in Self::shards() {
            let found = held.remove(&Home::Shard(shard)).unwrap_or_default();
            equal(
                "CHR-1: the total of a shard",
                TokenId::Chr,
                ChrTotals::<T>::get(shard),
                found,
            )?;
        }
        equal(
            "CHR-1: CHR outside the shards",
            TokenId::Chr,
            0,
            sum(held.into_values()),
        )
    }

    /// Every move under way is queued once, and every record is of an account that is not at home by hash.
    fn check_homes() -> Result<(), LawBreach> {
        let count = |n: usize| Balance::try_from(n).unwrap_or(Balance::MAX);
        let pending = count(PendingMoves::<T>::iter().count());
        let queued = MoveQueues::<T>::iter().map(|(_, queue)| count(queue.len()));
        equal("moves under way are queued once", TokenId::Flx, pending, sum(queued))?;
        let idle = HomeShards::<T>::iter()
            .filter(|(who, shard)| Self::home_by_hash(who) == *shard)
            .count();
        equal("no record of a home that the hash gives", TokenId::Flx, 0, count(idle))?;
        let unpaid = HomeShards::<T>::iter_keys()
            .chain(PendingMoves::<T>::iter_keys())
            .filter(|who| T::Native::balance_on_hold(&HoldReason::Home.into(), who) < T::HomeDeposit::get())
            .count();
        // The meter relies on it: it looks for a record only where something is held.
        equal("every record of a home is paid for", TokenId::Flx, 0, count(unpaid))
    }

    /// The treasury can take whatever the sinks of other pallets send it.
    fn check_treasury() -> Result<(), LawBreach> {
        let least = <T::Native as fungible::Inspect<T::AccountId>>::minimum_balance();
        let has = <T::Native as fungible::Inspect<T::AccountId>>::balance(&Self::treasury_account());
        equal(
            "the treasury is above the existential deposit",
            TokenId::Flx,
            least,
            least.min(has),
        )
    }
}
