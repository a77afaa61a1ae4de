#!/usr/bin/env bash
# Benchmarks of the certified mathematics beside substrate-fixed and f64, with the ratios. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/math-bench.sh [--report FILE] [--help]

Runs the criterion benchmarks of primitives/math (about a minute once built), prints nanoseconds a call and the ratios,
and writes them to FILE (default docs/reports/math-bench-DATE.md). Needs python3 to read criterion's estimates.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
today=$(date -u +%F)
report=$root/docs/reports/math-bench-$today.md
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
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
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
echo "==> cargo bench --package qc-math --bench functions"
cargo bench --package qc-math --bench functions -- --noplot

table=$(
  python3 - "$CARGO_TARGET_DIR/criterion" <<'PYTHON'
import json
import pathlib
import sys

ARGUMENTS = 64  # a measurement runs over so many arguments
folder = pathlib.Path(sys.argv[1])


def nanoseconds(function, implementation):
    path = folder / function / implementation / "new" / "estimates.json"
    return json.loads(path.read_text())["median"]["point_estimate"] / ARGUMENTS if path.exists() else None


def shown(value, form="{:.0f}"):
    return form.format(value) if value else "none"


print("| function | certified, ns | substrate-fixed, ns | f64, ns | certified / substrate-fixed | certified / f64 |")
print("| --- | --- | --- | --- | --- | --- |")
for function in ("sqrt", "ln", "log2", "exp", "exp2", "pow", "phi_series", "tanh", "mul_div_floor"):
    ours, fixed, double = (nanoseconds(function, name) for name in ("certified", "substrate-fixed", "f64"))
    to_fixed, to_double = (ours / other if other else None for other in (fixed, double))
    cells = [shown(ours), shown(fixed), shown(double, "{:.1f}"), shown(to_fixed, "{:.2f}"), shown(to_double)]
    print(f"| `{function}` | " + " | ".join(cells) + " |")
PYTHON
)
printf '\n%s\n' "$table"

mkdir -p "$(dirname "$report")"
{
  echo "# Benchmarks of the certified mathematics, $today"
  echo
  echo "Median time of a call over 64 arguments of an everyday range, on a machine that may have been busy otherwise: the ratios"
  echo "say more than the times. substrate-fixed 0.6 works on I64F64, 64 fractional bits (19 digits), with no bound on its error,"
  echo "and has no exp2, arctan or tanh; f64 is there for scale only. The certified results are exact floors."
  echo
  echo "* Command: \`scripts/math-bench.sh\`"
  echo "* Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sr), load average $(cut -d' ' -f1-3 /proc/loadavg)"
  echo "* Compiler: $(rustc --version), bench profile"
  echo
  printf '%s\n' "$table"
} >"$report"
echo "==> wrote $report"
