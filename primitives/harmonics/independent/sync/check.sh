#!/usr/bin/env bash
# Judges the golden cases of ΨSync with the independent programs. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: primitives/harmonics/independent/sync/check.sh [--help]

Checks every case of golden.json with sync.py (integers) and sync.mjs (BigInt), and that sync.py makes the same file again.
Needs python3 and node, nothing else, and changes nothing. Each of the three is one test; the last line is
'N passed, N failed'. The Rust test of the same file is `cargo test -p qc-harmonics --test sync`.
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
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0

run() {
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

is_reproduced() {
  python3 "$here/sync.py" generate | cmp - "$here/golden.json" && printf 'python: makes the same file\n'
}

run python3 "$here/sync.py" check "$here/golden.json"
run node "$here/sync.mjs" "$here/golden.json"
run is_reproduced

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
