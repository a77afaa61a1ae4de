//! Participants: enrolled by a key, moved only by what they did.

use crate::{mock::*, types::PARTICIPANTS_MAX, Acting, Call, Error, Event, Participants};
use frame_support::{assert_noop, assert_ok};
use qc_math::ONE;
use qc_pqc::KeyId;
use qc_traits::{AttunementInspect, IncidentCause, NoteDuty, OnEpochEnd};
use qc_types::{CirCode, Scope};

fn enrol(who: &AccountId, key: KeyId) -> sp_runtime::DispatchResult {
    dispatch(who, Call::enrol_participant { key })
}

fn participant(who: &AccountId) -> crate::types::ParticipantRecord {
    Participants::<Test>::get(who).expect("a participant")
}

/// An epoch in which the participant's packets were accepted.
fn act(who: &AccountId) {
    set_packets(who, ONE);
    Attunement::note_duty(who);
    end_epoch();
}

#[test]
fn a_participant_needs_a_key_of_its_own() {
    execute(|| {
        let (own, others, ended) = (
            set_key(1, &user(9), true),
            set_key(2, &user(8), true),
            set_key(3, &user(9), false),
        );
        assert_noop!(enrol(&user(9), KeyId([9; 32])), Error::<Test>::KeyUnknown);
        assert_noop!(enrol(&user(9), others), Error::<Test>::KeyForeign);
        assert_noop!(enrol(&user(9), ended), Error::<Test>::KeyEnded);
        events();
        assert_ok!(enrol(&user(9), own));
        assert_eq!(events(), [Event::ParticipantEnrolled { who: user(9), key: own }]);
        assert_eq!(atr(&user(9)), (USER_ASSET - BOND, BOND));
        assert_noop!(enrol(&user(9), own), Error::<Test>::KeyUnchanged);
        let next = set_key(4, &user(9), true);
        act(&user(9));
        let psi = participant(&user(9)).psi;
        assert_ok!(enrol(&user(9), next));
        assert_eq!((participant(&user(9)).key, participant(&user(9)).psi), (next, psi));
        assert_eq!(atr(&user(9)), (USER_ASSET - BOND, BOND), "the bond is the same");
    });
}

#[test]
fn one_who_leaves_has_its_bond_back_and_is_forgotten() {
    execute(|| {
        let key = set_key(1, &user(9), true);
        assert_noop!(
            dispatch(&user(9), Call::leave_participant {}),
            Error::<Test>::NotParticipant
        );
        assert_ok!(enrol(&user(9), key));
        act(&user(9));
        Attunement::note_duty(&user(9));
        assert_ok!(dispatch(&user(9), Call::leave_participant {}));
        assert_eq!(atr(&user(9)), (USER_ASSET, 0));
        assert_eq!(Acting::<Test>::get().count(), 0);
        assert_ok!(enrol(&user(9), key));
        assert_eq!(participant(&user(9)).psi, 0);
    });
}

#[test]
fn there_is_a_most() {
    execute(|| {
        let key = set_key(1, &user(9), true);
        assert_ok!(enrol(&user(9), key));
        let record = participant(&user(9));
        undone(|| {
            for n in 1_000..1_000 + PARTICIPANTS_MAX as u16 - 1 {
                Participants::<Test>::insert(user(n), record.clone());
            }
            let key = set_key(2, &user(8), true);
            assert_noop!(enrol(&user(8), key), Error::<Test>::ParticipantsFull);
        });
    });
}

#[test]
fn only_those_who_act_cost_anything() {
    execute(|| {
        for n in [8, 9] {
            let key = set_key(n as u8, &user(n), true);
            assert_ok!(enrol(&user(n), key));
        }
        let idle = participant(&user(8));
        for _ in 0..40 {
            act(&user(9));
            assert_eq!(outcome().participants, 1);
        }
        assert!(participant(&user(9)).psi > ONE * 9 / 10);
        assert_eq!(participant(&user(8)), idle);
        assert_eq!(Acting::<Test>::get().count(), 0);
        let weight = Attunement::on_epoch_end(99);
        assert_eq!(weight.ref_time(), 1_000_000 + 4 * 1_000, "nobody acted");
    });
}

/// A day on which nothing was due of somebody counts as 0: Ψ̄ is not had by waiting, while Ψ stands still. The day that runs counts
/// once something of it is recorded.
#[test]
fn psi_mean_is_not_had_by_waiting() {
    execute(|| {
        let key = set_key(1, &user(9), true);
        assert_ok!(enrol(&user(9), key));
        for _ in 0..30 {
            act(&user(9));
        }
        let psi = participant(&user(9)).psi;
        let mean_on = |day: u32| {
            set_block(day * BLOCKS_PER_DAY);
            Attunement::psi_mean(&user(9)).expect("a participant")
        };
        let last = participant(&user(9)).history.open_day();
        let mean = mean_on(last);
        assert!(mean > 0 && mean < psi);
        assert_eq!(mean_on(last + 1), mean, "nothing was due yet");
        let later = mean_on(last + 50);
        assert!(later > 0 && later < mean / 5, "{later} {mean}");
        assert_eq!(mean_on(last + 100), 0);
        assert_eq!(participant(&user(9)).psi, psi);
        // One good epoch in 90 days is one day of them.
        act(&user(9));
        let after = Attunement::psi_mean(&user(9)).expect("a participant");
        assert!(after > 0 && after <= ONE / 90);
    });
}

#[test]
fn what_cannot_be_computed_of_one_concerns_that_one() {
    execute(|| {
        for n in [8, 9] {
            let key = set_key(n as u8, &user(n), true);
            assert_ok!(enrol(&user(n), key));
        }
        set_packets(&user(8), ONE + 1);
        Attunement::note_duty(&user(8));
        let before = participant(&user(8));
        act(&user(9));
        assert_eq!(participant(&user(8)), before);
        assert!(participant(&user(9)).psi > 0);
        assert_eq!(
            incidents(),
            [(
                CirCode::LocalDissonance,
                Scope::Account(user(8)),
                IncidentCause::Mathematics
            )]
        );
    });
}
