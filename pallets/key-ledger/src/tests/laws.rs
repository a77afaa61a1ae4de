//! The checkers themselves: each law is broken on purpose, by as little as can be, and must say so (KEY-1, KEY-2).

use crate::{
    mock::*,
    replay::Fault,
    types::{KeyStatus, Protection},
    Authorised, Call, Entries, Head, Keys, LawBreach, Owners, PublicKeys,
};
use qc_types::Capabilities;

/// The breach that follows from what `fault` does to a ledger with some life in it: account 1 is protected by keys 1 and 2, key
/// 3 is rotated out to 4 and 5 revoked, both of account 2.
fn breach(fault: impl FnOnce()) -> LawBreach {
    let mut found = None;
    execute(|| {
        protect(&user(1), 1);
        register(&user(2), 3, Capabilities::SEAL);
        let rotation = rotate_at(&user(2), 1, 3, 4, Capabilities::SEAL);
        assert_eq!(classical(&user(2), call(rotation)), Ok(()));
        register(&user(2), 5, Capabilities::SEAL);
        assert_eq!(classical(&user(2), Call::revoke { key: id(5) }), Ok(()));
        assert_lawful();
        found = undone(|| {
            fault();
            KeyLedger::check_laws().err()
        });
    });
    found.expect("the fault must be found")
}

const EVERY_KEY: &str = "KEY-1: every key is as its changes say";
const EVERY_ACCOUNT: &str = "KEY-1: every account is as its changes say";
const EVERY_INDEX: &str = "KEY-1: an entry for every index below the head, and no other";
const EVERY_ENTRY: &str = "KEY-1: every entry holds";

#[test]
fn a_chain_that_was_cut_is_found() {
    let missing = breach(|| Entries::<Test>::remove(3));
    assert_eq!(missing.law(), EVERY_INDEX);
    let missing = breach(|| Entries::<Test>::remove(0));
    assert_eq!(missing.law(), EVERY_INDEX);
    let beyond = breach(|| {
        let entry = Entries::<Test>::get(0).expect("the first");
        Entries::<Test>::insert(99, entry);
    });
    assert_eq!(beyond.law(), EVERY_INDEX);
    let longer = breach(|| Head::<Test>::mutate(|head| head.count += 1));
    assert_eq!(longer.law(), EVERY_INDEX);
    let other = breach(|| Head::<Test>::mutate(|head| head.hash[31] ^= 1));
    assert_eq!(other.law(), "KEY-1: the head is the last entry's hash");
    // Cut at the end, head and all: what the keys are tells.
    let shorter = breach(|| {
        let last = Entries::<Test>::take(Head::<Test>::get().count - 1).expect("the last");
        Head::<Test>::mutate(|head| {
            head.count -= 1;
            head.hash = last.previous;
        });
    });
    assert_eq!(shorter.law(), EVERY_KEY);
}

#[test]
fn an_entry_that_was_touched_is_found() {
    let touch = |change: fn(&mut crate::types::Entry<AccountId>)| breach(|| Entries::<Test>::mutate_extant(2, change));
    let faults = [
        (touch(|entry| entry.index += 1), Fault::IndexWrong),
        (touch(|entry| entry.previous[0] ^= 1), Fault::PreviousWrong),
        (touch(|entry| entry.hash[0] ^= 1), Fault::HashWrong),
        (touch(|entry| entry.block += 1), Fault::HashWrong),
        (touch(|entry| entry.owner = user(3)), Fault::HashWrong),
        (touch(|entry| entry.changes.clear()), Fault::HashWrong),
    ];
    for (found, fault) in faults {
        assert_eq!((found.law(), found.fault()), (EVERY_ENTRY, Some(fault)));
    }
    // Hashed anew, it does not fit what follows.
    let found = touch(|entry| {
        entry.block += 1;
        entry.hash = entry.canonical_hash();
    });
    assert_eq!((found.law(), found.fault()), (EVERY_ENTRY, Some(Fault::PreviousWrong)));
}

#[test]
fn a_key_that_is_not_as_its_changes_say_is_found() {
    let touch = |n: u16, change: fn(&mut crate::types::KeyRecord<AccountId>)| {
        breach(|| Keys::<Test>::mutate_extant(id(n), change)).law()
    };
    assert_eq!(touch(1, |record| record.owner = user(3)), EVERY_KEY);
    assert_eq!(touch(4, |record| record.capabilities = Capabilities::ALL), EVERY_KEY);
    assert_eq!(touch(5, |record| record.status = KeyStatus::Active), EVERY_KEY);
    assert_eq!(touch(3, |record| record.status = KeyStatus::Revoked), EVERY_KEY);
    assert_eq!(touch(4, |record| record.since += 1), EVERY_KEY);
    assert_eq!(touch(5, |record| record.ended = None), EVERY_KEY);
    assert_eq!(breach(|| Keys::<Test>::remove(id(5))).law(), EVERY_KEY);
    let stranger = breach(|| {
        let record = Keys::<Test>::get(id(5)).expect("it stays");
        Keys::<Test>::insert(id(9), record);
    });
    assert_eq!(stranger.law(), EVERY_KEY);
}

#[test]
fn an_account_that_is_not_as_its_changes_say_is_found() {
    let touch = |n: u8, change: fn(&mut crate::types::OwnerRecord)| {
        breach(|| {
            Owners::<Test>::mutate(user(n), |owner| change(owner.as_mut().expect("an owner")));
        })
        .law()
    };
    assert_eq!(touch(2, |owner| owner.nonce -= 1), EVERY_ACCOUNT);
    assert_eq!(
        touch(1, |owner| owner.protection = Protection::Classical),
        EVERY_ACCOUNT
    );
    assert_eq!(touch(2, |owner| owner.keys.clear()), EVERY_ACCOUNT);
    assert_eq!(touch(1, |owner| owner.keys.as_mut().swap(0, 1)), EVERY_ACCOUNT);
    assert_eq!(breach(|| Owners::<Test>::remove(user(2))).law(), EVERY_ACCOUNT);
    assert_eq!(
        breach(|| Owners::<Test>::insert(user(7), crate::types::OwnerRecord::default())).law(),
        EVERY_ACCOUNT
    );
}

#[test]
fn a_public_key_of_the_wrong_one_is_found() {
    const OF_ITS_ID: &str = "KEY-2: the public key of an active key is the one of its id";
    assert_eq!(breach(|| PublicKeys::<Test>::remove(id(4))).law(), OF_ITS_ID);
    assert_eq!(breach(|| PublicKeys::<Test>::insert(id(4), public(3))).law(), OF_ITS_ID);
    assert_eq!(
        breach(|| PublicKeys::<Test>::insert(id(5), public(5))).law(),
        "KEY-2: no public key of a key that is not active"
    );
}

/// With a clock that goes back, which none does: account 1 left, gave up keys, and is protected again.
#[test]
fn a_protection_that_nobody_could_come_to_is_found() {
    let back_again = |revoked: &'static [u16]| {
        breach(|| {
            assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
            let now = System::block_number();
            System::set_block_number(now + LEAVE_DELAY);
            for n in revoked {
                assert_eq!(classical(&user(1), Call::revoke { key: id(*n) }), Ok(()));
            }
            assert_lawful();
            System::set_block_number(now);
        })
        .law()
    };
    assert_eq!(
        back_again(&[1]),
        "KEY-2: a pending leave was asked for by an active MANAGE key"
    );
    assert_eq!(
        back_again(&[1, 2]),
        "KEY-2: a protected account has an active MANAGE key"
    );
}

#[test]
fn a_deposit_that_does_not_add_up_is_found() {
    const LAW: &str = "deposits add up";
    use frame_support::traits::{fungible::MutateHold, tokens::Precision::Exact};
    let reason = crate::HoldReason::KeyLedger.into();
    assert_eq!(
        breach(|| {
            Balances::release(&reason, &user(2), 1, Exact).expect("it is held");
        })
        .law(),
        LAW
    );
    assert_eq!(
        breach(|| Balances::hold(&reason, &user(1), 1).expect("it is free")).law(),
        LAW
    );
    assert_eq!(
        breach(|| Keys::<Test>::mutate_extant(id(4), |record| record.deposit -= 1)).law(),
        LAW
    );
    assert_eq!(
        breach(|| Keys::<Test>::mutate_extant(id(5), |record| record.deposit = 1)).law(),
        "a key that ended has no deposit"
    );
}

#[test]
fn somebody_left_authorised_is_found() {
    let left = breach(|| Authorised::<Test>::put((user(1), id(1))));
    assert_eq!(left.law(), "KEY-2: nobody is authorised between two transactions");
}
