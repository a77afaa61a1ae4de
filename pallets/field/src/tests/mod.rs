//! Tests by behaviour.

mod anomalies;
mod closing;
mod faults;
mod genesis;
mod history;
mod laws;
