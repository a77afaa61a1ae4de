//! Slashes, removals, the blacklist.

use crate::{
    mock::*,
    types::{CandidateStatus, SlashCause, CANDIDATES_MAX},
    Blacklist, BlacklistEnds, Call, Candidates, Event, Offences, SlashedTotal, UnbondingQueues,
};
use frame_support::{
    assert_ok,
    traits::{fungibles::Inspect, ConstU32},
    BoundedVec,
};
use qc_math::ONE;
use qc_traits::{AttunementInspect, Conduct, Misconduct};
use sp_runtime::Perbill;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Seven founding validators whose Ψ is 1 and whose grace period is over.
pub(super) fn execute_with_seven(test: impl FnOnce()) {
    execute_on(&genesis_of(7, symbols(), ONE), || {
        end_grace(&(1..=7).map(user).collect::<Vec<_>>());
        test();
    });
}

/// Runs epochs without some until a validator is below the threshold; the epoch at whose end it came to be.
pub(super) fn until_fallen(who: &AccountId, offline: &[AccountId]) -> u32 {
    for _ in 0..100 {
        run_epochs_without(1, offline);
        if candidate(who).psi < symbols().psi_slash {
            return outcome().epoch;
        }
    }
    panic!("{who:?} never fell");
}

fn offence(who: &AccountId) -> OffenceDetails<AccountId, (AccountId, ())> {
    OffenceDetails {
        offender: (who.clone(), ()),
        reporters: Vec::new(),
    }
}

fn on_offence(who: &AccountId, session: u32) {
    <Attunement as OnOffenceHandler<AccountId, (AccountId, ()), _>>::on_offence(
        &[offence(who)],
        &[Perbill::from_percent(100)],
        session,
    );
}

#[test]
fn a_fall_is_slashed_once_fifteen_epochs_later_and_removes() {
    execute_with_seven(|| {
        let issuance = Assets::total_issuance(ATR);
        until_fallen(&user(7), &[user(7)]);
        run_epochs_without(14, &[user(7)]);
        assert_eq!(SlashedTotal::<Test>::get(), 0);
        assert_eq!(candidate(&user(7)).status, CandidateStatus::Seeking);
        events();
        run_epochs_without(1, &[user(7)]);
        let slashed = Event::StakeSlashed {
            who: user(7),
            amount: STAKE / 20,
            cause: SlashCause::Fall,
        };
        let seen = events();
        assert!(
            seen.contains(&slashed) && seen.contains(&Event::ValidatorRemoved { who: user(7) }),
            "{seen:?}"
        );
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 20);
        assert_eq!(Assets::total_issuance(ATR), issuance - STAKE / 20);
        assert_eq!(candidate(&user(7)).stake, STAKE - STAKE / 20);
        assert_lawful();
        // Two rotations later it is out; when its standing is clean its record goes.
        run_epochs_without(2, &[user(7)]);
        assert!(!running().contains(&user(7)));
        assert_eq!(running().len(), 6);
        run_epochs(31);
        assert!(!Candidates::<Test>::contains_key(user(7)));
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 20, "once");
        run_epochs(20);
        assert_ok!(dispatch(&user(7), Call::withdraw {}));
        assert_eq!(atr(&user(7)), (USER_ASSET - STAKE / 20, 0));
    });
}

#[test]
fn one_who_recovers_is_slashed_and_stays() {
    execute_with_seven(|| {
        until_fallen(&user(7), &[user(7)]);
        run_epochs(30);
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 20);
        assert!(running().contains(&user(7)));
        assert_eq!(candidate(&user(7)).status, CandidateStatus::Seeking);
        // And at its next fall again.
        until_fallen(&user(7), &[user(7)]);
        run_epochs(30);
        assert!(SlashedTotal::<Test>::get() > STAKE / 20);
    });
}

#[test]
fn nobody_is_slashed_in_its_grace_period() {
    execute_on(&genesis_of(7, symbols(), ONE), || {
        run_epochs_without(50, &[user(7)]);
        assert!(candidate(&user(7)).psi < symbols().psi_slash);
        assert_eq!((SlashedTotal::<Test>::get(), candidate(&user(7)).grace_epochs), (0, 0));
        // Below when it ends is a fall without a crossing: no slash, but a removal.
        events();
        run_epochs_without(20, &[user(7)]);
        assert_eq!(SlashedTotal::<Test>::get(), 0);
        assert!(events().contains(&Event::ValidatorRemoved { who: user(7) }));
    });
}

#[test]
fn an_equivocation_is_slashed_once_a_session_and_bars() {
    execute_with_seven(|| {
        on_offence(&user(3), 0);
        on_offence(&user(3), 0);
        let fifth = STAKE / 5;
        assert_eq!(SlashedTotal::<Test>::get(), fifth);
        assert_eq!(candidate(&user(3)).status, CandidateStatus::Barred);
        assert!(disabled().contains(&user(3)), "at once");
        assert_eq!(Attunement::psi(&user(3)), None, "and is nobody");
        run_epochs(1);
        assert!(
            disabled().contains(&user(3)),
            "and in the next session, which it is in still"
        );
        run_epochs(1);
        assert!(!running().contains(&user(3)));
        on_offence(&user(3), 1);
        assert_eq!(SlashedTotal::<Test>::get(), fifth + (STAKE - fifth) / 5);
        // Equivocations that nobody can prove any more are forgotten.
        run_epochs(OFFENCE_SESSIONS + 1);
        assert_eq!(Offences::<Test>::iter().count(), 0);
    });
}

#[test]
fn one_who_left_is_slashed_for_what_it_did_before() {
    execute_with_seven(|| {
        assert_ok!(dispatch(&user(3), Call::leave {}));
        run_epochs(4);
        assert!(!Candidates::<Test>::contains_key(user(3)));
        on_offence(&user(3), 1);
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 5);
        assert_eq!(UnbondingQueues::<Test>::get(user(3))[0].amount, STAKE - STAKE / 5);
        assert!(Blacklist::<Test>::contains_key(user(3)));
    });
}

#[test]
fn a_slash_takes_the_stake_first_then_the_youngest_unbonding() {
    execute_on(
        &genesis_of(
            7,
            qc_harmonics::symbols::Symbols {
                slash_equivocation: ONE * 95 / 100,
                ..symbols()
            },
            ONE,
        ),
        || {
            assert_ok!(dispatch(&user(1), Call::unbond { amount: STAKE * 3 / 10 }));
            run_epochs(1);
            assert_ok!(dispatch(&user(1), Call::unbond { amount: STAKE * 4 / 10 }));
            on_offence(&user(1), 0);
            assert_eq!(SlashedTotal::<Test>::get(), STAKE * 95 / 100);
            assert_eq!(candidate(&user(1)).stake, 0);
            let queue = UnbondingQueues::<Test>::get(user(1));
            assert_eq!((queue.len(), queue[0].amount, queue[0].due), (1, STAKE / 20, 20));
        },
    );
}

#[test]
fn misconduct_has_its_price() {
    execute_with_seven(|| {
        Attunement::punish(&user(1), Misconduct::SyncStrikes);
        assert_eq!(SlashedTotal::<Test>::get(), 0, "strikes cost no stake");
        Attunement::punish(&user(2), Misconduct::Tampering);
        assert_eq!(SlashedTotal::<Test>::get(), STAKE / 5);
        for n in [1, 2] {
            assert_eq!(Blacklist::<Test>::get(user(n)).map(|record| record.until), Some(40));
        }
        events();
        Attunement::punish(&user(9), Misconduct::Equivocation);
        assert_eq!(events(), [], "nobody who has nothing at stake is touched");
        assert!(!Blacklist::<Test>::contains_key(user(9)));
    });
}

#[test]
fn a_blacklisting_ends() {
    execute_with_seven(|| {
        Attunement::punish(&user(1), Misconduct::SyncStrikes);
        run_epochs(5);
        // A second misconduct prolongs it; the first end passes.
        on_offence(&user(1), 0);
        assert_eq!(Blacklist::<Test>::get(user(1)).map(|record| record.until), Some(45));
        run_epochs(36);
        assert!(Blacklist::<Test>::contains_key(user(1)));
        events();
        run_epochs(5);
        assert!(events().contains(&Event::BlacklistingEnded { who: user(1) }));
        assert_eq!(
            (Blacklist::<Test>::iter().count(), BlacklistEnds::<Test>::iter().count()),
            (0, 0)
        );
        assert!(
            !Candidates::<Test>::contains_key(user(1)),
            "its old stake does not count"
        );
        assert_ok!(dispatch(&user(1), Call::enrol_validator { stake: STAKE }));
        assert_eq!(candidate(&user(1)).psi, 0);
    });
}

/// As many blacklistings end in one epoch as there may be candidates. Who is punished beyond that is barred all the same, and its own
/// ends in the next epoch that has room.
#[test]
fn a_blacklisting_finds_an_epoch_that_has_room() {
    execute_with_seven(|| {
        let full = BoundedVec::<_, ConstU32<CANDIDATES_MAX>>::truncate_from((100..300).map(user).collect());
        assert_eq!(full.len(), 200);
        for epoch in [40, 41] {
            BlacklistEnds::<Test>::insert(epoch, full.clone());
        }
        Attunement::punish(&user(1), Misconduct::SyncStrikes);
        let record = Blacklist::<Test>::get(user(1)).expect("it is blacklisted");
        assert_eq!(
            (record.until, BlacklistEnds::<Test>::get(42).to_vec()),
            (42, vec![user(1)])
        );
        assert_eq!(candidate(&user(1)).status, CandidateStatus::Barred);
        // Where no epoch has room, barred it is too.
        for epoch in 40..200 {
            BlacklistEnds::<Test>::insert(epoch, full.clone());
        }
        Attunement::punish(&user(2), Misconduct::SyncStrikes);
        assert_eq!(candidate(&user(2)).status, CandidateStatus::Barred);
        for epoch in 40..200 {
            BlacklistEnds::<Test>::remove(epoch);
        }
        BlacklistEnds::<Test>::try_append(42, user(1)).expect("there is room");
    });
}

#[test]
fn a_pardon_ends_it_at_once() {
    execute_with_seven(|| {
        Attunement::punish(&user(1), Misconduct::SyncStrikes);
        Attunement::punish(&user(2), Misconduct::SyncStrikes);
        Attunement::pardon(&user(1));
        Attunement::pardon(&user(1));
        assert!(!Blacklist::<Test>::contains_key(user(1)));
        assert_eq!(BlacklistEnds::<Test>::get(40).to_vec(), [user(2)]);
        Attunement::pardon(&user(2));
        assert_eq!(BlacklistEnds::<Test>::iter().count(), 0);
    });
}
