#!/bin/sh
# Starts a development node and lets Polkadot-JS API and PAPI do with it what wallets do, and a telemetry server listen to it.
# Ends with node:test's summary.
#
#   tests/wallet/run.sh
#
# The node is $QC_NODE, or qc-node of the development build in $CARGO_TARGET_DIR or target/.
# Needs Node.js 20 or later and npm (packages as package-lock.json has them).
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
node=${QC_NODE:-${CARGO_TARGET_DIR:-$here/../../target}/debug/qc-node}
if [ ! -x "$node" ]; then
    echo "no node at $node: build it with 'cargo build -p qc-node', or name one in QC_NODE" >&2
    exit 1
fi

cd "$here"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

folder=$(mktemp -d)
pid=
: >"$folder/log"
finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    if [ "$status" -ne 0 ] && [ -f "$folder/log" ]; then
        echo "--- end of the node's log ---" >&2
        tail -n 40 "$folder/log" >&2
    fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}
rpc_port=$(free_port)
telemetry_port=$(free_port)
"$node" --dev --base-path "$folder/data" --rpc-port "$rpc_port" --listen-addr "/ip4/127.0.0.1/tcp/$(free_port)" \
    --telemetry-url "ws://127.0.0.1:$telemetry_port 0" --no-prometheus --no-mdns --disable-log-color >"$folder/log" 2>&1 &
pid=$!

tries=0
until grep -q 'Running JSON-RPC server' "$folder/log"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 180 ] || ! kill -0 "$pid" 2>/dev/null; then
        echo "the node did not start" >&2
        exit 1
    fi
    sleep 0.5
done

QC_URL="ws://127.0.0.1:$rpc_port" QC_TELEMETRY_PORT=$telemetry_port npm test --silent
