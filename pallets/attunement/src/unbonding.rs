//! What unbonds: a bounded queue for each account.

use crate::{
    types::{Unbonding, Unbondings},
    Config, Error, Event, HoldReason, Pallet, Ticks, UnbondingQueues,
};
use frame_support::ensure;
use qc_types::Balance;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Puts `amount` plancks that are held at the end of the queue. Where the queue is full and `make_room` says so, the last
    /// one waits for this one; otherwise that is an error.
    pub(crate) fn start_unbonding(
        who: &T::AccountId,
        amount: Balance,
        unbonding_epochs: u32,
        make_room: bool,
    ) -> DispatchResult {
        let due = Ticks::<T>::get()
            .checked_add(unbonding_epochs)
            .ok_or(ArithmeticError::Overflow)?;
        UnbondingQueues::<T>::try_mutate(who, |queue| {
            let is_full = queue.is_full();
            match queue.last_mut() {
                Some(last) if last.due == due || (is_full && make_room) => {
                    last.amount = last.amount.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
                    last.due = due;
                }
                _ => queue
                    .try_push(Unbonding { amount, due })
                    .map_err(|_| Error::<T>::TooManyUnbondings)?,
            }
            Ok::<_, DispatchError>(())
        })?;
        Self::deposit_event(Event::UnbondingStarted {
            who: who.clone(),
            amount,
            due,
        });
        Ok(())
    }

    /// Writes a queue, an empty one as nothing.
    pub(crate) fn put_unbondings(who: &T::AccountId, queue: Unbondings) {
        if queue.is_empty() {
            UnbondingQueues::<T>::remove(who);
        } else {
            UnbondingQueues::<T>::insert(who, queue);
        }
    }

    pub(crate) fn do_withdraw(who: T::AccountId) -> DispatchResult {
        let now = Ticks::<T>::get();
        let mut queue = UnbondingQueues::<T>::get(&who);
        let due = queue.iter().filter(|unbonding| unbonding.due <= now);
        let amount = due.map(|unbonding| unbonding.amount).try_fold(0, Balance::checked_add);
        let amount = amount.ok_or(ArithmeticError::Overflow)?;
        ensure!(amount > 0, Error::<T>::NothingUnbonded);

        queue.retain(|unbonding| unbonding.due > now);
        Self::put_unbondings(&who, queue);
        Self::release(HoldReason::Stake, &who, amount)?;
        Self::deposit_event(Event::StakeWithdrawn { who, amount });
        Ok(())
    }
}
