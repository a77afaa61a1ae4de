//! The guard is open for the protocol's own moves only, and shuts whatever happens.

use crate::{guard::with_guard_open, is_guard_open, mock::*};
use frame_support::traits::{
    fungibles::{Balanced, Inspect, InspectHold, Mutate, MutateHold},
    tokens::{
        Fortitude::{Force, Polite},
        Precision::{BestEffort, Exact},
        Preservation::{Expendable, Preserve, Protect},
        Restriction,
    },
};
use qc_traits::CommonsMutate;

const REASON: RuntimeHoldReason = RuntimeHoldReason::Economy(crate::HoldReason::Home);

#[test]
fn it_is_open_inside_and_shut_outside() {
    execute(|| {
        assert!(!is_guard_open());
        let nested = with_guard_open(|| {
            let outer = is_guard_open();
            let inner = with_guard_open(is_guard_open);
            (outer, inner, is_guard_open())
        });
        assert_eq!(nested, (true, true, true));
        assert!(!is_guard_open());
    });
}

#[test]
fn a_panic_shuts_it() {
    execute(|| {
        let caught = std::panic::catch_unwind(|| with_guard_open(|| panic!("on purpose")));
        assert!(caught.is_err());
        assert!(!is_guard_open());
    });
}

#[test]
fn a_failed_protocol_move_shuts_it() {
    execute(|| {
        assert!(Economy::award_chr(&user(1), u128::MAX).is_err());
        assert!(!is_guard_open());
        assert!(Economy::forfeit_chr(&user(1), u128::MAX).is_err());
        assert!(!is_guard_open());
    });
}

/// Whatever another pallet asks of the asset traits, with whatever force, CHR stays where it is while the guard is shut.
#[test]
fn no_trait_of_the_assets_moves_chr_past_a_shut_guard() {
    execute(|| {
        let (from, to) = (user(1), user(2));
        for preservation in [Expendable, Protect, Preserve] {
            assert!(<Assets as Mutate<_>>::transfer(CHR, &from, &to, 1, preservation).is_err());
            for force in [Polite, Force] {
                assert_eq!(Assets::reducible_balance(CHR, &from, preservation, force), 0);
                assert!(Assets::burn_from(CHR, &from, 1, preservation, Exact, force).is_err());
                assert!(Assets::withdraw(CHR, &from, 1, Exact, preservation, force).is_err());
                let some = Assets::withdraw(CHR, &from, 1, BestEffort, preservation, force);
                assert!(some.is_err() || some.is_ok_and(|credit| credit.peek() == 0));
            }
        }
        assert!(!AssetsHolder::can_hold(CHR, &REASON, &from, 1));
        assert!(AssetsHolder::hold(CHR, &REASON, &from, 1).is_err());
        assert_eq!(Assets::total_balance(CHR, &from), USER_CHR);
        assert_eq!(AssetsHolder::total_balance_on_hold(CHR, &from), 0);
    });
}

/// `pallet-assets` takes what is held off what is frozen: a freeze over the free part alone would let as much out as is held.
#[test]
fn what_is_held_does_not_thaw_what_is_free() {
    execute(|| {
        for held in [1, USER_CHR / 2, USER_CHR - 1] {
            undone(|| {
                with_guard_open(|| AssetsHolder::hold(CHR, &REASON, &user(1), held)).expect("the protocol may hold");
                assert_eq!(Assets::balance(CHR, user(1)), USER_CHR - held);
                assert_eq!(Assets::reducible_balance(CHR, &user(1), Expendable, Force), 0);
                assert!(<Assets as Mutate<_>>::transfer(CHR, &user(1), &user(2), 1, Expendable).is_err());
                assert_eq!(Economy::transferable(&user(1), qc_types::TokenId::Chr), 0);
                assert_lawful();
            });
        }
    });
}

/// Held PSY can go to nobody either while its owner may not move it.
#[test]
fn a_hold_on_psy_takes_its_owners_coherence() {
    execute(|| {
        assert!(AssetsHolder::hold(PSY, &REASON, &user(1), 1).is_err());
        set_coherent(&user(1), true);
        AssetsHolder::hold(PSY, &REASON, &user(1), 2_000).expect("a coherent owner may have it held");
        set_coherent(&user(1), false);
        assert_eq!(Assets::reducible_balance(PSY, &user(1), Expendable, Polite), 0);
        assert!(<Assets as Mutate<_>>::transfer(PSY, &user(1), &user(2), 1, Expendable).is_err());
        AssetsHolder::release(PSY, &REASON, &user(1), 2_000, Exact).expect("what is held can be given back");
        assert!(
            AssetsHolder::transfer_on_hold(PSY, &REASON, &user(1), &user(2), 1, Exact, Restriction::Free, Polite)
                .is_err()
        );
        assert_eq!(Assets::total_balance(PSY, &user(1)), USER_ASSET);
    });
}
