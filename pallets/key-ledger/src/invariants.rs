//! One function per law. They serve `try_state`, the tests and the genesis.

use crate::{
    replay::{Fault, LedgerState, ReplayedKey},
    types::{KeyStatus, Protection},
    Authorised, Config, Entries, Head, HoldReason, Keys, Owners, Pallet, PublicKeys,
};
use alloc::collections::BTreeMap;
use frame_support::traits::fungible::InspectHold;
use qc_pqc::KeyId;
use qc_types::{Balance, Capabilities};

/// A law of this pallet that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LawBreach {
    law: &'static str,
    fault: Option<Fault>,
}

impl LawBreach {
    /// Which law, and what about it.
    pub const fn law(&self) -> &'static str {
        self.law
    }

    /// What an entry says that cannot be, where it is an entry that breaks the law.
    pub const fn fault(&self) -> Option<Fault> {
        self.fault
    }
}

fn ensure(holds: bool, law: &'static str) -> Result<(), LawBreach> {
    if holds {
        Ok(())
    } else {
        Err(LawBreach { law, fault: None })
    }
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet, between two transactions. Iterates over all keys and all entries.
    pub fn check_laws() -> Result<(), LawBreach> {
        let replayed = Self::check_chain()?;
        Self::check_keys(&replayed)?;
        Self::check_owners(&replayed)?;
        Self::check_active_keys()?;
        Self::check_protection()?;
        Self::check_deposits()?;
        ensure(
            !Authorised::<T>::exists(),
            "KEY-2: nobody is authorised between two transactions",
        )
    }

    /// KEY-1: the entries are 0, 1, 2, … to the head, each holds, and the last one's hash is the head.
    fn check_chain() -> Result<LedgerState<T::AccountId>, LawBreach> {
        const MISSING: &str = "KEY-1: an entry for every index below the head, and no other";
        let head = Head::<T>::get();
        let mut state = LedgerState::default();
        for index in 0..head.count {
            let entry = Entries::<T>::get(index).ok_or(LawBreach {
                law: MISSING,
                fault: None,
            })?;
            state.apply(&entry).map_err(|fault| LawBreach {
                law: "KEY-1: every entry holds",
                fault: Some(fault),
            })?;
        }
        let stored = u64::try_from(Entries::<T>::iter_keys().count());
        ensure(stored == Ok(head.count), MISSING)?;
        ensure(state.head == head, "KEY-1: the head is the last entry's hash")?;
        Ok(state)
    }

    /// KEY-1: the record of every key is what its changes come to.
    fn check_keys(replayed: &LedgerState<T::AccountId>) -> Result<(), LawBreach> {
        const LAW: &str = "KEY-1: every key is as its changes say";
        let mut count = 0usize;
        for (id, record) in Keys::<T>::iter() {
            let key = ReplayedKey {
                owner: record.owner,
                scheme: record.scheme,
                capabilities: record.capabilities,
                status: record.status,
                since: record.since,
                ended: record.ended,
            };
            ensure(replayed.keys.get(&id) == Some(&key), LAW)?;
            count = count.checked_add(1).ok_or(LawBreach { law: LAW, fault: None })?;
        }
        ensure(count == replayed.keys.len(), LAW)
    }

    /// KEY-1: nonce, active keys and protection of every account are what its changes come to.
    fn check_owners(replayed: &LedgerState<T::AccountId>) -> Result<(), LawBreach> {
        const LAW: &str = "KEY-1: every account is as its changes say";
        let mut count = 0usize;
        for (who, record) in Owners::<T>::iter() {
            let owner = replayed.owners.get(&who).ok_or(LawBreach { law: LAW, fault: None })?;
            let same = owner.nonce == record.nonce
                && owner.keys == record.keys.to_vec()
                && owner.protection == record.protection;
            ensure(same, LAW)?;
            count = count.checked_add(1).ok_or(LawBreach { law: LAW, fault: None })?;
        }
        ensure(count == replayed.owners.len(), LAW)
    }

    /// KEY-2: a public key can be looked up, and an account lists a key, exactly while the key is active.
    fn check_active_keys() -> Result<(), LawBreach> {
        let active = || Keys::<T>::iter().filter(|(_, record)| record.status == KeyStatus::Active);
        for (id, record) in active() {
            let public_key = PublicKeys::<T>::get(id);
            ensure(
                public_key.is_some_and(|key| KeyId::of(&key) == id && key.scheme() == record.scheme),
                "KEY-2: the public key of an active key is the one of its id",
            )?;
            let listed =
                Owners::<T>::get(&record.owner).map(|owner| owner.keys.iter().filter(|key| **key == id).count());
            ensure(listed == Some(1), "KEY-2: an active key is listed once, by its owner")?;
        }
        let count = active().count();
        ensure(
            PublicKeys::<T>::iter_keys().count() == count,
            "KEY-2: no public key of a key that is not active",
        )?;
        let listed: usize = Owners::<T>::iter_values().map(|owner| owner.keys.len()).sum();
        ensure(listed == count, "KEY-2: no account lists a key that is not active")
    }

    /// KEY-2: a pending leave was asked for by a key that may still ask. And no protected account is locked out.
    fn check_protection() -> Result<(), LawBreach> {
        for (who, owner) in Owners::<T>::iter() {
            if !Self::is_protected(&owner.protection) {
                continue;
            }
            ensure(
                owner.deposit > 0,
                "a protected account holds a deposit: `DebitGate` promises that it holds something",
            )?;
            let may_manage = |id: &KeyId| {
                Keys::<T>::get(id).is_some_and(|record| {
                    record.owner == who
                        && record.status == KeyStatus::Active
                        && record.capabilities.contains(Capabilities::MANAGE)
                })
            };
            ensure(
                owner.keys.iter().any(may_manage),
                "KEY-2: a protected account has an active MANAGE key",
            )?;
            if let Protection::Leaving { by, .. } = owner.protection {
                ensure(
                    may_manage(&by),
                    "KEY-2: a pending leave was asked for by an active MANAGE key",
                )?;
            }
        }
        Ok(())
    }

    /// What an account has held is what its active keys, its records and its entries hold.
    fn check_deposits() -> Result<(), LawBreach> {
        const LAW: &str = "deposits add up";
        let broken = LawBreach { law: LAW, fault: None };
        let mut due = BTreeMap::<T::AccountId, Balance>::new();
        for (who, owner) in Owners::<T>::iter() {
            due.insert(who, owner.deposit);
        }
        for record in Keys::<T>::iter_values() {
            let active = record.status == KeyStatus::Active;
            ensure(active || record.deposit == 0, "a key that ended has no deposit")?;
            let sum = due.get_mut(&record.owner).ok_or(broken)?;
            *sum = sum.checked_add(record.deposit).ok_or(broken)?;
        }
        for (who, due) in due {
            let held = T::Native::balance_on_hold(&HoldReason::KeyLedger.into(), &who);
            ensure(held == due, LAW)?;
        }
        Ok(())
    }
}
