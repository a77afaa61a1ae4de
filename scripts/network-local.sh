#!/bin/sh
# Four validators on this machine, on loopback only, until Ctrl-C. Their logs and data are in DIR (a temporary folder that is
# removed at the end, or the first argument, which is kept and taken up again).
#
#   scripts/network-local.sh [DIR]
#
# The node is $QC_NODE, or qc-node of the development build in $CARGO_TARGET_DIR or target/. JSON-RPC is on ports 9944 to 9947.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
node=${QC_NODE:-${CARGO_TARGET_DIR:-$root/target}/debug/qc-node}
if [ ! -x "$node" ]; then
    echo "no node at $node: build it with 'cargo build -p qc-node', or name one in QC_NODE" >&2
    exit 1
fi
if [ $# -ge 1 ]; then
    folder=$1
    mkdir -p "$folder"
    remove=
else
    folder=$(mktemp -d)
    remove=$folder
fi

pids=
finish() {
    trap - EXIT INT TERM
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
    done
    wait
    if [ -n "$remove" ]; then
        rm -rf "$remove"
    fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A node's network key is known beforehand (a number), so that the others can be told where it is.
key() {
    printf '%064x' "$1"
}
peer() {
    key "$1" >"$folder/node-key-$1"
    "$node" key inspect-node-key --file "$folder/node-key-$1" 2>/dev/null
}
first="/ip4/127.0.0.1/tcp/30333/p2p/$(peer 1)"
second="/ip4/127.0.0.1/tcp/30334/p2p/$(peer 2)"

number=1
for name in alice bob charlie dave; do
    rpc_port=$((9943 + number))
    "$node" --chain local "--$name" --base-path "$folder/$name" --node-key "$(key $number)" \
        --rpc-port "$rpc_port" --listen-addr "/ip4/127.0.0.1/tcp/$((30332 + number))" \
        --bootnodes "$first" "$second" --no-prometheus --no-telemetry --no-mdns >"$folder/$name.log" 2>&1 &
    pids="$pids $!"
    echo "$name: ws://127.0.0.1:$rpc_port, log $folder/$name.log"
    number=$((number + 1))
done
echo "Ctrl-C stops all four."
wait
