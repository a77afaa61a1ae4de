//! A report is a valid transaction if it is due, of a validator, on this chain and signed; and every other one is refused for what
//! is wrong with it.

use crate::{
    authorize::{REPORT_LONGEVITY, REPORT_PRIORITY},
    code,
    mock::*,
    types::ReportStatus,
    Error, Event, Filings,
};
use frame_support::{
    assert_noop,
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
};
use frame_system::RawOrigin;
use qc_harmonics::sync::{Densities, Report};
use qc_math::ONE;
use qc_pqc::Purpose;
use qc_types::Capabilities;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError,
};

fn custom(code: u8) -> Result<(), TransactionValidityError> {
    Err(InvalidTransaction::Custom(code).into())
}

/// Refused by the pool and by the block alike, and nothing is left behind.
#[track_caller]
fn assert_refused(expected: Result<(), TransactionValidityError>, n: u64, report: &Report) {
    assert_eq!(validate(report, id(n), sign(n, report)).map(|_| ()), expected);
    let before = Filings::<Test>::iter().collect::<Vec<_>>();
    assert_eq!(file(n, report), expected);
    assert_eq!(Filings::<Test>::iter().collect::<Vec<_>>(), before);
}

#[test]
fn a_due_report_is_filed_for_free() {
    execute(4, || {
        events();
        let report = honest(1);
        let valid = validate(&report, id(1), sign(1, &report)).expect("it is due");
        assert_eq!((valid.priority, valid.longevity), (REPORT_PRIORITY, REPORT_LONGEVITY));
        assert_eq!(
            (valid.requires.len(), valid.provides.len(), valid.propagate),
            (0, 1, true)
        );
        assert_eq!(file(1, &report), Ok(()));
        let (validator, epoch) = (1, 0);
        assert_eq!(events(), [Event::ReportFiled { validator, epoch }]);
        assert_eq!(PsiSync::status_of(&1), ReportStatus::Reported);

        let signature = sign(1, &report);
        let call: RuntimeCall = crate::Call::report {
            report,
            key: id(1),
            signature,
        }
        .into();
        let info = call.get_dispatch_info();
        assert_eq!((info.class, info.pays_fee), (DispatchClass::Operational, Pays::No));
    });
}

#[test]
fn a_tag_is_of_one_validator_epoch_and_turn() {
    execute(4, || {
        let tag = |n, report: &Report| validate(report, id(n), sign(n, report)).expect("it is due").provides;
        let (first, other) = (honest(1), with_coherence(1, 5));
        let tags = [tag(1, &first), tag(2, &honest(2))];
        assert_ne!(tags[0], tags[1]);
        // Only one of two is in the pool at a time …
        assert_eq!(tag(1, &other), tags[0]);
        assert_eq!(file(1, &first), Ok(()));
        // … but once one is in a block, the other one gets there too.
        assert_ne!(tag(1, &other), tags[0]);
        end_epoch();
        assert_ne!(tag(1, &honest(1)), tags[0]);
    });
}

#[test]
fn before_anything_closed_nothing_is_due() {
    execute(4, || {
        let report = honest(1);
        undone(|| {
            crate::LastBoundary::<Test>::kill();
            assert_refused(custom(code::REPORT_EARLY), 1, &report);
            assert_eq!(PsiSync::status_of(&1), ReportStatus::NotDue);
        });
    });
}

#[test]
fn early() {
    execute(4, || {
        let report = Report { epoch: 1, ..honest(1) };
        assert_refused(custom(code::REPORT_EARLY), 1, &report);
    });
}

/// The boundary block cannot know its own hash; a hash of zeroes, which is what the chain has for it, is none.
#[test]
fn in_the_boundary_block_itself() {
    execute(4, || {
        let report = Report {
            epoch: 1,
            boundary: [0; 32],
            ..honest(1)
        };
        end_epoch_at_boundary();
        assert_refused(custom(code::REPORT_EARLY), 1, &report);
        next_block();
        assert_refused(custom(code::BOUNDARY_FOREIGN), 1, &report);
    });
}

/// The pool looks at transactions as of the next block, before that block's hooks have run.
#[test]
fn the_pool_lets_it_in_right_after_the_boundary_block() {
    execute(4, || {
        end_epoch_at_boundary();
        let number = System::block_number();
        undone(|| {
            frame_system::BlockHash::<Test>::insert(number, sp_runtime::testing::H256([9; 32]));
            System::set_block_number(number + 1);
            let report = honest(1);
            assert_eq!(report.boundary, [9; 32]);
            assert!(validate(&report, id(1), sign(1, &report)).is_ok());
        });
    });
}

#[test]
fn late() {
    execute(4, || {
        let report = honest(1);
        end_epoch();
        assert_refused(custom(code::REPORT_LATE), 1, &report);
    });
}

#[test]
fn by_another_version_of_the_mathematics() {
    execute(4, || {
        let report = Report {
            version: 2,
            ..honest(1)
        };
        assert_refused(custom(code::VERSION_FOREIGN), 1, &report);
    });
}

#[test]
fn for_another_fork() {
    execute(4, || {
        let mut report = honest(1);
        report.boundary[31] ^= 1;
        assert_refused(custom(code::BOUNDARY_FOREIGN), 1, &report);
    });
}

#[test]
fn by_a_key_that_there_is_not() {
    execute(4, || assert_refused(custom(code::REPORT_KEY_UNKNOWN), 50, &honest(1)));
}

#[test]
fn by_a_revoked_key() {
    execute(4, || {
        world(|world| world.keys.get_mut(&id(1)).expect("a key").0.active = false);
        assert_refused(custom(code::REPORT_KEY_ENDED), 1, &honest(1));
    });
}

#[test]
fn by_a_key_without_seal() {
    execute(4, || {
        let others = Capabilities::ALL.without(Capabilities::SEAL);
        insert_key(1, pair(51).public().clone(), others);
        assert_refused(custom(code::SEAL_MISSING), 51, &honest(1));
    });
}

#[test]
fn by_somebody_who_does_not_validate() {
    execute(4, || {
        insert_key(77, pair(52).public().clone(), Capabilities::ALL);
        assert_refused(custom(code::NOT_VALIDATOR), 52, &honest(1));
        assert_eq!(PsiSync::status_of(&77), ReportStatus::NotDue);
    });
}

/// A report names no reporter: the key does. What validator 2 signs is validator 2's, and the shards are not 2's.
#[test]
fn for_another_validator() {
    execute(4, || {
        assert_refused(custom(code::SHARDS_FOREIGN), 2, &honest(1));
        let report = honest(1);
        let refused = submit(&report, id(1), sign(2, &report));
        assert_eq!(refused, Err(InvalidTransaction::BadProof.into()));
        assert_eq!(Filings::<Test>::iter().count(), 0);
    });
}

#[test]
fn about_other_shards() {
    execute(4, || {
        let honest = honest(1);
        let pairs = honest.densities.pairs().to_vec();
        assert_eq!(pairs, [(0, ONE), (1, ONE + 7), (4, 0)]);
        let mut longer = pairs.clone();
        longer.push((4, 0));
        let mut swapped = pairs.clone();
        swapped.swap(0, 1);
        for wrong in [pairs[..2].to_vec(), longer, swapped, vec![]] {
            let densities = Densities::new(wrong).expect("no more than 11");
            let report = Report {
                densities,
                ..honest.clone()
            };
            assert_refused(custom(code::SHARDS_FOREIGN), 1, &report);
        }
    });
}

#[test]
fn twice() {
    execute(4, || {
        file_honest([1]);
        assert_refused(Err(InvalidTransaction::Stale.into()), 1, &honest(1));
        // Nor by another of its keys.
        insert_key(1, pair(53).public().clone(), Capabilities::SEAL);
        assert_refused(Err(InvalidTransaction::Stale.into()), 53, &honest(1));
    });
}

#[test]
fn a_different_second_one_voids_both_and_a_third_is_refused() {
    execute(4, || {
        file_honest([1]);
        events();
        assert_eq!(file(1, &with_coherence(1, 5)), Ok(()));
        let (validator, epoch) = (1, 0);
        assert_eq!(events(), [Event::ReportsVoided { validator, epoch }]);
        assert_eq!(PsiSync::status_of(&1), ReportStatus::Void);
        assert_refused(custom(code::REPORT_VOID), 1, &honest(1));
        assert_refused(custom(code::REPORT_VOID), 1, &with_coherence(1, 6));
    });
}

#[test]
fn signed_for_another_chain_purpose_or_report() {
    execute(4, || {
        let report = honest(1);
        let payload = report.payload();
        let mut foreign = genesis_hash();
        foreign[0] ^= 1;
        let bad = Err(InvalidTransaction::BadProof.into());
        let signatures = [
            sign_as(1, Purpose::Report, &foreign, &payload),
            sign_as(1, Purpose::Seal, &genesis_hash(), &payload),
            sign_as(1, Purpose::Transaction, &genesis_hash(), &payload),
            sign(1, &with_coherence(1, 5)),
            sign(2, &report),
        ];
        for signature in signatures {
            assert_eq!(submit(&report, id(1), signature), bad);
        }
        assert_eq!(file(1, &report), Ok(()));
    });
}

/// What is cheap is looked at first: a report that is refused for anything else is refused for that, whatever its signature.
#[test]
fn the_signature_is_looked_at_last() {
    execute(4, || {
        insert_key(77, pair(52).public().clone(), Capabilities::ALL);
        insert_key(1, pair(51).public().clone(), Capabilities::VALIDATE);
        insert_key(4, pair(54).public().clone(), Capabilities::SEAL);
        world(|world| world.keys.get_mut(&id(54)).expect("a key").0.active = false);
        file_honest([2, 3]);
        assert_eq!(file(3, &with_coherence(3, 5)), Ok(()));
        let refused = |n: u64, report: Report| {
            let signature = crate::specimens::signature().expect("its length is right");
            validate(&report, id(n), signature).map(|_| ())
        };
        assert_eq!(refused(1, Report { epoch: 9, ..honest(1) }), custom(code::REPORT_EARLY));
        assert_eq!(
            refused(
                1,
                Report {
                    version: 0,
                    ..honest(1)
                }
            ),
            custom(code::VERSION_FOREIGN)
        );
        let boundary = [7; 32];
        assert_eq!(
            refused(1, Report { boundary, ..honest(1) }),
            custom(code::BOUNDARY_FOREIGN)
        );
        assert_eq!(refused(50, honest(1)), custom(code::REPORT_KEY_UNKNOWN));
        assert_eq!(refused(54, honest(4)), custom(code::REPORT_KEY_ENDED));
        assert_eq!(refused(51, honest(1)), custom(code::SEAL_MISSING));
        assert_eq!(refused(52, honest(1)), custom(code::NOT_VALIDATOR));
        assert_eq!(refused(2, honest(2)), Err(InvalidTransaction::Stale.into()));
        assert_eq!(refused(3, honest(3)), custom(code::REPORT_VOID));
        assert_eq!(refused(4, honest(1)), custom(code::SHARDS_FOREIGN));
        let late = honest(1);
        end_epoch();
        assert_eq!(refused(1, late), custom(code::REPORT_LATE));
        assert_eq!(refused(1, honest(1)), Err(InvalidTransaction::BadProof.into()));
    });
}

/// The bytes that are signed, put together by hand: what nodes in other languages rely on.
#[test]
fn the_payload_is_plain() {
    execute(4, || {
        let report = honest(1);
        let mut payload = vec![1, 0, 0, 0, 0, 0];
        payload.extend(COHERENCE.to_le_bytes());
        payload.push(3 << 2);
        for (shard, psi) in [(0u8, ONE), (1, ONE + 7), (4, 0)] {
            payload.push(shard);
            payload.extend(psi.to_le_bytes());
        }
        payload.extend(report.boundary);
        payload.extend(CODE);
        let signature = sign_as(1, Purpose::Report, &genesis_hash(), &payload);
        assert_eq!(submit(&report, id(1), signature), Ok(()));
    });
}

/// Whoever is at home in no shard reports on none.
#[test]
fn without_a_home_it_is_about_no_shard() {
    execute(4, || {
        world(|world| world.homes.remove(&1));
        assert!(honest(1).densities.pairs().is_empty());
        file_honest([1, 2, 3, 4]);
        end_epoch();
        assert_eq!(outcome().consensus, Some(COHERENCE));
    });
}

/// The call itself, outside of a transaction that was authorised, and where the state changed under it.
#[test]
fn nobody_calls_it_but_the_authorisation() {
    execute(4, || {
        let report = honest(1);
        let call = |origin, key| PsiSync::report(origin, report.clone(), key, sign(1, &report));
        for origin in [RawOrigin::Signed(1), RawOrigin::Root, RawOrigin::None] {
            assert_noop!(call(origin.into(), id(1)), DispatchError::BadOrigin);
        }
        let authorized = || RuntimeOrigin::from(RawOrigin::Authorized);
        assert_noop!(call(authorized(), id(60)), Error::<Test>::KeyUnknown);
        assert_eq!(call(authorized(), id(1)), Ok(()));
        assert_noop!(call(authorized(), id(1)), Error::<Test>::AlreadyReported);
        let other = with_coherence(1, 5);
        let signature = sign(1, &other);
        assert_eq!(PsiSync::report(authorized(), other, id(1), signature), Ok(()));
        assert_noop!(call(authorized(), id(1)), Error::<Test>::AlreadyVoid);
    });
}
