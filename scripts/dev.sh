#!/usr/bin/env bash
# Sets the machine up, builds, and starts a chain of one validator that makes blocks. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/dev.sh [--no-setup] [--no-build] [--help] [-- NODE-OPTION...]
       scripts/dev.sh [--no-setup] [--no-build] --local [-- FOLDER]

Sets the machine up (scripts/setup.sh), builds, and starts a development chain: one validator, a block every 2 s,
prefunded accounts, JSON-RPC at ws://127.0.0.1:9944. Stop it with Ctrl-C. The chain is new at every start, unless a
--base-path is given after --.

  --no-setup   the machine is set up already
  --no-build   start the node that was built last
  --local      four validators instead (scripts/network-local.sh), JSON-RPC at ports 9944 to 9947
  --           what follows goes to the node, for instance: -- --rpc-port 9955; with --local, the folder that is kept
HELP
}

setup=1 build=1 local=0
while [ "$#" -gt 0 ]; do
  case "$1" in
    --no-setup) setup=0 ;;
    --no-build) build=0 ;;
    --local) local=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"

if [ "$setup" -eq 1 ]; then
  step "set up"
  "$here/setup.sh"
fi
# shellcheck source=scripts/env.sh
. "$here/env.sh"
cd "$QC_ROOT"

if [ "$build" -eq 1 ]; then
  step "build (the first time about a quarter of an hour on two cores)"
  # The same units as scripts/test.sh builds: either command leaves nothing for the other to build again.
  cargo build --workspace --all-targets --locked
fi

node=$CARGO_TARGET_DIR/debug/qc-node
[ -x "$node" ] || die "there is no $node; run this without --no-build"

if [ "$local" -eq 1 ]; then
  step "local network: four validators; stop with Ctrl-C"
  QC_NODE=$node exec "$here/network-local.sh" "$@"
fi
step "dev chain: connect a wallet to ws://127.0.0.1:9944, stop with Ctrl-C"
exec "$node" --dev "$@"
