#![doc = include_str!("../README.md")]

pub mod load;
pub mod metrics;
pub mod node;
pub mod odd;
pub mod syncs;
pub mod wait;

use tokio::sync::{Mutex, MutexGuard};

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Waits for the other tests of this binary to end; held, it keeps them from starting.
pub async fn serial() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().await
}
