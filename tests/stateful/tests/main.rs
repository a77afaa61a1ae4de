//! The real runtime, driven through the transaction pipeline and attacked in every way that its metadata names.

mod calls;
mod chr_cannot_move;
mod commands;
mod decoding;
mod field;
mod genesis;
mod keys;
mod root;
mod sessions;
mod support;
mod versions;
