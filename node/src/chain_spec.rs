//! Chain specs: the two presets of the runtime, or a file.

use qc_types::{DECIMALS, SS58_PREFIX};
use sc_service::{ChainType, GenericChainSpec, Properties};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// The chain spec of this chain.
pub type ChainSpec = GenericChainSpec;

fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "FLX".into());
    properties.insert("tokenDecimals".into(), DECIMALS.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties
}

fn from_preset(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let code = qc_runtime::WASM_BINARY
        .ok_or("this node was built without the runtime's Wasm (SKIP_WASM_BUILD): build it again without that")?;
    Ok(ChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(chain_type)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties())
        .build())
}

/// The chain spec that `--chain` names: `dev`, `local`, or the path of a file.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => from_preset(
            "Quantum Currency Development",
            "qc-dev",
            ChainType::Development,
            DEV_RUNTIME_PRESET,
        ),
        "local" => from_preset(
            "Quantum Currency Local",
            "qc-local",
            ChainType::Local,
            LOCAL_TESTNET_RUNTIME_PRESET,
        ),
        "" => Err("say which chain: --dev, --chain local, or --chain FILE with a chain spec".into()),
        path => ChainSpec::from_json_file(path.into()).map_err(|error| format!("{path} is not a chain spec: {error}")),
    }
}
