#!/usr/bin/env bash
# Mutation testing of the certified mathematics. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/math-mutants.sh [--output FOLDER] [--help]

Runs cargo-mutants over primitives/math in a copy of the crate with a manifest of its own (nothing in the clone is
touched), against the quick tests: those inside the crate, the examples and the golden vectors. What they miss is tried
again against the properties and the random points. Prints the mutants that survive both; each has to be argued in
docs/reports/math-mutants-*.md. Installs cargo-mutants with cargo if it is not there. About 15 minutes on 2 cores.

  --output FOLDER   where the logs go (default: a folder below the target folder)
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
output=$target/math-mutants
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --output) output=$2 ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done

if ! cargo mutants --version >/dev/null 2>&1; then
  echo "==> installing cargo-mutants"
  cargo install cargo-mutants --locked
fi

copy=$output/copy
rm -rf "$output"
mkdir -p "$copy/primitives"
cp -r "$root/primitives/math" "$copy/primitives/math"
cp "$root/Cargo.lock" "$copy/Cargo.lock"
# The root manifest with a single member.
awk '/^members = \[/ { print "members = [\"primitives/math\"]"; skip = 1 } !skip { print } /^\]/ { skip = 0 }' \
  "$root/Cargo.toml" >"$copy/Cargo.toml"

# Unoptimised, the crate compiles in a second, and its quick tests take less than one.
export CARGO_TARGET_DIR=$target/math-mutants-target CARGO_PROFILE_DEV_OPT_LEVEL=0
mutants=(nice -n 10 cargo mutants --in-place --dir "$copy" --package qc-math --features probe --no-shuffle)

echo "==> first pass: the quick tests"
"${mutants[@]}" --timeout 20 --output "$output/quick" -C=--lib -C=--test=examples -C=--test=vectors || true
missed=$output/quick/mutants.out/missed.txt

if [ -s "$missed" ]; then
  echo "==> second pass: $(wc -l <"$missed") mutants against the properties and the oracle"
  patterns=()
  while IFS= read -r name; do
    # The name of a mutant as a regular expression that matches itself.
    patterns+=(--re "^$(printf '%s' "$name" | sed 's/[][\.*^$()+?{|}]/\\&/g')\$")
  done <"$missed"
  CARGO_PROFILE_DEV_OPT_LEVEL=1 "${mutants[@]}" --timeout 300 --output "$output/slow" "${patterns[@]}" \
    -C=--test=properties -C=--test=oracle || true
  missed=$output/slow/mutants.out/missed.txt
fi

count() { if [ -f "$1" ]; then wc -l <"$1"; else echo 0; fi; }
quick=$output/quick/mutants.out
printf '\n%s caught, %s timed out, %s do not compile, %s missed by the quick tests; surviving both passes: %s\n' \
  "$(count "$quick/caught.txt")" "$(count "$quick/timeout.txt")" "$(count "$quick/unviable.txt")" \
  "$(count "$quick/missed.txt")" "$(count "$missed")"
if [ -f "$missed" ]; then cat "$missed"; fi
