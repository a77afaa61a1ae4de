//! Whether a report is a valid transaction. What is cheap to find is looked at first; at most one signature is verified, and only
//! if everything else holds.

use crate::{types::Filing, Config, Filings, LastBoundary, Pallet, Refusal};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::weights::Weight;
use frame_system::pallet_prelude::BlockNumberFor;
use qc_harmonics::sync::{closed_neighbourhood, Report, HARMONICS_VERSION};
use qc_pqc::{KeyId, Purpose, Signature};
use qc_traits::{KeyInspect, ReportedEpochInspect, TopologyInspect};
use qc_types::Capabilities;
use sp_runtime::{
    traits::Zero,
    transaction_validity::{
        TransactionLongevity, TransactionPriority, TransactionSource, TransactionValidityWithRefund, ValidTransaction,
    },
};

/// Before what people send and pay for, after proofs of equivocation, which have the highest there is.
pub const REPORT_PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

/// Blocks after which the pool looks again whether a report is still due.
pub const REPORT_LONGEVITY: TransactionLongevity = 64;

/// What the tags of reports begin with.
const TAG_PREFIX: &[u8] = b"qc/report";

impl<T: Config> Pallet<T> {
    /// The authorisation of [`Call::report`](crate::Call::report).
    pub(crate) fn authorize_report(
        _: TransactionSource,
        report: &Report,
        key: &KeyId,
        signature: &Signature,
    ) -> TransactionValidityWithRefund {
        let (validator, is_second) = Self::admit(report, key)?;
        let signed = Self::is_signed(key, report, signature);
        if !signed {
            return Err(Refusal::Unsigned.into());
        }
        let validity = ValidTransaction {
            priority: REPORT_PRIORITY,
            requires: vec![],
            // One report a validator and epoch is in the pool at a time. That a second, different one has a tag of its own
            // lets it in after the first was included, so that it can be held against its validator.
            provides: vec![(TAG_PREFIX, &validator, report.epoch, is_second).encode()],
            longevity: REPORT_LONGEVITY,
            propagate: true,
        };
        Ok((validity, Weight::zero()))
    }

    /// Whose report it would be, and whether it is a second one that differs from the first. Everything but the signature.
    pub(crate) fn admit(report: &Report, key: &KeyId) -> Result<(T::AccountId, bool), Refusal> {
        Self::check_due(report)?;
        let info = T::Keys::key(key).ok_or(Refusal::KeyUnknown)?;
        if !info.active {
            return Err(Refusal::KeyEnded);
        }
        if !info.capabilities.contains(Capabilities::SEAL) {
            return Err(Refusal::SealMissing);
        }
        let validator = info.owner;
        if !T::Reported::validators().contains(&validator) {
            return Err(Refusal::NotValidator);
        }
        let is_second = match Filings::<T>::get(&validator) {
            None => false,
            Some(Filing::Reported(first)) if first == *report => return Err(Refusal::AlreadyReported),
            Some(Filing::Reported(_)) => true,
            Some(Filing::Void) => return Err(Refusal::AlreadyVoid),
        };
        if !report.densities.is_about(&Self::shards_due_of(&validator)) {
            return Err(Refusal::ShardsForeign);
        }
        Ok((validator, is_second))
    }

    /// The right epoch at the right time, by the right mathematics, on this chain.
    fn check_due(report: &Report) -> Result<(), Refusal> {
        let boundary = LastBoundary::<T>::get().ok_or(Refusal::Early)?;
        if report.epoch > boundary.epoch {
            return Err(Refusal::Early);
        }
        if report.epoch < boundary.epoch {
            return Err(Refusal::Late);
        }
        if report.version != HARMONICS_VERSION {
            return Err(Refusal::VersionForeign);
        }
        let hash = Self::boundary_hash(&boundary).ok_or(Refusal::Early)?;
        if report.boundary != hash {
            return Err(Refusal::BoundaryForeign);
        }
        Ok(())
    }

    /// The shards that a validator reports on: its home and the neighbours, ascending; none if it is at home in no shard.
    pub(crate) fn shards_due_of(validator: &T::AccountId) -> Vec<u8> {
        let Some(home) = T::Reported::shard_of(validator) else {
            return Vec::new();
        };
        closed_neighbourhood(home.0, &Self::edges())
    }

    /// The edges of the field graph, in their order.
    pub(crate) fn edges() -> Vec<(u8, u8)> {
        T::Topology::edges()
            .into_iter()
            .map(|(low, high)| (low.0, high.0))
            .collect()
    }

    /// Whether the signature is the key's over this report.
    fn is_signed(key: &KeyId, report: &Report, signature: &Signature) -> bool {
        let Some(public_key) = T::Keys::public_key(key) else {
            return false;
        };
        let Some(genesis) = Self::hash_of_block(BlockNumberFor::<T>::zero()) else {
            return false;
        };
        qc_pqc::verify(&public_key, Purpose::Report, &genesis, &report.payload(), signature)
    }
}
