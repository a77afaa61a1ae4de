//! `qc genesis` without a network: a whole ceremony of five founders and a validator, and everything that is refused.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use qc_genesis::canonical::sha256;
use qc_genesis::cards::{hex_text, Card};
use qc_genesis::json::{parse, Json};
use qc_genesis::Plan;
use serde_json::Value;
use sp_core::{ed25519, proof_of_possession::statement_of_ownership, sr25519, Pair};
use std::fs;
use std::path::{Path, PathBuf};
use support::keys::new_key;
use support::Qc;

const FOUNDERS: [&str; 5] = ["ada", "ben", "cleo", "dora", "egon"];

/// What stands for a runtime's blob where none is run.
const NO_BLOB: &[u8] = b"\0asm not a runtime";

/// A machine on which everybody's keys are, and what they hand around.
struct Ceremony {
    qc: Qc,
    dir: tempfile::TempDir,
    password: String,
    account: String,
}

impl Ceremony {
    /// Keys and cards of five founders and a validator, and a plan.
    fn begin() -> Self {
        let qc = Qc::on("ws://127.0.0.1:1".into());
        let password = qc.password_file();
        let account = qc.fresh_account("till");
        let ceremony = Self {
            qc,
            dir: tempfile::tempdir().unwrap(),
            password,
            account,
        };
        for name in FOUNDERS {
            ceremony.founder(name);
        }
        new_key(&ceremony.qc, "seal");
        ceremony.write("session-keys.json", ceremony.session_keys("till"));
        let card = ceremony.json(&ceremony.validator_args("session-keys.json", "till"));
        assert_eq!(card["card"]["account"], ceremony.account);
        ceremony.write("plan.toml", ceremony.plan());
        ceremony
    }

    fn founder(&self, name: &str) {
        let id = new_key(&self.qc, name);
        let made = self.json(&["founder", name, "--out", &self.at(&format!("{name}.founder.json"))]);
        assert_eq!(
            (&made["card"]["keyId"], &made["card"]["name"]),
            (&Value::from(id), &Value::from(name))
        );
    }

    fn plan(&self) -> String {
        format!(
            "[chain]\nid = \"qc-test\"\nname = \"A test\"\nepoch_blocks = 150\n\
             [founders]\nthreshold = 3\nmembers = {FOUNDERS:?}\n\
             [[validators]]\nname = \"seal\"\nstake = \"2000\"\n\
             [[accounts]]\naccount = \"{}\"\nflx = \"1000\"\natr = \"3000\"\n\
             [treasury]\nflx = \"618033988\"\n[symbols]\nvalidatorsMin = 1\n",
            self.account
        )
    }

    /// What a node would print, for an account of the keystore.
    fn session_keys(&self, name: &str) -> String {
        let shown = self.qc.json(&["account", "show", name]);
        let owner = qc_genesis::Account::parse(shown["address"].as_str().unwrap())
            .unwrap()
            .0;
        let aura = sr25519::Pair::from_seed(&[7; 32]);
        let grandpa = ed25519::Pair::from_seed(&[8; 32]);
        let statement = statement_of_ownership(&owner);
        let proof = [aura.sign(&statement).0, grandpa.sign(&statement).0].concat();
        format!(
            "{{\"owner\":\"{}\",\"aura\":\"{}\",\"grandpa\":\"{}\",\"proof\":\"{}\"}}",
            hex_text(&owner),
            hex_text(&aura.public().0),
            hex_text(&grandpa.public().0),
            hex_text(&proof)
        )
    }

    fn validator_args(&self, session_keys: &str, account: &str) -> Vec<String> {
        let (keys, out) = (self.at(session_keys), self.at("seal.validator.json"));
        [
            "validator",
            "seal",
            "--account",
            account,
            "--session-keys",
            &keys,
            "--out",
            &out,
        ]
        .map(String::from)
        .to_vec()
    }

    /// A file of the ceremony.
    fn at(&self, file: &str) -> String {
        self.dir.path().join(file).display().to_string()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.at(file)).unwrap()
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.at(file), bytes).unwrap();
        self.at(file)
    }

    /// A command, with the password of all key files where one is opened.
    fn args<'a>(&'a self, args: &'a [impl AsRef<str>]) -> Vec<&'a str> {
        let mut all = vec!["genesis"];
        all.extend(args.iter().map(AsRef::as_ref));
        if ["founder", "validator", "sign"].contains(&all[1]) {
            all.extend(["--password-file", &self.password]);
        }
        all
    }

    fn json(&self, args: &[impl AsRef<str>]) -> Value {
        self.qc.json(&self.args(args))
    }

    fn refused(&self, args: &[impl AsRef<str>], exit: i32) -> String {
        let error = self.qc.refused(&self.args(args), exit);
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.len() > 8, "it says what to do: {error}");
        error["code"].as_str().unwrap().to_owned()
    }

    fn cards(&self) -> Vec<String> {
        let founders = FOUNDERS.map(|name| self.at(&format!("{name}.founder.json")));
        [vec![self.at("seal.validator.json")], founders.to_vec()].concat()
    }

    /// The document, as `qc genesis assemble` would make it if this were a blob.
    fn document(&self) {
        let cards = self.cards().into_iter().map(|path| {
            let card = Card::parse(&fs::read(&path).unwrap()).unwrap();
            (path, card)
        });
        let cards: Vec<_> = cards.collect();
        let plan = Plan::parse(self.read("plan.toml").as_bytes()).unwrap();
        let document = plan.assemble(&cards, sha256(NO_BLOB)).unwrap();
        self.write("genesis.json", document.to_canonical());
        self.write("spec.json", document.to_spec(NO_BLOB, &[]).unwrap());
    }

    /// Everybody signs; the files.
    fn sign(&self) -> Vec<String> {
        let document = self.at("genesis.json");
        let sign = |key: &&str| {
            let out = self.at(&format!("{key}.signature.json"));
            let made = self.json(&["sign", &document, "--by-key", key, "--yes", "--out", &out]);
            assert_eq!(
                made["signature"]["role"],
                if *key == "seal" { "validator" } else { "founder" }
            );
            out
        };
        FOUNDERS.iter().chain(&["seal"]).map(sign).collect()
    }
}

fn all<'a>(first: &[&'a str], files: &'a [String]) -> Vec<&'a str> {
    first.iter().copied().chain(files.iter().map(String::as_str)).collect()
}

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
    let shown = ceremony.qc.ok(&["genesis", "review", &document, "--all"]);
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

/// The runtime's blob of this build, or of `QC_TEST_BLOB`.
fn blob() -> String {
    if let Ok(path) = std::env::var("QC_TEST_BLOB") {
        return path;
    }
    let folder = Path::new(env!("CARGO_BIN_EXE_qc")).with_file_name("wbuild/qc-runtime");
    // A development build is neither made compact nor compressed.
    let names = ["qc_runtime.compact.compressed.wasm", "qc_runtime.wasm"];
    let found = names
        .map(|name| folder.join(name))
        .into_iter()
        .find(|path| path.exists());
    let path = found.unwrap_or_else(|| {
        panic!(
            "there is no blob in {}: build it with `cargo build --workspace`, or name one with QC_TEST_BLOB",
            folder.display()
        )
    });
    path.display().to_string()
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
}
