//! A genesis ceremony on one machine.

use super::keys::new_key;
use super::Qc;
use qc_genesis::canonical::sha256;
use qc_genesis::cards::{hex_text, Card};
use qc_genesis::Plan;
use serde_json::Value;
use sp_core::{ed25519, proof_of_possession::statement_of_ownership, sr25519, Pair};
use std::fs;
use std::path::Path;

/// Names of the founders and of their keys.
pub const FOUNDERS: [&str; 5] = ["ada", "ben", "cleo", "dora", "egon"];

/// What stands for a runtime's blob where none is run.
pub const NO_BLOB: &[u8] = b"\0asm not a runtime";

/// A machine on which everybody's keys are, and what they hand around.
pub struct Ceremony {
    /// With everybody's keys.
    pub qc: Qc,
    dir: tempfile::TempDir,
    password: String,
    /// The validator's account.
    pub account: String,
}

impl Ceremony {
    /// Keys and cards of five founders and a validator, and a plan, where no node is.
    pub fn begin() -> Self {
        Self::on("ws://127.0.0.1:1".into())
    }

    /// The same, with a node to ask.
    pub fn on(url: String) -> Self {
        let qc = Qc::on(url);
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

    /// The plan.
    pub fn plan(&self) -> String {
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

    /// What makes the validator's card.
    pub fn validator_args(&self, session_keys: &str, account: &str) -> Vec<String> {
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
    pub fn at(&self, file: &str) -> String {
        self.dir.path().join(file).display().to_string()
    }

    /// What is in a file of the ceremony.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.at(file)).unwrap()
    }

    /// Writes a file of the ceremony; its path.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.at(file), bytes).unwrap();
        self.at(file)
    }

    /// A command, with the password of all key files where one is opened.
    pub fn args<'a>(&'a self, args: &'a [impl AsRef<str>]) -> Vec<&'a str> {
        let mut all = vec!["genesis"];
        all.extend(args.iter().map(AsRef::as_ref));
        if ["founder", "validator", "sign"].contains(&all[1]) {
            all.extend(["--password-file", &self.password]);
        }
        all
    }

    /// Runs a command that must succeed.
    pub fn json(&self, args: &[impl AsRef<str>]) -> Value {
        self.qc.json(&self.args(args))
    }

    /// Runs a command that must end with this exit code; the word for why.
    pub fn refused(&self, args: &[impl AsRef<str>], exit: i32) -> String {
        let error = self.qc.refused(&self.args(args), exit);
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.len() > 8, "it says what to do: {error}");
        error["code"].as_str().unwrap().to_owned()
    }

    /// All cards.
    pub fn cards(&self) -> Vec<String> {
        let founders = FOUNDERS.map(|name| self.at(&format!("{name}.founder.json")));
        [vec![self.at("seal.validator.json")], founders.to_vec()].concat()
    }

    /// The document, as `qc genesis assemble` would make it if this were a blob.
    pub fn document(&self) {
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
    pub fn sign(&self) -> Vec<String> {
        let document = self.at("genesis.json");
        let sign = |key: &&str| {
            let out = self.at(&format!("{key}.signature.json"));
            let made = self.json(&["sign", &document, "--by-key", key, "--yes", "--force", "--out", &out]);
            assert_eq!(
                made["signature"]["role"],
                if *key == "seal" { "validator" } else { "founder" }
            );
            out
        };
        FOUNDERS.iter().chain(&["seal"]).map(sign).collect()
    }
}

/// Arguments, and files behind them.
pub fn all<'a>(first: &[&'a str], files: &'a [String]) -> Vec<&'a str> {
    first.iter().copied().chain(files.iter().map(String::as_str)).collect()
}

/// The runtime's blob of this build, or of `QC_TEST_BLOB`.
pub fn blob() -> String {
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
