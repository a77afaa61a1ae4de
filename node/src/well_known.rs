//! Keys that everybody knows have no place in a network with value: a spec that has them is refused.

use qc_genesis::development::{self, DevelopmentKey};
use sc_service::ChainType;
use serde_json::Value;
use sp_core::crypto::{AccountId32, Ss58Codec};

/// The longest text that can be an address: base 58 takes quadratic time.
const ADDRESS_CHARS_MAX: usize = 64;

/// Where the runtime's code stands, in a plain and in a raw spec: it carries the keys of the presets, and no harm in that.
const CODE: [&str; 2] = ["genesis.runtimeGenesis.code", "genesis.raw.top.0x3a636f6465"];

/// A development key in a genesis.
#[derive(Debug, Eq, PartialEq)]
pub struct Found {
    /// Which.
    pub key: DevelopmentKey,
    /// Where: the path in the spec.
    pub place: String,
}

/// Whether a network of this type may have keys that everybody knows.
pub fn may_have(chain_type: &ChainType) -> bool {
    matches!(chain_type, ChainType::Development | ChainType::Local)
}

/// The first development key in the genesis of a chain spec, plain or raw: in addresses, hexadecimal digits, lists of bytes, and
/// the keys of storage.
pub fn find(spec: &Value) -> Option<Found> {
    within(spec.get("genesis")?, "genesis")
}

fn within(value: &Value, place: &str) -> Option<Found> {
    let here = |bytes: Vec<u8>| {
        let key = development::find(&bytes)?;
        let place = place.to_owned();
        Some(Found { key, place })
    };
    match value {
        Value::String(text) => here(bytes_of(text)?),
        Value::Array(items) => {
            let bytes = items.iter().map(|item| u8::try_from(item.as_u64()?).ok());
            bytes.collect::<Option<Vec<u8>>>().and_then(here).or_else(|| {
                let mut places = items.iter().enumerate();
                places.find_map(|(at, item)| within(item, &format!("{place}[{at}]")))
            })
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let place = format!("{place}.{name}");
            if CODE.contains(&place.as_str()) {
                return None;
            }
            let in_name = bytes_of(name).and_then(|bytes| development::find(&bytes));
            match in_name {
                Some(key) => Some(Found { key, place }),
                None => within(member, &place),
            }
        }),
        _ => None,
    }
}

/// What a text in a genesis stands for: hexadecimal digits or an address, of whatever network; `None` if it is neither.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if text.starts_with("0x") {
        return sp_core::bytes::from_hex(text).ok();
    }
    if text.len() > ADDRESS_CHARS_MAX {
        return None;
    }
    let (account, _) = AccountId32::from_ss58check_with_version(text).ok()?;
    Some(AsRef::<[u8]>::as_ref(&account).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use qc_pqc::{derive::development_seed, KeyId, SecretKey};
    use serde_json::json;
    use sp_core::crypto::Ss58AddressFormat;
    use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

    fn plain(config: Value) -> Value {
        json!({ "genesis": { "runtimeGenesis": { "code": "0x00", "config": config } } })
    }

    fn raw(top: Value) -> Value {
        json!({ "genesis": { "raw": { "top": top, "childrenDefault": {} } } })
    }

    fn found(spec: &Value) -> (String, String) {
        let found = find(spec).expect("a development key");
        (found.key.to_string(), found.place)
    }

    fn hex(bytes: &[u8]) -> String {
        sp_core::bytes::to_hex(bytes, false)
    }

    #[test]
    fn keys_and_places_are_named_in_a_plain_spec() {
        let stash = Sr25519Keyring::AliceStash.to_account_id();
        let balances = json!({ "balances": { "balances": [[hex(&[7; 32]), 5], [stash, 5]] } });
        assert_eq!(
            found(&plain(balances)),
            (
                "//Alice//stash (sr25519)".into(),
                "genesis.runtimeGenesis.config.balances.balances[1][0]".into()
            )
        );
        let bob = Ed25519Keyring::Bob.public();
        let keys = json!({ "session": { "keys": [["", "", { "aura": "", "grandpa": bob }]] } });
        assert_eq!(
            found(&plain(keys)),
            (
                "//Bob (ed25519)".into(),
                "genesis.runtimeGenesis.config.session.keys[0][2].grandpa".into()
            )
        );
        let founder = SecretKey::from_seed(&development_seed("Founder 3"));
        let founders = json!({ "incidents": { "founders": [["Ada", founder.public()]] } });
        assert_eq!(
            found(&plain(founders)),
            (
                "Founder 3 (ML-DSA-87)".into(),
                "genesis.runtimeGenesis.config.incidents.founders[0][1]".into()
            )
        );
    }

    #[test]
    fn they_are_seen_in_every_dress() {
        let eve = Sr25519Keyring::Eve.to_account_id();
        let here = eve.to_ss58check_with_version(Ss58AddressFormat::custom(qc_types::SS58_PREFIX));
        let bytes: Vec<u8> = AsRef::<[u8]>::as_ref(&eve).to_vec();
        for dress in [
            json!(here),
            json!(hex(&bytes)),
            json!(hex(&bytes).to_uppercase().replace("0X", "0x")),
            json!(bytes),
        ] {
            assert_eq!(found(&plain(json!([dress]))).0, "//Eve (sr25519)", "{dress}");
        }
        let mut member = serde_json::Map::new();
        member.insert(here, json!(1));
        assert_eq!(found(&plain(Value::Object(member))).0, "//Eve (sr25519)");
    }

    #[test]
    fn keys_of_storage_and_what_stands_there_are_searched_in_a_raw_spec() {
        let alice = Sr25519Keyring::Alice.to_account_id();
        let account = hex(&[[0x26; 48].as_slice(), AsRef::<[u8]>::as_ref(&alice)].concat());
        let top = |name: &str, value: &str| {
            let mut top = serde_json::Map::new();
            top.insert(name.into(), value.into());
            raw(Value::Object(top))
        };
        let (key, place) = found(&top(&account, "0x00"));
        assert_eq!(
            (key.as_str(), place),
            ("//Alice (sr25519)", format!("genesis.raw.top.{account}"))
        );
        let dave = SecretKey::from_seed(&development_seed("Dave"));
        let value = hex(&[[4].as_slice(), KeyId::of(dave.public()).as_ref(), &[1, 2]].concat());
        assert_eq!(
            found(&top("0x5f3e", &value)),
            ("Dave (ML-DSA-87)".into(), "genesis.raw.top.0x5f3e".into())
        );
        // The runtime's code has the presets in it.
        assert_eq!(find(&top("0x3a636f6465", &value)), None);
    }

    /// The presets have such keys wherever keys stand; a genesis of other keys has none.
    #[test]
    fn the_presets_have_them_and_others_do_not() {
        for preset in ["development", "local_testnet"] {
            let json = qc_runtime::genesis::preset(&preset.into()).expect("there is such a preset");
            let patch: Value = serde_json::from_slice(&json).expect("it is JSON");
            for room in ["balances", "session", "keyLedger", "incidents", "attunement", "economy"] {
                assert!(find(&plain(patch[room].clone())).is_some(), "{preset} {room}");
            }
            assert_eq!(find(&plain(patch["field"].clone())), None);
        }
        let others = json!({ "keys": [hex(&[7; 32]), hex(&[8; 2593]), "a name", 5, null, [1, 2, 300], [-1]] });
        assert_eq!(find(&plain(others)), None);
        assert_eq!(
            find(&json!({ "id": hex(Sr25519Keyring::Alice.to_account_id().as_ref()) })),
            None
        );
    }
}
