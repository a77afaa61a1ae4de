//! Home shards and protocol accounts.

use crate::{
    types::{HomeTotals, PendingMoveRecord},
    ChrTotals, Config, Error, Event, FlxTotals, HoldReason, HomeShards, MoveQueues, Pallet, PendingMoves, ShardCount,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    storage::with_storage_layer,
    traits::{fungible::MutateHold, fungibles::Inspect, tokens::Precision, Get},
    PalletId,
};
use qc_harmonics::economy::home_of_hash;
use qc_traits::{EpochInspect, HaltGate};
use qc_types::{Balance, Home, Scope, ShardId};
use sp_runtime::{traits::AccountIdConversion, ArithmeticError, DispatchError, TypeId};

/// How many epochs lie between the one in which a move of home is asked for and the one at whose end it takes effect.
const MOVE_EPOCHS: u32 = 2;

/// What the bytes of a protocol account begin with: the type id of [`PalletId`], then the id itself.
const PALLET_ACCOUNT_PREFIX: [u8; 4] = <PalletId as TypeId>::TYPE_ID;

impl<T: Config> Pallet<T> {
    /// The treasury: the sink of fees, tips, dust, slashes and lost deposits. Keyless, in no shard.
    pub fn treasury_account() -> T::AccountId {
        T::TreasuryId::get().into_account_truncating()
    }

    /// The commons pot of a shard, for CHR and FLX alike. Keyless, at home in its shard.
    pub fn commons_account(shard: ShardId) -> T::AccountId {
        T::CommonsId::get().into_sub_account_truncating(shard)
    }

    /// Every shard by ascending number.
    pub fn shards() -> impl Iterator<Item = ShardId> {
        (0..ShardCount::<T>::get()).map(ShardId)
    }

    /// Where what an account holds is counted: the ground for the treasury, its own shard for a commons pot, the recorded
    /// shard where the account set one, otherwise `blake2_256(account)` as a big-endian number modulo N.
    pub fn home(who: &T::AccountId) -> Home {
        if let Some(home) = Self::protocol_home(who) {
            return home;
        }
        match HomeShards::<T>::get(who) {
            Some(shard) => Home::Shard(shard),
            None => Home::Shard(Self::home_by_hash(who)),
        }
    }

    /// As [`Self::home`], of an account that has no record of another home.
    pub(crate) fn home_without_record(who: &T::AccountId) -> Home {
        Self::protocol_home(who).unwrap_or_else(|| Home::Shard(Self::home_by_hash(who)))
    }

    /// The home that an account has unless it moved.
    pub(crate) fn home_by_hash(who: &T::AccountId) -> ShardId {
        let hash = who.using_encoded(sp_io::hashing::blake2_256);
        ShardId(home_of_hash(&hash, ShardCount::<T>::get()))
    }

    /// The home of a protocol account; `None` if it is not one. Cheap for everyone else: the first bytes tell.
    fn protocol_home(who: &T::AccountId) -> Option<Home> {
        if !who.using_encoded(|bytes| bytes.starts_with(&PALLET_ACCOUNT_PREFIX)) {
            return None;
        }
        if *who == Self::treasury_account() {
            return Some(Home::Ground);
        }
        Self::shards()
            .find(|shard| *who == Self::commons_account(*shard))
            .map(Home::Shard)
    }

    /// FLX and CHR of every shard by ascending number, then of the ground.
    pub fn shard_totals() -> Vec<HomeTotals> {
        let of_shard = |shard| HomeTotals {
            home: Home::Shard(shard),
            flx: FlxTotals::<T>::get(Home::Shard(shard)),
            chr: ChrTotals::<T>::get(shard),
        };
        let ground = HomeTotals {
            home: Home::Ground,
            flx: FlxTotals::<T>::get(Home::Ground),
            chr: 0,
        };
        Self::shards().map(of_shard).chain([ground]).collect()
    }

    pub(crate) fn do_request_home_move(who: T::AccountId, to: ShardId) -> DispatchResult {
        ensure!(Self::protocol_home(&who).is_none(), Error::<T>::ProtocolAccount);
        ensure!(to.0 < ShardCount::<T>::get(), Error::<T>::ShardUnknown);
        ensure!(Self::home(&who) != Home::Shard(to), Error::<T>::AlreadyHome);
        ensure!(!PendingMoves::<T>::contains_key(&who), Error::<T>::MovePending);
        ensure!(!T::Halt::is_halted(&Scope::Account(who.clone())), Error::<T>::Halted);
        let effective = T::Epochs::current_epoch()
            .checked_add(MOVE_EPOCHS)
            .ok_or(ArithmeticError::Overflow)?;

        MoveQueues::<T>::try_mutate(effective, |queue| queue.try_push(who.clone()))
            .map_err(|_| Error::<T>::MoveQueueFull)?;
        if !HomeShards::<T>::contains_key(&who) {
            T::Native::hold(&HoldReason::Home.into(), &who, T::HomeDeposit::get())?;
        }
        PendingMoves::<T>::insert(&who, PendingMoveRecord { to, effective });
        Self::deposit_event(Event::HomeMoveRequested { who, to, effective });
        Ok(())
    }

    pub(crate) fn do_cancel_home_move(who: T::AccountId) -> DispatchResult {
        let pending = PendingMoves::<T>::take(&who).ok_or(Error::<T>::NoMovePending)?;
        MoveQueues::<T>::mutate_exists(pending.effective, |maybe_queue| {
            if let Some(queue) = maybe_queue {
                queue.retain(|queued| *queued != who);
                if queue.is_empty() {
                    *maybe_queue = None;
                }
            }
        });
        Self::release_unneeded_deposit(&who)?;
        Self::deposit_event(Event::HomeMoveCancelled { who });
        Ok(())
    }

    /// Carries out a move that is due, or drops it with its reason. Never leaves half a move.
    pub(crate) fn settle_home_move(who: T::AccountId) {
        let Some(pending) = PendingMoves::<T>::take(&who) else {
            return;
        };
        match with_storage_layer(|| Self::move_home(&who, pending.to)) {
            Ok(from) => Self::deposit_event(Event::HomeMoved {
                who,
                from,
                to: pending.to,
            }),
            Err(reason) => {
                if let Err(error) = Self::release_unneeded_deposit(&who) {
                    log::error!(target: "runtime::economy", "the deposit of a dropped move stays held: {error:?}");
                }
                Self::deposit_event(Event::HomeMoveDropped { who, reason });
            }
        }
    }

    fn move_home(who: &T::AccountId, to: ShardId) -> Result<ShardId, DispatchError> {
        ensure!(!T::Halt::is_halted(&Scope::Account(who.clone())), Error::<T>::Halted);
        let Home::Shard(from) = Self::home(who) else {
            return Err(Error::<T>::ProtocolAccount.into());
        };
        let data = frame_system::Pallet::<T>::account(who).data;
        let flx = data
            .free
            .checked_add(data.reserved)
            .ok_or(Error::<T>::TotalOutOfRange)?;
        let chr = T::Assets::total_balance(Self::CHR_ID, who);

        Self::shift_flx(Home::Shard(from), Home::Shard(to), flx)?;
        ChrTotals::<T>::try_mutate(from, |total| take(total, chr)).map_err(|()| Error::<T>::TotalOutOfRange)?;
        ChrTotals::<T>::try_mutate(to, |total| add(total, chr)).map_err(|()| Error::<T>::TotalOutOfRange)?;
        if to == Self::home_by_hash(who) {
            HomeShards::<T>::remove(who);
        } else {
            HomeShards::<T>::insert(who, to);
        }
        Self::release_unneeded_deposit(who)?;
        Ok(from)
    }

    fn shift_flx(from: Home, to: Home, amount: Balance) -> DispatchResult {
        FlxTotals::<T>::try_mutate(from, |total| take(total, amount)).map_err(|()| Error::<T>::TotalOutOfRange)?;
        FlxTotals::<T>::try_mutate(to, |total| add(total, amount)).map_err(|()| Error::<T>::TotalOutOfRange)?;
        Ok(())
    }

    /// Gives the deposit back when neither a record nor a move is left to pay for.
    fn release_unneeded_deposit(who: &T::AccountId) -> DispatchResult {
        if HomeShards::<T>::contains_key(who) || PendingMoves::<T>::contains_key(who) {
            return Ok(());
        }
        T::Native::release(
            &HoldReason::Home.into(),
            who,
            T::HomeDeposit::get(),
            Precision::BestEffort,
        )
        .map(|_| ())
    }
}

/// Adds to a total, or fails and leaves it as it was.
pub(crate) fn add(total: &mut Balance, amount: Balance) -> Result<(), ()> {
    *total = sum(*total, amount).ok_or(())?;
    Ok(())
}

/// Takes from a total, or fails and leaves it as it was.
pub(crate) fn take(total: &mut Balance, amount: Balance) -> Result<(), ()> {
    *total = difference(*total, amount).ok_or(())?;
    Ok(())
}

#[cfg(not(feature = "runtime-benchmarks"))]
fn sum(total: Balance, amount: Balance) -> Option<Balance> {
    total.checked_add(amount)
}

#[cfg(not(feature = "runtime-benchmarks"))]
fn difference(total: Balance, amount: Balance) -> Option<Balance> {
    total.checked_sub(amount)
}

// The SDK's benchmarks give several accounts half of the largest balance there is, or all of it: more than any total takes.
// What they measure costs the same with totals that wrap.
#[cfg(feature = "runtime-benchmarks")]
fn sum(total: Balance, amount: Balance) -> Option<Balance> {
    Some(total.wrapping_add(amount))
}

#[cfg(feature = "runtime-benchmarks")]
fn difference(total: Balance, amount: Balance) -> Option<Balance> {
    Some(total.wrapping_sub(amount))
}
