//! What a genesis is: the presets, and the checks that every one must pass, whoever wrote it.

mod allocation;
mod check;
mod dev_keys;
mod presets;

pub use check::build_state;
pub use presets::{preset, preset_names};
