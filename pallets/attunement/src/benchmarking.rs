//! Weights at the worst case: every place of a candidate taken, a third of the set slashed at once, histories with a gap of 90
//! days.

use crate::{
    types::{CandidateRecord, CandidateStatus, ParticipantRecord, SlotRecord, CANDIDATES_MAX, UNBONDINGS_MAX},
    Acting, Blacklist, Call, Candidates, Config, HoldReason, LastOutcome, Pallet, Participants, Slots, Symbols, Ticks,
    UnbondingQueues,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use qc_harmonics::attunement::{self, Boost, Forgiveness, History, Phase, Standing};
use qc_math::ONE;
use qc_pqc::KeyId;
use qc_traits::{Conduct, EpochInspect, Misconduct, OnEpochEnd, SlotSpan};
use qc_types::Balance;
use sp_runtime::BoundedVec;

/// Makes accounts that the calls take.
pub trait BenchmarkHelper<AccountId> {
    /// Gives an account so many plancks of ATR and PSY.
    fn fund(who: &AccountId, atr: Balance, psy: Balance);

    /// Registers session keys for an account.
    fn register_session_keys(who: &AccountId);

    /// Registers a post-quantum key for an account.
    fn register_key(who: &AccountId) -> KeyId;

    /// Makes these accounts the running set.
    fn set_validators(validators: Vec<AccountId>);
}

/// A stake above what a newcomer needs.
fn stake<T: Config>() -> Balance {
    Symbols::<T>::get().stake_min * 2
}

fn funded<T: Config>(index: u32) -> T::AccountId {
    let who: T::AccountId = account("validator", index, 0);
    T::BenchmarkHelper::fund(&who, stake::<T>() * 4, Symbols::<T>::get().boost_psy * 2);
    T::BenchmarkHelper::register_session_keys(&who);
    who
}

fn record<T: Config>(stake: Balance) -> CandidateRecord {
    let phase = Phase {
        omega: ONE * 9 / 10,
        integral: ONE,
        was_due: true,
    };
    let phases = [phase; attunement::VALIDATOR_FEATURES];
    CandidateRecord {
        status: CandidateStatus::Seeking,
        stake,
        grace_epochs: 0,
        forgiveness: Forgiveness::default(),
        standing: Standing::default(),
        boost: Boost {
            level: ONE,
            ends: u32::MAX,
        },
        phases,
        psi: attunement::psi(&attunement::VALIDATOR_WEIGHTS, &phases).expect("weights sum to one"),
        history: History::enrolled_on(0),
        recorded_day: 0,
    }
}

/// A candidate with its stake held.
fn candidate<T: Config>(index: u32) -> T::AccountId {
    let who = funded::<T>(index);
    Pallet::<T>::hold(HoldReason::Stake, &who, stake::<T>()).expect("it is funded");
    Candidates::<T>::insert(&who, record::<T>(stake::<T>()));
    who
}

/// Takes every place of a candidate, and returns them all.
fn fill_candidates<T: Config>(stake: Balance) -> Vec<T::AccountId> {
    let left = CANDIDATES_MAX - Candidates::<T>::count();
    let accounts: Vec<T::AccountId> = (0..left).map(|index| account("waiting", index, 0)).collect();
    for who in &accounts {
        Candidates::<T>::insert(who, record::<T>(stake));
    }
    accounts
}

fn participant<T: Config>(index: u32) -> T::AccountId {
    let who: T::AccountId = account("participant", index, 0);
    let record = ParticipantRecord {
        key: KeyId([0; 32]),
        bond: T::ParticipantBond::get(),
        boost: Boost::default(),
        phases: attunement::start(0),
        psi: 0,
        history: History::enrolled_on(0),
        recorded_day: 0,
    };
    Participants::<T>::insert(&who, record);
    Acting::<T>::insert(&who, ());
    who
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn enrol_validator() {
        let who = funded::<T>(0);
        fill_candidates::<T>(stake::<T>() / 2);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), stake::<T>());

        assert!(Candidates::<T>::contains_key(&who));
    }

    #[benchmark]
    fn bond_extra() {
        let who = candidate::<T>(0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), stake::<T>());

        assert_eq!(
            Candidates::<T>::get(&who).map(|record| record.stake),
            Some(stake::<T>() * 2)
        );
    }

    #[benchmark]
    fn unbond() {
        let who = candidate::<T>(0);
        for _ in 1..UNBONDINGS_MAX {
            Pallet::<T>::do_unbond(who.clone(), 1).expect("it has that much");
            Ticks::<T>::mutate(|ticks| *ticks += 1);
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), 1);

        assert_eq!(UnbondingQueues::<T>::get(&who).len(), UNBONDINGS_MAX as usize);
    }

    #[benchmark]
    fn withdraw() {
        let who = candidate::<T>(0);
        for _ in 0..UNBONDINGS_MAX {
            Pallet::<T>::do_unbond(who.clone(), 1).expect("it has that much");
            Ticks::<T>::mutate(|ticks| *ticks += 1);
        }
        Ticks::<T>::mutate(|ticks| *ticks += Symbols::<T>::get().unbonding_epochs);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!UnbondingQueues::<T>::contains_key(&who));
    }

    #[benchmark]
    fn leave() {
        let who = candidate::<T>(0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert_eq!(
            Candidates::<T>::get(&who).map(|record| record.status),
            Some(CandidateStatus::Leaving)
        );
    }

    #[benchmark]
    fn enrol_participant() {
        let who = funded::<T>(0);
        T::BenchmarkHelper::fund(&who, T::ParticipantBond::get() * 2, 0);
        let key = T::BenchmarkHelper::register_key(&who);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), key);

        assert!(Participants::<T>::contains_key(&who));
    }

    #[benchmark]
    fn leave_participant() {
        let who = participant::<T>(0);
        T::BenchmarkHelper::fund(&who, T::ParticipantBond::get() * 2, 0);
        Pallet::<T>::hold(HoldReason::Participation, &who, T::ParticipantBond::get()).expect("it is funded");

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!Participants::<T>::contains_key(&who));
    }

    #[benchmark]
    fn boost() {
        let who = candidate::<T>(0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Symbols::<T>::get().boost_psy);

        assert!(Candidates::<T>::contains_key(&who));
    }

    #[benchmark]
    fn punish() {
        let who = candidate::<T>(0);
        T::BenchmarkHelper::set_validators(alloc::vec![who.clone()]);

        #[block]
        {
            Pallet::<T>::punish(&who, Misconduct::Equivocation);
        }

        assert!(Blacklist::<T>::contains_key(&who));
    }

    #[benchmark]
    fn count_slots() {
        let who = candidate::<T>(0);
        T::BenchmarkHelper::set_validators(
            fill_candidates::<T>(stake::<T>())
                .into_iter()
                .take(99)
                .chain([who.clone()])
                .collect(),
        );

        #[block]
        {
            // One and a half rounds: every record changes.
            Pallet::<T>::count_span(SlotSpan { first: 7, last: 156 });
            Pallet::<T>::credit(&who);
        }
    }

    #[benchmark]
    fn on_epoch_end(v: Linear<1, 100>, p: Linear<0, 1_000>) {
        let validators: Vec<T::AccountId> = (0..v).map(candidate::<T>).collect();
        let fall_epochs = Symbols::<T>::get().fall_epochs;
        for who in validators.iter().take((v / 3) as usize) {
            Candidates::<T>::mutate(who, |record| {
                if let Some(record) = record {
                    record.standing.falls = 1 << (fall_epochs - 1);
                    record.standing.crossings = 1 << (fall_epochs - 1);
                }
            });
        }
        fill_candidates::<T>(stake::<T>());
        let slots = validators.iter().map(|_| SlotRecord {
            assigned: 3,
            authored: 2,
        });
        Slots::<T>::put(BoundedVec::truncate_from(slots.collect()));
        T::BenchmarkHelper::set_validators(validators);
        for index in 0..p {
            participant::<T>(index);
        }
        let ended = T::Epochs::current_epoch();

        #[block]
        {
            Pallet::<T>::on_epoch_end(ended);
            Pallet::<T>::choose_set(ended + 2);
        }

        assert_eq!(LastOutcome::<T>::get().map(|outcome| outcome.validators), Some(v));
        assert_eq!(LastOutcome::<T>::get().map(|outcome| outcome.participants), Some(p));
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::externalities(&crate::mock::genesis_of(4, crate::mock::symbols(), 0)),
        crate::mock::Test
    );
}
