//! What a genesis must be: each constraint of protocol section 12 that is in force is broken once, and the message names it;
//! and whatever is written into a genesis, it is built or refused, and nothing panics.

use crate::support::{
    chain::genesis_json,
    generate::Draw,
    people::{assets_owner, signer_account},
};
use qc_pqc::{derive::development_seed, SecretKey};
use qc_runtime::{genesis::build_state, Economy, Incidents, FLX};
use qc_types::ShardId;
use serde_json::{json, Value};
use sp_io::TestExternalities;
use std::{
    panic::{catch_unwind, AssertUnwindSafe},
    time::{Duration, Instant},
};

fn build(genesis: &Value) -> Result<(), String> {
    let json = serde_json::to_vec(genesis).expect("JSON can be written");
    TestExternalities::new_empty().execute_with(|| build_state(&json))
}

/// What is said about the development genesis after a change.
fn fault(change: impl FnOnce(&mut Value)) -> String {
    let mut genesis = genesis_json("development");
    change(&mut genesis);
    build(&genesis).expect_err("a broken genesis must be refused")
}

fn assert_named(name: &str, change: impl FnOnce(&mut Value)) {
    let message = fault(change);
    assert!(message.contains(name), "expected {name:?}, but it says {message:?}");
}

fn list<'a>(genesis: &'a mut Value, pointer: &str) -> &'a mut Vec<Value> {
    genesis
        .pointer_mut(pointer)
        .and_then(Value::as_array_mut)
        .expect("a list")
}

fn amount(value: &Value) -> u128 {
    value.to_string().parse().expect("an amount")
}

/// Changes the amount of an account in a list of pairs.
fn adjust(genesis: &mut Value, pointer: &str, who: &qc_runtime::AccountId, change: i128) {
    let who = json!(who);
    let entry = list(genesis, pointer)
        .iter_mut()
        .find(|entry| entry[0] == who)
        .expect("the account is listed");
    entry[1] = json!(amount(&entry[1]).checked_add_signed(change).expect("in range"));
}

fn pot(shard: u8) -> qc_runtime::AccountId {
    Economy::commons_account(ShardId(shard))
}

const FLX_LIST: &str = "/balances/balances";
const CHR_LIST: &str = "/economy/chr";

#[test]
fn the_presets_are_sound() {
    for preset in ["development", "local_testnet"] {
        assert_eq!(build(&genesis_json(preset)), Ok(()), "{preset}");
    }
}

#[test]
fn totals_and_ratios_are_named() {
    assert_named(
        "CHR-1: all CHR must be 10000000000.000000000000 whole, but is 10000000000.000000000001",
        |g| {
            adjust(g, CHR_LIST, &pot(0), 1);
        },
    );
    assert_named(
        "FLX-1: all FLX must be 6180339887.000000000000 whole, but is 6180339886.999999999999",
        |g| {
            adjust(g, FLX_LIST, &Economy::treasury_account(), -1);
        },
    );
    // Of the last shard the sum says it.
    for (shard, whole) in [
        (0, 3_000_000_000u64),
        (1, 2_500_000_000),
        (2, 2_000_000_000),
        (3, 1_500_000_000),
    ] {
        assert_named(
            &format!("shard {shard} must hold {whole}.000000000000 whole CHR"),
            |g| {
                adjust(g, CHR_LIST, &pot(shard), -1);
                adjust(g, CHR_LIST, &pot(4), 1);
            },
        );
    }
    assert_named("within 10^-5", |g| {
        let part = (20_000 * FLX) as i128;
        adjust(g, FLX_LIST, &pot(3), -part);
        adjust(g, FLX_LIST, &pot(2), part);
    });
    assert_named("the treasury must hold at least the existential deposit", |g| {
        let owned = list(g, FLX_LIST)
            .iter()
            .find(|entry| entry[0] == json!(Economy::treasury_account()))
            .map(|entry| amount(&entry[1]));
        list(g, FLX_LIST).retain(|entry| entry[0] != json!(Economy::treasury_account()));
        adjust(g, FLX_LIST, &pot(0), owned.expect("the treasury is listed") as i128);
    });
}

#[test]
fn the_epoch_and_the_graph_are_named() {
    for blocks in [4, 7_201, u32::MAX] {
        assert_named(&format!("an epoch must be 5 to 7200 blocks, but is {blocks}"), |g| {
            g["clock"]["epochBlocks"] = json!(blocks)
        });
    }
    // The clock never says 0, so neither does the message.
    assert_named("an epoch must be 5 to 7200 blocks", |g| {
        g["clock"]["epochBlocks"] = json!(0)
    });
    for shards in [0, 2, 51, 255] {
        assert_named(&format!("the number of shards must be 3 to 50, but is {shards}"), |g| {
            g["economy"]["shards"] = json!(shards)
        });
    }
    let mut longest = genesis_json("development");
    longest["clock"]["epochBlocks"] = json!(7_200);
    assert_eq!(build(&longest), Ok(()));
    longest["clock"]["epochBlocks"] = json!(5);
    assert_eq!(build(&longest), Ok(()));
}

#[test]
fn faults_of_lists_are_named() {
    assert_named("an account in balances.balances is named twice", |g| {
        let first = list(g, FLX_LIST)[0].clone();
        list(g, FLX_LIST).push(first);
    });
    assert_named(
        "must hold at least the existential deposit of 10000000000 plancks, but holds 9999999999",
        |g| {
            list(g, FLX_LIST)[0][1] = json!(9_999_999_999u64);
        },
    );
    assert_named("Σ FLX is out of range", |g| {
        list(g, FLX_LIST)[0][1] = json!(u128::MAX);
        list(g, FLX_LIST)[1][1] = json!(u128::MAX);
    });
    assert_named("an account in economy.chr is named twice", |g| {
        let first = list(g, CHR_LIST)[0].clone();
        list(g, CHR_LIST).push(first);
    });
    assert_named("Σ CHR is out of range", |g| {
        list(g, CHR_LIST)[0][1] = json!(u128::MAX);
        list(g, CHR_LIST)[1][1] = json!(u128::MAX);
    });
    assert_named("the treasury holds no CHR", |g| {
        list(g, CHR_LIST).push(json!([Economy::treasury_account(), 1]))
    });
    assert_named("balances.devAccounts must be null", |g| {
        g["balances"]["devAccounts"] = json!([1, 10_000_000_000u64, null])
    });
    assert_named("unknown field", |g| g["unheard"] = json!({}));
    assert_named("the genesis is not what this runtime reads", |g| {
        drop(g.as_object_mut().map(|g| g.remove("economy")))
    });
}

#[test]
fn faults_of_assets_are_named() {
    let assets = "/assets/assets";
    assert_named(
        "assets.assets must be the assets [1, 2, 3, 4] in this order, but is [2, 1, 3, 4]",
        |g| list(g, assets).swap(0, 1),
    );
    assert_named("but is [1, 2, 3]", |g| drop(list(g, assets).pop()));
    assert_named("but is [1, 2, 3, 4, 5]", |g| {
        list(g, assets).push(json!([5, assets_owner(), true, 1]))
    });
    assert_named("asset 1 must be sufficient, its minimum 1 planck", |g| {
        list(g, assets)[0][2] = json!(false)
    });
    assert_named("asset 2 must be sufficient, its minimum 1 planck", |g| {
        list(g, assets)[1][3] = json!(2)
    });
    assert_named("asset 3 must be owned by the keyless account", |g| {
        list(g, assets)[2][1] = json!(signer_account(0))
    });
    let metadata = "/assets/metadata";
    assert_named("the metadata of asset 1 must be CHR, 12 decimals", |g| {
        list(g, metadata)[0][2] = json!(b"DOT")
    });
    assert_named("the metadata of asset 2 must be PSY, 12 decimals", |g| {
        list(g, metadata)[1][1] = json!(b"Psi")
    });
    assert_named("the metadata of asset 4 must be RES, 12 decimals", |g| {
        list(g, metadata)[3][3] = json!(10)
    });
    assert_named("the metadata of asset 3 must be ATR, 12 decimals", |g| {
        drop(list(g, metadata).remove(2))
    });
    assert_named("assets.metadata names asset 9", |g| list(g, metadata)[0][0] = json!(9));
    assert_named("a name of asset 1 is longer than 32 bytes", |g| {
        list(g, metadata)[0][1] = json!(vec![65; 33])
    });
    let accounts = "/assets/accounts";
    let alice = signer_account(0);
    assert_named("economy.chr is the only place for it", |g| {
        list(g, accounts).push(json!([1, alice, 5]))
    });
    assert_named("assets.accounts names asset 7", |g| {
        list(g, accounts).push(json!([7, alice, 5]))
    });
    assert_named("nothing of asset 2", |g| list(g, accounts)[0] = json!([2, alice, 0]));
    assert_named("an account in assets.accounts is named twice", |g| {
        list(g, accounts).push(json!([2, alice, 5]))
    });
    assert_named("the sum of an asset is out of range", |g| {
        list(g, accounts).push(json!([4, pot(0), u128::MAX]));
    });
    assert_named("assets.reserves must be empty", |g| {
        g["assets"]["reserves"] = json!([[1, [null]]])
    });
    assert_named("assets.nextAssetId must be null", |g| {
        g["assets"]["nextAssetId"] = json!(5)
    });
}

#[test]
fn faults_of_validators_are_named() {
    let keys = "/session/keys";
    let other = |g: &mut Value, from: &str, what: &str| {
        let mut second = list(g, "/session/keys")[0].clone();
        let bob = json!(signer_account(1));
        (second[0], second[1]) = (bob.clone(), bob);
        let own = json!(sp_keyring::Sr25519Keyring::Bob.to_account_id());
        if what != "aura" {
            second[2]["aura"] = own.clone();
        }
        if what != "grandpa" {
            second[2]["grandpa"] = own;
        }
        list(g, from).push(second);
    };
    assert_named("session.keys must name at least one validator", |g| {
        list(g, keys).clear()
    });
    assert_named("an account in session.keys is named twice", |g| {
        let first = list(g, keys)[0].clone();
        list(g, keys).push(first);
    });
    assert_named("an Aura key in session.keys is named twice", |g| other(g, keys, "aura"));
    assert_named("a GRANDPA key in session.keys is named twice", |g| {
        other(g, keys, "grandpa")
    });
    assert_named(
        "session.keys must name the validators of attunement.validators and nobody else",
        |g| other(g, keys, "none"),
    );
    // The session would seat whom nobody asked for a stake.
    assert_named("must be its own validator, but names", |g| {
        list(g, keys)[0][1] = json!(signer_account(1))
    });
    assert_named("must be its own validator, but names", |g| {
        list(g, keys)[0][0] = json!(signer_account(1))
    });
    assert_named("session.nonAuthorityKeys must be empty", |g| {
        other(g, "/session/nonAuthorityKeys", "none")
    });
    assert_named("session.keys names more than 100 validators", |g| {
        let one = list(g, keys)[0].clone();
        *list(g, keys) = vec![one; 101];
    });
    let alice = json!(signer_account(0));
    assert_named("must be empty: session.keys names them", |g| {
        list(g, "/aura/authorities").push(alice.clone())
    });
    assert_named("must be empty: session.keys names them", |g| {
        list(g, "/grandpa/authorities").push(json!([alice, 1]))
    });
}

#[test]
fn every_symbol_is_named() {
    let sound = genesis_json("development");
    let symbols = sound["attunement"]["symbols"].as_object().expect("the symbols");
    assert!(symbols.len() > 50, "{}", symbols.len());
    for name in symbols.keys() {
        let said = |number: u128| fault(|g| g["attunement"]["symbols"][name] = json!(number));
        // Above every bound; what is a count takes no more than 32 bits.
        let message = match said(10u128.pow(23)) {
            unread if unread.contains("the genesis is not what this runtime reads") => said(u32::MAX.into()),
            read => read,
        };
        let (place, rest) = message.split_once(": ").expect("where, and what");
        assert_eq!(place, "attunement.symbols");
        assert!(rest.contains(name), "{name}: {message}");
        assert!(
            !rest.contains("0 <") || ["epsSync", "deltaMax"].contains(&name.as_str()),
            "{name}: {message}"
        );
    }
    assert_named(
        "0 < epsSync < deltaMax < deltaCurl must hold, but they are 0, 5000000000000000, 10000000000000000",
        |g| g["attunement"]["symbols"]["epsSync"] = json!(0),
    );
    assert_named("the symbol cHoloMin must be at most 1/(3 + beta (1 - cCrit)^2)", |g| {
        g["attunement"]["symbols"]["cHoloMin"] = json!(307_692_307_692_307_693u64)
    });
    assert_named("unbondingEpochs must be above 1008", |g| {
        g["attunement"]["symbols"]["unbondingEpochs"] = json!(1_008)
    });
    assert_named(
        "the genesis is not what this runtime reads: missing field `kappa`",
        |g| {
            drop(
                g["attunement"]["symbols"]
                    .as_object_mut()
                    .map(|symbols| symbols.remove("kappa")),
            )
        },
    );
}

#[test]
fn faults_of_the_graph_are_named() {
    let graph = |g: &mut Value, shards: u8, edges: Vec<(u8, u8)>| {
        g["economy"]["shards"] = json!(shards);
        g["field"] = json!({ "shards": shards, "edges": edges });
    };
    let complete = |from: u8, to: u8| (from..to).flat_map(move |a| (a + 1..to).map(move |b| (a, b)));
    let ring = |shards: u8| (0..shards).map(move |a| (a, (a + 1) % shards));
    assert_named("field.edges: shard 0 has 1 edges, but 2 to 10 are possible", |g| {
        graph(g, 5, ring(5).skip(1).collect())
    });
    assert_named("field.edges: shard 0 has 11 edges, but 2 to 10 are possible", |g| {
        graph(g, 12, complete(0, 12).collect())
    });
    assert_named("field.edges: an edge joins shard 1 to itself", |g| {
        graph(g, 5, ring(5).chain([(1, 1)]).collect())
    });
    assert_named("field.edges: the edge 0-1 is there twice", |g| {
        graph(g, 5, ring(5).chain([(1, 0)]).collect())
    });
    assert_named("field.edges: an edge leads to shard 5, but there are 5", |g| {
        graph(g, 5, ring(5).chain([(0, 5)]).collect())
    });
    assert_named("field.edges: no way leads from shard 0 to shard 3", |g| {
        graph(g, 6, complete(0, 3).chain(complete(3, 6)).collect())
    });
    assert_named("field.edges: the cycle through shard 0 has 9 edges", |g| {
        graph(g, 9, ring(9).collect())
    });
}

#[test]
fn faults_of_the_founders_are_named() {
    let founders = "/incidents/founders";
    let named = |what: &str, change: &dyn Fn(&mut Value)| assert_named(&format!("incidents.founders: {what}"), change);
    for keep in 0..3 {
        named(&format!("there must be 3 to 7 founders, but there are {keep}"), &|g| {
            list(g, founders).truncate(keep)
        });
    }
    named("there must be 3 to 7 founders, but there are 8", &|g| {
        let first = list(g, founders)[0].clone();
        list(g, founders).resize(8, first)
    });
    for threshold in [0, 2, 6, u32::MAX] {
        let message = "the threshold must be more than half of the 5 founders and at most all of them, but is";
        named(&format!("{message} {threshold}"), &|g| {
            g["incidents"]["threshold"] = json!(threshold)
        });
    }
    named("founder 2, counted from 0, has no name", &|g| {
        list(g, founders)[2][0] = json!("")
    });
    let long = "ä".repeat(33);
    named(&format!("the name {long:?} is longer than 64 bytes"), &|g| {
        list(g, founders)[2][0] = json!(long)
    });
    named("the name \"A\\u{202e}da\" has characters that cannot be seen", &|g| {
        list(g, founders)[2][0] = json!("A\u{202e}da")
    });
    named("two founders are named \"development founder 1\"", &|g| {
        list(g, founders)[1][0] = json!("development founder 1")
    });
    named(
        "the founder \"development founder 2\" has the key of another founder",
        &|g| list(g, founders)[1][1] = list(g, founders)[0][1].clone(),
    );
    named(
        "the key of the founder \"development founder 4\" is also in keyLedger.keys",
        &|g| list(g, founders)[3][1] = list(g, "/keyLedger/keys")[0][1].clone(),
    );
    for threshold in 3..=5 {
        let mut sound = genesis_json("development");
        sound["incidents"]["threshold"] = json!(threshold);
        assert_eq!(build(&sound), Ok(()));
    }
    assert_named(
        "the genesis is not what this runtime reads: missing field `incidents`",
        |g| drop(g.as_object_mut().map(|g| g.remove("incidents"))),
    );
}

/// Who the founders are is in the state from the first block on.
#[test]
fn the_founders_are_shown() {
    let json = serde_json::to_vec(&genesis_json("local_testnet")).expect("JSON can be written");
    TestExternalities::new_empty().execute_with(|| {
        assert_eq!(build_state(&json), Ok(()));
        let shown = Incidents::founders_view();
        assert_eq!((shown.threshold, shown.members.len()), (3, 5));
        for (number, founder) in (1..).zip(shown.members) {
            assert_eq!(
                founder.name.to_vec(),
                format!("development founder {number}").into_bytes()
            );
            let secret = SecretKey::from_seed(&development_seed(&format!("Founder {number}")));
            assert_eq!(&founder.key, secret.public());
        }
    });
}

#[test]
fn faults_of_the_field_are_named() {
    assert_named("attunement.psiStart must be at most 1", |g| {
        g["attunement"]["psiStart"] = json!(1_000_000_000_000_000_001u64)
    });
    assert_named("field.shards must be economy.shards, 5", |g| {
        g["field"]["shards"] = json!(6)
    });
    let (validators, anchors) = ("/attunement/validators", "/attunement/anchors");
    assert_named("attunement.validators must name at least validatorsMin", |g| {
        list(g, validators).clear()
    });
    assert_named("attunement.validators must name at most validatorsMax, 1", |g| {
        let bob = json!([signer_account(1), 2_000_000_000_000_000u64]);
        list(g, validators).push(bob);
        g["attunement"]["symbols"]["validatorsMax"] = json!(1)
    });
    assert_named("an account in attunement.validators is named twice", |g| {
        let first = list(g, validators)[0].clone();
        list(g, validators).push(first);
    });
    assert_named("a shard in attunement.anchors is named twice", |g| {
        let first = list(g, anchors)[0].clone();
        list(g, anchors).push(first);
    });
    assert_named("attunement.anchors names shard 9", |g| {
        list(g, anchors)[0][0] = json!(9)
    });
    assert_named("must hold a planck of ATR more", |g| {
        list(g, validators)[0][1] = json!(400_000_000_000_000_000u64)
    });
    assert_named("must stake at least stakeMin", |g| list(g, validators)[0][1] = json!(1));
    for (shard, whole) in [50_000, 40_000, 30_000, 20_000, 10_000].into_iter().enumerate() {
        let named = format!("shard {shard} must stake {whole}.000000000000 whole ATR, its anchor included, but stakes");
        assert_named(&named, |g| {
            let anchor = list(g, anchors)[shard][1].as_u64().expect("a number");
            list(g, anchors)[shard][1] = json!(anchor - 1)
        });
    }
    let unsealed = |change: &dyn Fn(&mut Vec<Value>)| {
        assert_named("has no key with SEAL in keyLedger.keys", |g| {
            change(list(g, "/keyLedger/keys"))
        })
    };
    unsealed(&|keys| keys.clear());
    unsealed(&|keys| keys[0][2] = json!(["TRANSFER"]));
    unsealed(&|keys| keys[0][0] = json!(signer_account(1)));
    assert_named("has no keys in session.keys", |g| {
        list(g, validators).push(json!([signer_account(1), 2_000_000_000_000_000u64]))
    });
    assert_named("keyLedger.keys: ", |g| {
        let first = list(g, "/keyLedger/keys")[0].clone();
        list(g, "/keyLedger/keys").push(first);
    });
}

/// How many mutated genesis files are tried.
const MUTANTS: usize = 100_000;

/// The most that building one may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Everything that is in a genesis, by its place.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                places(value, format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

fn oddity(draw: &mut Draw) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(2),
        json!(255),
        json!(u64::MAX),
        json!(u128::MAX),
        serde_json::from_str("1e400").expect("a number"),
        serde_json::from_str("0.5").expect("a number"),
        json!(""),
        json!("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
        json!("0x00"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([1, 2, 3]),
    ];
    draw.one_of(&odd).clone()
}

fn mutate(genesis: &mut Value, known: &[String], draw: &mut Draw) -> String {
    let (place, other) = (draw.one_of(known).clone(), draw.one_of(known).clone());
    let from = genesis.pointer(&other).cloned().unwrap_or_default();
    let Some(value) = genesis.pointer_mut(&place) else {
        return String::new();
    };
    let kind = draw.below(7);
    match (kind, &mut *value) {
        (0, Value::Array(items)) if !items.is_empty() => {
            let index = draw.below(items.len());
            items.push(items[index].clone());
        }
        (1, Value::Array(items)) if !items.is_empty() => drop(items.remove(draw.below(items.len()))),
        (2, Value::Object(map)) => {
            if let Some(key) = map.keys().nth(draw.below(map.len().max(1))).cloned() {
                map.remove(&key);
            }
        }
        (3, Value::Number(number)) => {
            let number: u128 = number.to_string().parse().unwrap_or_default();
            *value = json!(if draw.once_in(2) {
                number.saturating_add(1)
            } else {
                number.saturating_sub(1)
            });
        }
        (4, Value::Array(items)) if items.len() > 1 => {
            let (a, b) = (draw.below(items.len()), draw.below(items.len()));
            items.swap(a, b);
        }
        (5, value) => *value = from,
        (_, value) => *value = oddity(draw),
    }
    format!("{kind} at {place}, perhaps from {other}")
}

fn mutant(sound: &Value, known: &[String], draw: &mut Draw) -> (Vec<u8>, String) {
    let mut genesis = sound.clone();
    let mut changes = Vec::new();
    for _ in 0..=draw.below(2) {
        changes.push(mutate(&mut genesis, known, draw));
    }
    let mut json = serde_json::to_vec(&genesis).expect("JSON can be written");
    // One in four is damaged as text too.
    if draw.once_in(4) {
        let at = draw.below(json.len());
        match draw.below(3) {
            0 => json.truncate(at),
            1 => json[at] = draw.bits() as u8,
            _ => json.insert(at, *draw.one_of(b"[]{},:\"0-9eE.\\")),
        }
        changes.push(format!("text at {at}"));
    }
    (json, changes.join("; "))
}

#[test]
fn whatever_is_written_into_a_genesis_it_is_built_or_refused() {
    let sound = genesis_json("development");
    let mut known = Vec::new();
    places(&sound, String::new(), &mut known);
    let mut draw = Draw::new(0x6e5);
    let (mut built, mut refused) = (0, 0);
    for _ in 0..MUTANTS {
        let (json, changes) = mutant(&sound, &known, &mut draw);
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            TestExternalities::new_empty().execute_with(|| build_state(&json))
        }));
        match outcome {
            Ok(Ok(())) => built += 1,
            Ok(Err(message)) => {
                assert!(!message.is_empty(), "refused without a word: {changes}");
                refused += 1;
            }
            Err(_) => panic!("a panic: {changes}\n{}", String::from_utf8_lossy(&json)),
        }
        assert!(begun.elapsed() < PATIENCE, "it took too long: {changes}");
    }
    assert!(built > 0 && refused > MUTANTS / 2, "{built} built, {refused} refused");
}
