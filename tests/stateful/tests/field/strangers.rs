//! Reports by those who have no business to report, or with a key that is not for it. What is early, late, twice, of
//! another fork or by a revoked key is in `life`.

use super::*;
use crate::support::{
    chain::validate,
    keys::{self, key},
    transaction::sign,
    validators::{reporting_key, signed_report, sound_report},
};
use qc_runtime::{Runtime, RuntimeCall, Sync};
use qc_types::Capabilities;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

fn refusal(code: u8) -> Option<TransactionValidityError> {
    Some(InvalidTransaction::Custom(code).into())
}

/// One epoch closed, and its boundary seen.
fn due() -> Chain {
    let mut chain = four();
    close_epoch(&mut chain);
    chain.empty_blocks(1);
    chain
}

fn register(who: Sr25519Keyring, n: u8, capabilities: Capabilities) {
    let call = keys::register(&who.to_account_id(), &key(n), capabilities);
    assert_eq!(apply(&sign(who, call, Era::Immortal, 0)), Ok(Ok(())));
}

/// A report names no reporter, so one for another is one on another's shards: refused. If it were not, a validator
/// could say what others see. A signature is its own key's: with another's key id it is no proof.
#[test]
fn nobody_reports_for_another() {
    due().block(|| {
        let of = |who: Sr25519Keyring| Sync::shards_due(&who.to_account_id());
        let other = FOUR.into_iter().find(|who| of(*who) != of(Alice));
        let other = other.expect("not all four are at home in one shard");
        let theirs = sound_report(&other.to_account_id());
        let by_alice = signed_report(theirs.clone(), &reporting_key(Alice));
        assert_eq!(validate(&by_alice).err(), refusal(79));
        let RuntimeCall::Sync(pallet_sync::Call::report { signature, .. }) = by_alice.function else {
            panic!("a report is a report");
        };
        let call = pallet_sync::Call::<Runtime>::report {
            report: theirs,
            key: keys::id(&reporting_key(other)),
            signature,
        };
        let in_their_name = qc_runtime::authorized_transaction(call.into());
        assert_eq!(
            validate(&in_their_name).err(),
            Some(InvalidTransaction::BadProof.into())
        );
    });
}

/// Without the look at the running set, whoever registers a key could fill the state with reports, and shift the
/// median.
#[test]
fn who_does_not_validate_does_not_report() {
    due().block(|| {
        register(Eve, 1, Capabilities::SEAL);
        let report = signed_report(sound_report(&Eve.to_account_id()), &key(1));
        assert_eq!(validate(&report).err(), refusal(78));
        assert!(apply(&report).is_err());
    });
}

/// A key that may do everything else does not report; nor does one that was rotated out, from the next transaction on,
/// while its successor does. Reporting again by the successor is still reporting twice.
#[test]
fn a_key_without_seal_and_a_key_that_was_are_refused() {
    due().block(|| {
        let all_but_seal = Capabilities::from_bits(Capabilities::ALL.bits() & !Capabilities::SEAL.bits());
        register(Alice, 1, all_but_seal.expect("a set of capabilities"));
        let sound = sound_report(&Alice.to_account_id());
        assert_eq!(validate(&signed_report(sound.clone(), &key(1))).err(), refusal(77));

        let (old, new) = (reporting_key(Bob), key(2));
        let before = report_of(Bob, |_| ());
        let rotate = keys::rotate(&Bob.to_account_id(), &old, &new);
        assert_eq!(apply(&sign(Bob, rotate, Era::Immortal, 0)), Ok(Ok(())));
        assert_eq!(apply(&before).err(), refusal(76));
        let after = signed_report(sound_report(&Bob.to_account_id()), &new);
        assert_eq!(apply(&after), Ok(Ok(())));

        let rotate = keys::rotate(&Bob.to_account_id(), &new, &key(3));
        assert_eq!(apply(&sign(Bob, rotate, Era::Immortal, 0)), Ok(Ok(())));
        let again = signed_report(sound_report(&Bob.to_account_id()), &key(3));
        assert_eq!(apply(&again).err(), Some(InvalidTransaction::Stale.into()));
    });
}
