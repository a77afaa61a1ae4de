//! The attunement's step at the end of an epoch: take a snapshot, compute everything, write it.

use crate::{
    conduct::CandidatesById,
    staking::out_of_range,
    types::{EpochOutcome, ValidatorOutcome, OUTCOMES_MAX},
    Candidates, Config, Event, Inputs, LastOutcome, Outcomes, Pallet, PlannedSet, Recalibrations, Slots, Symbols,
    Ticks, ValidatorOutcomes, WeightInfo,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{storage::with_storage_layer, traits::Get, weights::Weight};
use qc_harmonics::{
    attunement::{
        close, effective_psi, entropy_rate, lambda, mean_omega, multipliers, recalibrate, ClosedValidator, Closing,
        Forgiveness, Observation, Recalibration, ValidatorInput, Verdict,
    },
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_traits::{HaltGate, IncidentCause, OnEpochEnd, RaiseIncident, SyncInspect};
use qc_types::{CirCode, EpochIndex, Scope};
use sp_runtime::BoundedVec;

/// λ̄_node · T̄5: there is no memory of nodes yet.
const NODE_MEMORY: u128 = 0;

/// What an epoch is computed from.
struct Snapshot<T: Config> {
    symbols: SymbolTable,
    set: Vec<T::AccountId>,
    inputs: Vec<ValidatorInput>,
    forgiveness: Vec<Forgiveness>,
    recalibration: Recalibration,
    before: Option<EpochOutcome>,
}

/// What is to be written.
struct Plan<T: Config> {
    outcome: EpochOutcome,
    validators: Vec<(T::AccountId, ValidatorOutcome)>,
    recalibration: Recalibration,
    /// All, as they are to be.
    candidates: CandidatesById<T>,
    verdicts: Vec<(T::AccountId, Verdict)>,
}

impl<T: Config> OnEpochEnd for Pallet<T> {
    fn on_epoch_end(ended: EpochIndex) -> Weight {
        let symbols = Symbols::<T>::get();
        let is_halted = T::Halt::is_chain_halted();
        if !is_halted {
            Ticks::<T>::mutate(|ticks| match ticks.checked_add(1) {
                Some(next) => *ticks = next,
                None => log::error!(target: "runtime::attunement", "no tick is left"),
            });
        }
        let paused = if is_halted { 0 } else { Self::execute_paused_slashes() };
        let acted = Self::close_participants(&symbols, is_halted);
        let set = T::Validators::get();
        let validators = set.len();
        // Read once: whose record changed and who is done is found in memory.
        let stored: CandidatesById<T> = Candidates::<T>::iter().collect();
        // In a layer: where the computation fails the inputs of the last good epoch stand, like its outcome.
        let computed = with_storage_layer(|| {
            Self::compute(symbols, set, &stored, ended, acted.participants, is_halted).map_err(|fault| {
                log::error!(target: "runtime::attunement", "epoch {ended} cannot be computed: {fault:?}");
                out_of_range(fault)
            })
        });
        let candidates = match computed {
            Ok(plan) => Self::apply(&symbols, plan),
            Err(_) => {
                T::Incidents::raise(CirCode::LocalDissonance, Scope::Chain, IncidentCause::Mathematics);
                Self::deposit_event(Event::EpochNotClosed { epoch: ended });
                stored
            }
        };
        Slots::<T>::kill();
        Self::forget_misconduct(ended);
        Self::drop_those_who_left(&candidates, &PlannedSet::<T>::get().into_iter().collect());
        let validators = u32::try_from(validators).unwrap_or(u32::MAX);
        // argued: weights; slashes wait only after a halt, so they come on top, and at most `PAUSED_SLASHES_MAX` do
        let slashes = T::WeightInfo::punish().saturating_mul(paused.into());
        // argued: weights, of which a block has room for few of these.
        T::WeightInfo::on_epoch_end(validators, acted.pages).saturating_add(slashes)
    }
}

impl<T: Config> Pallet<T> {
    /// The day, by the pausable clock.
    pub(crate) fn today() -> u32 {
        use sp_runtime::traits::BlockNumberProvider;
        // argued: `integrity_test` says that a day has a block.
        T::Clock::current_block_number()
            .checked_div(T::BlocksPerDay::get())
            .unwrap_or(0)
    }

    /// The inputs are saved before anything is computed; everything else is left to `apply`.
    fn compute(
        symbols: SymbolTable,
        set: Vec<T::AccountId>,
        stored: &CandidatesById<T>,
        ended: EpochIndex,
        participants: u32,
        is_halted: bool,
    ) -> Result<Plan<T>, MathError> {
        let mut candidates = stored.clone();
        let snapshot = Self::snapshot(symbols, set, &candidates, ended)?;
        let closing = close(&snapshot.symbols, &snapshot.inputs, NODE_MEMORY)?;
        let mut outcome = Self::outcome(&snapshot, &closing)?;
        outcome.epoch = ended;
        outcome.participants = participants;

        let boosts: Vec<u128> = snapshot
            .set
            .iter()
            .map(|who| candidates.get(who).map_or(0, |record| record.boost.level_at(ended)))
            .collect();
        let validators = Self::validator_outcomes(&snapshot, &closing, &boosts, outcome.lambda)?;
        let recalibration = recalibrate(
            &snapshot.symbols,
            snapshot.recalibration,
            closing.coherence,
            mean(&boosts)?,
        )?;
        let observed = Self::write_phases(&snapshot, &closing, &mut candidates, is_halted)?;
        let verdicts = if is_halted {
            Vec::new()
        } else {
            Self::judge_falls(&snapshot.symbols, snapshot.set.len(), &observed, &mut candidates)?
        };
        Ok(Plan {
            outcome,
            validators,
            recalibration,
            candidates,
            verdicts,
        })
    }

    fn snapshot(
        symbols: SymbolTable,
        set: Vec<T::AccountId>,
        candidates: &CandidatesById<T>,
        ended: EpochIndex,
    ) -> Result<Snapshot<T>, MathError> {
        let slots = Slots::<T>::get();
        let conformities: BTreeMap<_, _> = T::Sync::conformities().into_iter().collect();
        let (mut inputs, mut forgiveness) = (Vec::with_capacity(set.len()), Vec::with_capacity(set.len()));
        for (index, who) in set.iter().enumerate() {
            let slots = slots.get(index).copied().unwrap_or_default();
            let Some(record) = candidates.get(who) else {
                log::error!(target: "runtime::attunement", "{who:?} is in the set and no candidate");
                inputs.push(ValidatorInput {
                    in_grace: true,
                    ..ValidatorInput::default()
                });
                forgiveness.push(Forgiveness::default());
                continue;
            };
            let (features, forgiven) =
                Self::features(&symbols, who, record.forgiveness, slots, conformities.get(who).copied())?;
            forgiveness.push(forgiven);
            inputs.push(ValidatorInput {
                phases: record.phases,
                features,
                stake: record.stake,
                in_grace: record.grace_epochs > 0,
            });
        }
        let saved: Vec<_> = set.iter().cloned().zip(inputs.iter().copied()).collect();
        Inputs::<T>::put((ended, BoundedVec::try_from(saved).map_err(|_| MathError::Overflow)?));
        Ok(Snapshot {
            symbols,
            set,
            inputs,
            forgiveness,
            recalibration: Recalibrations::<T>::get(),
            before: LastOutcome::<T>::get(),
        })
    }

    fn outcome(snapshot: &Snapshot<T>, closing: &Closing) -> Result<EpochOutcome, MathError> {
        let alpha = snapshot.recalibration.alpha;
        Ok(EpochOutcome {
            epoch: 0,
            validators: u32::try_from(snapshot.set.len()).map_err(|_| MathError::Overflow)?,
            participants: 0,
            resonance: closing.resonance,
            core: closing.core,
            caf: closing.caf,
            coherence: closing.coherence,
            entropy: closing.entropy,
            entropy_rate: entropy_rate(snapshot.before.map(|before| before.entropy), closing.entropy),
            alpha,
            lambda: lambda(alpha, closing.coherence)?,
        })
    }

    fn validator_outcomes(
        snapshot: &Snapshot<T>,
        closing: &Closing,
        boosts: &[u128],
        lambda: u128,
    ) -> Result<Vec<(T::AccountId, ValidatorOutcome)>, MathError> {
        let means = closing.validators.iter().map(|closed| mean_omega(&closed.phases));
        let means = means.collect::<Result<Vec<_>, MathError>>()?;
        let multipliers = multipliers(&snapshot.symbols, lambda, &means)?;
        let closed = snapshot.set.iter().zip(&closing.validators);
        let outcome = |(((who, closed), boost), multiplier): (((&T::AccountId, &ClosedValidator), &u128), u128)| {
            let outcome = ValidatorOutcome {
                psi: closed.psi,
                psi_eff: effective_psi(&snapshot.symbols, closed.psi, *boost)?,
                multiplier,
            };
            Ok((who.clone(), outcome))
        };
        closed.zip(boosts).zip(multipliers).map(outcome).collect()
    }

    /// Writes what the epoch made of the validators into `candidates`, and says what it saw of each. Ψ̄ stands still in a halt.
    fn write_phases(
        snapshot: &Snapshot<T>,
        closing: &Closing,
        candidates: &mut CandidatesById<T>,
        is_halted: bool,
    ) -> Result<BTreeMap<T::AccountId, Observation>, MathError> {
        let today = Self::today();
        let mut observed = BTreeMap::new();
        let inputs = snapshot.inputs.iter().zip(&snapshot.forgiveness);
        for ((who, (input, forgiveness)), closed) in snapshot.set.iter().zip(inputs).zip(&closing.validators) {
            let Some(record) = candidates.get_mut(who) else {
                continue;
            };
            let observation = if input.in_grace {
                Observation::InGrace
            } else {
                Observation::Active {
                    psi_before: record.psi,
                    psi_after: closed.psi,
                }
            };
            observed.insert(who.clone(), observation);
            if !is_halted {
                record.history.record(today, closed.psi)?;
            }
            record.phases = closed.phases;
            record.psi = closed.psi;
            record.forgiveness = *forgiveness;
            // argued: it counts down to 0 and stays there: 0 is what it means that grace has ended, and no fault is hidden
            record.grace_epochs = record.grace_epochs.saturating_sub(1);
        }
        Ok(observed)
    }

    /// Returns the candidates as they were computed; a slash may have taken of a stake since.
    fn apply(symbols: &SymbolTable, plan: Plan<T>) -> CandidatesById<T> {
        Candidates::<T>::change_all(|who, record| match plan.candidates.get(who) {
            Some(planned) if planned != record => {
                *record = planned.clone();
                true
            }
            _ => false,
        });
        let outcome = plan.outcome;
        LastOutcome::<T>::put(outcome);
        Outcomes::<T>::insert(outcome.epoch % OUTCOMES_MAX, outcome);
        Recalibrations::<T>::put(plan.recalibration);
        match BoundedVec::try_from(plan.validators) {
            Ok(validators) => ValidatorOutcomes::<T>::put(validators),
            // argued: out of reach, the inputs had room in the same bound.
            Err(_) => log::error!(target: "runtime::attunement", "more validators than there can be"),
        }
        Self::execute(symbols, plan.verdicts);
        Self::deposit_event(Event::EpochClosed { outcome });
        plan.candidates
    }
}

/// The mean, floored; 0 of none.
fn mean(numbers: &[u128]) -> Result<u128, MathError> {
    let sum = numbers.iter().try_fold(0, |sum: u128, number| sum.checked_add(*number));
    let count = u128::try_from(numbers.len()).map_err(|_| MathError::Overflow)?;
    Ok(sum.ok_or(MathError::Overflow)?.checked_div(count).unwrap_or(0))
}
