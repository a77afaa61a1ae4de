#!/bin/sh
# Measures transfers that ML-DSA-87 keys authorise (version 1 transactions) against classical ones on the same node: runs of
# each in turn on fresh chains, the median of each, the ratio, and what bounds them. Then what keys do to classical transfers:
# runs on a chain whose accounts have keys, and runs of both kinds at once.
# Writes docs/reports/pqc-throughput-DATE.md and .svg.
#
#   QC_NODE=…/release/qc-node scripts/pqc-load.sh
#
# QC_LOAD is qc-load; by default the one beside QC_NODE.
# RUNS (5), COUNT (30000 classical transactions), KEY_COUNT (15000 with keys), ACCOUNTS (2000), CONNECTIONS (4) and OUT
# (docs/reports) can be set.
# Takes about five minutes for each of the RUNS. Nothing else should be busy on the machine.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
count=${COUNT:-30000}
key_count=${KEY_COUNT:-15000}
accounts=${ACCOUNTS:-2000}
connections=${CONNECTIONS:-4}
out=${OUT:-$root/docs/reports}
node=${QC_NODE:?name the release build of the node}
load=${QC_LOAD:-$(dirname -- "$node")/qc-load}
for program in "$node" "$load"; do
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

port=$((20000 + $$ % 20000))
start_node() {
    rm -rf "$folder/data"
    : >"$folder/log"
    "$node" --dev --base-path "$folder/data" --rpc-port "$port" --listen-addr "/ip4/127.0.0.1/tcp/$((port + 1))" \
        --pool-limit 100000 --pool-kbytes 400000 --rpc-max-connections 200 --rpc-max-response-size 64 \
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
    sleep 5
}

send() { # KIND COUNT FAMILY OPTION...
    kind=$1 how_many=$2 family=$3
    shift 3
    "$load" --url "ws://127.0.0.1:$port" --kind "$kind" --count "$how_many" --accounts "$accounts" --family "$family" \
        --connections "$connections" --seconds-max 600 "$@"
}

# The four kinds of runs; each on a fresh chain. Its report is $folder/NAME-RUN.json.
classical() {
    start_node
    send flx-transfer "$count" load --json --svg "$folder/classical-$1.svg" >"$folder/classical-$1.json"
}
ml_dsa() {
    start_node
    send ml-dsa-transfer "$key_count" load --json --svg "$folder/ml-dsa-$1.svg" >"$folder/ml-dsa-$1.json"
}
with_keys() {
    start_node
    send ml-dsa-transfer "$count" load --prepare
    send flx-transfer "$count" load --json >"$folder/with-keys-$1.json"
}
both() {
    start_node
    send ml-dsa-transfer "$key_count" keys --prepare
    send flx-transfer "$count" load --prepare
    send ml-dsa-transfer "$key_count" keys --json >"$folder/both-ml-dsa-$1.json" &
    other=$!
    send flx-transfer "$count" load --json >"$folder/both-classical-$1.json"
    wait "$other"
}
one() {
    echo "run $2: $1" >&2
    "$1" "$2"
    stop_node
}

list() { # NAME: its reports, with commas between
    run=1
    files=
    while [ "$run" -le "$runs" ]; do
        files="$files${files:+,}$folder/$1-$run.json"
        run=$((run + 1))
    done
    echo "$files"
}

number=1
while [ "$number" -le "$runs" ]; do
    # Who goes first takes turns, so that none always meets a warmer machine.
    if [ $((number % 2)) -eq 1 ]; then
        order='classical ml_dsa with_keys both'
    else
        order='both with_keys ml_dsa classical'
    fi
    for name in $order; do
        one "$name" "$number"
    done
    number=$((number + 1))
done

mkdir -p "$out"
day=$(date +%Y-%m-%d)
report="$out/pqc-throughput-$day.md"
{
    echo "# Throughput with post-quantum keys, $day"
    echo
    echo "FLX transfers authorised by ML-DSA-87 keys (version 1 transactions) against classical ones of the same node: $runs runs"
    echo "of each in turn, each on a fresh development chain with one validator, from $accounts accounts to each other, one transfer"
    echo "in each transaction, signed ahead, sent over $connections connections from the same machine as fast as the node takes them,"
    echo "counted in finalised blocks. Keys are registered before the clock starts. The last block of an epoch, here every tenth,"
    echo "takes no ordinary transaction; that counts against both kinds alike."
    echo
    echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr)."
    echo "* Command: \`RUNS=$runs COUNT=$count KEY_COUNT=$key_count ACCOUNTS=$accounts CONNECTIONS=$connections scripts/pqc-load.sh\`"
    echo "* Columns: *in a block*, *bytes full* and *weight full* are medians of the blocks between the first and the last; the"
    echo "  shares are of what ordinary transactions may take (80 % of 8 MiB, 80 % of 2 s). What a block's bytes allow is that"
    echo "  share over the bytes of one transaction, every two seconds."
    echo
    echo "## ML-DSA-87 and classical"
    echo
    "$load" --compare "ml-dsa=$(list ml-dsa)" "classical=$(list classical)" --svg "$out/pqc-throughput-$day.svg"
    echo
    echo "![rates by run](pqc-throughput-$day.svg)"
    echo
    echo "The blocks of the first run with keys:"
    echo
    echo "![transactions per block](pqc-throughput-$day-blocks.svg)"
    echo
    echo "## Classical transfers where keys are"
    echo
    echo "*with-keys*: classical transfers of accounts that each have a registered key, sent as before."
    echo
    "$load" --compare "with-keys=$(list with-keys)" "classical=$(list classical)"
    echo
    echo "## Both at once"
    echo
    echo "Two load programs at full speed on one chain, from different accounts. They share the node's time and its blocks, so each"
    echo "gets less than alone; the blocks' shares count what both put in."
    echo
    "$load" --compare "classical beside ml-dsa=$(list both-classical)" "ml-dsa beside classical=$(list both-ml-dsa)"
} >"$report"
cp "$folder/ml-dsa-1.svg" "$out/pqc-throughput-$day-blocks.svg"
echo "$report" >&2
