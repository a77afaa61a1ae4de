#!/usr/bin/env bash
# Runs the independent implementations of the certified mathematics over the golden vectors (MATH-3). See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/math-independent.sh [--help]

Checks every row of primitives/math/vectors with primitives/math/independent/qc_math.py (integers only) and qc_math.mjs
(BigInt). Needs python3 and node, nothing else, and changes nothing. A function in a language counts as one test; the last
line is 'N passed, N failed'.
HELP
}

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  '') ;;
  *)
    usage >&2
    printf '\nerror: %s: no such option\n' "$1" >&2
    exit 2
    ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../primitives/math" && pwd)
passed=0 failed=0

# check LANGUAGE COMMAND...: one line per function from the program, wrong rows before it.
check() {
  local language=$1 output code=0 functions wrong
  shift
  output=$("$@" "$here/vectors") || code=$?
  printf '%s\n' "$output"
  functions=$(printf '%s\n' "$output" | grep -c "^$language .* rows\$" || true)
  wrong=$(printf '%s\n' "$output" | sed -n 's/^\([a-z_0-9]*\)(.*) = .*, not .*/\1/p' | sort -u | wc -l)
  passed=$((passed + functions - wrong))
  failed=$((failed + wrong + 8 - functions))
  [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
}

PYTHONDONTWRITEBYTECODE=1 check python python3 "$here/independent/qc_math.py"
check node node "$here/independent/qc_math.mjs"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
