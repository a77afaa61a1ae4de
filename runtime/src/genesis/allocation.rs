//! Who holds what at genesis: every account gets its endowment, the commons pots and the treasury the rest
//! (`qc_harmonics::economy`), as the lists that the pallets' genesis wants.

use crate::{AccountId, Balance, Economy, FLX};
use alloc::{vec, vec::Vec};
use codec::Encode;
use qc_harmonics::economy::{self, home_of_hash, AllocationFault, Grant, CHR_OF_FIVE, STAKED_ATR_OF_FIVE};
use qc_types::{protocol_account, AssetId, ShardId, TokenId, ASSETS_OWNER_ID};

/// FLX of the treasury, about a tenth of all: it pays for what validators and participants will earn.
const TREASURY_FLX: Balance = 618_033_988 * FLX;

/// Shards of the presets.
const SHARDS: u8 = 5;
const _: () = assert!(CHR_OF_FIVE.len() == 5 && STAKED_ATR_OF_FIVE.len() == 5);

/// What an account is endowed with.
#[derive(Clone, Copy, Debug)]
pub struct Endowment {
    /// FLX, plancks.
    pub flx: Balance,
    /// CHR, plancks.
    pub chr: Balance,
    /// PSY, ATR and RES, plancks.
    pub assets: [(TokenId, Balance); 3],
}

/// The lists that the pallets' genesis wants.
pub struct Allocation {
    /// FLX.
    pub balances: Vec<(AccountId, Balance)>,
    /// CHR.
    pub chr: Vec<(AccountId, Balance)>,
    /// PSY, ATR and RES.
    pub assets: Vec<(AssetId, AccountId, Balance)>,
}

/// The keyless account that owns the four assets.
pub fn assets_owner() -> AccountId {
    protocol_account(ASSETS_OWNER_ID).into()
}

fn home_shard(who: &AccountId) -> u8 {
    home_of_hash(&who.using_encoded(sp_io::hashing::blake2_256), SHARDS)
}

/// Shares everything out over the ring of five. Errors if the endowments take more than a shard has.
pub fn allocate(endowed: &[AccountId], endowment: Endowment) -> Result<Allocation, AllocationFault> {
    let grants: Vec<_> = endowed
        .iter()
        .map(|who| Grant {
            shard: home_shard(who),
            chr: endowment.chr,
            flx: endowment.flx,
        })
        .collect();
    let pots = economy::allocate(&CHR_OF_FIVE, TREASURY_FLX, &grants)?;
    let mut allocation = Allocation {
        balances: vec![],
        chr: vec![],
        assets: vec![],
    };
    for who in endowed {
        allocation.balances.push((who.clone(), endowment.flx));
        allocation.chr.push((who.clone(), endowment.chr));
        let assets = endowment.assets.into_iter();
        let given = assets.filter_map(|(token, amount)| Some((token.asset_id()?, who.clone(), amount)));
        allocation.assets.extend(given);
    }
    for (shard, pot) in (0..SHARDS).zip(pots) {
        let account = Economy::commons_account(ShardId(shard));
        allocation.chr.push((account.clone(), pot.chr));
        allocation.balances.push((account, pot.flx));
    }
    allocation.balances.push((Economy::treasury_account(), TREASURY_FLX));
    Ok(allocation)
}

/// What the commons pots of the ring of five stake beside the validators, by ascending shard, plancks of ATR. Errors if the
/// validators of a shard stake more than it may.
pub fn anchors(stakes: &[(AccountId, Balance)]) -> Result<Vec<(ShardId, Balance)>, AllocationFault> {
    let stakes: Vec<_> = stakes.iter().map(|(who, stake)| (home_shard(who), *stake)).collect();
    let anchors = economy::anchors(&STAKED_ATR_OF_FIVE, &stakes)?;
    Ok((0..SHARDS).map(ShardId).zip(anchors).collect())
}

/// The ATR that the pots must have for their anchors: a planck more, since an account stays with what it cannot stake.
pub fn anchor_balances(anchors: &[(ShardId, Balance)]) -> Option<Vec<(AssetId, AccountId, Balance)>> {
    let atr = TokenId::Atr.asset_id()?;
    anchors
        .iter()
        .map(|(shard, amount)| Some((atr, Economy::commons_account(*shard), amount.checked_add(1)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::PalletId;
    use qc_types::{protocol_account_of_shard, COMMONS_ID, SHARDS_MAX, TREASURY_ID};
    use sp_runtime::traits::AccountIdConversion;

    /// What has no runtime computes the accounts of the protocol's pallets by itself: they must be FRAME's.
    #[test]
    fn the_protocols_accounts_are_what_frame_makes_of_their_ids() {
        let frame = |id| -> AccountId { PalletId(id).into_account_truncating() };
        for id in [TREASURY_ID, COMMONS_ID, ASSETS_OWNER_ID] {
            assert_eq!(AccountId::from(protocol_account(id)), frame(id));
        }
        assert_eq!(Economy::treasury_account(), frame(TREASURY_ID));
        for shard in (0..SHARDS_MAX).map(ShardId) {
            let frame: AccountId = PalletId(COMMONS_ID).into_sub_account_truncating(shard);
            assert_eq!(AccountId::from(protocol_account_of_shard(COMMONS_ID, shard)), frame);
            assert_eq!(Economy::commons_account(shard), frame);
        }
    }
}
