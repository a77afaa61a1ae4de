#!/usr/bin/env bash
# Follows the operators' pages literally, on this one machine: the genesis ceremony to a chain that finalises, a validator from
# nothing, its moving, a public RPC node. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: tests/operators/run.sh [--keep] [--no-machines] [--report FILE] [--help]

Runs the blocks marked `sh follow` of docs/operators/{ceremony,validator,public-rpc}.md with the qc and qc-node of the
development build in $CARGO_TARGET_DIR or target/ (or those of QC_BUILD), and the blob that was built with them (or RUNTIME).
The last line is 'N passed, N failed[, N skipped]'; pages of which nothing was followed are named before it.

With QC_MACHINES=1, as root on Linux, everything happens in namespaces: the founders and the first validators share one with a loopback of its own,
and nora, fresh, rpc are machines with systemd as their first process and roots of their own (machine.sh), joined by a bridge to nowhere else.
Nothing is installed, no user is made, no rule is set outside of them. Where that is not to be had, it is an error. Without
QC_MACHINES=1 the ceremony runs on free ports of 127.0.0.1, and what needs a machine is skipped and said to be.

  --keep          leave the folder with logs and files, and say where it is (kept after a failure as well)
  --no-machines   as if there were no QC_MACHINES
  --report FILE   what was run, when, on what machine, in Markdown; written if nothing failed

Needs bash, curl, jq, openssl, Python 3, Node.js; for the machines systemd, and nginx and nft for what they serve.
HELP
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
arguments=("$@") keep='' with_machines=1 report=''
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) keep=1 ;;
    --no-machines) with_machines='' ;;
    --report) report=$(realpath "${2:?--report wants a file}") && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

build=${QC_BUILD:-${CARGO_TARGET_DIR:-$root/target}/debug}
# The blob as it goes into a chain spec: compressed, where the profile compresses it.
runtime=${RUNTIME:-}
for kind in .compact.compressed .compact ''; do
  [ -n "$runtime" ] || [ ! -f "$build/wbuild/qc-runtime/qc_runtime$kind.wasm" ] ||
    runtime=$build/wbuild/qc-runtime/qc_runtime$kind.wasm
done
runtime=${runtime:-$build/wbuild/qc-runtime/qc_runtime.wasm}
for file in "$build/qc" "$build/qc-node" "$runtime"; do
  [ -f "$file" ] || { echo "not built: $file (cargo build --workspace)" >&2 && exit 1; }
done

# Names and addresses of the machines; the rest lives at the bridge's own address.
bridge=10.16.18.1
machines=(nora:10.16.18.11 fresh:10.16.18.12 rpc:10.16.18.13)
founding=(ivy jon kim lea)

can_have_machines() {
  [ "$(uname)" = Linux ] && [ "$(id -u)" -eq 0 ] && [ -x /lib/systemd/systemd ] &&
    unshare --mount --net --uts --ipc --pid --cgroup --fork --mount-proc ip link add qc type bridge >/dev/null 2>&1
}

if [ -z "${QC_OPERATORS_INSIDE:-}" ]; then
  # The parts that the pages rest on, first: they take seconds.
  python3 -m unittest discover --start-directory "$here" --quiet
  if [ -n "$with_machines" ] && [ -n "${QC_MACHINES:-}" ]; then
    can_have_machines || { echo "QC_MACHINES=1 needs root on Linux, systemd, and namespaces with a bridge" >&2 && exit 1; }
    QC_OPERATORS_INSIDE=1 exec unshare --mount --net --uts --pid --fork --mount-proc --kill-child=TERM "$0" "${arguments[@]}"
  fi
fi

# Not below /tmp: a machine, which sees this folder at the same place, empties its own /tmp when it starts.
folder=$(mktemp -d /var/tmp/qc-operators.XXXXXX)
run=$folder/run
mkdir -m 700 "$run"
groups=() follower=

finish() {
  local code=$? group
  trap - EXIT INT TERM
  # It ends what it started when it is asked to.
  [ -z "$follower" ] || { kill "$follower" && wait "$follower"; } 2>/dev/null || true
  # shellcheck disable=SC2046 # one word for each process
  kill -KILL $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  for group in "${groups[@]}"; do
    for _ in $(seq 20); do
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ -d "$group" ] || break
      sleep 0.1
    done
  done
  if [ -n "$keep" ] || [ "$code" -ne 0 ]; then
    echo "logs and files: $folder" >&2
  else
    rm -rf "$folder"
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What the test's shells have and a reader's have not: no terminal to be asked at, several nodes beside each other.
mkdir -m 700 "$folder/carry"
ln -s "$root" "$folder/source"
cat >"$run/all.env" <<ENV
SHARED=$folder/shared
SOURCE=$folder/source
RUNTIME=$runtime
EPOCH_BLOCKS=10
SURE=--yes
BACKUP=--no-backup-check
ENV
mkdir "$folder/shared" "$folder/bin"
ln -s "$build/qc" "$build/qc-node" "$folder/bin/"

# secret NAME: the password that a plain shell's script gives where a person would be asked.
secret() {
  mkdir -m 700 "$run/$1"
  (umask 077 && openssl rand -base64 24 >"$run/$1/password")
  echo "ASK='--password-file $run/$1/password'" >>"$run/$1.env"
}

free_ports() {
  python3 -c 'import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[one.getsockname()[1] for one in held])' "$1"
}

for name in coordinator ada bo cleo dag emil finn otto "${founding[@]}"; do secret "$name"; done
address=127.0.0.1
[ -z "${QC_OPERATORS_INSIDE:-}" ] || address=$bridge
ip link set lo up 2>/dev/null || true
for name in "${founding[@]}"; do
  read -r peers rpc metrics <<<"$(free_ports 3)"
  cat >>"$run/$name.env" <<ENV
QC_HOME=$run/$name/node
ADDRESS=/ip4/$address/tcp/$peers
PORTS='--listen-addr /ip4/$address/tcp/$peers --rpc-port $rpc --prometheus-port $metrics'
ASK_NODE='--pqc-password-file $run/$name/password'
QC_URL=ws://127.0.0.1:$rpc
ENV
done
grep '^QC_URL=' "$run/ivy.env" | sed 's/^/export /' >>"$run/otto.env"

# make_groups NAME: a control group for a machine in each tree that its systemd will see, with this process's future in it.
make_groups() {
  local tree line group
  while IFS=: read -r tree line; do
    [ -d "$tree" ] || continue
    group=$tree$(sed -n "s/^[0-9]*:$line://p" /proc/self/cgroup)/qc-operators-${folder##*.}-$1
    mkdir "$group"
    groups+=("$group")
  done <<TREES
$(if [ -d /sys/fs/cgroup/systemd ]; then
    echo "/sys/fs/cgroup/systemd:name=systemd"
    echo "/sys/fs/cgroup/unified:"
  else
    echo "/sys/fs/cgroup:"
  fi)
TREES
}

# start_machine NAME ADDRESS: boots it, and sets $pid to its first process.
start_machine() {
  local name=$1 before=${#groups[@]} parent
  make_groups "$name"
  (
    for group in "${groups[@]:before}"; do echo "$BASHPID" >"$group/cgroup.procs"; done
    exec unshare --mount --net --uts --ipc --pid --cgroup --fork --mount-proc --kill-child \
      "$here/machine.sh" "$name" "$2" "$folder/hosts" "$folder" "$build" "${runtime%/*}" "$root"
  ) >"$folder/$name.log" 2>&1 &
  parent=$!
  # unshare starts it when the namespaces are there.
  until pid=$(cat "/proc/$parent/task/$parent/children") && [ -n "$pid" ]; do sleep 0.05; done
  pid=${pid// /}
  ip link add "to-$name" type veth peer name eth0 netns "$pid"
  ip link set "to-$name" master qc up
  for _ in $(seq 300); do
    [ "$(nsenter --target "$pid" --all systemctl is-system-running 2>/dev/null)" != running ] || return 0
    sleep 0.2
  done
  cat "$folder/$name.log" >&2
  echo "the machine $name did not start" >&2
  exit 1
}

options=()
if [ -n "${QC_OPERATORS_INSIDE:-}" ]; then
  mount --make-rprivate /
  mount -t tmpfs -o mode=1777 qc-tmp /tmp
  ip link add qc type bridge
  ip address add "$bridge/24" dev qc
  ip link set qc up
  {
    printf '127.0.0.1 localhost\n'
    for machine in "${machines[@]}"; do printf '%s %s %s.example.org\n' "${machine#*:}" "${machine%:*}" "${machine%:*}"; done
  } >"$folder/hosts"
  mount --bind "$folder/hosts" /etc/hosts
  for machine in "${machines[@]}"; do
    name=${machine%:*}
    cat >"$run/$name.env" <<ENV
GENESIS=$folder/shared
BUILD=$build
CARRY=$folder/carry
BORDER=$folder
ASK='--password-file /etc/qc/seal.password'
ENV
    start_machine "$name" "${machine#*:}"
    options+=(--machine "$name=$pid")
  done
  echo "CERT=$folder/shared/rpc.pem" >"$run/visitor.env"
fi

# What the report says before its table.
facts() {
  printf "# The operators' pages, followed, %s\n\n" "$(date -u +%F)"
  printf '`%stests/operators/run.sh` on commit `%s`%s: the blocks of `docs/operators`, as they stand there, with the real nodes.\n\n' \
    "${QC_OPERATORS_INSIDE:+QC_MACHINES=1 }" "$(git rev-parse --short=12 HEAD)" \
    "$(git diff --quiet HEAD -- . ':!docs/reports' || echo ', with changes')"
  printf '| machine | |\n| --- | --- |\n'
  printf '| processors | %s × %s |\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
  printf '| system | %s, Linux %s, %s |\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(uname -r)" \
    "$(/lib/systemd/systemd --version 2>/dev/null | head -n 1)"
  printf '| node | `%s` |\n\n' "$("$build/qc-node" --version)"
}

cd "$root"
[ -z "$report" ] || { facts >"$folder/report.md" && options+=(--table "$folder/report.md"); }
# Waited for, not run: so a signal is heard while the pages are followed.
PATH="$folder/bin:$PATH" python3 "$here/follow.py" --run "$run" "${options[@]}" \
  tests/operators/borders.md docs/operators/ceremony.md docs/operators/validator.md docs/operators/public-rpc.md &
follower=$!
wait "$follower"
[ -z "$report" ] || cp "$folder/report.md" "$report"
