//! Who may act for an account beside its own keys.

/// Asked by the key ledger before an account requires post-quantum keys: nobody may be left who acts for it classically.
///
/// `()` knows of none.
pub trait Delegations<AccountId> {
    /// Whether anybody may act for `who` or take from it: a proxy, a proxy's announcement, an approval.
    fn has_live(who: &AccountId) -> bool;
}

impl<AccountId> Delegations<AccountId> for () {
    fn has_live(_: &AccountId) -> bool {
        false
    }
}
