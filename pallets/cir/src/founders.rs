//! The founders: written down at genesis, and shown.

use crate::{
    types::{FounderRecord, Founders as FoundersView},
    Config, FounderThreshold, Founders, Pallet,
};
use alloc::{string::String, vec::Vec};
use qc_pqc::{KeyId, PublicKey};
use qc_types::FoundersFault;
use sp_runtime::{BoundedVec, DispatchError};

/// Whether these can be the founders of a chain, names and keys, with this threshold; the first broken constraint is the error.
pub fn check_founders(founders: &[(String, PublicKey)], threshold: u32) -> Result<(), FoundersFault> {
    let founders: Vec<_> = founders
        .iter()
        .map(|(name, key)| (name.clone(), KeyId::of(key)))
        .collect();
    qc_types::check_founders(&founders, threshold)
}

impl<T: Config> Pallet<T> {
    /// Writes them down, in their order. None at all is a chain without a recovery by founders: for tests of other things.
    pub(crate) fn build_genesis(founders: &[(String, PublicKey)], threshold: u32) -> Result<(), DispatchError> {
        if founders.is_empty() && threshold == 0 {
            return Ok(());
        }
        check_founders(founders, threshold)
            .map_err(|_| DispatchError::Other("these cannot be the founders of a chain"))?;
        let records: Vec<_> = founders
            .iter()
            .map(|(name, key)| {
                let name = BoundedVec::try_from(name.clone().into_bytes()).ok()?;
                let key = key.clone();
                Some(FounderRecord { name, key })
            })
            .collect::<Option<_>>()
            .ok_or(DispatchError::Other("a name is too long"))?;
        let records = BoundedVec::try_from(records).map_err(|_| DispatchError::Other("there are too many founders"))?;
        Founders::<T>::put(records);
        FounderThreshold::<T>::put(threshold);
        Ok(())
    }

    /// The founders, in the order of the genesis, and how many of them must agree.
    pub fn founders_view() -> FoundersView {
        FoundersView {
            threshold: FounderThreshold::<T>::get(),
            members: Founders::<T>::get().into_inner(),
        }
    }
}
