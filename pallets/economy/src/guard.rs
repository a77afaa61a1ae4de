//! The scoped guard that opens what CHR and PSY holders cannot open.
//!
//! It lives in memory, not in storage, and only as long as the closure runs: it cannot outlast a transaction by
//! construction, costs nothing to check, and nothing that is stored can forge it.

environmental::environmental!(open: ());

/// Runs `protocol_move` with the freezes of CHR and PSY lifted. For the protocol's own moves alone: never hand it anything
/// that dispatches a call.
pub(crate) fn with_guard_open<R>(protocol_move: impl FnOnce() -> R) -> R {
    open::using(&mut (), protocol_move)
}

/// Whether a protocol move is running. Always `false` between transactions.
pub fn is_open() -> bool {
    open::with(|()| ()).is_some()
}
