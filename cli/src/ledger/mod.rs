//! The key ledger: what it keeps, what it tells, and the calls that change it.

mod calls;
mod entry;
mod records;
mod replay;
mod standing;

pub use calls::{keep_pqc, leave_pqc, require_pqc, revoke, set_capabilities, About, Proof, Proven};
pub use entry::{Change, Entry};
pub use records::{KeyRecord, OwnerRecord, Prices, Protection, Status, KEYS_PER_OWNER_MAX, MANAGE_KEYS_MIN};
pub use replay::{replay, Replay};
pub use standing::{standing, Standing};
