//! Equivocations: each offender is punished once a session, and what is remembered of it is bounded.

use crate::{AccountId, Offences, Runtime};
use codec::Encode;
use pallet_grandpa::{EquivocationOffence, SetIdSession, TimeSlot};
use pallet_session::historical::IdentificationTuple;
use sp_runtime::traits::Hash;
use sp_staking::{
    offence::{Offence, OffenceError, ReportOffence},
    SessionIndex,
};

type Offender = IdentificationTuple<Runtime>;
type Equivocation = EquivocationOffence<Offender>;

/// Hands equivocations to `pallet-offences`, which shows them and has the attunement punish. Two things are different:
///
/// * Whoever was punished for a session is known for all of it. `pallet-offences` takes every round for an offence of its own; its
///   number is chosen by the one who votes, and the report costs nothing.
/// * Nothing stays in `pallet-offences`, which forgets nothing: the attunement remembers the session and the offender, for as long
///   as an equivocation can be proved.
pub struct OncePerSession;

impl OncePerSession {
    /// Whether this offender was punished for a session in which the set with this number was the running one. There is one, since
    /// every session begins a new set; only the set of the genesis has two. Of a set that nobody remembers nothing can be proved.
    fn is_known(slot: &TimeSlot, who: &AccountId) -> bool {
        let last_of = SetIdSession::<Runtime>::get;
        let first = match slot.set_id.checked_sub(1) {
            Some(before) => last_of(before).and_then(|session| session.checked_add(1)),
            None => Some(0),
        };
        let (Some(first), Some(last)) = (first, last_of(slot.set_id)) else {
            return true;
        };
        let is_noted = |session: SessionIndex| pallet_attunement::Offences::<Runtime>::get(session).contains(who);
        (first..=last).any(is_noted)
    }
}

impl ReportOffence<AccountId, Offender, Equivocation> for OncePerSession {
    fn report_offence(reporters: alloc::vec::Vec<AccountId>, offence: Equivocation) -> Result<(), OffenceError> {
        let (slot, offender) = (offence.slot(), offence.offender.clone());
        if Self::is_known(&slot, &offender.0) {
            return Err(OffenceError::DuplicateReport);
        }
        Offences::report_offence(reporters, offence)?;
        // The number under which it was kept: of the kind, the slot and the offender.
        let report =
            (Equivocation::ID, slot.encode(), offender).using_encoded(<Runtime as frame_system::Config>::Hashing::hash);
        pallet_offences::Reports::<Runtime>::remove(report);
        pallet_offences::ConcurrentReportsIndex::<Runtime>::remove(Equivocation::ID, slot.encode());
        Ok(())
    }

    fn is_known_offence(offenders: &[Offender], slot: &TimeSlot) -> bool {
        offenders.iter().all(|(who, _)| Self::is_known(slot, who))
    }
}
