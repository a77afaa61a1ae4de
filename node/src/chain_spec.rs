//! Chain specs: the two presets of the runtime, or a file.

use crate::well_known;
use qc_types::{DECIMALS, SS58_PREFIX};
use sc_service::{ChainSpec as _, ChainType, GenericChainSpec, Properties};
use serde_json::Value;
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
        path => from_file(path),
    }
}

/// Reads a file. One of a network with value is refused if its genesis has a key that everybody knows.
fn from_file(path: &str) -> Result<ChainSpec, String> {
    let no_spec = |error: String| format!("{path} is not a chain spec: {error}");
    let spec = ChainSpec::from_json_file(path.into()).map_err(no_spec)?;
    let text = std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let json = serde_json::from_slice(&text).map_err(|error| no_spec(error.to_string()))?;
    has_genesis(&json).map_err(no_spec)?;
    let chain_type = spec.chain_type();
    if well_known::may_have(&chain_type) {
        return Ok(spec);
    }
    match well_known::find(&json) {
        None => Ok(spec),
        Some(found) => Err(format!(
            "{path}: the key {} is in its genesis, at {}. Everybody knows the secret of this key: only chains of the types \
             Development and Local may have it, and this one is {chain_type:?}. Make the genesis with keys of your own",
            found.key, found.place
        )),
    }
}

/// Whether there is a genesis to build block 0 from. The SDK looks at it only when it builds that block.
fn has_genesis(spec: &Value) -> Result<(), String> {
    let forms = ["raw", "runtimeGenesis"];
    match spec.get("genesis") {
        Some(Value::Object(genesis)) if forms.iter().any(|form| genesis.contains_key(*form)) => Ok(()),
        Some(_) => Err("its genesis is neither `raw` nor `runtimeGenesis`".into()),
        None => Err("it has no genesis".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use sp_core::bytes::to_hex;
    use sp_keyring::Sr25519Keyring;

    fn spec(chain_type: Value, genesis: Value) -> Result<ChainSpec, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        let spec = json!({
            "name": "Test", "id": "test", "chainType": chain_type, "bootNodes": [], "telemetryEndpoints": null,
            "protocolId": null, "properties": null, "codeSubstitutes": {}, "genesis": genesis,
        });
        std::fs::write(file.path(), spec.to_string()).unwrap();
        load(file.path().to_str().unwrap())
    }

    fn plain(who: [u8; 32]) -> Value {
        json!({ "runtimeGenesis": { "code": "0x00", "config": { "balances": { "balances": [[to_hex(&who, false), 5]] } } } })
    }

    fn raw(who: [u8; 32]) -> Value {
        json!({ "raw": { "top": { "0x00": to_hex(&who, false) }, "childrenDefault": {} } })
    }

    /// Keys that everybody knows, in a plain and in a raw spec: by chain type.
    #[test]
    fn development_keys_are_for_development() {
        let alice = Sr25519Keyring::Alice.to_raw_public();
        for genesis in [plain, raw] {
            for chain_type in [json!("Development"), json!("Local")] {
                assert!(spec(chain_type, genesis(alice)).is_ok());
            }
            for (chain_type, name) in [
                (json!("Live"), "Live"),
                (json!({ "Custom": "Mine" }), "Custom(\"Mine\")"),
            ] {
                assert!(spec(chain_type.clone(), genesis([7; 32])).is_ok());
                let refused = spec(chain_type, genesis(alice)).err().expect("it must be refused");
                assert!(
                    refused.contains("the key //Alice (sr25519) is in its genesis, at genesis.r"),
                    "{refused}"
                );
                assert!(refused.contains(&format!("this one is {name}")), "{refused}");
            }
        }
    }

    #[test]
    fn what_is_no_spec_is_named() {
        assert!(load("").err().is_some_and(|message| message.contains("--chain")));
        assert!(load("/nowhere.json")
            .err()
            .is_some_and(|message| message.contains("/nowhere.json is not a chain spec")));
        for genesis in [json!({}), json!({ "stateRootHash": "0x00" }), json!("raw")] {
            for chain_type in ["Live", "Local"] {
                let broken = spec(json!(chain_type), genesis.clone())
                    .err()
                    .expect("it must be refused");
                assert!(
                    broken.contains("is not a chain spec: its genesis is neither"),
                    "{broken}"
                );
            }
        }
    }
}
