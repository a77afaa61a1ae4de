#!/usr/bin/env bash
# Recomputes harmonic genesis hashes with the two independent programs. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: primitives/genesis/independent/check.sh [--help] [FILE...]

Computes the harmonic genesis hash of every file of primitives/genesis/vectors with harmonic_hash.py and harmonic_hash.mjs, and
compares it with vectors/EXPECTED, where "refused" stands for files that can have none. Of each FILE, a document or a chain
spec, both programs must come to the same hash. Needs python3 and node, nothing else, and changes nothing. A file in a language
counts as one test; the last line is 'N passed, N failed'.
HELP
}

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  -*)
    usage >&2
    printf '\nerror: %s: no such option\n' "$1" >&2
    exit 2
    ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vectors=$(cd "$here/../vectors" && pwd)
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0
said=$(mktemp) long=$(mktemp)
trap 'rm -f "$said" "$long"' EXIT

# hash_of LANGUAGE FILE: the hash, or the word refused; what the program said if it ended in any other way.
hash_of() {
  local code=0
  case "$1" in
    python) python3 "$here/harmonic_hash.py" "$2" 2>"$said" || code=$? ;;
    node) node "$here/harmonic_hash.mjs" "$2" 2>"$said" || code=$? ;;
  esac
  if [ "$code" -eq 1 ] && grep -q '^refused: ' "$said"; then
    printf 'refused\n'
  elif [ "$code" -ne 0 ]; then
    printf 'exit code %s: %s\n' "$code" "$(tail -n 1 "$said")"
  fi
}

# expect LANGUAGE FILE WHAT
expect() {
  local found
  found=$(hash_of "$1" "$2")
  if [ "$found" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '%s: %s: expected %s, found %s\n' "$1" "$2" "$3" "$found"
  fi
}

while read -r expected file; do
  for language in python node; do expect "$language" "$vectors/$file" "$expected"; done
done <"$vectors/EXPECTED"

unlisted=$(cd "$vectors" && for file in *.json; do grep -q " $file\$" EXPECTED || printf '%s ' "$file"; done)
if [ -n "$unlisted" ]; then
  failed=$((failed + 1))
  printf 'not in EXPECTED: %s\n' "$unlisted"
fi

# As long as a runtime's blob is in hexadecimal: too long for a reader that recurs or matches it as a whole.
{
  printf '{"format":"qc-harmonic-genesis/1","code":"'
  head -c 8000000 /dev/zero | tr '\0' 'a'
  printf '"}'
} >"$long"
expected=0x$(sed 's/^{\(.*\),\(.*\)}$/{\2,\1}/' "$long" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)
for language in python node; do expect "$language" "$long" "$expected"; done

for file in "$@"; do
  hash=$(hash_of python "$file")
  printf '%s  %s\n' "$hash" "$file"
  if [[ $hash != 0x* ]]; then
    failed=$((failed + 2))
  else
    passed=$((passed + 1))
    expect node "$file" "$hash"
  fi
done

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
