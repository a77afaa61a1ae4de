//! A small chain with the runtime APIs of the field, behind a node that answers by a script: records as bytes written by hand.
//!
//! The shapes below are written down after the pallets' types and share no code with them; the bytes are put together from
//! little-endian numbers and lengths.

mod bytes;
mod shapes;

pub use bytes::{list, n16, n4, outcome, sync_outcome};

use self::bytes::{accounts, answers, E12};
use crate::client::{Chain, Node};
use crate::testing::rpc::{Answer, Answers};
use codec::Encode;
use frame_metadata::v15::{
    CustomMetadata, ExtrinsicMetadata, OuterEnums, PalletMetadata, PalletStorageMetadata, RuntimeApiMetadata,
    RuntimeApiMethodMetadata, RuntimeApiMethodParamMetadata, RuntimeMetadataV15, StorageEntryMetadata,
    StorageEntryModifier, StorageEntryType, StorageHasher,
};
use frame_metadata::RuntimeMetadataPrefixed;
use scale_info::{meta_type, MetaType, TypeInfo};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use subxt::config::substrate::H256;
use subxt::rpcs::RpcClient;

/// The block that everything is asked at.
pub const AT: H256 = H256([0x11; 32]);

/// The validator of whom the small chain knows most.
pub const VALIDATOR: [u8; 32] = [0xa1; 32];

/// Another one.
pub const OTHER: [u8; 32] = [0xb2; 32];

fn method(name: &'static str, inputs: &[MetaType], output: MetaType) -> RuntimeApiMethodMetadata {
    RuntimeApiMethodMetadata {
        name,
        inputs: inputs
            .iter()
            .map(|ty| RuntimeApiMethodParamMetadata {
                name: "argument",
                ty: *ty,
            })
            .collect(),
        output,
        docs: vec![],
    }
}

fn apis() -> Vec<RuntimeApiMetadata> {
    use shapes::*;
    let (who, number) = (meta_type::<AccountId>(), meta_type::<u32>());
    let page = [number, number];
    let api = |name, methods| RuntimeApiMetadata {
        name,
        methods,
        docs: vec![],
    };
    vec![
        api("EconomyApi", vec![]),
        api(
            "FieldApi",
            vec![
                method("topology", &[], meta_type::<Option<TopologyView>>()),
                method("last_closed", &[], meta_type::<FieldView>()),
                method("history", &page, meta_type::<Vec<HistoryRecord>>()),
            ],
        ),
        api(
            "AttunementApi",
            vec![
                method("outcome", &[], meta_type::<Option<EpochOutcome>>()),
                method("outcomes", &page, meta_type::<Vec<EpochOutcome>>()),
                method("validator", &[who], meta_type::<Option<ValidatorView>>()),
                method(
                    "set",
                    &[],
                    meta_type::<(Vec<AccountId>, Vec<(AccountId, ValidatorOutcome)>)>(),
                ),
                method("candidates", &[], meta_type::<Vec<AccountId>>()),
                method("blacklisting", &[who], meta_type::<Option<BlacklistRecord>>()),
                method("symbols", &[], meta_type::<Symbols>()),
            ],
        ),
        api(
            "SyncApi",
            vec![
                method("due", &[], meta_type::<Option<DueReports>>()),
                method("strikes", &[who], meta_type::<Vec<u32>>()),
                method("conformities", &[], meta_type::<Vec<(AccountId, u128)>>()),
                method("last_outcome", &[], meta_type::<Option<Outcome>>()),
                method("history", &page, meta_type::<Vec<Outcome>>()),
            ],
        ),
        api(
            "IncidentApi",
            vec![method("open", &[], meta_type::<Vec<IncidentRecord>>())],
        ),
        api(
            "KeyLedgerApi",
            vec![method("keys_of", &[who], meta_type::<OwnerView>())],
        ),
    ]
}

fn pallets() -> Vec<PalletMetadata> {
    use shapes::*;
    let entry = |name, ty, default: &[u8]| StorageEntryMetadata {
        name,
        modifier: match default {
            [] => StorageEntryModifier::Optional,
            _ => StorageEntryModifier::Default,
        },
        ty,
        default: default.to_vec(),
        docs: vec![],
    };
    let map = |hasher, value| StorageEntryType::Map {
        hashers: vec![hasher],
        key: meta_type::<AccountId>(),
        value,
    };
    let concat = StorageHasher::Blake2_128Concat;
    let attunement = vec![
        entry(
            "UnbondingQueues",
            map(concat, meta_type::<BoundedVec<Unbonding>>()),
            &[0],
        ),
        entry("Ticks", StorageEntryType::Plain(meta_type::<u32>()), &[0; 4]),
        entry(
            "PlannedSet",
            StorageEntryType::Plain(meta_type::<BoundedVec<AccountId>>()),
            &[0],
        ),
    ];
    let session = vec![
        entry("CurrentIndex", StorageEntryType::Plain(meta_type::<u32>()), &[0; 4]),
        entry(
            "NextKeys",
            map(StorageHasher::Twox64Concat, meta_type::<[u8; 64]>()),
            &[],
        ),
    ];
    let pallet = |name, index, entries| PalletMetadata {
        name,
        storage: Some(PalletStorageMetadata { prefix: name, entries }),
        calls: None,
        event: None,
        constants: vec![],
        error: None,
        index,
        docs: vec![],
    };
    vec![pallet("Attunement", 14, attunement), pallet("Session", 22, session)]
}

/// The metadata of the small chain, with these APIs.
fn metadata_bytes(apis: Vec<RuntimeApiMetadata>) -> Vec<u8> {
    #[derive(TypeInfo)]
    enum NoCall {}
    let (nothing, call) = (meta_type::<()>(), meta_type::<NoCall>());
    let extrinsic = ExtrinsicMetadata {
        version: 4,
        address_ty: nothing,
        call_ty: call,
        signature_ty: nothing,
        extra_ty: nothing,
        signed_extensions: vec![],
    };
    let outer_enums = OuterEnums {
        call_enum_ty: call,
        event_enum_ty: nothing,
        error_enum_ty: nothing,
    };
    let custom = CustomMetadata {
        map: Default::default(),
    };
    let metadata = RuntimeMetadataV15::new(pallets(), extrinsic, nothing, apis, outer_enums, custom);
    RuntimeMetadataPrefixed::from(metadata).encode()
}

/// What a node answers; what stands in neither list it does not know.
#[derive(Clone, Default)]
pub struct Script {
    /// The results of runtime APIs, by name.
    pub apis: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// What is stored, by key.
    pub storage: Arc<Mutex<BTreeMap<Vec<u8>, Vec<u8>>>>,
    /// Whole answers as JSON, by method and parameters.
    pub said: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Script {
    fn answer(&self, method: &str, params: &str) -> Option<String> {
        let hexadecimal = |bytes: &[u8]| format!("\"0x{}\"", hex::encode(bytes));
        if let Some(said) = self.said.lock().unwrap().get(&format!("{method} {params}")) {
            return Some(said.clone());
        }
        let first = params.split('"').nth(1).unwrap_or_default();
        match method {
            "chain_getBlockHash" => Some(hexadecimal(&AT.0)),
            "state_call" => self.apis.lock().unwrap().get(first).map(|bytes| hexadecimal(bytes)),
            "state_getStorage" => {
                let key = hex::decode(first.trim_start_matches("0x")).unwrap();
                let found = self.storage.lock().unwrap().get(&key).map(|bytes| hexadecimal(bytes));
                Some(found.unwrap_or_else(|| "null".into()))
            }
            _ => None,
        }
    }

    /// The node.
    fn node(self) -> Node {
        let answers = Answers(move |method: &str, params: &str| {
            let unknown = || Answer::Refused(-32601, format!("not in the script: {method} {params}"));
            self.answer(method, params).map_or_else(unknown, Answer::Json)
        });
        Node::over(RpcClient::new(answers), "ws://script", Duration::from_secs(5))
    }
}

/// A node that says nothing but this.
pub fn node(said: Vec<(String, String)>) -> Node {
    let script = Script::default();
    script.said.lock().unwrap().extend(said);
    script.node()
}

fn over(script: &Script, apis: Vec<RuntimeApiMetadata>) -> Chain {
    let version = ("qc", "qc", 1u32, 1u32, 1u32, Vec::<([u8; 8], u32)>::new(), 1u32, 1u8).encode();
    let metadata = Some(metadata_bytes(apis)).encode();
    script.apis.lock().unwrap().extend([
        ("Core_version".to_owned(), version),
        ("Metadata_metadata_at_version".to_owned(), metadata),
    ]);
    run(Chain::over(script.clone().node())).unwrap()
}

/// The small chain, and what it answers, to be changed.
pub fn scripted() -> (Chain, Script) {
    let script = Script::default();
    script.apis.lock().unwrap().extend(answers());
    let chain = over(&script, apis());
    let who = || vec![crate::records::account_value(crate::ss58::Account(VALIDATOR))];
    let key = |pallet, item, keys| chain.storage_key(pallet, item, keys).unwrap();
    let unbondings = list(&[[n16(200 * E12), n4(30)].concat(), [n16(50 * E12), n4(45)].concat()]);
    script.storage.lock().unwrap().extend([
        (key("Attunement", "UnbondingQueues", who()), unbondings),
        (key("Attunement", "Ticks", vec![]), n4(42)),
        (key("Attunement", "PlannedSet", vec![]), accounts(&[OTHER])),
        (key("Session", "CurrentIndex", vec![]), n4(42)),
        (key("Session", "NextKeys", who()), vec![7; 64]),
    ]);
    (chain, script)
}

/// The small chain.
pub fn chain() -> Chain {
    scripted().0
}

/// A chain of ours as it was before it had a field.
pub fn chain_without_field() -> Chain {
    let economy = apis().into_iter().filter(|api| api.name == "EconomyApi").collect();
    over(&Script::default(), economy)
}

/// Waits.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
