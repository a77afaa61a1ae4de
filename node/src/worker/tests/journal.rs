//! Never two things about one epoch, whatever happens to the node.

use super::*;

/// A node that is killed after it signed sends the very same bytes, whatever its state says meanwhile.
#[test]
fn after_a_restart_the_same_bytes_are_sent() {
    let mut bench = Bench::new(Tables::new());
    let first = bench.until_sent();
    bench.restart(Some(alice()));
    bench
        .tables
        .borrow_mut()
        .state
        .insert(CODE.to_vec(), b"other code".to_vec());
    assert_eq!(bench.until_sent(), first);
    // On the chain meanwhile: nothing is sent.
    bench.restart(Some(alice()));
    bench.tables.borrow_mut().set_status(Status::Reported);
    assert!((2..150).all(|after| bench.at(after).is_none()));
    assert_eq!(bench.reasons(), ["on_chain"]);
}

/// Another key of the same validator's signs the same report, so the chain cannot hold two against it.
#[test]
fn another_key_signs_the_same_report() {
    let mut bench = Bench::new(Tables::new());
    let first = bench.until_sent();
    bench.restart(Some(SecretKey::from_seed(&[5; 32]).into()));
    bench
        .tables
        .borrow_mut()
        .state
        .insert(CODE.to_vec(), b"other code".to_vec());
    let second = bench.until_sent();
    assert_eq!(second.report, first.report);
    assert_ne!(second.key, first.key);
}

#[test]
fn nothing_else_is_signed_about_an_epoch_that_was_signed() {
    let mut bench = Bench::new(Tables::new());
    bench.tables.borrow_mut().next_epoch();
    bench.until_sent();
    let file = bench.worker.journal.path(&validator(0));
    let text = std::fs::read(&file).unwrap();
    // The chain begins anew, and is at an earlier epoch.
    *bench.tables.borrow_mut() = Tables::new();
    bench.restart(Some(alice()));
    assert!((2..150).all(|after| bench.at(after).is_none()));
    assert_eq!(bench.reasons(), ["signed_before"]);
    // A file that is not whole: nothing is known, so nothing is signed.
    for damaged in [&text[..text.len() - 1], &[], b"hello"] {
        std::fs::write(&file, damaged).unwrap();
        bench.restart(Some(alice()));
        assert!((2..150).all(|after| bench.at(after).is_none()));
        assert_eq!(bench.reasons(), ["journal"]);
    }
    // Another chain, another validator: other files.
    let other = Journal::new(bench.folder.path().join("reports"), H256::repeat_byte(7));
    assert!(other.last(&validator(0)).unwrap().is_none());
    assert!(bench.worker.journal.last(&validator(1)).unwrap().is_none());
}
