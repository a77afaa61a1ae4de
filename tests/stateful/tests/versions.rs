//! The two pipelines, and what is refused at their doors.

use crate::support::{
    chain::{apply, validate, Chain},
    people::signer_account,
    transaction::{extension, forged_v1, implicit, nonce, sign, sign_as, tamper},
};
use codec::{DecodeAll, Encode};
use qc_runtime::{extensions::code, Balances, Runtime, RuntimeCall, UncheckedExtrinsic};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError, UnknownTransaction},
    DispatchError,
};

fn remark() -> RuntimeCall {
    frame_system::Call::<Runtime>::remark_with_event {
        remark: b"here".to_vec(),
    }
    .into()
}

fn assert_refused(extrinsic: &UncheckedExtrinsic, why: impl Into<TransactionValidityError>) {
    let why = why.into();
    assert_eq!(validate(extrinsic).err(), Some(why), "validated");
    assert_eq!(apply(extrinsic).err(), Some(why), "applied");
}

#[test]
fn a_signed_transaction_of_version_0_is_taken_once() {
    Chain::new("development").block(|| {
        let extrinsic = sign(Alice, remark(), Era::Immortal, 0);
        assert!(validate(&extrinsic).is_ok());
        assert_eq!(apply(&extrinsic), Ok(Ok(())));
        assert_refused(&extrinsic, InvalidTransaction::Stale);
    });
}

#[test]
fn a_general_transaction_needs_an_authoriser_and_only_version_1_has_one() {
    Chain::new("development").block(|| {
        let extension = extension(nonce(&signer_account(0)), Era::Immortal, 0);
        let version_0 = UncheckedExtrinsic::new_transaction(remark(), extension);
        assert_refused(&version_0, InvalidTransaction::UnknownOrigin);
        let version_1 = forged_v1(remark());
        assert_refused(&version_1, InvalidTransaction::Custom(code::KEY_UNKNOWN));
        // Each says what it is, in the byte after the format; there is no version 2.
        let at = |bytes: &[u8]| bytes.len() - UncheckedBody::of(bytes).len() + 1;
        let (bytes_0, mut bytes_1) = (version_0.encode(), version_1.encode());
        assert_eq!((bytes_0[at(&bytes_0)], bytes_1[at(&bytes_1)]), (0, 1));
        for version in 2..=u8::MAX {
            let at = at(&bytes_1);
            bytes_1[at] = version;
            assert!(UncheckedExtrinsic::decode_all(&mut &bytes_1[..]).is_err());
        }
    });
}

/// A body of version 1 in the frame of version 0, and the reverse: the first bytes say what it is, and what follows is then
/// read as something that it is not, or stays without an authoriser.
#[test]
fn the_body_of_one_version_does_not_pass_as_the_other() {
    Chain::new("development").block(|| {
        let signed = sign(Alice, remark(), Era::Immortal, 0).encode();
        let general = forged_v1(remark()).encode();
        let frame = |bytes: &[u8]| bytes.len() - UncheckedBody::of(bytes).len();
        assert_eq!((signed[frame(&signed)], general[frame(&general)]), (0x84, 0x45));
        let (mut as_general, mut as_signed, mut as_version_0) = (signed.clone(), general.clone(), general.clone());
        as_general[frame(&signed)] = 0x45;
        as_signed[frame(&general)] = 0x84;
        as_version_0[frame(&general) + 1] = 0;
        for bytes in [as_general, as_signed, as_version_0] {
            if let Ok(extrinsic) = UncheckedExtrinsic::decode_all(&mut &bytes[..]) {
                assert!(validate(&extrinsic).is_err() && apply(&extrinsic).is_err());
            }
        }
    });
}

struct UncheckedBody;

impl UncheckedBody {
    /// What follows the length of an encoded extrinsic.
    fn of(bytes: &[u8]) -> Vec<u8> {
        Vec::<u8>::decode_all(&mut &bytes[..]).expect("an extrinsic is a byte string")
    }
}

/// The pool takes no bare transaction. What an author puts into a block all the same is refused, or dispatched as nobody's.
#[test]
fn a_bare_transaction_is_nobodys_in_both_formats() {
    Chain::new("development").block(|| {
        for bare in [
            UncheckedExtrinsic::new_bare(remark()),
            UncheckedExtrinsic::new_bare_legacy(remark()),
        ] {
            // Of the calls of `System` only an upgrade that is authorised may come bare.
            assert_eq!(validate(&bare).err(), Some(InvalidTransaction::Call.into()));
            assert_eq!(apply(&bare).err(), Some(InvalidTransaction::Call.into()));
        }
        let give = pallet_balances::Call::<Runtime>::transfer_all {
            dest: signer_account(1).into(),
            keep_alive: false,
        };
        let bare = UncheckedExtrinsic::new_bare(give.into());
        assert_eq!(
            validate(&bare).err(),
            Some(UnknownTransaction::NoUnsignedValidator.into())
        );
        assert_eq!(apply(&bare), Ok(Err(DispatchError::BadOrigin)));
    });
}

/// The time is set once in a block, by its author; nobody sends it.
#[test]
fn an_inherent_is_no_transaction() {
    Chain::new("development").block(|| {
        let set: RuntimeCall = pallet_timestamp::Call::<Runtime>::set { now: 0 }.into();
        let signed = sign(Alice, set.clone(), Era::Immortal, 0);
        assert_eq!(
            validate(&signed).err(),
            Some(InvalidTransaction::MandatoryValidation.into())
        );
        assert_eq!(apply(&signed).err(), Some(InvalidTransaction::BadMandatory.into()));
        let bare = UncheckedExtrinsic::new_bare(set);
        assert_eq!(
            validate(&bare).err(),
            Some(InvalidTransaction::MandatoryValidation.into())
        );
    });
}

#[test]
fn a_signature_holds_for_one_chain_one_runtime_and_one_era() {
    let mut chain = Chain::new("development");
    chain.empty_blocks(12);
    chain.block(|| {
        let era = Era::mortal(4, 12);
        let extension = extension(nonce(&signer_account(0)), era, 0);
        let sound = implicit(&extension);
        for at in [2, 3, 4, 5] {
            let mut tampered = sound;
            // 5: the block in which an era of four blocks began that is over.
            tamper(&mut tampered, at, frame_system::Pallet::<Runtime>::block_hash(4));
            let extrinsic = sign_as(signer_account(0), Alice, remark(), extension.clone(), tampered);
            assert_refused(&extrinsic, InvalidTransaction::BadProof);
        }
        let forged = sign_as(signer_account(0), Bob, remark(), extension.clone(), sound);
        assert_refused(&forged, InvalidTransaction::BadProof);
        assert_eq!(
            apply(&sign_as(signer_account(0), Alice, remark(), extension.clone(), sound)),
            Ok(Ok(()))
        );
    });
}

#[test]
fn nonces_go_up_by_one() {
    Chain::new("development").block(|| {
        assert_eq!(apply(&sign(Alice, remark(), Era::Immortal, 0)), Ok(Ok(())));
        let with_nonce = |nonce| {
            let extension = extension(nonce, Era::Immortal, 0);
            let implicit = implicit(&extension);
            sign_as(signer_account(0), Alice, remark(), extension.clone(), implicit)
        };
        assert_refused(&with_nonce(0), InvalidTransaction::Stale);
        for ahead in [2, 3, u32::MAX] {
            // The pool keeps it for later; a block does not take it.
            let validity = validate(&with_nonce(ahead)).expect("it may become valid");
            assert_eq!(validity.requires.len(), 1);
            assert_eq!(apply(&with_nonce(ahead)).err(), Some(InvalidTransaction::Future.into()));
        }
        assert_eq!(apply(&with_nonce(1)), Ok(Ok(())));
    });
}

/// Fees are paid in FLX, by the signer, to the treasury; who has none cannot send anything, whatever else they hold.
#[test]
fn fees_and_tips_go_to_the_treasury_and_only_flx_pays_them() {
    use frame_support::traits::fungible::Inspect;
    Chain::new("development").block(|| {
        let treasury = qc_runtime::Economy::treasury_account();
        let (had, owned) = (Balances::balance(&signer_account(0)), Balances::balance(&treasury));
        let tip = 7 * qc_runtime::FLX;
        assert_eq!(apply(&sign(Alice, remark(), Era::Immortal, tip)), Ok(Ok(())));
        let paid = had - Balances::balance(&signer_account(0));
        assert!(paid > tip);
        assert_eq!(Balances::balance(&treasury), owned + paid);
        // Number 6, "One", gets ATR and lives on it, but pays no fee with it.
        let give = pallet_assets::Call::<Runtime>::transfer {
            id: 3.into(),
            target: signer_account(6).into(),
            amount: 1_000 * qc_runtime::FLX,
        };
        assert_eq!(apply(&sign(Alice, give.into(), Era::Immortal, 0)), Ok(Ok(())));
        assert_refused(
            &sign(sp_keyring::Sr25519Keyring::One, remark(), Era::Immortal, 0),
            InvalidTransaction::Payment,
        );
    });
}
