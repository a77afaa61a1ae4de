//! What can be wrong with a plan.

use qc_types::FoundersFault;
use thiserror::Error;

/// What is wrong with a plan.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PlanFault {
    /// It has too many bytes.
    #[error("it has {0} bytes; a plan has at most {max}", max = super::PLAN_BYTES_MAX)]
    TooLarge(usize),
    /// It is not text.
    #[error("it is not UTF-8 text")]
    NotUtf8,
    /// It is not TOML as a plan has it.
    #[error("line {line}: {what}")]
    Toml {
        /// The line, from 1 on; 0 if it is unknown.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// An entry is not what it must be.
    #[error("{table}, {field}: {what}")]
    Entry {
        /// In which table it stands.
        table: String,
        /// Which it is.
        field: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The founders are not what they must be.
    #[error("[founders]: {0}")]
    Founders(FoundersFault),
    /// The graph is not one.
    #[error("[field], edges: {0}")]
    Edges(String),
    /// There are no validators.
    #[error("there is no [[validators]]: a network needs at least one")]
    NoValidators,
    /// A symbol that there is not, or not with this value.
    #[error("[symbols] {name}: {what}")]
    Symbol {
        /// Its name.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// The symbols are not within their bounds, or do not fit together.
    #[error("[symbols]: {0}")]
    Symbols(String),
}

impl PlanFault {
    pub(super) fn entry(table: &str, field: &'static str, what: String) -> Self {
        Self::Entry {
            table: table.to_owned(),
            field,
            what,
        }
    }

    pub(super) fn toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(0, |before| before.matches('\n').count() + 1);
        Self::Toml {
            line,
            what: error.message().trim().replace('\n', " "),
        }
    }
}
