//! `qc genesis` without a network: a whole ceremony of five founders and a validator, and everything that is refused.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use qc_genesis::canonical::sha256;
use qc_genesis::cards::hex_text;
use qc_genesis::json::{parse, Json};
use qc_genesis::Plan;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::ceremony::{all, blob, Ceremony, NO_BLOB};
use support::keys::new_key;
use support::Qc;

#[test]
fn the_template_can_be_written_once() {
    let qc = Qc::on("ws://127.0.0.1:1".into());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plan.toml");
    let out = ["genesis", "plan", "--out", path.to_str().unwrap()];
    let printed = qc.ok(&["genesis", "plan"]);
    qc.ok(&out);
    assert_eq!(fs::read_to_string(&path).unwrap().trim_end(), printed.trim_end());
    assert!(Plan::parse(printed.as_bytes()).is_ok());
    assert_eq!(qc.refused(&out, 2)["code"], "file_exists");
    qc.ok(&[&out[..], &["--force"]].concat());
    // On standard output there is nothing to replace.
    let (_, told) = qc.run(&["genesis", "plan", "--force"]).expect(2);
    assert!(told.contains("--out"), "{told}");
}

#[test]
fn what_everybody_signed_is_verified_and_nothing_else() {
    let ceremony = Ceremony::begin();
    ceremony.document();
    let document = ceremony.at("genesis.json");
    let reviewed = ceremony.json(&["review", &document]);
    let hash = reviewed["hash"].as_str().unwrap().to_owned();
    assert_eq!(
        hash,
        format!("0x{}", hex_of(sha256(ceremony.read("genesis.json").as_bytes())))
    );
    assert_eq!(reviewed["summary"]["validators"][0]["stake"], "2000000000000000");
    let shown = ceremony.qc.ok(&["genesis", "review", &document]);
    assert!(shown.contains(&hash) && shown.contains("stakes 2,000 ATR") && shown.contains("tauEpochs = 50"));

    refused_to_sign(&ceremony, &document);
    let signed = ceremony.sign();
    let verified = ceremony.json(&all(&["verify", &document], &signed));
    assert_eq!(
        (&verified["hash"], &verified["founders"], &verified["validators"]),
        (&Value::from(hash), &5.into(), &1.into())
    );
    assert_eq!(verified["checked"], serde_json::json!(["signatures"]));

    refused_signatures(&ceremony, &document, &signed);
    refused_documents(&ceremony, &signed);
    refused_specs(&ceremony, &document, &signed);
}

fn hex_of(bytes: [u8; 32]) -> String {
    hex_text(&bytes)[2..].to_owned()
}

fn refused_to_sign(ceremony: &Ceremony, document: &str) {
    let out = ceremony.at("refused.json");
    let sign = |more: &[&str]| {
        let args = [&["sign", document, "--out", &out], more].concat();
        let exit = if more.contains(&"--hash") { 1 } else { 2 };
        ceremony.refused(&args, exit)
    };
    // There is nobody to ask.
    assert_eq!(sign(&["--by-key", "ada"]), "not_confirmed");
    let other = format!("0x{}", "11".repeat(32));
    assert_eq!(sign(&["--by-key", "ada", "--hash", &other]), "genesis_differs");
    new_key(&ceremony.qc, "stranger");
    assert_eq!(sign(&["--by-key", "stranger", "--yes"]), "genesis_not_a_signer");
    assert_eq!(
        ceremony.refused(&["sign", document, "--by-key", "nobody", "--yes"], 4),
        "key_not_found"
    );
    assert!(!Path::new(&ceremony.at("refused.json")).exists());
}

fn refused_signatures(ceremony: &Ceremony, document: &str, signed: &[String]) {
    let verify = |files: &[String]| ceremony.refused(&all(&["verify", document], files), 1);
    assert_eq!(verify(&signed[1..]), "signature_missing");
    assert_eq!(verify(&[]), "signature_missing");
    assert_eq!(verify(&[signed, &signed[..1]].concat()), "signature_duplicate");
    let changed = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(from), "{from}");
        vec![ceremony.write("changed.json", text.replacen(from, to, 1))]
    };
    // A key of nobody here, and a signature of somebody else.
    let id = |key: &str| {
        ceremony.qc.json(&["key", "show", key, "--offline"])["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let foreign = changed(&signed[0], &id("ada"), &id("stranger"));
    assert_eq!(verify(&[&foreign, &signed[1..]].concat()), "signature_foreign");
    let ben: Value = serde_json::from_str(&fs::read_to_string(&signed[1]).unwrap()).unwrap();
    let mut ada: Value = serde_json::from_str(&fs::read_to_string(&signed[0]).unwrap()).unwrap();
    ada["signature"] = ben["signature"].clone();
    let wrong = vec![ceremony.write("wrong.json", ada.to_string())];
    assert_eq!(verify(&[&wrong, &signed[1..]].concat()), "signature_wrong");
    let unread = vec![ceremony.write("unread.json", "{}")];
    let code = ceremony.refused(&all(&["verify", document], &unread), 2);
    assert_eq!(code, "genesis_bad_signature_file");
}

fn refused_documents(ceremony: &Ceremony, signed: &[String]) {
    let text = ceremony.read("genesis.json");
    let verify = |name: &str, text: String, exit: i32| {
        let path = ceremony.write(name, text);
        ceremony.refused(&all(&["verify", &path], signed), exit)
    };
    let digit = text.replacen("2000000000000000", "2000000000000001", 1);
    assert_ne!(digit, text);
    assert_eq!(verify("digit.json", digit, 1), "signature_other_genesis");
    let torn = text[..text.len() - 1].to_owned();
    assert_eq!(verify("torn.json", torn, 2), "genesis_bad_document");
    let twice = text.replacen("\"clock\":", "\"clock\":{\"epochBlocks\":\"7\"},\"clock\":", 1);
    assert_eq!(verify("twice.json", twice, 2), "genesis_bad_document");
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let own = qc_genesis::Account::parse(&ceremony.account).unwrap().in_genesis();
    assert_eq!(verify("alice.json", text.replace(&own, alice), 1), "development_key");
    assert_eq!(
        ceremony.refused(&all(&["verify", &ceremony.at("absent.json")], signed), 2),
        "file_unreadable"
    );
    // Reordered, spaced out, with numbers as numbers: the same document.
    let pretty = ceremony.write("pretty.json", reversed(&parse(text.as_bytes()).unwrap()));
    assert_eq!(ceremony.json(&all(&["verify", &pretty], signed))["founders"], 5);
}

/// JSON with the members of every object in the opposite order.
fn reversed(json: &Json) -> String {
    match json {
        Json::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .rev()
                .map(|(key, value)| format!("  {} :\n{}", Json::text(key).to_canonical(), reversed(value)))
                .collect();
            format!("{{{}}}", members.join(",\r\n"))
        }
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(reversed).collect();
            format!("[\t{}]", items.join(" ,"))
        }
        other => other.to_canonical(),
    }
}

/// The code of these specs is none, which is told only after everything else was found to hold.
fn refused_specs(ceremony: &Ceremony, document: &str, signed: &[String]) {
    const HOLDS: &str = "not_a_runtime";
    let spec = ceremony.read("spec.json");
    let verify = |text: &str| {
        let path = ceremony.write("other-spec.json", text);
        ceremony.refused(&[all(&["verify", document], signed), vec!["--spec", &path]].concat(), 1)
    };
    assert_eq!(verify(&spec), HOLDS);
    assert_eq!(verify(&reversed(&parse(spec.as_bytes()).unwrap())), HOLDS);
    let nodes = spec.replacen("\"bootNodes\": []", "\"bootNodes\": [\"/dns/a/tcp/1/p2p/x\"]", 1);
    assert_ne!(nodes, spec);
    assert_eq!(verify(&nodes), HOLDS);
    assert_eq!(
        verify(&spec.replacen("\"epochBlocks\": 150", "\"epochBlocks\": 151", 1)),
        "genesis_differs"
    );
    assert_eq!(
        verify(&spec.replacen("\"chainType\": \"Live\"", "\"chainType\": \"Local\"", 1)),
        "genesis_differs"
    );
    assert_eq!(
        verify(&spec.replacen("\"code\": \"0x0061", "\"code\": \"0x0062", 1)),
        "code_differs"
    );
    let blob = ceremony.write("other.wasm", b"other");
    let by_code = |command: &str, more: &[&str]| {
        let files = if command == "verify" { signed } else { &[] };
        let args = [all(&[command, document], files), vec!["--code", &blob], more.to_vec()].concat();
        ceremony.refused(&args, 1)
    };
    assert_eq!(by_code("verify", &[]), "code_differs");
    assert_eq!(by_code("review", &[]), "code_differs");
    assert_eq!(by_code("spec", &["--out", &ceremony.at("never.json")]), "code_differs");
    assert!(!Path::new(&ceremony.at("never.json")).exists());
    // A spec instead of the document, and no node to ask.
    assert_eq!(
        ceremony.refused(&all(&["verify", &ceremony.at("spec.json")], signed), 1),
        HOLDS
    );
    let running = [all(&["verify", document], signed), vec!["--running"]].concat();
    assert_eq!(ceremony.refused(&running, 3), "connection_refused");
}

#[test]
fn cards_that_do_not_fit_are_refused() {
    let ceremony = Ceremony::begin();
    ceremony.qc.fresh_account("other");
    assert_eq!(
        ceremony.refused(&ceremony.validator_args("session-keys.json", "till"), 2),
        "file_exists"
    );
    fs::remove_file(ceremony.at("seal.validator.json")).unwrap();
    let card = |file: &str, account: &str| ceremony.refused(&ceremony.validator_args(file, account), 2);
    assert_eq!(card("session-keys.json", "other"), "session_keys_of_another_account");
    let keys = ceremony.read("session-keys.json");
    let digit = keys.rfind("0x").unwrap() + 2;
    let other = if keys[digit..].starts_with('0') { "1" } else { "0" };
    ceremony.write(
        "forged.json",
        format!("{}{other}{}", &keys[..digit], &keys[digit + 1..]),
    );
    assert_eq!(card("forged.json", "till"), "genesis_bad_card");
    let again = ["founder", "ada", "--name", "a\u{7}", "--out", &ceremony.at("a.json")].map(String::from);
    assert_eq!(ceremony.refused(&again, 2), "genesis_bad_name");
    ceremony.json(&ceremony.validator_args("session-keys.json", "till"));

    let blob = ceremony.write("no.wasm", NO_BLOB);
    let out = ceremony.at("genesis.json");
    let assemble = |plan: &str, cards: &[String], exit: i32| {
        let plan = ceremony.write("plan.toml", plan);
        let args = all(&["assemble", "--plan", &plan, "--code", &blob, "--out", &out], cards);
        ceremony.refused(&args, exit)
    };
    let (plan, cards) = (ceremony.plan(), ceremony.cards());
    assert_eq!(assemble(&plan, &cards, 1), "not_a_runtime");
    assert_eq!(assemble(&plan, &cards[1..], 2), "genesis_not_assembled");
    assert_eq!(
        assemble(&plan, &[cards.clone(), cards[..1].to_vec()].concat(), 2),
        "genesis_not_assembled"
    );
    assert_eq!(
        assemble(&plan.replace("\"egon\"", "\"emil\""), &cards, 2),
        "genesis_not_assembled"
    );
    assert_eq!(assemble("[chain]", &cards, 2), "genesis_bad_plan");
    let session: PathBuf = ceremony.at("session-keys.json").into();
    assert_eq!(assemble(&plan, &[session.display().to_string()], 2), "genesis_bad_card");
    let founder = fs::read_to_string(&cards[1])
        .unwrap()
        .replacen("\"keyId\": \"0x", "\"keyId\": \"0xff", 1);
    let founder = ceremony.write("mutated.json", founder);
    assert_eq!(assemble(&plan, &[founder], 2), "genesis_bad_card");
    assert!(!Path::new(&out).exists(), "nothing is written that was refused");
}

#[test]
fn a_whole_ceremony_with_the_runtimes_own_code() {
    let ceremony = Ceremony::begin();
    let (blob, plan, out) = (blob(), ceremony.at("plan.toml"), ceremony.at("genesis.json"));
    let cards = ceremony.cards();
    let assemble = all(&["assemble", "--plan", &plan, "--code", &blob, "--out", &out], &cards);
    // The runtime is asked: an epoch of four blocks is too short for it alone.
    let text = ceremony.read("plan.toml");
    ceremony.write("plan.toml", text.replace("epoch_blocks = 150", "epoch_blocks = 4"));
    let refused = ceremony.qc.refused(&ceremony.args(&assemble), 1);
    assert_eq!(refused["code"], "runtime_refuses");
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.contains("an epoch must be 5 to 7200 blocks, but is 4"),
        "{message}"
    );
    ceremony.write("plan.toml", text);

    let made = ceremony.json(&assemble);
    let reviewed = ceremony.json(&["review", &out, "--code", &blob]);
    for part in ["hash", "stateRoot", "block0", "summary"] {
        assert_eq!(made[part], reviewed[part], "{part}");
    }
    let signed = ceremony.sign();
    let spec = ceremony.at("qc-test.json");
    ceremony.json(&["spec", &out, "--code", &blob, "--out", &spec]);
    let verified = ceremony.json(&[all(&["verify", &out], &signed), vec!["--spec", &spec, "--code", &blob]].concat());
    assert_eq!(verified["checked"], serde_json::json!(["signatures", "spec", "code"]));
    assert_eq!(
        (&verified["block0"], &verified["hash"]),
        (&made["block0"], &made["hash"])
    );
    let of_spec = ceremony.json(&all(&["verify", &spec], &signed));
    assert_eq!(of_spec["stateRoot"], made["stateRoot"]);
    let nodes = [
        "spec",
        &out,
        "--code",
        &blob,
        "--bootnode",
        "boot.example.org",
        "--force",
        "--out",
        &spec,
    ];
    assert_eq!(ceremony.refused(&nodes, 2), "bad_bootnode");
    let named = nodes.map(|part| match part {
        "boot.example.org" => {
            "/dns/boot.example.org/tcp/30333/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"
        }
        other => other,
    });
    ceremony.json(&named);
    assert!(fs::read_to_string(&spec).unwrap().contains(named[5]));
}
