#!/usr/bin/env bash
# The long proof of the certified mathematics (MATH-1, MATH-2) and its report. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/math-proof.sh [--points N] [--seed S] [--threads T] [--report FILE] [--help]

Compares every function with an arbitrary-precision oracle at all boundaries and N random points (default 1000000, at
least that many), checks the order of results at adjacent inputs, and writes a dated report with the worst cases to FILE
(default docs/reports/math-proof-DATE.md). About 20 minutes on 2 idle cores. Ends with an exit code other than 0, and
without a report, if a single result is wrong.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
today=$(date -u +%F)
points=1000000 seed=2026 threads=2 report="$root/docs/reports/math-proof-$today.md"
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --points) points=$2 ;;
    --seed) seed=$2 ;;
    --threads) threads=$2 ;;
    --report) report=$2 ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done

run=(cargo run --release --package qc-math --features probe --example proof -- --points "$points" --seed "$seed" --threads "$threads")
cd "$root"
echo "==> building and running: ${run[*]}"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
began=$SECONDS
"${run[@]}" | tee "$table"

mkdir -p "$(dirname "$report")"
{
  echo "# Proof run of the certified mathematics, $today"
  echo
  echo "MATH-1 against an arbitrary-precision oracle (astro-float, 256 bits, 1,536 where a value is within 2⁻¹⁰⁰ units of a"
  echo "grid point), at all boundaries and at random points of every magnitude; MATH-2 at each point and its upper neighbours."
  echo "What the functions are and why the bounds hold: [Certified mathematics](../protocol/mathematics.md)."
  echo
  echo "* Command: \`scripts/math-proof.sh --points $points --seed $seed --threads $threads\`"
  echo "* Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sr)"
  echo "* Compiler: $(rustc --version), release profile"
  echo "* Sources: git tree of primitives/math/src $(git rev-parse 'HEAD:primitives/math/src' 2>/dev/null || echo unknown)"
  echo "* Time: $((SECONDS - began)) s, building included"
  echo
  cat "$table"
  echo
  echo "*Refined*: calls that needed the second precision (all of them, also those for MATH-2). *Closest*: the smallest distance"
  echo "of an exact value from the grid that was met, exact cases aside. *Faults*: results that differ from the oracle's, or"
  echo "neighbours out of order. The command fails if there is one."
} >"$report"
echo "==> wrote $report"
