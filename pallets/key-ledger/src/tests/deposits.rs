//! What is kept is paid for: a public key while it is there, records and entries for ever.

use crate::{mock::*, types::Operation, Call, Keys};
use qc_types::{Balance, Capabilities};

const FOR_EVER: Balance = RECORD_DEPOSIT + ENTRY_DEPOSIT;

#[test]
fn each_step_of_a_life_holds_what_it_keeps() {
    execute(|| {
        let total = || Balances::free_balance(user(1)) + held(&user(1));
        register(&user(1), 1, Capabilities::ALL);
        assert_eq!(held(&user(1)), KEY_DEPOSIT + FOR_EVER);
        register(&user(1), 2, Capabilities::ALL);
        assert_eq!(held(&user(1)), 2 * (KEY_DEPOSIT + FOR_EVER));
        let rotation = rotate_at(&user(1), 2, 1, 3, Capabilities::ALL);
        assert_eq!(classical(&user(1), call(rotation)), Ok(()));
        assert_eq!(held(&user(1)), 2 * KEY_DEPOSIT + 3 * FOR_EVER, "one key for another");
        let (key, capabilities) = (id(3), Capabilities::SEAL);
        assert_eq!(
            classical(&user(1), Call::set_capabilities { key, capabilities }),
            Ok(())
        );
        assert_eq!(held(&user(1)), 2 * KEY_DEPOSIT + 3 * FOR_EVER + ENTRY_DEPOSIT);
        for key in [id(2), id(3)] {
            assert_eq!(classical(&user(1), Call::revoke { key }), Ok(()));
        }
        assert_eq!(
            held(&user(1)),
            3 * FOR_EVER + 3 * ENTRY_DEPOSIT,
            "what stays is held for ever"
        );
        assert_eq!(KeyLedger::owner_view(&user(1)).deposit, held(&user(1)));
        assert_eq!(total(), USER_FLX, "nothing is spent");
    });
}

#[test]
fn a_commit_pays_for_each_change() {
    execute(|| {
        let operations = vec![
            register_at(&user(1), 0, 1, Capabilities::ALL),
            register_at(&user(1), 1, 2, Capabilities::ALL),
            Operation::Revoke { key: id(1) },
        ];
        assert_eq!(classical(&user(1), commit(operations)), Ok(()));
        assert_eq!(held(&user(1)), KEY_DEPOSIT + 2 * RECORD_DEPOSIT + 3 * ENTRY_DEPOSIT);
    });
}

#[test]
fn protection_pays_for_its_entries() {
    execute(|| {
        protect(&user(1), 1);
        let before = held(&user(1));
        assert_eq!(before, 2 * (KEY_DEPOSIT + FOR_EVER) + ENTRY_DEPOSIT);
        for call in [Call::leave_pqc {}, Call::keep_pqc {}] {
            assert_eq!(by_key(1, call), Ok(()));
        }
        assert_eq!(held(&user(1)), before + 2 * ENTRY_DEPOSIT);
    });
}

/// What was held is what is given back, whatever a later version of the runtime asks for a new key.
#[test]
fn a_key_gives_back_what_was_held_for_it() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        undone(|| {
            let cheaper = KEY_DEPOSIT - 700;
            Keys::<Test>::mutate_extant(id(1), |record| record.deposit = cheaper);
            let before = held(&user(1));
            assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
            assert_eq!(held(&user(1)), before - cheaper + ENTRY_DEPOSIT);
        });
    });
}

/// A holder of deposits cannot be reaped: what is held for ever keeps the account in being.
#[test]
fn what_is_held_cannot_be_spent() {
    execute(|| {
        use frame_support::traits::{
            fungible::Mutate,
            tokens::Preservation::{Expendable, Preserve},
        };
        register(&user(1), 1, Capabilities::ALL);
        let free = Balances::free_balance(user(1));
        assert!(Balances::transfer(&user(1), &user(2), free, Expendable).is_err());
        assert!(Balances::transfer(&user(1), &user(2), free - ED, Preserve).is_ok());
        assert_eq!(held(&user(1)), KEY_DEPOSIT + FOR_EVER);
    });
}
