//! Who holds what at genesis: every account gets its endowment, the commons pots and the treasury the rest, so that the
//! constraints of protocol section 12 hold to the planck.

use crate::{AccountId, Balance, Economy, FLX};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::PalletId;
use qc_harmonics::economy::{home_of_hash, over_phi, CHR_ISSUANCE, CHR_OF_FIVE, FLX_ISSUANCE, STAKED_ATR_OF_FIVE};
use qc_types::{AssetId, ShardId, TokenId, PLANCKS_PER_WHOLE};
use sp_runtime::traits::AccountIdConversion;

/// FLX of the treasury, about a tenth of all: it pays for what validators and participants will earn.
const TREASURY_FLX: Balance = 618_033_988 * FLX;

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
    PalletId(*b"qc/asset").into_account_truncating()
}

fn home_shard(who: &AccountId, shards: u8) -> usize {
    usize::from(home_of_hash(&who.using_encoded(sp_io::hashing::blake2_256), shards))
}

/// Shares everything out over the ring of five. `None` if the endowments take more than a shard has.
pub fn allocate(endowed: &[AccountId], endowment: Endowment) -> Option<Allocation> {
    let shards = u8::try_from(CHR_OF_FIVE.len()).ok()?;
    let mut allocation = Allocation {
        balances: vec![],
        chr: vec![],
        assets: vec![],
    };
    let mut left = Vec::new();
    for whole in CHR_OF_FIVE {
        let chr = whole.checked_mul(PLANCKS_PER_WHOLE)?;
        let treasury_part = TREASURY_FLX
            .checked_mul(whole)?
            .checked_div(CHR_ISSUANCE / PLANCKS_PER_WHOLE)?;
        left.push((chr, over_phi(chr)?.checked_sub(treasury_part)?));
    }
    for who in endowed {
        let (chr, flx) = left.get_mut(home_shard(who, shards))?;
        *chr = chr.checked_sub(endowment.chr)?;
        *flx = flx.checked_sub(endowment.flx)?;
        allocation.balances.push((who.clone(), endowment.flx));
        allocation.chr.push((who.clone(), endowment.chr));
        for (token, amount) in endowment.assets {
            allocation.assets.push((token.asset_id()?, who.clone(), amount));
        }
    }
    for (shard, (chr, flx)) in (0..shards).zip(left) {
        let pot = Economy::commons_account(ShardId(shard));
        allocation.chr.push((pot.clone(), chr));
        allocation.balances.push((pot, flx));
    }
    let shared = allocation
        .balances
        .iter()
        .map(|(_, amount)| *amount)
        .try_fold(0u128, u128::checked_add)?;
    allocation
        .balances
        .push((Economy::treasury_account(), FLX_ISSUANCE.checked_sub(shared)?));
    Some(allocation)
}

/// What the commons pots of the ring of five stake beside the validators, by ascending shard, plancks of ATR: so much that every
/// shard stakes what the protocol says. `None` if the validators of a shard stake more than that.
pub fn anchors(stakes: &[(AccountId, Balance)]) -> Option<Vec<(ShardId, Balance)>> {
    let mut left: Vec<_> = STAKED_ATR_OF_FIVE
        .iter()
        .map(|whole| whole.checked_mul(PLANCKS_PER_WHOLE))
        .collect::<Option<_>>()?;
    let shards = u8::try_from(left.len()).ok()?;
    for (who, stake) in stakes {
        let anchor = left.get_mut(home_shard(who, shards))?;
        *anchor = anchor.checked_sub(*stake)?;
    }
    Some((0..shards).map(ShardId).zip(left).collect())
}

/// The ATR that the pots must have for their anchors: a planck more, since an account stays with what it cannot stake.
pub fn anchor_balances(anchors: &[(ShardId, Balance)]) -> Option<Vec<(AssetId, AccountId, Balance)>> {
    let atr = TokenId::Atr.asset_id()?;
    anchors
        .iter()
        .map(|(shard, amount)| Some((atr, Economy::commons_account(*shard), amount.checked_add(1)?)))
        .collect()
}
