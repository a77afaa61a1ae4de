//! Weights at the worst case: 50 shards of degree 10, as many incidents open as may be, and as many validators as named, of whom
//! as many as may be without a breach report another Ĉ, another ψ and another code, for the third time; the others have two
//! strikes.
//!
//! **The signature** of `authorize_report` is well-formed and wrong (see `specimens.rs`): refusing it is the last step.

use crate::{
    specimens,
    types::{Boundary, Filing, Strike},
    Call, Config, Filings, LastBoundary, LastOutcome, Pallet, Strikes,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::{Authorize, InvalidTransaction, TransactionSource},
    traits::Get,
    BoundedVec,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use qc_harmonics::sync::{Densities, Report, HARMONICS_VERSION};
use qc_pqc::{KeyId, PublicKey};
use qc_traits::{FieldInspect, IncidentCause, OnEpochEnd, RaiseIncident, ReportedEpochInspect};
use qc_types::{CirCode, EpochIndex, Scope};
use sp_runtime::traits::{Hash, One, Zero};

/// What the benchmarks need of the runtime.
pub trait BenchmarkHelper<AccountId> {
    /// Makes the running set one of `count` active validators, which are to be found by `Config::Reported`, spread over a field
    /// graph of 50 shards of degree 10, and closes this epoch with a ψ of every shard. Returns them in the set's order.
    fn set_up_validators(count: u32, epoch: EpochIndex) -> Vec<AccountId>;

    /// The key acts for the owner, active, with SEAL.
    fn add_seal_key(owner: &AccountId, key: PublicKey);

    /// Whether a validator was punished.
    fn is_punished(validator: &AccountId) -> bool;
}

const DUE: EpochIndex = 7;

/// More than can be open.
const INCIDENTS: u32 = 100;

/// As many validators as named, and epoch 7 to report on.
fn set_up<T: Config>(count: u32) -> Vec<T::AccountId> {
    let validators = T::BenchmarkHelper::set_up_validators(count, DUE);
    let one = BlockNumberFor::<T>::one();
    frame_system::Pallet::<T>::set_block_number(one + one);
    let hash = T::Hashing::hash(b"boundary");
    frame_system::BlockHash::<T>::insert(one, hash);
    frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::zero(), hash);
    LastBoundary::<T>::put(Boundary {
        epoch: DUE,
        number: one,
        seen: None,
    });
    validators
}

/// A validator's honest report.
fn honest<T: Config>(validator: &T::AccountId) -> Report {
    let boundary = LastBoundary::<T>::get().expect("there is one");
    let densities = T::Field::densities(boundary.epoch).expect("it has closed");
    let pairs = Pallet::<T>::shards_due_of(validator)
        .into_iter()
        .map(|shard| (shard, densities.get(usize::from(shard)).copied().unwrap_or_default()))
        .collect();
    // Hashing the code takes long.
    let seen = boundary.seen.as_ref().map(|seen| seen.code_hash);
    Report {
        version: HARMONICS_VERSION,
        epoch: boundary.epoch,
        coherence: T::Reported::coherence(boundary.epoch).expect("it has closed"),
        densities: Densities::new(pairs).expect("no more than 11"),
        boundary: Pallet::<T>::boundary_hash(&boundary).expect("the block has a hash"),
        code_hash: seen.unwrap_or_else(T::Reported::code_hash),
    }
}

/// A report that deviates in everything.
fn false_report<T: Config>(validator: &T::AccountId, n: u32) -> Report {
    let mut report = honest::<T>(validator);
    report.coherence += qc_math::ONE * u128::from(n + 1);
    report.code_hash[0] ^= 1;
    let lie = |(shard, psi): &(u8, u128)| (*shard, psi + 1);
    report.densities = Densities::new(report.densities.pairs().iter().map(lie).collect()).expect("as many");
    report
}

/// More incidents of accounts than can be open: every one that is raised now takes the place of another.
fn open_incidents<T: Config>() {
    for n in 0..INCIDENTS {
        let scope = Scope::Account(account("sick", n, 0));
        T::Incidents::raise(CirCode::FieldAnomaly, scope, IncidentCause::Tampering);
    }
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn report() {
        let validators = set_up::<T>(T::MaxValidators::get());
        let public_key = specimens::public_key(1).expect("its length is right");
        let (validator, key) = (validators[0].clone(), KeyId::of(&public_key));
        T::BenchmarkHelper::add_seal_key(&validator, public_key);
        let (first, second) = (honest::<T>(&validator), false_report::<T>(&validator, 1));
        Filings::<T>::insert(&validator, Filing::Reported(first));
        let signature = specimens::signature().expect("its length is right");

        #[extrinsic_call]
        _(RawOrigin::Authorized, second, key, signature);

        assert_eq!(Filings::<T>::get(&validator), Some(Filing::Void));
    }

    #[benchmark]
    fn authorize_report() {
        let validators = set_up::<T>(T::MaxValidators::get());
        let public_key = specimens::public_key(1).expect("its length is right");
        let validator = validators.last().expect("there is one").clone();
        let key = KeyId::of(&public_key);
        T::BenchmarkHelper::add_seal_key(&validator, public_key);
        Filings::<T>::insert(&validator, Filing::Reported(false_report::<T>(&validator, 1)));
        let call = Call::<T>::report {
            report: honest::<T>(&validator),
            key,
            signature: specimens::signature().expect("its length is right"),
        };
        let refused;

        #[block]
        {
            refused = call.authorize(TransactionSource::External);
        }

        let refused = refused.expect("it is asked for").map(|_| ());
        assert_eq!(refused, Err(InvalidTransaction::BadProof.into()));
    }

    #[benchmark]
    fn see_boundary() {
        set_up::<T>(1);
        let now = frame_system::Pallet::<T>::block_number();

        #[block]
        {
            Pallet::<T>::see_boundary(now);
        }

        assert!(LastBoundary::<T>::get().is_some_and(|boundary| boundary.seen.is_some()));
    }

    #[benchmark]
    fn on_epoch_end(v: Linear<1, { T::MaxValidators::get() }>) {
        let validators = set_up::<T>(v);
        Pallet::<T>::see_boundary(frame_system::Pallet::<T>::block_number());
        let liars = (v - 1) / 3;
        let strikes = [DUE - 2, DUE - 1].into_iter().flat_map(|epoch| {
            let of = move |validator: &T::AccountId| Strike {
                validator: validator.clone(),
                epoch,
            };
            validators.iter().map(of)
        });
        Strikes::<T>::put(BoundedVec::truncate_from(strikes.collect()));
        for (n, validator) in (0u32..).zip(&validators) {
            let filed = if n < liars {
                false_report::<T>(validator, n)
            } else {
                honest::<T>(validator)
            };
            Filings::<T>::insert(validator, Filing::Reported(filed));
        }
        open_incidents::<T>();

        #[block]
        {
            Pallet::<T>::on_epoch_end(DUE + 1);
        }

        let outcome = LastOutcome::<T>::get().expect("it closed");
        assert_eq!((outcome.came, outcome.tampered, outcome.struck), (v, liars, liars));
        assert_eq!(Strikes::<T>::get().len(), 2 * (v - liars) as usize);
        let punished = validators.iter().filter(|who| T::BenchmarkHelper::is_punished(who));
        assert_eq!(punished.count(), liars as usize);
        assert_eq!(Filings::<T>::iter().count(), 0);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
