#!/usr/bin/env bash
# Recomputes the golden vectors of the attunement with the two independent programs. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: primitives/harmonics/independent/attunement/check.sh [--help]

Recomputes every case of primitives/harmonics/vectors/attunement.jsonl with attunement.py (integers only) and attunement.mjs
(BigInt), and checks that the file is what `attunement.py --write` makes. Needs python3 and node, nothing else, and changes
nothing. A kind of case in a language counts as one test; the last line is 'N passed, N failed'.
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
golden=$(cd "$here/../../vectors" && pwd)/attunement.jsonl
kinds=$(sed 's/^{"of":"\([a-z]*\)".*/\1/' "$golden" | sort -u | wc -l)
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0

# check LANGUAGE COMMAND...: one line per kind from the program, wrong cases before it.
check() {
  local language=$1 output code=0 seen wrong
  shift
  output=$("$@" "$golden") || code=$?
  printf '%s\n' "$output" | cut -c1-500
  seen=$(printf '%s\n' "$output" | grep -c "^$language .* cases\$" || true)
  wrong=$(printf '%s\n' "$output" | sed -n 's/^line [0-9]*: \([a-z]*\): .*/\1/p' | sort -u | wc -l)
  passed=$((passed + seen - wrong))
  failed=$((failed + wrong + kinds - seen))
  [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
}

check python python3 "$here/attunement.py"
check node node "$here/attunement.mjs"

made=$(mktemp)
trap 'rm -f "$made"' EXIT
python3 "$here/attunement.py" --write "$made"
if cmp -s "$made" "$golden"; then
  passed=$((passed + 1))
else
  printf 'the golden file is not what attunement.py --write makes\n'
  failed=$((failed + 1))
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
