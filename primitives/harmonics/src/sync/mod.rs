//! ΨSync: what validators report about the last closed epoch, and what their reports come to.
//!
//! Source: protocol section 5; the page of the book is `docs/protocol/sync.md`. Numbers are units of 10⁻¹⁸.

mod breach;
mod gradients;
mod judge;
mod report;
mod strikes;

pub use breach::Breach;
pub use gradients::{observed_gradients, DENSITY_OBSERVED_MAX};
pub use judge::{judge, obeys_sync_1, Judgement, Reporter, Submission, Truth, Verdict};
pub use report::{closed_neighbourhood, Densities, Report, TooManyShards, REPORTED_SHARDS_MAX};
pub use strikes::is_in_window;

/// The version of the mathematics that a report is made with. It rises with every change of what a report says about the same
/// state; a node that does not have the runtime's version reports nothing, so that an upgrade punishes nobody.
pub const HARMONICS_VERSION: u16 = 1;

/// Whether `count` is more than ⅓ of `all`.
fn is_more_than_third(count: usize, all: usize) -> bool {
    count.checked_mul(3).is_none_or(|thrice| thrice > all)
}

/// Whether `count` is more than ⅔ of `all`: enough reports for a Ψ*.
fn is_quorum(count: usize, all: usize) -> bool {
    match (count.checked_mul(3), all.checked_mul(2)) {
        (Some(thrice), Some(twice)) => thrice > twice,
        _ => false,
    }
}
