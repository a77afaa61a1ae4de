# shellcheck shell=bash
# What every build of this repository needs in its environment. To be sourced, by the scripts and by you:
#
#     . scripts/env.sh && cargo build --workspace --all-targets
#
# What scripts/setup.sh found out about this machine is read from $QC_CACHE/machine.env.

QC_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd)
export QC_ROOT

# Everything that the scripts keep on this machine (tools, target folder, logs) is below one folder, outside the clone.
export QC_CACHE="${QC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/quantum-currency}"
export QC_TOOLS="${QC_TOOLS:-$QC_CACHE/tools}"

# One target folder for every clone and every script, so that nothing compiles twice (docs/decisions/0003).
export CARGO_TARGET_DIR="${QC_TARGET_DIR:-${CARGO_TARGET_DIR:-$QC_CACHE/target}}"

# Cargo knows our crates by their place in the workspace and the times of their files, not by the clone: what another clone
# built there after these files were written would be taken for theirs. So they are newer wherever the clone changes.
if [ "$(cat "$CARGO_TARGET_DIR/.clone" 2>/dev/null)" != "$QC_ROOT" ] && git -C "$QC_ROOT" rev-parse --git-dir >/dev/null 2>&1; then
  mkdir -p "$CARGO_TARGET_DIR"
  git -C "$QC_ROOT" ls-files -z | (cd "$QC_ROOT" && xargs -0 touch -c -h)
  printf '%s\n' "$QC_ROOT" >"$CARGO_TARGET_DIR/.clone"
fi

# The target folder is not below the workspace, and from there substrate-wasm-builder would not find Cargo.lock: the blob
# would be built from whatever versions are newest that day.
export WASM_BUILD_WORKSPACE_HINT="$QC_ROOT"

# Also for how a tool chain is chosen: nothing that cargo starts may try to download one.
export RUSTUP_AUTO_INSTALL=0

for qc_dir in "${CARGO_HOME:-$HOME/.cargo}/bin" "$QC_TOOLS/bin"; do
  case ":$PATH:" in
    *":$qc_dir:"*) ;;
    *) PATH="$qc_dir:$PATH" ;;
  esac
done
unset qc_dir
export PATH

if [ -f "$QC_CACHE/machine.env" ]; then
  # shellcheck source=/dev/null
  . "$QC_CACHE/machine.env"
fi
