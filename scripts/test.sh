#!/usr/bin/env bash
# Sets the machine up and runs every test. The last line is 'N passed, N failed'. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/test.sh [--no-setup] [--help]

Sets the machine up (scripts/setup.sh --tests), builds the workspace and runs every test: those of the crates (unit,
property, pallet, scenario, stateful, tidy, and those that start nodes), the wallets' in tests/wallet, the operators' pages
(tests/operators follows them literally), and the independent implementations of the mathematics, the harmonics and the genesis hash; and that
chain-specs/ is what the node generates. Prints how long each stage took, then 'N passed, N failed', and ends with an exit
code other than 0 if anything failed.

  --no-setup   the machine is set up already
HELP
}

setup=1
for arg in "$@"; do
  case "$arg" in
    --no-setup) setup=0 ;;
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
stages_begin

# close: the table and the closing line, whatever happened.
close() {
  stages_print
  tests_close
}

# give_up: for a stage that no test can do without.
give_up() {
  TESTS_FAILED=$((TESTS_FAILED + 1))
  close || true
  exit 1
}

if [ "$setup" -eq 1 ]; then stage "set up" "$here/setup.sh" --tests || give_up; fi
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$QC_ROOT"

# All targets and the whole workspace, here and below: cargo then unifies features once, and what this builds is what the
# tests, scripts/dev.sh and the checks use (docs/decisions/0002).
stage "build" cargo build --workspace --all-targets --locked || give_up
test_stage "tests of the crates" cargo test --workspace --locked --no-fail-fast || true

test_stage "chain specs" scripts/chain-specs.sh --check || true
if [ -x tests/wallet/run.sh ]; then test_stage "wallets" tests/wallet/run.sh || true; fi
test_stage "operators' pages" tests/operators/run.sh || true
if [ -x scripts/math-independent.sh ]; then test_stage "independent mathematics" scripts/math-independent.sh || true; fi
for part in field attunement sync; do
  test_stage "independent $part" "primitives/harmonics/independent/$part/check.sh" || true
done
test_stage "independent genesis" primitives/genesis/independent/check.sh || true

close
