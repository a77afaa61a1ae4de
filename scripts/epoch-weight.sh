#!/usr/bin/env bash
# What the end of an epoch weighs at its worst, as a share of a block. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/epoch-weight.sh [--weights FOLDER] [--out FOLDER] [--help]

Adds up the weights of all steps of runtime/src/epoch.rs at the worst case (100 validators, 50 shards of degree 10, 1,000
participants who all acted), as a share of a block's 2 s; and what one more of each adds. Runs no benchmark: it reads what
scripts/weights.sh has measured. Writes docs/reports/epoch-weight-DATE.md and its plots, and ends with 1 if it is more than
5 %. Needs python3.

  --weights FOLDER  the generated weights (runtime/src/weights)
  --out FOLDER      where the report goes (docs/reports)
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
weights=$root/runtime/src/weights out=$root/docs/reports
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --weights) weights=${2:?--weights wants a folder} ;;
    --out) out=${2:?--out wants a folder} ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done

exec python3 "$root/scripts/epoch_weight.py" --weights "$weights" --epoch "$root/runtime/src/epoch.rs" --out "$out" \
  --day "$(date -u +%F)" \
  --fact "Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown). Command: \`scripts/epoch-weight.sh\`."
