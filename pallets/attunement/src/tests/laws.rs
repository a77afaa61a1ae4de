//! The checkers themselves: each law is broken on purpose and must say so.

use crate::{
    mock::*,
    types::{CandidateStatus, SlotRecord, Unbonding, OUTCOMES_MAX},
    Acting, Anchors, Blacklist, CandidateCount, CandidatePlaces, Candidates, LastOutcome, Outcomes, ParticipantCount,
    ParticipantPages, ParticipantPlaces, Participants, PlannedSet, SlashedTotal, Slots, Symbols, UnbondingQueues,
    ValidatorOutcomes,
};
use frame_support::{assert_ok, traits::fungibles::Mutate};
use qc_math::ONE;
use qc_traits::{Conduct, Misconduct};
use qc_types::ShardId;
use sp_runtime::BoundedVec;

/// The law that breaks by what `fault` does to the state.
fn broken(fault: impl FnOnce()) -> &'static str {
    undone(|| {
        fault();
        Attunement::check_laws().expect_err("the fault must be found").law()
    })
}

fn change(n: u16, fault: impl FnOnce(&mut crate::types::CandidateRecord)) {
    Candidates::<Test>::change(user(n), fault).expect("a candidate");
}

fn change_participant(n: u16, fault: impl FnOnce(&mut crate::types::ParticipantRecord)) {
    Participants::<Test>::change(user(n), fault).expect("a participant");
}

#[test]
fn psi_that_is_not_what_its_phases_come_to_is_found() {
    execute(|| {
        run_epochs(2);
        let law = "CAL-3: Ψ of a candidate is what its phases come to";
        assert_eq!(broken(|| change(1, |record| record.psi -= 1)), law);
        assert_eq!(broken(|| change(1, |record| record.phases[0].omega = ONE + 1)), law);
        assert_eq!(broken(|| change(1, |record| record.phases[0].integral = 51 * ONE)), law);
        let key = set_key(1, &user(9), true);
        assert_ok!(dispatch(&user(9), crate::Call::enrol_participant { key }));
        let participant = broken(|| change_participant(9, |record| record.psi = 1));
        assert_eq!(participant, "CAL-3: Ψ of a participant is what its phases come to");
        let unsound = broken(|| Symbols::<Test>::mutate(|symbols| symbols.kappa = 0));
        assert_eq!(unsound, "the symbols are within their bounds");
    });
}

#[test]
fn an_outcome_that_the_inputs_do_not_give_is_found() {
    execute(|| {
        run_epochs(2);
        let leap = broken(|| {
            ValidatorOutcomes::<Test>::mutate(|validators| validators[0].1.psi -= symbols().kappa + 1);
        });
        assert_eq!(leap, "CAL-1: an epoch moves Ψ by at most κ");
        let another = broken(|| ValidatorOutcomes::<Test>::mutate(|validators| validators[0].0 = user(9)));
        assert_eq!(another, "an outcome for every input of the last closed epoch");
        let coherence = broken(|| {
            LastOutcome::<Test>::mutate(|outcome| outcome.as_mut().expect("closed").coherence -= 1);
        });
        assert_eq!(coherence, "Ĉ is what the saved inputs give");
        let history = broken(|| Outcomes::<Test>::remove(1));
        assert_eq!(history, "the last outcome is the end of the history");
    });
}

#[test]
fn one_planck_of_atr_too_many_or_too_few_is_found() {
    execute(|| {
        let law = "ATR-1: total ATR falls by recorded slashes only";
        assert_eq!(broken(|| assert!(Assets::mint_into(ATR, &user(9), 1).is_ok())), law);
        assert_eq!(broken(|| SlashedTotal::<Test>::put(1)), law);
    });
}

#[test]
fn a_hold_that_is_not_recorded_is_found() {
    execute(|| {
        let of_candidate = broken(|| change(1, |record| record.stake -= 1));
        assert_eq!(
            of_candidate,
            "what is held of a candidate is its stake and what unbonds"
        );
        let unbonding = BoundedVec::truncate_from(vec![Unbonding { amount: 1, due: 1 }]);
        let of_nobody = broken(|| UnbondingQueues::<Test>::insert(user(9), unbonding));
        assert_eq!(of_nobody, "what is held of who left is what unbonds");
        let of_pot = broken(|| Anchors::<Test>::insert(ShardId(1), 1));
        assert_eq!(of_pot, "what is held of a pot is its anchor");
        let key = set_key(1, &user(9), true);
        assert_ok!(dispatch(&user(9), crate::Call::enrol_participant { key }));
        let of_participant = broken(|| change_participant(9, |record| record.bond += 1));
        assert_eq!(of_participant, "what is held of a participant is its bond");
    });
}

#[test]
fn disorder_is_found() {
    execute(|| {
        assert_ok!(dispatch(&user(1), crate::Call::unbond { amount: 2 }));
        let law = "what unbonds is in order, and something";
        let disordered = vec![Unbonding { amount: 1, due: 5 }, Unbonding { amount: 1, due: 5 }];
        let disordered = BoundedVec::truncate_from(disordered);
        assert_eq!(broken(|| UnbondingQueues::<Test>::insert(user(1), disordered)), law);
        let barred = broken(|| {
            Attunement::punish(&user(2), Misconduct::SyncStrikes);
            change(2, |record| record.status = CandidateStatus::Seeking);
        });
        assert_eq!(barred, "who is blacklisted is barred");
        let endless = broken(|| {
            Attunement::punish(&user(2), Misconduct::SyncStrikes);
            Blacklist::<Test>::mutate(user(2), |record| record.as_mut().expect("it is").until += 1);
        });
        assert_eq!(endless, "every blacklisting ends");
        let stranger = broken(|| PlannedSet::<Test>::put(BoundedVec::truncate_from(vec![user(9)])));
        assert_eq!(stranger, "who is to have a seat has a record");
        let acting = broken(|| Acting::<Test>::mutate(|acting| acting.set(0, true)));
        assert_eq!(acting, "who acts is a participant");
    });
}

#[test]
fn a_candidate_in_another_place_is_found() {
    execute(|| {
        let law = "every candidate is in its place";
        let places = [1, 2].map(|n| CandidatePlaces::<Test>::get(user(n)).expect("a candidate"));
        let exchanged = broken(|| {
            CandidatePlaces::<Test>::insert(user(1), places[1]);
            CandidatePlaces::<Test>::insert(user(2), places[0]);
        });
        assert_eq!(exchanged, law);
        assert_eq!(broken(|| CandidateCount::<Test>::put(5)), law);
    });
}

#[test]
fn a_participant_in_another_place_is_found() {
    execute(|| {
        for n in [8, 9] {
            let key = set_key(n as u8, &user(n), true);
            assert_ok!(dispatch(&user(n), crate::Call::enrol_participant { key }));
        }
        let law = "every participant is in its place";
        let exchanged = broken(|| {
            ParticipantPlaces::<Test>::insert(user(8), 1);
            ParticipantPlaces::<Test>::insert(user(9), 0);
        });
        assert_eq!(exchanged, law);
        assert_eq!(broken(|| ParticipantPlaces::<Test>::insert(user(7), 2)), law);
        assert_eq!(broken(|| ParticipantPlaces::<Test>::remove(user(9))), law);
        assert_eq!(broken(|| ParticipantPages::<Test>::remove(0)), law);
        let page = ParticipantPages::<Test>::get(0);
        assert_eq!(broken(|| ParticipantPages::<Test>::insert(1, page)), law);
        assert_eq!(broken(|| ParticipantCount::<Test>::put(1)), law);
        assert_eq!(broken(|| ParticipantCount::<Test>::put(3)), law);
    });
}

#[test]
fn too_many_of_anything_is_found() {
    execute(|| {
        run_epochs(1);
        let outcomes = broken(|| (0..=OUTCOMES_MAX).for_each(|n| Outcomes::<Test>::insert(n, outcome())));
        assert_eq!(outcomes, "not too many outcomes");
        let short = broken(|| Slots::<Test>::put(BoundedVec::truncate_from(vec![SlotRecord::default()])));
        assert_eq!(short, "slots are counted for the running set");
        let eager = SlotRecord {
            assigned: 0,
            authored: 1,
        };
        let eager = broken(|| Slots::<Test>::put(BoundedVec::truncate_from(vec![eager; 4])));
        assert_eq!(eager, "nobody authors more slots than it has");
        let crowd = broken(|| {
            let record = candidate(&user(1));
            for n in 1_000..1_200 {
                Candidates::<Test>::insert(
                    user(n),
                    crate::types::CandidateRecord {
                        stake: 0,
                        ..record.clone()
                    },
                );
            }
        });
        assert_eq!(crowd, "not too many candidates");
    });
}
