//! One function per law. They serve `try_state` and the tests.

use crate::{
    types::{IncidentRecord, CLOSED_MAX},
    ClosedCount, ClosedIncidents, Config, FounderThreshold, Founders, OpenIncidents, Pallet, RaisedCount,
};
use alloc::{string::String, vec::Vec};

fn ensure(holds: bool, law: &'static str) -> Result<(), &'static str> {
    holds.then_some(()).ok_or(law)
}

impl<T: Config> Pallet<T> {
    /// Every law of this pallet; the first one that does not hold is the error.
    pub fn check_laws() -> Result<(), &'static str> {
        Self::check_open()?;
        Self::check_closed()?;
        Self::check_founders()
    }

    /// Open incidents are by ascending number, not ended, and each is there once.
    fn check_open() -> Result<(), &'static str> {
        let open = OpenIncidents::<T>::get();
        let numbers: alloc::vec::Vec<u64> = open.iter().map(|one| one.number).collect();
        ensure(
            numbers.is_sorted_by(|a, b| a < b),
            "open incidents are by ascending number",
        )?;
        let below = numbers.last().is_none_or(|last| *last < RaisedCount::<T>::get());
        ensure(below, "the next incident has the next number")?;
        ensure(
            open.iter()
                .all(|one| one.ended.is_none() && one.times > 0 && one.epoch <= one.last_epoch),
            "an open incident was raised and has not ended",
        )?;
        let is_same = |a: &IncidentRecord<_, _>, b: &IncidentRecord<_, _>| {
            a.code == b.code && a.scope == b.scope && a.cause == b.cause
        };
        ensure(
            open.iter()
                .all(|one| open.iter().filter(|other| is_same(one, other)).count() == 1),
            "an incident is open once",
        )
    }

    /// The founders are as founders must be, or there are none.
    fn check_founders() -> Result<(), &'static str> {
        let (founders, threshold) = (Founders::<T>::get(), FounderThreshold::<T>::get());
        let named: Option<Vec<_>> = founders
            .iter()
            .map(|one| Some((String::from_utf8(one.name.to_vec()).ok()?, one.key.clone())))
            .collect();
        let none = founders.is_empty() && threshold == 0;
        let sound = named.is_some_and(|named| crate::check_founders(&named, threshold).is_ok());
        ensure(none || sound, "the founders are as founders must be")
    }

    /// What was raised is open or closed; of the closed ones the last are kept, and no more.
    fn check_closed() -> Result<(), &'static str> {
        let closed = ClosedCount::<T>::get();
        let open = u64::try_from(OpenIncidents::<T>::get().len()).ok();
        ensure(
            open.and_then(|open| open.checked_add(closed)) == Some(RaisedCount::<T>::get()),
            "an incident that was raised is open or closed",
        )?;
        let kept = u64::try_from(ClosedIncidents::<T>::iter_keys().count());
        ensure(
            kept == Ok(closed.min(CLOSED_MAX)),
            "of the closed incidents the last are kept",
        )?;
        ensure(
            ClosedIncidents::<T>::iter_values().all(|one| one.ended.is_some()),
            "a closed incident has ended",
        )
    }
}
