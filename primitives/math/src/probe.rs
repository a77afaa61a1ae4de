//! A counter for the proof run (feature `probe`, never part of the chain).

use core::sync::atomic::{AtomicU64, Ordering};

static REFINEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many calls have needed the second working precision so far.
pub fn refinements() -> u64 {
    REFINEMENTS.load(Ordering::Relaxed)
}

/// Counts one.
pub(crate) fn note_refinement() {
    REFINEMENTS.fetch_add(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hardest_arguments_need_the_second_precision() {
        // 2^-121 units below the grid: nearer than what the first precision's error bounds can tell.
        let before = super::refinements();
        assert_eq!(crate::tanh(1), Ok(0));
        let between = super::refinements();
        assert_eq!(crate::phi_series(1), Ok(0));
        assert!(before < between && between < super::refinements());
    }
}
