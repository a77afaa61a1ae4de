#!/bin/sh
# Measures our runtime against the same runtime with plain Balances: runs of both in turn, the median of each, the ratio,
# and the rate against what one core allows. Writes docs/reports/throughput-DATE.md and .svg.
#
#   QC_NODE=…/release/qc-node QC_NODE_PLAIN=…/qc-node-plain scripts/load-compare.sh
#
# QC_NODE_PLAIN is a node built with `cargo build --release -p qc-node --features plain-balances` (into another target folder,
# or copied away before the ordinary build). QC_LOAD is qc-load; by default the one beside QC_NODE.
# RUNS (5), COUNT (40000 transactions), ACCOUNTS (4000), CONNECTIONS (4) and OUT (docs/reports) can be set.
# Takes about a minute for each run of each node. Nothing else should be busy on the machine.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
count=${COUNT:-40000}
accounts=${ACCOUNTS:-4000}
connections=${CONNECTIONS:-4}
out=${OUT:-$root/docs/reports}
ours=${QC_NODE:?name the release build of the node}
plain=${QC_NODE_PLAIN:?name the release build of the node with the feature plain-balances}
load=${QC_LOAD:-$(dirname -- "$ours")/qc-load}
for program in "$ours" "$plain" "$load"; do
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
    if [ "$status" -ne 0 ] && [ -f "$folder/log" ]; then
        tail -n 30 "$folder/log" >&2
    fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# one NAME BINARY RUN: a fresh chain, one load, its report in $folder/NAME-RUN.json
one() {
    rpc_port=$((20000 + $$ % 20000))
    rm -rf "$folder/data"
    # Or the line that says that a node is up is found in the log of the one before.
    : >"$folder/log"
    "$2" --dev --base-path "$folder/data" --rpc-port "$rpc_port" --listen-addr "/ip4/127.0.0.1/tcp/$((rpc_port + 1))" \
        --pool-limit 100000 --pool-kbytes 200000 --rpc-max-connections 200 \
        --no-prometheus --no-telemetry --no-mdns --disable-log-color >"$folder/log" 2>&1 &
    pid=$!
    tries=0
    until grep -q 'Running JSON-RPC server' "$folder/log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! kill -0 "$pid" 2>/dev/null; then
            echo "$2 did not start" >&2
            exit 1
        fi
        sleep 0.5
    done
    sleep 5
    echo "run $3 of $1" >&2
    "$load" --url "ws://127.0.0.1:$rpc_port" --count "$count" --accounts "$accounts" --connections "$connections" \
        --json --svg "$folder/$1-$3.svg" >"$folder/$1-$3.json"
    stop_node
}

files_ours=
files_plain=
run=1
while [ "$run" -le "$runs" ]; do
    # Who goes first takes turns, so that neither always meets a warmer machine.
    if [ $((run % 2)) -eq 1 ]; then
        one ours "$ours" "$run"
        one plain "$plain" "$run"
    else
        one plain "$plain" "$run"
        one ours "$ours" "$run"
    fi
    files_ours="$files_ours${files_ours:+,}$folder/ours-$run.json"
    files_plain="$files_plain${files_plain:+,}$folder/plain-$run.json"
    run=$((run + 1))
done

mkdir -p "$out"
day=$(date +%Y-%m-%d)
report="$out/throughput-$day.md"
{
    echo "# Throughput, $day"
    echo
    echo "Our runtime against the same runtime with plain Balances (no meter, none of our extensions): $runs runs of each in"
    echo "turn, each on a fresh development chain with one validator, $count classical FLX transfers from $accounts accounts,"
    echo "signed ahead, sent over $connections connections from the same machine, counted in finalised blocks."
    echo
    echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)."
    echo "* Command: \`RUNS=$runs COUNT=$count ACCOUNTS=$accounts CONNECTIONS=$connections scripts/load-compare.sh\`"
    echo
    "$load" --compare "ours=$files_ours" "plain=$files_plain" --svg "$out/throughput-$day.svg"
    echo
    echo "![rates by run](throughput-$day.svg)"
    echo
    echo "The blocks of the first run of ours:"
    echo
    echo "![transactions per block](throughput-$day-blocks.svg)"
} >"$report"
cp "$folder/ours-1.svg" "$out/throughput-$day-blocks.svg"
echo "$report" >&2
