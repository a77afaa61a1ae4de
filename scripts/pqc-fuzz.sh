#!/usr/bin/env bash
# The long differential run of ML-DSA-87's implementations and its report. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/pqc-fuzz.sh [--cases N] [--seed S] [--report FILE] [--help]

Gives N mutated and forged signatures, keys, messages and contexts (default 1000000, at least that many for a report that is
committed) to four implementations of ML-DSA-87, compares each answer with the right one, checks C2SP's accumulated vectors
over 10,000 keys, and writes a dated report to FILE (default docs/reports/pqc-fuzz-DATE.md). One thread, at the lowest
priority; about half an hour on an idle core, with its progress on standard error. The same seed gives the same cases. Ends
with an exit code other than 0, and without a report, at the first wrong answer, which it prints whole.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
today=$(date -u +%F)
cases=1000000 seed=2026 report="$root/docs/reports/pqc-fuzz-$today.md"
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --cases) cases=$2 ;;
    --seed) seed=$2 ;;
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
# QC_CARGO: another way to start cargo, where builds have to wait for each other.
read -ra cargo <<<"${QC_CARGO:-cargo}"
echo "==> building"
"${cargo[@]}" build --release --locked --package qc-pqc --example pqc_fuzz
run=("$CARGO_TARGET_DIR/release/examples/pqc_fuzz" --cases "$cases" --seed "$seed")
echo "==> running: nice -n 19 ${run[*]}"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
began=$SECONDS
nice -n 19 "${run[@]}" | tee "$table"
took=$((SECONDS - began))

version() { sed -n "/^name = \"$1\"\$/{n;s/^version = \"\\(.*\\)\"\$/\\1/p;}" Cargo.lock; }
mkdir -p "$(dirname "$report")"
{
  echo "# Differential run of ML-DSA-87, $today"
  echo
  echo "Claims made to divide verifiers, given to the implementation that decides in consensus, to two others and to a reference"
  echo "written from the text of FIPS 204; the right answer to each claim is known. *forged*: under public keys whose t₁ is zero,"
  echo "for which anyone can sign, so that everything is right but the one thing named."
  echo "What was decided on it: [0020](../decisions/0020-ml-dsa-implementation.md)."
  echo
  echo "* Command: \`scripts/pqc-fuzz.sh --cases $cases --seed $seed\`"
  echo "* Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sr); one thread"
  echo "* Compiler: $(rustc --version), release profile"
  echo "* Versions: libcrux-ml-dsa $(version libcrux-ml-dsa), fips204 $(version fips204), ml-dsa $(version ml-dsa)"
  echo "* Time: $took s, beside other work on the machine (the times below say little by themselves)"
  echo
  cat "$table"
} >"$report"
echo "==> wrote $report"
