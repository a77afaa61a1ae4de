#!/usr/bin/env bash
# Benchmarks of ML-DSA-87 keys and signatures beside sr25519, with the ratios. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/pqc-bench.sh [--runs N] [--report FILE] [--help]

Runs the criterion benchmarks of primitives/pqc N times (default 5, about a minute each once built), takes the median of
each measure over the runs, prints the microseconds and the ratios to sr25519's verification of the same run, and writes
them to FILE (default docs/reports/pqc-bench-DATE.md). Needs python3 to read criterion's estimates, and a machine with
nothing else to do.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
today=$(date -u +%F)
runs=5 report=$root/docs/reports/pqc-bench-$today.md
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --runs) runs=$2 ;;
    --report) report=$2 ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done

cd "$root"
# shellcheck source=scripts/env.sh
. "$root/scripts/env.sh"
read -ra cargo <<<"${QC_CARGO:-cargo}"
estimates=$(mktemp -d)
trap 'rm -rf "$estimates"' EXIT
for run in $(seq "$runs"); do
  echo "==> run $run of $runs: ${cargo[*]} bench --locked --package qc-pqc --bench pqc_signatures"
  "${cargo[@]}" bench --locked --package qc-pqc --bench pqc_signatures -- --noplot
  cp -r "$CARGO_TARGET_DIR/criterion/pqc" "$estimates/$run"
done

table=$(
  python3 - "$estimates" <<'PYTHON'
import json
import pathlib
import statistics
import sys

runs = sorted(pathlib.Path(sys.argv[1]).iterdir())
MEASURES = (
    "verify uncached", "verify cold, cache included", "verify cached", "digest of a claim", "sign", "keygen",
    "sr25519 verify", "sr25519 sign", "fips204 verify", "ml-dsa verify", "libcrux dispatching verify",
)


def microseconds(run, measure):
    # The mean for signing, whose time depends on the message; else the median.
    estimate = "mean" if measure == "sign" else "median"
    for folder in run.iterdir():
        path = folder / "new" / "benchmark.json"
        if path.exists() and json.loads(path.read_text())["function_id"] == measure:
            return json.loads((folder / "new" / "estimates.json").read_text())[estimate]["point_estimate"] / 1000
    raise SystemExit(f"no estimate of {measure}")


print(f"| measure | µs, median of {len(runs)} | lowest | highest | ratio to sr25519 verify, median |")
print("| --- | --- | --- | --- | --- |")
for measure in MEASURES:
    times = [microseconds(run, measure) for run in runs]
    ratios = [time / microseconds(run, "sr25519 verify") for run, time in zip(runs, times)]
    figures = (statistics.median(times), min(times), max(times), statistics.median(ratios))
    print(f"| {measure} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")
PYTHON
)
printf '\n%s\n' "$table"

mkdir -p "$(dirname "$report")"
{
  echo "# Benchmarks of ML-DSA-87, $today"
  echo
  echo "Natively, one thread, a message of 200 bytes. *verify uncached* is the implementation that decides (libcrux, portable);"
  echo "*cold, cache included* is what the host function costs when the cache does not know the claim; *cached* when it does: one"
  echo "BLAKE2b over 7.4 KB and a look-up. *sign* is a mean over messages, since each takes another number of attempts. The last"
  echo "three are for comparison and decide nothing."
  echo
  echo "* Command: \`scripts/pqc-bench.sh --runs $runs\`"
  echo "* Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sr), load average $(cut -d' ' -f1-3 /proc/loadavg)"
  echo "* Compiler: $(rustc --version), bench profile"
  echo
  printf '%s\n' "$table"
} >"$report"
echo "==> wrote $report"
