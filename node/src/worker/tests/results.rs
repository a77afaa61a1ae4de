//! What is reported, and what is noticed: sound state, patched results, corrupted inputs.

use super::*;

/// (a) Sound state: the report says what the mathematics give, to the last digit, and its signature is good.
#[test]
fn a_sound_epoch_is_reported_once() {
    let mut bench = Bench::new(Tables::new());
    let signed = bench.until_sent();
    let results = bench.tables.borrow().results.clone();
    let report = &signed.report;
    assert_eq!(Some(report.coherence), results.coherence);
    assert!(report.coherence > ONE / 4 && report.coherence < ONE);
    let expected: Vec<_> = [0u8, 1, 4]
        .map(|shard| (shard, results.densities[usize::from(shard)]))
        .into();
    assert_eq!(report.densities.pairs(), expected);
    assert_eq!((report.epoch, report.version), (EPOCH, HARMONICS_VERSION));
    assert_eq!(
        (report.boundary, report.code_hash),
        (BOUNDARY.0, blake2_256(b"some code"))
    );
    let key = alice();
    assert_eq!(signed.key, key.id);
    let good = |genesis: &[u8; 32]| {
        verify(
            key.secret.public(),
            Purpose::Report,
            genesis,
            &report.payload(),
            &signed.signature,
        )
    };
    assert!(good(GENESIS.as_fixed_bytes()) && !good(&[2; 32]));

    assert_eq!(bench.events, [Event::Sent(report.clone())]);
    bench.tables.borrow_mut().set_status(Status::Reported);
    for after in 50..150 {
        assert_eq!(bench.at(after), None, "{after}");
    }
    assert_eq!(bench.events, [Event::Sent(report.clone()), Event::Included(EPOCH)]);
    bench.tables.borrow_mut().set_status(Status::Missing);
    bench.tables.borrow_mut().next_epoch();
    assert_eq!(bench.until_sent().report.epoch, EPOCH + 1);
}

/// (b) The runtime's results are patched: noticed once, and the native values are reported.
#[test]
fn a_patched_runtime_result_is_noticed_and_not_believed() {
    let sound = Tables::new();
    let patched = |patch: fn(&mut RuntimeResults)| {
        let mut tables = sound.clone();
        patch(&mut tables.results);
        let mut bench = Bench::new(tables);
        let report = bench.until_sent().report;
        assert_eq!(Some(report.coherence), sound.results.coherence);
        assert_eq!(report.densities.of(1), Some(sound.results.densities[1]));
        bench.mismatches()
    };
    let found = patched(|results| results.coherence = results.coherence.map(|coherence| coherence + 1));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("coherence: ") && !found[0].contains("density"),
        "{found:?}"
    );
    // Also of a shard that this validator does not report on.
    let found = patched(|results| results.densities[3] -= 1);
    assert!(found[0].starts_with("density of shard 3: "), "{found:?}");
    let found = patched(|results| results.densities.truncate(4));
    assert!(found[0].starts_with("5 shards here, 4 in the runtime"), "{found:?}");
    assert_eq!(patched(|results| results.coherence = None).len(), 1);
    assert_eq!(patched(|_| {}).len(), 0);
}

/// What the runtime has no result of is not laid to this node's charge; what differs beside it is.
#[test]
fn a_missing_result_is_no_fault_of_the_node() {
    let sound = Tables::new();
    let is_missing = |patch: fn(&mut RuntimeResults)| {
        let mut tables = sound.clone();
        patch(&mut tables.results);
        let mut bench = Bench::new(tables);
        bench.until_sent();
        let found = bench.events.iter().find_map(|event| match event {
            Event::Mismatched { mismatch, .. } => Some(mismatch.is_missing()),
            _ => None,
        });
        found.expect("a mismatch")
    };
    assert!(is_missing(|results| results.coherence = None));
    assert!(is_missing(|results| results.densities.clear()));
    assert!(is_missing(|results| *results = RuntimeResults {
        coherence: None,
        densities: vec![]
    }));
    assert!(!is_missing(|results| {
        results.coherence = None;
        results.densities[0] += 1;
    }));
    assert!(!is_missing(|results| {
        results.coherence = Some(0);
        results.densities.clear();
    }));
}

/// (c) Any one bit of the inputs flipped: a typed fault, or values that differ from the runtime's, or, in an account's name, the
/// same values; never a panic, and never silence.
#[test]
fn a_flipped_bit_of_the_inputs_is_noticed() {
    let sound = Tables::new();
    let shared = |tables: &Tables| Shared(Rc::new(RefCell::new(tables.clone())));
    let native = recompute(&shared(&sound), EPOCH, BOUNDARY).unwrap();
    for item in [SYMBOLS, ATTUNEMENT, FIELD] {
        let (mut faults, mut mismatches) = (0, 0);
        let length = sound.state[&item.key()].len();
        // Every bit of a byte comes up; all of them would take long.
        for bit in (0..length * 8).step_by(7) {
            let mut tables = sound.clone();
            tables.state.get_mut(&item.key()).unwrap()[bit / 8] ^= 1 << (bit % 8);
            match recompute(&shared(&tables), EPOCH, BOUNDARY) {
                Err(_) => faults += 1,
                Ok(other) => mismatches += usize::from(other.mismatch(&sound.results).is_some()),
            }
        }
        // What neither decodes differently nor changes a result: accounts, I_k, symbols and fields of others.
        assert!(
            faults > 0 && mismatches > 0,
            "{}: {faults} faults, {mismatches} mismatches",
            item.name
        );
    }
    assert_eq!(native.mismatch(&sound.results), None);
}

#[test]
fn inputs_that_cannot_be_are_faults_and_nothing_is_signed() {
    let cases: [(&str, Change); 9] = [
        ("has no Field::Inputs", |tables| drop(tables.state.remove(&FIELD.key()))),
        ("has no :code", |tables| drop(tables.state.remove(CODE))),
        (
            "Attunement::Inputs in the boundary block's state does not decode",
            |tables| {
                tables.state.get_mut(&ATTUNEMENT.key()).unwrap().truncate(100);
            },
        ),
        (
            "Field::Inputs in the boundary block's state does not decode",
            |tables| {
                tables.state.get_mut(&FIELD.key()).unwrap().push(0);
            },
        ),
        ("the coherence of these inputs is not defined", |tables| {
            let (mut validators, _) = inputs();
            validators[0].1.features[0] = Some(ONE + 1);
            tables.state.insert(ATTUNEMENT.key(), (EPOCH, validators).encode());
        }),
        (
            "Attunement::Inputs in the boundary block's state is about epoch 2",
            |tables| {
                let (validators, _) = inputs();
                tables.state.insert(ATTUNEMENT.key(), (EPOCH - 1, validators).encode());
            },
        ),
        (
            "Field::Inputs in the boundary block's state is about epoch 2",
            |tables| {
                let (_, shards) = inputs();
                tables.state.insert(FIELD.key(), field_record(EPOCH - 1, &shards));
            },
        ),
        ("the field graph has 5 shards, the inputs not", |tables| {
            let (_, shards) = inputs();
            tables.state.insert(FIELD.key(), field_record(EPOCH, &shards[..4]));
        }),
        ("the state of the boundary block cannot be read", |tables| {
            tables.unreadable = true
        }),
    ];
    for (expected, break_it) in cases {
        let mut tables = Tables::new();
        break_it(&mut tables);
        let mut bench = Bench::new(tables);
        for after in 2..60 {
            assert_eq!(bench.at(after), None, "{expected}");
        }
        let text = |event: &Event| match event {
            Event::Skipped { reason, .. } => Some(reason.to_string()),
            _ => None,
        };
        let faults: Vec<_> = bench.events.iter().filter_map(text).collect();
        assert_eq!(faults.len(), 1, "said once: {faults:?}");
        assert!(faults[0].contains(expected), "{faults:?}");
        assert!(!bench.folder.path().join("reports").exists(), "nothing was signed");
        // It goes on with the next epoch.
        *bench.tables.borrow_mut() = Tables::new();
        bench.tables.borrow_mut().next_epoch();
        bench.until_sent();
    }
}
