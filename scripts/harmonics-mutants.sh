#!/usr/bin/env bash
# Mutation testing of the field, the attunement and the sync. See --help.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: scripts/harmonics-mutants.sh [--output FOLDER] [--report FILE] [--jobs N] [--help] [PART...]

Runs cargo-mutants over primitives/harmonics/src/{field,attunement,sync} in a copy of the crate with a manifest of its own
(nothing in the clone is touched), each part against the tests that are about it: laws, properties, golden vectors and the
worked examples of docs/protocol. Writes a report with the mutants that survive; each has to be argued there, by hand, before
it is committed. Installs cargo-mutants with cargo if it is not there. About 780 mutants: an hour or two.

  PART              field, attunement or sync; without any, all three

  --output FOLDER   where the copy and the logs go (default: a folder below the target folder)
  --report FILE     the report (default docs/reports/harmonics-mutants-DATE.md)
  --jobs N          how many mutants at a time (1)
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
today=$(date -u +%F)
output=$target/harmonics-mutants report=$root/docs/reports/harmonics-mutants-$today.md jobs=1 parts=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --output) output=${2:?--output wants a folder} && shift ;;
    --report) report=${2:?--report wants a file} && shift ;;
    --jobs) jobs=${2:?--jobs wants a number} && shift ;;
    field | attunement | sync) parts+=("$1") ;;
    *)
      usage >&2
      printf '\nerror: %s: no such option\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done
[ "${#parts[@]}" -gt 0 ] || parts=(field attunement sync)

if ! cargo mutants --version >/dev/null 2>&1; then
  echo "==> installing cargo-mutants"
  cargo install cargo-mutants --locked
fi

copy=$output/copy
rm -rf "$output"
mkdir -p "$copy/primitives" "$copy/docs"
cp -r "$root/primitives/math" "$root/primitives/harmonics" "$copy/primitives/"
# The tests read the chapters and their examples.
cp -r "$root/docs/protocol" "$copy/docs/protocol"
cp "$root/Cargo.lock" "$copy/Cargo.lock"
# The root manifest with two members.
awk '/^members = \[/ { print "members = [\"primitives/harmonics\", \"primitives/math\"]"; skip = 1 } !skip { print } /^\]/ { skip = 0 }' \
  "$root/Cargo.toml" >"$copy/Cargo.toml"
printf '\n[profile.dev.package.qc-math]\nopt-level = 1\n' >>"$copy/Cargo.toml"

# Building takes longer than testing: what is mutated is neither optimised nor compiled whole again.
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_INCREMENTAL=true PROPTEST_CASES=${PROPTEST_CASES:-64}
export CARGO_TARGET_DIR=$target/harmonics-mutants-target
# In a place of its own for each job, if there is more than one.
place=(--in-place)
if [ "$jobs" -gt 1 ]; then
  place=(--jobs "$jobs")
  unset CARGO_TARGET_DIR
fi
started=$(date +%s)
for part in "${parts[@]}"; do
  # The tests of the field are inside the crate, those of the others beside it.
  if [ "$part" = field ]; then tests=(-C=--lib); else tests=("-C=--test=$part"); fi
  echo "==> cargo mutants over primitives/harmonics/src/$part"
  code=0
  mkdir -p "$output/$part"
  nice -n 10 cargo mutants "${place[@]}" --dir "$copy" --package qc-harmonics --no-shuffle --minimum-test-timeout 60 \
    --file "primitives/harmonics/src/$part/**" --exclude 'primitives/harmonics/src/field/tests/**' \
    --output "$output/$part" "${tests[@]}" || code=$?
  # 2: some were missed, 3: some timed out; all else is a run that was none.
  case "$code" in 0 | 2 | 3) ;; *) exit "$code" ;; esac
done

# count KIND PART...: how many mutants came to that.
count() {
  local kind=$1 part sum=0
  shift
  for part in "$@"; do sum=$((sum + $(wc -l <"$output/$part/mutants.out/$kind.txt"))); done
  echo "$sum"
}
# row NAME PART...
row() {
  local name=$1 caught timeout unviable missed
  shift
  caught=$(count caught "$@") timeout=$(count timeout "$@") unviable=$(count unviable "$@") missed=$(count missed "$@")
  echo "| $name | $((caught + timeout + unviable + missed)) | $caught | $timeout | $unviable | $missed |"
}
# list KIND: all of them, each with room for a reason.
list() {
  if [ "$(count "$1" "${parts[@]}")" -eq 0 ]; then
    echo "None."
    return
  fi
  echo "| mutant | why no test can tell |"
  echo "| --- | --- |"
  for part in "${parts[@]}"; do
    # A bar in a mutant would end the cell.
    sed -e 's/|/\\|/g' -e 's/^primitives\/harmonics\/src\///' -e 's/^/| `/' -e 's/$/` | |/' \
      "$output/$part/mutants.out/$1.txt"
  done
}
{
  echo "# Mutation testing of the field, the attunement and the sync, $today"
  echo
  echo "Would the tests notice? $(cargo mutants --version) over \`primitives/harmonics/src\`, each part against the"
  echo "tests that are about it: those inside the crate for the field, \`tests/attunement\` and \`tests/sync\` for the others."
  echo
  echo "* Commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)$(git -C "$root" diff --quiet HEAD -- primitives 2>/dev/null || echo ', with changes below primitives/')."
  echo "* Command: \`scripts/harmonics-mutants.sh --jobs $jobs ${parts[*]}\`, PROPTEST_CASES=$PROPTEST_CASES, not optimised; $((($(date +%s) - started) / 60)) minutes."
  echo "* Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sr); $(rustc --version)"
  echo
  echo "| part | mutants | caught | timed out | do not compile | missed |"
  echo "| --- | --- | --- | --- | --- | --- |"
  for part in "${parts[@]}"; do row "$part" "$part"; done
  row all "${parts[@]}"
  echo
  echo "## Those that survive"
  echo
  list missed
  echo
  echo "## Those that timed out"
  echo
  echo "A loop without end is noticed by not ending."
  echo
  list timeout
} >"$report"
cat "$report"
