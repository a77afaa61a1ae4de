#!/usr/bin/env bash
# Sets the machine up and runs every test. The last line is 'N passed, N failed'. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/test.sh [--no-setup] [--help]

Sets the machine up (scripts/setup.sh --tests), builds the workspace and runs every test: those of the crates (unit,
property, pallet, scenario, stateful, tidy, and those that start nodes), the wallets' in tests/wallet, the operators' pages
(tests/operators follows them literally: the ceremony; the validator's and the public RPC node's only as root with
QC_MACHINES=1, else they are skipped), and the independent implementations of the mathematics, the harmonics and the genesis
hash; that chain-specs/ is what the node generates, and that scripts/dev.sh starts a chain. Tests that start nodes, which wait
for blocks, go first; what needs no node runs beside them on what they leave of the processors. Prints how long each stage
took, then 'N passed, N failed', and ends with an exit code other than 0 if anything failed.

  --no-setup   the machine is set up already
HELP
}

setup=1
for arg in "$@"; do
  case "$arg" in
    --no-setup) setup=0 ;;
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
stages_begin

# close: the table and the closing line, whatever happened.
close() {
  stages_print
  tests_close
}

# give_up: for a stage that no test can do without.
give_up() {
  TESTS_FAILED=$((TESTS_FAILED + 1))
  close || true
  exit 1
}

# dev_chain: scripts/dev.sh on free ports. Its chain finalises blocks, and Ctrl-C ends it well.
dev_chain() (
  read -r rpc_port port < <(python3 -c '
import socket
both = [socket.socket() for _ in range(2)]
for one in both: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in both))')
  # In a process group of its own, as a terminal has it: a job of a script does not hear Ctrl-C.
  set -m
  scripts/dev.sh --no-setup --no-build -- --rpc-port "$rpc_port" --listen-addr "/ip4/127.0.0.1/tcp/$port" \
    --no-prometheus --no-telemetry --no-mdns &
  set +m
  trap 'kill -KILL -- "-$!" 2>/dev/null || true' EXIT
  ask='{"jsonrpc":"2.0","id":1,"method":"archive_v1_finalizedHeight","params":[]}'
  height=0
  for _ in {1..120}; do
    sleep 1
    height=$(curl -sS -m 5 -H 'Content-Type: application/json' -d "$ask" "http://127.0.0.1:$rpc_port" 2>/dev/null |
      jq -r '.result // 0') || height=0
    [ "${height:-0}" -lt 2 ] || break
  done
  [ "${height:-0}" -ge 2 ] || die "the chain of scripts/dev.sh has finalised no block 2 within two minutes"
  kill -INT -- "-$!"
  for _ in {1..30}; do
    kill -0 "$!" 2>/dev/null || break
    sleep 1
  done
  ! kill -0 "$!" 2>/dev/null || die "scripts/dev.sh goes on half a minute after Ctrl-C"
  wait "$!"
)

if [ "$setup" -eq 1 ]; then stage "set up" "$here/setup.sh" --tests || give_up; fi
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$QC_ROOT"

# Every node that a test starts, and every block 0 that `qc` makes, runs the same blob: it is compiled to native code once.
export QC_RUNTIME_CACHE="${QC_RUNTIME_CACHE:-$CARGO_TARGET_DIR/runtime-cache}"

# All targets and the whole workspace, here and below: cargo then unifies features once, and what this builds is what the
# tests, scripts/dev.sh and the checks use (docs/decisions/0002).
stage "build" cargo build --workspace --all-targets --locked || give_up
# The tests that start nodes, those of networks and those of qc, each as `--test NAME`. The others are whatever else there is,
# so that none is forgotten.
networks=() clients=() others=()
while read -r name package; do
  case "$package/$name" in
    qc-network-tests/*) networks+=(--test "$name") ;;
    qc-cli/live_*) clients+=(--test "$name") ;;
    *) others+=(--test "$name") ;;
  esac
done < <(cargo metadata --no-deps --format-version 1 --locked |
  jq -r '.packages[] | .name as $package | .targets[] | select(.kind == ["test"]) | "\(.name) \($package)"' | sort -u)
for number in "${#networks[@]}" "${#clients[@]}" "${#others[@]}"; do
  [ "$number" -gt 0 ] || die "cargo metadata names no tests of networks, of qc, or no others"
done

without_nodes() {
  test_stage "tests of the crates" cargo test --workspace --locked --no-fail-fast --lib --bins "${others[@]}" || true
  test_stage "examples in the docs" cargo test --workspace --locked --no-fail-fast --doc || true
  test_stage "independent mathematics" scripts/math-independent.sh || true
  for part in field attunement sync; do
    test_stage "independent $part" "primitives/harmonics/independent/$part/check.sh" || true
  done
  test_stage "independent genesis" primitives/genesis/independent/check.sh || true
}

around_nodes() {
  test_stage "qc with a node" cargo test --workspace --locked --no-fail-fast "${clients[@]}" || true
  test_stage "chain specs" scripts/chain-specs.sh --check || true
  test_stage "scripts/dev.sh" dev_chain || true
  test_stage "wallets" tests/wallet/run.sh || true
  test_stage "operators' pages" tests/operators/run.sh || true
}

trap beside_end EXIT
beside "what needs no node" without_nodes
beside_nice=0 beside "what is around a node" around_nodes
test_stage "nodes and networks" cargo test --workspace --locked --no-fail-fast "${networks[@]}" || true
join || [ "$TESTS_FAILED" -gt 0 ] || TESTS_FAILED=1

close
