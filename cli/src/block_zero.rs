//! Block 0, built here: the blob's own genesis builder makes the state, as a node that starts lets it, so that whatever the
//! runtime checks of a genesis is checked by the very code that will run (docs/decisions/0040).

use codec::{Decode, Encode};
use qc_genesis::canonical::blake2_256;
use sc_executor::{RuntimeVersionOf, WasmExecutor};
use sp_core::storage::well_known_keys;
use sp_core::traits::{CallContext, CodeExecutor, Externalities, RuntimeCode, WrappedRuntimeCode};
use sp_state_machine::BasicExternalities;
use thiserror::Error;

/// The host's functions that the node offers too.
type HostFunctions = (sp_io::SubstrateHostFunctions, qc_pqc::HostFunctions);

/// Names the folder in which compiled blobs are kept, so that the next command does not compile them again. What is there is
/// run as it is: nobody else may be able to write to it.
const RUNTIME_CACHE: &str = "QC_RUNTIME_CACHE";

/// Why a blob and a config make no block 0.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NoBlock {
    /// The blob cannot be run.
    #[error("the blob does not run: {0}")]
    NotRuntime(String),
    /// The runtime refuses the config.
    #[error("the runtime refuses this genesis: {0}")]
    Refused(String),
}

/// Block 0 of a chain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlockZero {
    /// The root of its state.
    pub state_root: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
}

/// A blob that can be run.
pub struct Blob<'a> {
    code: &'a [u8],
    executor: WasmExecutor<HostFunctions>,
}

impl<'a> Blob<'a> {
    /// Nothing is run yet.
    pub fn new(code: &'a [u8]) -> Self {
        let builder = WasmExecutor::builder().with_allow_missing_host_functions(true);
        Self {
            code,
            executor: match std::env::var_os(RUNTIME_CACHE) {
                Some(folder) => builder.with_cache_path(folder).build(),
                None => builder.build(),
            },
        }
    }

    /// Builds block 0 of a config, JSON as the runtime reads it.
    pub fn block_zero(&self, config: &str) -> Result<BlockZero, NoBlock> {
        let mut state = BasicExternalities::new_empty();
        let answer = self.call(&mut state, "GenesisBuilder_build_state", &config.as_bytes().encode())?;
        let built = Result::<(), String>::decode(&mut answer.as_slice());
        built
            .map_err(|error| NoBlock::NotRuntime(format!("its answer cannot be read: {error}")))?
            .map_err(NoBlock::Refused)?;
        state.insert(well_known_keys::CODE.to_vec(), self.code.to_vec());
        let version = self
            .with_code(|code| {
                self.executor
                    .runtime_version(&mut BasicExternalities::new_empty(), code)
            })
            .map_err(|error| NoBlock::NotRuntime(error.to_string()))?;
        let root = state.storage_root(version.state_version());
        let state_root = root
            .try_into()
            .map_err(|_| NoBlock::NotRuntime("its state root is no hash".into()))?;
        Ok(BlockZero {
            state_root,
            hash: header_hash(&state_root),
        })
    }

    /// The config that the runtime begins with when nothing is said, over which a preset's patch is put.
    pub fn default_config(&self) -> Result<Vec<u8>, NoBlock> {
        let mut state = BasicExternalities::new_empty();
        let answer = self.call(
            &mut state,
            "GenesisBuilder_get_preset",
            &Option::<String>::None.encode(),
        )?;
        let config = Option::<Vec<u8>>::decode(&mut answer.as_slice());
        config
            .ok()
            .flatten()
            .ok_or_else(|| NoBlock::NotRuntime("it names no default config".into()))
    }

    fn call(&self, state: &mut dyn Externalities, method: &str, data: &[u8]) -> Result<Vec<u8>, NoBlock> {
        let (answer, _) = self.with_code(|code| self.executor.call(state, code, method, data, CallContext::Offchain));
        answer.map_err(|error| NoBlock::NotRuntime(error.to_string()))
    }

    fn with_code<T>(&self, run: impl FnOnce(&RuntimeCode<'_>) -> T) -> T {
        let fetcher = WrappedRuntimeCode(self.code.into());
        run(&RuntimeCode {
            code_fetcher: &fetcher,
            heap_pages: None,
            hash: blake2_256(self.code).to_vec(),
        })
    }
}

/// The hash of the header of block 0: no parent, number 0, no extrinsics, an empty digest.
fn header_hash(state_root: &[u8; 32]) -> [u8; 32] {
    // A trie without anything in it is one node, the byte 0.
    let no_extrinsics = blake2_256(&[0]);
    let header = (
        [0u8; 32],
        codec::Compact(0u32),
        *state_root,
        no_extrinsics,
        codec::Compact(0u32),
    );
    header.using_encoded(blake2_256)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header as subxt has it, field by field.
    #[test]
    fn the_hash_is_that_of_the_header() {
        use subxt::config::substrate::{Digest, SubstrateHeader, H256};
        let header = SubstrateHeader::<H256> {
            parent_hash: H256::zero(),
            number: 0,
            state_root: H256([7; 32]),
            extrinsics_root: H256(blake2_256(&[0])),
            digest: Digest::default(),
        };
        assert_eq!(header_hash(&[7; 32]), header.using_encoded(blake2_256));
    }

    #[test]
    fn what_is_no_blob_is_told() {
        for code in [
            &b""[..],
            b"\0asm",
            b"\0asm\x01\0\0\0",
            &[0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05, 1, 2],
        ] {
            let refused = Blob::new(code).block_zero("{}").unwrap_err();
            assert!(matches!(refused, NoBlock::NotRuntime(_)), "{refused}");
        }
    }

    #[test]
    fn the_root_of_nothing_is_the_known_one() {
        let known = "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314";
        assert_eq!(hex::encode(blake2_256(&[0])), known);
    }
}
