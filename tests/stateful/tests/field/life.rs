//! Epochs in which nothing goes wrong.

use super::*;
use crate::support::validators::{recomputed, reporting_key, signed_report, sound_report};
use crate::support::{chain::validate, transaction::sign};
use qc_harmonics::sync::Densities;
use qc_math::ONE;
use qc_pqc::SecretKey;
use qc_runtime::{Runtime, RuntimeCall, Sync, System};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

fn refusal(code: u8) -> TransactionValidityError {
    InvalidTransaction::Custom(code).into()
}

/// The runtime's results are what the mathematics makes of the inputs that it keeps, to the last digit; all four agree.
#[test]
fn the_network_agrees_with_itself_to_the_last_digit() {
    let mut chain = four();
    close_epoch(&mut chain);
    for _ in 0..3 {
        honest_epochs(&mut chain, 1);
        chain.look(|| {
            let (coherence, densities) = recomputed();
            let outcome = pallet_attunement::LastOutcome::<Runtime>::get().expect("an epoch has closed");
            assert_eq!(outcome.coherence, coherence);
            assert_eq!(crate::support::validators::densities(), densities);
            let sync = Sync::last_outcome().expect("reports were due");
            assert_eq!((sync.came, sync.deviating, sync.struck), (4, 0, 0));
            assert_eq!(sync.consensus, sync.own);
            for who in FOUR {
                assert_eq!(crate::support::validators::conformity(&who.to_account_id()), Some(ONE));
            }
        });
    }
}

/// Ψ follows the formula from 0 on: Ψ(e) = 1 − (1 − κ)^e while every due feature is perfect, and the targets are met in 50 epochs.
#[test]
fn fifty_perfect_epochs_reach_the_targets() {
    let mut chain = four();
    close_epoch(&mut chain);
    honest_epochs(&mut chain, 49);
    chain.look(|| {
        let outcome = pallet_attunement::LastOutcome::<Runtime>::get().expect("epochs have closed");
        assert_eq!(outcome.epoch, 49);
        assert!(
            outcome.coherence >= 970_000_000_000_000_000,
            "Ĉ = {}",
            outcome.coherence
        );
        assert!(outcome.entropy >= 980_000_000_000_000_000, "H = {}", outcome.entropy);
        assert!(
            outcome.entropy_rate <= 2_000_000_000_000_000,
            "entropy rate = {}",
            outcome.entropy_rate
        );
    });
}

/// A chain of one validator agrees with itself.
#[test]
fn one_validator_alone_closes_its_epochs() {
    let mut chain = Chain::new("development");
    close_epoch(&mut chain);
    for _ in 0..3 {
        epoch_with_reports(&mut chain, &[Alice], |_, _| ());
    }
    chain.look(|| {
        let outcome = pallet_attunement::LastOutcome::<Runtime>::get().expect("epochs have closed");
        assert_eq!((outcome.resonance, outcome.entropy), (ONE, ONE));
        assert!(outcome.coherence > 0);
        assert_eq!(Session::validators(), [Alice.to_account_id()]);
    });
}

/// Whatever is not exactly one right report of each validator on the last closed epoch is no valid transaction.
#[test]
fn a_report_that_is_not_due_is_refused_for_what_is_wrong_with_it() {
    let mut chain = four();
    close_epoch(&mut chain);
    chain.block(|| {
        let sound = sound_report(&Alice.to_account_id());
        let wrong = |change: &dyn Fn(&mut Report)| {
            let mut report = sound.clone();
            change(&mut report);
            validate(&signed_report(report, &reporting_key(Alice))).err()
        };
        assert_eq!(wrong(&|report| report.epoch += 1), Some(refusal(71)), "early");
        assert_eq!(
            wrong(&|report| report.boundary = [7; 32]),
            Some(refusal(74)),
            "another fork"
        );
        assert_eq!(
            wrong(&|report| report.version += 1),
            Some(refusal(73)),
            "other mathematics"
        );
        assert_eq!(
            wrong(&|report| report.densities = Densities::default()),
            Some(refusal(79)),
            "not about its shards"
        );
        let foreign = signed_report(sound.clone(), &SecretKey::from_seed(&[9; 32]));
        assert_eq!(validate(&foreign).err(), Some(refusal(75)), "a key that nobody has");
        let mut forged = sound.clone();
        forged.coherence += 1;
        let call: RuntimeCall = match signed_report(sound.clone(), &reporting_key(Alice)).function {
            RuntimeCall::Sync(pallet_sync::Call::report { key, signature, .. }) => {
                pallet_sync::Call::<Runtime>::report {
                    report: forged,
                    key,
                    signature,
                }
                .into()
            }
            other => other,
        };
        let changed = qc_runtime::authorized_transaction(call.clone());
        assert_eq!(
            validate(&changed).err(),
            Some(InvalidTransaction::BadProof.into()),
            "changed after signing"
        );
        // Signed by an account, as an ordinary transaction, it is nothing.
        let signed = sign(Bob, call, Era::Immortal, 0);
        assert!(!matches!(apply(&signed), Ok(Ok(()))));

        let right = signed_report(sound.clone(), &reporting_key(Alice));
        assert_eq!(apply(&right), Ok(Ok(())));
        assert_eq!(apply(&right), Err(InvalidTransaction::Stale.into()), "twice");
    });
    close_epoch(&mut chain);
    chain.empty_blocks(1);
    chain.block(|| {
        let mut late = sound_report(&Alice.to_account_id());
        late.epoch -= 1;
        assert_eq!(
            validate(&signed_report(late, &reporting_key(Alice))).err(),
            Some(refusal(72)),
            "late"
        );
    });
}

/// A report costs its sender nothing.
#[test]
fn reporting_is_free() {
    let mut chain = four();
    close_epoch(&mut chain);
    chain.empty_blocks(1);
    chain.block(|| {
        let had = frame_system::Account::<Runtime>::get(Alice.to_account_id()).data;
        let nonce = System::account_nonce(Alice.to_account_id());
        assert_eq!(apply(&report_of(Alice, |_| ())), Ok(Ok(())));
        assert_eq!(frame_system::Account::<Runtime>::get(Alice.to_account_id()).data, had);
        assert_eq!(System::account_nonce(Alice.to_account_id()), nonce);
    });
}

/// A key that is revoked reports no more, from the next transaction on.
#[test]
fn a_revoked_key_reports_nothing() {
    let mut chain = four();
    close_epoch(&mut chain);
    chain.empty_blocks(1);
    chain.block(|| {
        let report = report_of(Bob, |_| ());
        let revoke = pallet_key_ledger::Call::<Runtime>::revoke {
            key: qc_pqc::KeyId::of(reporting_key(Bob).public()),
        };
        assert_eq!(apply(&sign(Bob, revoke.into(), Era::Immortal, 0)), Ok(Ok(())));
        assert_eq!(apply(&report), Err(refusal(76)));
    });
}
