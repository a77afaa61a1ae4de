//! What a load run is made of: a JSON-RPC client, transactions encoded by hand from the chain's metadata, accounts,
//! senders, an observer of finalised blocks, and the report.
//!
//! The library is also the client of `tests/network`, so that the tests and the load program speak to a node in one way.
//! Nothing here leans on the runtime: what is known of the chain comes from its metadata over RPC, and how keys sign from
//! `primitives/pqc`.

pub mod accounts;
pub mod by_key;
pub mod capacity;
pub mod chain;
pub mod compare;
pub mod crowd;
pub mod error;
pub mod figures;
pub mod growth;
pub mod hex;
pub mod kind;
pub mod observe;
pub mod plot;
pub mod report;
pub mod rpc;
pub mod run;
pub mod send;
pub mod sign;
pub mod storage;

pub use error::{Error, Result};
