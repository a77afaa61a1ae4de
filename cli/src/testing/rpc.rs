//! A node that a function answers for.

use subxt::rpcs::client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT};
use subxt::rpcs::{Error as RpcError, UserError};

/// What comes of a request.
pub enum Answer {
    /// This result, as JSON.
    Json(String),
    /// An error of the node's, with its code.
    Refused(i32, String),
    /// Nothing, ever.
    Never,
}

/// Answers each request by its method and parameters. Nobody can subscribe to anything.
pub struct Answers<F>(pub F);

impl<F> RpcClientT for Answers<F>
where
    F: Fn(&str, &str) -> Answer + Send + Sync + 'static,
{
    fn request_raw<'a>(&'a self, method: &'a str, params: Option<Box<RawValue>>) -> RawRpcFuture<'a, Box<RawValue>> {
        let params = params.map(|params| params.get().to_owned()).unwrap_or_default();
        let answer = (self.0)(method, &params);
        Box::pin(async {
            match answer {
                Answer::Json(json) => RawValue::from_string(json).map_err(RpcError::Deserialization),
                Answer::Refused(code, message) => Err(refusal(code, message)),
                Answer::Never => std::future::pending().await,
            }
        })
    }

    fn subscribe_raw<'a>(
        &'a self,
        _: &'a str,
        _: Option<Box<RawValue>>,
        _: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        Box::pin(async { Err(refusal(-32601, "no subscriptions".into())) })
    }
}

fn refusal(code: i32, message: String) -> RpcError {
    RpcError::User(UserError {
        code,
        message,
        data: None,
    })
}
