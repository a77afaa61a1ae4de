#!/usr/bin/env bash
# Builds the runtime's blob of a commit so that anybody gets the same bytes. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/reproducible-runtime.sh [COMMIT] [--check FILE] [--other | --twice] [--out DIR] [--keep] [--dry-run] [--help]

Builds the runtime's Wasm blob of a commit (default: HEAD) as it goes into a chain, and prints its SHA-256, BLAKE2b-256 and
size. Whoever runs this on x86-64 Linux gets the same bytes, so that anybody can say what source a chain's code is of:

  scripts/reproducible-runtime.sh v1.0.0               what release v1.0.0 has to be
  scripts/reproducible-runtime.sh --check FILE         whether FILE is the blob of this commit; ends with 1 if it is not
  qc chain code --compare FILE                         whether FILE is what a chain runs

What makes the bytes the same:
  * the commit: a clone of it, never the work tree; Cargo.lock as it is (--locked), crates by their checksums, no network while
    it compiles
  * the compiler: exactly the one in scripts/runtime-toolchain, by its commit. If it is missing, this says how to get it
  * the paths, since panics name source files: everything is below /var/tmp/qc-runtime-build, a cargo home of its own included
  * the profile and features: release, on-chain-release (with the metadata hash, by which hardware wallets check what they show)
  * the environment: none of yours is handed on (no RUSTFLAGS, no cargo configuration); the locale, the time zone and the date of
    the sources are set here

What may differ, as `--twice` shows: user name, host name, umask, when it was cloned, how many processors.

  COMMIT         a commit, tag or branch of this clone
  --check FILE   compare with FILE, byte by byte, and say how it differs
  --other        build under other circumstances than usual: another user's and host's name, another umask, another number of
                 processors (QC_SECOND_JOBS, default 1)
  --twice        build twice, from nothing, under different circumstances; compare; write docs/reports/reproducible-runtime-DATE.md.
                 The second build is as with --other. If only that one was stopped: --out keeps the first; --other --check it
  --out DIR      copy the blob there, and the file SHA256SUMS
  --keep         leave /var/tmp/qc-runtime-build where it is
  --dry-run      check the machine and say what would be done, without building

Needs git, rustup with the compiler of scripts/runtime-toolchain, a C and a C++ compiler (scripts/setup.sh installs them), 6 GB
and twenty minutes or more on two cores, most of them for Binaryen. docs/operators/runtime-code.md says what it is for.
HELP
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
root=$(cd "$here/.." && pwd)

readonly base=/var/tmp/qc-runtime-build
readonly blob_folder=$base/target/release/wbuild/qc-runtime
readonly blob=$blob_folder/qc_runtime.compact.compressed.wasm
readonly features=on-chain-release

wanted=HEAD check='' out='' twice=0 other=0 keep=0 dry=0
while (($#)); do
  case "$1" in
    --check | --out)
      [ $# -ge 2 ] || die "$1 wants a path"
      if [ "$1" = --check ]; then check=$2; else out=$2; fi
      shift
      ;;
    --other) other=1 ;;
    --twice) twice=1 ;;
    --keep) keep=1 ;;
    --dry-run) dry=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
    *) wanted=$1 ;;
  esac
  shift
done

# --- the compiler ----------------------------------------------------------------------------------------------------

pinned() { sed -n "s/^$1=//p" "$here/runtime-toolchain"; }

# Sets $sysroot to the tool chain that is pinned, with its target.
find_compiler() {
  local release commit host target chain verbose found
  release=$(pinned release) commit=$(pinned commit) host=$(pinned host) target=$(pinned target)
  command -v rustup >/dev/null || die "there is no rustup: https://rustup.rs, or scripts/setup.sh"
  export RUSTUP_AUTO_INSTALL=0
  sysroot=
  while read -r chain _; do
    verbose=$(rustup run "$chain" rustc -vV 2>/dev/null </dev/null) || continue
    grep -qx "commit-hash: $commit" <<<"$verbose" && grep -qx "release: $release" <<<"$verbose" || continue
    grep -qx "host: $host" <<<"$verbose" || continue
    found=$(rustup run "$chain" rustc --print sysroot)
    sysroot=$found
    [ ! -d "$found/lib/rustlib/$target" ] || break
  done < <(rustup toolchain list)
  [ -n "$sysroot" ] || die "rustc $release (commit ${commit:0:9}, for $host) is not among rustup's tool chains, and another \
compiler makes other bytes. Get it with: rustup toolchain install $release --profile minimal --target $target"
  [ -d "$sysroot/lib/rustlib/$target" ] || die "rustc $release is here, but not its target $target. Get it with: \
rustup target add $target --toolchain $release"
  compiler=$("$sysroot/bin/rustc" --version)
}

# --- the place -------------------------------------------------------------------------------------------------------

# What of other people's cargo configuration would be read on the way up from the clone.
foreign_configuration() {
  local folder
  for folder in / /var /var/tmp; do
    if [ -e "$folder/.cargo/config" ] || [ -e "$folder/.cargo/config.toml" ]; then
      die "cargo would read $folder/.cargo, which is no part of the source: move it away"
    fi
  done
}

# Nobody else's folder, and no link to somewhere else: /var/tmp is everybody's.
own_place() {
  if [ -L "$base" ] || { [ -e "$base" ] && [ ! -O "$base" ]; }; then
    die "$base is there and is not yours; whoever made it has to remove it"
  fi
}

fresh_place() {
  rm -rf "$base"
  mkdir -m 700 "$base" || die "$base cannot be made"
  mkdir "$base/home" "$base/cargo"
}

clean_up() { [ "$keep" -eq 1 ] || rm -rf "$base"; }

# --- building --------------------------------------------------------------------------------------------------------

# What of this shell's environment is needed to fetch crates, and is not handed on to the compiler.
network_environment() {
  local name
  for name in http_proxy https_proxy HTTP_PROXY HTTPS_PROXY no_proxy NO_PROXY ALL_PROXY CARGO_HTTP_PROXY CARGO_HTTP_CAINFO \
    SSL_CERT_FILE SSL_CERT_DIR; do
    [ -z "${!name:-}" ] || printf '%s=%s\n' "$name" "${!name}"
  done
}

# in_place USER COMMAND...: in the clone, with an environment that is the same everywhere but for the name of the user.
in_place() {
  local user=$1
  shift
  (
    cd "$base/source" &&
      exec env -i PATH="$sysroot/bin:/usr/local/bin:/usr/bin:/bin" HOME="$base/home" USER="$user" LOGNAME="$user" \
        CARGO_HOME="$base/cargo" CARGO_TARGET_DIR="$base/target" WASM_BUILD_WORKSPACE_HINT="$base/source" \
        CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH="$epoch" "$@"
  )
}

clone() {
  git -c core.autocrlf=false clone --quiet --no-checkout --no-hardlinks "$root" "$base/source" &&
    git -C "$base/source" -c advice.detachedHead=false checkout --quiet --detach "$commit" &&
    [ -z "$(git -C "$base/source" status --porcelain)" ]
}

# build USER UMASK JOBS [COMMAND-PREFIX...]: from nothing. How many seconds it took goes to $took.
build() {
  local user=$1 mask=$2 jobs=$3 began=$SECONDS network
  shift 3
  fresh_place
  mapfile -t network < <(network_environment)
  say "a clone, crates, then the blob (log: $base/log)"
  # `check` compiles as much natively as the runtime's build script needs, and that script builds the blob in full.
  (umask "$mask" && clone) &&
    (umask "$mask" && in_place "$user" env "${network[@]}" cargo fetch --locked) >"$base/log" 2>&1 &&
    (umask "$mask" && in_place "$user" env CARGO_NET_OFFLINE=true CARGO_BUILD_JOBS="$jobs" "$@" \
      cargo check --release --locked --package qc-runtime --features "$features") >>"$base/log" 2>&1 ||
    {
      [ ! -e "$base/log" ] || tail -n 30 "$base/log" >&2
      die "it did not build"
    }
  [ -s "$blob" ] || die "there is no blob at $blob"
  no_leaks
  took=$((SECONDS - began))
}

# No folder of this machine, or of this user, may be named in the blob: it would be another elsewhere.
no_leaks() {
  local folder
  for folder in "$HOME" "$sysroot" "${RUSTUP_HOME:-$HOME/.rustup}"; do
    if grep -aqF "$folder/" "$blob_folder/qc_runtime.compact.wasm"; then
      die "the blob names $folder, which is of this machine only: nobody else would get the same bytes"
    fi
  done
}

sha256_of() { sha256sum "$1" | cut -d ' ' -f 1; }
blake2_256_of() { b2sum -l 256 "$1" | cut -d ' ' -f 1; }
bytes_of() { stat -c %s "$1"; }

tell() {
  printf '%-13s%s\n' commit "$commit" compiler "$compiler" features "$features" size "$(bytes_of "$blob") bytes" \
    SHA-256 "0x$(sha256_of "$blob")" BLAKE2b-256 "0x$(blake2_256_of "$blob")"
}

deliver() {
  [ -n "$out" ] || return 0
  mkdir -p "$out"
  cp "$blob" "$out/"
  (cd "$out" && sha256sum "$(basename "$blob")" >SHA256SUMS)
  say "copied to $out"
}

# Whether the file that was named is the blob.
compare() {
  [ -n "$check" ] || return 0
  if cmp -s "$blob" "$check"; then
    say "$check is the runtime of this commit, byte by byte"
  elif cmp -s "$blob_folder/qc_runtime.compact.wasm" "$check"; then
    say "$check is the runtime of this commit, not compressed; chains hold the compressed one"
  else
    die "$check is not the runtime of this commit: SHA-256 0x$(sha256_of "$check") ($(bytes_of "$check") bytes) instead of \
0x$(sha256_of "$blob") ($(bytes_of "$blob") bytes). Another commit, another compiler, other features, or another source"
  fi
}

# --- twice -----------------------------------------------------------------------------------------------------------

# A row of the table: what the build was like, and what came of it.
row() {
  printf '| %s | %s | %s | %s | %s | %s | %s s | `%s` |\n' "$1" "$user" "$host" "$mask" "$jobs" "$(date -u '+%F %T')" "$took" \
    "$(sha256_of "$blob")"
}

build_as_usual() {
  user=builder host=$(uname -n) mask=022 jobs=$(nproc)
  build "$user" "$mask" "$jobs"
}

build_otherwise() {
  local other_host=()
  user=somebody-else host=$(uname -n) mask=077 jobs=${QC_SECOND_JOBS:-1}
  # Only root may have another host name for a command; elsewhere it is the same.
  if unshare --uts true 2>/dev/null; then
    host=somewhere-else
    # shellcheck disable=SC2016
    other_host=(unshare --uts sh -c 'hostname somewhere-else && exec "$@"' sh)
  fi
  build "$user" "$mask" "$jobs" "${other_host[@]}"
  say "user $user, host $host, umask $mask, jobs $jobs: done $(date -u '+%F %T') UTC, in $took s"
}

build_twice() {
  local rows=() kept
  step "first build"
  build_as_usual
  rows+=("$(row first)")
  kept=$(mktemp)
  cp "$blob" "$kept"
  deliver

  step "second build"
  build_otherwise
  rows+=("$(row second)")
  same=no
  if cmp -s "$kept" "$blob"; then same=yes; fi
  rm -f "$kept"
  report "${rows[@]}"
  [ "$same" = yes ] || die "the two builds differ"
}

report() {
  local day file
  day=$(date -u +%F)
  file=$root/docs/reports/reproducible-runtime-$day.md
  {
    printf '# The runtime, built twice, %s\n\n' "$day"
    # shellcheck disable=SC2016
    printf '`scripts/reproducible-runtime.sh %s --twice`: commit `%s`, %s, features `%s`.\n\n' "$commit" "$commit" "$compiler" \
      "$features"
    if [ "$same" = yes ]; then
      printf '**The same bytes.** What goes into a chain, `%s`:\n\n' "$(basename "$blob")"
    else
      printf '**Different bytes**; of the second build:\n\n'
    fi
    printf '| | |\n| --- | --- |\n'
    # shellcheck disable=SC2016
    printf '| SHA-256 | `0x%s` |\n| BLAKE2b-256 | `0x%s` |\n| size | %s bytes |\n' "$(sha256_of "$blob")" \
      "$(blake2_256_of "$blob")" "$(bytes_of "$blob")"
    printf '| not compressed | %s bytes |\n\n' "$(bytes_of "$blob_folder/qc_runtime.compact.wasm")"
    printf 'Each build began with an empty folder: a new clone, a new cargo home, nothing compiled.\n\n'
    printf '| build | user | host | umask | jobs | done (UTC) | took | SHA-256 |\n'
    printf '| --- | --- | --- | --- | ---: | --- | ---: | --- |\n'
    printf '%s\n' "$@"
    printf '\n| machine | |\n| --- | --- |\n'
    printf '| system | %s, Linux %s |\n' "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(uname -r)"
    printf '| processors | %s × %s |\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    printf '| C++ compiler (of Binaryen, which makes the blob smaller) | %s |\n' "$(c++ --version | head -n 1)"
    # shellcheck disable=SC2016
    printf '\nNo folder of the machine is named in the blob: `%s`, by which panics name source files, is the same everywhere.\n' \
      "$base"
  } >"$file"
  say "Written: $file"
}

# --- all of it -------------------------------------------------------------------------------------------------------

commit=$(git -C "$root" rev-parse --verify --quiet "$wanted^{commit}") || die "there is no commit $wanted in this clone"
epoch=$(git -C "$root" show -s --format=%ct "$commit")
[ -z "$check" ] || [ -f "$check" ] || die "$check is no file"
for program in git cc c++ b2sum sha256sum; do
  command -v "$program" >/dev/null || die "$program is missing: scripts/setup.sh installs what building needs"
done
find_compiler
foreign_configuration
own_place
[ "$wanted" != HEAD ] || [ -z "$(git -C "$root" status --porcelain --untracked-files=no)" ] ||
  warn "there are changes that are not committed; what is built is commit ${commit:0:12}"

say "commit ${commit:0:12}, $compiler, features $features, in $base"
if [ "$dry" -eq 1 ]; then
  say "would run, in a clean clone: cargo fetch --locked; cargo check --release --locked --package qc-runtime --features $features"
  exit 0
fi
trap clean_up EXIT
if [ "$twice" -eq 1 ]; then
  build_twice
elif [ "$other" -eq 1 ]; then
  build_otherwise
else
  build_as_usual
fi
tell
deliver
compare
