//! Running `qc` as a user does, and a node for it.

pub mod ceremony;
pub mod keys;

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a node may take until it answers.
const NODE_START: Duration = Duration::from_secs(120);

/// How long one run of `qc` may take.
const RUN_MAX: Duration = Duration::from_secs(240);

/// The password of every account file that tests make.
const PASSWORD: &str = "correct horse battery staple";

/// The `qc` that was built for this test.
fn qc_binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_qc"))
}

/// The node of this test process, started when first asked for.
pub fn node_url() -> String {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("QC_TEST_NODE_URL") {
        Ok(url) => url,
        Err(_) => start_node(),
    })
    .clone()
}

/// Starts the node that stands beside `qc` in the target directory, and waits until it finalises.
fn start_node() -> String {
    let binary = qc_binary().with_file_name("qc-node");
    assert!(
        binary.exists(),
        "there is no node at {}: build it with `cargo build --workspace` in the same profile and target directory",
        binary.display()
    );
    // Port 0, and then the port that the node says: a node whose port is taken quietly takes another, and somebody else's
    // chain would be tested.
    let mut node = Command::new(&binary)
        .args([
            "--dev",
            "--tmp",
            "--rpc-port",
            "0",
            "--port",
            "0",
            "--no-prometheus",
            "--no-telemetry",
            "--no-mdns",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", binary.display()));
    end_with_us(&node);
    let log = drain(&mut node);
    let deadline = Instant::now() + NODE_START;
    let url = loop {
        if let Some(address) = log.lock().unwrap().iter().find_map(|line| rpc_address(line)) {
            break format!("ws://{address}");
        }
        alive(&mut node, deadline, &log, "it has not said where its RPC server is");
        std::thread::sleep(Duration::from_millis(200));
    };
    let qc = Qc::on(url.clone());
    loop {
        let asked = qc.run(&["--json", "chain", "--timeout", "5"]);
        let chain: Value = serde_json::from_str(&asked.out).unwrap_or_default();
        if chain["finalised"]["number"].as_u64() > Some(0) {
            return url;
        }
        alive(&mut node, deadline, &log, &asked.err);
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// `127.0.0.1:PORT` from the line of a node's log that tells it.
fn rpc_address(line: &str) -> Option<&str> {
    let addresses = line.split_once("JSON-RPC server: addr=")?.1.trim();
    addresses.split(',').find(|address| address.starts_with("127.0.0.1:"))
}

/// Gives a node up that has ended, or that takes too long.
fn alive(node: &mut Child, deadline: Instant, log: &Log, why: &str) {
    let ended = node.try_wait().unwrap();
    assert!(
        ended.is_none() && Instant::now() < deadline,
        "the node is not ready: {ended:?}\n{why}\nthe node's log:\n{}",
        log.lock().unwrap().join("\n")
    );
}

/// The first lines that a node logged.
type Log = Arc<Mutex<Vec<String>>>;

/// A static is never dropped, so a shell waits for us to end and then ends the node.
fn end_with_us(node: &Child) {
    let script = format!(
        "while kill -0 {} 2>/dev/null; do sleep 0.5; done; kill {} 2>/dev/null",
        std::process::id(),
        node.id()
    );
    let mut shell = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell that ends the node");
    // It outlives us; this thread only keeps it from being forgotten.
    std::thread::spawn(move || shell.wait());
}

/// Keeps the first lines of a node's log, and reads the rest so that it never waits for us.
fn drain(node: &mut Child) -> Log {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (lines, log) = (BufReader::new(node.stderr.take().unwrap()).lines(), kept.clone());
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut log = log.lock().unwrap();
            if log.len() < 200 {
                log.push(line);
            }
        }
    });
    kept
}

/// A wire to the node that can be cut.
pub struct Wire {
    port: u16,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    /// To a node at `ws://HOST:PORT`.
    pub fn to(url: &str) -> Self {
        let node = url.trim_start_matches("ws://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self {
            port: listener.local_addr().unwrap().port(),
            ends: Arc::default(),
        };
        let ends = wire.ends.clone();
        std::thread::spawn(move || {
            for here in listener.incoming().map_while(Result::ok) {
                let there = TcpStream::connect(&node).unwrap();
                let both = [here.try_clone().unwrap(), there.try_clone().unwrap()];
                ends.lock().unwrap().extend(both.map(|end| end.try_clone().unwrap()));
                copy(here.try_clone().unwrap(), there.try_clone().unwrap());
                copy(there, here);
            }
        });
        wire
    }

    /// Where `qc` finds it.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// Ends every connection; new ones are possible.
    pub fn cut(&self) {
        for end in self.ends.lock().unwrap().drain(..) {
            // One that has ended already cannot be ended again.
            let _ = end.shutdown(std::net::Shutdown::Both);
        }
    }
}

/// Copies until one of the two ends.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}

/// `qc` with a keystore and a node of its own.
pub struct Qc {
    dir: tempfile::TempDir,
    url: String,
}

impl Qc {
    /// On a node.
    pub fn on(url: String) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            url,
        }
    }

    /// The directory of account files.
    pub fn keystore(&self) -> PathBuf {
        self.dir.path().join("accounts")
    }

    /// A file with a secret, as it has to be.
    pub fn secret_file(&self, name: &str, secret: &str) -> String {
        let path = self.dir.path().join(name);
        fs::write(&path, format!("{secret}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A file with the password of every account that tests make.
    pub fn password_file(&self) -> String {
        self.secret_file("password", PASSWORD)
    }

    /// Makes an account that nobody had before; its address.
    pub fn fresh_account(&self, name: &str) -> String {
        let args = [
            "account",
            "new",
            name,
            "--no-backup-check",
            "--password-file",
            &self.password_file(),
        ];
        self.json(&args)["address"].as_str().unwrap().to_owned()
    }

    /// Runs `qc` to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.start(args).end(RUN_MAX)
    }

    /// Starts `qc`.
    pub fn start(&self, args: &[&str]) -> Running {
        let mut child = Command::new(qc_binary())
            .env_remove("QC_URL")
            .arg("--url")
            .arg(&self.url)
            .arg("--keystore")
            .arg(self.keystore())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running {
            out: read_all(child.stdout.take().unwrap()),
            err: read_all(child.stderr.take().unwrap()),
            child,
            what: args.join(" "),
        }
    }

    /// Runs `qc` and expects success; what it prints.
    pub fn ok(&self, args: &[&str]) -> String {
        self.run(args).expect(0).0
    }

    /// Runs `qc --json` and expects success; the one line that it prints.
    pub fn json(&self, args: &[&str]) -> Value {
        let out = self.run(&[&["--json"], args].concat()).expect(0).0;
        assert_eq!(out.lines().count(), 1, "one line: {out}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("not JSON ({error}): {out}"))
    }

    /// Runs `qc --json` and expects it to end with `code`; the error that it prints.
    pub fn refused(&self, args: &[&str], code: i32) -> Value {
        let (out, err) = self.run(&[&["--json"], args].concat()).expect(code);
        assert_eq!(out, "", "nothing on standard output");
        let line = err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {err}"));
        assert_eq!(error["exit"], code);
        error
    }
}

/// Reads while it is written: whoever fills a pipe waits until somebody does.
fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
}

/// A `qc` that runs.
pub struct Running {
    child: Child,
    what: String,
    out: JoinHandle<String>,
    err: JoinHandle<String>,
}

impl Running {
    /// Presses Ctrl-C after a while.
    pub fn interrupt_after(self, after: Duration) -> Ran {
        std::thread::sleep(after);
        let pid = self.child.id().to_string();
        // It may have ended by itself; what it printed tells.
        let _ = Command::new("kill")
            .args(["-INT", &pid])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        self.end(Duration::from_secs(10))
    }

    /// Cuts the wire after a while, and waits for the end.
    pub fn cut_after(self, after: Duration, wire: &Wire) -> Ran {
        std::thread::sleep(after);
        wire.cut();
        self.end(RUN_MAX)
    }

    /// Waits for the end.
    fn end(mut self, at_most: Duration) -> Ran {
        let deadline = Instant::now() + at_most;
        while self.child.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                self.child.kill().unwrap();
                panic!("qc {} did not end within {at_most:?}", self.what);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ran {
            what: self.what,
            code: self.child.wait().unwrap().code(),
            out: self.out.join().unwrap(),
            err: self.err.join().unwrap(),
        }
    }
}

/// A `qc` that has ended.
pub struct Ran {
    what: String,
    /// With which code.
    pub code: Option<i32>,
    /// What it printed on standard output.
    pub out: String,
    /// What it printed on standard error.
    pub err: String,
}

impl Ran {
    /// Standard output and standard error, if the exit code is `code`.
    pub fn expect(self, code: i32) -> (String, String) {
        assert_eq!(
            self.code,
            Some(code),
            "qc {}\nstdout: {}\nstderr: {}",
            self.what,
            self.out,
            self.err
        );
        (self.out, self.err)
    }
}
