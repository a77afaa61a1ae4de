//! What the tests against running nodes have in common: nodes that are started on free ports and killed when dropped, waits
//! with an end, a background load, and a source of odd bytes.
//!
//! Nodes compete for the processor and for disk, so each test of a binary takes [`serial`] first. `cargo test` runs the
//! binaries one after the other.

pub mod load;
pub mod node;
pub mod odd;
pub mod wait;

use tokio::sync::{Mutex, MutexGuard};

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Waits for the other tests of this binary to end; held, it keeps them from starting.
pub async fn serial() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().await
}
