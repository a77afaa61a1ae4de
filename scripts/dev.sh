#!/usr/bin/env bash
# Sets the machine up, builds, and starts a chain of one validator that makes blocks. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/dev.sh [--no-setup] [--no-build] [--local] [--help] [-- NODE-OPTION...]

Sets the machine up (scripts/setup.sh), builds, and starts a development chain: one validator, a block every 2 s,
prefunded accounts, JSON-RPC at ws://127.0.0.1:9944. Stop it with Ctrl-C. The chain is new at every start, unless a
--base-path is given after --.

  --no-setup   the machine is set up already
  --no-build   start the node that was built last
  --local      four validators instead (ports 9944 to 9947), on loopback; their logs are written to files
  --           what follows goes to the node (to each of the four), for instance: -- --rpc-port 9955
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

if [ "$local" -eq 0 ]; then
  step "dev chain: connect a wallet to ws://127.0.0.1:9944, stop with Ctrl-C"
  exec "$node" --dev "$@"
fi

base=$(mktemp -d "${TMPDIR:-/tmp}/qc-local.XXXXXX")
pids=()
stop() {
  [ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait || true
  rm -rf "$base"
}
trap stop EXIT
trap 'exit 130' INT TERM

step "local network: four validators, RPC at ws://127.0.0.1:9944 to 9947, logs in $base, stop with Ctrl-C"
names=(alice bob charlie dave)
# Alice is the one that the others are told of; her peer id follows from her node key.
alice_key=0000000000000000000000000000000000000000000000000000000000000001
alice_id=12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp
for i in 0 1 2 3; do
  options=(--chain local "--${names[i]}" --base-path "$base/${names[i]}" --port "$((30333 + i))" --rpc-port "$((9944 + i))"
    --no-prometheus --listen-addr "/ip4/127.0.0.1/tcp/$((30333 + i))" --no-mdns --allow-private-ip)
  if [ "$i" -eq 0 ]; then
    options+=(--node-key "$alice_key")
  else
    options+=(--bootnodes "/ip4/127.0.0.1/tcp/30333/p2p/$alice_id" --unsafe-force-node-key-generation)
  fi
  "$node" "${options[@]}" "$@" >"$base/${names[i]}.log" 2>&1 &
  pids+=("$!")
done
tail -n +1 -F "$base/alice.log" &
pids+=("$!")
wait -n "${pids[@]}" || true
warn "a node has stopped; so do the others"
tail -n 20 "$base"/*.log
