//! The meter: FLX per shard, exact and O(1) whichever call moved it (law FLX-1); and the gate that keeps debits from accounts
//! that require post-quantum keys, which every debit of FLX passes for the same reason.

use crate::{
    guard,
    homes::{add, take},
    Config, Error, FlxTotals, Pallet,
};
use core::marker::PhantomData;
use frame_support::traits::StoredMap;
use qc_traits::DebitGate;
use qc_types::Balance;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

type AccountData = pallet_balances::AccountData<Balance>;

/// The `AccountStore` of `pallet-balances`: `frame_system`'s accounts, with each change of an account's total, free and
/// reserved, written into the total of its home, and no debit of an account whose debits are barred (`DebitGate`).
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
            let before = Parts::of(data)?;
            let result = f(data)?;
            let after = Parts::of(data)?;
            let is_plain = is_plain(before, after);
            if after.free < before.free && !is_plain && !may_debit::<T>(who) {
                return Err(DispatchError::from(Error::<T>::PqcRequired).into());
            }
            meter::<T>(who, is_plain, before.total, after.total)?;
            Ok(result)
        })
    }
}

/// What an account has, before or after a change.
#[derive(Clone, Copy)]
struct Parts {
    /// What it may use. The gate looks at this alone: what becomes reserved or held leaves it too, so nothing is put aside for
    /// others to claim; and what was put aside before is the business of the pallet that holds it, which lets go of it in two
    /// steps (`fungible`'s `release` takes it from the held part first, and only then adds it here).
    free: Balance,
    /// What is put aside.
    reserved: Balance,
    /// Both.
    total: Balance,
}

impl Parts {
    fn of(data: &Option<AccountData>) -> Result<Self, DispatchError> {
        let (free, reserved) = data.as_ref().map_or((0, 0), |data| (data.free, data.reserved));
        let total = free.checked_add(reserved).ok_or(ArithmeticError::Overflow)?;
        Ok(Self { free, reserved, total })
    }
}

/// Whether nothing of the account is put aside. Such an account is at home where its hash says, for a record of another home
/// holds [`Config::HomeDeposit`]; and its debits are not barred, as [`DebitGate`] promises. Most accounts are plain, and for
/// them two items of storage need not be looked for that are not there. Weights are measured as if none were.
fn is_plain(before: Parts, after: Parts) -> bool {
    before.reserved == 0 && after.reserved == 0 && !cfg!(feature = "runtime-benchmarks")
}

/// Whether something may leave the account now, or be reserved on it.
pub(crate) fn may_debit<T: Config>(who: &T::AccountId) -> bool {
    guard::is_open() || T::Debits::may_debit(who)
}

fn meter<T: Config>(who: &T::AccountId, is_plain: bool, before: Balance, after: Balance) -> DispatchResult {
    if before == after {
        return Ok(());
    }
    let home = if is_plain {
        Pallet::<T>::home_without_record(who)
    } else {
        Pallet::<T>::home(who)
    };
    let written = FlxTotals::<T>::try_mutate(home, |total| match after.checked_sub(before) {
        Some(gain) => add(total, gain),
        None => before.checked_sub(after).ok_or(()).and_then(|loss| take(total, loss)),
    });
    written.map_err(|()| DispatchError::Corruption)
}
