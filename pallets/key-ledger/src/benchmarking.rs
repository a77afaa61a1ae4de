//! Weights at the worst case: an account with every place taken, protected, with a leave pending that the call rolls back, acting
//! inside a version 1 transaction.
//!
//! **Signatures.** Nothing can sign inside Wasm, and a signature that verifies would be in the host's cache after the first
//! repetition, so that the rest would measure the cache. So signatures here are well-formed and wrong: each is decoded and
//! recomputed to the last step of ML-DSA.Verify, the comparison of the commitment hashes, which fails (`tests/specimens.rs` shows
//! it), and a failure is never cached. Within [`measuring`], and nowhere else, such a result is passed over once it has been
//! computed. The switch is in memory, lasts as long as one closure of this file, cannot be reached from a transaction, and does
//! not exist in a runtime that is built without `runtime-benchmarks`; so even a chain that ran a benchmark build would insist on
//! signatures, and the tests of stolen proofs pass with that feature too.

use crate::{
    draft::Draft,
    specimens::{self, COMMITMENT_BYTES},
    types::{Operation, Protection, KEYS_PER_OWNER_MAX, OPERATIONS_MAX, OPERATIONS_MIN},
    AuthoriseError, Authorised, Call, Config, Keys, Owners, Pallet,
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{fungible::Mutate, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use qc_pqc::{KeyId, PublicKey, Signature};
use qc_types::Capabilities;
use sp_runtime::traits::BlockNumberProvider;

environmental::environmental!(switch: ());

/// Runs what is measured with the answers of verifications passed over.
fn measuring<R>(measured: impl FnOnce() -> R) -> R {
    switch::using(&mut (), measured)
}

/// Whether a benchmark is at work: then a verification that failed is passed over.
pub(crate) fn is_measuring() -> bool {
    switch::with(|()| ()).is_some()
}

fn wrong_signature(n: u8) -> Signature {
    specimens::signature([n; COMMITMENT_BYTES]).expect("its length is right")
}

fn some_public_key(n: u32) -> PublicKey {
    specimens::public_key(n).expect("its length is right")
}

fn some_key(n: u32) -> KeyId {
    KeyId::of(&some_public_key(n))
}

/// An account with as many keys as named, which may do everything, and FLX for all that it will be asked for. Key 0 authorises
/// the transaction that is running.
fn owner_with<T: Config>(keys: u32) -> T::AccountId
where
    T::Native: Mutate<T::AccountId>,
{
    let owner: T::AccountId = account("owner", 0, 0);
    let each = T::KeyDeposit::get() + T::RecordDeposit::get() + T::EntryDeposit::get();
    T::Native::mint_into(&owner, each * 1_000).expect("it can be minted");
    let mut draft = Draft::<T>::open_free(owner.clone()).expect("it can be opened");
    for n in 0..keys {
        draft
            .register_unproved(some_public_key(n), Capabilities::ALL)
            .expect("there is room");
        if draft.is_full() {
            draft.close().expect("it can be closed");
            draft = Draft::<T>::open_free(owner.clone()).expect("it can be opened");
        }
    }
    draft.close().expect("it can be closed");
    Pallet::<T>::begin(&owner, &some_key(0));
    owner
}

/// The account is protected, with a leave pending that key `by` asked for.
fn set_leaving<T: Config>(owner: &T::AccountId, by: u32) {
    Owners::<T>::mutate_extant(owner, |record| {
        record.protection = Protection::Leaving {
            at: T::Clock::current_block_number() + T::LeaveDelay::get(),
            by: some_key(by),
        };
    });
}

fn set_protection<T: Config>(owner: &T::AccountId, protection: Protection) {
    Owners::<T>::mutate_extant(owner, |record| record.protection = protection);
}

#[benchmarks(where T::Native: Mutate<T::AccountId>)]
mod benches {
    use super::*;

    #[benchmark]
    fn register() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX - 1);
        set_leaving::<T>(&owner, 0);
        let public_key = some_public_key(100);
        let proof = wrong_signature(1);

        #[block]
        {
            let origin = RawOrigin::Signed(owner).into();
            measuring(|| Pallet::<T>::register(origin, public_key, Capabilities::ALL, proof))
                .expect("it is registered");
        }

        assert!(Keys::<T>::contains_key(some_key(100)));
    }

    #[benchmark]
    fn rotate() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_leaving::<T>(&owner, 1);
        let public_key = some_public_key(100);
        let (by_old, by_new) = (wrong_signature(1), wrong_signature(2));

        #[block]
        {
            let origin = RawOrigin::Signed(owner).into();
            measuring(|| Pallet::<T>::rotate(origin, some_key(1), public_key, by_old, by_new)).expect("it is rotated");
        }

        assert!(Keys::<T>::contains_key(some_key(100)));
    }

    #[benchmark]
    fn set_capabilities() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_leaving::<T>(&owner, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), some_key(1), Capabilities::NONE);

        assert_eq!(
            Owners::<T>::get(owner).map(|record| record.protection),
            Some(Protection::PqcRequired)
        );
    }

    #[benchmark]
    fn revoke() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_leaving::<T>(&owner, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), some_key(1));

        assert_eq!(
            Owners::<T>::get(owner).map(|record| record.protection),
            Some(Protection::PqcRequired)
        );
    }

    /// `n` rotations, the dearest operation, the last of which rolls a leave back.
    #[benchmark]
    fn commit(n: Linear<{ OPERATIONS_MIN }, { OPERATIONS_MAX }>) {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_leaving::<T>(&owner, n - 1);
        let operations: Vec<_> = (0..n)
            .map(|at| Operation::Rotate {
                from: some_key(at),
                public_key: some_public_key(100 + at),
                by_old: wrong_signature(1),
                by_new: wrong_signature(2),
            })
            .collect();
        let operations = BoundedVec::try_from(operations).expect("they fit");

        #[block]
        {
            let origin = RawOrigin::Signed(owner).into();
            measuring(|| Pallet::<T>::commit(origin, operations)).expect("it is carried out");
        }

        assert!(Keys::<T>::contains_key(some_key(99 + n)));
    }

    #[benchmark]
    fn require_pqc() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        assert!(Pallet::<T>::is_pqc_required(&owner));
    }

    #[benchmark]
    fn leave_pqc() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_protection::<T>(&owner, Protection::PqcRequired);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        assert!(Owners::<T>::get(owner).is_some_and(|record| Pallet::<T>::is_leaving(&record.protection)));
    }

    #[benchmark]
    fn keep_pqc() {
        let owner = owner_with::<T>(KEYS_PER_OWNER_MAX);
        set_leaving::<T>(&owner, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()));

        assert_eq!(
            Owners::<T>::get(owner).map(|record| record.protection),
            Some(Protection::PqcRequired)
        );
    }

    /// What the version 1 transaction extension does here, from the look-up to the end, with a payload of `l` bytes.
    #[benchmark]
    fn authorise(l: Linear<0, 65_536>) {
        let owner = owner_with::<T>(1);
        Pallet::<T>::end();
        let payload = vec![0xa5; usize::try_from(l).expect("it fits")];
        let (key, signature) = (some_key(0), wrong_signature(3));
        // Not passed over outside of a measurement.
        let refused = Pallet::<T>::authorise(&key, Capabilities::ALL, &payload, &signature);
        assert_eq!(refused, Err(AuthoriseError::SignatureWrong));

        #[block]
        {
            let found = measuring(|| Pallet::<T>::authorise(&key, Capabilities::ALL, &payload, &signature));
            let found = found.expect("it is passed over");
            Pallet::<T>::begin(&found, &key);
            Pallet::<T>::end();
        }

        assert!(!Authorised::<T>::exists());
        assert_eq!(
            Keys::<T>::get(key).map(|record| (record.owner, record.uses)),
            Some((owner, 2))
        );
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::externalities(&crate::mock::genesis()),
        crate::mock::Test
    );
}
