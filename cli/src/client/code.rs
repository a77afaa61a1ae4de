//! The runtime's code in the state of a block.

use super::{Node, NodeError};
use qc_genesis::canonical::blake2_256;
use subxt::config::substrate::H256;
use subxt::rpcs::client::rpc_params;

/// Where the code stands: `:code`.
pub const CODE_KEY: &str = "0x3a636f6465";

/// The longest code that is fetched. Hexadecimal doubles it, and an answer of a node may have 10 MiB.
pub const FETCHED_BYTES_MAX: u64 = 5_000_000;

/// The code in the state of a block, as a node tells it.
#[derive(Clone, Debug)]
pub struct StoredCode {
    /// How long it is.
    pub bytes: u64,
    /// Its hash.
    pub blake2_256: H256,
    /// The code itself; `None` if it is longer than [`FETCHED_BYTES_MAX`].
    pub code: Option<Vec<u8>>,
}

impl Node {
    /// The code in the state of a block. What the node tells of it twice has to agree.
    pub async fn code(&self, at: H256) -> Result<StoredCode, NodeError> {
        let lacks = || NodeError::nonsense("state_getStorageHash", "the state has no code");
        let of_code = || rpc_params![CODE_KEY, at];
        let hash: Option<H256> = self.request("state_getStorageHash", of_code()).await?;
        let bytes: Option<u64> = self.request("state_getStorageSize", of_code()).await?;
        let (blake2, bytes) = (hash.ok_or_else(lacks)?, bytes.ok_or_else(lacks)?);
        let code = if bytes <= FETCHED_BYTES_MAX {
            self.request_bytes("state_getStorage", of_code()).await?
        } else {
            None
        };
        if let Some(code) = &code {
            if blake2_256(code) != blake2.0 || u64::try_from(code.len()) != Ok(bytes) {
                return Err(NodeError::nonsense(
                    "state_getStorage",
                    "the code has not the hash and size that the node tells",
                ));
            }
        }
        Ok(StoredCode {
            bytes,
            blake2_256: blake2,
            code,
        })
    }
}
