//! How long a strike counts.

use crate::symbols::Symbols;

/// Whether a strike of epoch `struck` still counts in epoch `now`: in its own epoch and in the ones after it, as many in all as
/// the window has.
pub fn is_in_window(symbols: &Symbols, struck: u32, now: u32) -> bool {
    now.checked_sub(struck)
        .is_none_or(|age| age < symbols.strike_window_epochs)
}
