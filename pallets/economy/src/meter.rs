//! The meter: FLX per shard, exact and O(1) whichever call moved it (law FLX-1).

use crate::{
    homes::{add, take},
    Config, FlxTotals, Pallet,
};
use core::marker::PhantomData;
use frame_support::traits::StoredMap;
use qc_types::Balance;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

type AccountData = pallet_balances::AccountData<Balance>;

/// The `AccountStore` of `pallet-balances`: `frame_system`'s accounts, with each change of an account's total, free and
/// reserved, written into the total of its home.
pub struct MeteredAccounts<T>(PhantomData<T>);

impl<T: Config> StoredMap<T::AccountId, AccountData> for MeteredAccounts<T> {
    fn get(who: &T::AccountId) -> AccountData {
        frame_system::Pallet::<T>::get(who)
    }

    fn try_mutate_exists<R, E: From<DispatchError>>(
        who: &T::AccountId,
        f: impl FnOnce(&mut Option<AccountData>) -> Result<R, E>,
    ) -> Result<R, E> {
        frame_system::Pallet::<T>::try_mutate_exists(who, |data| {
            let before = total(data)?;
            let result = f(data)?;
            let after = total(data)?;
            meter::<T>(who, before, after)?;
            Ok(result)
        })
    }
}

fn total(data: &Option<AccountData>) -> Result<Balance, DispatchError> {
    match data {
        Some(data) => data
            .free
            .checked_add(data.reserved)
            .ok_or(ArithmeticError::Overflow.into()),
        None => Ok(0),
    }
}

fn meter<T: Config>(who: &T::AccountId, before: Balance, after: Balance) -> DispatchResult {
    if before == after {
        return Ok(());
    }
    let written = FlxTotals::<T>::try_mutate(Pallet::<T>::home(who), |total| match after.checked_sub(before) {
        Some(gain) => add(total, gain),
        None => before.checked_sub(after).ok_or(()).and_then(|loss| take(total, loss)),
    });
    written.map_err(|()| DispatchError::Corruption)
}
