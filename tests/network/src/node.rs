//! Nodes as child processes.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use qc_bench::rpc::Rpc;
use tempfile::TempDir;

/// How long a node may take until it answers (a development build compiles the runtime's Wasm first).
const START_SECONDS_MAX: u64 = 90;
/// How long a node may take to stop when asked.
const STOP_SECONDS_MAX: u64 = 30;
/// Lines of a node's log that a failure shows.
const LOG_LINES_SHOWN: usize = 60;
/// What a node writes when one of its threads panics.
const PANIC_MARK: &str = "This is a bug. Please report it at";
/// A node's folder, ports and arguments: what stays the same when it is started again.
pub struct Site {
    /// Where its data are.
    pub base: PathBuf,
    /// Port of JSON-RPC.
    pub rpc_port: u16,
    /// Port of the network.
    pub port: u16,
    arguments: Vec<String>,
    metrics_port: Option<u16>,
    starts: u32,
    logs: TempDir,
    _own_base: Option<TempDir>,
}

/// A running node; killed when dropped.
pub struct Node {
    child: Child,
    url: String,
    log: PathBuf,
}

/// The node's binary: `QC_NODE`, or `qc-node` in the folder above the test executable's.
///
/// Panics, saying how to build it, if it is not there.
pub fn binary() -> PathBuf {
    let path = match std::env::var_os("QC_NODE") {
        Some(path) => PathBuf::from(path),
        None => beside_this_executable(),
    };
    assert!(
        path.is_file(),
        "no node at {}: build it with `cargo build -p qc-node` into the same target folder, or name one in QC_NODE",
        path.display()
    );
    path
}

fn beside_this_executable() -> PathBuf {
    let executable = std::env::current_exe().expect("the system knows this executable's path");
    let folder = executable.parent().expect("an executable is in a folder");
    let profile = if folder.ends_with("deps") {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    profile.join("qc-node")
}

/// A port of 127.0.0.1 that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
    listener.local_addr().expect("a bound listener has an address").port()
}

impl Site {
    /// A site with a folder of its own, removed with it. `arguments` come on top of ports, folder and the like.
    pub fn new(arguments: &[&str]) -> Self {
        let own = TempDir::with_prefix("qc-node-").expect("a temporary folder can be made");
        let mut site = Self::at(own.path(), arguments);
        site._own_base = Some(own);
        site
    }

    /// A site whose data are in a folder that the caller cares for.
    pub fn at(base: &Path, arguments: &[&str]) -> Self {
        Self {
            base: base.to_owned(),
            rpc_port: free_port(),
            port: free_port(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            metrics_port: None,
            starts: 0,
            logs: TempDir::with_prefix("qc-log-").expect("a temporary folder can be made"),
            _own_base: None,
        }
    }

    /// One more argument.
    pub fn push(&mut self, argument: &str) {
        self.arguments.push(argument.to_owned());
    }

    /// Makes the node serve its figures to Prometheus; on which port of 127.0.0.1.
    pub fn serve_metrics(&mut self) -> u16 {
        *self.metrics_port.get_or_insert_with(free_port)
    }

    fn metrics_arguments(&self) -> Vec<String> {
        match self.metrics_port {
            Some(port) => vec!["--prometheus-port".into(), port.to_string()],
            None => vec!["--no-prometheus".into()],
        }
    }

    /// A single validator, Alice, on a development chain whose data outlive the process.
    pub fn dev() -> Self {
        Self::new(&["--dev"])
    }

    /// Starts the node, without waiting for it.
    pub fn start(&mut self) -> Node {
        self.starts += 1;
        let log = self.logs.path().join(format!("start-{}.log", self.starts));
        let file = File::create(&log).expect("the log file can be made");
        let again = file.try_clone().expect("a file handle can be cloned");
        let child = Command::new(binary())
            .args(&self.arguments)
            .arg("--base-path")
            .arg(&self.base)
            .args(["--rpc-port", &self.rpc_port.to_string()])
            .args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", self.port)])
            .args(self.metrics_arguments())
            .args(["--no-telemetry", "--no-mdns"])
            .args(["--disable-log-color", "--rpc-max-connections", "200"])
            .stdin(Stdio::null())
            .stdout(Stdio::from(file))
            .stderr(Stdio::from(again))
            .spawn()
            .expect("the node's binary can be started");
        Node {
            child,
            url: format!("ws://127.0.0.1:{}", self.rpc_port),
            log,
        }
    }

    /// Starts the node and waits until it answers.
    pub async fn up(&mut self) -> (Node, Rpc) {
        let mut node = self.start();
        let rpc = node.rpc().await;
        (node, rpc)
    }
}

impl Node {
    /// Its WebSocket URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A connection, waited for. Panics, with the log, if the node stops or does not answer in time.
    pub async fn rpc(&mut self) -> Rpc {
        let start = Instant::now();
        while start.elapsed().as_secs() < START_SECONDS_MAX {
            if let Ok(rpc) = Rpc::connect(&self.url).await {
                if rpc.call("system_health", vec![]).await.is_ok() {
                    return rpc;
                }
            }
            if let Some(status) = self.ended() {
                panic!("the node stopped with {status}:\n{}", self.log_tail());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!(
            "the node did not answer within {START_SECONDS_MAX} s:\n{}",
            self.log_tail()
        );
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child's state can be asked for")
    }

    /// `kill -9`, and its end waited for.
    pub fn kill_9(mut self) -> String {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a killed child ends");
        self.log_text()
    }

    /// Ctrl-C, and its end waited for.
    pub fn stop(mut self) -> ExitStatus {
        signal(self.child.id(), "-INT");
        let start = Instant::now();
        while start.elapsed().as_secs() < STOP_SECONDS_MAX {
            if let Some(status) = self.ended() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!(
            "the node did not stop within {STOP_SECONDS_MAX} s:\n{}",
            self.log_tail()
        );
    }

    /// All it has logged.
    pub fn log_text(&self) -> String {
        std::fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The end of its log.
    pub fn log_tail(&self) -> String {
        let text = self.log_text();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }

    /// Panics if the node has stopped or one of its threads has panicked.
    pub fn assert_well(&mut self) {
        self.assert_well_but_for(0);
    }

    /// As [`Node::assert_well`], but `answered` panics are accounted for: the executor catches a panic in a host function that
    /// a runtime API function calls, and the caller is told so.
    pub fn assert_well_but_for(&mut self, answered: usize) {
        if let Some(status) = self.ended() {
            panic!("the node stopped with {status}:\n{}", self.log_tail());
        }
        let text = self.log_text();
        let found = text.matches(PANIC_MARK).count();
        if found > answered {
            let at = text.find(PANIC_MARK).unwrap_or_default();
            let begin = text[..at].char_indices().rev().nth(3_000).map_or(0, |(begin, _)| begin);
            panic!(
                "{found} panics, {answered} of them answered for; the first:\n{}",
                &text[begin..at]
            );
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already: then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!(
                "--- end of the log of the node at {} ---\n{}",
                self.url,
                self.log_tail()
            );
        }
    }
}

/// Sends a signal to one process, by its id.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()), "kill {name} {pid}");
}
