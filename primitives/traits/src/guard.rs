//! The guard that opens what holders cannot open.

/// Lifts the freezes of assets (CHR and PSY bound to their holders, accounts whose debits are barred) around the protocol's own
/// moves: slashes, for instance. Never to be handed anything that dispatches a call.
///
/// `()` has nothing to lift.
pub trait ProtocolGuard {
    /// Runs a move with the freezes lifted.
    fn open<R>(protocol_move: impl FnOnce() -> R) -> R;
}

impl ProtocolGuard for () {
    fn open<R>(protocol_move: impl FnOnce() -> R) -> R {
        protocol_move()
    }
}
