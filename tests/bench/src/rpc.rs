//! JSON-RPC over one WebSocket connection to a node on this machine.

use std::net::IpAddr;
use std::time::Duration;

use jsonrpsee::core::client::{BatchResponse, ClientT, Error as ClientError, Subscription, SubscriptionClientT};
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};
use serde_json::Value;

use crate::{hex, Error, Result};

/// Bytes in an answer at most; a block's events are the largest thing asked for.
const ANSWER_BYTES_MAX: u32 = 128 * 1024 * 1024;
/// Requests on one connection that wait for their answer, at most.
const REQUESTS_PENDING_MAX: usize = 4_096;
/// How long a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// A connection to a node on this machine.
pub struct Rpc {
    client: WsClient,
}

/// `ws://127.0.0.1:9944` (or `localhost`, or `[::1]`) and nothing else.
pub fn loopback_only(url: &str) -> Result<()> {
    let malformed = || Error::UrlMalformed(url.into());
    let rest = url.strip_prefix("ws://").ok_or_else(malformed)?;
    let (host, port) = rest.trim_end_matches('/').rsplit_once(':').ok_or_else(malformed)?;
    port.parse::<u16>().map_err(|_| malformed())?;
    if host == "localhost" {
        return Ok(());
    }
    let address: IpAddr = host.trim_matches(['[', ']']).parse().map_err(|_| malformed())?;
    if address.is_loopback() {
        Ok(())
    } else {
        Err(Error::UrlNotLoopback(address))
    }
}

/// A client's error as ours.
pub fn refusal(method: &str, error: ClientError) -> Error {
    match error {
        ClientError::Call(object) => Error::Refused {
            method: method.into(),
            code: object.code(),
            message: object.message().into(),
            data: object.data().map(|data| data.get().into()).unwrap_or_default(),
        },
        ClientError::ParseError(error) => Error::Answer {
            method: method.into(),
            detail: error.to_string(),
        },
        other => Error::Connection(format!("{method}: {other}")),
    }
}

impl Rpc {
    /// Connects. Errors: the URL is not loopback, or nobody answers.
    pub async fn connect(url: &str) -> Result<Self> {
        loopback_only(url)?;
        let client = WsClientBuilder::new()
            .max_response_size(ANSWER_BYTES_MAX)
            .max_request_size(ANSWER_BYTES_MAX)
            .max_concurrent_requests(REQUESTS_PENDING_MAX)
            .request_timeout(REQUEST_TIMEOUT)
            .build(url)
            .await
            .map_err(|error| Error::Connection(format!("{url}: {error}")))?;
        Ok(Self { client })
    }

    /// One request.
    pub async fn call(&self, method: &str, params: Vec<Value>) -> Result<Value> {
        self.client
            .request(method, params)
            .await
            .map_err(|error| refusal(method, error))
    }

    /// One request whose answer is a string.
    pub async fn call_text(&self, method: &str, params: Vec<Value>) -> Result<String> {
        match self.call(method, params).await? {
            Value::String(text) => Ok(text),
            other => Err(Error::Answer {
                method: method.into(),
                detail: format!("not a string: {other:.80}"),
            }),
        }
    }

    /// Many requests in one message: each answered with a result, or with an error's code and message.
    pub async fn batch(
        &self,
        requests: Vec<(&'static str, Vec<Value>)>,
    ) -> Result<Vec<std::result::Result<Value, (i32, String)>>> {
        let mut batch = BatchRequestBuilder::new();
        for (method, params) in requests {
            batch
                .insert(method, params)
                .map_err(|error| Error::Connection(format!("batch: {error}")))?;
        }
        let answers: BatchResponse<'_, Value> = self
            .client
            .batch_request(batch)
            .await
            .map_err(|error| refusal("batch", error))?;
        Ok(answers
            .into_iter()
            .map(|entry| entry.map_err(|e| (e.code(), e.message().to_owned())))
            .collect())
    }

    /// Subscribes; the stream ends when it is dropped.
    pub async fn subscribe(&self, start: &str, params: Vec<Value>, stop: &str) -> Result<Subscription<Value>> {
        self.client
            .subscribe(start, params, stop)
            .await
            .map_err(|error| refusal(start, error))
    }

    /// Hands in a transaction; its hash.
    pub async fn submit(&self, transaction: &[u8]) -> Result<[u8; 32]> {
        let method = "author_submitExtrinsic";
        hex::decode_hash(
            method,
            &self.call_text(method, vec![hex::encode(transaction).into()]).await?,
        )
    }

    /// The raw value under a storage key, at a block or at the best one.
    pub async fn storage(&self, key: &[u8], at: Option<&[u8; 32]>) -> Result<Option<Vec<u8>>> {
        let mut params = vec![Value::from(hex::encode(key))];
        params.extend(at.map(|hash| Value::from(hex::encode(hash))));
        match self.call("state_getStorage", params).await? {
            Value::String(text) => hex::decode("state_getStorage", &text).map(Some),
            _ => Ok(None),
        }
    }

    /// Calls a runtime API function at the best block.
    pub async fn state_call(&self, function: &str, arguments: &[u8]) -> Result<Vec<u8>> {
        let text = self
            .call_text("state_call", vec![function.into(), hex::encode(arguments).into()])
            .await?;
        hex::decode("state_call", &text)
    }

    /// The hash of the block at a height, if the node has one.
    pub async fn block_hash(&self, height: u64) -> Result<Option<[u8; 32]>> {
        match self.call("chain_getBlockHash", vec![height.into()]).await? {
            Value::String(text) => hex::decode_hash("chain_getBlockHash", &text).map(Some),
            _ => Ok(None),
        }
    }

    /// Hash and height of the finalised head.
    pub async fn finalised(&self) -> Result<([u8; 32], u64)> {
        let hash = self.call_text("chain_getFinalizedHead", vec![]).await?;
        let header = self.call("chain_getHeader", vec![hash.clone().into()]).await?;
        Ok((
            hex::decode_hash("chain_getFinalizedHead", &hash)?,
            header_height(&header)?,
        ))
    }

    /// Height of the best block.
    pub async fn best_height(&self) -> Result<u64> {
        header_height(&self.call("chain_getHeader", vec![]).await?)
    }
}

/// The height in a header as JSON.
pub fn header_height(header: &Value) -> Result<u64> {
    let odd = || Error::Answer {
        method: "chain_getHeader".into(),
        detail: format!("{header:.80}"),
    };
    let text = header.get("number").and_then(Value::as_str).ok_or_else(odd)?;
    u64::from_str_radix(text.trim_start_matches("0x"), 16).map_err(|_| odd())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_loaded() {
        for url in [
            "ws://127.0.0.1:9944",
            "ws://localhost:1/",
            "ws://[::1]:9944",
            "ws://127.9.9.9:1",
        ] {
            assert!(loopback_only(url).is_ok(), "{url}");
        }
        for url in [
            "ws://10.0.0.1:9944",
            "ws://example.com:9944",
            "wss://127.0.0.1:9944",
            "ws://127.0.0.1",
            "x",
        ] {
            assert!(loopback_only(url).is_err(), "{url}");
        }
    }
}
