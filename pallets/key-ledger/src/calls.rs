//! The bodies of the calls.

use crate::{
    draft::Draft,
    types::{Change, Operation, Protection, MANAGE_KEYS_MIN, OPERATIONS_MIN},
    Authorised, Config, Error, Keys, Owners, Pallet,
};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
    traits::Get,
    BoundedVec,
};
use qc_pqc::KeyId;
use qc_traits::Delegations;
use qc_types::Capabilities;
use sp_runtime::{traits::BlockNumberProvider, ArithmeticError};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_operations(
        owner: T::AccountId,
        operations: impl IntoIterator<Item = Operation>,
    ) -> DispatchResult {
        Self::ensure_may_manage(&owner)?;
        let mut draft = Draft::<T>::open(owner)?;
        for operation in operations {
            draft.operate(operation)?;
        }
        draft.close()
    }

    pub(crate) fn do_commit<Max: Get<u32>>(
        owner: T::AccountId,
        operations: BoundedVec<Operation, Max>,
    ) -> DispatchResult {
        let fewest = usize::try_from(OPERATIONS_MIN).map_err(|_| ArithmeticError::Overflow)?;
        ensure!(operations.len() >= fewest, Error::<T>::TooFewOperations);
        Self::do_operations(owner, operations)
    }

    pub(crate) fn do_require_pqc(owner: T::AccountId) -> DispatchResult {
        Self::managing_key(&owner)?;
        let mut draft = Draft::<T>::open(owner)?;
        ensure!(
            !Self::is_protected(&draft.record.protection),
            Error::<T>::AlreadyProtected
        );
        ensure!(draft.manage_keys() >= MANAGE_KEYS_MIN, Error::<T>::TooFewManageKeys);
        ensure!(!T::Delegations::has_live(&draft.owner), Error::<T>::DelegationsLive);
        draft.protect(Protection::PqcRequired, Change::PqcRequired)?;
        draft.close()
    }

    pub(crate) fn do_leave_pqc(owner: T::AccountId) -> DispatchResult {
        let by = Self::managing_key(&owner)?;
        let mut draft = Draft::<T>::open(owner)?;
        let protection = draft.record.protection;
        ensure!(Self::is_protected(&protection), Error::<T>::NotProtected);
        ensure!(protection == Protection::PqcRequired, Error::<T>::LeavePending);
        // It may have ended within this very transaction.
        draft.active(&by)?;
        let at = T::Clock::current_block_number()
            .checked_add(T::LeaveDelay::get())
            .ok_or(ArithmeticError::Overflow)?;
        draft.protect(Protection::Leaving { at, by }, Change::PqcLeaving { at, by })?;
        draft.close()
    }

    pub(crate) fn do_keep_pqc(owner: T::AccountId) -> DispatchResult {
        Self::ensure_may_manage(&owner)?;
        let mut draft = Draft::<T>::open(owner)?;
        ensure!(Self::is_leaving(&draft.record.protection), Error::<T>::NoLeavePending);
        draft.protect(Protection::PqcRequired, Change::PqcKept)?;
        draft.close()
    }

    /// An account that requires post-quantum keys manages them by such a key alone; any other by whatever signs for it.
    fn ensure_may_manage(owner: &T::AccountId) -> DispatchResult {
        if Self::key_in_use(owner).is_some() || Self::is_pqc_required(owner) {
            Self::managing_key(owner)?;
        }
        Ok(())
    }

    /// The MANAGE key of `owner` that authorised the transaction that is running.
    ///
    /// The runtime has looked at the capability already, by its map of calls; that it is looked at here too makes a hole in
    /// that map harmless to keys.
    fn managing_key(owner: &T::AccountId) -> Result<KeyId, DispatchError> {
        let key = Self::key_in_use(owner).ok_or(Error::<T>::NotAuthorisedByKey)?;
        let record = Keys::<T>::get(key).ok_or(Error::<T>::KeyUnknown)?;
        let may_manage = record.capabilities.contains(Capabilities::MANAGE);
        ensure!(may_manage, Error::<T>::ManageMissing);
        Ok(key)
    }

    /// The key of `owner` that authorised the transaction that is running.
    fn key_in_use(owner: &T::AccountId) -> Option<KeyId> {
        Authorised::<T>::get()
            .filter(|(who, _)| who == owner)
            .map(|(_, key)| key)
    }

    /// Whether the account acts by post-quantum keys only, now.
    pub fn is_pqc_required(who: &T::AccountId) -> bool {
        Owners::<T>::get(who).is_some_and(|record| Self::is_protected(&record.protection))
    }

    /// Whether such a protection is in force now.
    pub(crate) fn is_protected(protection: &Protection) -> bool {
        match protection {
            Protection::Classical => false,
            Protection::PqcRequired => true,
            Protection::Leaving { .. } => Self::is_leaving(protection),
        }
    }

    /// Whether it is in force, and about to end.
    pub(crate) fn is_leaving(protection: &Protection) -> bool {
        matches!(protection, Protection::Leaving { at, .. } if T::Clock::current_block_number() < *at)
    }
}
