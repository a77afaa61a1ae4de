//! Who may have something taken from an account now.

/// Asked by the economy before anything leaves an account (moves of the protocol's own excepted).
///
/// Whoever answers `false` of an account promises that the account has FLX held or reserved: so the meter need not ask about
/// the many that have nothing put aside.
///
/// `()` lets everything through.
pub trait DebitGate<AccountId> {
    /// Whether a debit of `who` may pass: always, unless the account takes debits only inside a transaction that a
    /// post-quantum key of its own authorised, and none such is running.
    fn may_debit(who: &AccountId) -> bool;
}

impl<AccountId> DebitGate<AccountId> for () {
    fn may_debit(_: &AccountId) -> bool {
        true
    }
}
