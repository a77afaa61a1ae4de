//! MATH-3: every golden vector inside a Wasm executor, with floating point switched off: a module that has a single
//! floating-point instruction or type is refused when it is loaded.

use std::{env, fs, path::PathBuf, process::Command};
use wasmi::{Config, Engine, Linker, Module, Store, TypedFunc};

const TARGET: &str = "wasm32v1-none";

/// The functions in the order of their numbers, and whether argument and result are signed.
const FUNCTIONS: [(&str, bool, bool); 8] = [
    ("sqrt", false, false),
    ("ln", false, true),
    ("log2", false, true),
    ("exp", true, false),
    ("exp2", true, false),
    ("pow", false, false),
    ("phi_series", false, false),
    ("tanh", true, true),
];

/// The errors' names, as the vectors have them, by their codes.
const ERRORS: [&str; 7] = [
    "",
    "Overflow",
    "DivisionByZero",
    "LogOfZero",
    "AboveOne",
    "EmptySet",
    "Undecided",
];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tool chain that has the Wasm target's library: the one that runs this test, or else the one that the runtime's
/// build is told to use (docs/developers/building.md), or else the one that scripts/setup.sh links.
fn tool_chain() -> Option<String> {
    let candidates = [None, env::var("WASM_BUILD_TOOLCHAIN").ok(), Some("debian".to_owned())];
    let has_target = |tool_chain: &Option<String>| {
        let output = command("rustc", tool_chain).args(["--print", "sysroot"]).output();
        let root = output
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .unwrap_or_default();
        PathBuf::from(root.trim())
            .join("lib/rustlib")
            .join(TARGET)
            .join("lib")
            .is_dir()
    };
    candidates
        .into_iter()
        .find(has_target)
        .expect("a tool chain with the target wasm32v1-none: see scripts/setup.sh")
}

fn command(program: &str, tool_chain: &Option<String>) -> Command {
    let mut command = Command::new(program);
    for inherited in [
        "CARGO",
        "RUSTC",
        "RUSTUP_TOOLCHAIN",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        command.env_remove(inherited);
    }
    if let Some(name) = tool_chain.clone().or_else(|| env::var("RUSTUP_TOOLCHAIN").ok()) {
        command.env("RUSTUP_TOOLCHAIN", name);
    }
    command
}

/// Builds this crate for Wasm and returns the module.
fn build_guest() -> Vec<u8> {
    // Beside the target folder of the test, which another cargo may hold.
    let target_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("math-wasm");
    let mut build = command("cargo", &tool_chain());
    build.args([
        "build",
        "--release",
        "--locked",
        "--lib",
        "--package",
        "qc-math-wasm",
        "--target",
        TARGET,
    ]);
    let status = build
        .arg("--target-dir")
        .arg(&target_dir)
        .current_dir(workspace())
        .status()
        .expect("cargo starts");
    assert!(status.success(), "the guest builds");
    fs::read(target_dir.join(TARGET).join("release/qc_math_wasm.wasm")).expect("the guest was built")
}

/// An executor without floating point.
fn engine() -> Engine {
    let mut config = Config::default();
    config.floats(false);
    Engine::new(&config)
}

/// A loaded module.
struct Guest {
    store: Store<()>,
    evaluate: TypedFunc<(u32, u64, u64, u64, u64), u32>,
    result_low: TypedFunc<(), u64>,
    result_high: TypedFunc<(), u64>,
}

impl Guest {
    fn load(code: &[u8]) -> Self {
        let engine = engine();
        let module = Module::new(&engine, code).expect("a valid module without floating point");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .and_then(|unstarted| unstarted.start(&mut store));
        let instance = instance.expect("a module without imports");
        Self {
            evaluate: instance.get_typed_func(&store, "evaluate").expect("an export"),
            result_low: instance.get_typed_func(&store, "result_low").expect("an export"),
            result_high: instance.get_typed_func(&store, "result_high").expect("an export"),
            store,
        }
    }

    /// The result as the vectors write it.
    fn call(&mut self, number: u32, x: u128, y: u128, signed: bool) -> String {
        let (low, high) = (|n: u128| n as u64, |n: u128| (n >> 64) as u64);
        let code = self
            .evaluate
            .call(&mut self.store, (number, low(x), high(x), low(y), high(y)))
            .expect("no trap");
        if code != 0 {
            return format!("!{}", ERRORS[code as usize]);
        }
        let low = self.result_low.call(&mut self.store, ()).expect("no trap");
        let high = self.result_high.call(&mut self.store, ()).expect("no trap");
        let bits = u128::from(high) << 64 | u128::from(low);
        if signed {
            (bits as i128).to_string()
        } else {
            bits.to_string()
        }
    }
}

fn parsed(field: &str, signed: bool) -> u128 {
    if signed {
        field.parse::<i128>().expect("an integer") as u128
    } else {
        field.parse().expect("an integer")
    }
}

#[test]
fn math_3_wasm_reproduces_every_vector() {
    let mut guest = Guest::load(&build_guest());
    for (number, (name, signed_argument, signed_result)) in (0..).zip(FUNCTIONS) {
        let path = workspace().join(format!("primitives/math/vectors/{name}.csv"));
        let text = fs::read_to_string(path).expect("the vectors are committed");
        for row in text.lines().skip(1) {
            let fields: Vec<&str> = row.split(',').collect();
            let exponent = if name == "pow" { parsed(fields[1], true) } else { 0 };
            let result = guest.call(number, parsed(fields[0], signed_argument), exponent, signed_result);
            assert_eq!(result, fields[fields.len() - 1], "{name}({row})");
        }
    }
}

#[test]
fn the_executor_refuses_a_single_floating_point_instruction() {
    // (module (func (drop (f32.const 0)))), and the same with (i32.const 0).
    let header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
    let with_float = [&header[..], &[10, 10, 1, 8, 0, 0x43, 0, 0, 0, 0, 0x1a, 0x0b]].concat();
    let without = [&header[..], &[10, 7, 1, 5, 0, 0x41, 0, 0x1a, 0x0b]].concat();
    assert!(Module::new(&engine(), &with_float[..]).is_err());
    assert!(Module::new(&engine(), &without[..]).is_ok());
}

#[test]
fn the_error_codes_are_those_of_the_guest() {
    use qc_math::MathError::{AboveOne, DivisionByZero, EmptySet, LogOfZero, Overflow, Undecided};
    for error in [Overflow, DivisionByZero, LogOfZero, AboveOne, EmptySet, Undecided] {
        assert_eq!(ERRORS[qc_math_wasm::error_code(error) as usize], format!("{error:?}"));
    }
}
