#!/bin/sh
# Measures what a transfer costs when the state holds 10^3, 10^4, 10^5 and 10^6 accounts: for each size a chain whose genesis
# has them, real transfers spread over all of them, and the blocks that carried them executed again, off line, REPEAT times
# each.
# Writes docs/reports/accounts-DATE.md and .svg.
#
#   QC_NODE=…/release/qc-node QC_NODE_BENCHMARK=…/qc-node-benchmark scripts/accounts-scale.sh
#
# QC_NODE_BENCHMARK is a node built with `cargo build --release -p qc-node --features benchmark`; it only executes blocks,
# with the runtime that is on the chain. QC_LOAD is qc-load; by default the one beside QC_NODE.
# SIZES ("1000 10000 100000 1000000"), COUNT (10000 transfers at each size), REPEAT (20) and OUT (docs/reports) can be set.
# Takes about ten minutes. Nothing else should be busy on the machine.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
sizes=${SIZES:-1000 10000 100000 1000000}
count=${COUNT:-10000}
repeat=${REPEAT:-20}
out=${OUT:-$root/docs/reports}
node=${QC_NODE:?name the release build of the node}
benchmark=${QC_NODE_BENCHMARK:?name the release build of the node with the feature benchmark}
load=${QC_LOAD:-$(dirname -- "$node")/qc-load}
for program in "$node" "$benchmark" "$load"; do
    if [ ! -x "$program" ]; then
        echo "$program is not there" >&2
        exit 1
    fi
done

folder=$(mktemp -d)
pid=
: >"$folder/log"
stop_node() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        pid=
    fi
}
finish() {
    status=$?
    trap - EXIT INT TERM
    stop_node
    if [ "$status" -ne 0 ]; then
        tail -n 30 "$folder/log" >&2
    fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$node" export-chain-spec --chain dev --raw --output "$folder/plain.json" 2>>"$folder/log"
port=$((20000 + $$ % 20000))
start_node() {
    : >"$folder/log"
    "$node" --chain "$folder/spec.json" --alice --force-authoring --unsafe-force-node-key-generation --base-path "$folder/data" --rpc-port "$port" \
        --listen-addr "/ip4/127.0.0.1/tcp/$((port + 1))" --state-pruning archive --blocks-pruning archive \
        --pool-limit 100000 --pool-kbytes 400000 --rpc-max-connections 200 --rpc-max-request-size 64 \
        --no-prometheus --no-telemetry --no-mdns --disable-log-color >"$folder/log" 2>&1 &
    pid=$!
    tries=0
    until grep -q 'Running JSON-RPC server' "$folder/log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! kill -0 "$pid" 2>/dev/null; then
            echo "$node did not start" >&2
            exit 1
        fi
        sleep 0.5
    done
    sleep 3
}

for size in $sizes; do
    senders=$((size < 2000 ? size : 2000))
    echo "$size accounts" >&2
    rm -rf "$folder/data"
    "$load" --crowd "$folder/plain.json" --population "$size" --fund 20 >"$folder/spec.json"
    start_node
    "$load" --url "ws://127.0.0.1:$port" --count "$count" --accounts "$senders" --population "$size" --fund 2 \
        --seconds-max 3600 --json >"$folder/$size.json"
    stop_node
    # The five fullest blocks that carried nothing but this load.
    python3 - "$folder/$size.json" >"$folder/blocks" <<'PY'
import json, sys
rows = json.load(open(sys.argv[1]))["blocks"]
for row in sorted(rows, key=lambda row: -row["ours"])[:5]:
    print(row["height"], row["ours"])
PY
    while read -r number ours; do
        "$benchmark" benchmark block --chain "$folder/spec.json" --base-path "$folder/data" --state-pruning archive \
            --from "$number" --to "$number" --repeat "$repeat" >"$folder/measured" 2>&1
        nanoseconds=$(sed -n -E 's/.*Block .* tx used .*\( *([0-9,]+) of .*/\1/p' "$folder/measured" | tr -d ,)
        if [ -z "$nanoseconds" ]; then
            cat "$folder/measured" >&2
            exit 1
        fi
        echo "$size,$ours,$nanoseconds" >>"$folder/samples.csv"
    done <"$folder/blocks"
done

mkdir -p "$out"
day=$(date +%Y-%m-%d)
report="$out/accounts-$day.md"
{
    echo "# A transfer and the number of accounts, $day"
    echo
    echo "For each size a development chain whose genesis holds as many accounts more: $count classical FLX transfers from at most"
    echo "2,000 senders to receivers spread over all of them. Then the five fullest blocks are executed again off line on the same state, $repeat times"
    echo "each: the time is the runtime's alone (signature, checks, dispatch, trie reads and the state root), without network,"
    echo "pool and writing to disk; inherents and the end of the block are shared out over the transfers."
    echo
    echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)."
    echo "* Command: \`SIZES=\"$sizes\" COUNT=$count REPEAT=$repeat scripts/accounts-scale.sh\`"
    echo
    "$load" --growth "$folder/samples.csv" --svg "$out/accounts-$day.svg"
    echo
    echo "![microseconds a transfer by accounts](accounts-$day.svg)"
} >"$report"
echo "$report" >&2
