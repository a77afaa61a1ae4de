//! What all the tests of this binary stand on: a chain to put blocks on, its people, and calls made out of its metadata.

pub mod chain;
pub mod equivocation;
pub mod founders;
pub mod generate;
pub mod keys;
pub mod people;
pub mod storage;
pub mod transaction;
pub mod validators;
pub mod watch;
