//! What can go wrong in a load run, each with the fact that is wrong.

use std::net::IpAddr;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong in a load run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL does not parse as `ws://host:port`.
    #[error("{0:?} is not a URL of the form ws://127.0.0.1:PORT")]
    UrlMalformed(String),
    /// The URL names another machine: load is for one's own node only.
    #[error("{0} is not a loopback address; this program loads nodes of this machine only")]
    UrlNotLoopback(IpAddr),
    /// The connection could not be made, or broke.
    #[error("connection to the node: {0}")]
    Connection(String),
    /// The node answered with a JSON-RPC error.
    #[error("the node refused {method}: {code} {message} ({data})")]
    Refused {
        /// The RPC method.
        method: String,
        /// JSON-RPC error code.
        code: i32,
        /// Its message.
        message: String,
        /// Its data, or nothing.
        data: String,
    },
    /// The node's answer has not the shape it should have.
    #[error("unexpected answer to {method}: {detail}")]
    Answer {
        /// The RPC method.
        method: String,
        /// What is odd about it.
        detail: String,
    },
    /// The chain's metadata lacks something, or does not decode.
    #[error("metadata: {0}")]
    Metadata(String),
    /// Transaction-extension version 0 has an extension with a payload that this client does not know.
    #[error("transaction extension {0} has a payload that this client does not know")]
    ExtensionUnknown(String),
    /// A call could not be encoded.
    #[error("encoding {call}: {detail}")]
    Call {
        /// Pallet and call.
        call: String,
        /// Why.
        detail: String,
    },
    /// A key could not be derived.
    #[error("deriving keys: {0}")]
    Key(String),
    /// A wait came to its end without what was waited for.
    #[error("gave up after {seconds} s waiting for {what}")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// A thread of this program died.
    #[error("a thread of the load program died: {0}")]
    Thread(String),
    /// The plot could not be drawn.
    #[error("plot: {0}")]
    Plot(String),
    /// A file could not be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}
