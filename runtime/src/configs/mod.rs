//! What every pallet is told about the others, one room per concern.

mod accounts;
mod consensus;
mod equivocations;
pub mod field;
mod keys;
mod system;
mod tokens;

pub use accounts::ProxyType;
pub use system::{RuntimeBlockLength, RuntimeBlockWeights, BLOCK_LENGTH_MAX};
pub use tokens::TreasuryAccount;
