//! What becomes of a report that was let through.

use crate::{types::Filing, Config, Error, Event, Filings, Pallet};
use frame_support::pallet_prelude::DispatchResult;
use qc_harmonics::sync::Report;
use qc_pqc::KeyId;
use qc_traits::KeyInspect;

impl<T: Config> Pallet<T> {
    /// Keeps the report of the key's owner; a second, different one voids both.
    pub(crate) fn file(report: Report, key: &KeyId) -> DispatchResult {
        let validator = T::Keys::key(key).ok_or(Error::<T>::KeyUnknown)?.owner;
        let epoch = report.epoch;
        let event = match Filings::<T>::get(&validator) {
            None => {
                Filings::<T>::insert(&validator, Filing::Reported(report));
                Event::ReportFiled { validator, epoch }
            }
            Some(Filing::Reported(first)) if first == report => return Err(Error::<T>::AlreadyReported.into()),
            Some(Filing::Reported(_)) => {
                Filings::<T>::insert(&validator, Filing::Void);
                Event::ReportsVoided { validator, epoch }
            }
            Some(Filing::Void) => return Err(Error::<T>::AlreadyVoid.into()),
        };
        Self::deposit_event(event);
        Ok(())
    }
}
