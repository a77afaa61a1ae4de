//! Sessions that are over: how long an equivocation in them can be proved.

use crate::support::chain::Chain;
use pallet_session::{
    historical::{HistoricalSessions, StoredRange},
    SessionManager,
};
use qc_runtime::{
    epoch::{EpochManager, HISTORICAL_SESSIONS},
    Hash, Runtime,
};

/// The roots of the keys of as many sessions are kept as an equivocation can be proved for, and no more, for ever.
#[test]
fn roots_of_old_sessions_are_pruned() {
    let mut chain = Chain::new("development");
    chain.empty_blocks(1);
    chain.look(|| {
        let ended = HISTORICAL_SESSIONS + 2;
        (0..ended).for_each(|session| HistoricalSessions::<Runtime>::insert(session, (Hash::repeat_byte(1), 1)));
        StoredRange::<Runtime>::put((0, ended));

        <EpochManager as SessionManager<_>>::end_session(ended);

        for session in 0..ended {
            let is_kept = HistoricalSessions::<Runtime>::contains_key(session);
            assert_eq!(is_kept, session >= 2, "session {session}");
        }
        assert_eq!(StoredRange::<Runtime>::get(), Some((2, ended)));
    });
}
