//! ATR that is at stake: held, let go, slashed. Law ATR-1.

use crate::{
    types::{CandidateRecord, PausedSlash, SlashCause, Unbonding},
    Candidates, Config, Event, HoldReason, Pallet, PausedSlashes, SlashedTotal, Symbols, UnbondingQueues,
};
use frame_support::{
    storage::with_storage_layer,
    traits::{
        fungibles::hold::Mutate,
        tokens::{Fortitude, Precision},
    },
};
use qc_harmonics::attunement::slash_ceil;
use qc_math::MathError;
use qc_traits::{HaltGate, ProtocolGuard};
use qc_types::{AssetId, Balance, TokenId};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// A computation that is out of range, as a call's error.
pub(crate) fn out_of_range(_: MathError) -> DispatchError {
    ArithmeticError::Overflow.into()
}

impl<T: Config> Pallet<T> {
    /// The `pallet-assets` id of ATR.
    pub(crate) const ATR_ID: AssetId = match TokenId::Atr.asset_id() {
        Some(id) => id,
        None => 0,
    };

    pub(crate) fn hold(reason: HoldReason, who: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Assets::hold(Self::ATR_ID, &reason.into(), who, amount)
    }

    pub(crate) fn release(reason: HoldReason, who: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Assets::release(Self::ATR_ID, &reason.into(), who, amount, Precision::Exact).map(|_| ())
    }

    /// Burns `fraction` (units of 10⁻¹⁸) of all ATR that `who` has at stake, what unbonds included, rounded up; waits for the
    /// end of a halt of the chain. Never half of it: what fails is logged and leaves everything as it was.
    pub(crate) fn slash(who: &T::AccountId, fraction: u128, cause: SlashCause) {
        if T::Halt::is_chain_halted() {
            let paused = PausedSlash {
                who: who.clone(),
                fraction,
                cause,
            };
            if PausedSlashes::<T>::try_append(paused).is_err() {
                log::error!(target: "runtime::attunement", "no room for a slash that waits: {who:?} {cause:?}");
            }
            return;
        }
        match with_storage_layer(|| Self::burn_stake(who, fraction)) {
            Ok(0) => {}
            Ok(amount) => Self::deposit_event(Event::StakeSlashed {
                who: who.clone(),
                amount,
                cause,
            }),
            Err(error) => {
                log::error!(target: "runtime::attunement", "the slash of {who:?} for {cause:?} failed: {error:?}")
            }
        }
    }

    /// Carries out the slashes that waited, and says how many.
    pub(crate) fn execute_paused_slashes() -> u32 {
        let waiting = PausedSlashes::<T>::take();
        let count = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        for paused in waiting {
            Self::slash(&paused.who, paused.fraction, paused.cause);
        }
        count
    }

    /// The stake goes first, then what unbonds, the youngest first: it was at stake longest into the misconduct.
    fn burn_stake(who: &T::AccountId, fraction: u128) -> Result<Balance, DispatchError> {
        let mut candidate = Candidates::<T>::get(who);
        let mut queue = UnbondingQueues::<T>::get(who);
        let staked = candidate.as_ref().map_or(0, |record| record.stake);
        let total = unbonding_total(&queue).and_then(|unbonding| staked.checked_add(unbonding));
        let total = total.ok_or(ArithmeticError::Overflow)?;
        let amount = slash_ceil(total, fraction).map_err(out_of_range)?;

        let mut rest = amount;
        if let Some(record) = candidate.as_mut() {
            take(&mut record.stake, &mut rest);
        }
        for unbonding in queue.iter_mut().rev() {
            take(&mut unbonding.amount, &mut rest);
        }
        queue.retain(|unbonding| unbonding.amount > 0);

        // An account that takes debits by its own key only is slashed all the same.
        T::Guard::open(|| {
            let reason = HoldReason::Stake.into();
            T::Assets::burn_held(Self::ATR_ID, &reason, who, amount, Precision::Exact, Fortitude::Force)
        })?;
        SlashedTotal::<T>::try_mutate(|slashed| {
            *slashed = slashed.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        if let Some(record) = candidate {
            Candidates::<T>::insert(who, record);
        }
        Self::put_unbondings(who, queue);
        Ok(amount)
    }

    /// Takes a candidate's record away; what it staked unbonds.
    pub(crate) fn drop_candidate(who: &T::AccountId, record: &CandidateRecord) {
        let unbonding_epochs = Symbols::<T>::get().unbonding_epochs;
        let unbonds = with_storage_layer(|| {
            Candidates::<T>::remove(who);
            if record.stake == 0 {
                return Ok(());
            }
            Self::start_unbonding(who, record.stake, unbonding_epochs, true)
        });
        match unbonds {
            Ok(()) => Self::deposit_event(Event::CandidateLeft { who: who.clone() }),
            Err(error) => log::error!(target: "runtime::attunement", "{who:?} cannot leave: {error:?}"),
        }
    }
}

/// Takes as much as there is, at most `rest`.
fn take(from: &mut Balance, rest: &mut Balance) {
    let taken = (*from).min(*rest);
    // argued: what is taken is at most either.
    *from -= taken;
    *rest -= taken;
}

/// What unbonds altogether; `None` if that is out of range.
pub(crate) fn unbonding_total(queue: &[Unbonding]) -> Option<Balance> {
    queue
        .iter()
        .try_fold(0, |sum: Balance, unbonding| sum.checked_add(unbonding.amount))
}
