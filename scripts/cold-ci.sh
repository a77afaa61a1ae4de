#!/usr/bin/env bash
# Measures .ci/run on a cold machine and writes the report. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/cold-ci.sh [--keep] [--help]

Clones the committed state afresh into a temporary folder, runs .ci/run there as CI does (no standard input, CI=true,
../shared beside the clone if it is beside this one), with an empty cargo home, an empty target folder and none of the
tools that setup.sh puts below $QC_CACHE, and writes docs/reports/cold-ci-DATE.md: how long each stage took, on what
machine. rustup's tool chains and Debian's packages stay as they are. Takes an hour and 15 GB; run it when nothing else
runs.

  --keep   leave the temporary folder where it is
HELP
}

keep=0
for arg in "$@"; do
  case "$arg" in
    --keep) keep=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$arg" >&2
      exit 2
      ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
root=$(cd "$here/.." && pwd)

base=$(mktemp -d "${TMPDIR:-/tmp}/qc-cold.XXXXXX")
[ "$keep" -eq 1 ] || trap 'rm -rf "$base"' EXIT

commit=$(git -C "$root" rev-parse HEAD)
[ -z "$(git -C "$root" status --porcelain --untracked-files=no)" ] ||
  warn "there are changes that are not committed; what is measured is commit ${commit:0:12}"
git clone --quiet --no-hardlinks "$root" "$base/clone"
[ ! -d "$root/../shared" ] || ln -s "$(cd "$root/../shared" && pwd)" "$base/shared"

# rustup's programs, and nothing else of what the cargo home that is in use has installed.
mkdir -p "$base/bin"
used=${CARGO_HOME:-$HOME/.cargo}/bin
for program in rustup cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do
  ln -s "$used/$program" "$base/bin/$program"
done
PATH=$base/bin:$(printf '%s' "$PATH" | tr : '\n' | grep -vxF "$used" | paste -s -d :)
export PATH RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
export CARGO_HOME="$base/cargo" QC_CACHE="$base/cache" QC_STAGES="$base/stages" CI=true
unset CARGO_TARGET_DIR QC_TARGET_DIR QC_TOOLS WASM_BUILD_TOOLCHAIN WASM_BUILD_WORKSPACE_HINT RUSTUP_TOOLCHAIN
mkdir -p "$CARGO_HOME" "$QC_CACHE"
: >"$QC_STAGES"

day=$(date -u +%F)
load=$(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown)
began=$SECONDS code=0
(cd "$base/clone" && bash .ci/run) </dev/null >"$base/log" 2>&1 || code=$?
took=$((SECONDS - began))
tail -n 40 "$base/log"

report=$root/docs/reports/cold-ci-$day.md
{
  printf '# Cold CI, %s\n\n' "$day"
  # shellcheck disable=SC2016
  printf '`scripts/cold-ci.sh` on commit `%s`: a fresh clone, an empty cargo home, an empty target folder, no tools.\n\n' \
    "${commit:0:12}"
  if [ "$code" -eq 0 ]; then
    printf '**%d min %02d s**, everything passed (%s).\n\n' "$((took / 60))" "$((took % 60))" "$(tail -n 1 "$base/log")"
  else
    printf '**Failed** (exit code %d) after %d min %02d s.\n\n' "$code" "$((took / 60))" "$((took % 60))"
  fi
  printf '| stage | time | outcome |\n| --- | ---: | --- |\n'
  awk -F '\t' '{printf "| %s | %d:%02d | %s |\n", $1, $2 / 60, $2 % 60, $3}' "$QC_STAGES"
  printf '\n| machine | |\n| --- | --- |\n'
  printf '| processors | %s × %s |\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
  printf '| memory | %s |\n' "$(awk '/^MemTotal/ {printf "%.1f GiB", $2 / 1048576}' /proc/meminfo)"
  printf '| system | %s |\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
  printf '| compiler | %s |\n' "$(rustc --version)"
  printf '| the blob by | %s |\n' "$(if grep -q WASM_BUILD_TOOLCHAIN "$QC_CACHE/machine.env" 2>/dev/null; then
    /usr/bin/rustc --version
  else echo 'the same, by rustup'; fi)"
  printf '| load before it began | %s |\n' "$load"
  printf '| cargo home and target folder after it | %s, %s |\n' "$(du -sh "$CARGO_HOME" | cut -f 1)" \
    "$(du -sh "$QC_CACHE/target" 2>/dev/null | cut -f 1)"
} >"$report"
say "Written: $report"
exit "$code"
