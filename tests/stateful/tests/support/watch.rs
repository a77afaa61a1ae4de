//! What must not change: CHR and PSY, of everybody, free and held.

use super::people;
use frame_support::{
    storage::{storage_prefix, unhashed},
    traits::fungibles::{roles::Inspect, Inspect as _},
};
use qc_runtime::{AccountId, Assets, Balance};
use qc_types::AssetId;

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

/// CHR and PSY of everybody, and that nothing of any asset is held.
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

    /// Whether CHR or PSY is elsewhere than before, or any asset is held.
    pub fn is_moved(&self) -> bool {
        is_any_asset_held() || Self::of(self.everybody.clone()) != *self
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

/// Whether there is a hold on any asset of anybody. Nothing in this version of the runtime places one.
pub fn is_any_asset_held() -> bool {
    [b"Holds".as_slice(), b"BalancesOnHold".as_slice()]
        .iter()
        .any(|item| unhashed::contains_prefixed_key(&storage_prefix(b"AssetsHolder", item)))
}
