//! What can be wrong with a node, or with the way to it.

use subxt::rpcs::Error as RpcError;
use thiserror::Error;

/// What is wrong with a node, or with the way to it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NodeError {
    /// Not a URL that can be connected to.
    #[error("{0:?} is not the address of a node")]
    BadUrl(String),
    /// Nobody listens there.
    #[error("no node answers at {0}: the connection is refused")]
    ConnectionRefused(String),
    /// The connection cannot be made for another reason.
    #[error("cannot connect to {url}: {reason}")]
    CannotConnect {
        /// Where to.
        url: String,
        /// Why not.
        reason: String,
    },
    /// No answer in time.
    #[error("the node did not answer within {seconds} s ({what})")]
    Timeout {
        /// What was asked.
        what: String,
        /// How long we waited.
        seconds: u64,
    },
    /// The connection ended.
    #[error("the connection to the node was lost ({what}: {reason})")]
    Lost {
        /// What was being asked.
        what: String,
        /// What the connection said.
        reason: String,
    },
    /// The node refused a request.
    #[error("the node refused {what}: {message} ({code})")]
    Rpc {
        /// What was asked.
        what: String,
        /// The JSON-RPC code.
        code: i32,
        /// What the node said, with its data.
        message: String,
    },
    /// The node's answer cannot be understood.
    #[error("the node's answer to {what} makes no sense: {reason}")]
    Nonsense {
        /// What was asked.
        what: String,
        /// Why not.
        reason: String,
    },
    /// A node of some other chain.
    #[error("the chain at {url} is not a Quantum Currency network: it has no {missing}")]
    OtherChain {
        /// Where.
        url: String,
        /// What it lacks.
        missing: String,
    },
    /// A network of ours whose runtime is of another version than this `qc`.
    #[error("the chain at {url} runs another version than this qc knows: it has no {missing}")]
    OtherVersion {
        /// Where.
        url: String,
        /// What it lacks.
        missing: String,
    },
}

impl NodeError {
    /// A [`NodeError::Nonsense`].
    pub fn nonsense(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Nonsense {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    /// The same, naming what was really asked.
    pub(super) fn about(mut self, subject: &str) -> Self {
        match &mut self {
            Self::Timeout { what, .. }
            | Self::Lost { what, .. }
            | Self::Rpc { what, .. }
            | Self::Nonsense { what, .. } => {
                *what = subject.into();
            }
            _ => {}
        }
        self
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl(_) => "bad_url",
            Self::ConnectionRefused(_) => "connection_refused",
            Self::CannotConnect { .. } => "cannot_connect",
            Self::Timeout { .. } => "timeout",
            Self::Lost { .. } => "connection_lost",
            Self::Rpc { .. } => "rpc_refused",
            Self::Nonsense { .. } => "node_nonsense",
            Self::OtherChain { .. } => "other_chain",
            Self::OtherVersion { .. } => "other_version",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::BadUrl(_) => {
                "give a WebSocket address, for instance --url ws://127.0.0.1:9944 or wss://rpc.example.org"
            }
            Self::ConnectionRefused(_) => {
                "start a node (a development chain: qc-node --dev --tmp), or name another with --url or QC_URL"
            }
            Self::CannotConnect { .. } => {
                "check --url (or QC_URL) and the network; a remote node needs wss:// and open RPC"
            }
            Self::Timeout { .. } | Self::Lost { .. } => {
                "the node may be overloaded or stopped: look at its log, try again, or give it more time with --timeout"
            }
            Self::Rpc { .. } => "the node may restrict its RPC (--rpc-methods), or be another version than this qc",
            Self::Nonsense { .. } => "the node may be broken, or be another version than this qc; try another node",
            Self::OtherChain { .. } => "name a node of a Quantum Currency network with --url or QC_URL",
            Self::OtherVersion { .. } => {
                "use the qc that belongs to the chain's version, which qc chain tells; an older chain has it after its upgrade"
            }
        }
        .into()
    }
}

/// Sorts out why a request failed.
pub(super) fn from_rpc(what: &str, error: RpcError) -> NodeError {
    match error {
        RpcError::User(error) => NodeError::Rpc {
            what: what.into(),
            code: error.code,
            message: match error.data.map(|data| data.get().trim_matches('"').to_owned()) {
                Some(data) if !data.is_empty() => format!("{}: {data}", error.message),
                _ => error.message,
            },
        },
        RpcError::Deserialization(_) | RpcError::Decode(_) => NodeError::nonsense(what, error),
        error => NodeError::Lost {
            what: what.into(),
            reason: chain_of(&error),
        },
    }
}

/// Sorts out why there is no connection.
pub(super) fn cannot_connect(url: &str, error: &RpcError) -> NodeError {
    let reason = chain_of(error);
    if reason.contains("Invalid URL") || reason.contains("invalid port") || reason.contains("RelativeUrlWithoutBase") {
        NodeError::BadUrl(url.into())
    } else if reason.to_lowercase().contains("connection refused") {
        NodeError::ConnectionRefused(url.into())
    } else {
        NodeError::CannotConnect {
            url: url.into(),
            reason,
        }
    }
}

/// An error with all that is behind it, on one line, without what the layers of libraries say of themselves.
fn chain_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text.replace("RPC error: ", "")
        .replace("client error: ", "")
        .replace('\n', " ")
}
