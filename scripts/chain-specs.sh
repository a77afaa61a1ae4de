#!/usr/bin/env bash
# Writes chain-specs/: the presets' chain specs without the runtime's code, and their hashes. --check compares instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'USAGE'
usage: scripts/chain-specs.sh [--check] [--node PATH]

Generates chain-specs/dev.json and chain-specs/local.json from the node's presets, with the runtime's code left out (two tool
chains do not give the same blob, the rest must be the same everywhere), and chain-specs/SHA256SUMS.

  --check      change nothing; fail if what is committed is not what the node generates
  --node PATH  the node binary (default: $QC_NODE, else debug/qc-node in the target directory)

A spec with the code in it: qc-node export-chain-spec --chain dev --raw
USAGE
}

check=false
node=${QC_NODE:-${CARGO_TARGET_DIR:-target}/debug/qc-node}
while (($#)); do
    case $1 in
        --check) check=true ;;
        --node) node=${2:?--node wants a program} && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done
[[ -x $node ]] || { echo "chain-specs: no node at $node: cargo build --workspace, or --node PATH" >&2 && exit 1; }

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for chain in dev local; do
    "$node" export-chain-spec --chain "$chain" --output "$out/full.json" >/dev/null
    python3 - "$out/full.json" "$out/$chain.json" <<'PYTHON'
import json, sys

spec = json.load(open(sys.argv[1]))
spec["genesis"]["runtimeGenesis"]["code"] = "left out: see chain-specs/README.md"
json.dump(spec, open(sys.argv[2], "w"), indent=2, sort_keys=True, ensure_ascii=False)
open(sys.argv[2], "a").write("\n")
PYTHON
done
rm "$out/full.json"
(cd "$out" && sha256sum dev.json local.json >SHA256SUMS)

if $check; then
    for file in dev.json local.json SHA256SUMS; do
        diff -u "chain-specs/$file" "$out/$file" || { echo "chain-specs: $file is not what the node generates: run scripts/chain-specs.sh" >&2 && exit 1; }
    done
    echo "chain-specs: as the node generates them"
else
    mkdir -p chain-specs && cp "$out"/* chain-specs/
    cat chain-specs/SHA256SUMS
fi
