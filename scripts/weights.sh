#!/usr/bin/env bash
# Measures the weights under runtime/src/weights/. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/weights.sh [--node PROGRAM] [--steps N] [--repeat N] [PALLET...]

Measures every pallet of runtime/src/benchmarks/mod.rs (or only those named) with frame-benchmarking on ParityDB, at the worst
case that each benchmark sets up, and writes runtime/src/weights/PALLET.rs. Nothing else should be busy on the machine.

  --node PROGRAM   a release node with the feature `benchmark`; without it one is built first:
                   cargo build --release -p qc-node --features benchmark
  --steps N        how many values of each component (50)
  --repeat N       how often each (20)

Takes about a quarter of an hour for all pallets. The files say on which machine and by which command they were made.
HELP
}

node='' steps=50 repeat=20 min_duration=1 pallets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --node) node=${2:?--node wants a program} && shift ;;
    --steps) steps=${2:?--steps wants a number} && shift ;;
    --repeat) repeat=${2:?--repeat wants a number} && shift ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
    *) pallets+=("$1") ;;
  esac
  shift
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$QC_ROOT"

if [ -z "$node" ]; then
  say "Building a release node with the feature benchmark."
  # A blob that only `benchmark storage` of parachains needs, and that does not build outside of the SDK's own workspace.
  export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1
  cargo build --release --locked -p qc-node --features benchmark
  node=$CARGO_TARGET_DIR/release/qc-node
fi

if [ "${#pallets[@]}" -eq 0 ]; then
  mapfile -t pallets < <("$node" benchmark pallet --chain dev --list=pallets --no-csv-header 2>/dev/null | sort -u)
fi
[ "${#pallets[@]}" -gt 0 ] || die "$node lists no pallets: was it built with the feature benchmark?"

out=runtime/src/weights
for pallet in "${pallets[@]}"; do
  # A measure of the machine, not a weight.
  [ "$pallet" != frame_benchmarking ] || continue
  say "Measuring $pallet."
  "$node" benchmark pallet --chain dev --wasm-execution compiled --steps "$steps" --repeat "$repeat" \
    --min-duration "$min_duration" --pallet "$pallet" --extrinsic '*' \
    --header scripts/weights-header.txt --output "$out/$pallet.rs" >/dev/null
done
