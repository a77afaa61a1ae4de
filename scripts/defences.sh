#!/usr/bin/env bash
# Takes every defence out, one at a time: each attack test must fail without the one that it rests on. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/defences.sh [--list] [--only TEXT] [--report FILE] [--help]

Proves that the attack tests of tests/stateful notice. tests/stateful/defences.toml names places in the source, what each of
them becomes with its defence taken out, and the tests that must fail then. In a copy of the last commit, below the target
folder: builds the tests and runs them as they are (all must pass); then takes one defence out, builds, runs its tests, puts
it back, and so on. Writes a report, and ends with 1 if a test still passes or a place does not compile. About 40 defences, each a
build of the tests; a run that was interrupted goes on where it was. Needs git, cargo and python3.

  --list         only print the defences and their tests
  --only TEXT    the defences with this in their name (with --list too)
  --report FILE  the report (default docs/reports/defences-DATE.md)
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
options=(--root "$root")
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --list) options+=("$1") ;;
    --only) options+=(--only "${2:?--only wants a text}") && shift ;;
    --report) options+=(--report "${2:?--report wants a file}") && shift ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done

# shellcheck source=scripts/env.sh
. "$root/scripts/env.sh"
exec python3 "$root/scripts/defences.py" "${options[@]}"
