//! When a report is sent, when not, and what is said about it.

use super::*;

#[test]
fn why_nothing_is_sent_is_said_once_an_epoch() {
    let cases: [(&str, Change); 6] = [
        ("version", |tables| tables.due.version += 1),
        ("key_unknown", |tables| tables.standing = None),
        ("key_ended", |tables| tables.standing.as_mut().unwrap().active = false),
        ("seal_missing", |tables| tables.standing.as_mut().unwrap().seals = false),
        ("not_in_set", |tables| {
            tables.due.validators.remove(0);
        }),
        ("void", |tables| tables.set_status(Status::Void)),
    ];
    for (expected, change) in cases {
        let mut tables = Tables::new();
        change(&mut tables);
        let mut bench = Bench::new(tables);
        assert!((2..150).all(|after| bench.at(after).is_none()));
        assert_eq!(bench.reasons(), [expected]);
        bench.tables.borrow_mut().next_epoch();
        assert!((2..150).all(|after| bench.at(after).is_none()));
        assert_eq!(bench.reasons(), [expected, expected], "said again in the next epoch");
    }
    let mut bench = Bench::new(Tables::new());
    bench.restart(None);
    assert!((2..150).all(|after| bench.at(after).is_none()));
    assert_eq!(bench.reasons(), ["no_key"]);
}

#[test]
fn what_is_not_final_is_not_reported() {
    let mut bench = Bench::new(Tables::new());
    assert!(bench.at(0).is_none() && bench.at(1).is_none(), "not finalised yet");
    bench.tables.borrow_mut().due.hash = None;
    assert!((2..50).all(|after| bench.at(after).is_none()));
    assert!(bench.events.is_empty());
    bench.tables.borrow_mut().due.hash = Some(H256::repeat_byte(43));
    assert!((2..50).all(|after| bench.at(after).is_none()));
    assert_eq!(bench.reasons(), ["other_fork"]);
}

/// Why nothing came of epochs that went by without a word is said when the next one is due, of the last ten.
#[test]
fn epochs_that_went_by_are_explained() {
    let mut bench = Bench::new(Tables::new());
    let explained = |bench: &mut Bench| {
        let of = |event: Event| match event {
            Event::Skipped { epoch, reason } => Some((epoch, reason.label())),
            _ => None,
        };
        std::mem::take(&mut bench.events)
            .into_iter()
            .filter_map(of)
            .collect::<Vec<_>>()
    };
    let go_on = |bench: &Bench, epochs: u32| (0..epochs).for_each(|_| bench.tables.borrow_mut().next_epoch());
    // The boundary block is not final before the next epoch closes.
    assert!(bench.at(0).is_none() && bench.at(1).is_none());
    go_on(&bench, 1);
    assert!(bench.at(0).is_none());
    assert_eq!(explained(&mut bench), [(EPOCH, "not_final")]);
    bench.until_sent();
    // When the best chain changes around the boundary, nothing is missed.
    go_on(&bench, 1);
    bench.at(0);
    let next = bench.tables.borrow().due.clone();
    bench.tables.borrow_mut().due = Due {
        epoch: next.epoch - 1,
        boundary: next.boundary - 150,
        ..next.clone()
    };
    bench.at(149);
    bench.tables.borrow_mut().due = next;
    bench.until_sent();
    assert_eq!(explained(&mut bench), []);
    // The node catches up with epochs that it never saw.
    bench.worker.catches_up();
    go_on(&bench, 3);
    bench.at(2);
    assert_eq!(explained(&mut bench), [(EPOCH + 3, "syncing"), (EPOCH + 4, "syncing")]);
    // Signed, and then nothing was final until the next epoch had closed; the one that was sent is not among them.
    go_on(&bench, 1);
    bench.until_sent();
    assert_eq!(explained(&mut bench), [(EPOCH + 5, "not_final")]);
    go_on(&bench, 500);
    bench.at(0);
    let expected: Vec<_> = (EPOCH + 496..EPOCH + 506).map(|epoch| (epoch, "not_final")).collect();
    assert_eq!(explained(&mut bench), expected);
    // What the runtime did not answer is the reason, where that was it.
    bench.tables.borrow_mut().silent = true;
    bench.at(2);
    bench.tables.borrow_mut().silent = false;
    go_on(&bench, 1);
    bench.at(0);
    assert_eq!(explained(&mut bench), [(EPOCH + 506, "unanswered")]);
}

/// A report that the pool refuses or loses is given to it again, the same bytes.
#[test]
fn what_the_pool_loses_is_given_to_it_again() {
    let mut bench = Bench::new(Tables::new());
    let first = (2..50).find_map(|after| bench.at(after).map(|signed| (after, signed)));
    let (sent_at, first) = first.unwrap();
    bench.worker.submitted(Err("full".into()), &mut bench.events);
    assert_eq!(bench.reasons(), ["refused"]);
    for after in sent_at + 1..sent_at + SUBMIT_AGAIN_BLOCKS {
        assert_eq!(bench.at(after), None);
    }
    assert_eq!(bench.at(sent_at + SUBMIT_AGAIN_BLOCKS), Some(first.clone()));
    bench.worker.submitted(Ok(()), &mut bench.events);
    assert_eq!(bench.events.last(), Some(&Event::Sent(first.report.clone())));
    assert_eq!(bench.at(sent_at + 2 * SUBMIT_AGAIN_BLOCKS), Some(first));
    bench.worker.submitted(Ok(()), &mut bench.events);
    assert_eq!(bench.events.len(), 2, "sent once, as far as anybody is told");
}

/// Reports of many validators are spread over the first third of the epoch and over nothing else.
#[test]
fn reports_are_spread_over_a_third_of_the_epoch() {
    let due = |boundary, epoch| Due {
        boundary,
        epoch,
        ..Tables::new().due
    };
    let offsets: std::collections::BTreeSet<_> = (0..200u8).map(|key| jitter(KeyId([key; 32]), &due(600, 3))).collect();
    assert!(
        offsets.len() > 40 && offsets.iter().all(|blocks| *blocks < 50),
        "{offsets:?}"
    );
    assert!((0..100).all(|epoch| jitter(KeyId([1; 32]), &due(10 * (epoch + 1), epoch)) < 3));
    assert_eq!(jitter(KeyId([1; 32]), &due(1, 0)), 0);
    let by_epoch: std::collections::BTreeSet<_> = (0..20)
        .map(|epoch| jitter(KeyId([1; 32]), &due(150 * (epoch + 1), epoch)))
        .collect();
    assert!(by_epoch.len() > 5);
}
