# shellcheck shell=bash
# Helpers of the other scripts: how they speak, how they time their stages, how they count tests. To be sourced.

say() { printf '%s\n' "$*"; }
step() { printf '\n==> %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# version_at_least HAVE WANT: whether the dotted version HAVE is WANT or newer.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# The table of stages: one line "name<TAB>seconds<TAB>ok|failed" each. A script that starts another shares its table.
stages_begin() {
  if [ -z "${QC_STAGES:-}" ]; then
    QC_STAGES=$(mktemp "${TMPDIR:-/tmp}/qc-stages.XXXXXX")
    export QC_STAGES
  fi
}

# stage NAME COMMAND...: runs the command, notes how long it took and whether it went well, and returns its exit code.
stage() {
  local name=$1 began code=0
  shift
  step "$name"
  began=$SECONDS
  "$@" || code=$?
  stage_note "$name" "$((SECONDS - began))" "$code" "${stage_when:-}"
  return "$code"
}

# stage_note NAME SECONDS EXIT_CODE [WHEN]
stage_note() {
  local outcome=ok
  [ "$3" -eq 0 ] || outcome="failed ($3)"
  [ -z "${4:-}" ] || outcome="$outcome, $4"
  printf '%s\t%s\t%s\n' "$1" "$2" "$outcome" >>"$QC_STAGES"
  printf -- '--- %s: %s, %s s\n' "$1" "$outcome" "$2"
}

# beside NAME COMMAND...: starts a stage that goes on beside those that follow, on what they leave of the processors, or (with
# beside_nice=0) at their side. It may run stages and count tests of its own.
beside_names=() beside_groups=() beside_logs=()
beside() {
  local log
  log=$(mktemp "${TMPDIR:-/tmp}/qc-log.XXXXXX")
  say "(beside what follows: $1)"
  # A group of its own, to be ended with all that it started.
  set -m
  (
    code=0 began=$SECONDS stage_when=beside
    TESTS_PASSED=0 TESTS_FAILED=0 TESTS_SKIPPED=0
    renice -n "${beside_nice:-19}" -p "$BASHPID" >/dev/null 2>&1 || true
    "${@:2}" || code=$?
    printf '%s %s %s %s %s\n' "$((SECONDS - began))" "$code" "$TESTS_PASSED" "$TESTS_FAILED" "$TESTS_SKIPPED" >"$log.end"
  ) </dev/null >"$log" 2>&1 &
  set +m
  beside_names+=("$1") beside_groups+=("$!") beside_logs+=("$log")
}

# join: waits for what was started beside, shows what it said, adds the tests that it counted, and returns 1 if any of it failed.
join() {
  local index log seconds code passed failed skipped failures=0
  for index in "${!beside_groups[@]}"; do
    wait "${beside_groups[index]}" || true
    log=${beside_logs[index]} seconds=0 code=1 passed=0 failed=0 skipped=0
    step "${beside_names[index]}"
    cat "$log"
    [ ! -s "$log.end" ] || read -r seconds code passed failed skipped <"$log.end"
    stage_note "${beside_names[index]}" "$seconds" "$code" beside
    TESTS_PASSED=$((TESTS_PASSED + passed))
    TESTS_FAILED=$((TESTS_FAILED + failed))
    TESTS_SKIPPED=$((TESTS_SKIPPED + skipped))
    [ "$code" -eq 0 ] || failures=1
    rm -f "$log" "$log.end"
  done
  beside_names=() beside_groups=() beside_logs=()
  return "$failures"
}

# For a trap: ends what was started beside and not waited for.
beside_end() {
  local group
  for group in "${beside_groups[@]}"; do
    kill -TERM -- "-$group" 2>/dev/null || true
    wait "$group" 2>/dev/null || true
  done
}

stages_print() {
  local total=0 name seconds outcome
  printf '\n%-34s %9s  %s\n' stage time outcome
  while IFS=$'\t' read -r name seconds outcome; do
    printf '%-34s %4d m %02d  %s\n' "$name" "$((seconds / 60))" "$((seconds % 60))" "$outcome"
    case "$outcome" in *", beside") ;; *) total=$((total + seconds)) ;; esac
  done <"$QC_STAGES"
  printf '%-34s %4d m %02d\n\n' total "$((total / 60))" "$((total % 60))"
}

# The number of tests so far, over all that test_stage has run.
TESTS_PASSED=0 TESTS_FAILED=0 TESTS_SKIPPED=0

# count_tests LOG EXIT_CODE: adds what a test runner's output says. It reads the closing lines of cargo test, or else the
# plain line 'N passed, N failed[, N skipped]', or else those of node's test runner; a program that prints none of them
# counts as one test. A runner that failed without saying that a test did (it did not compile, it was killed) counts as one
# failed test.
count_tests() {
  local log=$1 code=$2 counts passed failed skipped
  counts=$(sed -n -E 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*$/\1 \2 \3/p' "$log" |
    awk '{p += $1; f += $2; s += $3; n += 1} END {if (n) print p, f, s}')
  if [ -z "$counts" ]; then
    counts=$(sed -n -E 's/^([A-Za-z_-]+: )?([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\2 \3 \5/p' "$log" |
      tail -n 1)
  fi
  if [ -z "$counts" ]; then
    counts=$(sed -n -E 's/^(#|ℹ) (pass|fail|cancelled|skipped|todo) ([0-9]+)$/\2 \3/p' "$log" |
      awk '{n[$1] += $2} END {if (NR) print n["pass"] + 0, n["fail"] + n["cancelled"], n["skipped"] + n["todo"]}')
  fi
  if [ -z "$counts" ]; then
    if [ "$code" -eq 0 ]; then counts="1 0 0"; else counts="0 1 0"; fi
  fi
  read -r passed failed skipped <<<"$counts"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  TESTS_PASSED=$((TESTS_PASSED + passed))
  TESTS_FAILED=$((TESTS_FAILED + failed))
  TESTS_SKIPPED=$((TESTS_SKIPPED + ${skipped:-0}))
}

# test_stage NAME COMMAND...: a stage whose tests are counted. Returns the command's exit code.
test_stage() {
  local name=$1 log code=0
  log=$(mktemp "${TMPDIR:-/tmp}/qc-log.XXXXXX")
  stage "$name" run_logged "$log" "${@:2}" || code=$?
  count_tests "$log" "$code"
  rm -f "$log"
  return "$code"
}

# run_logged LOG COMMAND...: shows the output and keeps it too.
run_logged() {
  local log=$1 code
  shift
  "$@" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  return "$code"
}

# The closing line, alone on its line, and the exit code that goes with it.
tests_close() {
  local line="$TESTS_PASSED passed, $TESTS_FAILED failed"
  [ "$TESTS_SKIPPED" -eq 0 ] || line="$line, $TESTS_SKIPPED skipped"
  say "$line"
  [ "$TESTS_FAILED" -eq 0 ] && [ "$TESTS_PASSED" -gt 0 ]
}
