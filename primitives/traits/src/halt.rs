//! Who may act while something is halted.

use qc_types::Scope;

/// Asked by everyone with hooks or dispatch before they act: transaction validity, dispatch (nested too), hooks, the epoch.
///
/// `()` halts nothing.
pub trait HaltGate<AccountId> {
    /// Whether a scope is halted now. A halted chain halts every scope; an account is halted too when its home shard is.
    fn is_halted(scope: &Scope<AccountId>) -> bool;

    /// Whether the whole chain is halted: `is_halted(&Scope::Chain)`.
    fn is_chain_halted() -> bool {
        Self::is_halted(&Scope::Chain)
    }
}

impl<AccountId> HaltGate<AccountId> for () {
    fn is_halted(_: &Scope<AccountId>) -> bool {
        false
    }
}
