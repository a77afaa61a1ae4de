//! What others ask of coherence.

/// Who is coherent enough, as of the last closed epoch. Ψ and Ψ̄ are in units of 10⁻¹⁸, range [0, 1].
///
/// `()` knows nobody: nobody is enrolled and nothing of a PSY balance may leave its account.
pub trait AttunementInspect<AccountId> {
    /// Whether the account is enrolled and its Ψ is at the gate (0.85 by default) or above it: it may move its PSY.
    fn may_move_psy(who: &AccountId) -> bool;

    /// Ψ of an enrolled account: as a validator where it is one, else as a participant. `None` if it is neither.
    fn psi(who: &AccountId) -> Option<u128>;

    /// Ψ̄ of an enrolled account, the time-weighted average over 90 days. `None` if it is not enrolled.
    fn psi_mean(who: &AccountId) -> Option<u128>;
}

impl<AccountId> AttunementInspect<AccountId> for () {
    fn may_move_psy(_: &AccountId) -> bool {
        false
    }

    fn psi(_: &AccountId) -> Option<u128> {
        None
    }

    fn psi_mean(_: &AccountId) -> Option<u128> {
        None
    }
}
