//! The end of an epoch, and the order of its steps: written here and nowhere else.

use crate::{AccountId, Attunement, Economy, Field, Historical, Incidents, Runtime, Session, Sync, System};
use alloc::vec::Vec;
use frame_support::dispatch::DispatchClass;
use qc_traits::{EpochInspect, OnEpochEnd};
use qc_types::EpochIndex;
use sp_staking::SessionIndex;

/// How many past sessions an equivocation can be proved for. At 150 blocks of 2 s: about three and a half days, longer than
/// anybody needs to report and far shorter than a blacklisting.
pub const HISTORICAL_SESSIONS: SessionIndex = 1_008;

/// The running epoch is the running session.
pub struct CurrentEpoch;

impl EpochInspect for CurrentEpoch {
    fn current_epoch() -> EpochIndex {
        Session::current_index()
    }
}

/// The steps, in the order of protocol section 13. What is not there yet has its place named. Authorship and missed slots are
/// recorded before, by the hooks of the block.
fn end_epoch(ended: EpochIndex) {
    let steps = [
        Sync::on_epoch_end(ended),
        Attunement::on_epoch_end(ended),
        Field::on_epoch_end(ended),
        Economy::on_epoch_end(ended),
        // rewards accrue
        Incidents::on_epoch_end(ended),
        // checkpoint
    ];
    for weight in steps {
        System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
    }
    if let Some(first_kept) = ended.checked_sub(HISTORICAL_SESSIONS) {
        Historical::prune_up_to(first_kept);
    }
}

/// Ends epochs with sessions, and begins them with the set that the attunement chose.
pub struct EpochManager;

impl EpochManager {
    fn with_unit(validators: Vec<AccountId>) -> Option<Vec<(AccountId, ())>> {
        Some(validators.into_iter().map(|validator| (validator, ())).collect())
    }
}

impl pallet_session::SessionManager<AccountId> for EpochManager {
    /// Always names the set, also when it stays the same: only then are the roots of its keys made anew, and a validator who
    /// rotated keys can still be shown to own them.
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        Some(Attunement::choose_set(index).unwrap_or_else(Session::validators))
    }

    /// Everyone who registered keys at genesis, in the order of their accounts.
    fn new_session_genesis(_: SessionIndex) -> Option<Vec<AccountId>> {
        let mut validators: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
        validators.sort_unstable();
        Some(validators)
    }

    /// The session forgets who was disabled when the set changes.
    fn start_session(_: SessionIndex) {
        Attunement::disable_blacklisted();
    }

    fn end_session(ended: SessionIndex) {
        end_epoch(ended);
    }
}

impl pallet_session::historical::SessionManager<AccountId, ()> for EpochManager {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session(index).and_then(Self::with_unit)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session_genesis(index).and_then(Self::with_unit)
    }

    fn start_session(index: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::start_session(index)
    }

    fn end_session(index: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::end_session(index)
    }
}
