//! Incidents: what is raised when something is sick.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_types::{CirCode, Scope};
use scale_info::TypeInfo;

/// Why an incident was raised.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum IncidentCause {
    /// The curl of the observed gradients on a cycle is too large (PSI-2).
    Curl,
    /// The spread of the reports is too large.
    Spread,
    /// More than ⅓ of the set deviates.
    Breach,
    /// A validator reported a ψ or a code that is not the chain's.
    Tampering,
    /// More than ⅓ of the set shares one same value that is not the chain's.
    ChainInDoubt,
    /// A conservation law does not hold to the planck.
    Conservation,
    /// A computation of the protocol's was out of range or undefined.
    Mathematics,
}

/// Raises incidents; what they halt is not the raiser's business.
///
/// `()` forgets them.
pub trait RaiseIncident<AccountId> {
    /// Raises an incident with a scope. Never fails; raising the same again while it is open changes nothing.
    fn raise(code: CirCode, scope: Scope<AccountId>, cause: IncidentCause);
}

impl<AccountId> RaiseIncident<AccountId> for () {
    fn raise(_: CirCode, _: Scope<AccountId>, _: IncidentCause) {}
}
