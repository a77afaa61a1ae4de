//! The replay: entries come to what the chain has, and nothing that cannot be is let through (KEY-1).

use crate::{
    mock::*,
    replay::{replay, Fault, LedgerState, ReplayError},
    types::{Change, Changes, Entry, LedgerHead, Operation, ENTRY_DOMAIN},
    Call,
};
use qc_pqc::Scheme;
use qc_types::Capabilities;

/// Chains entries anew, as somebody would who can hash.
fn resealed(mut entries: Vec<Entry<AccountId>>) -> Vec<Entry<AccountId>> {
    let mut head = LedgerHead::default();
    for entry in &mut entries {
        let changes = core::mem::take(&mut entry.changes);
        *entry = Entry::following(head, entry.block, entry.owner.clone(), changes);
        head = entry.head().expect("few entries");
    }
    entries
}

/// A ledger in which everything happens that can: two accounts, every kind of change, commits, protection left and kept.
pub fn full_life() -> Vec<Entry<AccountId>> {
    let mut made = Vec::new();
    execute(|| {
        let all = Capabilities::ALL;
        let at = |block| System::set_block_number(block);
        at(2);
        register(&user(1), 1, all);
        at(3);
        register(&user(2), 2, Capabilities::TRANSFER.union(Capabilities::MANAGE));
        register(&user(1), 3, Capabilities::MANAGE);
        at(10);
        assert_eq!(by_key(1, Call::require_pqc {}), Ok(()));
        let operations = vec![
            register_at(&user(1), 2, 4, Capabilities::SEAL),
            rotate_at(&user(1), 3, 1, 5, all),
            Operation::SetCapabilities {
                key: id(4),
                capabilities: Capabilities::SEAL.union(Capabilities::VALIDATE),
            },
        ];
        assert_eq!(by_key(1, commit(operations)), Ok(()));
        at(300);
        assert_eq!(by_key(5, Call::leave_pqc {}), Ok(()));
        assert_eq!(by_key(3, Call::keep_pqc {}), Ok(()));
        assert_eq!(by_key(5, Call::leave_pqc {}), Ok(()));
        at(301);
        assert_eq!(by_key(3, Call::revoke { key: id(5) }), Ok(()));
        let rotation = rotate_at(&user(2), 1, 2, 6, Capabilities::TRANSFER.union(Capabilities::MANAGE));
        assert_eq!(classical(&user(2), call(rotation)), Ok(()));
        assert_eq!(by_key(3, Call::leave_pqc {}), Ok(()));
        at(301 + LEAVE_DELAY);
        let operations = vec![
            Operation::Revoke { key: id(3) },
            Operation::Revoke { key: id(4) },
            register_at(&user(1), 8, 7, all),
            register_at(&user(1), 9, 8, all),
        ];
        assert_eq!(classical(&user(1), commit(operations)), Ok(()));
        assert_eq!(by_key(8, Call::require_pqc {}), Ok(()));
        made = entries();
    });
    made
}

/// Ledgers that do not hold, each with the first entry that does not and why. The entries are those of [`full_life`]:
/// 0 and 2 register keys 1 and 3 of account 1, 1 key 2 of account 2; 3 requires; 4 commits; 5 leaves, 6 keeps, 7 leaves; 8
/// revokes key 5 and keeps; 9 rotates 2 to 6; 10 leaves; 11 commits, classically; 12 requires again.
pub fn faulty() -> Vec<(Vec<Entry<AccountId>>, ReplayError)> {
    let life = full_life();
    let mut cases = Vec::new();
    let mut touch = |at: u64, fault, change: &dyn Fn(&mut Vec<Entry<AccountId>>)| {
        let mut entries = life.clone();
        change(&mut entries);
        cases.push((entries, ReplayError { at, fault }));
    };
    // Cut, doubled, reordered, overwritten.
    touch(0, Fault::IndexWrong, &|entries| drop(entries.remove(0)));
    touch(4, Fault::IndexWrong, &|entries| drop(entries.remove(4)));
    touch(5, Fault::IndexWrong, &|entries| entries.insert(5, entries[4].clone()));
    touch(1, Fault::IndexWrong, &|entries| entries.swap(1, 2));
    touch(0, Fault::PreviousWrong, &|entries| entries[0].previous = [1; 32]);
    touch(3, Fault::PreviousWrong, &|entries| {
        entries[3].previous = entries[1].hash
    });
    touch(6, Fault::HashWrong, &|entries| entries[6].hash[0] ^= 1);
    touch(6, Fault::HashWrong, &|entries| entries[6].block += 1);
    touch(6, Fault::HashWrong, &|entries| entries[6].owner = user(2));
    touch(12, Fault::HashWrong, &|entries| entries[12].changes.clear());
    touch(4, Fault::HashWrong, &|entries| entries[4].changes.as_mut().swap(0, 1));
    touch(0, Fault::HashWrong, &|entries| {
        entries[0].changes[0] = Change::Registered {
            key: id(1),
            scheme: Scheme::MlDsa87,
            capabilities: Capabilities::TRANSFER,
        };
    });
    // By somebody who can hash: what follows no longer fits.
    touch(5, Fault::PreviousWrong, &|entries| {
        entries[4].block += 1;
        entries[4].hash = entries[4].canonical_hash();
    });
    // By somebody who can hash and chains all anew: what it says cannot be.
    let mut forge = |at: usize, fault, changes: &[Change]| {
        touch(u64::try_from(at).expect("few"), fault, &|entries| {
            entries[at].changes = Changes::try_from(changes.to_vec()).expect("they fit");
            *entries = resealed(core::mem::take(entries));
        });
    };
    let registered = |n| Change::Registered {
        key: id(n),
        scheme: Scheme::MlDsa87,
        capabilities: Capabilities::ALL,
    };
    let rotated = |from, to| Change::Rotated {
        from: id(from),
        to: id(to),
        scheme: Scheme::MlDsa87,
    };
    let set = |n| Change::CapabilitiesSet {
        key: id(n),
        capabilities: Capabilities::ALL,
    };
    let revoked = |n| Change::Revoked { key: id(n) };
    let leaving = |n| Change::PqcLeaving { at: 1, by: id(n) };
    forge(3, Fault::NothingChanged, &[]);
    for taken in [1, 2] {
        forge(2, Fault::KeyExists, &[registered(taken)]);
        forge(4, Fault::KeyExists, &[rotated(1, taken)]);
    }
    forge(9, Fault::KeyExists, &[rotated(2, 5)]);
    for (change, of) in [
        (rotated(77, 78), 0),
        (set(77), 0),
        (revoked(77), 0),
        (leaving(77), 0),
        (rotated(2, 78), 1),
        (set(2), 1),
        (revoked(2), 1),
        (leaving(2), 1),
        (rotated(1, 78), 2),
        (set(1), 2),
        (revoked(1), 2),
        (leaving(1), 2),
    ] {
        let fault = [Fault::KeyUnknown, Fault::KeyForeign, Fault::KeyEnded][of];
        forge(5, fault, &[change]);
    }
    forge(8, Fault::KeyEnded, &[revoked(5), revoked(5)]);
    forge(3, Fault::ProtectionWrong, &[Change::PqcKept]);
    forge(3, Fault::ProtectionWrong, &[leaving(1)]);
    forge(5, Fault::ProtectionWrong, &[Change::PqcRequired]);
    forge(5, Fault::ProtectionWrong, &[Change::PqcKept]);
    forge(6, Fault::ProtectionWrong, &[leaving(3)]);
    touch(0, Fault::ProtectionWrong, &|entries| {
        entries[0].changes = Changes::try_from(vec![Change::PqcRequired]).expect("it fits");
        *entries = resealed(core::mem::take(entries));
    });
    touch(4, Fault::BlockFell, &|entries| {
        entries[4].block = 9;
        *entries = resealed(core::mem::take(entries));
    });
    cases
}

#[test]
fn nothing_replays_to_the_empty_ledger() {
    let state = replay::<AccountId>(&[]).expect("there is nothing wrong");
    assert_eq!(state, LedgerState::default());
    assert_eq!(state.head, LedgerHead::default());
}

#[test]
fn a_full_life_replays_from_its_entries_alone() {
    let life = full_life();
    assert_eq!(life.len(), 13);
    let state = replay(&life).expect("it holds");
    assert_eq!(state.head, life[12].head().expect("few"));
    assert_eq!(state.keys.len(), 8);
    assert_eq!(state.owners.len(), 2);
    // Resealing what was sealed changes nothing.
    assert_eq!(resealed(life.clone()), life);
}

#[test]
fn the_first_entry_that_does_not_hold_is_named() {
    let cases = faulty();
    assert!(cases.len() > 30);
    for (entries, expected) in cases {
        assert_eq!(replay(&entries), Err(expected));
    }
}

/// Every single bit of an entry is under its hash.
#[test]
fn no_bit_of_an_entry_can_change_unseen() {
    use codec::{Decode, Encode};
    let life = full_life();
    let encoded = life[4].encode();
    for bit in 0..encoded.len() * 8 {
        let mut bytes = encoded.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Ok(touched) = Entry::<AccountId>::decode(&mut &bytes[..]) else {
            continue;
        };
        let mut entries = life.clone();
        entries[4] = touched;
        let error = replay(&entries).expect_err("a bit is another");
        assert_eq!(error.at, 4, "bit {bit}");
    }
}

/// The canonical encoding, put together by hand as docs/protocol/keys.md has it.
#[test]
fn the_canonical_encoding_is_as_documented() {
    let life = full_life();
    let entry = &life[4];
    let mut bytes = b"qc/key-ledger/v1".to_vec();
    bytes.extend(4u64.to_le_bytes());
    bytes.extend(life[3].hash);
    bytes.extend(10u32.to_le_bytes());
    bytes.extend([1; 32]);
    bytes.push(3 << 2);
    bytes.push(0);
    bytes.extend(id(4).0);
    bytes.extend([0, 8]);
    bytes.push(1);
    bytes.extend(id(1).0);
    bytes.extend(id(5).0);
    bytes.push(0);
    bytes.push(2);
    bytes.extend(id(4).0);
    bytes.push(12);
    assert_eq!(entry.canonical(), bytes);
    assert_eq!(entry.hash, sp_io::hashing::sha2_256(&bytes));
    assert_eq!(ENTRY_DOMAIN, b"qc/key-ledger/v1");
    // The protections.
    let of = |at: usize| life[at].changes[0];
    assert_eq!(scale(of(3)), [4]);
    let mut leaving = vec![5];
    leaving.extend((300 + LEAVE_DELAY).to_le_bytes());
    leaving.extend(id(5).0);
    assert_eq!(scale(of(5)), leaving);
    assert_eq!(scale(of(6)), [6]);
}
