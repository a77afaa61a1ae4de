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
    run(&mut Command::new(binary()), name, base, arguments)
}

/// The same, of a node that keeps compiled runtimes in `cache`.
fn command_with_cache(cache: &Path, name: &str, base: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut node = Command::new(binary());
    run(node.env("QC_RUNTIME_CACHE", cache), name, base, arguments)
}

fn run(node: &mut Command, name: &str, base: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = node
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

/// How many compiled runtimes are kept in `cache`: each has a record of its use beside it.
fn compiled_runtimes(cache: &Path) -> usize {
    let versions = std::fs::read_dir(cache.join("modules")).expect("something is kept");
    let files =
        versions.flat_map(|version| std::fs::read_dir(version.expect("it can be listed").path()).expect("a folder"));
    let names = files.map(|file| file.expect("it can be listed").path());
    names.filter(|name| name.extension().is_none()).count()
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

    let checked = command("check-block", &copy, &["3"]).expect("its execution comes to what it says");
    assert!(
        checked.starts_with("Block 3 (0x") && checked.contains("executed again"),
        "{checked}"
    );
    let made = command("check-block", &copy, &["0"]).expect_err("it has nothing before it");
    assert!(made.contains("block 0 is made, not executed"), "{made}");
    let cache = folder.path().join("cache");
    for what in ["compiled, and kept", "taken from there"] {
        let again = command_with_cache(&cache, "check-block", &copy, &["3"]).expect(what);
        assert_eq!(again, checked, "{what}");
        assert_eq!(compiled_runtimes(&cache), 1, "{what}");
    }
    // Where nothing can be kept the command does its work all the same.
    command_with_cache(Path::new(file), "check-block", &copy, &["3"]).expect("a file is no folder");
    let unknown = command("check-block", &copy, &["99"]).expect_err("there is no such block");
    assert!(unknown.contains("Unknown block"), "{unknown}");

    command("purge-chain", &copy, &["-y"]).expect("a database can be removed");
    assert_eq!(best(&copy).0, 0, "nothing but the genesis is left");
    assert!(best(&site.base).0 >= BLOCKS, "of this chain only");
}
