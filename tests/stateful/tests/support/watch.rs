//! What must not change: CHR and PSY, of everybody, free and held.

use super::people;
use codec::Encode;
use frame_support::{
    storage::{storage_prefix, unhashed},
    traits::fungibles::{roles::Inspect, Inspect as _},
};
use qc_runtime::{AccountId, Assets, Balance, Runtime};
use qc_types::AssetId;
use sp_io::hashing::blake2_128;

/// Id of CHR.
pub const CHR: AssetId = 1;
/// Id of PSY.
pub const PSY: AssetId = 2;

/// All that there is of a bound token: who holds it, who manages it, and how much there is. As long as everybody's sum is the
/// supply, a stranger could only get what somebody lost.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Holdings {
    supply: Balance,
    of: Vec<(AccountId, Balance)>,
    team: [Option<AccountId>; 4],
}

impl Holdings {
    fn of(id: AssetId, everybody: &[AccountId]) -> Self {
        Self {
            supply: Assets::total_issuance(id),
            of: everybody
                .iter()
                .map(|who| (who.clone(), Assets::total_balance(id, who)))
                .collect(),
            team: [
                Assets::owner(id),
                Assets::issuer(id),
                Assets::admin(id),
                Assets::freezer(id),
            ],
        }
    }
}

/// CHR and PSY of everybody, and that nothing of them is held.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bound {
    everybody: Vec<AccountId>,
    tokens: [Holdings; 2],
}

impl Bound {
    /// What there is now.
    pub fn now() -> Self {
        let mut everybody = people::everybody();
        everybody.extend(sp_keyring::Sr25519Keyring::well_known().map(|key| key.to_account_id()));
        everybody.sort();
        everybody.dedup();
        let bound = Self::of(everybody);
        for tokens in &bound.tokens {
            let known: Balance = tokens.of.iter().map(|(_, balance)| balance).sum();
            assert_eq!(known, tokens.supply, "somebody unknown holds a bound token");
        }
        bound
    }

    fn of(everybody: Vec<AccountId>) -> Self {
        let tokens = [CHR, PSY].map(|id| Holdings::of(id, &everybody));
        Self { everybody, tokens }
    }

    /// Whether CHR is elsewhere than before, or PSY left anybody who may not send it, or either is held.
    pub fn is_moved(&self) -> bool {
        let now = Self::of(self.everybody.clone());
        let [chr, psy] = &self.tokens;
        let [chr_now, psy_now] = &now.tokens;
        let is_psy_in_place = psy.team == psy_now.team
            && psy_now.supply <= psy.supply
            && psy_now.of.iter().map(|(_, balance)| balance).sum::<Balance>() == psy_now.supply
            && psy
                .of
                .iter()
                .zip(&psy_now.of)
                .all(|(before, after)| is_kept_or_given_up(before, after));
        is_bound_held() || chr_now != chr || !is_psy_in_place
    }

    /// Panics, naming the culprit, if it is moved.
    pub fn assert_unmoved(&self, culprit: impl FnOnce() -> String) {
        if self.is_moved() {
            let now = Self::of(self.everybody.clone());
            panic!(
                "CHR or PSY moved or held by {}\nbefore: {self:?}\nafter: {now:?}",
                culprit()
            );
        }
    }
}

/// Whether there is a hold on CHR or PSY of anybody. Nothing places one: what is staked and bonded is ATR.
pub fn is_bound_held() -> bool {
    [CHR, PSY].iter().any(|id| {
        [b"Holds".as_slice(), b"BalancesOnHold".as_slice()].iter().any(|item| {
            let of_asset = id.using_encoded(|bytes| [blake2_128(bytes).as_slice(), bytes].concat());
            unhashed::contains_prefixed_key(&[storage_prefix(b"AssetsHolder", item).as_slice(), &of_asset].concat())
        })
    })
}

/// Whether a balance of PSY may have become what it is: as it was; or less, if its owner is enrolled, who may burn it for a boost
/// and, while coherent, send it; or more, by what such owners sent.
fn is_kept_or_given_up(before: &(AccountId, Balance), after: &(AccountId, Balance)) -> bool {
    let who = &before.0;
    let is_enrolled = pallet_attunement::Candidates::<Runtime>::contains_key(who)
        || pallet_attunement::Participants::<Runtime>::contains_key(who);
    before.0 == after.0 && (before.1 <= after.1 || is_enrolled)
}
