#!/usr/bin/env bash
# Four validators on loopback, one of them away for a while, and a report on how coherent they were. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: QC_NODE=…/release/qc-node scripts/field-network.sh [--folder FOLDER] [--out FOLDER] [--port N] [--help]

Starts the four validators of the preset `local` on loopback, each with its own base path. They run 50 epochs from genesis;
then one is stopped (SIGTERM) for 20 epochs and started again; then they run until Ĉ ≥ 0.97, the entropy rate ≤ 0.002 and
H ≥ 0.98 hold again, or for 50 epochs. Every epoch is read from the running chain, computed again in Python from the raw
inputs in its state, and printed. Writes docs/reports/field-network-DATE.md with a table (.csv) and plots (.svg).

  --folder FOLDER   where data, logs and the epochs read (epochs.jsonl) go; has to be empty or new (default: a new one in
                    TMPDIR). Logs and epochs are kept, databases are removed at the end
  --out FOLDER      where the report goes (docs/reports)
  --port N          the first of eight ports: four for JSON-RPC, four for peers (21000)

EPOCHS_BEFORE (50), EPOCHS_AWAY (20), EPOCHS_AFTER (50, at most), TAIL (3: so many epochs running must the targets hold at
the end) and AWAY (dave; alice is the one that is asked) can be set.
About 45 minutes, with little work for the processor. Needs python3. Ctrl-C stops the nodes. Ends with 1 if a target was
missed or a figure is not the formula's; the report is written nevertheless.
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder='' out=$root/docs/reports port=21000
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --folder) folder=${2:?--folder wants a folder} ;;
    --out) out=${2:?--out wants a folder} ;;
    --port) port=${2:?--port wants a number} ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done

die() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

before=${EPOCHS_BEFORE:-50} away=${EPOCHS_AWAY:-20} after=${EPOCHS_AFTER:-50} tail=${TAIL:-3} victim=${AWAY:-dave}
node=${QC_NODE:?name the release build of the node}
[ -x "$node" ] || die "$node is not there"
names=(alice bob charlie dave)
case "$victim" in
  bob | charlie | dave) ;;
  *) die "$victim cannot be away: bob, charlie or dave can" ;;
esac
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
else
  mkdir -p "$folder"
  [ -z "$(ls -A "$folder")" ] || die "$folder is not empty: every run begins with genesis"
fi
data=$folder/epochs.jsonl

declare -A pids=()
# stop NAME: asks the node to end, and waits until it has.
stop() {
  local pid=${pids[$1]:-}
  [ -n "$pid" ] || return 0
  unset "pids[$1]"
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}
finish() {
  status=$?
  trap - EXIT INT TERM
  for name in "${!pids[@]}"; do kill -TERM "${pids[$name]}" 2>/dev/null || true; done
  for name in "${!pids[@]}"; do stop "$name"; done
  rm -rf "$folder/base"
  echo "logs and epochs: $folder" >&2
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A node's network key is known beforehand (a number), so that the others can be told where it is.
key() { printf '%064x' "$1"; }
peer() {
  key "$1" >"$folder/node-key-$1"
  "$node" key inspect-node-key --file "$folder/node-key-$1" 2>/dev/null
}
first="/ip4/127.0.0.1/tcp/$((port + 4))/p2p/$(peer 1)"
second="/ip4/127.0.0.1/tcp/$((port + 5))/p2p/$(peer 2)"

# start NUMBER: starts the validator of that number, from 0, with what its base path holds.
start() {
  local name=${names[$1]} pruning=()
  # The one that is asked keeps every state: an epoch is read in that of its boundary block.
  [ "$1" -ne 0 ] || pruning=(--state-pruning archive --blocks-pruning archive)
  "$node" --chain local "--$name" --base-path "$folder/base/$name" --node-key "$(key $(($1 + 1)))" \
    --rpc-port $((port + $1)) --listen-addr "/ip4/127.0.0.1/tcp/$((port + 4 + $1))" --bootnodes "$first" "$second" \
    "${pruning[@]}" --no-prometheus --no-telemetry --no-mdns --disable-log-color >>"$folder/$name.log" 2>&1 &
  pids[$name]=$!
}
# All that should run do.
alive() {
  for name in "${!pids[@]}"; do
    kill -0 "${pids[$name]}" 2>/dev/null || {
      tail -n 20 "$folder/$name.log" >&2
      die "$name ended by itself"
    }
  done
}
watch() { python3 "$root/scripts/field_network" watch --url "http://127.0.0.1:$port" --data "$data" "$@" && alive; }
event() {
  printf '{"event":"%s","who":"%s","at":"%s"}\n' "$1" "$victim" "$(date -u +%FT%TZ)" >>"$data"
  echo "==> $victim is $1"
}

for number in 0 1 2 3; do
  [ "${names[$number]}" != "$victim" ] || gone=$number
  start "$number"
done
tries=0
until grep -qs 'Running JSON-RPC server' "$folder/alice.log"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 240 ]; then
    tail -n 20 "$folder/alice.log" >&2
    die "alice does not answer"
  fi
  alive
  sleep 0.5
done
echo "==> $before epochs from genesis; logs in $folder"
failed=
watch --epochs "$before" || failed=1
if [ -z "$failed" ]; then
  stop "$victim"
  event stopped
  watch --epochs $((before + away)) || failed=1
fi
if [ -z "$failed" ]; then
  start "$gone"
  event started
  watch --epochs $((before + away + after)) --targets-from $((before + away)) --tail "$tail" || failed=1
fi
[ -s "$data" ] || die "no epoch was read"

facts=(
  "Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown); $("$node" --version 2>/dev/null || echo 'version unknown'); $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr)."
  "Command: \`EPOCHS_BEFORE=$before EPOCHS_AWAY=$away EPOCHS_AFTER=$after TAIL=$tail AWAY=$victim scripts/field-network.sh\`."
)
python3 "$root/scripts/field_network" report --data "$data" --out "$out" --day "$(date -u +%F)" \
  --fact "${facts[0]}" --fact "${facts[1]}" || failed=1
[ -z "$failed" ] || exit 1
