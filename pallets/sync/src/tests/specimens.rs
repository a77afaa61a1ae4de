//! What the benchmarks verify is well-formed, wrong, and refused at the last step.

use crate::{mock::*, specimens};
use qc_pqc::{KeyId, Purpose};
use sp_runtime::transaction_validity::InvalidTransaction;

#[test]
fn a_specimen_is_refused_for_its_signature_alone() {
    execute(4, || {
        let key = specimens::public_key(9).expect("its length is right");
        insert_key(1, key.clone(), qc_types::Capabilities::SEAL);
        let signature = specimens::signature().expect("its length is right");
        let report = honest(1);
        assert!(!qc_pqc::verify(
            &key,
            Purpose::Report,
            &genesis_hash(),
            &report.payload(),
            &signature
        ));
        let refused = submit(&report, KeyId::of(&key), signature);
        assert_eq!(refused, Err(InvalidTransaction::BadProof.into()));
    });
}
