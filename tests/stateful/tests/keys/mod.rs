//! Post-quantum keys on the real runtime, through the transaction pipeline: KEY-1, KEY-2, and every way round them.

mod capabilities;
mod protection;
mod replays;
mod transactions;

use crate::support::{
    chain::{apply, validate},
    keys::register,
    transaction::sign,
};
use qc_pqc::SecretKey;
use qc_runtime::{extensions::code, UncheckedExtrinsic};
use qc_types::Capabilities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

const KEY_UNKNOWN: InvalidTransaction = InvalidTransaction::Custom(code::KEY_UNKNOWN);
const KEY_ENDED: InvalidTransaction = InvalidTransaction::Custom(code::KEY_ENDED);
const CAPABILITY_MISSING: InvalidTransaction = InvalidTransaction::Custom(code::CAPABILITY_MISSING);
const PQC_REQUIRED: InvalidTransaction = InvalidTransaction::Custom(code::PQC_REQUIRED);

/// Refused by the pool, and by a block whose author puts it in all the same.
fn assert_refused(extrinsic: &UncheckedExtrinsic, why: InvalidTransaction) {
    let why = TransactionValidityError::from(why);
    assert_eq!(validate(extrinsic).err(), Some(why), "validated");
    assert_eq!(apply(extrinsic).err(), Some(why), "applied");
}

fn assert_done(extrinsic: &UncheckedExtrinsic) {
    assert_eq!(validate(extrinsic).err(), None, "validated");
    assert_eq!(apply(extrinsic), Ok(Ok(())), "applied");
}

/// Registers a key with a classical signature.
fn register_classically(who: Sr25519Keyring, key: &SecretKey, capabilities: Capabilities) {
    let call = register(&who.to_account_id(), key, capabilities);
    assert_done(&sign(who, call, Era::Immortal, 0));
}
