//! Post-quantum keys.

use crate::{deposit, AccountId, Balances, Clock, Runtime, RuntimeHoldReason};
use frame_support::traits::{ConstU128, ConstU32};
use qc_traits::Delegations;
use qc_types::TokenId;

/// Seven days of blocks of two seconds: what the owner of a stolen key has to notice that somebody asks for the account to
/// leave its protection.
const LEAVE_BLOCKS: u32 = 7 * 24 * 60 * 30;

/// Who acts for an account without a key of the ledger: its proxies, what it announced as a proxy, and whom it approved to
/// move its assets.
pub struct LiveDelegations;

impl Delegations<AccountId> for LiveDelegations {
    fn has_live(who: &AccountId) -> bool {
        let approves = |id| {
            pallet_assets::Approvals::<Runtime>::iter_key_prefix((id, who.clone()))
                .next()
                .is_some()
        };
        !pallet_proxy::Proxies::<Runtime>::get(who).0.is_empty()
            || !pallet_proxy::Announcements::<Runtime>::get(who).0.is_empty()
            || TokenId::ASSETS.into_iter().filter_map(TokenId::asset_id).any(approves)
    }
}

impl pallet_key_ledger::Config for Runtime {
    type WeightInfo = crate::weights::pallet_key_ledger::WeightInfo<Runtime>;
    type Native = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Clock = Clock;
    type Delegations = LiveDelegations;
    // 2,593 bytes under a key of 64.
    type KeyDeposit = ConstU128<{ deposit(1, 2_657) }>;
    // A record of at most 136 bytes under a key of 64, and its place in the list of its owner.
    type RecordDeposit = ConstU128<{ deposit(1, 232) }>;
    // An entry of one change is at most 250 bytes with its key; each further change is 67 more.
    type EntryDeposit = ConstU128<{ deposit(1, 250) }>;
    type LeaveDelay = ConstU32<LEAVE_BLOCKS>;
}
