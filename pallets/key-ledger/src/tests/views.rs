//! What the runtime API shows.

use crate::{
    mock::*,
    types::{KeyStatus, Protection, PAGE_ENTRIES_MAX},
    Call,
};
use qc_types::Capabilities;

#[test]
fn entries_come_page_by_page_and_add_up() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        for n in 0..9u8 {
            let capabilities = Capabilities::from_bits(n).expect("a set");
            let (key, who) = (id(1), user(1));
            assert_eq!(classical(&who, Call::set_capabilities { key, capabilities }), Ok(()));
        }
        let all = entries();
        assert_eq!(all.len(), 10);
        for size in 1..=11u32 {
            let mut read = Vec::new();
            loop {
                let page = KeyLedger::entries_page(u64::try_from(read.len()).expect("few"), size);
                assert!(page.len() <= usize::try_from(size).expect("few"));
                if page.is_empty() {
                    break;
                }
                read.extend(page);
            }
            assert_eq!(read, all, "pages of {size}");
        }
        assert_eq!(KeyLedger::entries_page(0, 0), []);
        assert_eq!(KeyLedger::entries_page(10, 5), []);
        assert_eq!(KeyLedger::entries_page(u64::MAX, u32::MAX), []);
        assert_eq!(KeyLedger::entries_page(9, u32::MAX), all[9..]);
    });
}

/// However many are asked for, a page has a bound.
#[test]
fn a_page_has_at_most_256() {
    execute(|| {
        register(&user(1), 1, Capabilities::ALL);
        for n in 0..300u16 {
            let capabilities = [Capabilities::NONE, Capabilities::ALL][usize::from(n % 2)];
            let (key, who) = (id(1), user(1));
            assert_eq!(classical(&who, Call::set_capabilities { key, capabilities }), Ok(()));
        }
        let page = KeyLedger::entries_page(3, u32::MAX);
        assert_eq!(page.len(), usize::try_from(PAGE_ENTRIES_MAX).expect("few"));
        assert_eq!(page.first().map(|entry| entry.index), Some(3));
    });
}

#[test]
fn a_key_is_shown_while_active_with_its_public_key_and_after_without() {
    execute(|| {
        assert_eq!(KeyLedger::key_view(id(1)), None);
        register(&user(1), 1, Capabilities::ALL);
        let view = KeyLedger::key_view(id(1)).expect("it is there");
        assert_eq!((view.id, view.public_key), (id(1), Some(public(1))));
        assert_eq!(classical(&user(1), Call::revoke { key: id(1) }), Ok(()));
        let view = KeyLedger::key_view(id(1)).expect("it stays");
        assert_eq!((view.record.status, view.public_key), (KeyStatus::Revoked, None));
    });
}

#[test]
fn every_account_can_be_shown() {
    execute(|| {
        let stranger = KeyLedger::owner_view(&user(9));
        assert_eq!(
            (stranger.nonce, stranger.protection, stranger.deposit),
            (0, Protection::Classical, 0)
        );
        assert!(stranger.keys.is_empty() && !stranger.requires_pqc);

        protect(&user(1), 1);
        assert_eq!(by_key(1, Call::leave_pqc {}), Ok(()));
        let view = KeyLedger::owner_view(&user(1));
        assert!(view.requires_pqc);
        assert_eq!(view.keys.len(), 2);
        System::set_block_number(System::block_number() + LEAVE_DELAY);
        let left = KeyLedger::owner_view(&user(1));
        assert!(!left.requires_pqc);
        assert_eq!(left.protection, view.protection, "the clock alone makes the difference");
    });
}
