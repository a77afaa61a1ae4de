#!/usr/bin/env bash
# Runs the independent programs of the field over the golden rows and the chapter's examples. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: primitives/harmonics/independent/field/check.sh [--help]

Checks every row of golden.jsonl and of the jsonl blocks of docs/protocol/field.md with field.py (integers and fractions) and
field.mjs (BigInt), and that field.py would write the same golden rows again. Needs python3 and node, nothing else, and changes
nothing. A kind of row in a language counts as one test, the golden rows written again as one; the last line is
'N passed, N failed'.
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

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
chapter=$here/../../../../docs/protocol/field.md
kinds=7 passed=0 failed=0
export PYTHONDONTWRITEBYTECODE=1

# check LANGUAGE COMMAND...: a line per kind of row from the program, wrong rows before them.
check() {
  local language=$1 output code=0 found
  shift
  output=$("$@" "$here/golden.jsonl" "$chapter") || code=$?
  printf '%s\n' "$output"
  found=$(printf '%s\n' "$output" | grep -c "^$language .* rows\$" || true)
  if [ "$code" -eq 0 ] && [ "$found" -eq "$kinds" ]; then
    passed=$((passed + kinds))
  else
    failed=$((failed + kinds))
  fi
}

check python python3 "$here/field.py"
check node node "$here/field.mjs"

if python3 "$here/field.py" --write | cmp - "$here/golden.jsonl"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
