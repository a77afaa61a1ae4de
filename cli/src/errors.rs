//! Everything that can go wrong, with a stable code, an exit code, and what to do about it.

use crate::amount::AmountError;
use crate::client::NodeError;
use crate::keystore::KeystoreError;
use crate::refusal::Refusal;
use crate::ss58::AddressError;
use serde_json::{json, Map, Value};
use std::process::ExitCode;
use thiserror::Error;

/// Result of what `qc` does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why `qc` did not do what it was asked to.
#[derive(Debug, Error)]
pub enum Error {
    /// An amount cannot be read.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// An address cannot be read.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// An account file or a password.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// The node cannot be reached, does not answer, or answers nonsense.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The chain said no.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// The command line asks for something that cannot be done.
    #[error("{message}")]
    Usage {
        /// A stable word for programs.
        code: &'static str,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// What was compared is not the same.
    #[error("{message}")]
    Differs {
        /// A stable word for programs.
        code: &'static str,
        /// What differs.
        message: String,
        /// What to do.
        hint: String,
        /// What is known of both, for programs.
        details: Map<String, Value>,
    },
    /// The transaction was sent, and what became of it is not known.
    #[error("{message}; transaction {transaction} was sent and may still be included")]
    OutcomeUnknown {
        /// Why it is not known.
        message: String,
        /// The hash of the transaction.
        transaction: String,
        /// The last block in which it can be included, if it expires.
        valid_until: Option<u64>,
    },
    /// Standard output or the terminal failed.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
    /// A fault in `qc` itself or in a library under it, brought to light by unexpected input.
    #[error("internal fault: {0}")]
    Internal(String),
}

/// Exit codes, as documented in `qc --help`.
mod exit {
    pub const REFUSED: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const CONNECTION: u8 = 3;
    pub const KEY: u8 = 4;
    pub const UNKNOWN_OUTCOME: u8 = 5;
    pub const INTERNAL: u8 = 70;
}

impl Error {
    /// A [`Error::Usage`].
    pub fn usage(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Amount(error) => error.code(),
            Self::Address(error) => error.code(),
            Self::Keystore(error) => error.code(),
            Self::Node(error) => error.code(),
            Self::Refused(refusal) => refusal.code,
            Self::Usage { code, .. } | Self::Differs { code, .. } => code,
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::Output(_) => "output",
            Self::Internal(_) => "internal",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Amount(error) => Some(error.hint()),
            Self::Address(error) => Some(error.hint()),
            Self::Keystore(error) => Some(error.hint()),
            Self::Node(error) => Some(error.hint()),
            Self::Refused(refusal) => refusal.hint.clone(),
            Self::Usage { hint, .. } | Self::Differs { hint, .. } => Some(hint.clone()),
            Self::OutcomeUnknown {
                transaction,
                valid_until,
                ..
            } => {
                let until = match valid_until {
                    Some(block) => format!("it expires after block {block}; "),
                    None => "it does not expire; ".into(),
                };
                Some(format!(
                    "{until}look for it with: qc tx {transaction} (do not send it again before you know)"
                ))
            }
            Self::Output(_) => None,
            Self::Internal(_) => Some("please report it, with the command and the node's version".into()),
        }
    }

    /// The number that the process ends with.
    pub fn exit_number(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Differs { .. } => exit::REFUSED,
            Self::Amount(_) | Self::Address(_) | Self::Usage { .. } => exit::USAGE,
            Self::Node(_) => exit::CONNECTION,
            Self::Keystore(_) => exit::KEY,
            Self::OutcomeUnknown { .. } => exit::UNKNOWN_OUTCOME,
            Self::Output(_) | Self::Internal(_) => exit::INTERNAL,
        }
    }

    /// The code that the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit_number())
    }

    /// As a JSON object with `code`, `message`, `exit` and, where there is one, `hint` and more.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("code".into(), json!(self.code()));
        object.insert("message".into(), json!(self.to_string()));
        object.insert("exit".into(), json!(self.exit_number()));
        if let Some(hint) = self.hint() {
            object.insert("hint".into(), json!(hint));
        }
        match self {
            Self::Refused(refusal) => object.extend(refusal.details()),
            Self::Differs { details, .. } => object.extend(details.clone()),
            Self::OutcomeUnknown {
                transaction,
                valid_until,
                ..
            } => {
                object.insert("transaction".into(), json!(transaction));
                object.insert("validUntilBlock".into(), json!(valid_until));
            }
            _ => {}
        }
        Value::Object(object)
    }
}
