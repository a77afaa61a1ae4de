//! A client drives a running node: what is served, five balances, transfers, and each wrong transaction's own error.

use std::collections::BTreeSet;
use std::time::Instant;

use qc_bench::accounts::{self, FLX};
use qc_bench::chain::{self, address, Chain};
use qc_bench::rpc::Rpc;
use qc_bench::{hex, storage, Error};
use qc_network_tests::node::{Node, Site};
use qc_network_tests::odd::{self, Source};
use qc_network_tests::{load, serial, wait};
use scale_info::TypeDef;
use serde_json::Value as Json;
use subxt::dynamic::Value;
use subxt::events::Phase;
use subxt::utils::Era;
use subxt_signer::sr25519::{dev, Keypair};

/// `author_submitExtrinsic`'s codes.
const UNDECODABLE: [i32; 3] = [1001, 1002, 1040];
const INVALID: i32 = 1010;
const UNKNOWN: i32 = 1011;
/// Random bodies of version 1 that are tried.
const BODIES: u64 = 16;
const BANNED: i32 = 1012;
const ALREADY_IMPORTED: i32 = 1013;

/// The assets' ids.
const CHR: u32 = 1;
const PSY: u32 = 2;
const ATR: u32 = 3;
const RES: u32 = 4;

/// Long enough for a few blocks on a busy machine.
const SECONDS: u64 = 60;

struct World {
    node: Node,
    rpc: Rpc,
    chain: Chain,
    _site: Site,
}

/// A development node: it keeps everything, which is when the SDK serves `archive_v1`.
async fn world() -> World {
    let mut site = Site::new(&["--dev"]);
    let (node, rpc) = site.up().await;
    let chain = Chain::read(&rpc)
        .await
        .expect("the node serves metadata that this client understands");
    wait::finalised(&rpc, 1, SECONDS).await;
    World {
        node,
        rpc,
        chain,
        _site: site,
    }
}

async fn asset_of(rpc: &Rpc, asset: u32, who: &[u8; 32]) -> u128 {
    let value = rpc
        .storage(&storage::asset_account(asset, who), None)
        .await
        .expect("storage is served");
    value.as_deref().and_then(storage::asset_balance).unwrap_or_default()
}

async fn nonce(world: &World, who: &Keypair) -> u32 {
    accounts::next_nonce(&world.rpc, who).await.expect("nonces are served")
}

fn asset_transfer(world: &World, asset: u32, to: &[u8; 32], plancks: u128) -> Vec<u8> {
    let arguments = vec![Value::u128(asset.into()), address(to), Value::u128(plancks)];
    world
        .chain
        .call("Assets", "transfer", arguments)
        .expect("Assets.transfer is a call")
}

/// Signs, submits, waits for finality. `Ok`, or the dispatch error's name as the metadata has it.
async fn perform(world: &World, signer: &Keypair, call: &[u8]) -> Result<(), String> {
    let (_, from) = world.rpc.finalised().await.expect("finality is served");
    let choice = world.chain.plain(nonce(world, signer).await);
    let transaction = world.chain.sign(signer, call, &choice);
    world
        .rpc
        .submit(&transaction)
        .await
        .expect("a good transaction is accepted");
    let (block, position) = wait::included(&world.rpc, &transaction, from, SECONDS).await;
    outcome(world, &block, position).await
}

async fn outcome(world: &World, block: &[u8; 32], position: u32) -> Result<(), String> {
    let key = storage::item("System", "Events");
    let events = world
        .rpc
        .storage(&key, Some(block))
        .await
        .expect("storage is served")
        .expect("a block has events");
    for event in world.chain.offline().events().from_bytes(events).iter() {
        let event = event.expect("events decode");
        if event.phase() != Phase::ApplyExtrinsic(position) || event.pallet_name() != "System" {
            continue;
        }
        match event.event_name() {
            "ExtrinsicSuccess" => return Ok(()),
            "ExtrinsicFailed" => return Err(error_name(&world.chain, event.field_bytes())),
            _ => (),
        }
    }
    panic!("transaction {position} has neither ExtrinsicSuccess nor ExtrinsicFailed");
}

/// The names in a `DispatchError`, as the metadata has them: `Assets.Unknown`, `Token.Frozen`, `BadOrigin`.
fn error_name(chain: &Chain, dispatch_error: &[u8]) -> String {
    if let [3, pallet, error, ..] = dispatch_error {
        let pallet = chain
            .metadata()
            .pallet_by_error_index(*pallet)
            .expect("the metadata knows the pallet");
        let error = pallet
            .error_variant_by_index(*error)
            .expect("the metadata knows the error");
        return format!("{}.{}", pallet.name(), error.name);
    }
    let (mut names, mut ty) = (Vec::new(), chain.metadata().dispatch_error_ty());
    for byte in dispatch_error {
        let Some(TypeDef::Variant(variants)) = ty
            .and_then(|id| chain.metadata().types().resolve(id))
            .map(|ty| &ty.type_def)
        else {
            break;
        };
        let Some(variant) = variants.variants.iter().find(|variant| variant.index == *byte) else {
            break;
        };
        names.push(variant.name.clone());
        ty = variant.fields.first().map(|field| field.ty.id);
    }
    names.join(".")
}

/// Submits what must be refused; code, message and data of the refusal.
async fn refused(world: &World, what: &str, transaction: &[u8]) -> (i32, String) {
    match world.rpc.submit(transaction).await {
        Err(Error::Refused {
            code, message, data, ..
        }) => {
            println!(
                "{what}: {code} {:.80} {data:.60}",
                message.lines().next().unwrap_or_default()
            );
            (code, format!("{message} {data}"))
        }
        other => panic!("{what}: {other:?} where a refusal was due"),
    }
}

async fn wallet_methods_are_served_and_metadata_has_both_pipelines(world: &World) {
    let methods = world.rpc.call("rpc_methods", vec![]).await.expect("methods are listed");
    let methods: BTreeSet<_> = methods["methods"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let wanted = [
        "chainSpec_v1_chainName chainSpec_v1_genesisHash chainSpec_v1_properties",
        "chainHead_v1_follow chainHead_v1_header chainHead_v1_body chainHead_v1_call chainHead_v1_storage",
        "transaction_v1_broadcast transaction_v1_stop transactionWatch_v1_submitAndWatch",
        "archive_v1_finalizedHeight archive_v1_body archive_v1_storage archive_v1_call",
        "author_submitExtrinsic author_submitAndWatchExtrinsic chain_getBlock chain_subscribeFinalizedHeads",
        "state_getMetadata state_call state_getStorage state_subscribeRuntimeVersion system_accountNextIndex",
        "payment_queryInfo payment_queryFeeDetails system_properties grandpa_roundState",
    ];
    let missing: Vec<_> = wanted
        .iter()
        .flat_map(|group| group.split(' '))
        .filter(|m| !methods.contains(m))
        .collect();
    assert!(missing.is_empty(), "not served: {missing:?}; served: {methods:?}");

    let height = world.rpc.call("archive_v1_finalizedHeight", vec![]).await;
    let height = height.expect("the archive is served").as_u64().expect("a height");
    let hash = world.rpc.block_hash(height).await.expect("hashes are served");
    let hash = hex::encode(&hash.expect("a finalised block has a hash"));
    let body = world.rpc.call("archive_v1_body", vec![hash.into()]).await;
    let body = body.expect("the archive is served");
    assert!(
        height >= 1 && body.as_array().is_some_and(|all| !all.is_empty()),
        "{height}: {body}"
    );

    let properties = world
        .rpc
        .call("system_properties", vec![])
        .await
        .expect("properties are served");
    assert_eq!(properties["ss58Format"], 1618, "{properties}");
    assert!(properties["tokenSymbol"].to_string().contains("FLX"), "{properties}");

    let both = chain::fetch_metadata(&world.rpc, 16).await.expect("metadata V16");
    for version in [0, 1] {
        assert!(
            both.extrinsic().transaction_extensions_by_version(version).is_some(),
            "pipeline {version}"
        );
    }
    for name in ["EconomyApi", "Core", "TaggedTransactionQueue", "AuraApi", "GrandpaApi"] {
        assert!(both.runtime_api_trait_by_name(name).is_some(), "runtime API {name}");
    }
}

async fn five_balances_are_read_and_four_tokens_move_as_they_may(world: &World) {
    let (alice, bob) = (dev::alice(), dev::bob().public_key().0);
    let id = alice.public_key().0;
    assert!(
        accounts::read_one(&world.rpc, &id).await.expect("balances").1 > FLX,
        "Alice has FLX"
    );
    for asset in [CHR, PSY, ATR, RES] {
        assert!(asset_of(&world.rpc, asset, &id).await > 0, "Alice has asset {asset}");
    }

    let before = accounts::read_one(&world.rpc, &bob).await.expect("balances").1;
    let flx = world
        .chain
        .call("Balances", "transfer_keep_alive", vec![address(&bob), Value::u128(FLX)]);
    assert_eq!(perform(world, &alice, &flx.expect("a call")).await, Ok(()));
    assert_eq!(
        accounts::read_one(&world.rpc, &bob).await.expect("balances").1,
        before + FLX,
        "FLX arrives"
    );

    for asset in [ATR, RES] {
        let before = asset_of(&world.rpc, asset, &bob).await;
        assert_eq!(
            perform(world, &alice, &asset_transfer(world, asset, &bob, 5)).await,
            Ok(()),
            "asset {asset}"
        );
        assert_eq!(
            asset_of(&world.rpc, asset, &bob).await,
            before + 5,
            "asset {asset} arrives"
        );
    }
    for asset in [CHR, PSY] {
        let before = asset_of(&world.rpc, asset, &id).await;
        let refusal = perform(world, &alice, &asset_transfer(world, asset, &bob, 1)).await;
        println!("asset {asset}: {refusal:?}");
        // What is frozen is not part of the balance that `pallet-assets` lets go.
        assert_eq!(refusal, Err("Assets.BalanceLow".into()), "CHR and PSY do not move");
        assert_eq!(asset_of(&world.rpc, asset, &id).await, before, "asset {asset} stays");
    }
}

async fn a_failing_transfer_says_its_error_by_name(world: &World) {
    let bob = dev::bob().public_key().0;
    let too_much = world.chain.call(
        "Balances",
        "transfer_keep_alive",
        vec![address(&bob), Value::u128(2_000_000 * FLX)],
    );
    let refusal = perform(world, &dev::alice(), &too_much.expect("a call"))
        .await
        .expect_err("more than there is");
    assert_eq!(refusal, "Token.FundsUnavailable");
    let none = asset_transfer(world, 77, &bob, 1);
    let refusal = perform(world, &dev::alice(), &none)
        .await
        .expect_err("there is no asset 77");
    assert_eq!(refusal, "Assets.Unknown");
}

async fn nonces_eras_and_other_chains(world: &World) {
    let (charlie, bob) = (dev::charlie(), dev::bob().public_key().0);
    let first = load::transfer(&world.rpc, &world.chain, &charlie, &bob)
        .await
        .expect("a transfer");
    world.rpc.submit(&first).await.expect("the first is accepted");
    let (code, _) = refused(world, "the same, at once", &first).await;
    assert!(code == ALREADY_IMPORTED || code == INVALID, "{code}");
    wait::included(&world.rpc, &first, 1, SECONDS).await;
    let (code, text) = refused(world, "the same, when it is final", &first).await;
    assert!(
        code == BANNED || (code == INVALID && text.contains("outdated")),
        "{code} {text}"
    );

    let call = world
        .chain
        .call("System", "remark", vec![Value::from_bytes(b"nonces")])
        .expect("a call");
    let next = nonce(world, &charlie).await;
    assert!(next >= 1, "the nonce moved");
    let (code, text) = refused(
        world,
        "stale",
        &world.chain.sign(&charlie, &call, &world.chain.plain(0)),
    )
    .await;
    assert!(code == INVALID && text.contains("outdated"), "{code} {text}");

    // A future nonce waits; when the gap is filled, both come.
    let future = world.chain.sign(&charlie, &call, &world.chain.plain(next + 1));
    world
        .rpc
        .submit(&future)
        .await
        .expect("a future transaction waits in the pool");
    let (_, head) = wait::finalised_more(&world.rpc, 2, SECONDS).await;
    assert_eq!(nonce(world, &charlie).await, next, "a future transaction does not run");
    let gap = world.chain.sign(&charlie, &call, &world.chain.plain(next));
    world.rpc.submit(&gap).await.expect("the gap is filled");
    wait::included(&world.rpc, &future, head, SECONDS).await;

    let next = nonce(world, &charlie).await;
    let elsewhere = chain::Choice {
        genesis: [7; 32],
        birth: [7; 32],
        ..world.chain.plain(next)
    };
    let (code, text) = refused(world, "another genesis", &world.chain.sign(&charlie, &call, &elsewhere)).await;
    assert!(code == INVALID && text.contains("bad signature"), "{code} {text}");
    let later = chain::Choice {
        spec_version: world.chain.spec_version + 1,
        ..world.chain.plain(next)
    };
    let (code, text) = refused(world, "another runtime", &world.chain.sign(&charlie, &call, &later)).await;
    assert!(code == INVALID && text.contains("bad signature"), "{code} {text}");

    // Born at block 1, valid for four blocks, sent after block 6.
    let (_, head) = wait::finalised(&world.rpc, 7, SECONDS).await;
    let birth = world
        .rpc
        .block_hash(1)
        .await
        .expect("hashes are served")
        .expect("block 1 is there");
    let old = chain::Choice {
        era: Era::mortal(4, 1),
        birth,
        ..world.chain.plain(next)
    };
    let (code, text) = refused(world, "expired era", &world.chain.sign(&charlie, &call, &old)).await;
    assert!(
        code == INVALID && (text.contains("bad signature") || text.contains("ancient")),
        "{code} {text}"
    );
    let birth = world
        .rpc
        .block_hash(head)
        .await
        .expect("hashes are served")
        .expect("the head is there");
    let young = chain::Choice {
        era: Era::mortal(64, head),
        birth,
        ..world.chain.plain(next)
    };
    let young = world.chain.sign(&charlie, &call, &young);
    world
        .rpc
        .submit(&young)
        .await
        .expect("a mortal transaction in its time is accepted");
    wait::included(&world.rpc, &young, head, SECONDS).await;
}

/// What extension version 1 adds, well-formed and of random content, as the metadata describes it.
async fn version_1_body(world: &World, seed: u64) -> Vec<u8> {
    let metadata = chain::fetch_metadata(&world.rpc, 16).await.expect("metadata V16");
    let extensions = metadata
        .extrinsic()
        .transaction_extensions_by_version(1)
        .expect("pipeline 1 is there");
    let (mut source, mut bytes) = (Source::new(seed), Vec::new());
    extensions.for_each(|extension| odd::value(&mut source, metadata.types(), extension.extra_ty(), 0, &mut bytes));
    bytes
}

async fn one_pipelines_body_in_the_other_is_a_typed_error(world: &World) {
    let dave = dev::dave();
    let bob = dev::bob().public_key().0;
    let call = world
        .chain
        .call("Balances", "transfer_keep_alive", vec![address(&bob), Value::u128(FLX)]);
    let call = call.expect("a call");
    let choice = world.chain.plain(nonce(world, &dave).await);
    let version_0 = world.chain.explicit(&choice);
    let good = world.chain.sign(&dave, &call, &choice);
    // Version 0 without a signature is well-formed, and nobody's.
    let what = "version 0, general, unsigned";
    let (code, text) = refused(world, what, &chain::general(0, &version_0, &call)).await;
    let nobody = "did not authorize any origin";
    assert!(code == INVALID && text.contains(nobody), "{what}: {code} {text}");
    for (what, transaction) in [
        ("a version that does not exist", chain::general(2, &version_0, &call)),
        (
            "version 1 with the body of version 0",
            chain::general(1, &version_0, &call),
        ),
        ("version 1 around a signed transaction", chain::general(1, &[], &good)),
    ] {
        let (code, text) = refused(world, what, &transaction).await;
        assert!(
            UNDECODABLE.contains(&code) && !text.trim().is_empty(),
            "{what}: {code} {text}"
        );
    }
    for seed in 0..BODIES {
        let version_1 = version_1_body(world, seed).await;
        let cases = [
            ("version 1, any body", chain::general(1, &version_1, &call)),
            (
                "version 0 with any body of version 1",
                chain::general(0, &version_1, &call),
            ),
            (
                "signed, with any body of version 1",
                world.chain.signed_with_body(&dave, &[1; 64], &version_1, &call),
            ),
        ];
        for (what, transaction) in cases {
            let (code, text) = refused(world, what, &transaction).await;
            let known = [INVALID, UNKNOWN].contains(&code) || UNDECODABLE.contains(&code);
            assert!(known && !text.trim().is_empty(), "{what}: {code} {text}");
        }
    }

    let before = accounts::read_one(&world.rpc, &bob).await.expect("balances").1;
    wait::finalised_more(&world.rpc, 2, SECONDS).await;
    assert_eq!(
        accounts::read_one(&world.rpc, &bob).await.expect("balances").1,
        before,
        "none of them ran"
    );
    world.rpc.submit(&good).await.expect("the good one is still good");
    wait::included(&world.rpc, &good, 1, SECONDS).await;
}

/// One node for all of them, since a development build takes a while to start: its parts in turn, each named as it begins.
#[tokio::test]
async fn a_client_drives_a_node() {
    let _turn = serial().await;
    let mut world = world().await;
    let begin = Instant::now();
    let at = |part: &str| println!("--- {part} (after {:.0} s)", begin.elapsed().as_secs_f64());
    at("wallet methods are served and metadata has both pipelines");
    wallet_methods_are_served_and_metadata_has_both_pipelines(&world).await;
    at("five balances are read and four tokens move as they may");
    five_balances_are_read_and_four_tokens_move_as_they_may(&world).await;
    at("a failing transfer says its error by name");
    a_failing_transfer_says_its_error_by_name(&world).await;
    at("nonces, eras and other chains");
    nonces_eras_and_other_chains(&world).await;
    at("one pipeline's body in the other is a typed error");
    one_pipelines_body_in_the_other_is_a_typed_error(&world).await;
    at("and blocks go on");
    wait::finalised_more(&world.rpc, 2, SECONDS).await;
    world.node.assert_well();
}
