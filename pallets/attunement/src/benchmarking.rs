//! Weights at the worst case: every place of a candidate and of a participant taken, histories with a gap of 90 days, full queues
//! of what unbonds; at the end of an epoch a third of the set slashed at once, another third blacklisted, as many blacklistings
//! and proofs of equivocations at their end, and as many candidates leaving as may.

use crate::{
    types::{
        BlacklistRecord, CandidateRecord, CandidateStatus, ParticipantRecord, SlotRecord, Unbonding, CANDIDATES_MAX,
        LEAVERS_MAX, PAGES_MAX, PAGE_PLACES, PARTICIPANTS_MAX, UNBONDINGS_MAX,
    },
    Acting, Blacklist, BlacklistEnds, Call, Candidates, Config, HoldReason, LastOutcome, Offences, Pallet,
    Participants, PlannedSet, SlashedTotal, Slots, Symbols, Ticks, UnbondingQueues,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use qc_harmonics::attunement::{self, Boost, Forgiveness, History, Phase, Standing, HISTORY_DAYS};
use qc_math::ONE;
use qc_pqc::KeyId;
use qc_traits::{Conduct, Misconduct, NoteDuty, OnEpochEnd, SlotSpan};
use qc_types::{Balance, EpochIndex};
use sp_runtime::BoundedVec;

/// Makes accounts that the calls take.
pub trait BenchmarkHelper<AccountId> {
    /// Gives an account so many plancks of ATR and PSY.
    fn fund(who: &AccountId, atr: Balance, psy: Balance);

    /// Registers session keys for an account.
    fn register_session_keys(who: &AccountId);

    /// Registers a post-quantum key for an account.
    fn register_key(who: &AccountId) -> KeyId;

    /// Makes these accounts the running set. Each has reported in the epoch before, if somebody looks at that.
    fn set_validators(validators: Vec<AccountId>);

    /// Lets the pausable clock show this block.
    fn set_clock(block: u32);
}

/// The epoch that ends: late enough for equivocations to be forgotten.
fn ended<T: Config>() -> EpochIndex {
    T::OffenceSessions::get() + 1
}

/// A stake above what a newcomer needs.
fn stake<T: Config>() -> Balance {
    Symbols::<T>::get().stake_min * 2
}

/// What unbonds of an account with a full queue: so much that a slash takes all of the stake, and of the queue too.
fn unbonding<T: Config>() -> Balance {
    stake::<T>() * 3 * Balance::from(UNBONDINGS_MAX)
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
    }
}

/// Makes an account a candidate with its stake held.
fn put_staker<T: Config>(who: &T::AccountId) {
    T::BenchmarkHelper::fund(
        who,
        stake::<T>() * 4 + unbonding::<T>(),
        Symbols::<T>::get().boost_psy * 2,
    );
    Pallet::<T>::hold(HoldReason::Stake, who, stake::<T>()).expect("it is funded");
    Candidates::<T>::insert(who, record::<T>(stake::<T>()));
}

/// Makes an account a candidate of whom everything that a slash can take is at stake: its stake and as much as can be unbonding.
pub fn put_candidate<T: Config>(who: &T::AccountId) {
    put_staker::<T>(who);
    Pallet::<T>::hold(HoldReason::Stake, who, unbonding::<T>()).expect("it is funded");
    fill_queue::<T>(who);
}

/// A candidate with its stake held.
fn candidate<T: Config>(index: u32) -> T::AccountId {
    let who = funded::<T>(index);
    put_staker::<T>(&who);
    who
}

/// Fills an account's queue of what unbonds. It begins to be due when nothing is yet.
fn fill_queue<T: Config>(who: &T::AccountId) {
    let amount = unbonding::<T>() / Balance::from(UNBONDINGS_MAX);
    let queue = (1..=UNBONDINGS_MAX).map(|due| Unbonding { amount, due });
    UnbondingQueues::<T>::insert(who, BoundedVec::truncate_from(queue.collect()));
}

/// A candidate with its stake held, and as much as can be unbonding.
fn unbonding_candidate<T: Config>(index: u32) -> T::AccountId {
    let who = funded::<T>(index);
    put_candidate::<T>(&who);
    who
}

/// Takes every place of a candidate that is left, and returns who took them.
pub fn fill_candidates<T: Config>(stake: Balance) -> Vec<T::AccountId> {
    let left = CANDIDATES_MAX - Candidates::<T>::count();
    let accounts: Vec<T::AccountId> = (0..left).map(|index| account("waiting", index, 0)).collect();
    for who in &accounts {
        T::BenchmarkHelper::register_session_keys(who);
        Candidates::<T>::insert(who, record::<T>(stake));
        fill_queue::<T>(who);
    }
    accounts
}

/// Takes places of participants up to this number, something being due of each; nothing was of any of them for 90 days.
fn fill_participants<T: Config>(count: u32) {
    for index in Participants::<T>::count()..count {
        let who: T::AccountId = account("participant", index, 0);
        let record = ParticipantRecord {
            key: KeyId([0; 32]),
            bond: T::ParticipantBond::get(),
            boost: Boost::default(),
            phases: attunement::start(0),
            psi: 0,
            history: History::enrolled_on(0),
        };
        Participants::<T>::insert(&who, record);
        Pallet::<T>::note_duty(&who);
    }
}

/// The day of an epoch's end.
fn pass_history<T: Config>() -> u32 {
    T::BenchmarkHelper::set_clock(T::BlocksPerDay::get() * (HISTORY_DAYS + 10));
    Pallet::<T>::today()
}

/// A set of `v`, a third of which is to be slashed for its falls now, and another third blacklisted.
fn troubled_set<T: Config>(v: u32) -> Vec<T::AccountId> {
    let third = v / 3;
    let due = 1 << (Symbols::<T>::get().fall_epochs - 1);
    let seat = |index: u32| {
        let is_fallen = index < third;
        let is_blacklisted = !is_fallen && index < 2 * third;
        let who = if is_fallen {
            unbonding_candidate::<T>(index)
        } else {
            candidate::<T>(index)
        };
        let _ = Candidates::<T>::change(&who, |record| {
            if is_fallen {
                record.standing.falls = due;
                record.standing.crossings = due;
            }
            if is_blacklisted {
                record.status = CandidateStatus::Barred;
            }
        });
        if is_blacklisted {
            blacklist::<T>(&who, ended::<T>() + 100);
        }
        who
    };
    (0..v).map(seat).collect()
}

fn blacklist<T: Config>(who: &T::AccountId, until: EpochIndex) {
    let misconduct = Misconduct::Tampering;
    Blacklist::<T>::insert(who, BlacklistRecord { misconduct, until });
    BlacklistEnds::<T>::try_append(until, who.clone()).expect("there is room");
}

/// As many blacklistings and equivocations as named are over when the epoch ends.
fn end_misconduct<T: Config>(count: u32) {
    for index in 0..count {
        let who: T::AccountId = account("former", index, 0);
        blacklist::<T>(&who, ended::<T>());
        Offences::<T>::try_append(ended::<T>() - T::OffenceSessions::get(), who).expect("there is room");
    }
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
        assert_eq!(Candidates::<T>::count(), CANDIDATES_MAX);
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
        fill_participants::<T>(PARTICIPANTS_MAX - 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), key);

        assert!(Participants::<T>::contains_key(&who));
        assert_eq!(Participants::<T>::count(), PARTICIPANTS_MAX);
    }

    /// From another page than the last, and with something due of both who leaves and who gets its place.
    #[benchmark]
    fn leave_participant() {
        fill_participants::<T>(PARTICIPANTS_MAX - PAGE_PLACES + 1);
        let who = Participants::<T>::iter_keys().next().expect("there is one");
        let last: T::AccountId = account("participant", PARTICIPANTS_MAX - PAGE_PLACES, 0);
        T::BenchmarkHelper::fund(&who, T::ParticipantBond::get() * 2, 0);
        Pallet::<T>::hold(HoldReason::Participation, &who, T::ParticipantBond::get()).expect("it is funded");

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!Participants::<T>::contains_key(&who));
        assert_eq!(Participants::<T>::place(&last), Some(0));
        assert_eq!(Acting::<T>::get().count(), PARTICIPANTS_MAX - PAGE_PLACES);
    }

    /// Of a participant: it is looked for among the candidates first, and is on a full page.
    #[benchmark]
    fn boost() {
        fill_participants::<T>(PAGE_PLACES);
        let who = Participants::<T>::iter_keys().last().expect("there is one");
        T::BenchmarkHelper::fund(&who, 0, Symbols::<T>::get().boost_psy * 2);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Symbols::<T>::get().boost_psy);

        assert_eq!(Participants::<T>::get(&who).map(|record| record.boost.level), Some(ONE));
    }

    #[benchmark]
    fn punish() {
        let who = unbonding_candidate::<T>(0);
        T::BenchmarkHelper::set_validators(alloc::vec![who.clone()]);

        #[block]
        {
            Pallet::<T>::punish(&who, Misconduct::Equivocation);
        }

        assert!(Blacklist::<T>::contains_key(&who));
        assert!(SlashedTotal::<T>::get() > stake::<T>());
    }

    #[benchmark]
    fn count_slots() {
        let who = candidate::<T>(0);
        let others = fill_candidates::<T>(stake::<T>()).into_iter().take(99);
        T::BenchmarkHelper::set_validators(others.chain([who.clone()]).collect());

        #[block]
        {
            // One and a half rounds: every record changes.
            Pallet::<T>::count_span(SlotSpan { first: 7, last: 156 });
            Pallet::<T>::credit(&who);
        }

        let slots = Slots::<T>::get();
        assert_eq!(slots.iter().map(|record| record.assigned).sum::<u32>(), 150);
        assert_eq!(slots.last().map(|record| record.authored), Some(1));
    }

    /// All that an epoch's end and the session after it ask.
    #[benchmark]
    fn on_epoch_end(v: Linear<1, 100>, g: Linear<0, { PAGES_MAX }>) {
        let validators = troubled_set::<T>(v);
        let waiting = fill_candidates::<T>(stake::<T>());
        for who in waiting.iter().take(LEAVERS_MAX) {
            let _ = Candidates::<T>::change(who, |record| record.status = CandidateStatus::Leaving);
        }
        let slots = validators.iter().map(|_| SlotRecord {
            assigned: 3,
            authored: 2,
        });
        Slots::<T>::put(BoundedVec::truncate_from(slots.collect()));
        PlannedSet::<T>::put(BoundedVec::truncate_from(validators.clone()));
        T::BenchmarkHelper::set_validators(validators);
        end_misconduct::<T>(v / 3);
        fill_participants::<T>(g * PAGE_PLACES);
        let today = pass_history::<T>();
        let (ended, count) = (ended::<T>(), Candidates::<T>::count());

        #[block]
        {
            Pallet::<T>::on_epoch_end(ended);
            Pallet::<T>::disable_blacklisted();
            Pallet::<T>::choose_set(ended + 2);
        }

        let outcome = LastOutcome::<T>::get().expect("it was closed");
        assert_eq!(
            (outcome.epoch, outcome.validators, outcome.participants),
            (ended, v, g * PAGE_PLACES)
        );
        assert!(Participants::<T>::iter_values().all(|record| record.history.open_day() == today));
        assert_eq!(Acting::<T>::get().count(), 0);
        let written = Candidates::<T>::iter_values().filter(|record| record.history.open_day() == today);
        assert_eq!(written.count(), v as usize);
        let slashed = Candidates::<T>::iter_values().filter(|record| record.stake == 0);
        assert_eq!(slashed.count(), (v / 3) as usize);
        assert_eq!(Candidates::<T>::count(), count - LEAVERS_MAX as u32);
        assert!(BlacklistEnds::<T>::get(ended).is_empty());
        assert!(!Offences::<T>::contains_key(1));
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::externalities(&crate::mock::genesis_of(4, crate::mock::symbols(), 0)),
        crate::mock::Test
    );
}
