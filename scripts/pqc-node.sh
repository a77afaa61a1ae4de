#!/bin/sh
# Measures, on a running release node, what a post-quantum key and its transactions cost: microseconds to validate a
# transaction whose signature the node's cache knows or does not know, bytes of a transaction, bytes of state and the deposit.
# Writes docs/reports/pqc-node-DATE.md.
#
#   QC_NODE=…/release/qc-node scripts/pqc-node.sh
#
# QC_LOAD is qc-load; by default the one beside QC_NODE.
# RUNS (5), COUNT (400 transactions of each kind in a run) and OUT (docs/reports) can be set.
# Takes about half a minute for each run. Nothing else should be busy on the machine.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
count=${COUNT:-400}
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
    if [ "$status" -ne 0 ]; then
        tail -n 30 "$folder/log" >&2
    fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$((20000 + $$ % 20000))
run=1
while [ "$run" -le "$runs" ]; do
    echo "run $run" >&2
    rm -rf "$folder/data"
    : >"$folder/log"
    "$node" --dev --base-path "$folder/data" --rpc-port "$port" --listen-addr "/ip4/127.0.0.1/tcp/$((port + 1))" \
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
    "$load" --url "ws://127.0.0.1:$port" --key-figures "$count" >"$folder/$run.json"
    stop_node
    run=$((run + 1))
done

mkdir -p "$out"
day=$(date +%Y-%m-%d)
report="$out/pqc-node-$day.md"
{
    echo "# A post-quantum key on a node, $day"
    echo
    echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $(nproc) cores," \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr)."
    echo "* Command: \`RUNS=$runs COUNT=$count scripts/pqc-node.sh\`, each run on a fresh development chain."
    echo
    python3 - "$folder" "$runs" <<'PY'
import json, pathlib, statistics, sys

folder, runs = pathlib.Path(sys.argv[1]), int(sys.argv[2])
all_runs = [json.loads((folder / f"{run}.json").read_text()) for run in range(1, runs + 1)]
first = all_runs[0]


def times(name):
    return [run["microseconds"][name] for run in all_runs]


def row(what, values):
    print(f"| {what} | {statistics.median(values):.1f} | {min(values):.1f} | {max(values):.1f} |")


print("## Time in the node")
print()
print("The runtime's `validate_transaction`, in the node's Wasm executor, by `state_call` one after the other: everything that the")
print("pool does for a transaction, and the call itself. In each run the median of all transactions; here the median of the runs.")
print("A second call on the same transaction differs from the first by the cache alone, so their difference is a verification")
print("less a look-up, as the runtime sees it through the host function. A false signature is verified to its end each time.")
print()
print("| µs | median | lowest | highest |")
print("| --- | --- | --- | --- |")
row("ML-DSA-87, cold: signature not in the cache", times("ml_dsa_cold"))
row("ML-DSA-87, cached: the same transaction again", times("ml_dsa_cached"))
row("ML-DSA-87, false signature", times("ml_dsa_wrong"))
row("classical (sr25519), the same transfer", times("classical"))
row("the call itself: `Core_version`", times("nothing"))
saved = [cold - cached for cold, cached in zip(times("ml_dsa_cold"), times("ml_dsa_cached"))]
row("**cold less cached: what the cache saves**", saved)
classical = [cached - plain for cached, plain in zip(times("ml_dsa_cached"), times("classical"))]
row("cached less classical", classical)
print()
print("Verifying, signing and making keys natively: `pqc-bench-DATE.md`. What the runtime charges for a verification is measured")
print("in Wasm with a false signature, as if nothing were cached: `authorise` in `runtime/src/weights/pallet_key_ledger.rs`.")
print()
print("## Bytes on the wire")
print()
print("| transaction | bytes, length prefix included |")
print("| --- | --- |")
print(f"| transfer, classical | {first['classical_bytes']} |")
print(f"| transfer, by an ML-DSA-87 key | {first['ml_dsa_bytes']} |")
print(f"| registration of a key, classical | {first['registration_bytes']} |")
print()
print("The public key travels once, when it is registered: no transfer of the runs carried any part of it (each was searched for")
print("its first 64 bytes). Every transfer has a tip, so that no two are the same; without one it is three bytes shorter.")
print()
print("## State and deposit")
print()
print("What an account's first registration added to the state (the ledger's own `Head`, one value for the chain, comes with the")
print("first registration of all):")
print()
print("| item | bytes of its key | bytes of its value |")
print("| --- | --- | --- |")
for item in first["items"]:
    print(f"| `{item['name']}` | {item['key_bytes']} | {item['value_bytes']} |")
items = [item for item in first["items"] if item["name"] != "KeyLedger.Head"]
total = sum(item["key_bytes"] + item["value_bytes"] for item in items)
print(f"| **{len(items)} items without `Head`** | | **{total}, keys included** |")
print()
flx = first["deposit"] / 10**12
print(f"Held for it: **{flx:.3f} FLX** ({first['deposit']} plancks), which is {first['deposit'] / total / 10**9:.3f} milli-FLX a byte.")
same = all(
    [run[name] for name in ("items", "deposit", "classical_bytes", "ml_dsa_bytes")]
    == [first[name] for name in ("items", "deposit", "classical_bytes", "ml_dsa_bytes")]
    for run in all_runs
)
print("Bytes and deposit were the same in every run." if same else "**Bytes or deposit differed between runs; these are the first's.**")
PY
} >"$report"
echo "$report" >&2
