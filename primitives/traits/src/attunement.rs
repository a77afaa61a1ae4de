//! What the economy asks of coherence.

/// Who is coherent enough, as of the last closed epoch.
///
/// `()` knows nobody: nobody is enrolled and nothing of a PSY balance may leave its account.
pub trait AttunementInspect<AccountId> {
    /// Whether the account is enrolled and its Ψ is at the gate (0.85 by default) or above it: it may move its PSY.
    fn may_move_psy(who: &AccountId) -> bool;
}

impl<AccountId> AttunementInspect<AccountId> for () {
    fn may_move_psy(_: &AccountId) -> bool {
        false
    }
}
