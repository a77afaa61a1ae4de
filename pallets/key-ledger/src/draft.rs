//! What one call does to one account's keys, from the first look to the entry that seals it.

use crate::{
    types::{BlockNumber, Change, Changes, Entry, KeyRecord, KeyStatus, Operation, OwnerRecord, Protection},
    Config, Entries, Error, Event, Head, HoldReason, Keys, Owners, Pallet, PublicKeys,
};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
    traits::{fungible::MutateHold, tokens::Precision::BestEffort, Get},
};
use qc_pqc::{KeyId, PublicKey, Purpose, Signature};
use qc_traits::{possession_payload, rotation_payload};
use qc_types::{Balance, Capabilities};
use sp_runtime::ArithmeticError;

/// What is held for what, plancks.
#[derive(Clone, Copy, Default)]
struct Prices {
    key: Balance,
    record: Balance,
    entry: Balance,
}

/// An account's part of the ledger while a call is at work on it. Keys are written as it goes, the account's own record, the
/// deposits and the entry at the end; a call that fails in between is rolled back by FRAME.
pub(crate) struct Draft<T: Config> {
    /// The account.
    pub owner: T::AccountId,
    /// What the ledger will keep of it.
    pub record: OwnerRecord,
    block: BlockNumber,
    prices: Prices,
    changes: Changes,
    records_made: u32,
    manage_lost: bool,
    /// What becomes free, and what is to be held until a key ends; plancks.
    freed: Balance,
    owed: Balance,
}

impl<T: Config> Draft<T> {
    /// Begins a draft of what `owner` has.
    pub fn open(owner: T::AccountId) -> Result<Self, DispatchError> {
        let mut draft = Self::open_free(owner)?;
        draft.prices = Prices {
            key: T::KeyDeposit::get(),
            record: T::RecordDeposit::get(),
            entry: T::EntryDeposit::get(),
        };
        Ok(draft)
    }

    /// As `open`, without deposits: for the genesis.
    pub fn open_free(owner: T::AccountId) -> Result<Self, DispatchError> {
        let block = frame_system::Pallet::<T>::block_number();
        Ok(Self {
            record: Owners::<T>::get(&owner).unwrap_or_default(),
            owner,
            block: block.try_into().map_err(|_| ArithmeticError::Overflow)?,
            prices: Prices::default(),
            changes: Changes::new(),
            records_made: 0,
            manage_lost: false,
            freed: 0,
            owed: 0,
        })
    }

    /// Carries out an operation and counts it.
    pub fn operate(&mut self, operation: Operation) -> DispatchResult {
        let change = match operation {
            Operation::Register {
                public_key,
                capabilities,
                proof,
            } => self.register(public_key, capabilities, &proof),
            Operation::Rotate {
                from,
                public_key,
                by_old,
                by_new,
            } => self.rotate(from, public_key, &by_old, &by_new),
            Operation::SetCapabilities { key, capabilities } => self.set_capabilities(key, capabilities),
            Operation::Revoke { key } => self.revoke(key),
        }?;
        self.count_operation()?;
        self.note(change)
    }

    fn register(
        &mut self,
        public_key: PublicKey,
        capabilities: Capabilities,
        proof: &Signature,
    ) -> Result<Change, DispatchError> {
        let key = self.ensure_enterable(&public_key)?;
        let payload = possession_payload(&self.owner, self.record.nonce, &public_key, capabilities);
        ensure!(
            Pallet::<T>::is_signed(&public_key, Purpose::Possession, &payload, proof),
            Error::<T>::PossessionUnproven
        );
        self.enter_last(key, public_key, capabilities)
    }

    /// Registers a key as far as possible without its signature: for the genesis, and for what remains to be done once the
    /// signature is found good.
    pub fn register_unproved(&mut self, public_key: PublicKey, capabilities: Capabilities) -> DispatchResult {
        let key = self.ensure_enterable(&public_key)?;
        let change = self.enter_last(key, public_key, capabilities)?;
        self.count_operation()?;
        self.note(change)
    }

    fn ensure_enterable(&self, public_key: &PublicKey) -> Result<KeyId, DispatchError> {
        let key = KeyId::of(public_key);
        ensure!(!Keys::<T>::contains_key(key), Error::<T>::KeyExists);
        ensure!(!self.record.keys.is_full(), Error::<T>::TooManyKeys);
        Ok(key)
    }

    fn enter_last(
        &mut self,
        key: KeyId,
        public_key: PublicKey,
        capabilities: Capabilities,
    ) -> Result<Change, DispatchError> {
        let scheme = public_key.scheme();
        self.record.keys.try_push(key).map_err(|_| Error::<T>::TooManyKeys)?;
        self.enter(key, public_key, capabilities)?;
        Ok(Change::Registered {
            key,
            scheme,
            capabilities,
        })
    }

    fn rotate(
        &mut self,
        from: KeyId,
        public_key: PublicKey,
        by_old: &Signature,
        by_new: &Signature,
    ) -> Result<Change, DispatchError> {
        let old = self.active(&from)?;
        let to = KeyId::of(&public_key);
        ensure!(!Keys::<T>::contains_key(to), Error::<T>::KeyExists);
        let old_public = PublicKeys::<T>::get(from).ok_or(Error::<T>::KeyUnknown)?;
        let capabilities = old.capabilities;
        let payload = rotation_payload(&self.owner, self.record.nonce, &from, &public_key, capabilities);
        ensure!(
            Pallet::<T>::is_signed(&old_public, Purpose::Rotation, &payload, by_old),
            Error::<T>::RotationUnsignedByOld
        );
        ensure!(
            Pallet::<T>::is_signed(&public_key, Purpose::Rotation, &payload, by_new),
            Error::<T>::RotationUnsignedByNew
        );

        let scheme = public_key.scheme();
        self.enter(to, public_key, capabilities)?;
        self.end(from, old, KeyStatus::RotatedOut { to })?;
        for key in self.record.keys.iter_mut().filter(|key| **key == from) {
            *key = to;
        }
        Ok(Change::Rotated { from, to, scheme })
    }

    fn set_capabilities(&mut self, key: KeyId, capabilities: Capabilities) -> Result<Change, DispatchError> {
        let mut record = self.active(&key)?;
        ensure!(record.capabilities != capabilities, Error::<T>::CapabilitiesUnchanged);
        self.note_lost(record.capabilities.without(capabilities));
        record.capabilities = capabilities;
        Keys::<T>::insert(key, record);
        Ok(Change::CapabilitiesSet { key, capabilities })
    }

    fn revoke(&mut self, key: KeyId) -> Result<Change, DispatchError> {
        let record = self.active(&key)?;
        self.note_lost(record.capabilities);
        self.end(key, record, KeyStatus::Revoked)?;
        self.record.keys.retain(|one| *one != key);
        Ok(Change::Revoked { key })
    }

    /// An active key of the account.
    pub fn active(&self, key: &KeyId) -> Result<KeyRecord<T::AccountId>, DispatchError> {
        let record = Keys::<T>::get(key).ok_or(Error::<T>::KeyUnknown)?;
        ensure!(record.owner == self.owner, Error::<T>::KeyForeign);
        ensure!(record.status == KeyStatus::Active, Error::<T>::KeyEnded);
        Ok(record)
    }

    /// Whether its entry has no room for another change.
    #[cfg(feature = "runtime-benchmarks")]
    pub fn is_full(&self) -> bool {
        self.changes.is_full()
    }

    /// How many active keys of the account may MANAGE.
    pub fn manage_keys(&self) -> usize {
        let may_manage = |key: &&KeyId| {
            Keys::<T>::get(*key).is_some_and(|record| record.capabilities.contains(Capabilities::MANAGE))
        };
        self.record.keys.iter().filter(may_manage).count()
    }

    /// Changes how the account is protected.
    pub fn protect(&mut self, protection: Protection, change: Change) -> DispatchResult {
        self.record.protection = protection;
        self.note(change)
    }

    /// Writes the key down.
    fn enter(&mut self, key: KeyId, public_key: PublicKey, capabilities: Capabilities) -> DispatchResult {
        let deposit = self.prices.key;
        self.owed = add(self.owed, deposit)?;
        self.records_made = self.records_made.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let record = KeyRecord {
            owner: self.owner.clone(),
            scheme: public_key.scheme(),
            capabilities,
            status: KeyStatus::Active,
            since: self.block,
            ended: None,
            uses: 0,
            last_used: None,
            deposit,
        };
        Keys::<T>::insert(key, record);
        PublicKeys::<T>::insert(key, public_key);
        Ok(())
    }

    /// Writes down that a key is active no longer.
    fn end(&mut self, key: KeyId, record: KeyRecord<T::AccountId>, status: KeyStatus) -> DispatchResult {
        self.freed = add(self.freed, record.deposit)?;
        let ended = KeyRecord {
            status,
            ended: Some(self.block),
            deposit: 0,
            ..record
        };
        Keys::<T>::insert(key, ended);
        PublicKeys::<T>::remove(key);
        Ok(())
    }

    fn note_lost(&mut self, capabilities: Capabilities) {
        self.manage_lost |= capabilities.contains(Capabilities::MANAGE);
    }

    fn count_operation(&mut self) -> DispatchResult {
        self.record.nonce = self.record.nonce.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        Ok(())
    }

    fn note(&mut self, change: Change) -> DispatchResult {
        // Never full: `CHANGES_MAX` is one more than the operations of a commit.
        self.changes.try_push(change).map_err(|_| DispatchError::Exhausted)
    }

    /// Ends the draft: calls off what must not stay pending, looks that the account is not locked out, settles deposits and
    /// appends the entry.
    pub fn close(mut self) -> DispatchResult {
        self.call_off_orphaned_leave()?;
        let may_lock_out = self.manage_lost && Pallet::<T>::is_protected(&self.record.protection);
        ensure!(!may_lock_out || self.manage_keys() > 0, Error::<T>::LastManageKey);
        self.settle()?;
        Owners::<T>::insert(&self.owner, &self.record);
        self.changes
            .iter()
            .for_each(|change| Pallet::<T>::deposit_event(Self::event(&self.owner, *change)));
        Pallet::<T>::append(self.block, self.owner, self.changes)
    }

    /// KEY-2: what a key had pending is rolled back when the key may no longer ask for it.
    fn call_off_orphaned_leave(&mut self) -> DispatchResult {
        let Protection::Leaving { by, .. } = self.record.protection else {
            return Ok(());
        };
        let stands = self
            .active(&by)
            .is_ok_and(|record| record.capabilities.contains(Capabilities::MANAGE));
        if stands || !Pallet::<T>::is_leaving(&self.record.protection) {
            return Ok(());
        }
        self.protect(Protection::PqcRequired, Change::PqcKept)
    }

    /// Holds or frees the difference, so that ending a key never fails for want of what ending it frees.
    fn settle(&mut self) -> DispatchResult {
        let changes = Balance::try_from(self.changes.len()).map_err(|_| ArithmeticError::Overflow)?;
        let of_changes = self
            .prices
            .entry
            .checked_mul(changes)
            .ok_or(ArithmeticError::Overflow)?;
        let of_records = self
            .prices
            .record
            .checked_mul(self.records_made.into())
            .ok_or(ArithmeticError::Overflow)?;
        let for_ever = add(of_changes, of_records)?;
        self.record.deposit = add(self.record.deposit, for_ever)?;
        let owed = add(self.owed, for_ever)?;
        let reason = HoldReason::KeyLedger.into();
        match owed.checked_sub(self.freed) {
            Some(0) => Ok(()),
            Some(more) => T::Native::hold(&reason, &self.owner, more),
            None => {
                let less = self.freed.checked_sub(owed).ok_or(ArithmeticError::Underflow)?;
                T::Native::release(&reason, &self.owner, less, BestEffort).map(|_| ())
            }
        }
    }

    fn event(owner: &T::AccountId, change: Change) -> Event<T> {
        let owner = owner.clone();
        match change {
            Change::Registered { key, capabilities, .. } => Event::KeyRegistered {
                owner,
                key,
                capabilities,
            },
            Change::Rotated { from, to, .. } => Event::KeyRotated { owner, from, to },
            Change::CapabilitiesSet { key, capabilities } => Event::CapabilitiesSet {
                owner,
                key,
                capabilities,
            },
            Change::Revoked { key } => Event::KeyRevoked { owner, key },
            Change::PqcRequired => Event::PqcRequired { owner },
            Change::PqcLeaving { at, by } => Event::PqcLeaveRequested { owner, at, by },
            Change::PqcKept => Event::PqcLeaveCalledOff { owner },
        }
    }
}

fn add(one: Balance, other: Balance) -> Result<Balance, ArithmeticError> {
    one.checked_add(other).ok_or(ArithmeticError::Overflow)
}

impl<T: Config> Pallet<T> {
    /// Adds a link to the chain (law KEY-1).
    fn append(block: BlockNumber, owner: T::AccountId, changes: Changes) -> DispatchResult {
        let entry = Entry::following(Head::<T>::get(), block, owner, changes);
        let (index, hash) = (entry.index, entry.hash);
        Head::<T>::put(entry.head().ok_or(ArithmeticError::Overflow)?);
        Entries::<T>::insert(index, entry);
        Self::deposit_event(Event::EntryAppended { index, hash });
        Ok(())
    }
}
