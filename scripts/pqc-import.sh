#!/bin/sh
# Measures what importing a block of ML-DSA-87 transfers takes on a second node: one that has the transactions in its pool, by
# gossip, and one that has not, because it starts when the blocks are there and fetches them. Both import the same blocks.
# Writes docs/reports/pqc-import-DATE.md.
#
#   QC_NODE=…/release/qc-node scripts/pqc-import.sh
#
# QC_LOAD is qc-load; by default the one beside QC_NODE.
# RUNS (5), COUNT (4000 transactions), RATE (250 a second, so that the machine is not busy while the first node imports),
# ACCOUNTS (500), LOOKUP (6.5 µs for a look-up of the cache, of docs/reports/pqc-bench-*.md) and OUT (docs/reports) can be set.
# Takes about a minute and a half for each run. Nothing else should be busy on the machine.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
count=${COUNT:-4000}
rate=${RATE:-250}
accounts=${ACCOUNTS:-500}
lookup=${LOOKUP:-6.5}
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
pids=
stop_nodes() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in $pids; do
        wait "$pid" 2>/dev/null || true
    done
    pids=
}
finish() {
    status=$?
    trap - EXIT INT TERM
    stop_nodes
    if [ "$status" -ne 0 ]; then
        for log in "$folder"/*.log; do
            if [ -f "$log" ]; then
                echo "== $log" >&2
                tail -n 15 "$log" >&2
            fi
        done
    fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$((20000 + $$ % 20000))
printf '%064x' 1 >"$folder/node-key"
author="/ip4/127.0.0.1/tcp/$((port + 10))/p2p/$("$node" key inspect-node-key --file "$folder/node-key" 2>/dev/null)"

# start NAME NUMBER OPTION...: a node of the development chain; its log is $folder/NAME.log, its RPC at port + NUMBER
start() {
    name=$1 place=$2
    shift 2
    rm -rf "$folder/${name:?}"
    : >"$folder/$name.log"
    "$node" --chain dev --base-path "$folder/$name" --node-key "$(printf '%064x' "$((place + 1))")" --name "$name" \
        --rpc-port "$((port + place))" --listen-addr "/ip4/127.0.0.1/tcp/$((port + 10 + place))" \
        --pool-limit 100000 --pool-kbytes 400000 --rpc-max-connections 200 --rpc-max-response-size 64 \
        --no-prometheus --no-telemetry --no-mdns --disable-log-color "$@" >"$folder/$name.log" 2>&1 &
    pid=$!
    pids="$pids $pid"
    wait_for "$name" 'Running JSON-RPC server' 60
}

# wait_for NAME PATTERN SECONDS: until the node's log has it
wait_for() {
    tries=0
    until grep -q "$2" "$folder/$1.log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt $(($3 * 2)) ]; then
            echo "$1 did not come to: $2" >&2
            exit 1
        fi
        sleep 0.5
    done
}

run=1
while [ "$run" -le "$runs" ]; do
    echo "run $run: transactions in the pool" >&2
    start author 0 --alice --force-authoring
    start seen 1 --bootnodes "$author" -lverify-ahead=debug
    wait_for seen 'Imported #' 60
    "$load" --url "ws://127.0.0.1:$port" --kind ml-dsa-transfer --count "$count" --accounts "$accounts" --rate "$rate" \
        --seconds-max 600 --json >"$folder/load-$run.json"
    last=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["blocks"][-1]["height"])' "$folder/load-$run.json")
    wait_for seen "block $last: .*imported in" 60
    cp "$folder/seen.log" "$folder/seen-$run.txt"
    kill "$pid"
    wait "$pid" 2>/dev/null || true

    echo "run $run: transactions never seen" >&2
    start unseen 2 --bootnodes "$author" -lverify-ahead=debug
    wait_for unseen "block $last: .*imported in" 300
    cp "$folder/unseen.log" "$folder/unseen-$run.txt"
    stop_nodes
    run=$((run + 1))
done

mkdir -p "$out"
day=$(date +%Y-%m-%d)
report="$out/pqc-import-$day.md"
{
    echo "# Importing blocks with post-quantum signatures, $day"
    echo
    echo "A node of a development chain makes blocks of FLX transfers that ML-DSA-87 keys authorise; others import them. *In the"
    echo "pool*: the node was connected all the time and had the transactions by gossip. *Never seen*: the node started when the"
    echo "blocks were there, and fetched them. The same blocks in both; all on one machine, which had little else to do: $rate"
    echo "transactions a second came in while the first node imported, none while the second did."
    echo
    echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr)."
    echo "* Command: \`RUNS=$runs COUNT=$count RATE=$rate ACCOUNTS=$accounts LOOKUP=$lookup scripts/pqc-import.sh\`"
    echo
    python3 - "$folder" "$runs" "$lookup" <<'PY'
import json, pathlib, re, statistics, sys

folder, runs, lookup = pathlib.Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
AHEAD = re.compile(
    r"block (\d+): (\d+) signatures, (\d+) known from the pool, (\d+) verified ahead on (\d+) of (\d+) threads in (\d+) µs"
    r" \(asking (\d+) µs, verifying (\d+) µs, busy (\d+) µs\)"
)
IMPORTED = re.compile(
    r"block (\d+): (\d+) transactions imported in (\d+) µs \(signatures from the cache (\d+), verified (\d+)\)"
)


class Block:
    def __init__(self, ahead, imported):
        (_, self.signed, self.pooled, self.verified, self.used, self.threads, self.ahead, self.asking, self.verifying,
         self.busy) = ahead
        _, self.transactions, self.imported, self.hits, self.misses = imported
        # Ahead, and the look-up that executing the block does for each.
        self.signatures = self.ahead + self.signed * lookup
        self.total = self.ahead + self.imported


def blocks(name, run, heights):
    text = (folder / f"{name}-{run}.txt").read_text()
    ahead = {int(m[1]): [int(part) for part in m.groups()] for m in AHEAD.finditer(text)}
    imported = {int(m[1]): [int(part) for part in m.groups()] for m in IMPORTED.finditer(text)}
    return {height: Block(ahead[height], imported[height]) for height in heights if height in ahead and height in imported}


def middle(blocks, value):
    return statistics.median([value(block) for block in blocks])


print("| transactions | run | blocks | signatures | known from the pool | verified ahead | threads | ahead, µs a block "
      "| verifying, µs a block | cores at work | signatures, µs each | import in all, µs each | cache: found, verified |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
medians = {"seen": [], "unseen": []}
left_out = {"seen": 0, "unseen": 0}
for run in range(1, runs + 1):
    rows = json.loads((folder / f"load-{run}.json").read_text())["blocks"]
    heights = [row["height"] for row in rows if row["ours"] > 0]
    both = {name: blocks(name, run, heights) for name in medians}
    for name, words in (("seen", "in the pool"), ("unseen", "never seen")):
        found = list(both[name].values())
        known = (lambda block: block.pooled == block.signed) if name == "seen" else (lambda block: block.pooled == 0)
        kept = [block for block in found if known(block)]
        left_out[name] += len(heights) - len(kept)
        if not kept:
            raise SystemExit(f"run {run}: no block with all transactions {words}")
        each = middle(kept, lambda block: block.signatures / block.signed)
        total = middle(kept, lambda block: block.total / block.transactions)
        ahead = middle(kept, lambda block: block.ahead / block.signed)
        verifying = [block for block in kept if block.verifying > 0]
        cores = middle(verifying, lambda block: block.busy / block.verifying) if verifying else 0.0
        medians[name].append((each, total, ahead, cores, middle(kept, lambda block: block.signatures)))
        print(f"| {words} | {run} | {len(kept)} | {sum(b.signed for b in kept)} | {sum(b.pooled for b in kept)} "
              f"| {sum(b.verified for b in kept)} | {max(b.used for b in kept)} of {kept[0].threads} "
              f"| {middle(kept, lambda b: b.ahead):.0f} | {middle(kept, lambda b: b.verifying):.0f} | {cores:.2f} "
              f"| {each:.1f} | {total:.1f} | {sum(b.hits for b in kept)}, {sum(b.misses for b in kept)} |")


def over_runs(name, place):
    return statistics.median([run[place] for run in medians[name]])


print()
print(f"Medians of the {runs} runs, each the median of its blocks:")
print()
print("| | in the pool | never seen | ratio |")
print("| --- | --- | --- | --- |")
for words, place in (
    ("signatures, µs a block (ahead, and the look-ups)", 4),
    ("signatures, µs each (ahead, and the look-up)", 0),
    ("of it ahead of execution, µs each", 2),
    ("import in all, µs a transaction", 1),
):
    seen, unseen = over_runs("seen", place), over_runs("unseen", place)
    print(f"| {words} | {seen:.1f} | {unseen:.1f} | **{unseen / seen:.2f}** |")
print()
print(f"* Signature time: what goes on before the block is executed (asking the pool and the runtime, and verifying), and {lookup} µs "
      "for the look-up that executing the block does for each signature, in both cases (`pqc-bench`: *verify cached*). Import in "
      "all: that and the execution, the state root and the database.")
print(f"* Cores at work while unseen signatures are verified: **{over_runs('unseen', 3):.2f}** (the verifications' times added up, "
      "over the time from the first to the last of a block).")
print("* The cache's counts are of the whole process: the pool's own verifications fall into them where it is at work.")
print(f"* Blocks left out because the pool had only some of their transactions: {left_out['seen']} of those in the pool, "
      f"{left_out['unseen']} of those never seen.")
PY
} >"$report"
echo "$report" >&2
