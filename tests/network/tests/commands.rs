//! The commands that work on the database of a stopped node: what they write out, read back, check and remove.

use std::path::Path;
use std::process::Command;

use qc_bench::hex;
use qc_network_tests::node::{binary, Site};
use qc_network_tests::{serial, wait};
use serde_json::Value as Json;

/// Blocks that are written out.
const BLOCKS: u64 = 5;
const SECONDS: u64 = 60;

/// Runs a command of the node on the development chain in `base`; what it wrote, or what it complained of.
fn command(name: &str, base: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(binary())
        .args([name, "--chain", "dev", "--base-path"])
        .arg(base)
        .args(arguments)
        .output()
        .expect("the node's binary can be started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert!(!log.contains("panicked"), "{name} {arguments:?} panics:\n{log}");
    if output.status.success() {
        Ok(out)
    } else {
        Err(log)
    }
}

/// Number and hash of the best block in `base`.
fn best(base: &Path) -> (u64, String) {
    let info = command("chain-info", base, &[]).expect("there is a database");
    let info: Json = serde_json::from_str(&info).expect("what is shown is JSON");
    let number = info["best_number"].as_u64().expect("a number");
    (number, info["best_hash"].as_str().expect("a hash").to_owned())
}

#[tokio::test]
async fn blocks_are_written_out_read_back_checked_and_removed() {
    let _turn = serial().await;
    let mut site = Site::dev();
    let (node, rpc) = site.up().await;
    wait::finalised(&rpc, BLOCKS, SECONDS).await;
    let hash = rpc.block_hash(BLOCKS).await.expect("hashes are served");
    let last = (BLOCKS, hex::encode(&hash.expect("a finalised block has a hash")));
    drop(rpc);
    assert!(node.stop().success(), "a node that is asked to stop ends well");

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (file, copy) = (folder.path().join("blocks"), folder.path().join("copy"));
    let file = file.to_str().expect("its path is text");
    let to = BLOCKS.to_string();
    command("export-blocks", &site.base, &["--to", &to, file]).expect("blocks are written out");
    command("import-blocks", &copy, &[file]).expect("they are read into a chain of nothing but its genesis");
    assert_eq!(best(&copy), last, "the same chain");

    command("check-block", &copy, &["3"]).expect("its execution comes to what it says");
    let unknown = command("check-block", &copy, &["99"]).expect_err("there is no such block");
    assert!(unknown.contains("Unknown block"), "{unknown}");

    command("purge-chain", &copy, &["-y"]).expect("a database can be removed");
    assert_eq!(best(&copy).0, 0, "nothing but the genesis is left");
    assert!(best(&site.base).0 >= BLOCKS, "of this chain only");
}
