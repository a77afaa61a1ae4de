//! Block 0 as `qc` builds it is the one of a running node.

// Each test file uses a part of it.
#[allow(dead_code)]
mod support;

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use support::ceremony::{all, blob, Ceremony};
use support::Qc;

/// The node's own spec of the development chain, a patch over the runtime's default.
fn dev_spec(dir: &Path) -> String {
    let node = Path::new(env!("CARGO_BIN_EXE_qc")).with_file_name("qc-node");
    let path = dir.join("dev.json");
    let made = Command::new(node)
        .args(["export-chain-spec", "--chain", "dev", "--output"])
        .arg(&path)
        .output()
        .expect("the node runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    path.display().to_string()
}

#[test]
fn block_0_is_that_of_the_node() {
    let qc = Qc::on(support::node_url());
    let dir = tempfile::tempdir().unwrap();
    let spec = dev_spec(dir.path());
    let reviewed = qc.json(&["genesis", "review", &spec]);
    let chain = qc.json(&["chain"]);
    assert_eq!(reviewed["block0"], chain["genesis"]);
    assert_eq!(reviewed["summary"]["chainType"], "Development");
    assert_eq!(reviewed["summary"]["total"]["FLX"], "6180339887000000000000");

    // Nobody signed the development chain: signatures come first.
    let refused = qc.refused(&["genesis", "verify", &spec, "--running"], 1);
    assert_eq!(refused["code"], "signature_missing");
    // In another network the very same keys are refused.
    let text = std::fs::read_to_string(&spec).unwrap();
    let live = dir.path().join("live.json");
    std::fs::write(&live, text.replacen("\"Development\"", "\"Live\"", 1)).unwrap();
    let refused: Value = qc.refused(&["genesis", "review", &live.display().to_string()], 1);
    assert_eq!(refused["code"], "development_key");
}

/// All have signed, and the chain that runs is another one.
#[test]
fn another_chain_than_the_signed_one_is_refused() {
    let ceremony = Ceremony::on(support::node_url());
    let (plan, blob, document) = (ceremony.at("plan.toml"), blob(), ceremony.at("genesis.json"));
    let assemble = all(&["assemble", "--plan", &plan, "--code", &blob, "--out", &document], &[]);
    ceremony.json(&all(&assemble, &ceremony.cards()));
    let refused = || {
        let signed = ceremony.sign();
        let running = [all(&["verify", &document], &signed), vec!["--running"]].concat();
        ceremony.refused(&running, 1)
    };
    // The node's own code, and another genesis.
    assert_eq!(refused(), "block_0_differs");
    ceremony.document();
    assert_eq!(refused(), "code_differs");
}
