//! What others read.

use crate::{
    staking::unbonding_total,
    types::{EpochOutcome, ParticipantView, ValidatorView, OUTCOMES_MAX, PAGE_MAX},
    Anchors, Blacklist, Candidates, Config, LastOutcome, Outcomes, Pallet, Participants, Symbols, UnbondingQueues,
    ValidatorOutcomes,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::traits::Get;
use qc_harmonics::attunement::{effective_psi, History};
use qc_math::MathError;
use qc_traits::{AttunementInspect, EpochInspect};
use qc_types::{Balance, EpochIndex, Home, ShardId};
use sp_runtime::traits::Convert;

impl<T: Config> Pallet<T> {
    /// Ψ̄ as of today. A day counts once an epoch of it is recorded, or is over: else Ψ̄ would fall at every midnight.
    fn mean_today(history: &History) -> Result<u128, MathError> {
        let today = Self::today();
        let counted = match today.checked_sub(1) {
            Some(yesterday) if history.open_day() < today => yesterday,
            _ => today,
        };
        history.mean(&Symbols::<T>::get(), counted)
    }

    /// ATR staked in a shard, plancks, for each of `shards`: of the candidates at home there, and its anchor. What unbonds is
    /// not staked. Iterates over all candidates.
    pub fn staked_atr_per_shard(shards: impl Iterator<Item = ShardId>) -> Vec<Balance> {
        let mut staked: BTreeMap<ShardId, Balance> = BTreeMap::new();
        for (who, record) in Candidates::<T>::iter() {
            if let Home::Shard(shard) = T::Homes::convert(who) {
                let sum = staked.entry(shard).or_default();
                // argued: every stake is ATR that is held, each planck of it once (`check_laws`), so the sum is at most the issuance,
                // which is a balance
                *sum = sum.saturating_add(record.stake);
            }
        }
        let of_shard = |shard: ShardId| {
            let of_candidates = staked.get(&shard).copied().unwrap_or(0);
            // argued: the anchor is ATR that the pot holds, which no candidate does; the sum is at most the issuance too
            of_candidates.saturating_add(Anchors::<T>::get(shard))
        };
        shards.map(of_shard).collect()
    }

    /// A candidate; `None` if the account is none.
    pub fn validator_view(who: &T::AccountId) -> Option<ValidatorView> {
        let record = Candidates::<T>::get(who)?;
        let boost = record.boost.level_at(T::Epochs::current_epoch());
        let outcomes = ValidatorOutcomes::<T>::get();
        let outcome = outcomes.iter().find(|(validator, _)| validator == who);
        Some(ValidatorView {
            status: record.status,
            is_active: T::Validators::get().contains(who),
            stake: record.stake,
            unbonding: unbonding_total(&UnbondingQueues::<T>::get(who))?,
            grace_epochs: record.grace_epochs,
            psi: record.psi,
            psi_mean: Self::mean_today(&record.history).ok()?,
            psi_eff: effective_psi(&Symbols::<T>::get(), record.psi, boost).ok()?,
            boost: record.boost,
            phases: record.phases,
            standing: record.standing,
            multiplier: outcome.map(|(_, outcome)| outcome.multiplier),
        })
    }

    /// A participant; `None` if the account is none.
    pub fn participant_view(who: &T::AccountId) -> Option<ParticipantView> {
        let record = Participants::<T>::get(who)?;
        let boost = record.boost.level_at(T::Epochs::current_epoch());
        Some(ParticipantView {
            key: record.key,
            bond: record.bond,
            psi: record.psi,
            psi_mean: Self::mean_today(&record.history).ok()?,
            psi_eff: effective_psi(&Symbols::<T>::get(), record.psi, boost).ok()?,
            boost: record.boost,
            phases: record.phases,
        })
    }

    /// All candidates, in the order of accounts.
    pub fn candidates() -> Vec<T::AccountId> {
        let mut candidates: Vec<_> = Candidates::<T>::iter_keys().collect();
        candidates.sort_unstable();
        candidates
    }

    /// Up to `count` closed epochs from `from` on, at most [`PAGE_MAX`]; those that are remembered.
    pub fn outcomes(from: EpochIndex, count: u32) -> Vec<EpochOutcome> {
        let Some(last) = LastOutcome::<T>::get() else {
            return Vec::new();
        };
        // argued: fewer epochs than are kept have closed, so the first one is epoch 0; older ones are filtered out below
        let first = from.max(last.epoch.saturating_sub(OUTCOMES_MAX));
        let epochs = (first..=last.epoch).take(usize::try_from(count.min(PAGE_MAX)).unwrap_or(0));
        epochs
            .filter_map(|epoch| Outcomes::<T>::get(epoch % OUTCOMES_MAX).filter(|outcome| outcome.epoch == epoch))
            .collect()
    }
}

/// The blacklisted are nobody, as those who never enrolled.
impl<T: Config> AttunementInspect<T::AccountId> for Pallet<T> {
    fn may_move_psy(who: &T::AccountId) -> bool {
        Self::psi(who).is_some_and(|psi| psi >= Symbols::<T>::get().psi_gate)
    }

    fn psi(who: &T::AccountId) -> Option<u128> {
        if Blacklist::<T>::contains_key(who) {
            return None;
        }
        let of_candidate = Candidates::<T>::get(who).map(|record| record.psi);
        of_candidate.or_else(|| Participants::<T>::get(who).map(|record| record.psi))
    }

    fn psi_mean(who: &T::AccountId) -> Option<u128> {
        if Blacklist::<T>::contains_key(who) {
            return None;
        }
        if let Some(record) = Candidates::<T>::get(who) {
            return Self::mean_today(&record.history).ok();
        }
        let record = Participants::<T>::get(who)?;
        Self::mean_today(&record.history).ok()
    }
}
