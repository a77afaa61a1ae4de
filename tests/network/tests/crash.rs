//! A validator that dies, again and again, and one whose disk is full: both come back on the same finalised chain.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use qc_bench::rpc::Rpc;
use qc_network_tests::load::Load;
use qc_network_tests::node::{Node, Site};
use qc_network_tests::{serial, syncs, wait};

/// How often the node dies.
const DEATHS: u64 = 4;
const SECONDS: u64 = 90;
/// Size of the small disk, in MiB.
const DISK_MIB: u64 = 256;
/// What is left free on it when it is made full, in bytes.
const LEFT_BYTES: u64 = 600 * 1024;
/// How long a node with a full disk may go on before it must have noticed.
const NOTICE_SECONDS_MAX: u64 = 60;

/// The block that was final before is still in the chain that is final now.
async fn assert_extends(rpc: &Rpc, earlier: &([u8; 32], u64)) {
    let now = rpc.block_hash(earlier.1).await.expect("hashes are served");
    assert_eq!(now, Some(earlier.0), "block {} was final", earlier.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_under_load_it_comes_back_on_the_same_chain() {
    let _turn = serial().await;
    let mut site = Site::dev();
    let mut node = site.start();
    let load = Load::start(node.url(), 200);
    let mut finals: Vec<([u8; 32], u64)> = Vec::new();
    for death in 0..DEATHS {
        let rpc = node.rpc().await;
        for earlier in &finals {
            assert_extends(&rpc, earlier).await;
        }
        let (_, height) = wait::finalised_more(&rpc, 2, SECONDS).await;
        assert!(finals.last().is_none_or(|last| height > last.1), "finality goes on");
        load.accepted_more(60, SECONDS).await;
        // At a different moment of the block's making each time.
        tokio::time::sleep(Duration::from_millis(370 * death)).await;
        finals.push(rpc.finalised().await.expect("finality is served"));
        let log = node.kill_9();
        assert!(
            !log.contains("This is a bug"),
            "a thread panicked before the kill:\n{log}"
        );
        node = site.start();
    }
    let rpc = node.rpc().await;
    wait::finalised_more(&rpc, 3, SECONDS).await;
    for earlier in &finals {
        assert_extends(&rpc, earlier).await;
    }
    assert!(load.accepted() > 60 * DEATHS, "{} accepted", load.accepted());
    assert_reported_once(&rpc).await;
    drop(load);
    node.assert_well();
}

/// It reports on the first epoch that closes from now on; and whenever it died, it never reported two things.
async fn assert_reported_once(rpc: &Rpc) {
    let (_, now) = rpc.finalised().await.expect("finality is served");
    // The sync closes with the epoch after, in the block after its boundary.
    let closed = (syncs::epoch_of(now) + 2) * syncs::EPOCH_BLOCKS + 1;
    wait::finalised(rpc, closed, SECONDS).await;
    let all = syncs::all(rpc).await;
    assert!(all.iter().all(|sync| (sync.void, sync.struck) == (0, 0)), "{all:?}");
    let last = all.last().expect("a sync has closed");
    assert_eq!((last.came, last.deviating), (1, 0), "{last:?}");
}

/// A small file system of its own, unmounted when dropped.
struct Disk {
    at: PathBuf,
}

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let size = format!("size={DISK_MIB}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "qc-test-disk"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| Self { at: at.to_owned() })
    }

    fn free_bytes(&self) -> u64 {
        let output = Command::new("df")
            .args(["--output=avail", "-B1"])
            .arg(&self.at)
            .output()
            .expect("df runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines()
            .nth(1)
            .and_then(|line| line.trim().parse().ok())
            .expect("df says what is free")
    }

    /// Fills it up to [`LEFT_BYTES`] with a file, which is returned.
    fn fill(&self) -> PathBuf {
        let path = self.at.join("filler");
        let mut file = File::create(&path).expect("the disk can be written to");
        let block = vec![0x5a; 64 * 1024];
        while self.free_bytes() > LEFT_BYTES {
            if file.write_all(&block).is_err() {
                break;
            }
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, since a process that is being killed may still hold it; nothing is left to do if it fails.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

/// Whether the node stopped, or says that it cannot write, or stops finalising.
async fn notices(node: &mut Node, rpc: &Rpc) -> String {
    let start = Instant::now();
    let (mut head, mut moved) = (rpc.finalised().await.map_or(0, |head| head.1), Instant::now());
    while start.elapsed().as_secs() < NOTICE_SECONDS_MAX {
        if let Some(status) = node.ended() {
            return format!("it stopped with {status}; last words: {}", last_words(node));
        }
        let log = node.log_text();
        if log.contains("No space left on device") || log.contains("os error 28") || log.contains("File too large") {
            return format!("it says so: {}", last_words(node));
        }
        match rpc.finalised().await {
            Ok((_, now)) if now > head => (head, moved) = (now, Instant::now()),
            _ if moved.elapsed().as_secs() > 20 => return format!("it stands still: {}", last_words(node)),
            _ => (),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("the node did not notice that its disk is full:\n{}", node.log_tail());
}

fn last_words(node: &Node) -> String {
    node.log_text()
        .lines()
        .rev()
        .find(|line| line.contains("rror"))
        .unwrap_or("nothing")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_it_and_with_space_it_comes_back_on_the_same_chain() {
    let _turn = serial().await;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let disk = Disk::mount(folder.path());
    let base = folder.path().join("node");
    let mut site = Site::at(&base, &["--dev"]);
    let (mut node, rpc) = site.up().await;
    let load = Load::start(node.url(), 200);
    load.accepted_more(100, SECONDS).await;
    wait::finalised(&rpc, 3, SECONDS).await;
    let before = rpc.finalised().await.expect("finality is served");

    let filler = match &disk {
        Some(disk) => Some(disk.fill()),
        None => {
            // Not allowed to mount: no file may grow any more, which is what a full disk does to a database.
            limit_file_size(node.pid(), &base);
            None
        }
    };
    println!(
        "disk of its own: {}; {}",
        disk.is_some(),
        notices(&mut node, &rpc).await
    );
    drop(load);
    node.kill_9();
    if let Some(filler) = filler {
        std::fs::remove_file(filler).expect("the filler can be removed");
    }

    let (mut node, rpc) = site.up().await;
    assert_extends(&rpc, &before).await;
    let (_, after) = rpc.finalised().await.expect("finality is served");
    assert!(after >= before.1, "finality went back from {} to {after}", before.1);
    wait::finalised_more(&rpc, 3, SECONDS).await;
    assert_extends(&rpc, &before).await;
    node.assert_well();
    drop(node);
    drop(disk);
}

/// `RLIMIT_FSIZE` of the running node: the size of its largest file now, so that none grows beyond it.
fn limit_file_size(pid: u32, base: &Path) {
    let found = Command::new("find")
        .arg(base)
        .args(["-type", "f", "-size", "-64M", "-printf", "%s\n"])
        .output();
    let found = found.expect("find runs");
    let sizes = String::from_utf8_lossy(&found.stdout).into_owned();
    let largest: u64 = sizes.lines().filter_map(|line| line.parse().ok()).max().unwrap_or(0);
    let limit = format!("--fsize={}", largest / 2);
    let set = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), &limit])
        .status();
    assert!(set.is_ok_and(|status| status.success()), "prlimit {limit}");
}
