#![doc = include_str!("../README.md")]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

mod error;
mod file;
mod private;
mod sealing;
mod secret;

pub use error::{KeyFileError, MnemonicError};
pub use file::{KeyFile, Kind, VERSION};
pub use private::{read_first_line, read_password, read_private, FILE_BYTES_MAX, PASSWORD_BYTES_MAX};
pub use sealing::{open, seal, WORK_FACTOR_LOG2};
pub use secret::{generate_words, tidy_words, KeySecret};

#[cfg(test)]
mod tests;
